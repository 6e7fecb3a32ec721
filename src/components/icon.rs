use leptos::prelude::*;

macro_rules! icons {
    ($($arm:ident = $id:literal),+ $(,)?) => {
        /// The pictures of `assets/icons.svg`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum IconName { $(#[doc = $id] $arm,)+ }

        impl IconName {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$arm,)+];

            /// The symbol's ID in the sprite.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$arm => $id,)+ }
            }

            /// Address in the sprite, which the build puts into index.html (`.ci/assets.mjs`).
            const fn address(self) -> &'static str {
                match self { $(Self::$arm => concat!("#i-", $id),)+ }
            }
        }
    };
}

icons! {
    Activity = "activity",
    Archive = "archive",
    ArrowDown = "arrow-down",
    ArrowLeft = "arrow-left",
    ArrowRight = "arrow-right",
    ArrowUp = "arrow-up",
    ArrowUpDown = "arrow-up-down",
    Backup = "database-backup",
    Bell = "bell",
    Bolt = "zap",
    Calendar = "calendar",
    Camera = "camera",
    Check = "check",
    ChevronDown = "chevron-down",
    ChevronLeft = "chevron-left",
    ChevronRight = "chevron-right",
    ChevronUp = "chevron-up",
    CircleAlert = "circle-alert",
    CircleCheck = "circle-check",
    CircleX = "circle-x",
    Clock = "clock",
    Cluster = "hexagon",
    Columns = "columns-3",
    Console = "square-terminal",
    Copy = "copy",
    Cpu = "cpu",
    Dashboard = "layout-dashboard",
    Database = "database",
    Disk = "hard-drive",
    Dots = "ellipsis",
    Download = "download",
    Edit = "pencil",
    Export = "file-down",
    External = "external-link",
    Eye = "eye",
    EyeOff = "eye-off",
    File = "file-text",
    Filter = "list-filter",
    Grip = "grip-vertical",
    Heart = "heart-pulse",
    Help = "circle-question-mark",
    History = "history",
    Hourglass = "hourglass",
    Info = "info",
    Key = "key-round",
    Keyboard = "keyboard",
    Layers = "layers",
    Link = "link",
    List = "list",
    ListChecks = "list-checks",
    Lock = "lock",
    LogIn = "log-in",
    LogOut = "log-out",
    Maximize = "maximize",
    Memory = "memory-stick",
    Menu = "menu",
    Minus = "minus",
    Monitor = "monitor",
    Moon = "moon",
    Network = "network",
    NodeServer = "server",
    Panel = "panel-left",
    Pause = "pause",
    Pin = "pin",
    Play = "play",
    Plug = "plug",
    Plus = "plus",
    Power = "power",
    Refresh = "refresh-cw",
    Reset = "rotate-ccw",
    Search = "search",
    Settings = "settings",
    Shield = "shield",
    ShieldCheck = "shield-check",
    Sliders = "sliders-horizontal",
    Snapshot = "git-commit-vertical",
    Square = "square",
    Suspend = "moon-star",
    Sun = "sun",
    SunMoon = "sun-moon",
    Tag = "tag",
    Tasks = "list-todo",
    Terminal = "terminal",
    Trash = "trash-2",
    Triangle = "triangle-alert",
    Undo = "undo-2",
    Unlock = "lock-open",
    Unplug = "unplug",
    Upload = "upload",
    User = "user",
    Users = "users",
    Volume = "server-nas",
    WifiOff = "wifi-off",
    X = "x",
    StateRunning = "state-running",
    StateStopped = "state-stopped",
    StatePaused = "state-paused",
    StateSuspended = "state-suspended",
    StateError = "state-error",
    StateUnknown = "state-unknown",
    StateOnline = "state-online",
    StateOffline = "state-offline",
    Spinner = "spinner",
}

/// Size of an icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IconSize {
    /// 12 px, inside pills and chips.
    Small,
    /// 16 px.
    #[default]
    Normal,
    /// 20 px, on empty faces and phones.
    Large,
}

/// A picture in the colour of the text around it. It says nothing to screen readers: the word
/// beside it does, or the name of the control that it stands in.
#[component]
pub fn Icon(
    /// Which.
    #[prop(into)]
    name: Signal<IconName>,
    /// How large.
    #[prop(optional)]
    size: IconSize,
) -> impl IntoView {
    move || drawn(name.get(), size)
}

/// The same, as it stands: for what is drawn anew as a whole.
pub(crate) fn drawn(name: IconName, size: IconSize) -> impl IntoView + use<> {
    let class = match (size, name == IconName::Spinner) {
        (IconSize::Small, false) => "icon small",
        (IconSize::Small, true) => "icon small spin",
        (IconSize::Normal, false) => "icon",
        (IconSize::Normal, true) => "icon spin",
        (IconSize::Large, false) => "icon large",
        (IconSize::Large, true) => "icon large spin",
    };
    view! {
        <svg class=class aria-hidden="true">
            <use href=name.address()></use>
        </svg>
    }
}
