//! A few seeds, in which nothing may go wrong, and planted bugs, each of which must be found.

#![expect(clippy::unwrap_used, reason = "a panic is how a test says no")]

use parley_simulation::{Bug, Outcome, Template, run};

/// Seeds that are played here. Many more are, by `cargo xtask fault simulation`.
const SEEDS: u64 = 40;
/// Seeds among which a planted bug must show.
const SEEDS_WITH_BUG: u64 = 40;
/// Seeds that are played twice.
const SEEDS_TRACED: u64 = 6;

fn play(seeds: std::ops::Range<u64>, bug: Option<Bug>, mut look: impl FnMut(u64, Outcome) -> bool) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let template = runtime.block_on(Template::make()).unwrap();
    for seed in seeds {
        let outcome = runtime.block_on(run(&template, seed, bug, false)).unwrap();
        if !look(seed, outcome) {
            return;
        }
    }
}

#[test]
fn whatever_happens_everyone_sees_the_same_in_the_end() {
    play(0..SEEDS, None, |seed, outcome| {
        let faults = outcome.faults;
        assert!(
            faults.is_empty(),
            "cargo xtask fault simulation --seed {seed}\n{faults:#?}"
        );
        true
    });
}

#[test]
fn planted_bugs_are_found() {
    for bug in [
        Bug::LostFrames,
        Bug::ForgottenOutbox,
        Bug::SentAnew,
        Bug::EarlyAnswer,
    ] {
        let mut found = None;
        play(0..SEEDS_WITH_BUG, Some(bug), |seed, outcome| {
            found = outcome.faults.first().map(|fault| (seed, fault.clone()));
            found.is_none()
        });
        let (seed, fault) = found.unwrap_or_else(|| panic!("{bug:?} is not found"));
        println!("{bug:?} is found by seed {seed}: {fault}");
    }
}

#[test]
fn the_same_seed_brings_the_same_step_by_step() {
    let traced = |seed| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        // Each time other people and conversations, with other ids.
        let template = runtime.block_on(Template::make()).unwrap();
        let outcome = runtime.block_on(run(&template, seed, None, true)).unwrap();
        (outcome.figures, outcome.trace)
    };
    for seed in 0..SEEDS_TRACED {
        let (one, other) = (traced(seed), traced(seed));
        let mut lines = one.1.lines().zip(other.1.lines());
        let differs = lines.position(|(one, other)| one != other);
        if let Some(at) = differs {
            let line = |trace: &str| trace.lines().nth(at).map(str::to_owned);
            let (one, other) = (line(&one.1), line(&other.1));
            panic!("seed {seed}, line {at}:\n{one:?}\n{other:?}");
        }
        assert_eq!(
            one.1.lines().count(),
            other.1.lines().count(),
            "seed {seed}"
        );
        assert_eq!(one.0, other.0, "seed {seed}");
    }
}
