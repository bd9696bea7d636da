//! What the server and the page agree on. It knows no network, no database, no clock and no randomness.
//!
//! Read in this order: [`ids`] and [`limits`] are the vocabulary, [`model`] the nouns,
//! [`protocol`] the verbs and facts that cross the wire, [`codec`] their bytes, [`json`] the small
//! reader of facts. [`content`] holds the checks on what people write, [`mentions`] finds whom they
//! mean, [`chain`] is the hash that ties a conversation's history together, [`timeline`] has the rules
//! by which a reader puts messages in order and notices that one is missing, and [`witness`] those by
//! which they prove that what they are served is what was written. [`api`] is the other door, for what
//! is asked and answered once: accounts and whoever looks after them. [`refusal`] is what both doors
//! say when they say no.

pub mod ids;
pub mod limits;
pub mod model;
pub mod protocol;
pub mod refusal;

pub mod api;

pub mod codec;
pub mod content;
pub mod json;
pub mod mentions;

pub mod chain;
pub mod timeline;
pub mod witness;
