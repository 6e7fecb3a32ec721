//! Consoles: their kinds, where they may be reached, what is typed into them.

pub mod address;
pub mod keys;
pub mod layout;
pub mod look;
pub mod serial;
pub mod spice;

use std::fmt;

/// What a console shows and speaks (guide: Console Access, "Console type selector").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ConsoleKind {
    /// The screen of a VM, by VNC.
    #[default]
    Vnc,
    /// A text terminal: a serial port, a container's console, a node's shell.
    Serial,
    /// SPICE, in a viewer outside of the browser.
    Spice,
}

impl ConsoleKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Vnc, Self::Serial, Self::Spice];

    /// The word in addresses.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Vnc => "vnc",
            Self::Serial => "serial",
            Self::Spice => "spice",
        }
    }

    /// From an address.
    #[must_use]
    pub fn parse(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// The word on its button.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Vnc => "Screen",
            Self::Serial => "Terminal",
            Self::Spice => "SPICE",
        }
    }

    /// The guide's word: `type=novnc`.
    #[must_use]
    pub const fn guide_word(self) -> &'static str {
        match self {
            Self::Vnc => "novnc",
            Self::Serial => "xtermjs",
            Self::Spice => "spice",
        }
    }

    /// The shipped server's word (divergence 37).
    #[must_use]
    pub const fn server_word(self) -> &'static str {
        match self {
            Self::Vnc => "VNC",
            Self::Serial => "TERMINAL",
            Self::Spice => "SPICE",
        }
    }
}

/// Where a console stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Facts {
    /// A node's shell.
    Node,
    /// A container.
    Container,
    /// A VM: its display (`vga`) as configured, and whether it has a serial port. `None`: the
    /// configuration is not known, and the server will say.
    Vm(Option<Devices>),
}

/// What of a VM's configuration decides about its consoles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Devices {
    /// `vga`, up to its first comma; empty: the default.
    pub display: String,
    /// Any of `serial0` to `serial3`.
    pub serial: bool,
}

/// Whether such a console can be there at all; `Err` is the reason why not.
///
/// # Errors
/// A sentence for people.
pub fn possible(facts: &Facts, kind: ConsoleKind) -> Result<(), &'static str> {
    match (facts, kind) {
        (Facts::Node, ConsoleKind::Vnc) => Err("A node has no screen here, only its shell"),
        (Facts::Vm(Some(devices)), ConsoleKind::Vnc) if devices.display == "none" => {
            Err("The VM has no display (vga: none)")
        }
        (Facts::Vm(Some(devices)), ConsoleKind::Vnc) if devices.display.starts_with("serial") => {
            Err("The VM's display is a serial port: take the terminal")
        }
        (Facts::Vm(Some(devices)), ConsoleKind::Serial) if !devices.serial => Err(
            "The VM has no serial port: add serial0 to its hardware, and a console on it in the guest",
        ),
        (Facts::Vm(Some(devices)), ConsoleKind::Spice)
            if !devices.display.starts_with("qxl") && !devices.display.starts_with("virtio") =>
        {
            Err("The VM has no SPICE display: set its display to qxl or virtio")
        }
        (Facts::Node, ConsoleKind::Spice) => Err("The shell of a node is a terminal here"),
        (Facts::Container, ConsoleKind::Vnc) => Err("A container has no screen, only a terminal"),
        (Facts::Container, ConsoleKind::Spice) => Err("A container has no screen, only a terminal"),
        _ => Ok(()),
    }
}

/// The kind to begin with: what was asked for, or the first that is possible.
#[must_use]
pub fn preferred(facts: &Facts, asked: Option<ConsoleKind>) -> ConsoleKind {
    asked.unwrap_or_else(|| {
        ConsoleKind::ALL
            .into_iter()
            .find(|kind| possible(facts, *kind).is_ok())
            .unwrap_or_default()
    })
}

/// Something that opens a console: a ticket, a password, an address that holds one. Never shown
/// by `Debug`, never written to storage.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself, for the one who sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[hidden]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vm(display: &str, serial: bool) -> Facts {
        Facts::Vm(Some(Devices {
            display: display.to_owned(),
            serial,
        }))
    }

    #[test]
    fn kinds_by_hardware() {
        let can = |facts: &Facts| ConsoleKind::ALL.map(|kind| possible(facts, kind).is_ok());
        assert_eq!(can(&vm("std", false)), [true, false, false]);
        assert_eq!(can(&vm("qxl2", true)), [true, true, true]);
        assert_eq!(can(&vm("serial0", true)), [false, true, false]);
        assert_eq!(can(&vm("none", false)), [false, false, false]);
        assert_eq!(can(&Facts::Vm(None)), [true, true, true], "the server says");
        assert_eq!(can(&Facts::Container), [false, true, false]);
        assert_eq!(can(&Facts::Node), [false, true, false]);
        assert_eq!(preferred(&vm("serial0", true), None), ConsoleKind::Serial);
        assert_eq!(
            preferred(&vm("std", false), Some(ConsoleKind::Spice)),
            ConsoleKind::Spice,
            "an address is followed, and told why it does not work"
        );
    }

    #[test]
    fn secrets_are_not_shown() {
        let secret = Secret::new("PVEVNC:6543".to_owned());
        assert_eq!(format!("{secret:?}"), "[hidden]");
    }

    #[test]
    fn slugs_read_back() {
        for kind in ConsoleKind::ALL {
            assert_eq!(ConsoleKind::parse(kind.slug()), Some(kind));
        }
        assert_eq!(ConsoleKind::parse("rdp"), None);
    }
}
