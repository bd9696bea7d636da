//! Readers who stop reading: what the others notice, what they cost, and whether they miss anything when they
//! come back. It does not know how the server gets rid of them.
//!
//! The same is said twice to everyone, in small bursts at fixed times: once while all read, and once while a
//! tenth does not. It is more than waits for anyone, so the server sends those away. Afterwards they read what
//! is left, come back, ask for what changed, and must be told every message as the others heard it.

use std::time::{Duration, Instant};

use parley_shared::codec::{decode_event, encode_event};
use parley_shared::ids::Seq;
use parley_shared::limits::MAILBOX_BYTES_MAX;
use parley_shared::model::Person;
use parley_shared::protocol::{ClientCommand, ServerEvent};

use crate::crowd::{Crowd, Page};
use crate::figure::Figure;
use crate::figures;
use crate::plan::{Plan, newcomer, opening, pace};
use crate::rig::process::Server;
use crate::talk::Talk;
use crate::town::{LOBBY, Town};

const WRITERS: usize = 20;
/// One in so many stops reading.
const ONE_IN: usize = 10;
/// Bursts of each phase, and messages in each: together twice what a mailbox holds.
const BURSTS: usize = 40;
const IN_A_BURST: usize = 50;
/// What the kernel may keep for a reader: little, as for someone far away.
const RECEIVE_BYTES: usize = 4 * 1024;
const STALL: Duration = Duration::from_secs(60);

/// What a phase came to.
struct Phase {
    p99_ms: f64,
    peak_bytes: f64,
}

pub(crate) fn measure(plan: &Plan) -> anyhow::Result<Vec<Figure>> {
    let people = plan.pick(1_000, 10_000);
    let dir = figures::scratch()?;
    let data_dir = dir.path().join("data");
    Town::of_one_lobby(people).settle(&data_dir)?;
    let server = plan.start(&data_dir, dir.path())?;
    let writers = (0..WRITERS).map(|writer| writer * (people / WRITERS));
    let lobby = Talk::new(LOBBY, writers.collect(), people, 0);
    let mut crowd = Crowd::new(server.address, vec![lobby])?;
    let stopped: Vec<usize> = (0..people).filter(|at| at % ONE_IN == ONE_IN / 2).collect();
    crowd.gather((0..people).map(|person| {
        let mut who = newcomer(person, [0]);
        if person % ONE_IN == ONE_IN / 2 {
            who.opening.receive_bytes = Some(RECEIVE_BYTES);
        }
        who
    }))?;
    crowd.linger(plan.seconds(0.5, 3.0))?;

    let without = phase(plan, &mut crowd, &server)?;
    for at in &stopped {
        let member = &mut crowd.members[*at];
        (member.is_stopped, member.may_end) = (true, true);
    }
    let with = phase(plan, &mut crowd, &server)?;
    let mut sent_away = Vec::new();
    for at in &stopped {
        if crowd.read_to_end(*at)? {
            sent_away.push(*at);
        }
    }
    let told = come_back(&mut crowd, &sent_away)?;
    crowd.settle()?;
    let more = (with.peak_bytes - without.peak_bytes).max(0.0) / 1_048_576.0;
    let bound = (stopped.len() * MAILBOX_BYTES_MAX) as f64 / 1_048_576.0;
    Ok(vec![
        Figure::less(
            "stopped: p99 of the others, of the same without",
            with.p99_ms / without.p99_ms,
            2,
        )
        .must(1.1),
        Figure::less("stopped: p99 of the others, ms", with.p99_ms, 1),
        Figure::less("stopped: p99 without, ms", without.p99_ms, 1),
        Figure::less("stopped: memory at most, more than without, MiB", more, 1).must(bound),
        Figure::plain(
            "stopped: sent away by the server, % of them",
            sent_away.len() as f64 / stopped.len() as f64 * 100.0,
            0,
        ),
        Figure::plain("stopped: messages told when they came back", told as f64, 0),
        // Whoever misses one ends the bench.
        Figure::less("stopped: messages missed", 0.0, 0).must(0.0),
    ])
}

fn phase(plan: &Plan, crowd: &mut Crowd, server: &Server) -> anyhow::Result<Phase> {
    let duration = plan.seconds(3.0, 20.0);
    let bursts = BURSTS as f64 / duration.as_secs_f64();
    let mut peak_bytes: f64 = 0.0;
    pace(crowd, bursts, duration, |crowd, number, planned| {
        for message in 0..IN_A_BURST {
            crowd.send(0, (number * IN_A_BURST + message) % WRITERS, planned)?;
        }
        peak_bytes = peak_bytes.max(server.resident_bytes()?);
        Ok(())
    })?;
    Ok(Phase {
        p99_ms: crowd.tally.latencies.quantile_ms(0.99),
        peak_bytes: peak_bytes.max(server.resident_bytes()?),
    })
}

/// Connects those again who were sent away, and has each ask for what changed until nothing more did. Says
/// how many messages they were told.
fn come_back(crowd: &mut Crowd, who: &[usize]) -> anyhow::Result<usize> {
    let mut told = 0;
    // In parts, since each waits for pages of their own.
    for part in who.chunks(200) {
        for at in part {
            crowd.reopen(*at, &opening(*at))?;
            ask(crowd, *at)?;
        }
        let (mut left, since) = (part.len(), Instant::now());
        while left > 0 {
            crowd.turn(Duration::from_millis(20))?;
            while let Some(page) = crowd.pages.pop_front() {
                let (heard, more) = take(crowd, &page)?;
                told += heard;
                if more {
                    ask(crowd, page.member)?;
                } else {
                    left -= 1;
                }
            }
            anyhow::ensure!(since.elapsed() < STALL, "{left} were not told what changed");
        }
    }
    Ok(told)
}

fn ask(crowd: &mut Crowd, member: usize) -> anyhow::Result<()> {
    let (_, heard) = crowd.members[member].heard[0];
    let question = ClientCommand::Changes {
        conversation: LOBBY,
        since: Seq(heard as u64),
    };
    crowd.ask(member, &question)
}

/// Holds a page against what the others heard, byte for byte.
fn take(crowd: &mut Crowd, page: &Page) -> anyhow::Result<(usize, bool)> {
    let ServerEvent::Changes {
        messages,
        people,
        more,
        ..
    } = decode_event(&page.frame)?
    else {
        anyhow::bail!("another answer: {}", page.frame);
    };
    let count = messages.len();
    for message in messages {
        let author = people.iter().find(|person| person.id == message.author);
        let author = author.cloned();
        let author = author.unwrap_or_else(|| Person::unnamed(message.author));
        let event = ServerEvent::MessageChanged { message, author };
        let place = crowd.members[page.member].heard[0].1;
        let frame = encode_event(&event);
        let heard = crowd.talks[0].record.hear_again(place, frame.as_bytes());
        anyhow::ensure!(
            heard.is_some(),
            "message {place} is not as others heard it: {frame}"
        );
        crowd.members[page.member].heard[0].1 += 1;
    }
    Ok((count, more))
}
