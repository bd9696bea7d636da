//! The rules of a timeline, by example and against a model of a server. They know no network.

mod examples;
mod pending;
mod property;
mod server;
mod world;
