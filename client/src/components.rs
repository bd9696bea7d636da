//! What the page is drawn with. Components read [`crate::state`] and call [`crate::actions`]; they do not know the wire.

pub mod account;
pub mod announcer;
pub mod chunk;
pub mod composer;
pub mod contacts;
pub mod conversations;
pub mod dialog;
pub mod empty;
pub mod entry;
pub mod groups;
pub mod header;
pub mod icon;
pub mod keyed;
pub mod link_banner;
pub mod log;
pub mod message_row;
mod message_state;
pub mod message_text;
pub mod notices;
pub mod page;
pub mod parts;
pub mod people;
pub mod person;
pub mod proof;
pub mod said;
pub mod settings;
pub mod shell;
pub mod sidebar;
pub mod talk;
pub mod when;

pub use page::Page;
