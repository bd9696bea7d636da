//! The network harness: somebody between real clients and the real server, who resets, stalls, splits and half-opens
//! their connections and delays what they say.
//!
//! When the network is well again everyone must see what a fresh reader sees, in a chain that holds.
//! `PARLEY_FAULT_ROUNDS` sets how often it goes bad and well, and the seed what is done to which connection.

use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::chance::Chance;
use crate::crowd::{Crowd, Pace};
use crate::process::Setup;
use crate::verdict;
use crate::{seed, setting};

mod proxy;

use proxy::Proxy;

/// Rounds of the short form.
const ROUNDS: u64 = 2;
/// How long a round is bad.
const BAD: Duration = Duration::from_secs(8);
/// How long people may take to have everything confirmed when all is well again.
const PATIENCE: Duration = Duration::from_secs(60);

/// Enough to have something on the way at every moment.
const PACE: Pace = Pace {
    on_their_way: 24,
    pause: Duration::from_millis(5),
    long_every: 20,
    long_chars: 6_000,
};

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_network_does_everyone_sees_the_same_in_the_end() {
    let rounds = setting("PARLEY_FAULT_ROUNDS", ROUNDS);
    let chance = Chance::new(seed());
    let mut acknowledged = 0;
    let mut slowest = Duration::ZERO;
    let mut done = std::collections::BTreeMap::new();
    for round in 0..rounds {
        let dir = tempfile::tempdir().expect("there is room for a directory");
        let setup = Setup::new(dir.path()).await;
        let mut server = setup.start().await;
        let (calm, is_calm) = watch::channel(true);
        let proxy = Proxy::before(setup.address, &chance.branch(round), is_calm).await;
        let crowd = Crowd::gather(setup.address, proxy.address, PACE).await;
        let busy = crowd.set_off();
        calm.send_replace(false);
        tokio::time::sleep(BAD).await;
        proxy.heal();
        let healed = Instant::now();
        let mut crowd = busy.settle(PATIENCE).await;
        slowest = slowest.max(healed.elapsed());
        let anomalies = crowd.judge(dir.path(), PATIENCE).await;
        acknowledged += crowd.acknowledged();
        for (fault, count) in proxy.counts() {
            *done.entry(fault).or_insert(0) += count;
        }
        println!(
            "round {}: {acknowledged} acknowledged so far, {}",
            round + 1,
            verdict::tally(&anomalies)
        );
        assert!(anomalies.is_empty(), "{anomalies:#?}\n{}", crowd.journal());
        server.kill().await;
    }
    println!("{done:?}; everything was confirmed {slowest:.1?} after it was well at most");
    assert!(done.len() >= 5, "much was tried: {done:?}");
    let enough = usize::try_from(100 * rounds).unwrap();
    assert!(acknowledged > enough, "they were busy: {acknowledged}");
}
