//! Placeholder of this module's first line, until its author writes it.
