//! What `cargo xtask fault` runs: the real binary, killed, out of power, off the network and out of disk, with its
//! readers held against each other afterwards. It knows no internals.
//!
//! Without settings each harness takes its short form. The bugs that the controls look for are in the binary
//! that was built with this test, and the one under test is another when `PARLEY_FAULT_SERVER` names it.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test is a test too: a panic is how it says no"
)]
#![expect(clippy::print_stdout, reason = "a harness says what it found")]
#![expect(
    dead_code,
    reason = "the people of the other tests can do more than is asked of them here"
)]

mod browser;
mod client;
mod journal;
mod plain;
mod process;
mod raw;
mod scene;
mod verdict;

mod audit;
mod chance;
mod crowd;

#[cfg(target_os = "linux")]
mod disk;
mod kill;
mod network;
#[cfg(target_os = "linux")]
mod power;

/// A number that whoever runs this has set, or that of the short form.
fn setting(name: &str, short: u64) -> u64 {
    std::env::var(name).map_or(short, |value| {
        value
            .parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {value:?}"))
    })
}

/// The seed of this run, which is printed so that the run can be had again.
fn seed() -> u64 {
    let fresh = || getrandom::u64().expect("the operating system has randomness") >> 32;
    let seed = match std::env::var("PARLEY_FAULT_SEED") {
        Ok(_) => setting("PARLEY_FAULT_SEED", 0),
        Err(_) => fresh(),
    };
    println!("seed {seed}");
    seed
}
