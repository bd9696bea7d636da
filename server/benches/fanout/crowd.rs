//! All connections of one trial, and the loop that reads them. It knows no peer's words and no phase.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use mio::{Events, Interest, Poll, Token};

use crate::peer::{Hint, Wire};
use crate::rig::connection::{Connection, Opening};
use crate::rig::frames::{self, Kind};
use crate::rig::record::Record;
use crate::rig::tally::Tally;

/// Connections that write. They are spread over the crowd, since a server may serve in some order.
pub(crate) const SENDERS: usize = 20;
/// Connections that are on their way at one time.
const OPENING_MAX: usize = 256;
/// Without anything happening for so long, a trial has failed.
const STALL: Duration = Duration::from_secs(60);
const BUFFER_BYTES: usize = 1024 * 1024;

/// One connection, and how far it has heard.
struct Listener {
    connection: Connection,
    /// Whether the peer's own greeting is over.
    ready: bool,
    /// How many messages it heard.
    heard: usize,
}

pub(crate) struct Crowd {
    poll: Poll,
    events: Events,
    listeners: Vec<Listener>,
    wire: Box<dyn Wire>,
    buffer: Vec<u8>,
    ready: usize,
    /// Senders that have heard a message of their own, in that order, once for each.
    own: VecDeque<usize>,
    pub(crate) record: Record,
    pub(crate) tally: Tally,
}

impl Crowd {
    /// Connects so many, and waits until each was greeted.
    pub(crate) fn gather(
        server: SocketAddr,
        size: usize,
        wire: Box<dyn Wire>,
    ) -> anyhow::Result<Self> {
        let mut crowd = Self {
            poll: Poll::new()?,
            events: Events::with_capacity(4_096),
            listeners: Vec::with_capacity(size),
            wire,
            buffer: vec![0; BUFFER_BYTES],
            ready: 0,
            own: VecDeque::new(),
            record: Record::new(SENDERS, size, 0),
            tally: Tally::new(),
        };
        let mut progress = (0, Instant::now());
        while crowd.ready < size {
            while crowd.listeners.len() < size && crowd.listeners.len() - crowd.ready < OPENING_MAX
            {
                crowd.open(server)?;
            }
            crowd.turn(Duration::from_millis(100))?;
            if crowd.ready > progress.0 {
                progress = (crowd.ready, Instant::now());
            }
            anyhow::ensure!(
                progress.1.elapsed() < STALL,
                "{} of {size} connections were greeted, and then nothing came",
                crowd.ready
            );
        }
        crowd.record.counts_from(crowd.wire.seq_before());
        Ok(crowd)
    }

    /// How many there are.
    pub(crate) fn size(&self) -> usize {
        self.listeners.len()
    }

    /// Lets a sender say its next message.
    pub(crate) fn send(&mut self, sender: usize, planned: Instant) -> anyhow::Result<()> {
        let text = self.record.send(sender, planned);
        let frame = self.wire.message(&text);
        let index = self.index_of(sender);
        self.listeners[index]
            .connection
            .send(Kind::Text, frame.as_bytes())
    }

    /// The next sender that has heard a message of its own.
    pub(crate) fn next_own(&mut self) -> Option<usize> {
        self.own.pop_front()
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
            self.read(index)
                .with_context(|| format!("connection {index} of {}", self.listeners.len()))
        });
        self.events = events;
        read
    }

    /// Reads until everyone has heard everything.
    pub(crate) fn settle(&mut self) -> anyhow::Result<()> {
        let mut progress = (self.tally.deliveries, Instant::now());
        while !self.record.is_settled() {
            self.turn(Duration::from_millis(100))?;
            if self.tally.deliveries > progress.0 {
                progress = (self.tally.deliveries, Instant::now());
            }
            anyhow::ensure!(
                progress.1.elapsed() < STALL,
                "messages are missing: of {} sent, a connection heard {}",
                self.record.sent(),
                self.listeners
                    .iter()
                    .map(|one| one.heard)
                    .min()
                    .unwrap_or(0)
            );
        }
        self.own.clear();
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

    fn open(&mut self, server: SocketAddr) -> anyhow::Result<()> {
        let index = self.listeners.len();
        let opening = Opening {
            path: self.wire.path().to_owned(),
            ..Opening::default()
        };
        let mut connection = Connection::open(server, &opening, index)?;
        self.poll
            .registry()
            .register(&mut connection.stream, Token(index), Interest::READABLE)?;
        self.listeners.push(Listener {
            connection,
            ready: false,
            heard: 0,
        });
        Ok(())
    }

    fn read(&mut self, index: usize) -> anyhow::Result<()> {
        let sender = self.sender_at(index);
        let Self {
            listeners,
            wire,
            buffer,
            ready,
            own,
            record,
            tally,
            ..
        } = self;
        let now = Instant::now();
        let Listener {
            connection,
            ready: is_ready,
            heard,
        } = &mut listeners[index];
        connection.read(buffer, |connection, kind, payload| {
            match kind {
                Kind::Text => {}
                Kind::Ping => return connection.send(Kind::Pong, payload),
                Kind::Pong => return Ok(()),
                Kind::Close => anyhow::bail!("the server closed it: {}", frames::reason(payload)),
            }
            let delivery = match record.hear_again(*heard, payload) {
                Some(delivery) => delivery,
                None => match wire.hear(std::str::from_utf8(payload)?)? {
                    Hint::Message(message) => record.hear_first(*heard, payload, &message)?,
                    Hint::Say(answer) => return connection.send(Kind::Text, answer.as_bytes()),
                    Hint::Ready => {
                        *ready += usize::from(!std::mem::replace(is_ready, true));
                        return Ok(());
                    }
                    Hint::Nothing => return Ok(()),
                },
            };
            tally.count(delivery.planned, now);
            *heard += 1;
            if sender == Some(delivery.sender) {
                own.push_back(delivery.sender);
            }
            Ok(())
        })?;
        anyhow::ensure!(!connection.ended, "the server ended a connection");
        Ok(())
    }

    fn index_of(&self, sender: usize) -> usize {
        sender * (self.listeners.len() / SENDERS)
    }

    fn sender_at(&self, index: usize) -> Option<usize> {
        let apart = (self.listeners.len() / SENDERS).max(1);
        (index.is_multiple_of(apart) && index / apart < SENDERS).then_some(index / apart)
    }
}
