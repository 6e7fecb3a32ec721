//! Charts: a small line for table rows and cards, and a chart with axes for pages.
//!
//! Lines are drawn by plotters without any text, since it measures text through an element with a
//! `style` attribute; all words are HTML beside the canvas.

mod axes;
mod draw;
mod ink;
mod line;
mod plan;
mod readout;
mod select;
mod spark;
mod table;
mod watch;
mod zone;
mod zoom;

pub use crate::domain::plot::{Point, Samples};
pub use crate::domain::ticks::ChartUnit;
pub use ink::Ink;
pub use line::LineChart;
pub use plan::{Series, YRange};
pub(crate) use spark::SparkLine;
pub use spark::Sparkline;
pub(crate) use zone::offsets;
pub use zoom::{Zoom, ZoomNote};
