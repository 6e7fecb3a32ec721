use super::axes::{CapacityLabel, Legend, TimeLabels, ValueLabels};
use super::draw::draw;
use super::ink::{Ink, Palette, Probes};
use super::plan::{Plan, Room, Series, Wish, YRange};
use super::readout::ReadOut;
use super::select::{Choice, Shade};
use super::table::Numbers;
use super::watch::{SizeWatch, ThemeWatch};
use super::zoom::Zoom;
use crate::components::lazy::area_part;
use crate::domain::plot;
use crate::domain::ticks::ChartUnit;
use crate::domain::units::Instant;
use crate::lazy_view;
use leptos::component::Props;
use leptos::html;
use leptos::leptos_dom::helpers::AnimationFrameRequestHandle;
use leptos::prelude::*;
use leptos::typed_builder_macro::TypedBuilder;
use std::sync::Arc;

/// More lines than these cannot be told apart: then several charts serve better.
const MOST: usize = 4;

/// What the parts of one chart share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Model {
    pub label: Signal<String>,
    pub series: Signal<Arc<Vec<Series>>>,
    pub unit: ChartUnit,
    pub capacity: Signal<Option<f64>>,
    pub room: RwSignal<Room>,
    pub plan: Memo<Plan>,
    /// Names and colours, which change more seldom than values.
    pub heads: Memo<Vec<(String, Ink)>>,
    pub cursor: RwSignal<Option<Instant>>,
    pub zoom: Option<Zoom>,
    pub choice: Choice,
}

impl Model {
    /// "CPU: now 15.2 %, between 12.0 and 19.0 %. Memory: …"
    fn summary(self) -> String {
        let of_one = |one: &Series| {
            let values = one.points.iter().map(|(_, value)| *value);
            let name = &one.name;
            match plot::extent(values) {
                None => format!("{name}: no data yet."),
                Some((low, high, newest)) => format!(
                    "{name}: now {}, between {}.",
                    newest.map_or_else(|| "not known".to_owned(), |now| self.unit.text(Some(now))),
                    self.unit.between(low, high)
                ),
            }
        };
        self.series.with(|series| {
            series
                .iter()
                .take(MOST)
                .map(of_one)
                .collect::<Vec<_>>()
                .join(" ")
        })
    }
}

/// The elements a chart draws with.
#[derive(Debug, Clone, Copy)]
struct Easel {
    plot: NodeRef<html::Div>,
    canvas: NodeRef<html::Canvas>,
    probes: NodeRef<html::Span>,
    palette: StoredValue<Option<Palette>>,
    frame: StoredValue<Option<AnimationFrameRequestHandle>>,
    /// The size may have changed since it was measured.
    resized: StoredValue<bool>,
}

impl Easel {
    /// Draws before the next frame, once however often it is asked; hidden tabs have no frames.
    fn request(self, model: Model) {
        let asked = self.frame.try_with_value(Option::is_some);
        if asked != Some(false) {
            return;
        }
        let run = move || {
            if self.frame.try_update_value(|frame| *frame = None).is_some() {
                self.run(model);
            }
        };
        self.frame
            .set_value(request_animation_frame_with_handle(run).ok());
    }

    fn run(self, model: Model) {
        let nodes = (
            self.plot.get_untracked(),
            self.canvas.get_untracked(),
            self.probes.get_untracked(),
        );
        let (Some(plot), Some(canvas), Some(probes)) = nodes else {
            return;
        };
        if !plot.is_connected() {
            return;
        }
        if self.resized.get_value() {
            self.resized.set_value(false);
            let scale = window().device_pixel_ratio();
            let room = measure(&plot, scale);
            if model.room.get_untracked() != room {
                model.room.set(room);
            }
        }
        let room = model.room.get_untracked();
        if room.pixels.0 == 0 || room.pixels.1 == 0 {
            return;
        }
        let palette = self.palette.get_value().unwrap_or_else(|| {
            let palette = Palette::read(&probes);
            self.palette.set_value(Some(palette));
            palette
        });
        let capacity = model.capacity.get_untracked();
        model.plan.with_untracked(|plan| {
            model.series.with_untracked(|series| {
                let shown = &series[..series.len().min(MOST)];
                draw(&canvas, room, plan, shown, capacity, &palette);
            });
        });
    }

    /// Draws when data, theme or size change.
    fn set_up(self, model: Model) {
        Effect::new(move |_| {
            model.series.track();
            model.plan.track();
            model.capacity.track();
            self.request(model);
        });
        let watches = StoredValue::new_local(None::<(Option<SizeWatch>, ThemeWatch)>);
        Effect::new(move |_| {
            let Some(plot) = self.plot.get() else {
                return;
            };
            let on_size = move || {
                if self.resized.try_set_value(true).is_none() {
                    self.request(model);
                }
            };
            let on_theme = move || {
                if self.palette.try_set_value(None).is_none() {
                    self.request(model);
                }
            };
            watches.set_value(Some((
                SizeWatch::new(&plot, on_size),
                ThemeWatch::new(on_theme),
            )));
        });
        on_cleanup(move || {
            if let Some(handle) = self.frame.try_get_value().flatten() {
                handle.cancel();
            }
        });
    }
}

/// Whole device pixels, not more than there are.
fn measure(plot: &web_sys::HtmlDivElement, scale: f64) -> Room {
    let rect = plot.get_bounding_client_rect();
    // A hundredth of a pixel is a rounding error.
    let whole = |length: f64| (length * scale + 0.01).floor().max(0.0) as u32;
    Room {
        pixels: (whole(rect.width()), whole(rect.height())),
        scale,
    }
}

/// What a [`LineChart`] is told.
#[derive(Debug, Clone, Copy, TypedBuilder)]
#[builder(crate_module_path = leptos::typed_builder)]
pub struct LineChartProps {
    /// What it shows: "CPU".
    #[builder(setter(into))]
    label: Signal<String>,
    /// The lines.
    #[builder(setter(into))]
    series: Signal<Arc<Vec<Series>>>,
    /// What the values are.
    unit: ChartUnit,
    /// What the axis of values reaches over.
    #[builder(default, setter(into))]
    range: Signal<YRange>,
    /// A limit, drawn as a line.
    #[builder(default, setter(into))]
    capacity: Signal<Option<f64>>,
    /// From and to; from the first to the last sample where it is not given.
    #[builder(default, setter(into))]
    span: Signal<Option<(Instant, Instant)>>,
    /// Samples further apart than these milliseconds are not joined; 0 joins all. Three usual
    /// steps where it is not given.
    #[builder(default, setter(into))]
    gap: Signal<Option<i64>>,
    /// Height of the plot in pixels.
    #[builder(default = 150)]
    height: u32,
    /// Whether names and newest values stand under it; with more than one series where it is not
    /// given.
    #[builder(default, setter(strip_option))]
    legend: Option<bool>,
    /// The time that is read, shared by the charts of a page.
    #[builder(default, setter(strip_option))]
    cursor: Option<RwSignal<Option<Instant>>>,
    /// The span that is looked at closer, shared by the charts of a page.
    #[builder(default, setter(strip_option))]
    zoom: Option<Zoom>,
    /// Said where nothing is known.
    #[builder(default = Signal::stored("No data yet".to_owned()), setter(into))]
    empty: Signal<String>,
}

impl Props for LineChartProps {
    type Builder = LineChartPropsBuilder;

    fn builder() -> Self::Builder {
        Self::builder()
    }
}

/// Lines over time on axes, with a crosshair that reads the values under the pointer or by keys
/// (arrows, Page Up and Down, Home, End; Esc ends), a legend with the newest values, and the
/// numbers as a table for those who do not see it. With a `zoom`, a span that is dragged over, or
/// chosen by Shift and arrows and then Enter, is looked at closer; a double click or Esc goes back.
///
/// At most four series are drawn. A missing sample is a gap, and so is a distance of more than
/// three usual steps (`gap`). Charts that are given the same `cursor` read the same time.
///
/// Its code comes after the page's: until then its place is kept. It is a plain function over its
/// props, so that these travel to that code as they are.
#[expect(non_snake_case, reason = "a component")]
pub fn LineChart(props: LineChartProps) -> impl IntoView {
    view! {
        <div class="chart-place" style:min-height=format!("{}px", props.height)>
            {area_part(
                || Box::pin(preload_chart()),
                move || Box::pin(chart(props)),
                Callback::new(|()| ()),
            )}
        </div>
    }
}

lazy_view! {
    charts, preload_chart,
    pub(super) fn chart(props: LineChartProps) -> AnyView { drawn(props) }
}

fn drawn(props: LineChartProps) -> AnyView {
    let LineChartProps {
        series,
        height,
        zoom,
        ..
    } = props;
    let plan = Memo::new(move |_| {
        let wish = Wish {
            unit: props.unit,
            range: props.range.get(),
            capacity: props.capacity.get(),
            span: props.span.get(),
            gap: props.gap.get(),
            zoom: zoom.and_then(Zoom::span),
        };
        series.with(|series| Plan::new(&series[..series.len().min(MOST)], wish, f64::from(height)))
    });
    let heads = Memo::new(move |_| {
        series.with(|series| {
            let head = |one: &Series| (one.name.clone(), one.ink);
            series.iter().take(MOST).map(head).collect::<Vec<_>>()
        })
    });
    let model = Model {
        label: props.label,
        series,
        unit: props.unit,
        capacity: props.capacity,
        room: RwSignal::new(Room::default()),
        plan,
        heads,
        cursor: props.cursor.unwrap_or_else(|| RwSignal::new(None)),
        zoom,
        choice: Choice::new(),
    };
    let easel = Easel {
        plot: NodeRef::new(),
        canvas: NodeRef::new(),
        probes: NodeRef::new(),
        palette: StoredValue::new(None),
        frame: StoredValue::new(None),
        resized: StoredValue::new(true),
    };
    easel.set_up(model);
    let with_legend =
        Memo::new(move |_| props.legend.unwrap_or_else(|| heads.with(|h| h.len() > 1)));
    let known = Memo::new(move |_| plan.with(|plan| plan.known));
    let empty = move || match zoom.and_then(Zoom::span) {
        Some(_) => "No samples in this span".to_owned(),
        None => props.empty.get(),
    };
    view! {
        <figure class="chart" aria-label=move || props.label.get()>
            <figcaption class="vh">{move || model.summary()}</figcaption>
            <div class="chart-grid">
                <ValueLabels model=model/>
                <Plot model=model easel=easel height=height/>
                <TimeLabels model=model/>
                <Show when=move || !known.get()>
                    <p class="chart-none">{empty}</p>
                </Show>
            </div>
            <Show when=move || with_legend.get()>
                <Legend model=model/>
            </Show>
            <Numbers model=model/>
            <Probes node_ref=easel.probes/>
        </figure>
    }
    .into_any()
}

/// The canvas and what lies on it. For assistive technology it is a slider over the samples.
#[component]
fn Plot(
    /// The chart.
    model: Model,
    /// Its elements.
    easel: Easel,
    /// In pixels.
    height: u32,
) -> impl IntoView {
    let known = Memo::new(move |_| model.plan.with(|plan| plan.known));
    let position = Memo::new(move |_| model.position());
    let when = move |words: String| known.get().then_some(words);
    // While nothing is read, the words stay as they were when it was reached: new data every few
    // seconds would be read out.
    let idle = RwSignal::new(String::new());
    let reach = move || {
        let newest = model.plan.with_untracked(|plan| plan.times.last().copied());
        idle.set(newest.map_or_else(String::new, |at| untrack(|| model.words(at))));
    };
    Effect::new(move |_| {
        if known.get() {
            reach();
        }
    });
    let words = move || match model.cursor.get() {
        Some(at) => model.chosen_words().unwrap_or_default() + &model.words(at),
        None => idle.get(),
    };
    view! {
        <div
            class="chart-plot"
            node_ref=easel.plot
            style:height=format!("{height}px")
            tabindex=move || when("0".to_owned())
            role=move || when("slider".to_owned())
            aria-label=move || when(format!("{}, values by time", model.label.get()))
            aria-orientation=move || when("horizontal".to_owned())
            aria-valuemin=move || when("0".to_owned())
            aria-valuemax=move || when(position.get().1.to_string())
            aria-valuenow=move || when(position.get().0.to_string())
            aria-valuetext=move || when(words())
            on:pointermove=move |event| model.drag(&event)
            on:pointerdown=move |event| model.press(&event)
            on:pointerup=move |event| model.release(&event)
            on:pointercancel=move |_| { model.choice.end(); }
            on:dblclick=move |_| { model.back(); }
            on:pointerleave=move |event| model.leave(&event)
            on:focus=move |_| reach()
            on:blur=move |event| model.blur(&event)
            on:keydown=move |event| model.key(&event)
        >
            <canvas node_ref=easel.canvas aria-hidden="true"></canvas>
            <Shade model=model/>
            <CapacityLabel model=model/>
            <ReadOut model=model/>
        </div>
    }
}
