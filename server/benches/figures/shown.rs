//! How figures are shown: beside what they have to reach, as pictures, and kept. It does not know what is measured.

pub(crate) mod chart;
pub(crate) mod target;
pub(crate) mod written;
