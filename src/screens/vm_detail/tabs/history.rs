//! How the VM was used: from the server's own history where it keeps one, else from what was seen
//! since the page was opened.

use super::raw::use_raw;
use crate::api::capabilities::Feature;
use crate::api::vms::{Metrics, MetricsPoint, Timeframe};
use crate::components::chart::Series;
use crate::components::{
    Card, ChartUnit, Faces, Ink, LineChart, Segments, Skeleton, Zoom, ZoomNote,
};
use crate::domain::plot;
use crate::domain::units::Instant;
use crate::paths;
use crate::screens::common::faces::face_state;
use crate::screens::vm_detail::model::{VmPage, use_vm};
use crate::screens::vm_detail::retry;
use crate::stores::use_live;
use crate::stores::vm::Charts;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::sync::Arc;

type Lines = Signal<Arc<Vec<Series>>>;
type Points = Vec<(Instant, Option<f64>)>;

/// What the charts reach over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Since the page was opened, half an hour at most.
    Live,
    /// The server's history.
    Past(Timeframe),
}

impl Reach {
    const ALL: [Self; 6] = [
        Self::Live,
        Self::Past(Timeframe::Hour),
        Self::Past(Timeframe::Day),
        Self::Past(Timeframe::Week),
        Self::Past(Timeframe::Month),
        Self::Past(Timeframe::Year),
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Past(frame) => frame.as_str(),
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Live => "Live",
            Self::Past(frame) => frame.label(),
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reach| reach.word() == word)
    }
}

/// What all charts of the page are looked at with.
#[derive(Clone, Copy)]
struct Look {
    /// The time that is read.
    cursor: RwSignal<Option<Instant>>,
    /// The span that is looked at closer.
    zoom: Zoom,
}

/// The charts with the choice of what they reach over.
#[component]
pub fn History() -> impl IntoView {
    let vm = use_vm();
    let live = use_live();
    let query = use_query_map();
    let reason = {
        let live = live.clone();
        Memo::new(move |_| {
            live.offers(Feature::Metrics)
                .reason()
                .map(ToOwned::to_owned)
        })
    };
    let reach = Memo::new(move |_| {
        let asked = query.with(|query| query.get("range").and_then(|word| Reach::parse(&word)));
        let usual = Reach::Past(Timeframe::Hour);
        if reason.with(Option::is_some) {
            Reach::Live
        } else {
            asked.unwrap_or(usual)
        }
    });
    let look = Look {
        cursor: RwSignal::new(None),
        zoom: Zoom::new(),
    };
    // Another range is another question.
    Effect::new(move |before: Option<Reach>| {
        let now = reach.get();
        if before.is_some_and(|before| before != now) {
            look.zoom.clear();
        }
        now
    });
    let about = move || match reach.get() {
        Reach::Live => "since this page was opened".to_owned(),
        Reach::Past(frame) => format!("the last {}", frame.as_str()),
    };
    let days =
        Signal::derive(move || !matches!(reach.get(), Reach::Live | Reach::Past(Timeframe::Hour)));
    let shown = move || match reach.get() {
        Reach::Live => view! { <LiveCharts look=look/> }.into_any(),
        Reach::Past(frame) => view! { <PastCharts frame=frame look=look/> }.into_any(),
    };
    let title = Signal::derive(move || format!("Usage, {}", about()));
    view! {
        <Card title=title class="vm-history" aside=move || view! { <Reaches vm=vm reach=reach reason=reason/> }>
            <ZoomNote zoom=look.zoom days=days/>
            {shown}
        </Card>
    }
}

/// One choice of several, in the address.
#[component]
fn Reaches(vm: VmPage, reach: Memo<Reach>, reason: Memo<Option<String>>) -> impl IntoView {
    let navigate = use_navigate();
    let raw = use_raw();
    let choose = Callback::new(move |range: &'static str| {
        let view = if raw.get_untracked() {
            paths::RAW.1
        } else {
            ""
        };
        let pairs = [("range", range), (paths::RAW.0, view)];
        let path = paths::vm_tab_where(vm.id, paths::VmTab::General, &pairs);
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&path, options);
    });
    view! {
        <Segments
            label="What the charts reach over"
            items=Reach::ALL.map(|reach| (reach.word(), reach.label())).to_vec()
            current=Signal::derive(move || reach.get().word())
            refused=reason
            on_choose=choose
        />
    }
}

#[component]
fn LiveCharts(look: Look) -> impl IntoView {
    let vm = use_vm();
    let charts = vm.store().charts.clone();
    let line = move |pick: fn(&Charts) -> Vec<Series>| -> Lines {
        let charts = charts.clone();
        Memo::new(move |_| Arc::new(charts.with(pick))).into()
    };
    let four = Four {
        cpu: line(|charts| vec![Series::new("CPU", Ink::One, charts.cpu.points()).filled()]),
        mem: line(|charts| vec![Series::new("Memory", Ink::One, charts.mem.points()).filled()]),
        disk: line(|charts| {
            pair(
                ("Read", charts.disk_read.points()),
                ("Write", charts.disk_write.points()),
            )
        }),
        net: line(|charts| {
            pair(
                ("In", charts.net_in.points()),
                ("Out", charts.net_out.points()),
            )
        }),
    };
    view! { <FourCharts four=four look=look empty="No data yet: the first samples come within seconds"/> }
}

fn pair(one: (&str, Points), other: (&str, Points)) -> Vec<Series> {
    vec![
        Series::new(one.0, Ink::One, one.1),
        Series::new(other.0, Ink::Two, other.1),
    ]
}

/// The lines of the four charts.
#[derive(Clone, Copy)]
struct Four {
    cpu: Lines,
    mem: Lines,
    disk: Lines,
    net: Lines,
}

#[component]
fn FourCharts(four: Four, look: Look, empty: &'static str) -> impl IntoView {
    let vm = use_vm();
    let capacity = Memo::new(move |_| {
        #[expect(clippy::cast_precision_loss, reason = "drawn")]
        vm.vm.with(|vm| {
            vm.maxmem
                .filter(|total| total.0 > 0)
                .map(|total| total.0 as f64)
        })
    });
    // Rates begin a sample later than shares: all reach from the first of any to the last.
    let span = Memo::new(move |_| {
        let ends = [four.cpu, four.mem, four.disk, four.net]
            .map(|lines| lines.with(|lines| plot::reach(lines.iter().map(|one| &one.points[..]))));
        plot::hull(ends.into_iter().flatten())
    });
    let empty = Signal::stored(empty.to_owned());
    let chart = move |title: &'static str,
                      lines: Lines,
                      unit: ChartUnit,
                      capacity: Signal<Option<f64>>| {
        view! {
            <div class="vm-chart">
                <h3>{title}</h3>
                <LineChart label=title series=lines unit=unit capacity=capacity span=span cursor=look.cursor zoom=look.zoom height=132 empty=empty/>
            </div>
        }
    };
    let none = Signal::stored(None);
    view! {
        <div class="vm-charts">
            {chart("CPU", four.cpu, ChartUnit::Share, none)}
            {chart("Memory", four.mem, ChartUnit::Bytes, capacity.into())}
            {chart("Disk", four.disk, ChartUnit::Rate, none)}
            {chart("Network", four.net, ChartUnit::Rate, none)}
        </div>
    }
}

#[component]
fn PastCharts(frame: Timeframe, look: Look) -> impl IntoView {
    let vm = use_vm();
    let live = use_live();
    let watch = vm.store().metrics(frame).watch();
    let state = face_state("The history could not be loaded", watch, live.clock.clone());
    let skeleton = || {
        view! {
            <div class="vm-charts">
                <span class="vh">"Loading"</span>
                {(0..4).map(|_| view! { <Skeleton height="190px"/> }).collect_view()}
            </div>
        }
    };
    view! {
        <Faces state=state skeleton=skeleton on_retry=retry(watch) let:metrics>
            <PastLines metrics=metrics look=look/>
        </Faces>
    }
}

#[component]
fn PastLines(metrics: Signal<Arc<Metrics>>, look: Look) -> impl IntoView {
    let metrics = Memo::new(move |_| metrics.get());
    let line = move |read: fn(&[MetricsPoint]) -> Vec<Series>| -> Lines {
        Memo::new(move |_| metrics.with(|metrics| Arc::new(read(&metrics.points)))).into()
    };
    let four = Four {
        cpu: line(|points| {
            vec![Series::new("CPU", Ink::One, of(points, |p| p.cpu.map(|cpu| cpu.0))).filled()]
        }),
        mem: line(|points| {
            #[expect(clippy::cast_precision_loss, reason = "drawn")]
            let used = of(points, |p| p.mem.map(|mem| mem.0 as f64));
            vec![Series::new("Memory", Ink::One, used).filled()]
        }),
        disk: line(|points| {
            pair(
                ("Read", of(points, |p| p.diskread.map(|rate| rate.0))),
                ("Write", of(points, |p| p.diskwrite.map(|rate| rate.0))),
            )
        }),
        net: line(|points| {
            pair(
                ("In", of(points, |p| p.netin.map(|rate| rate.0))),
                ("Out", of(points, |p| p.netout.map(|rate| rate.0))),
            )
        }),
    };
    view! { <FourCharts four=four look=look empty="The server has no data for this time"/> }
}

fn of(points: &[MetricsPoint], read: fn(&MetricsPoint) -> Option<f64>) -> Points {
    points
        .iter()
        .map(|point| (point.time, read(point)))
        .collect()
}
