//! Drawing on the canvas, through plotters.

use super::ink::Palette;
use super::plan::{PAD, Plan, Room, Series};
use crate::domain::plot;
use leptos::wasm_bindgen::JsCast;
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingErrorKind};
use plotters_canvas::CanvasBackend;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Plotters counts in whole pixels, which turns slow slopes into stairs: it is given sixteenths.
const PARTS: f64 = 16.0;
/// Of a line, in pixels of the style sheet.
const LINE: f64 = 1.5;
/// Of the tint under a line.
const TINT: f64 = 0.08;

/// The canvas of plotters, with a grid sixteen times finer.
struct Fine {
    canvas: CanvasBackend,
    size: (u32, u32),
}

type Done<E> = Result<(), DrawingErrorKind<E>>;

impl DrawingBackend for Fine {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Done<Self::ErrorType> {
        self.canvas.ensure_prepared()
    }

    fn present(&mut self) -> Done<Self::ErrorType> {
        self.canvas.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Done<Self::ErrorType> {
        self.canvas.draw_pixel(point, color)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Done<Self::ErrorType> {
        self.canvas.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done<Self::ErrorType> {
        self.canvas.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Done<Self::ErrorType> {
        self.canvas.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done<Self::ErrorType> {
        self.canvas.fill_polygon(path, style)
    }
}

type Outcome = Result<(), DrawingAreaErrorKind<<Fine as DrawingBackend>::ErrorType>>;
type Plane = DrawingArea<Fine, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Draws everything that is no text. The canvas gets the room's size; what cannot be drawn is left
/// out, the chart's table says it all the same.
pub(super) fn draw(
    canvas: &HtmlCanvasElement,
    room: Room,
    plan: &Plan,
    series: &[Series],
    capacity: Option<f64>,
    palette: &Palette,
) {
    let Some(context) = prepare(canvas, room) else {
        return;
    };
    let Some(backend) = CanvasBackend::with_canvas_object(canvas.clone()) else {
        return;
    };
    let fine = |pixels: u32| pixels.saturating_mul(PARTS as u32);
    let area = Fine {
        canvas: backend,
        size: (fine(room.pixels.0), fine(room.pixels.1)),
    }
    .into_drawing_area();
    let pen = Pen {
        room,
        plan,
        palette,
    };
    context.save();
    let _ = context.scale(1.0 / PARTS, 1.0 / PARTS);
    context.set_line_join("round");
    context.set_line_cap("round");
    let drawn = pen
        .grid(&area, capacity)
        .and_then(|()| pen.series(&area, series));
    context.restore();
    if let Err(error) = drawn {
        leptos::logging::debug_warn!("chart not drawn: {error}");
    }
}

/// Sizes and clears the canvas. Its size in pixels of the style sheet is set so that one pixel of
/// the canvas is one of the screen.
fn prepare(canvas: &HtmlCanvasElement, room: Room) -> Option<CanvasRenderingContext2d> {
    let context: CanvasRenderingContext2d =
        canvas.get_context("2d").ok().flatten()?.dyn_into().ok()?;
    let (width, height) = room.pixels;
    if canvas.width() != width || canvas.height() != height {
        canvas.set_width(width);
        canvas.set_height(height);
        let (width, height) = room.size();
        let style = web_sys::HtmlElement::style(canvas);
        style.set_property("width", &format!("{width}px")).ok()?;
        style.set_property("height", &format!("{height}px")).ok()?;
    } else {
        context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
    }
    Some(context)
}

struct Pen<'a> {
    room: Room,
    plan: &'a Plan,
    palette: &'a Palette,
}

impl Pen<'_> {
    /// Of a length in pixels of the style sheet.
    fn parts(&self, length: f64) -> i32 {
        (length * self.room.scale * PARTS).round() as i32
    }

    /// Lines of one device pixel at the ticks, on whole pixels; a dashed one at the capacity.
    fn grid(&self, area: &DrawingArea<Fine, Shift>, capacity: Option<f64>) -> Outcome {
        let (width, _) = area.dim_in_pixel();
        let part = PARTS as i32;
        let thick = (self.room.scale.round().max(1.0)) as i32 * part;
        let top = |value: f64| {
            let y = self.plan.y(self.room, value) * self.room.scale;
            y.floor() as i32 * part
        };
        for tick in &self.plan.axis.ticks {
            let y = top(tick.value);
            let ends = [(0, y), (width as i32, y + thick)];
            area.draw(&Rectangle::new(ends, self.palette.grid.filled()))?;
        }
        if let Some(capacity) = capacity {
            let y = top(capacity);
            let (dash, space) = (self.parts(5.0).max(1), self.parts(4.0).max(1));
            for x in (0..width as i32).step_by((dash + space) as usize) {
                let ends = [(x, y), (x + dash, y + thick)];
                area.draw(&Rectangle::new(ends, self.palette.limit.filled()))?;
            }
        }
        Ok(())
    }

    /// The last series first, so that the first is on top.
    fn series(&self, area: &DrawingArea<Fine, Shift>, series: &[Series]) -> Outcome {
        let (width, height) = area.dim_in_pixel();
        let (left, right, below) = PAD;
        let across = self.parts(left)..width as i32 - self.parts(right);
        // Upwards.
        let up = height as i32 - self.parts(below)..self.parts(self.plan.above);
        let axis = &self.plan.axis;
        let plane = area.apply_coord_spec(Cartesian2d::new(
            0.0..self.plan.span() as f64,
            axis.low..axis.high,
            (across, up),
        ));
        series
            .iter()
            .rev()
            .try_for_each(|one| self.line(&plane, one))
    }

    fn line(&self, plane: &Plane, one: &Series) -> Outcome {
        let colour = self.palette.of(one.ink);
        let width = self.parts(LINE).unsigned_abs();
        let stroke = ShapeStyle::from(colour).stroke_width(width);
        let (from, to) = (self.plan.from, self.plan.to);
        for run in plot::runs(&one.points, from, to, self.plan.gap) {
            let mut run = plot::thin(run, self.room.pixels.0 as usize);
            // Small numbers keep their digits.
            run.iter_mut()
                .for_each(|place| place.0 -= from.millis as f64);
            let (Some(first), Some(last)) = (run.first().copied(), run.last().copied()) else {
                continue;
            };
            if run.len() == 1 {
                let radius = self.parts(LINE);
                plane.draw(&Circle::new(first, radius, colour.filled()))?;
                continue;
            }
            if one.area {
                let floor = self.plan.axis.low.max(0.0).min(self.plan.axis.high);
                let corners = [(last.0, floor), (first.0, floor)];
                let outline: Vec<_> = run.iter().copied().chain(corners).collect();
                plane.draw(&Polygon::new(outline, colour.mix(TINT)))?;
            }
            plane.draw(&PathElement::new(run, stroke))?;
        }
        Ok(())
    }
}
