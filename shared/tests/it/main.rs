//! Tests of what both ends compile, through its public doors only. They know neither the server nor the page.

mod account;
mod api;
mod chain;
mod content;
mod json;
mod mentions;
mod protocol_doc;
mod sample;
mod timeline;
mod variants;
mod wire;
mod witness;
