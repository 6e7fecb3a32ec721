//! A text screen with a pen: what the guest shows, and its pixels.

use super::font;

/// Pixels of a cell.
pub const CELL: (usize, usize) = (12, 20);
/// Columns and rows at the start.
const SIZE: (usize, usize) = (80, 25);

const PAPER: [u8; 3] = [16, 18, 22];
const INK: [u8; 3] = [214, 218, 224];
const PEN: [u8; 3] = [255, 140, 0];

/// What the guest shows.
#[derive(Debug, Clone)]
pub struct Screen {
    width: usize,
    height: usize,
    rows: Vec<Vec<char>>,
    /// When each row last changed; the counter of [`Screen::version`].
    changed: Vec<u64>,
    cursor: (usize, usize),
    /// Where the pen was: centres of small squares.
    pen: Vec<(usize, usize)>,
    version: u64,
    /// When the size last changed.
    resized: u64,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            width: SIZE.0 * CELL.0,
            height: SIZE.1 * CELL.1,
            rows: vec![vec![' '; SIZE.0]; SIZE.1],
            changed: vec![1; SIZE.1],
            cursor: (0, 0),
            pen: Vec::new(),
            version: 1,
            resized: 1,
        }
    }
}

impl Screen {
    /// Pixels.
    #[must_use]
    pub const fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// Counts changes.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// The version that its present size came with.
    #[must_use]
    pub const fn resized(&self) -> u64 {
        self.resized
    }

    /// Columns and rows.
    const fn grid(&self) -> (usize, usize) {
        (self.width / CELL.0, self.height / CELL.1)
    }

    fn touch(&mut self, row: usize) {
        self.version += 1;
        if let Some(changed) = self.changed.get_mut(row) {
            *changed = self.version;
        }
    }

    fn touch_all(&mut self) {
        self.version += 1;
        self.changed.fill(self.version);
    }

    /// Another size, within reason; the last rows stay.
    pub fn resize(&mut self, width: usize, height: usize) {
        let size = (width.clamp(320, 2560), height.clamp(200, 1600));
        if size == self.size() {
            return;
        }
        (self.width, self.height) = size;
        let (columns, count) = self.grid();
        let drop = (self.cursor.1 + 1).saturating_sub(count);
        self.rows.drain(..drop);
        self.cursor.1 -= drop;
        self.cursor.0 = self.cursor.0.min(columns - 1);
        self.rows.resize(count, Vec::new());
        for row in &mut self.rows {
            row.resize(columns, ' ');
        }
        self.pen.clear();
        self.changed = vec![0; count];
        self.touch_all();
        self.resized = self.version;
    }

    /// Blank.
    pub fn clear(&mut self) {
        for row in &mut self.rows {
            row.fill(' ');
        }
        self.cursor = (0, 0);
        self.pen.clear();
        self.touch_all();
    }

    fn line_feed(&mut self) {
        self.touch(self.cursor.1);
        let (columns, count) = self.grid();
        if self.cursor.1 + 1 < count {
            self.cursor.1 += 1;
        } else {
            self.rows.remove(0);
            self.rows.push(vec![' '; columns]);
            self.touch_all();
        }
    }

    /// Writes text; understands CR, LF, backspace, and the sequence that clears the screen. Other
    /// sequences (colours) are passed over.
    pub fn write(&mut self, text: &str) {
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '\u{1b}' => {
                    let sequence: String =
                        std::iter::from_fn(|| letters.next_if(|next| !next.is_ascii_alphabetic()))
                            .collect();
                    if letters.next() == Some('J') && sequence == "[2" {
                        self.clear();
                    }
                }
                '\r' => {
                    self.cursor.0 = 0;
                    self.touch(self.cursor.1);
                }
                '\n' => self.line_feed(),
                '\u{8}' => {
                    self.cursor.0 = self.cursor.0.saturating_sub(1);
                    self.touch(self.cursor.1);
                }
                letter if letter.is_control() => {}
                letter => {
                    if self.cursor.0 >= self.grid().0 {
                        self.cursor.0 = 0;
                        self.line_feed();
                    }
                    let (column, row) = self.cursor;
                    if let Some(cell) = self.rows.get_mut(row).and_then(|row| row.get_mut(column)) {
                        *cell = letter;
                    }
                    self.cursor.0 += 1;
                    self.touch(row);
                }
            }
        }
    }

    /// The pen at a pixel.
    pub fn draw(&mut self, x: usize, y: usize) {
        let place = (x.min(self.width - 1), y.min(self.height - 1));
        if self.pen.last() == Some(&place) || self.pen.len() > 400 {
            return;
        }
        self.pen.push(place);
        let (first, last) = (place.1.saturating_sub(3) / CELL.1, (place.1 + 3) / CELL.1);
        for row in first..=last {
            self.touch(row);
        }
    }

    /// The text, rows without the blanks at their ends.
    #[must_use]
    pub fn text(&self) -> String {
        let rows: Vec<String> = self
            .rows
            .iter()
            .map(|row| row.iter().collect::<String>().trim_end().to_owned())
            .collect();
        rows.join("\n").trim_end().to_owned()
    }

    /// The bands of pixels, first and last row of each, that are newer than a version.
    #[must_use]
    pub fn bands(&self, since: u64) -> Vec<(usize, usize)> {
        let mut out: Vec<(usize, usize)> = Vec::new();
        for (row, changed) in self.changed.iter().enumerate() {
            if *changed <= since {
                continue;
            }
            let (top, bottom) = (row * CELL.1, (row + 1) * CELL.1);
            match out.last_mut() {
                Some(last) if last.1 == top => last.1 = bottom,
                _ => out.push((top, bottom)),
            }
        }
        // What is left below the last row never changes by itself.
        let grid = self.changed.len() * CELL.1;
        if since < self.resized && grid < self.height {
            out.push((grid, self.height));
        }
        out
    }

    /// Colour of a pixel.
    #[must_use]
    pub fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        let near =
            |(own_x, own_y): &(usize, usize)| own_x.abs_diff(x) <= 2 && own_y.abs_diff(y) <= 2;
        if !self.pen.is_empty() && self.pen.iter().any(near) {
            return PEN;
        }
        let (column, row) = (x / CELL.0, y / CELL.1);
        let (inside_x, inside_y) = (x % CELL.0, y % CELL.1);
        let letter = self.rows.get(row).and_then(|row| row.get(column));
        let inked = match letter {
            None | Some(' ') => false,
            // Two pixels a dot, one column and three rows of paper before.
            Some(letter) => {
                inside_x >= 1
                    && inside_y >= 3
                    && font::has_ink(*letter, (inside_x - 1) / 2, (inside_y - 3) / 2)
            }
        };
        let cursor = self.cursor == (column, row) && (17..19).contains(&inside_y);
        if inked || cursor { INK } else { PAPER }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_scrolls_and_wraps() {
        let mut screen = Screen::default();
        for line in 0..30 {
            screen.write(&format!("line {line}\r\n"));
        }
        screen.write(&"x".repeat(81));
        let text = screen.text();
        assert!(text.starts_with("line 7\n"), "{text}");
        assert!(text.ends_with("xx\nx"), "{text}");
        screen.write("\u{1b}[2J\u{1b}[31mred\u{1b}[0m");
        assert_eq!(screen.text(), "red");
    }

    #[test]
    fn only_what_changed_is_drawn() {
        let mut screen = Screen::default();
        let seen = screen.version();
        assert_eq!(screen.bands(0), [(0, 500)]);
        assert!(screen.bands(seen).is_empty());
        screen.write("a");
        assert_eq!(screen.bands(seen), [(0, 20)]);
        assert!((0..20).any(|y| screen.pixel(3, y) == INK), "an a");
        let seen = screen.version();
        screen.draw(100, 100);
        assert_eq!(screen.bands(seen), [(80, 120)]);
        assert_eq!(screen.pixel(100, 100), PEN);
    }

    #[test]
    fn another_size_keeps_the_last_rows() {
        let mut screen = Screen::default();
        for line in 0..20 {
            screen.write(&format!("line {line}\r\n"));
        }
        let seen = screen.version();
        screen.resize(411, 215);
        assert_eq!(screen.size(), (411, 215));
        assert!(screen.text().starts_with("line 11\n"), "{}", screen.text());
        assert_eq!(screen.bands(seen), [(0, 200), (200, 215)]);
        screen.write("still here");
        assert!(screen.text().ends_with("still here"));
    }
}
