//! The kit: what every screen is made of.
//!
//! Knows neither the router nor the API: links are plain `href`s, data comes in by signals, and
//! what a press does comes in as a callback. An accessible name is a required prop of everything
//! that can be acted on. No `style` attributes and no `inner_html`: data-driven values go through
//! `style:` bindings, since the content policy refuses the rest.

mod button;
mod call;
mod card;
pub mod chart;
pub mod console;
mod crumbs;
pub mod dialog;
pub mod dom;
pub mod drawn;
pub mod faces;
pub mod form;
mod gauge;
mod icon;
pub mod lazy;
mod log;
mod markdown;
pub mod menu;
mod meter;
pub mod overlay;
mod segments;
mod settled;
mod status;
mod tab_stop;
pub mod table;
mod tabs;
mod tag;
mod text;
pub mod time;
mod tip;
pub mod toast;
mod wizard;

pub use button::{Button, ButtonLook, ControlSize, IconButton, LinkButton};
pub use call::{CallFold, CallText};
pub use card::{Card, Fact, Facts};
pub use chart::{ChartUnit, Ink, LineChart, Samples, Series, Sparkline, YRange, Zoom, ZoomNote};
pub use crumbs::{Breadcrumbs, CrumbItem};
pub use dialog::{
    ConfirmDialog, Dialog, DialogSize, Loss, TypedConfirm, Weight, confirm_call, confirm_now,
};
pub use faces::{
    EmptyState, ErrorState, ErrorView, FaceState, Faces, Note, Skeleton, SkeletonRows, StaleNote,
};
pub use form::{
    CheckField, Choice, Combo, Field, KnownTag, NumberField, NumberRange, QueryBox, SearchField,
    SelectField, SelectOption, SwitchField, TagsField, TextArea, TextField, TextKind,
};
pub use gauge::Gauge;
pub use icon::{Icon, IconName, IconSize};
pub use log::LogView;
pub use markdown::Markdown;
pub use menu::{ActionMenu, MenuButton, MenuItem};
pub use meter::{Progress, Usage, UsageBar};
pub use segments::Segments;
pub use status::{NodeState, Pill, TaskMark, Tone, VmStatePill, vm_look};
pub use tab_stop::looked_at;
pub use tabs::{TabItem, Tabs};
pub use tag::{TagChip, TagLook, TagRow};
pub use text::{AmountText, CopyButton};
pub use time::{DurationText, TimeStyle, TimeText};
pub use tip::TipLayer;
pub use toast::{Toast, ToastStack, Toasts, provide_toasts, use_toasts};
pub use wizard::{StepState, Wizard, WizardStep};
