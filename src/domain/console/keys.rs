//! Keys and their combinations, as VNC names them: X11 keysyms, and the names of the places on a
//! keyboard that browsers use (`KeyboardEvent.code`).

/// One key: what it means, and where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// X11 keysym.
    pub sym: u32,
    /// Place on the keyboard; empty where it is not known.
    pub code: &'static str,
}

const fn key(sym: u32, code: &'static str) -> Key {
    Key { sym, code }
}

/// Control, at the left.
pub const CONTROL: Key = key(0xffe3, "ControlLeft");
/// Alt, at the left.
pub const ALT: Key = key(0xffe9, "AltLeft");
/// Shift, at the left.
pub const SHIFT: Key = key(0xffe1, "ShiftLeft");
/// The third level of a key.
pub const ALT_GR: Key = key(0xfe03, "AltRight");
/// The key with the maker's mark.
pub const SUPER: Key = key(0xffeb, "MetaLeft");
/// Return.
pub const ENTER: Key = key(0xff0d, "Enter");
/// Tab.
pub const TAB: Key = key(0xff09, "Tab");
const DELETE: Key = key(0xffff, "Delete");
const BACKSPACE: Key = key(0xff08, "Backspace");
const ESCAPE: Key = key(0xff1b, "Escape");
const SYS_RQ: Key = key(0xff15, "PrintScreen");
const PRINT: Key = key(0xff61, "PrintScreen");
const UP: Key = key(0xff52, "ArrowUp");
const DOWN: Key = key(0xff54, "ArrowDown");
const INSERT: Key = key(0xff63, "Insert");

const FUNCTION: [Key; 12] = [
    key(0xffbe, "F1"),
    key(0xffbf, "F2"),
    key(0xffc0, "F3"),
    key(0xffc1, "F4"),
    key(0xffc2, "F5"),
    key(0xffc3, "F6"),
    key(0xffc4, "F7"),
    key(0xffc5, "F8"),
    key(0xffc6, "F9"),
    key(0xffc7, "F10"),
    key(0xffc8, "F11"),
    key(0xffc9, "F12"),
];

/// A combination that a browser or the desktop around it keeps for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Combo {
    /// Stays the same.
    pub id: &'static str,
    /// On the menu: "Ctrl-Alt-Del".
    pub label: &'static str,
    /// What it is for.
    pub hint: &'static str,
    /// Pressed in this order, let go in the reverse.
    pub keys: &'static [Key],
}

const fn combo(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    keys: &'static [Key],
) -> Combo {
    Combo {
        id,
        label,
        hint,
        keys,
    }
}

impl Combo {
    /// What it ends in the guest, for those to be asked about first.
    #[must_use]
    pub fn harm(&self) -> Option<&'static str> {
        match self.id {
            "sysrq-e" => Some(
                "The guest's kernel asks every program but the first to end. What they serve stops, \
                 and work that is not saved may be lost.",
            ),
            "sysrq-i" => Some(
                "The guest's kernel kills every program but the first at once. Work that is not \
                 saved is lost.",
            ),
            "sysrq-u" => Some(
                "The guest's kernel makes all disks read-only. Programs that write fail until it is \
                 started anew.",
            ),
            "sysrq-b" => Some(
                "The guest's kernel restarts at once, without writing to the disks first. Work that \
                 is not saved is lost.",
            ),
            _ => None,
        }
    }

    /// The same for a terminal, which takes letters only; `None` where there is no such letter.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let letter = |key: &Key| char::from_u32(key.sym).filter(char::is_ascii_lowercase);
        match self.keys {
            [ESCAPE] => Some("\u{1b}".to_owned()),
            [TAB] => Some("\t".to_owned()),
            [UP] => Some("\u{1b}[A".to_owned()),
            [DOWN] => Some("\u{1b}[B".to_owned()),
            [CONTROL, key] => letter(key).map(|letter| char::from(letter as u8 & 0x1f).to_string()),
            _ => None,
        }
    }
}

/// Those that are wanted often.
pub const COMBOS: &[Combo] = &[
    combo(
        "cad",
        "Ctrl-Alt-Del",
        "log in, or restart",
        &[CONTROL, ALT, DELETE],
    ),
    combo(
        "cab",
        "Ctrl-Alt-Backspace",
        "end the X server",
        &[CONTROL, ALT, BACKSPACE],
    ),
    combo("alt-tab", "Alt-Tab", "next window", &[ALT, TAB]),
    combo("alt-f4", "Alt-F4", "close the window", &[ALT, FUNCTION[3]]),
    combo("ctrl-esc", "Ctrl-Esc", "start menu", &[CONTROL, ESCAPE]),
    combo("super", "Super", "the key with the maker's mark", &[SUPER]),
    combo("esc", "Esc", "", &[ESCAPE]),
    combo("tab", "Tab", "", &[TAB]),
    combo(
        "ctrl-c",
        "Ctrl-C",
        "interrupt",
        &[CONTROL, key(0x63, "KeyC")],
    ),
    combo(
        "ctrl-d",
        "Ctrl-D",
        "end of input",
        &[CONTROL, key(0x64, "KeyD")],
    ),
    combo(
        "ctrl-w",
        "Ctrl-W",
        "closes the tab here",
        &[CONTROL, key(0x77, "KeyW")],
    ),
    combo("up", "Arrow up", "", &[UP]),
    combo("down", "Arrow down", "", &[DOWN]),
    combo("insert", "Insert", "", &[INSERT]),
    combo("print", "Print screen", "", &[PRINT]),
    combo(
        "vt1",
        "Ctrl-Alt-F1",
        "first text console",
        &[CONTROL, ALT, FUNCTION[0]],
    ),
    combo("vt2", "Ctrl-Alt-F2", "", &[CONTROL, ALT, FUNCTION[1]]),
    combo("vt3", "Ctrl-Alt-F3", "", &[CONTROL, ALT, FUNCTION[2]]),
    combo(
        "vt7",
        "Ctrl-Alt-F7",
        "graphical screen",
        &[CONTROL, ALT, FUNCTION[6]],
    ),
];

/// The row of function keys.
pub const FUNCTION_KEYS: &[Combo] = &[
    combo("f1", "F1", "", &[FUNCTION[0]]),
    combo("f2", "F2", "", &[FUNCTION[1]]),
    combo("f3", "F3", "", &[FUNCTION[2]]),
    combo("f4", "F4", "", &[FUNCTION[3]]),
    combo("f5", "F5", "", &[FUNCTION[4]]),
    combo("f6", "F6", "", &[FUNCTION[5]]),
    combo("f7", "F7", "", &[FUNCTION[6]]),
    combo("f8", "F8", "", &[FUNCTION[7]]),
    combo("f9", "F9", "", &[FUNCTION[8]]),
    combo("f10", "F10", "", &[FUNCTION[9]]),
    combo("f11", "F11", "", &[FUNCTION[10]]),
    combo("f12", "F12", "", &[FUNCTION[11]]),
];

/// To the kernel of a Linux guest itself, where nothing else answers any more.
pub const SYSRQ: &[Combo] = &[
    combo(
        "sysrq-h",
        "SysRq H",
        "help",
        &[ALT, SYS_RQ, key(0x68, "KeyH")],
    ),
    combo(
        "sysrq-r",
        "SysRq R",
        "take the keyboard back",
        &[ALT, SYS_RQ, key(0x72, "KeyR")],
    ),
    combo(
        "sysrq-e",
        "SysRq E",
        "ask all programs to end",
        &[ALT, SYS_RQ, key(0x65, "KeyE")],
    ),
    combo(
        "sysrq-i",
        "SysRq I",
        "kill all programs",
        &[ALT, SYS_RQ, key(0x69, "KeyI")],
    ),
    combo(
        "sysrq-s",
        "SysRq S",
        "write all to the disks",
        &[ALT, SYS_RQ, key(0x73, "KeyS")],
    ),
    combo(
        "sysrq-u",
        "SysRq U",
        "make the disks read-only",
        &[ALT, SYS_RQ, key(0x75, "KeyU")],
    ),
    combo(
        "sysrq-b",
        "SysRq B",
        "restart at once",
        &[ALT, SYS_RQ, key(0x62, "KeyB")],
    ),
];

/// The keysym of a character: Latin-1 as it is, all else by the rule for Unicode.
#[must_use]
pub const fn keysym(letter: char) -> u32 {
    match letter {
        '\n' | '\r' => ENTER.sym,
        '\t' => TAB.sym,
        '\u{8}' => BACKSPACE.sym,
        ' '..='~' | '\u{a0}'..='\u{ff}' => letter as u32,
        other => 0x0100_0000 | other as u32,
    }
}

/// How a text becomes another one at its end: so many letters taken back, then what is typed.
#[must_use]
pub fn difference(old: &str, new: &str) -> (usize, String) {
    let mut rest = new.chars();
    let mut kept = rest.clone();
    let mut left = old.chars();
    loop {
        match (left.clone().next(), rest.next()) {
            (Some(own), Some(other)) if own == other => {
                left.next();
                kept = rest.clone();
            }
            _ => return (left.count(), kept.collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keysyms() {
        assert_eq!(keysym('a'), 0x61);
        assert_eq!(keysym('ß'), 0xdf);
        assert_eq!(keysym('€'), 0x0100_20ac);
        assert_eq!(keysym('\n'), 0xff0d);
    }

    #[test]
    fn differences() {
        let of = |old, new| difference(old, new);
        assert_eq!(of("", "ec"), (0, "ec".to_owned()));
        assert_eq!(of("ec", "echo"), (0, "ho".to_owned()));
        assert_eq!(of("teh", "the "), (2, "he ".to_owned()));
        assert_eq!(of("über", "über"), (0, String::new()));
        assert_eq!(of("über", ""), (4, String::new()));
    }

    #[test]
    fn what_ends_the_guest_says_so() {
        let harm: Vec<&str> = [COMBOS, FUNCTION_KEYS, SYSRQ]
            .concat()
            .iter()
            .filter(|combo| combo.harm().is_some())
            .map(|combo| combo.id)
            .collect();
        assert_eq!(harm, ["sysrq-e", "sysrq-i", "sysrq-u", "sysrq-b"]);
    }

    #[test]
    fn terminals_take_letters() {
        let text = |id: &str| {
            let combo = COMBOS.iter().find(|combo| combo.id == id).unwrap();
            combo.text()
        };
        assert_eq!(text("ctrl-c").as_deref(), Some("\u{3}"));
        assert_eq!(text("up").as_deref(), Some("\u{1b}[A"));
        assert_eq!(text("cad"), None);
        assert_eq!(text("ctrl-esc"), None);
    }

    #[test]
    fn combos_are_told_apart() {
        let mut ids: Vec<&str> = [COMBOS, FUNCTION_KEYS, SYSRQ]
            .concat()
            .iter()
            .map(|combo| combo.id)
            .collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
