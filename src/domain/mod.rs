//! Pure rules. Nothing here knows the network, the DOM or what time it is.

pub mod ago;
pub mod alerts;
pub mod carry;
pub mod complete;
pub mod config;
pub mod csv;
pub mod ids;
pub mod lenient;
pub mod live;
pub mod overview;
pub mod place;
pub mod plot;
pub mod query;
pub mod range;
pub mod runtime_config;
pub mod selection;
pub mod status;
pub mod table;
pub mod tags;
pub mod task;
pub mod text;
pub mod ticks;
pub mod units;
pub mod url_query;
pub mod vm_can;
pub mod vm_list;
