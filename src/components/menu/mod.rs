//! Menus: one level deep, frequent first, what destroys last behind a divider.

mod button;
mod item;
mod list;

pub use button::{ActionMenu, MenuButton};
pub use item::MenuItem;
pub use list::{MenuSurface, open_menu};
