use crate::components::IconName;
use leptos::prelude::*;

/// One action of a menu.
#[derive(Debug, Clone)]
pub struct MenuItem {
    /// Stays the same while the menu is open, whatever the label says.
    pub id: &'static str,
    /// The verb: "Shut down".
    pub label: String,
    /// Picture.
    pub icon: Option<IconName>,
    /// Why it can't be done now; the item is shown, can be focused, and does nothing.
    pub disabled: Option<String>,
    /// Destroys something: red, last, behind a divider.
    pub danger: bool,
    /// Shortcut or detail, at the right.
    pub hint: Option<String>,
    /// A link instead of an action.
    pub href: Option<String>,
    /// The link is a file to be kept, not a page to go to.
    pub download: bool,
    /// A choice that is on or off; the menu stays open on a press.
    pub checked: Option<bool>,
    /// What it does.
    pub run: Callback<()>,
}

impl MenuItem {
    /// An action.
    pub fn new(
        id: &'static str,
        label: impl Into<String>,
        run: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self {
            id,
            label: label.into(),
            icon: None,
            disabled: None,
            danger: false,
            hint: None,
            href: None,
            download: false,
            checked: None,
            run: Callback::new(move |()| run()),
        }
    }

    /// A link.
    pub fn link(id: &'static str, label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            href: Some(href.into()),
            ..Self::new(id, label, || {})
        }
    }

    /// The link is a file to be kept: the browser fetches it, and the console stays where it is.
    #[must_use]
    pub const fn download(mut self) -> Self {
        self.download = true;
        self
    }

    /// With a picture.
    #[must_use]
    pub fn icon(mut self, icon: IconName) -> Self {
        self.icon = Some(icon);
        self
    }

    /// With the reason why it can't be done; `None` where it can.
    #[must_use]
    pub fn disabled(mut self, reason: Option<String>) -> Self {
        self.disabled = reason;
        self
    }

    /// Destroys something.
    #[must_use]
    pub const fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// On or off, and toggled.
    #[must_use]
    pub const fn checked(mut self, on: bool) -> Self {
        self.checked = Some(on);
        self
    }

    /// With a word at the right.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl PartialEq for MenuItem {
    /// By what is seen.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
            && self.label == other.label
            && self.icon == other.icon
            && self.disabled == other.disabled
            && self.danger == other.danger
            && self.hint == other.hint
            && self.href == other.href
            && self.download == other.download
            && self.checked == other.checked
    }
}
