//! Pure rules. Nothing here knows the network, the DOM or what time it is.

pub mod ago;
pub mod alerts;
pub mod arrange;
pub mod board;
pub mod carry;
pub mod chips;
pub mod complete;
pub mod config;
pub mod csv;
pub mod fuzzy;
pub mod group;
pub mod ids;
pub mod lenient;
pub mod live;
pub mod load;
pub mod locks;
pub mod log;
// Its parser is linked by the browser app and by tests alone.
#[cfg(any(feature = "ui", test))]
pub mod markdown;
pub mod mass_edit;
pub mod overview;
pub mod place;
pub mod plot;
pub mod query;
pub mod range;
pub mod runtime_config;
pub mod selection;
pub mod shortcuts;
pub mod snooze;
pub mod status;
pub mod table;
pub mod tags;
pub mod task;
pub mod text;
pub mod ticks;
pub mod units;
pub mod unsaved;
pub mod url_query;
pub mod views;
pub mod vm_can;
pub mod vm_group;
pub mod vm_list;
pub mod vm_order;
pub mod wall;
pub mod zoom;
