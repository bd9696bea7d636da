//! The kill harness: the real binary under load, `kill -9` at any moment, again and again.
//!
//! Under it people write in several conversations; they come back to the same data by themselves and say again what
//! was not acknowledged. After every kill a fresh reader of each conversation reads everything: what was acknowledged
//! must be there, once, in one order for all, in a chain that holds. `PARLEY_FAULT_ROUNDS` sets how often.

use std::time::{Duration, Instant};

use crate::chance::Chance;
use crate::crowd::{Crowd, Pace};
use crate::process::Setup;
use crate::verdict::{self, Anomaly, Kind};
use crate::{seed, setting};

/// Rounds of the short form.
const ROUNDS: u64 = 6;
/// After so many rounds another server begins with nothing, since fresh readers read all that there is.
const ROUNDS_OF_ONE: u64 = 20;
/// Rounds in which a bug that was planted must be found.
const ROUNDS_TO_FIND: u64 = 6;
/// How long people may take to come back and to have everything confirmed.
const PATIENCE: Duration = Duration::from_secs(60);
/// The same where something is wrong, so that some things are never confirmed.
const PATIENCE_WITH_BUGS: Duration = Duration::from_secs(6);

/// What came out.
struct Outcome {
    acknowledged: usize,
    kills: u64,
    anomalies: Vec<Anomaly>,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_message_is_lost_by_killing_the_server() {
    let rounds = setting("PARLEY_FAULT_ROUNDS", ROUNDS);
    let mut chance = Chance::new(seed());
    let started = Instant::now();
    let (mut acknowledged, mut kills, mut anomalies) = (0, 0, Vec::new());
    let mut done = 0;
    while done < rounds {
        let now = ROUNDS_OF_ONE.min(rounds - done);
        let outcome = kill_again_and_again(None, now, PATIENCE, &mut chance).await;
        done += now;
        acknowledged += outcome.acknowledged;
        kills += outcome.kills;
        anomalies.extend(outcome.anomalies);
        println!("{done} rounds: {acknowledged} acknowledged so far");
    }
    println!(
        "killed {kills} times in {rounds} rounds, {acknowledged} acknowledged, {:.0} s: {}",
        started.elapsed().as_secs_f64(),
        verdict::tally(&anomalies)
    );
    assert!(anomalies.is_empty(), "{anomalies:#?}");
    let enough = usize::try_from(50 * rounds).unwrap();
    assert!(acknowledged > enough, "they were busy: {acknowledged}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_harness_finds_a_server_that_acknowledges_before_it_commits() {
    let anomalies = with_bug("early-acknowledgement").await;
    let lost = |found: &Anomaly| found.kind == Kind::Lost;
    assert!(anomalies.iter().any(lost), "{anomalies:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_harness_finds_a_server_that_takes_a_retry_for_a_new_message() {
    let anomalies = with_bug("blind-retry").await;
    let twice = |found: &Anomaly| found.kind == Kind::Duplicate;
    assert!(anomalies.iter().any(twice), "{anomalies:?}");
}

async fn with_bug(bug: &'static str) -> Vec<Anomaly> {
    let mut chance = Chance::new(seed());
    let outcome =
        kill_again_and_again(Some(bug), ROUNDS_TO_FIND, PATIENCE_WITH_BUGS, &mut chance).await;
    println!(
        "{bug}: found after {} kills with {} acknowledged: {}",
        outcome.kills,
        outcome.acknowledged,
        verdict::tally(&outcome.anomalies)
    );
    outcome.anomalies
}

/// Kills one server until all rounds are over or something is wrong.
async fn kill_again_and_again(
    bug: Option<&'static str>,
    rounds: u64,
    patience: Duration,
    chance: &mut Chance,
) -> Outcome {
    let dir = tempfile::tempdir().expect("there is room for a directory");
    let mut setup = Setup::new(dir.path()).await;
    let mut server = setup.start().await;
    let mut crowd = Crowd::gather(setup.address, setup.address, Pace::BUSY).await;
    if bug.is_some() {
        // People could not even come to some of the servers that have a bug.
        server.terminate().await;
        setup.bug = bug;
        server = setup.start().await;
    }
    let mut outcome = Outcome {
        acknowledged: 0,
        kills: 0,
        anomalies: Vec::new(),
    };
    for _ in 0..rounds {
        let busy = crowd.set_off();
        tokio::time::sleep(chance.millis(300, 1_200)).await;
        server.kill().await;
        outcome.kills += 1;
        // Sometimes it is killed once more, while it is coming back.
        if chance.percent(20) {
            server = setup.begin();
            tokio::time::sleep(chance.millis(0, 200)).await;
            server.kill().await;
            outcome.kills += 1;
        }
        server = setup.start().await;
        crowd = busy.settle(patience).await;
        outcome.anomalies = crowd.judge(dir.path(), patience).await;
        outcome.acknowledged = crowd.acknowledged();
        if !outcome.anomalies.is_empty() {
            if bug.is_none() {
                println!("{}", crowd.journal());
            }
            break;
        }
    }
    server.kill().await;
    outcome
}
