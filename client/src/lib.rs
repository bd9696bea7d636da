//! Parley's page as a library, so that tests can mount it. It does not know which document it will be shown in.
//!
//! A message's way through the page: `components` (the composer) → [`actions`] → [`sync`] (the row
//! appears as pending) → [`outbox`] (whose turn it is) → [`socket`] → the server → [`socket`] →
//! [`sync`] (the row is confirmed) → [`state`] → [`rows`] → `components` (the log).
//!
//! Components read [`state`] and call [`actions`]; nothing else writes state but [`sync`].
//!
//! What is asked once goes another way: `components` (a form) → [`account`] → [`api`] → the server,
//! and back as the answer or as a [`api::Failure`]. Which page is shown stands in [`route`].

pub mod state;

pub mod account;
pub mod api;
pub mod groups;
pub mod route;

pub mod actions;
pub mod back_off;
pub mod order;
pub mod outbox;
pub mod rows;
pub mod sync;

pub mod clock;
pub mod preferences;
pub mod socket;
pub mod storage;

pub mod components;
pub mod dates;
pub mod dom;
pub mod portrait;
pub mod text;

pub mod app;
