//! Snapshots: what they may be called, how long they live, and the tree that they make.

pub mod fleet;
pub mod life;
pub mod name;
pub mod pattern;
pub mod sweep;
pub mod tree;

pub use life::{Life, Ttl};
pub use tree::{Item, Odd, Rail, Row, Tree, What, tree};
