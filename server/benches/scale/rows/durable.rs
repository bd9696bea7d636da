//! Durable messages a second over many conversations, from the WebSocket to the acknowledgement, beside a bare
//! writer. It does not know how they are stored.
//!
//! Each conversation has two who write and hear, so that what is measured is writing and not fan-out.

use std::time::{Duration, Instant};

use parley_shared::limits::LEDGER_BATCH_MAX;

use crate::crowd::Crowd;
use crate::figure::Figure;
use crate::figures;
use crate::load::{self, CONVERSATIONS, IN_FLIGHT, SENDERS};
use crate::plan::{Plan, newcomer};
use crate::rig::usage::Usage;
use crate::talk::Talk;
use crate::town::{Town, group_id};
use crate::{audit, bare};

pub(crate) fn measure(plan: &Plan) -> anyhow::Result<Vec<Figure>> {
    let duration = plan.seconds(2.0, 8.0);
    let groups =
        (0..CONVERSATIONS).map(|group| vec![group % SENDERS, (group + SENDERS / 2) % SENDERS]);
    let town = Town {
        people: SENDERS,
        groups: groups.collect(),
    };
    let mut figures = over_sockets(plan, &town, duration)?;
    let bare = bare_writer(&town, duration)?;
    let ours = figures[0].value();
    figures.push(Figure::plain(
        "durable: a bare SQLite writer, messages/s",
        bare,
        0,
    ));
    figures.push(Figure::more(
        "durable: of the bare writer's",
        ours / bare,
        2,
    ));
    Ok(figures)
}

fn over_sockets(plan: &Plan, town: &Town, duration: Duration) -> anyhow::Result<Vec<Figure>> {
    let dir = figures::scratch()?;
    let data_dir = dir.path().join("data");
    town.settle(&data_dir)?;
    let server = plan.start(&data_dir, dir.path())?;
    let talks = town.groups.iter().enumerate();
    let talks =
        talks.map(|(group, members)| Talk::new(group_id(group), members.clone(), members.len(), 0));
    let mut crowd = Crowd::new(server.address, talks.collect())?;
    let talks_of = |person: usize| -> Vec<usize> {
        let groups = 0..town.groups.len();
        groups
            .filter(|group| town.groups[*group].contains(&person))
            .collect()
    };
    crowd.gather((0..SENDERS).map(|person| newcomer(person, talks_of(person))))?;
    crowd.start_phase();
    let before = Usage::now(&server)?;
    let (accepted, elapsed) = press(&mut crowd, duration)?;
    let used = before.until_now(&server)?;
    crowd.settle()?;
    crowd.linger(plan.seconds(0.2, 1.0))?;
    let said: usize = crowd.talks.iter().map(|talk| talk.record.sent()).sum();
    let acks = |part| crowd.acks.quantile_ms(part);
    let (p50, p99) = (acks(0.5), acks(0.99));
    // It is killed, and what it accepted must be there nevertheless.
    drop((crowd, server));
    let stored = audit::count(&data_dir)?;
    anyhow::ensure!(
        stored == said as u64,
        "{said} messages were accepted and {stored} are there"
    );
    Ok(vec![
        Figure::more(
            "durable: messages/s, WebSocket to acknowledgement",
            accepted as f64 / elapsed.as_secs_f64(),
            0,
        )
        .must(30_000.0)
        .hoped(45_000.0),
        Figure::less("durable: acknowledged p50, ms", p50, 2),
        Figure::less("durable: acknowledged p99, ms", p99, 2),
        Figure::less(
            "durable: server CPU per message, µs",
            used.server * 1e6 / accepted.max(1) as f64,
            1,
        ),
        Figure::plain(
            "durable: the load's own CPU, % of a core",
            used.load_part_of_core * 100.0,
            0,
        ),
    ])
}

/// Everyone keeps as many messages on the way as they may, and goes through their conversations in turn. Says how
/// many were accepted, and within which time.
fn press(crowd: &mut Crowd, duration: Duration) -> anyhow::Result<(u64, Duration)> {
    let mut turns: Vec<usize> = vec![0; SENDERS];
    let mut say = |crowd: &mut Crowd, person: usize| {
        let theirs = &crowd.members[person].heard;
        let (talk, _) = theirs[turns[person] % theirs.len()];
        turns[person] += 1;
        let mut writers = crowd.talks[talk].writers.iter();
        let writer = writers.position(|writer| *writer == person).unwrap_or(0);
        crowd.send(talk, writer, Instant::now())
    };
    let start = Instant::now();
    for _ in 0..IN_FLIGHT {
        for person in 0..SENDERS {
            say(crowd, person)?;
        }
    }
    let mut accepted = 0;
    while start.elapsed() < duration {
        crowd.turn(Duration::from_millis(10))?;
        while let Some((person, _)) = crowd.accepted.pop_front() {
            accepted += 1;
            say(crowd, person)?;
        }
    }
    Ok((accepted, start.elapsed()))
}

/// What a loop around SQLite stores in a second, handed over within this process.
fn bare_writer(town: &Town, duration: Duration) -> anyhow::Result<f64> {
    let dir = figures::scratch()?;
    town.settle(dir.path())?;
    let conversations: Vec<_> = (0..town.groups.len()).map(group_id).collect();
    let runtime = tokio::runtime::Runtime::new()?;
    let door = bare::open(dir.path(), LEDGER_BATCH_MAX)?;
    let sample = runtime.block_on(load::press(door, &conversations, duration))?;
    let stored = audit::count(dir.path())?;
    anyhow::ensure!(
        stored == sample.acknowledged,
        "{} messages were acknowledged and {stored} are there",
        sample.acknowledged
    );
    Ok(sample.per_second())
}
