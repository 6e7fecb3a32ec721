//! The configuration as Proxmox has it, beside the words: a switch in the head of a tab's first
//! card, kept in the address, so that a link shows what one looked at.

use super::facts::ConfigCard;
use crate::api::capabilities::Feature;
use crate::components::{Button, ControlSize, CopyButton, Note, Segments, Tone};
use crate::domain::config::{self, Next, PendingValue, RawLine};
use crate::paths::{self, RAW, VmTab};
use crate::screens::vm_detail::model::use_vm;
use crate::screens::vm_detail::retry;
use crate::stores::use_live;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

/// Whether the address asks for the raw configuration.
#[must_use]
pub fn use_raw() -> Memo<bool> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get(RAW.0).as_deref() == Some(RAW.1)))
}

/// The first card of a tab of the configuration, which can show all of it raw instead. The card
/// and its switch stay while what it shows changes, and so does the focus.
#[component]
pub fn WordsCard(
    /// Of the words: "System".
    title: &'static str,
    /// The tab it stands on.
    tab: VmTab,
    /// The words bring their own padding.
    #[prop(optional)]
    flush: bool,
    /// A class for the page's layout.
    #[prop(optional)]
    class: &'static str,
    /// The words.
    children: ChildrenFn,
) -> impl IntoView {
    let raw = use_raw();
    let words = StoredValue::new(children);
    let shown = Signal::derive(move || {
        if raw.get() {
            "Raw configuration"
        } else {
            title
        }
        .into()
    });
    view! {
        <ConfigCard
            title=title
            shown=shown
            edit=true
            flush=flush
            class=class
            tools=move || view! { <Switch tab=tab raw=raw/> }
        >
            {move || if raw.get() {
                view! { <Raw/> }.into_any()
            } else {
                words.with_value(|words| words()).into_any()
            }}
        </ConfigCard>
    }
}

#[component]
fn Switch(tab: VmTab, raw: Memo<bool>) -> impl IntoView {
    let vm = use_vm();
    let query = use_query_map();
    let navigate = use_navigate();
    let choose = Callback::new(move |view: &'static str| {
        let range = query.with_untracked(|query| query.get("range").unwrap_or_default());
        let pairs = [("range", range.as_str()), (RAW.0, view)];
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&paths::vm_tab_where(vm.id, tab, &pairs), options);
    });
    let current = Signal::derive(move || if raw.get() { RAW.1 } else { "" });
    view! {
        <Segments
            label="How the configuration is shown"
            items=vec![("", "Words"), (RAW.1, "Raw")]
            current=current
            on_choose=choose
        />
    }
}

/// Every key and its value in a line, with what waits for the next start.
#[component]
fn Raw() -> impl IntoView {
    let vm = use_vm();
    let lines = Memo::new(move |_| {
        vm.config.with(|config| {
            let Some(config) = config.as_deref() else {
                return Vec::new();
            };
            vm.pending.with(|pending| {
                let waiting = pending.iter().map(|change| PendingValue {
                    key: &change.key,
                    value: change.pending.as_ref().filter(|_| !change.delete),
                });
                config::raw_lines(config, waiting)
            })
        })
    });
    let all = Signal::derive(move || {
        lines.with(|lines| {
            let printed: Vec<String> = lines.iter().map(RawLine::print).collect();
            printed.join("\n")
        })
    });
    let waiting = move || {
        lines.with(|lines| {
            let count = lines.iter().filter(|line| line.next != Next::Same).count();
            match count {
                0 => format!("{} settings", lines.len()),
                1 => format!("{} settings, 1 waits for the next start", lines.len()),
                more => format!("{} settings, {more} wait for the next start", lines.len()),
            }
        })
    };
    view! {
        <div class="vm-raw-body">
            <Unknown/>
            <p class="vm-raw-head">
                <span class="aside">{waiting}</span>
                <CopyButton text=all what="the whole configuration"/>
            </p>
            <pre class="vm-raw mono" aria-label="Configuration, a line a setting">
                {move || lines.get().into_iter().map(line).collect_view()}
            </pre>
        </div>
    }
}

/// A block each, which the browser copies as a line each: what is marked is what `Copy` gives.
fn line(line: RawLine) -> impl IntoView {
    let value = line.value();
    let waits = line.next != Next::Same;
    view! {
        <span class="vm-raw-line" class:waits=waits>
            <span class="vm-raw-key">{line.key}": "</span>
            {value}
        </span>
    }
}

/// Where it cannot be told what waits, the lines are only half of it.
#[component]
fn Unknown() -> impl IntoView {
    let vm = use_vm();
    let live = use_live();
    let offered = Memo::new(move |_| live.offers(Feature::Pending).is_yes());
    let feed = vm.store().pending.clone();
    // The memo owns the reading: it ends when the server turns out not to tell.
    let watch = Memo::new_with_compare(move |_| offered.get().then(|| feed.watch()), |_, _| true);
    let failed = Memo::new(move |_| {
        let watch = watch.get()?;
        watch.status.with(|status| {
            let error = status.error.as_ref()?;
            Some(error.message.clone())
        })
    });
    let again = move |()| {
        if let Some(watch) = watch.get_untracked() {
            retry(watch).run(());
        }
    };
    move || {
        if !offered.get() {
            return view! {
                <p class="aside">"This server does not tell what waits for the next start."</p>
            }
            .into_any();
        }
        failed
            .get()
            .map(|why| {
                view! {
                    <Note tone=Tone::Warn>
                        <p>"It is not known whether anything waits for the next start: "{why}</p>
                        <Button label="Try again" size=ControlSize::Small on_press=again/>
                    </Note>
                }
            })
            .into_any()
    }
}
