//! CPU and memory of the cluster over time.

use super::history::{History, Told, history};
use super::loads::NodeLoads;
use super::parts::{Age, Offered};
use crate::api::capabilities::Feature;
use crate::api::vms::Timeframe;
use crate::components::{
    Button, Card, ChartUnit, ControlSize, Faces, Ink, LineChart, Note, Segments, Series, Skeleton,
    Tone, Zoom, ZoomNote,
};
use crate::domain::overview::joined;
use crate::paths;
use crate::screens::common::faces::face_state;
use crate::stores::use_live;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::sync::Arc;

const HOUR: i64 = 3_600_000;
/// The last hour has a sample a minute: three of them missing are a gap.
const GAP: i64 = 200_000;

type Lines = Memo<Arc<Vec<Series>>>;

#[component]
pub(super) fn LoadCard() -> impl IntoView {
    let live = use_live();
    let usage = live.node_usage.watch();
    let query = use_query_map();
    let frame = Memo::new(move |_| {
        let asked = query.with(|query| query.get("load"));
        let asked = asked.unwrap_or_default();
        let mut frames = Timeframe::ALL.into_iter();
        frames
            .find(|frame| frame.as_str() == asked)
            .unwrap_or_default()
    });
    let past = history(&live, usage, frame);
    let lines = lines(past, frame);
    let zoom = Zoom::new();
    // Another range is another question.
    Effect::new(move |before: Option<Timeframe>| {
        let now = frame.get();
        if before.is_some_and(|before| before != now) {
            zoom.clear();
        }
        now
    });
    let offered = past.offered;
    let aside = move || {
        view! {
            {move || if offered.get() {
                view! { <Ranges frame=frame/> }.into_any()
            } else {
                "since this page was opened".into_any()
            }}
            <Age status=usage.status/>
        }
    };
    let retry = Callback::new(move |()| drop(usage.refresh()));
    let face = face_state(
        "The load of the cluster could not be loaded",
        usage,
        live.clock.clone(),
    );
    let gap = Signal::derive(move || (frame.get() == Timeframe::Hour).then_some(GAP));
    let days = Signal::derive(move || frame.get() != Timeframe::Hour);
    let empty = Signal::derive(move || {
        let words = if frame.get() == Timeframe::Hour {
            "The second sample comes in a few seconds"
        } else {
            "The server has no data for this time"
        };
        words.to_owned()
    });
    view! {
        <Card title="Cluster load" aside=aside class="dash-load">
            <Offered feature=Feature::ClusterResources>
                <Faces
                    state=face
                    skeleton=|| view! { <Skeleton height="184px"/> }
                    on_retry=retry
                    let:_nodes
                >
                    <NoHistory past=past frame=frame/>
                    <ZoomNote zoom=zoom days=days/>
                    <LineChart
                        label="Cluster load"
                        series=lines
                        unit=ChartUnit::Share
                        gap=gap
                        height=140
                        zoom=zoom
                        empty=empty
                    />
                </Faces>
            </Offered>
            <NodeLoads/>
        </Card>
    }
}

/// The last hour goes on with what is seen here; longer spans are the server's alone.
fn lines(past: History, frame: Memo<Timeframe>) -> Lines {
    let samples = use_live().cluster_charts.clone();
    Memo::new(move |_| {
        let frame = frame.get();
        let (cpu, mem) = past.told.with(|told| match told {
            Some(Told {
                frame: of,
                lines: Ok(lines),
            }) if *of == frame => lines.clone(),
            _ => (Vec::new(), Vec::new()),
        });
        let (cpu, mem) = if frame == Timeframe::Hour {
            samples.with(|samples| {
                (
                    joined(&cpu, &samples.cpu.points(), HOUR),
                    joined(&mem, &samples.mem.points(), HOUR),
                )
            })
        } else {
            (cpu, mem)
        };
        Arc::new(vec![
            Series::new("CPU", Ink::One, cpu).filled(),
            Series::new("Memory", Ink::Two, mem),
        ])
    })
}

#[component]
fn Ranges(frame: Memo<Timeframe>) -> impl IntoView {
    let navigate = use_navigate();
    let query = use_query_map();
    let choose = Callback::new(move |range: &'static str| {
        let range = if range == Timeframe::Hour.as_str() {
            ""
        } else {
            range
        };
        // The board on a wall stays one.
        let board = query.with_untracked(|query| query.get("board").is_some());
        let board = if board { "1" } else { "" };
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(
            &paths::dashboard_where(&[("board", board), ("load", range)]),
            options,
        );
    });
    view! {
        <Segments
            label="What the chart reaches over"
            items=Timeframe::ALL.map(|frame| (frame.as_str(), frame.label())).to_vec()
            current=Signal::derive(move || frame.get().as_str())
            on_choose=choose
        />
    }
}

/// Why a span is not there. The last hour shows what was seen here meanwhile.
#[component]
fn NoHistory(past: History, frame: Memo<Timeframe>) -> impl IntoView {
    let why = Memo::new(move |_| {
        past.told.with(|told| {
            let told = told.as_ref().filter(|told| told.frame == frame.get())?;
            told.lines.as_ref().err().map(|error| error.message.clone())
        })
    });
    move || {
        why.get().map(|why| {
            view! {
                <Note tone=Tone::Warn>
                    <p>"The history of the cluster could not be loaded: "{why}</p>
                    <Button label="Try again" size=ControlSize::Small on_press=move |()| past.retry()/>
                </Note>
            }
        })
    }
}
