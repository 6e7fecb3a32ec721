//! Text as key strokes, for guests that take no paste.
//!
//! A guest reads places on a keyboard and makes letters of them by its own layout. So a text is
//! typed by the layout that the guest is set to: which place, with Shift or AltGr or without.
//! Letters that the layout lacks go by their meaning alone, which some servers understand. Where
//! systems differ it is typed as Linux has it (xkeyboard-config): in French, ~ and ` are letters
//! there, and dead keys on Windows.

use super::keys::{ALT_GR, ENTER, Key, SHIFT, TAB, keysym};

/// A keyboard's layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Layout {
    /// United States.
    #[default]
    Us,
    /// United Kingdom.
    Gb,
    /// Germany.
    De,
    /// France.
    Fr,
}

/// Places from the top row down, as they lie on every keyboard. The last is the one between Shift
/// and Z that keyboards of the United States lack.
const PLACES: [&str; 48] = [
    "Backquote",
    "Digit1",
    "Digit2",
    "Digit3",
    "Digit4",
    "Digit5",
    "Digit6",
    "Digit7",
    "Digit8",
    "Digit9",
    "Digit0",
    "Minus",
    "Equal",
    "KeyQ",
    "KeyW",
    "KeyE",
    "KeyR",
    "KeyT",
    "KeyY",
    "KeyU",
    "KeyI",
    "KeyO",
    "KeyP",
    "BracketLeft",
    "BracketRight",
    "KeyA",
    "KeyS",
    "KeyD",
    "KeyF",
    "KeyG",
    "KeyH",
    "KeyJ",
    "KeyK",
    "KeyL",
    "Semicolon",
    "Quote",
    "Backslash",
    "KeyZ",
    "KeyX",
    "KeyC",
    "KeyV",
    "KeyB",
    "KeyN",
    "KeyM",
    "Comma",
    "Period",
    "Slash",
    "IntlBackslash",
];

/// A place without a letter of its own on that level, with one that only waits for the next (a dead
/// key), or with one that guests do not agree on.
const NONE: char = '·';

impl Layout {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Us, Self::Gb, Self::De, Self::Fr];

    /// The word that is kept.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::Gb => "gb",
            Self::De => "de",
            Self::Fr => "fr",
        }
    }

    /// The word on the choice.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Us => "English (US)",
            Self::Gb => "English (UK)",
            Self::De => "German",
            Self::Fr => "French",
        }
    }

    /// From what was kept.
    #[must_use]
    pub fn parse(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.slug() == slug)
    }

    /// What stands at the places: alone, with Shift, with AltGr.
    const fn levels(self) -> [&'static str; 3] {
        match self {
            Self::Us => [
                "`1234567890-=qwertyuiop[]asdfghjkl;'\\zxcvbnm,./·",
                "~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:\"|ZXCVBNM<>?·",
                "",
            ],
            Self::Gb => [
                "`1234567890-=qwertyuiop[]asdfghjkl;'#zxcvbnm,./\\",
                "¬!\"£$%^&*()_+QWERTYUIOP{}ASDFGHJKL:@~ZXCVBNM<>?|",
                "····€",
            ],
            Self::De => [
                "·1234567890ß·qwertzuiopü+asdfghjklöä#yxcvbnm,.-<",
                "°!\"§$%&/()=?·QWERTZUIOPÜ*ASDFGHJKLÖÄ'YXCVBNM;:_>",
                "··²³···{[]}\\·@·€········~··················µ···|",
            ],
            Self::Fr => [
                "²&é\"'(-è_çà)=azertyuiop·$qsdfghjklmù*wxcvbn,;:!<",
                "·1234567890°+AZERTYUIOP·£QSDFGHJKLM%µWXCVBN?./§>",
                "··~#{[|`\\^@]}··€········¤",
            ],
        }
    }

    /// Keys that only wait for the next: the key, whether with Shift, the letters that follow and
    /// what they make. Left out is what Linux and Windows make differently of the same keys, as ´
    /// and ¨ alone.
    const fn dead(self) -> &'static [DeadKey] {
        match self {
            Self::Us | Self::Gb => &[],
            Self::De => DEAD_DE,
            Self::Fr => DEAD_FR,
        }
    }

    /// Two keys that make a letter: the dead one, whether with Shift, and the letter after it.
    fn composed(self, letter: char) -> Option<(Key, bool, char)> {
        self.dead().iter().find_map(|(key, shift, bases, made)| {
            let at = made.chars().position(|own| own == letter)?;
            Some((*key, *shift, bases.chars().nth(at)?))
        })
    }

    /// Where a letter lies: its place, whether with Shift, whether with AltGr.
    fn find(self, letter: char) -> Option<(&'static str, bool, bool)> {
        if letter == NONE {
            return None;
        }
        if letter == ' ' {
            return Some(("Space", false, false));
        }
        let levels = self.levels();
        levels.iter().enumerate().find_map(|(level, letters)| {
            let place = letters.chars().position(|own| own == letter)?;
            Some((*PLACES.get(place)?, level == 1, level == 2))
        })
    }
}

/// One step of typing: a key goes down, or up.
pub type Step = (Key, bool);

type DeadKey = (Key, bool, &'static str, &'static str);

const CIRCUMFLEX: u32 = 0xfe52;
const ACUTE: u32 = 0xfe51;
const GRAVE: u32 = 0xfe50;
const DIAERESIS: u32 = 0xfe57;

const fn dead(sym: u32, code: &'static str) -> Key {
    Key { sym, code }
}

const DEAD_DE: &[DeadKey] = &[
    (
        dead(CIRCUMFLEX, "Backquote"),
        false,
        " aeiouAEIOU",
        "^âêîôûÂÊÎÔÛ",
    ),
    (dead(ACUTE, "Equal"), false, "aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ"),
    (dead(GRAVE, "Equal"), true, " aeiouAEIOU", "`àèìòùÀÈÌÒÙ"),
];

const DEAD_FR: &[DeadKey] = &[
    (
        dead(CIRCUMFLEX, "BracketLeft"),
        false,
        "aeiouAEIOU",
        "âêîôûÂÊÎÔÛ",
    ),
    (
        dead(DIAERESIS, "BracketLeft"),
        true,
        "aeiouyAEIOU",
        "äëïöüÿÄËÏÖÜ",
    ),
];

/// A key, and what is held meanwhile.
fn press(steps: &mut Vec<Step>, key: Key, held: Option<Key>) {
    steps.extend(held.map(|held| (held, true)));
    steps.extend([(key, true), (key, false)]);
    steps.extend(held.map(|held| (held, false)));
}

/// The steps for one letter.
#[must_use]
pub fn strokes(layout: Layout, letter: char) -> Vec<Step> {
    let whole = match letter {
        '\n' => Some(ENTER),
        '\t' => Some(TAB),
        _ => None,
    };
    if let Some(key) = whole {
        return vec![(key, true), (key, false)];
    }
    let sym = keysym(letter);
    let mut steps = Vec::with_capacity(4);
    let Some((code, shift, alt_gr)) = layout.find(letter) else {
        if let Some((key, shift, base)) = layout.composed(letter) {
            press(&mut steps, key, shift.then_some(SHIFT));
            steps.extend(strokes(layout, base));
        } else {
            press(&mut steps, Key { sym, code: "" }, None);
        }
        return steps;
    };
    let key = Key { sym, code };
    let held = match (shift, alt_gr) {
        (true, _) => Some(SHIFT),
        (_, true) => Some(ALT_GR),
        _ => None,
    };
    press(&mut steps, key, held);
    steps
}

/// The letters of a text in the order in which they are typed: line ends of any kind are one, and
/// what no keyboard has (other controls) is left out.
#[must_use]
pub fn letters(text: &str) -> Vec<char> {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t'))
        .collect()
}

/// The letters that a layout lacks, each once, in their order.
#[must_use]
pub fn lacking(layout: Layout, text: &str) -> Vec<char> {
    let mut out = Vec::new();
    for letter in letters(text) {
        let there = matches!(letter, '\n' | '\t')
            || layout.find(letter).is_some()
            || layout.composed(letter).is_some();
        if !there && !out.contains(&letter) {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(layout: Layout, letter: char) -> Vec<(&'static str, bool)> {
        strokes(layout, letter)
            .into_iter()
            .map(|(key, down)| (key.code, down))
            .collect()
    }

    #[test]
    fn rows_are_as_long_as_the_places() {
        for layout in Layout::ALL {
            let [plain, shifted, third] = layout.levels();
            assert_eq!(plain.chars().count(), PLACES.len(), "{layout:?}");
            assert_eq!(shifted.chars().count(), PLACES.len(), "{layout:?}");
            assert!(third.chars().count() <= PLACES.len(), "{layout:?}");
        }
    }

    #[test]
    fn the_same_letter_lies_elsewhere() {
        assert_eq!(places(Layout::Us, 'z'), [("KeyZ", true), ("KeyZ", false)]);
        assert_eq!(places(Layout::De, 'z'), [("KeyY", true), ("KeyY", false)]);
        assert_eq!(places(Layout::Fr, 'a'), [("KeyQ", true), ("KeyQ", false)]);
        let shifted = |code| {
            [
                ("ShiftLeft", true),
                (code, true),
                (code, false),
                ("ShiftLeft", false),
            ]
        };
        assert_eq!(places(Layout::Us, '@'), shifted("Digit2"));
        assert_eq!(places(Layout::Gb, '@'), shifted("Quote"));
        assert_eq!(places(Layout::De, '/'), shifted("Digit7"));
        assert_eq!(
            places(Layout::De, '@'),
            [
                ("AltRight", true),
                ("KeyQ", true),
                ("KeyQ", false),
                ("AltRight", false)
            ]
        );
        assert_eq!(places(Layout::De, '|')[1], ("IntlBackslash", true));
        assert_eq!(places(Layout::De, '~')[1], ("BracketRight", true));
        assert_eq!(places(Layout::De, '{')[1], ("Digit7", true));
        assert_eq!(places(Layout::De, '€')[1], ("KeyE", true));
        assert_eq!(places(Layout::De, 'µ')[1], ("KeyM", true));
        assert_eq!(places(Layout::Fr, '@')[1], ("Digit0", true));
        assert_eq!(places(Layout::Fr, '€')[1], ("KeyE", true));
        assert_eq!(places(Layout::Gb, '€')[1], ("Digit4", true));
    }

    #[test]
    fn every_letter_of_a_shell_is_on_every_layout() {
        let shell: String = (' '..='~').collect();
        for layout in Layout::ALL {
            assert_eq!(lacking(layout, &shell), Vec::<char>::new(), "{layout:?}");
        }
        assert_eq!(lacking(Layout::Us, "größe ö"), ['ö', 'ß']);
        assert_eq!(
            lacking(Layout::De, "à la crème brûlée, señor"),
            ['ñ'],
            "accents by a dead key"
        );
    }

    #[test]
    fn dead_keys_wait_for_the_next() {
        let caret = [
            ("Backquote", true),
            ("Backquote", false),
            ("Space", true),
            ("Space", false),
        ];
        assert_eq!(places(Layout::De, '^'), caret);
        assert_eq!(places(Layout::Fr, '^')[1], ("Digit9", true));
        let steps: Vec<(u32, bool)> = strokes(Layout::De, 'È')
            .into_iter()
            .map(|(key, down)| (key.sym, down))
            .filter(|(_, down)| *down)
            .collect();
        assert_eq!(
            steps,
            [(0xffe1, true), (0xfe50, true), (0xffe1, true), (0x45, true)]
        );
    }

    #[test]
    fn lines() {
        assert_eq!(
            letters("a\r\nb\rc\u{7}\n"),
            ['a', '\n', 'b', '\n', 'c', '\n']
        );
        assert_eq!(
            places(Layout::Us, '\n'),
            [("Enter", true), ("Enter", false)]
        );
    }
}
