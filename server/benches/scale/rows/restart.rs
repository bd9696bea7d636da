//! All connections return at once after the server was killed: how fast they are told what they missed, and
//! whether they are told all of it. It does not know how the server came back.
//!
//! In each circle something is said and heard before, and something else while nobody but a herald is there.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use parley_shared::codec::decode_event;
use parley_shared::ids::{Seq, Stamp};
use parley_shared::protocol::{ChatMessage, ClientCommand, ServerEvent};

use crate::crowd::{Crowd, Newcomer};
use crate::figure::Figure;
use crate::figures;
use crate::plan::{Plan, newcomer, opening};
use crate::rig::connection::Opening;
use crate::rig::usage::Usage;
use crate::talk::Talk;
use crate::town::{Town, group_id, person_id};

const TOGETHER: usize = 5;
const STALL: Duration = Duration::from_secs(60);

pub(crate) fn measure(plan: &Plan) -> anyhow::Result<Vec<Figure>> {
    let people: usize = plan.pick(1_000, 10_000);
    let circles = people / TOGETHER;
    let herald = people;
    let mut town = Town::in_circles(circles, TOGETHER);
    town.people += 1;
    for members in &mut town.groups {
        members.push(herald);
    }
    let dir = figures::scratch()?;
    let data_dir = dir.path().join("data");
    town.settle(&data_dir)?;

    let server = plan.start(&data_dir, dir.path())?;
    let stamps = speak_before(server.address, people)?;
    // Killed: what was accepted must be there nevertheless.
    drop(server);
    let server = plan.start(&data_dir, dir.path())?;
    speak_meanwhile(server.address, circles, herald)?;

    let mut crowd = Crowd::new(server.address, Vec::new())?;
    crowd.keep_welcomes();
    let (start, before) = (Instant::now(), Usage::now(&server)?);
    crowd.gather((0..people).map(|person| Newcomer {
        opening: Opening {
            path: format!("/ws?since={}", stamps[person]),
            ..opening(person)
        },
        heard: Vec::new(),
    }))?;
    let elapsed = start.elapsed().as_secs_f64();
    let used = before.until_now(&server)?;
    for (person, since) in stamps.iter().enumerate() {
        look_at_welcome(&mut crowd, person, *since)?;
    }
    look_at_changes(&mut crowd, people, herald)?;
    Ok(vec![
        Figure::more(
            "restart: resumptions/s per core of the server",
            people as f64 / used.server,
            0,
        )
        .must(3_000.0)
        .hoped(5_000.0),
        Figure::more("restart: resumptions/s", people as f64 / elapsed, 0),
        Figure::plain(
            "restart: the load's own CPU, % of a core",
            used.load_part_of_core * 100.0,
            0,
        ),
        // Whoever misses one ends the bench.
        Figure::less("restart: messages lost", 0.0, 0).must(0.0),
    ])
}

/// Everyone arrives, one of each circle says something, and all hear it. Gives the stamp that each was told.
fn speak_before(server: std::net::SocketAddr, people: usize) -> anyhow::Result<Vec<Stamp>> {
    let circles = people / TOGETHER;
    let talks = (0..circles)
        .map(|circle| Talk::new(group_id(circle), vec![circle * TOGETHER], TOGETHER, 0));
    let mut crowd = Crowd::new(server, talks.collect())?;
    crowd.keep_welcomes();
    crowd.gather((0..people).map(|person| newcomer(person, [person / TOGETHER])))?;
    for circle in 0..circles {
        crowd.send(circle, 0, Instant::now())?;
        crowd.turn(Duration::ZERO)?;
    }
    crowd.settle()?;
    let welcomes = crowd.members.iter_mut().map(|member| member.welcome.take());
    let stamps = welcomes.map(|welcome| {
        let welcome = welcome.context("nobody is there without a welcome")?;
        match decode_event(&welcome)? {
            ServerEvent::Welcome { stamp, .. } => Ok(stamp),
            other => anyhow::bail!("no welcome: {other:?}"),
        }
    });
    stamps.collect()
}

fn speak_meanwhile(
    server: std::net::SocketAddr,
    circles: usize,
    herald: usize,
) -> anyhow::Result<()> {
    let talks = (0..circles).map(|circle| {
        let mut talk = Talk::new(group_id(circle), vec![0], 1, 0);
        talk.record.counts_from(Some(1));
        talk
    });
    let mut crowd = Crowd::new(server, talks.collect())?;
    crowd.gather([newcomer(herald, 0..circles)])?;
    // One connection may have only so many on the way.
    for circle in 0..circles {
        crowd.send(circle, 0, Instant::now())?;
        while circle + 1 - crowd.accepted.len() > parley_shared::limits::SENDS_IN_FLIGHT_MAX / 2 {
            crowd.turn(Duration::from_millis(20))?;
        }
    }
    crowd.settle()
}

/// That someone is told that their circle has come to its second message since they were away.
fn look_at_welcome(crowd: &mut Crowd, person: usize, away: Stamp) -> anyhow::Result<()> {
    let welcome = crowd.members[person].welcome.take();
    let welcome = welcome.context("nobody is there without a welcome")?;
    let ServerEvent::Welcome {
        conversations,
        since,
        ..
    } = decode_event(&welcome)?
    else {
        anyhow::bail!("no welcome: {welcome}");
    };
    anyhow::ensure!(since == Some(away), "{person} is told of another absence");
    let circle = group_id(person / TOGETHER);
    let mut listed = conversations.iter();
    let listed = listed.find(|conversation| conversation.id == circle);
    let last = listed.map(|conversation| conversation.last);
    anyhow::ensure!(
        last == Some(Seq(2)),
        "{person} is told {last:?} of a conversation with two messages"
    );
    Ok(())
}

/// That everyone is told both messages.
fn look_at_changes(crowd: &mut Crowd, people: usize, herald: usize) -> anyhow::Result<()> {
    let (mut asked, mut answered, since) = (0, 0, Instant::now());
    while answered < people {
        while asked < people && asked - answered < 500 {
            let conversation = group_id(asked / TOGETHER);
            let question = ClientCommand::Changes {
                conversation,
                since: Seq::ZERO,
            };
            crowd.ask(asked, &question)?;
            asked += 1;
        }
        crowd.turn(Duration::from_millis(20))?;
        while let Some(page) = crowd.pages.pop_front() {
            let ServerEvent::Changes { messages, .. } = decode_event(&page.frame)? else {
                anyhow::bail!("another answer: {}", page.frame);
            };
            let circle = page.member / TOGETHER;
            let authors = [person_id(circle * TOGETHER), person_id(herald)];
            let is_as_said = messages.len() == authors.len()
                && messages
                    .iter()
                    .zip(authors)
                    .zip(1..)
                    .all(|((message, author), seq)| {
                        let is_first = |text: &str| text.starts_with("0000 00000000 ");
                        message.seq == Seq(seq)
                            && message.author == author
                            && message.conversation == group_id(circle)
                            && matches!(&message.body, ChatMessage::Text { text } if is_first(text))
                    });
            anyhow::ensure!(
                is_as_said,
                "{} misses something: {}",
                page.member,
                page.frame
            );
            answered += 1;
        }
        anyhow::ensure!(
            since.elapsed() < STALL,
            "{answered} of {people} were answered"
        );
    }
    Ok(())
}
