//! The pages of groups: finding, making and looking after them, coming in by a link. They do not know the API.
//!
//! They are made of the same few shapes as the pages of accounts, and of some more: entries that come
//! page by page (`paged`), what is asked once more before it is done (`confirm`), people to choose (`picker`).

pub mod bans;
pub mod confirm;
pub mod describe;
pub mod directory;
pub mod emblem;
pub mod frame;
pub mod group;
pub mod invited;
pub mod leaving;
pub mod links;
pub mod make;
pub mod member;
pub mod members;
pub mod paged;
pub mod picker;
pub mod row;
