//! Where a floating surface goes.

/// A rectangle in pixels of the viewport.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// Which edges of surface and anchor are in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Edge {
    /// The left ones.
    #[default]
    Start,
    /// The right ones.
    End,
    /// The middles.
    Middle,
}

const GAP: f64 = 4.0;
const MARGIN: f64 = 8.0;

/// Upper left corner of a surface of `size` at `anchor` in a viewport of `view`: below it, above
/// where there is more room, shifted so that it stays in sight.
#[must_use]
pub fn place(
    anchor: Rect,
    size: (f64, f64),
    view: (f64, f64),
    edge: Edge,
    above: bool,
) -> (f64, f64) {
    let (width, height) = size;
    let below_y = anchor.y + anchor.height + GAP;
    let above_y = anchor.y - GAP - height;
    let fits_below = below_y + height <= view.1 - MARGIN;
    let fits_above = above_y >= MARGIN;
    let roomier_above = anchor.y > view.1 - anchor.y - anchor.height;
    let go_up = if above {
        fits_above || !fits_below && roomier_above
    } else {
        !fits_below && (fits_above || roomier_above)
    };
    let y = if go_up { above_y } else { below_y };
    let x = match edge {
        Edge::Start => anchor.x,
        Edge::End => anchor.x + anchor.width - width,
        Edge::Middle => anchor.x + (anchor.width - width) / 2.0,
    };
    // The upper left corner stays in sight even where the surface is larger than the viewport.
    let within = |at: f64, size: f64, view: f64| at.min(view - MARGIN - size).max(MARGIN);
    (within(x, width, view.0), within(y, height, view.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VIEW: (f64, f64) = (1000.0, 600.0);

    fn at(x: f64, y: f64) -> Rect {
        Rect {
            x,
            y,
            width: 80.0,
            height: 30.0,
        }
    }

    #[test]
    fn below_then_above() {
        assert_eq!(
            place(at(100.0, 100.0), (200.0, 200.0), VIEW, Edge::Start, false),
            (100.0, 134.0)
        );
        assert_eq!(
            place(at(100.0, 500.0), (200.0, 200.0), VIEW, Edge::Start, false),
            (100.0, 296.0)
        );
        assert_eq!(
            place(at(100.0, 300.0), (60.0, 20.0), VIEW, Edge::Middle, true),
            (110.0, 276.0)
        );
    }

    #[test]
    fn shifted_into_sight() {
        assert_eq!(
            place(at(950.0, 100.0), (200.0, 200.0), VIEW, Edge::Start, false).0,
            792.0
        );
        assert_eq!(
            place(at(10.0, 100.0), (200.0, 200.0), VIEW, Edge::End, false).0,
            8.0
        );
    }

    proptest! {
        #[test]
        fn in_sight_where_it_fits(x in -50.0..1050.0, y in -50.0..650.0, w in 1.0..980.0, h in 1.0..580.0, above: bool) {
            let (left, top) = place(at(x, y), (w, h), VIEW, Edge::Start, above);
            let across = left >= MARGIN && left + w <= VIEW.0 - MARGIN + 1e-9;
            let down = top >= MARGIN && top + h <= VIEW.1 - MARGIN + 1e-9;
            prop_assert!(across && down, "{left} {top}");
        }
    }
}
