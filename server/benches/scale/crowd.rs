//! Everyone who is connected, and the loop that reads them and checks what they hear. It knows no phase.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use mio::{Events, Interest, Poll, Token};
use parley_shared::codec::{decode_event, encode_command};
use parley_shared::ids::{ConversationId, MessageId};
use parley_shared::protocol::{ClientCommand, ServerEvent};

use crate::event::{Event, event};
use crate::figures::Latencies;
use crate::rig::connection::{Connection, Opening};
use crate::rig::frames::{self, Kind};
use crate::rig::tally::Tally;
use crate::talk::Talk;

/// Connections that are on their way at one time: fewer than wait at the server's door without being turned away.
const OPENING_MAX: usize = 512;
/// Without anything happening for so long, a trial has failed.
const STALL: Duration = Duration::from_secs(30);
const BUFFER_BYTES: usize = 1024 * 1024;

/// One connection.
pub(crate) struct Member {
    connection: Connection,
    is_ready: bool,
    /// Whether it reads nothing.
    pub(crate) is_stopped: bool,
    /// Whether that it ends is no fault: it did not read.
    pub(crate) may_end: bool,
    /// In which talks it is, and how much it heard there.
    pub(crate) heard: Vec<(usize, usize)>,
    /// Its welcome, where greetings are kept.
    pub(crate) welcome: Option<Box<str>>,
}

/// An answer about messages. It is read by whoever asked: reading it must not count as waiting for it.
pub(crate) struct Page {
    pub(crate) member: usize,
    pub(crate) at: Instant,
    pub(crate) frame: Box<str>,
}

/// Who is to be connected.
pub(crate) struct Newcomer {
    pub(crate) opening: Opening,
    /// In which talks they are, and how much they heard there before.
    pub(crate) heard: Vec<(usize, usize)>,
}

pub(crate) struct Crowd {
    poll: Poll,
    events: Events,
    server: SocketAddr,
    pub(crate) members: Vec<Member>,
    pub(crate) talks: Vec<Talk>,
    by_digits: HashMap<[u8; 32], usize>,
    buffer: Vec<u8>,
    ready: usize,
    keeps_welcomes: bool,
    /// What was said and not accepted: by whom, where and when.
    waiting: HashMap<MessageId, (usize, usize, Instant)>,
    /// Those whose messages were accepted, with the talk, in that order.
    pub(crate) accepted: VecDeque<(usize, usize)>,
    /// Answers to questions.
    pub(crate) pages: VecDeque<Page>,
    pub(crate) tally: Tally,
    pub(crate) acks: Latencies,
}

impl Crowd {
    pub(crate) fn new(server: SocketAddr, talks: Vec<Talk>) -> anyhow::Result<Self> {
        let digits = |id: ConversationId| -> anyhow::Result<[u8; 32]> {
            Ok(id.to_string().as_bytes().try_into()?)
        };
        let numbered = talks.iter().enumerate();
        let by_digits = numbered.map(|(at, talk)| Ok((digits(talk.id)?, at)));
        Ok(Self {
            poll: Poll::new()?,
            events: Events::with_capacity(4_096),
            server,
            members: Vec::new(),
            by_digits: by_digits.collect::<anyhow::Result<_>>()?,
            talks,
            buffer: vec![0; BUFFER_BYTES],
            ready: 0,
            keeps_welcomes: false,
            waiting: HashMap::new(),
            accepted: VecDeque::new(),
            pages: VecDeque::new(),
            tally: Tally::new(),
            acks: Latencies::new(),
        })
    }

    /// Has it keep what each connection is greeted with.
    pub(crate) fn keep_welcomes(&mut self) {
        self.keeps_welcomes = true;
    }

    /// Connects these, and waits until each was greeted.
    pub(crate) fn gather(
        &mut self,
        newcomers: impl IntoIterator<Item = Newcomer>,
    ) -> anyhow::Result<()> {
        let mut coming = newcomers.into_iter().peekable();
        let mut progress = (self.ready, Instant::now());
        while coming.peek().is_some() || self.ready < self.members.len() {
            while self.members.len() - self.ready < OPENING_MAX
                && let Some(newcomer) = coming.next()
            {
                self.open(newcomer)?;
            }
            self.turn(Duration::from_millis(20))?;
            if self.ready > progress.0 {
                progress = (self.ready, Instant::now());
            }
            anyhow::ensure!(
                progress.1.elapsed() < STALL,
                "{} connections were greeted, and then nothing came",
                self.ready
            );
        }
        Ok(())
    }

    /// Has the last so many leave.
    pub(crate) fn leave(&mut self, count: usize) {
        let stay = self.members.len().saturating_sub(count);
        self.members.truncate(stay);
        self.ready = stay;
    }

    /// Lets a writer of a talk say their next message.
    pub(crate) fn send(
        &mut self,
        talk: usize,
        writer: usize,
        planned: Instant,
    ) -> anyhow::Result<()> {
        let Talk {
            record, writers, ..
        } = &mut self.talks[talk];
        let (text, member) = (record.send(writer, planned), writers[writer]);
        let (id, command) = self.talks[talk].command(text)?;
        self.waiting.insert(id, (member, talk, planned));
        self.members[member]
            .connection
            .send(Kind::Text, command.as_bytes())
    }

    /// Asks something for someone.
    pub(crate) fn ask(&mut self, member: usize, question: &ClientCommand) -> anyhow::Result<()> {
        let question = encode_command(question);
        self.members[member]
            .connection
            .send(Kind::Text, question.as_bytes())
    }

    /// Reads what comes, and waits no longer than this for it.
    pub(crate) fn turn(&mut self, wait: Duration) -> anyhow::Result<()> {
        // The poll counts in milliseconds and rounds up; who plans to send must not be late for that.
        let wait = Duration::from_millis(wait.as_millis().try_into().unwrap_or(u64::MAX));
        match self.poll.poll(&mut self.events, Some(wait)) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => return Ok(()),
            polled => polled?,
        }
        let events = std::mem::replace(&mut self.events, Events::with_capacity(0));
        let read = events.iter().try_for_each(|event| {
            let Token(index) = event.token();
            match self.members.get(index) {
                Some(member) if !member.is_stopped => self.read(index),
                _ => Ok(()),
            }
        });
        self.events = events;
        read
    }

    /// Reads until everyone who reads has heard everything, and all that was said is accepted.
    pub(crate) fn settle(&mut self) -> anyhow::Result<()> {
        let sum = |crowd: &Self| crowd.tally.deliveries as usize + crowd.waiting.len();
        let mut progress = (sum(self), Instant::now());
        while !self.is_settled() {
            self.turn(Duration::from_millis(20))?;
            if sum(self) != progress.0 {
                progress = (sum(self), Instant::now());
            }
            anyhow::ensure!(
                progress.1.elapsed() < STALL,
                "messages are missing: {} were not accepted, and someone did not hear all",
                self.waiting.len()
            );
        }
        self.accepted.clear();
        Ok(())
    }

    /// Reads for so long, whatever comes.
    pub(crate) fn linger(&mut self, duration: Duration) -> anyhow::Result<()> {
        let end = Instant::now() + duration;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            self.turn(left.max(Duration::from_millis(1)))?;
        }
        Ok(())
    }

    /// Starts to count anew.
    pub(crate) fn start_phase(&mut self) {
        self.tally = Tally::new();
        self.acks = Latencies::new();
    }

    /// Reads what someone left unread, and says whether the server ended their connection; else they heard all.
    pub(crate) fn read_to_end(&mut self, index: usize) -> anyhow::Result<bool> {
        let since = Instant::now();
        self.members[index].is_stopped = false;
        while !self.members[index].connection.ended {
            if self.heard_all(&self.members[index]) {
                return Ok(false);
            }
            self.read(index)?;
            anyhow::ensure!(
                since.elapsed() < STALL,
                "someone who did not read is neither told the rest nor sent away"
            );
        }
        Ok(true)
    }

    /// Connects someone again in the place of the one who had it.
    pub(crate) fn reopen(&mut self, index: usize, opening: &Opening) -> anyhow::Result<()> {
        let mut connection = Connection::open(self.server, opening, index)?;
        let registry = self.poll.registry();
        registry.register(&mut connection.stream, Token(index), Interest::READABLE)?;
        let member = &mut self.members[index];
        (member.connection, member.may_end) = (connection, false);
        Ok(())
    }

    fn is_settled(&self) -> bool {
        self.waiting.is_empty()
            && (self.members.iter()).all(|member| member.may_end || self.heard_all(member))
    }

    fn heard_all(&self, member: &Member) -> bool {
        let mut heard = member.heard.iter();
        heard.all(|(talk, heard)| *heard == self.talks[*talk].record.sent())
    }

    fn open(&mut self, newcomer: Newcomer) -> anyhow::Result<()> {
        let index = self.members.len();
        let mut connection = Connection::open(self.server, &newcomer.opening, index)?;
        let registry = self.poll.registry();
        registry.register(&mut connection.stream, Token(index), Interest::READABLE)?;
        self.members.push(Member {
            connection,
            is_ready: false,
            is_stopped: false,
            may_end: false,
            heard: newcomer.heard,
            welcome: None,
        });
        Ok(())
    }

    fn read(&mut self, index: usize) -> anyhow::Result<()> {
        self.read_one(index)
            .with_context(|| format!("connection {index} of {}", self.members.len()))
    }

    fn read_one(&mut self, index: usize) -> anyhow::Result<()> {
        let now = Instant::now();
        let Member {
            connection,
            is_ready,
            may_end,
            heard,
            welcome,
            ..
        } = &mut self.members[index];
        connection.read(&mut self.buffer, |connection, kind, payload| {
            match kind {
                Kind::Text => {}
                Kind::Ping => return connection.send(Kind::Pong, payload),
                Kind::Pong => return Ok(()),
                Kind::Close if *may_end => return Ok(()),
                Kind::Close => anyhow::bail!("the server closed it: {}", frames::reason(payload)),
            }
            match event(payload) {
                Event::Message(digits) => {
                    let talk = self.by_digits.get(digits).context("an unknown talk")?;
                    let mut places = heard.iter_mut();
                    let place = places.find(|(heard, _)| heard == talk);
                    let (_, place) = place.context("a message of a talk that is not theirs")?;
                    let delivery = self.talks[*talk].hear(*place, payload)?;
                    *place += 1;
                    self.tally.count(delivery.planned, now);
                }
                Event::Accepted => {
                    let told = decode_event(std::str::from_utf8(payload)?)?;
                    let ServerEvent::Accepted { id, .. } = told else {
                        anyhow::bail!("not accepted: {told:?}");
                    };
                    let said = self.waiting.remove(&id);
                    let (member, talk, planned) = said.context("accepted and not said")?;
                    anyhow::ensure!(member == index, "accepted to another than its author");
                    self.acks.record(now.saturating_duration_since(planned));
                    self.accepted.push_back((member, talk));
                }
                Event::Welcome => {
                    self.ready += usize::from(!std::mem::replace(is_ready, true));
                    if self.keeps_welcomes {
                        *welcome = Some(std::str::from_utf8(payload)?.into());
                    }
                }
                Event::Page => self.pages.push_back(Page {
                    member: index,
                    at: now,
                    frame: std::str::from_utf8(payload)?.into(),
                }),
                Event::Bad => anyhow::bail!("{}", String::from_utf8_lossy(payload)),
                Event::Other => {}
            }
            Ok(())
        })?;
        anyhow::ensure!(
            !connection.ended || *may_end,
            "the server ended a connection"
        );
        Ok(())
    }
}
