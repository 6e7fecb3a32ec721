//! How consoles are shown; kept on the device, without anything of a guest.

use super::layout::Layout;
use serde::{Deserialize, Serialize};

/// What pictures may cost on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Quality {
    /// Few bytes: a slow line.
    Low,
    /// In between.
    #[default]
    Middle,
    /// As the guest draws it.
    High,
}

impl Quality {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Low, Self::Middle, Self::High];

    /// The word on the choice.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Low => "Low, for slow lines",
            Self::Middle => "Medium",
            Self::High => "High",
        }
    }

    /// Picture quality and compression, 0 to 9, as VNC has them.
    #[must_use]
    pub const fn levels(self) -> (u32, u32) {
        match self {
            Self::Low => (2, 9),
            Self::Middle => (6, 2),
            Self::High => (9, 0),
        }
    }
}

/// How the guest's screen and this window come together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// The picture is drawn as large as the window.
    #[default]
    Scale,
    /// The guest is asked for a screen as large as the window.
    Resize,
    /// As it is; what does not fit is cut off and can be scrolled to.
    Actual,
}

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsoleLook {
    /// Picture and window.
    pub fit: Fit,
    /// A dot where the guest shows no pointer.
    pub dot: bool,
    /// What pictures may cost.
    pub quality: Quality,
    /// [`Layout::slug`] of the guest's keyboard.
    pub layout: String,
    /// Whether a screen reader is told what appears on terminals.
    pub spoken: bool,
}

impl ConsoleLook {
    /// The guest's keyboard.
    #[must_use]
    pub fn keyboard(&self) -> Layout {
        Layout::parse(&self.layout).unwrap_or_default()
    }
}
