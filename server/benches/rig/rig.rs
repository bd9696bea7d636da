//! What a load from outside is made of: connections, frames, servers as processes, the check of what was
//! delivered. It does not know what is measured, nor what frames say.

pub(crate) mod connection;
pub(crate) mod frames;
pub(crate) mod planted;
pub(crate) mod process;
pub(crate) mod record;
pub(crate) mod tally;
pub(crate) mod usage;
