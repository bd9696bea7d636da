//! Opening a conversation in a large store. It does not know how it is kept.
//!
//! Measured by whoever asks, from the command to the answer, one at a time: on the server it takes less. Each
//! is another conversation, so nothing but the store's own upper levels is remembered from the one before.

use std::time::{Duration, Instant};

use parley_shared::codec::decode_event;
use parley_shared::ids::Seq;
use parley_shared::limits::PAGE_MESSAGES_MAX;
use parley_shared::protocol::{ChatMessage, ClientCommand, ServerEvent};

use crate::archive::{self, Archive, MESSAGES_EACH};
use crate::crowd::Crowd;
use crate::figure::Figure;
use crate::figures::{self, Latencies};
use crate::plan::{Plan, newcomer};
use crate::town::group_id;

/// People who open their conversations in turn.
const READERS: usize = 50;
const STALL: Duration = Duration::from_secs(30);

pub(crate) fn measure(plan: &Plan) -> anyhow::Result<Vec<Figure>> {
    let latencies = of(plan, plan.pick(100_000, 10_000_000))?;
    Ok(vec![
        Figure::less("opening: p50, ms", latencies.quantile_ms(0.5), 2),
        Figure::less("opening: p99, ms", latencies.quantile_ms(0.99), 2)
            .must(5.0)
            .hoped(2.0),
    ])
}

/// In a store of so many messages.
pub(crate) fn of(plan: &Plan, messages: usize) -> anyhow::Result<Latencies> {
    let openings = plan.pick(300, 3_000);
    let archive = Archive::open(&plan.server, messages)?;
    let dir = figures::scratch()?;
    let server = plan.start(&archive.data_dir, dir.path())?;
    let mut crowd = Crowd::new(server.address, Vec::new())?;
    let readers = READERS.min(archive.people);
    let person_of = |reader: usize| reader * (archive.people / readers);
    crowd.gather((0..readers).map(|reader| newcomer(person_of(reader), [])))?;
    let mut latencies = Latencies::new();
    for number in 0..openings + readers {
        let reader = number % readers;
        // A step that meets every one of theirs, in no order.
        let nth = (number / readers).wrapping_mul(37) + reader;
        let group = archive.conversation_of(person_of(reader), nth);
        let took = open(&mut crowd, reader, group)?;
        // What each reads first, the server reads for the first time.
        if number >= readers {
            latencies.record(took);
        }
    }
    Ok(latencies)
}

fn open(crowd: &mut Crowd, reader: usize, group: usize) -> anyhow::Result<Duration> {
    let conversation = group_id(group);
    let start = Instant::now();
    crowd.ask(reader, &ClientCommand::Open { conversation })?;
    let history = ClientCommand::History {
        conversation,
        before: None,
    };
    crowd.ask(reader, &history)?;
    let page = loop {
        crowd.turn(Duration::from_millis(100))?;
        if let Some(page) = crowd.pages.pop_front() {
            break page;
        }
        anyhow::ensure!(start.elapsed() < STALL, "a conversation does not open");
    };
    let ServerEvent::History { messages, .. } = decode_event(&page.frame)? else {
        anyhow::bail!("another answer: {}", page.frame);
    };
    let first = MESSAGES_EACH - PAGE_MESSAGES_MAX;
    let is_newest = messages.len() == PAGE_MESSAGES_MAX
        && messages.iter().zip(first..).all(|(message, nth)| {
            let said = archive::text(group, nth);
            message.seq == Seq(nth as u64 + 1)
                && matches!(&message.body, ChatMessage::Text { text } if *text == said)
        });
    anyhow::ensure!(is_newest, "another page than the newest: {}", page.frame);
    Ok(page.at.saturating_duration_since(start))
}
