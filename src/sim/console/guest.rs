//! The inside of a guest: it starts, writes to its screen, and has a shell.

use super::keyboard::{Keyboard, Meaning};
use super::screen::Screen;
use super::shell::{Shell, Surroundings, Wish};

/// What is written while it starts, and so many milliseconds after.
const BOOT: [(i64, &str); 8] = [
    (0, "SeaBIOS (version 1.16.3)\r\n\r\n"),
    (300, "Booting from Hard Disk...\r\n"),
    (700, "[    0.000000] Linux version 6.8.0-31-generic\r\n"),
    (
        1000,
        "[    0.412093] virtio_blk virtio1: 2/0/0 default/read/poll queues\r\n",
    ),
    (
        1300,
        "[    0.871120] EXT4-fs (sda1): mounted filesystem\r\n",
    ),
    (1600, "[  OK  ] Reached target Multi-User System.\r\n\r\n"),
    (1800, "\u{1b}[2J"),
    (1800, ""),
];

/// A guest's screen, clipboard and shell, shared by all that look at it.
#[derive(Debug, Clone, Default)]
pub struct Guest {
    /// What it shows.
    pub screen: Screen,
    shell: Shell,
    host: String,
    /// When it started, simulated milliseconds.
    started: Option<i64>,
    shown: usize,
    now: i64,
    /// What it put on the clipboard, and how often.
    copied: (String, u64),
    /// What a viewer put there.
    pasted: String,
    control: bool,
    /// SysRq, whose letters go to the kernel.
    magic: bool,
    /// The layout that it is set to stays when it starts anew.
    keyboard: Keyboard,
    wish: Option<Wish>,
}

impl Guest {
    /// Catches up with the clock; a guest that was started anew since boots.
    pub fn tick(&mut self, host: &str, started: i64, now: i64) {
        host.clone_into(&mut self.host);
        self.now = now;
        if self.started != Some(started) {
            *self = Self {
                host: host.to_owned(),
                started: Some(started),
                now,
                copied: (String::new(), self.copied.1),
                keyboard: self.keyboard,
                ..Self::default()
            };
        }
        while let Some((_, text)) = BOOT.get(self.shown).filter(|(at, _)| started + at <= now) {
            if self.shown + 1 == BOOT.len() {
                self.log_in();
            } else {
                self.screen.write(text);
            }
            self.shown += 1;
        }
    }

    fn log_in(&mut self) {
        let host = &self.host;
        self.screen.write(&format!(
            "Debian GNU/Linux 12 {host} tty1\r\n\r\n{host} login: root (automatic login)\r\n\r\n{}",
            Shell::prompt(host)
        ));
    }

    /// Sets its keyboard's layout.
    pub const fn set_keyboard(&mut self, keyboard: Keyboard) {
        self.keyboard = keyboard;
    }

    /// What its shell knows.
    #[must_use]
    pub fn surroundings(&self) -> Surroundings {
        Surroundings {
            host: self.host.clone(),
            now: crate::domain::units::Instant::from_millis(self.now).to_iso(),
            uptime: (self.now - self.started.unwrap_or(self.now)) / 1000,
            clipboard: self.pasted.clone(),
            size: None,
        }
    }

    /// A wish of a shell.
    pub fn wish(&mut self, wish: Wish) {
        match wish {
            Wish::Copy(text) => self.copy(text),
            // Who leaves the screen's shell is logged in anew.
            Wish::Leave => self.log_in(),
            other => self.wish = Some(other),
        }
    }

    /// The wish that somebody outside has to carry out.
    pub const fn take_wish(&mut self) -> Option<Wish> {
        self.wish.take()
    }

    /// Puts a text on the guest's clipboard.
    pub fn copy(&mut self, text: String) {
        self.copied = (text, self.copied.1 + 1);
    }

    /// The guest's clipboard, and how often it changed.
    #[must_use]
    pub const fn copied(&self) -> &(String, u64) {
        &self.copied
    }

    /// A viewer's clipboard comes in.
    pub fn paste(&mut self, text: String) {
        self.pasted = text;
    }

    /// What a viewer put on the clipboard.
    #[must_use]
    pub fn pasted(&self) -> &str {
        &self.pasted
    }

    fn letter(&mut self, letter: char) {
        // Nobody listens while it starts.
        if self.shown < BOOT.len() {
            return;
        }
        let around = self.surroundings();
        let (text, wish) = self.shell.letter(letter, &around);
        self.screen.write(&text);
        if let Some(wish) = wish {
            self.wish(wish);
        }
    }

    /// A key by its place (scancode of set 1) and its keysym, down or up.
    pub fn key_at(&mut self, code: u32, keysym: u32, down: bool) {
        match self.keyboard.key(code, down) {
            Meaning::Other => self.key(keysym, down),
            Meaning::Letter(letter) => self.key(crate::domain::console::keys::keysym(letter), true),
            Meaning::Nothing => {}
        }
    }

    /// A key by its X11 keysym, down or up.
    pub fn key(&mut self, keysym: u32, down: bool) {
        if matches!(keysym, 0xffe3 | 0xffe4) {
            self.control = down;
            return;
        }
        if keysym == 0xff15 {
            self.magic = down;
            return;
        }
        if !down {
            return;
        }
        let letter = match keysym {
            0xff0d | 0xff8d => Some('\r'),
            0xff08 => Some('\u{8}'),
            0xff09 => Some('\t'),
            // Ctrl-Alt-Del, where Alt changes nothing here.
            0xffff if self.control => {
                self.screen.write("\r\nRestarting system.");
                self.wish = Some(Wish::Reboot);
                None
            }
            // The kernel's own: restart at once. The simulated one knows no other.
            0x62 if self.magic => {
                self.screen.write("\r\nsysrq: Resetting");
                self.wish = Some(Wish::Reboot);
                None
            }
            0x20..=0x7e if self.magic => None,
            0x20..=0x7e | 0xa0..=0xff => char::from_u32(keysym),
            0x0100_0000..=0x0110_ffff => char::from_u32(keysym & 0x00ff_ffff),
            _ => None,
        };
        match letter {
            Some(letter) if self.control && letter.is_ascii_alphabetic() => {
                self.letter(char::from(letter.to_ascii_lowercase() as u8 & 0x1f));
            }
            Some(letter) => self.letter(letter),
            None => {}
        }
    }

    /// The pointer, with the first button down or not.
    pub fn pointer(&mut self, x: usize, y: usize, pressed: bool) {
        if pressed {
            self.screen.draw(x, y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boots_then_listens() {
        let mut guest = Guest::default();
        guest.tick("web", 1_000, 1_400);
        assert!(guest.screen.text().ends_with("Booting from Hard Disk..."));
        guest.key(u32::from('x'), true);
        guest.tick("web", 1_000, 9_000);
        assert!(
            guest.screen.text().ends_with("root@web:~#"),
            "{}",
            guest.screen.text()
        );
        for letter in "echo hi".chars() {
            guest.key(u32::from(letter), true);
            guest.key(u32::from(letter), false);
        }
        guest.key(0xff0d, true);
        assert!(guest.screen.text().contains("\nhi\n"));
        guest.key(0xffe3, true);
        guest.key(0xffff, true);
        assert_eq!(guest.take_wish(), Some(Wish::Reboot));
        guest.tick("web", 20_000, 20_000);
        assert_eq!(guest.screen.text(), "SeaBIOS (version 1.16.3)");
    }
}
