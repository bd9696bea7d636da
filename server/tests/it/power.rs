//! The power harness: what a disk may hold after the power went, and whether it is enough.
//!
//! strace records what the real binary writes, syncs and acknowledges while people write to it, while it is killed and
//! stopped, and while it starts again. Afterwards images are made of what a disk may hold at any point of that: see
//! [`platter`]. Each is opened by the store as a server would open it, and every message that was acknowledged before
//! that point must be there, in a chain that holds. `PARLEY_FAULT_IMAGES` sets how many images there are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use parley_server::store::Store;

use crate::audit;
use crate::chance::Chance;
use crate::crowd::{Crowd, Pace};
use crate::process::Setup;
use crate::{seed, setting};

mod platter;
mod trace;

use platter::Platter;
use trace::{Acknowledged, Event};

/// Images of the short form.
const IMAGES: u64 = 60;
/// Images of one recording.
const IMAGES_OF_ONE: u64 = 250;
/// Images in which a loss must be found where nothing is synced.
const IMAGES_TO_FIND: u64 = 25;
/// How often the server of a recording is started.
const LIVES: usize = 8;
/// Acknowledgements after a start that are looked at as such: the first tell what an earlier life had written.
const FIRST_TOLD: usize = 3;
/// Recordings in which a loss must be found that only few of them contain.
const RECORDINGS_TO_FIND: usize = 8;
/// The bug that shows in the first moments of a server that has come back, and nowhere else.
const TRUSTED_LOG: &str = "trusted-log";
/// How long strace may take to write its last line.
const LAST_LINE: Duration = Duration::from_secs(20);

/// Few at a time, so that there are many commits, and some long messages, so that the log is soon full.
const PACE: Pace = Pace {
    on_their_way: 4,
    pause: Duration::from_millis(1),
    long_every: 6,
    long_chars: 3_000,
};

/// What came out.
#[derive(Debug, Default)]
struct Outcome {
    images: u64,
    /// Images in which something acknowledged is missing.
    losing: u64,
    /// Acknowledged messages that are missing, of all images.
    lost: u64,
    /// The most of them in one image.
    lost_most: u64,
    /// Acknowledgements before the point of an image, of all images.
    acknowledged: u64,
    /// Images that the store does not open, or whose content does not hold together.
    broken: u64,
    examples: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_the_power_went() {
    let images = setting("PARLEY_FAULT_IMAGES", IMAGES);
    let outcome = lose_power(None, images).await;
    assert_eq!((outcome.losing, outcome.broken), (0, 0), "{outcome:#?}");
    assert!(outcome.acknowledged > images, "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_harness_finds_what_is_lost_when_nothing_is_synced() {
    let outcome = lose_power(Some("sync-off"), controls()).await;
    assert!(outcome.losing > 0, "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_harness_finds_what_is_lost_when_commits_are_not_synced() {
    let outcome = lose_power(Some("sync-normal"), controls()).await;
    assert!(outcome.losing > 0, "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_harness_finds_what_is_lost_when_a_log_is_trusted_because_it_can_be_read() {
    // What a kill catches in the middle of a sync is a matter of luck.
    for _ in 0..RECORDINGS_TO_FIND {
        if lose_power(Some(TRUSTED_LOG), IMAGES_TO_FIND).await.losing > 0 {
            return;
        }
    }
    panic!("it was not found");
}

fn controls() -> u64 {
    setting("PARLEY_FAULT_IMAGES", 10 * IMAGES_TO_FIND) / 10
}

async fn lose_power(bug: Option<&'static str>, images: u64) -> Outcome {
    let started = Instant::now();
    let mut chance = Chance::new(seed());
    let mut outcome = Outcome::default();
    while outcome.images < images {
        let now = IMAGES_OF_ONE.min(images - outcome.images);
        let lives = record(bug, &mut chance).await;
        let events = lives.concat();
        println!("recorded: {}", described(&events));
        let points = points(bug, &lives, &events, now, &mut chance);
        develop(&events, points, &mut chance, &mut outcome).await;
        println!("{} images so far", outcome.images);
    }
    println!(
        "{}: {} images in {:.0} s, before which {} messages were acknowledged on average: {} images lose, \
         {} messages in all, {} at most; {} images are broken",
        bug.unwrap_or("as it is"),
        outcome.images,
        started.elapsed().as_secs_f64(),
        outcome.acknowledged / outcome.images.max(1),
        outcome.losing,
        outcome.lost,
        outcome.lost_most,
        outcome.broken,
    );
    for example in &outcome.examples {
        println!("  {example}");
    }
    outcome
}

/// Records a server that people write to while it is killed, stopped and started: one list for each of its lives.
async fn record(bug: Option<&'static str>, chance: &mut Chance) -> Vec<Vec<Event>> {
    let dir = tempfile::tempdir().expect("there is room for a directory");
    let data_dir = dir.path().join("data");
    std::fs::create_dir(&data_dir).expect("there is room for a directory");
    let mut setup = Setup::new(&data_dir).await;
    setup.bug = bug;
    setup.slow_syncs = bug == Some(TRUSTED_LOG) || chance.percent(50);
    let mut lives = Vec::new();
    let mut busy = None;
    for life in 0..LIVES {
        let trace = dir.path().join(format!("trace-{life}"));
        setup.trace = Some(trace.clone());
        let mut server = setup.start().await;
        busy = match busy {
            None => {
                let crowd = Crowd::gather(setup.address, setup.address, PACE).await;
                Some(crowd.set_off())
            }
            busy => busy,
        };
        tokio::time::sleep(chance.millis(300, 1_800)).await;
        let id = server.id();
        // Stopped in order, it empties its log.
        if life == 2 {
            server.terminate().await;
        } else {
            server.kill().await;
        }
        lives.push(recorded(&trace, &data_dir, id).await);
    }
    drop(busy.expect("there were lives").settle(Duration::ZERO).await);
    lives
}

/// The trace of a server that has ended, once strace has ended as well.
async fn recorded(trace: &Path, data_dir: &Path, server: u32) -> Vec<Event> {
    let deadline = Instant::now() + LAST_LINE;
    let server = server.to_string();
    // Its first thread is the last to go.
    let is_whole = || {
        let text = std::fs::read(trace).unwrap_or_default();
        let end = String::from_utf8_lossy(&text[text.len().saturating_sub(200)..]).into_owned();
        let mut words = end.lines().map(str::split_whitespace);
        words.any(|mut line| line.next() == Some(server.as_str()) && line.next() == Some("+++"))
    };
    while !is_whole() {
        assert!(Instant::now() < deadline, "strace has not ended");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let (trace, data_dir) = (trace.to_owned(), data_dir.to_owned());
    let read = tokio::task::spawn_blocking(move || trace::read(&trace, &data_dir));
    read.await.expect("the trace can be read")
}

/// How much of what there is in a recording.
fn described(events: &[Event]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for event in events {
        let (what, count) = match event {
            Event::Write { .. } => ("writes", 1),
            Event::Truncate { .. } => ("truncations", 1),
            Event::Create { .. } => ("files made", 1),
            Event::Remove { .. } => ("files removed", 1),
            Event::SyncEnds { .. } => ("syncs", 1),
            Event::Told { acknowledged } => ("acknowledgements", acknowledged.len()),
            Event::SyncBegins { .. } | Event::Nothing => continue,
        };
        *counts.entry(what).or_default() += count;
    }
    let counts = counts.iter().map(|(what, count)| format!("{count} {what}"));
    counts.collect::<Vec<_>>().join(", ")
}

/// Makes images at points of a recording and looks at each.
async fn develop(
    events: &[Event],
    mut points: Vec<usize>,
    chance: &mut Chance,
    outcome: &mut Outcome,
) {
    points.sort_unstable();
    let mut points = points.into_iter().peekable();
    let mut platter = Platter::default();
    let mut acknowledged = Vec::new();
    for (place, event) in events.iter().enumerate() {
        platter.take(event);
        if let Event::Told { acknowledged: told } = event {
            acknowledged.extend_from_slice(told);
        }
        while points.next_if(|point| *point == place).is_some() {
            let dir = scratch();
            platter.image(dir.path(), chance);
            outcome.images += 1;
            outcome.look(place, dir.path(), &acknowledged).await;
        }
    }
}

/// Where the power goes: anywhere, right after something was acknowledged, and right after the first that a server
/// acknowledged when it had come back.
fn points(
    bug: Option<&str>,
    lives: &[Vec<Event>],
    events: &[Event],
    images: u64,
    chance: &mut Chance,
) -> Vec<usize> {
    let is_told = |place: &usize| matches!(events[*place], Event::Told { .. });
    let told: Vec<usize> = (0..events.len()).filter(is_told).collect();
    let first = *told.first().expect("something was acknowledged");
    let mut begins = 0;
    let mut back = Vec::new();
    for life in lives {
        let of_it = told.iter().filter(|place| **place >= begins);
        back.extend(of_it.take(FIRST_TOLD));
        begins += life.len();
    }
    (0..images)
        .map(|image| match image % 4 {
            _ if bug == Some(TRUSTED_LOG) => back[chance.index(back.len())],
            0 => back[chance.index(back.len())],
            1 => told[chance.index(told.len())],
            _ => first + chance.index(events.len() - first),
        })
        .collect()
}

impl Outcome {
    async fn look(&mut self, place: usize, dir: &Path, acknowledged: &[Acknowledged]) {
        self.acknowledged += acknowledged.len() as u64;
        let dir = dir.to_owned();
        let looked = tokio::task::spawn_blocking(move || {
            // As a server does when it starts: with its recovery, and the newest schema.
            let _store = Store::open(&dir).map_err(|error| error.to_string())?;
            audit::audit(&dir)
        });
        let audit = match looked.await.expect("looking does not panic") {
            Ok(audit) => audit,
            Err(error) => {
                self.broken += 1;
                return self.example(format!("at {place}: {error}"));
            }
        };
        if let Some(fault) = audit.faults.first() {
            self.broken += 1;
            self.example(format!("at {place}: {fault}"));
        }
        let is_lost = |told: &&Acknowledged| {
            audit.places.get(&told.id) != Some(&(told.conversation, told.seq))
        };
        let lost = acknowledged.iter().filter(is_lost).count() as u64;
        if lost > 0 {
            self.losing += 1;
            self.lost += lost;
            self.lost_most = self.lost_most.max(lost);
            let told = acknowledged.len();
            self.example(format!("at {place}: {lost} of {told} are lost"));
        }
    }

    fn example(&mut self, example: String) {
        if self.examples.len() < 5 {
            self.examples.push(example);
        }
    }
}

/// A directory for an image: in memory where there is such a place, since it lives for a moment only.
fn scratch() -> tempfile::TempDir {
    let memory = PathBuf::from("/dev/shm");
    let dir = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    dir.expect("there is room for an image")
}
