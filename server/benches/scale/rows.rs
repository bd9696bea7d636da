//! The rows, one file for each. They do not know of each other.

pub(crate) mod durable;
pub(crate) mod idle;
pub(crate) mod opening;
pub(crate) mod restart;
pub(crate) mod small;
pub(crate) mod stopped;
pub(crate) mod storm;
