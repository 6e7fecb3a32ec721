//! How sizes grow: what each storage holds, and each VM on each storage.

use super::super::fleet::Fleet;
use super::quarter;
use crate::components::chart::offsets;
use crate::components::table::{Align, Column, DataTable, LoadState, Table, TableRows, Width};
use crate::components::{
    AmountText, Card, ChartUnit, EmptyState, IconName, Ink, LineChart, Samples, Series, Sparkline,
};
use crate::domain::coverage::{Made, Trend, by_day, series};
use crate::domain::ids::VmId;
use crate::domain::text::natural;
use crate::domain::units::{Bytes, Instant, NONE, count};
use crate::paths::{self, VmTab};
use crate::screens::common::address::{Address, order_word, shown_order};
use crate::screens::common::layout::remembered;
use crate::screens::page::Link;
use crate::stores::use_live;
use leptos::prelude::*;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

const DAYS: u16 = 30;
const DAY_MILLIS: i64 = 86_400_000;
/// More lines than these cannot be told apart.
const MOST: usize = 4;

/// A VM on a storage.
#[derive(Debug, Clone, PartialEq)]
struct Grown {
    vm: VmId,
    name: String,
    storage: String,
    trend: Trend,
}

impl Grown {
    fn newest(&self) -> Option<Bytes> {
        self.trend.points.last().map(|(_, size)| *size)
    }
}

type Row = Signal<Arc<Grown>>;

/// The card.
#[component]
pub fn Sizes(fleet: Fleet, address: Address) -> impl IntoView {
    view! {
        <Card title="Sizes" aside=|| "of the backups that are still there" class="cov-sizes">
            <Storages fleet=fleet/>
            <OfVms fleet=fleet address=address/>
        </Card>
    }
}

/// What each storage holds, day by day.
#[component]
fn Storages(fleet: Fleet) -> impl IntoView {
    let quarter = quarter(&use_live());
    let lines = Memo::new(move |_| {
        fleet.watch.value.with(|all| {
            let list = all.as_deref().map_or(&[][..], |all| all.list.as_slice());
            let made: Vec<Made<'_>> = list.iter().filter_map(|own| own.made()).collect();
            Arc::new(held(&made, quarter.get()))
        })
    });
    let shown = Signal::derive(move || {
        lines.with(|lines| {
            let some: Vec<Series> = lines.iter().take(MOST).cloned().collect();
            Arc::new(some)
        })
    });
    let more = move || {
        let more = lines.with(|lines| lines.len()).saturating_sub(MOST);
        (more > 0).then(|| {
            let words = count(more, "smaller storage is", "smaller storages are");
            view! { <p class="quiet">{format!("{words} not drawn.")}</p> }
        })
    };
    let unknown = Memo::new(move |_| {
        fleet.all.with(|all| {
            let odd = all.iter().filter(|row| row.size.is_none()).count();
            (odd > 0).then(|| {
                let words = count(odd, "backup is", "backups are");
                format!("The size of {words} not known: left out.")
            })
        })
    });
    view! {
        <LineChart
            label="Held by storage"
            series=shown
            unit=ChartUnit::Bytes
            gap=Some(0)
            height=140
            legend=true
            empty="No backup whose time and size are known"
        />
        {more}
        {move || unknown.get().map(|words| view! { <p class="quiet">{words}</p> })}
    }
}

/// Bytes held at last, storage, samples.
type Line<'a> = (u64, &'a str, Vec<(Instant, Option<f64>)>);

/// The largest first.
fn held(made: &[Made<'_>], now: Instant) -> Vec<Series> {
    let mut storages: BTreeMap<&str, Vec<Made<'_>>> = BTreeMap::new();
    for one in made {
        storages.entry(one.storage).or_default().push(*one);
    }
    let offset = offsets();
    let mut lines: Vec<Line<'_>> = storages
        .into_iter()
        .map(|(storage, made)| {
            let days = by_day(&made, &offset, now, DAYS);
            let last = days.last().map_or(0, |day| day.held.0);
            let back = i64::try_from(days.len()).unwrap_or(0);
            let points = (1..).zip(&days).map(|(place, day)| {
                let at = now.millis - (back - place) * DAY_MILLIS;
                #[expect(clippy::cast_precision_loss, reason = "drawn")]
                let held = day.held.0 as f64;
                (Instant::from_millis(at), Some(held))
            });
            (last, storage, points.collect())
        })
        .collect();
    lines.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    lines
        .into_iter()
        .enumerate()
        .map(|(place, (_, storage, points))| Series::new(storage, Ink::nth(place), points))
        .collect()
}

type Compare = fn(&Grown, &Grown) -> Ordering;

fn by_name(a: &Grown, b: &Grown) -> Ordering {
    natural(&a.name, &b.name)
        .then_with(|| a.vm.cmp(&b.vm))
        .then_with(|| a.storage.cmp(&b.storage))
}

fn by_growth(a: &Grown, b: &Grown) -> Ordering {
    let of = |grown: &Grown| grown.trend.per_day.unwrap_or(f64::NEG_INFINITY);
    of(a).total_cmp(&of(b)).then_with(|| by_name(b, a))
}

fn by_size(a: &Grown, b: &Grown) -> Ordering {
    let of = |grown: &Grown| grown.newest().map(|size| size.0);
    of(a).cmp(&of(b)).then_with(|| by_name(b, a))
}

const SORTS: [(&str, Compare); 3] = [("vm", by_name), ("size", by_size), ("growth", by_growth)];

/// Each VM on each storage.
#[component]
fn OfVms(fleet: Fleet, address: Address) -> impl IntoView {
    let live = use_live();
    let order = address.order_in("sizes", &SORTS);
    let rows = Memo::new(move |_| {
        let names: BTreeMap<VmId, String> = fleet.all.with(|all| {
            let named = all
                .iter()
                .filter_map(|row| Some((row.vm?, row.vm_name.clone())));
            named.collect()
        });
        let (by, descending) = order.get();
        let mut rows: Vec<Arc<Grown>> = fleet.watch.value.with(|all| {
            let list = all.as_deref().map_or(&[][..], |all| all.list.as_slice());
            let made: Vec<Made<'_>> = list.iter().filter_map(|own| own.made()).collect();
            let grown = series(&made).into_iter().map(|own| {
                Arc::new(Grown {
                    name: names.get(&own.vm).cloned().unwrap_or_default(),
                    vm: own.vm,
                    storage: own.storage,
                    trend: own.trend,
                })
            });
            grown.collect()
        });
        let compare = SORTS.iter().find(|(id, _)| *id == by);
        let compare = compare.map_or(by_growth as Compare, |(_, compare)| *compare);
        rows.sort_by(|a, b| {
            let order = compare(a, b);
            if descending { order.reverse() } else { order }
        });
        Arc::new(rows)
    });
    let state = super::super::parts::load_state(&live, fleet);
    let table = Table::new(
        "Sizes by VM",
        ("VM on a storage", "VMs on storages"),
        columns(),
        TableRows::of_list(rows, |own| (own.vm, own.storage.clone())),
        remembered(&live.prefs, "table.backup-sizes".to_owned()),
        |own: &Grown| format!("{} on {}", own.name, own.storage),
    )
    .sorted(shown_order(order), move |new| {
        address.set(&[("sizes", &order_word(&new)), ("sizes-page", "1")]);
    })
    .paged(
        address.page_in("sizes-page"),
        move |to| address.set(&[("sizes-page", &(to + 1).to_string())]),
        address.size_in("sizes-rows"),
        move |size| address.set(&[("sizes-rows", &size.word()), ("sizes-page", "1")]),
    )
    .card(card);
    let state = Memo::new(move |_| match state.get() {
        // Said once on the page.
        LoadState::Failed(_) => LoadState::Ready,
        other => other,
    });
    view! {
        <DataTable
            table=table
            state=state
            on_retry=move |()| drop(fleet.watch.refresh())
            empty=|| view! {
                <EmptyState small=true title="Nothing known" words="There is no backup whose VM, time and size are known." icon=IconName::Backup/>
            }
        />
    }
}

fn columns() -> Vec<Column<Grown>> {
    vec![
        Column::cell("vm", "VM", vm, |own: &Grown| own.name.clone())
            .name()
            .width(Width::Grow(180))
            .sorted(by_name),
        Column::text("storage", "Storage", |own: &Grown| own.storage.clone())
            .quiet()
            .width(Width::Grow(120)),
        Column::text("backups", "Backups", |own: &Grown| {
            own.trend.points.len().to_string()
        })
        .align(Align::End)
        .width(Width::Px(90)),
        Column::cell("size", "Newest", newest, |own: &Grown| {
            own.newest()
                .map(|size| size.0.to_string())
                .unwrap_or_default()
        })
        .align(Align::End)
        .width(Width::Px(110))
        .sorted(by_size),
        Column::text("step", "Against the one before", step)
            .align(Align::End)
            .width(Width::Px(170)),
        Column::text("growth", "A day", growth)
            .align(Align::End)
            .width(Width::Px(130))
            .sorted(by_growth),
        Column::cell("line", "Trend", line, |_: &Grown| String::new()).width(Width::Px(120)),
    ]
}

fn vm(row: Row) -> AnyView {
    let name = Memo::new(move |_| row.with(|own| own.name.clone()));
    let id = Memo::new(move |_| row.with(|own| own.vm));
    let to = Signal::derive(move || paths::vm_tab(id.get(), VmTab::Backups));
    view! { <span class="clip"><Link to=to>{move || name.get()}</Link></span> }.into_any()
}

fn newest(row: Row) -> AnyView {
    let amount = Signal::derive(move || row.with(|own| own.newest().map(Bytes::amount)));
    view! { <AmountText amount=amount/> }.into_any()
}

/// "+12 %".
fn step(own: &Grown) -> String {
    match own.trend.last_step() {
        Some(step) if step.abs() < 0.0005 => "same".to_owned(),
        Some(step) => format!("{:+.1} %", step * 100.0),
        None => NONE.to_owned(),
    }
}

/// "+1.20 GiB".
fn growth(own: &Grown) -> String {
    match own.trend.per_day {
        None => NONE.to_owned(),
        Some(bytes) => {
            let sign = if bytes < 0.0 { "−" } else { "+" };
            // The cast saturates.
            match Bytes(bytes.abs() as u64) {
                Bytes(0) => "same".to_owned(),
                size => format!("{sign}{}", size.amount()),
            }
        }
    }
}

fn line(row: Row) -> AnyView {
    #[expect(clippy::cast_precision_loss, reason = "drawn")]
    let values = Signal::derive(move || {
        row.with(|own| {
            let points = own.trend.points.iter();
            points
                .map(|(_, size)| Some(size.0 as f64))
                .collect::<Samples>()
        })
    });
    let many = Memo::new(move |_| row.with(|own| own.trend.points.len() > 2));
    (move || {
        many.get().then(|| {
            view! {
                <Sparkline label="Size" values=values unit=ChartUnit::Bytes over="its backups" slots=12/>
            }
        })
    })
    .into_any()
}

fn card(row: Row) -> AnyView {
    let facts = Memo::new(move |_| {
        row.with(|own| {
            let size = own.newest().map(|size| size.to_string());
            format!(
                "{} on {} · {} a day",
                size.unwrap_or_default(),
                own.storage,
                growth(own)
            )
        })
    });
    view! {
        <div class="vm-row-card">
            <b>{vm(row)}</b>
            <span class="quiet">{move || facts.get()}</span>
            {line(row)}
        </div>
    }
    .into_any()
}
