use super::{Part, Sample};
use crate::components::{ChartUnit, Ink, LineChart, Series, Sparkline, YRange};
use crate::domain::plot::{Point, Samples};
use crate::domain::units::Instant;
use leptos::prelude::*;
use std::sync::Arc;

/// Half past twelve on a day in June.
const START: i64 = 1_719_231_000;
const COUNT: i64 = 60;

/// One sample a minute.
fn points(value: impl Fn(f64) -> Option<f64>) -> Vec<Point> {
    (0..COUNT)
        .map(|at| {
            #[expect(clippy::cast_precision_loss, reason = "a few dozen samples")]
            let place = at as f64;
            (Instant::from_secs(START + at * 60), value(place))
        })
        .collect()
}

fn wave(middle: f64, height: f64, pace: f64) -> Vec<Point> {
    points(|at| Some(middle + height * (at / pace).sin()))
}

fn chart(series: Vec<Series>) -> Signal<Arc<Vec<Series>>> {
    Signal::stored(Arc::new(series))
}

/// Line charts and sparklines, with the data that are hard to draw.
#[component]
pub(super) fn Charts() -> impl IntoView {
    let holes = points(|at| ((at as i64 / 12) % 2 == 0).then(|| 0.4 + 0.2 * (at / 5.0).cos()));
    let two = vec![
        Series::new("CPU", Ink::One, wave(0.4, 0.2, 6.0)).filled(),
        Series::new("Memory", Ink::Two, wave(0.7, 0.03, 9.0)),
    ];
    let four = [Ink::One, Ink::Two, Ink::Three, Ink::Four];
    let four = four.into_iter().zip([0.2, 0.4, 0.6, 0.8]).enumerate();
    let four: Vec<Series> = four
        .map(|(at, (ink, middle))| {
            Series::new(
                format!("proxmox-{:02}", at + 1),
                ink,
                wave(middle, 0.08, 4.0),
            )
        })
        .collect();
    let one = |points| chart(vec![Series::new("CPU", Ink::One, points).filled()]);
    let bytes = wave(6.0e9, 1.5e9, 8.0);
    let rate = wave(2.0e6, 1.9e6, 3.0);
    let share = ChartUnit::Share;
    view! {
        <Part id="charts" title="Charts">
            <div class="gallery-cards">
                <Sample name="one line"><LineChart label="One line" series=one(wave(0.4, 0.3, 6.0)) unit=share/></Sample>
                <Sample name="two lines, legend"><LineChart label="Two lines" series=chart(two) unit=share/></Sample>
                <Sample name="four lines"><LineChart label="Four lines" series=chart(four) unit=share/></Sample>
                <Sample name="gaps"><LineChart label="Gaps" series=one(holes) unit=share/></Sample>
                <Sample name="limit">
                    <LineChart label="Limit" series=one(bytes) unit=ChartUnit::Bytes capacity=Some(8.0e9)/>
                </Sample>
                <Sample name="rates, fitted"><LineChart label="Rates" series=one(rate) unit=ChartUnit::Rate range=YRange::Fit/></Sample>
                <Sample name="nothing but zero"><LineChart label="Zero" series=one(points(|_| Some(0.0))) unit=share/></Sample>
                <Sample name="one sample"><LineChart label="One sample" series=one(wave(0.4, 0.0, 1.0).into_iter().take(1).collect()) unit=share/></Sample>
                <Sample name="no data yet">
                    <LineChart label="No data" series=one(Vec::new()) unit=share empty="The second sample comes in a few seconds"/>
                </Sample>
            </div>
            <Sparks/>
        </Part>
    }
}

#[component]
fn Sparks() -> impl IntoView {
    let samples = |points: Vec<Point>| {
        let values = points.into_iter().map(|(_, value)| value);
        Signal::stored(values.collect::<Samples>())
    };
    view! {
        <div class="gallery-row">
            <Sample name="sparkline"><Sparkline label="CPU" values=samples(wave(0.4, 0.3, 3.0)) unit=ChartUnit::Share/></Sample>
            <Sample name="with gaps">
                <Sparkline label="CPU" values=samples(points(|at| (at as i64 % 9 > 2).then_some(0.5 + at / 200.0))) unit=ChartUnit::Share/>
            </Sample>
            <Sample name="area, other colour">
                <Sparkline label="Memory" values=samples(wave(0.6, 0.1, 5.0)) unit=ChartUnit::Share ink=Ink::Two area=true/>
            </Sample>
            <Sample name="nothing yet"><Sparkline label="CPU" values=samples(Vec::new()) unit=ChartUnit::Share/></Sample>
        </div>
    }
}
