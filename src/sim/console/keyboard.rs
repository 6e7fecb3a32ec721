//! A guest's keyboard: letters out of places, modifiers and dead keys, as Linux has them
//! (xkeyboard-config 2.44). Written without the console's own tables, which it is there to check.

/// Places of letters from the top row down, as scancodes of set 1.
const PLACES: [u32; 48] = [
    0x29, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x10, 0x11, 0x12,
    0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x24,
    0x25, 0x26, 0x27, 0x28, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x56,
];

/// Alone, with Shift, with AltGr; a combining letter is a dead key.
type Levels = [&'static str; 3];

const LAYOUTS: [(&str, Levels); 4] = [
    (
        "us",
        [
            "`1234567890-=qwertyuiop[]asdfghjkl;'\\zxcvbnm,./ ",
            "~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:\"|ZXCVBNM<>? ",
            "                                                ",
        ],
    ),
    (
        "gb",
        [
            "`1234567890-=qwertyuiop[]asdfghjkl;'#zxcvbnm,./\\",
            "¬!\"£$%^&*()_+QWERTYUIOP{}ASDFGHJKL:@~ZXCVBNM<>?|",
            "|¹²³€½¾{[]}\\\u{327}@ſe¶ŧ←↓→øþ\u{308}\u{303}æßðđŋħ\u{309}ĸł\u{301}\u{302}\u{300}«»¢„“”µ•·\u{323}|",
        ],
    ),
    (
        "de",
        [
            "\u{302}1234567890ß\u{301}qwertzuiopü+asdfghjklöä#yxcvbnm,.-<",
            "°!\"§$%&/()=?\u{300}QWERTZUIOPÜ*ASDFGHJKLÖÄ'YXCVBNM;:_>",
            "′¹²³¼½¬{[]}\\\u{327}@ſ€¶ŧ←↓→øþ\u{308}~æſðđŋħ\u{323}ĸł\u{30b}\u{302}’»«¢„“”µ·…–|",
        ],
    ),
    (
        "fr",
        [
            "²&é\"'(-è_çà)=azertyuiop\u{302}$qsdfghjklmù*wxcvbn,;:!<",
            "~1234567890°+AZERTYUIOP\u{308}£QSDFGHJKLM%µWXCVBN?./§>",
            "¬¹~#{[|`\\^@]}æ«€¶ŧ←↓→øþ\u{308}¤@ßðđŋħ\u{309}ĸłµ\u{302}\u{300}ł»¢„“”\u{301}•·\u{323}|",
        ],
    ),
];

/// What a dead key and the next letter make.
const DEAD: [(char, &str, &str); 4] = [
    ('\u{302}', " aeiouAEIOU", "^âêîôûÂÊÎÔÛ"),
    ('\u{301}', " aeiouyAEIOUY", "'áéíóúýÁÉÍÓÚÝ"),
    ('\u{300}', " aeiouAEIOU", "`àèìòùÀÈÌÒÙ"),
    ('\u{308}', " aeiouyAEIOU", "\"äëïöüÿÄËÏÖÜ"),
];

const fn is_dead(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// What a key means to the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// No place of a letter: as the viewer says.
    Other,
    /// A letter.
    Letter(char),
    /// Nothing yet, or nothing at all.
    Nothing,
}

/// The keyboard; without a layout it takes the viewer's word for each letter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Keyboard {
    levels: Option<Levels>,
    shift: bool,
    alt_gr: bool,
    dead: Option<char>,
}

impl Keyboard {
    /// One set to that layout: `us`, `gb`, `de` or `fr`.
    #[must_use]
    pub fn of(layout: &str) -> Option<Self> {
        let (_, levels) = LAYOUTS.iter().find(|(name, _)| *name == layout)?;
        Some(Self {
            levels: Some(*levels),
            ..Self::default()
        })
    }

    /// A key by its scancode goes down, or up.
    pub fn key(&mut self, code: u32, down: bool) -> Meaning {
        let Some(levels) = self.levels else {
            return Meaning::Other;
        };
        match code {
            0x2a | 0x36 => self.shift = down,
            0xb8 => self.alt_gr = down,
            _ => {}
        }
        let letter = if code == 0x39 {
            Some(' ')
        } else {
            let level = levels[if self.alt_gr {
                2
            } else {
                usize::from(self.shift)
            }];
            let at = PLACES.iter().position(|own| *own == code);
            at.and_then(|at| level.chars().nth(at))
        };
        match letter {
            None => Meaning::Other,
            Some(_) if !down => Meaning::Nothing,
            Some(letter) => self.compose(letter),
        }
    }

    fn compose(&mut self, letter: char) -> Meaning {
        match self.dead.take() {
            None if is_dead(letter) => {
                self.dead = Some(letter);
                Meaning::Nothing
            }
            None => Meaning::Letter(letter),
            Some(dead) => DEAD
                .iter()
                .find(|(own, ..)| *own == dead)
                .and_then(|(_, bases, made)| {
                    let at = bases.chars().position(|base| base == letter)?;
                    made.chars().nth(at)
                })
                .map_or(Meaning::Nothing, Meaning::Letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::console::layout::{Layout, lacking, strokes};

    /// Scancodes of the browser's names (set 1), as noVNC sends them.
    fn scancode(code: &str) -> u32 {
        const NAMES: &str = "Backquote Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 \
            Digit9 Digit0 Minus Equal KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP \
            BracketLeft BracketRight KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote \
            Backslash KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash IntlBackslash";
        match code {
            "ShiftLeft" => 0x2a,
            "AltRight" => 0xb8,
            "Space" => 0x39,
            _ => {
                let at = NAMES.split_whitespace().position(|name| name == code);
                PLACES[at.unwrap_or_else(|| panic!("{code} is no place"))]
            }
        }
    }

    #[test]
    fn a_guest_of_that_layout_reads_what_was_meant() {
        let all: String = (' '..='~')
            .chain('\u{a1}'..='\u{ff}')
            .chain(['€'])
            .collect();
        for layout in Layout::ALL {
            let mut guest = Keyboard::of(layout.slug()).unwrap();
            let missing = lacking(layout, &all);
            assert!(
                missing.iter().all(|letter| !letter.is_ascii()),
                "{layout:?} lacks {missing:?}"
            );
            for letter in all.chars().filter(|letter| !missing.contains(letter)) {
                let read: Vec<char> = strokes(layout, letter)
                    .into_iter()
                    .filter_map(|(key, down)| match guest.key(scancode(key.code), down) {
                        Meaning::Letter(letter) => Some(letter),
                        _ => None,
                    })
                    .collect();
                assert_eq!(read, [letter], "{layout:?}");
            }
        }
    }

    #[test]
    fn another_layout_reads_something_else() {
        let mut guest = Keyboard::of("de").unwrap();
        let read: Vec<Meaning> = strokes(Layout::Us, 'z')
            .into_iter()
            .map(|(key, down)| guest.key(scancode(key.code), down))
            .collect();
        assert_eq!(read, [Meaning::Letter('y'), Meaning::Nothing]);
        assert!(Keyboard::of("klingon").is_none());
        assert_eq!(Keyboard::default().key(0x10, true), Meaning::Other);
    }
}
