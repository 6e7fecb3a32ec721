//! What several screens share: errors into words, loads into faces, VMs into facts, and the
//! actions on a VM with their confirmations.

pub mod address;
pub mod call;
pub mod create;
pub mod faces;
pub mod facts;
pub mod force;
pub mod layout;
pub mod pool;
pub mod power;
pub mod read_anew;
pub mod refusals;
pub(crate) mod short_table;
pub mod under_way;
pub mod vm_menu;

mod delete;
