//! Pages of friends and groups, and the card that says who someone is. They do not know what is said.

pub mod card;
pub mod deeds;
pub mod face;
pub mod friends;
pub mod order;
pub mod pages;
pub mod profile;
pub mod roll;
