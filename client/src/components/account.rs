//! The pages of accounts: coming in, one's own account, looking after a server. They do not know the API.
//!
//! They are made of a few shapes (`form`, `field`, `listing`, `frame`), which are compiled once each.

pub mod choice;
pub mod devices;
pub mod door;
pub mod field;
pub mod form;
pub mod frame;
pub mod invitations;
pub mod listing;
pub mod pages;
pub mod personal;
pub mod picture;
pub mod policy;
pub mod profile;
pub mod qr;
pub mod register;
pub mod registered;
pub mod reset;
pub mod second_factor;
pub mod security;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod tokens;
