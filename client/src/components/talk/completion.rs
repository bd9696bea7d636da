//! Completing the name of whom one mentions. It does not know what becomes of the text.

mod list;
mod query;
mod sources;

pub(super) use list::completion;
