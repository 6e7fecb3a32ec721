//! Tasks at work: started, moved on by the clock, ended.

mod backups;
mod life;
mod make;
mod migrate;
mod migrate_rules;
mod plans;
mod restore;
mod run;
mod snapshots;
mod vzdump;

pub use backups::{Asked, back_up, delete as delete_backup, verify};
pub use life::{Life, live};
pub use make::{Copied, Made, allocated, clone, create, fresh, mac};
pub use migrate::migrate;
pub use migrate_rules::{Outlook, outlook, storages as storages_for_disks};
pub use plans::{Plan, delete, power, power_as, power_within};
pub use restore::restore;
pub use run::{Launch, advance, cancel, launch, say, settle, stop};
pub use snapshots::{
    create as create_snapshot, delete as delete_snapshot, may_create as may_create_snapshot,
    roll_back,
};
pub use vzdump::{Dump, dump};
