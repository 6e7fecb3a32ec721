//! Menus: one level deep, frequent first, what destroys last behind a divider.

mod item;

pub use item::MenuItem;
