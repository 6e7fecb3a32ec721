use crate::domain::units::{Amount, Bytes, Fraction, Level, NONE};
use leptos::prelude::*;

/// The class that sets a level's colour.
#[must_use]
pub(super) const fn level_class(level: Option<Level>) -> &'static str {
    match level {
        None => "level-idle",
        Some(Level::Ok) => "level-ok",
        Some(Level::Warn) => "level-warn",
        Some(Level::Bad) => "level-bad",
    }
}

/// How much of something is used, and how that is said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Usage {
    /// Share, for the bar; `None` where it is not known.
    pub share: Option<Fraction>,
    /// Used amount; `None` where it is not known.
    pub used: Option<Amount>,
    /// Total, said after a slash.
    pub total: Option<Amount>,
    /// Exact values, for tooltip and screen readers.
    pub exact: String,
}

impl Usage {
    /// Bytes of bytes: `3.50 / 4 GiB`.
    #[must_use]
    pub fn bytes(used: Option<Bytes>, total: Option<Bytes>) -> Self {
        let share = used.zip(total).and_then(|(used, total)| used.of(total));
        let exact = match (used, total, share) {
            (Some(used), Some(total), Some(share)) => {
                format!("{} of {}, {share}", used.exact(), total.exact())
            }
            (Some(used), ..) => used.exact(),
            (None, Some(total), _) => format!("use not available, {} in all", total.exact()),
            (None, None, _) => "not available".to_owned(),
        };
        Self {
            share,
            used: used.map(Bytes::amount),
            total: total.map(Bytes::capacity),
            exact,
        }
    }

    /// A share alone: `15.2 %`; `detail` says of what (`0.61 of 4 cores`).
    #[must_use]
    pub fn share(share: Option<Fraction>, detail: &str) -> Self {
        let exact = match (share, detail) {
            (None, _) => "not available".to_owned(),
            (Some(share), "") => share.to_string(),
            (Some(share), detail) => format!("{share}, {detail}"),
        };
        Self {
            share,
            used: share.map(Fraction::amount),
            total: None,
            exact,
        }
    }
}

/// Used against total: a bar in the guide's three colours, and the numbers. Where the value is not
/// known there is an en dash and no bar, never a zero.
#[component]
pub fn UsageBar(
    /// What is used: "Memory".
    #[prop(into)]
    label: Signal<String>,
    /// How much.
    #[prop(into)]
    usage: Signal<Usage>,
    /// Leave the numbers out; they stay in the tooltip.
    #[prop(optional)]
    bar_only: bool,
    /// Bar of 56 px, so that bars stand under each other in a column.
    #[prop(optional)]
    fixed: bool,
    /// Marks at 70 and 90 %.
    #[prop(optional)]
    ticks: bool,
) -> impl IntoView {
    move || {
        let label = label.get();
        usage.with(|usage| {
            usage_bar(
                &label,
                usage,
                UsageLook {
                    bar_only,
                    fixed,
                    ticks,
                },
            )
        })
    }
}

/// How a bar is drawn; see [`UsageBar`].
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct UsageLook {
    pub bar_only: bool,
    pub fixed: bool,
    pub ticks: bool,
}

/// The same, as it stands: for what is drawn anew as a whole.
pub(crate) fn usage_bar(label: &str, usage: &Usage, look: UsageLook) -> impl IntoView + use<> {
    let share = usage.share;
    let told = format!("{label}: {}", usage.exact);
    let (role, said) = if share.is_some() {
        ("meter", label.to_owned())
    } else {
        ("img", told.clone())
    };
    let class = format!(
        "usage {}{}{}",
        level_class(share.map(Fraction::level)),
        if look.fixed { " fixed" } else { "" },
        if share.is_none() { " none" } else { "" },
    );
    let fill = if share.is_some_and(|share| share.0 > 0.0) {
        "usage-fill some"
    } else {
        "usage-fill"
    };
    let percent = share.map_or(0.0, Fraction::clamped) * 100.0;
    let words = (!look.bar_only).then(|| usage_words(usage));
    let exact = share.map(|_| usage.exact.clone());
    view! {
        <span class=class data-tip=told>
            <span
                class="usage-bar"
                role=role
                aria-label=said
                aria-valuemin=share.map(|_| "0")
                aria-valuemax=share.map(|_| "100")
                aria-valuenow=share.map(|_| format!("{percent:.1}"))
                aria-valuetext=exact
            >
                <span class=fill style:width=format!("{percent:.2}%")></span>
                {look.ticks.then(|| view! {
                    <span class="usage-tick" style:left="70%"></span>
                    <span class="usage-tick" style:left="90%"></span>
                })}
            </span>
            {words}
        </span>
    }
}

/// `3.50 / 4 GiB`: the used number plain, the rest dim; the unit once where both share it.
fn usage_words(usage: &Usage) -> impl IntoView + use<> {
    let used = usage.used.as_ref();
    let number = used.map_or_else(|| NONE.to_owned(), |used| used.number.clone());
    let unit = used.map_or("", |used| used.unit);
    let (unit, rest) = match usage.total.as_ref() {
        None => (unit, String::new()),
        Some(total) if total.unit == unit => ("", format!(" / {total}")),
        Some(total) => (unit, format!(" / {total}")),
    };
    view! {
        <span class="amount usage-words">
            {number}
            <span class="unit">{unit}</span>
            <span class="of">{rest}</span>
        </span>
    }
}

/// How far something is. Blue: it says nothing about good or bad. Without a share it sweeps.
#[component]
pub fn Progress(
    /// What is under way.
    #[prop(into)]
    label: Signal<String>,
    /// How far; `None` where it is not told.
    #[prop(into)]
    share: Signal<Option<Fraction>>,
    /// Leave the number out.
    #[prop(optional)]
    bar_only: bool,
) -> impl IntoView {
    let width = move || {
        share
            .get()
            .map(|share| format!("{:.1}%", share.clamped() * 100.0))
    };
    let percent = move || {
        share
            .get()
            .map(|share| format!("{:.0}", share.clamped() * 100.0))
    };
    view! {
        <span class="progress" class:unknown=move || share.get().is_none()>
            <span
                class="usage-bar"
                role="progressbar"
                aria-label=move || label.get()
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=percent
            >
                <span class="usage-fill" style:width=width></span>
            </span>
            {(!bar_only).then(|| view! {
                <span class="progress-words">{move || share.get().map(|share| share.whole().to_string())}</span>
            })}
        </span>
    }
}
