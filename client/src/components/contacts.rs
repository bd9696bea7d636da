//! Pages of friends and groups, and the card that says who someone is. They do not know what is said.

pub mod card;
pub mod pages;
