//! The whole page in a real browser, with a server that is played by hand. It does not know how anything is styled.
//!
//! A click reaches an action, a fact reaches the page. What follows from which fact is tested on
//! the host, beside `sync`; that it crosses the network, end to end.

#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use wasm_bindgen_test::wasm_bindgen_test_configure;

mod browser;
mod desk;
mod page;
mod server;

mod account;
mod card;
mod changing;
mod completing;
mod composing;
mod conversations;
mod groups;
mod kept;
mod keyed;
mod own;
mod people;
mod proving;
mod reading;
mod settings;
mod tabs;

wasm_bindgen_test_configure!(run_in_browser);
