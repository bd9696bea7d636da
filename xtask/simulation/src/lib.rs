//! A whole Parley in one process: the server's own sessions, hub, ledger and store, and several pages' own state and outbox,
//! where a seed decides who acts, which frame arrives, when a connection breaks and when the server restarts. It knows no
//! socket and no browser.
//!
//! After each run everyone comes back and comes to rest, and then all must see the same, as `verdict.rs` has it.

mod bug;
mod figures;
mod keeping;
mod line;
mod page;
mod play;
mod run;
mod server;
mod template;
mod trace;
mod verdict;

pub use bug::Bug;
pub use figures::Figures;
pub use run::{Outcome, run};
pub use template::Template;
