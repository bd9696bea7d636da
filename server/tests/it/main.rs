//! Tests of the whole server through its public doors: real sockets, its store, its ledger, its binary. They know no internals.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test is a test too: a panic is how it says no"
)]

mod browser;
#[expect(dead_code, reason = "the harnesses of faults ask more of it")]
mod chance;
#[expect(dead_code, reason = "the harnesses of faults ask more of it")]
mod client;
mod journal;
mod plain;
#[expect(dead_code, reason = "the harnesses of faults ask more of it")]
mod process;
mod raw;
mod scene;
mod talkers;
#[expect(dead_code, reason = "the harnesses of faults ask more of it")]
mod verdict;

mod access;
mod accounts;
mod arrival;
mod away;
mod backup;
mod callers;
mod changing;
mod conformance;
mod contacts;
mod conversations;
mod frames;
mod groups;
mod http;
mod identity;
mod ledger;
mod letters;
mod limits;
mod looking;
mod mentions;
mod origin;
mod permissions;
mod pictures;
mod presence;
mod proxies;
mod receipts;
mod refusals;
mod resume;
mod sending;
mod shutdown;
mod slow;
mod store;
mod verify;
