//! The one door for durable change. It does not know who asks, nor over what connection.
//!
//! Changes wait in a bounded queue. One thread takes all that wait, up to a bound, and makes them in
//! one transaction: a disk does a few hundred fsyncs in a second, and people want tens of thousands
//! of messages (group commit). Inside the transaction each change's seat is checked again, it gets
//! the next number of its conversation and its place in the chain. After the commit, and only then,
//! the [`publisher`] tells everyone in that order, and then tells each asker.

use parley_shared::ids::{ConversationId, MessageId, Seq, Stamp, UserId};
use parley_shared::limits::{LEDGER_BATCH_MAX, LEDGER_QUEUE_MAX, PUBLISH_QUEUE_MAX};
use parley_shared::model::{Conversation, Group, Message, Person};
use parley_shared::protocol::{ChatMessage, Refusal, ServerEvent};
use tokio::sync::{mpsc, oneshot};

use crate::clock::Clock;
use crate::hub::Hub;
use crate::hub::callers::Who;
use crate::store::Writer;
use crate::store::conversations::Seat;

pub mod accounts;
pub mod contacts;
pub mod conversations;
pub mod groups;
pub mod invitations;
pub mod messages;
pub mod pictures;
pub mod second_factor;
pub mod sessions;
pub mod tokens;

mod batch;
mod mentions;
mod profiles;
mod progress;
mod publisher;
mod receipts;

use batch::Scribe;

/// A change that someone wants. What it holds was checked by the actions; seats are checked again here.
#[derive(Debug)]
pub enum Change {
    /// Write a message.
    Send {
        /// Who writes, and where.
        seat: Seat,
        /// The message's id, from its author's client.
        id: MessageId,
        /// What it says.
        body: ChatMessage,
    },
    /// Have a message say something else, or nothing any more.
    Message(Box<messages::Change>),
    /// Take another display name.
    Rename {
        /// Who.
        person: UserId,
        /// The new name.
        name: String,
    },
    /// Something about an account.
    Account(Box<accounts::Change>),
    /// Something about a session.
    Session(Box<sessions::Change>),
    /// Something about a second factor.
    SecondFactor(Box<second_factor::Change>),
    /// Something about a token.
    Token(Box<tokens::Change>),
    /// Something about who may come in.
    Invitation(Box<invitations::Change>),
    /// Something about how two people stand to each other.
    Contact(Box<contacts::Change>),
    /// Something about a person's picture.
    Picture(Box<pictures::Change>),
    /// Something about a conversation, besides what is said there.
    Conversation(Box<conversations::Change>),
    /// Something about a group.
    Group(Box<groups::Change>),
}

impl Change {
    fn is_mark(&self) -> bool {
        matches!(self, Self::Conversation(change) if change.is_mark())
    }
}

/// Who wants a change to somebody else or to the whole server. Their role is checked inside the transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A person, by their role.
    Person(UserId),
    /// Whoever can start programs on the machine: they could edit the database as well.
    Operator,
}

/// What became of a change. Told after it is on disk, or when it never will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The message, or the change of one, is stored; also when it was stored before.
    Stored {
        /// Its id, or the change's.
        id: MessageId,
        /// Where it stands.
        conversation: ConversationId,
        /// Its number.
        seq: Seq,
        /// When it was accepted, in milliseconds since 1970.
        sent_ms: u64,
    },
    /// The change is made.
    Done,
    /// The person is named like this now.
    Renamed(Person),
    /// The conversation is there.
    Conversation(ConversationId),
    /// The change was not made.
    Refused(Refusal),
}

/// Who is told what became of a change.
pub type Receipt = Box<dyn FnOnce(Outcome) + Send>;

/// How the ledger works.
#[derive(Debug, Clone)]
pub struct Options {
    /// Changes that share one transaction at most. One means no group commit, which only a
    /// measurement would want.
    pub batch_max: usize,
    /// The clock by which changes are dated and things expire.
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            batch_max: LEDGER_BATCH_MAX,
            clock: Clock::default(),
        }
    }
}

/// The door. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ledger {
    queue: mpsc::Sender<Request>,
}

/// The thread behind the door.
#[derive(Debug)]
pub struct Running {
    ledger: Ledger,
    ended: oneshot::Receiver<()>,
}

enum Request {
    Change(Change, Receipt),
    /// Everything that came before is to be on disk and told; then tell this.
    Drain(oneshot::Sender<()>),
    /// Nothing that comes after is done before the other end of this is gone.
    Hold(oneshot::Receiver<()>),
}

/// Keeps the ledger from going on, for as long as it lives.
#[derive(Debug)]
pub struct Hold {
    _alive: oneshot::Sender<()>,
}

/// What was made durable and is to be told.
#[derive(Debug)]
enum Told {
    MessageChanged {
        message: Message,
        author: Person,
    },
    PersonChanged(Person),
    /// Some are no longer who they were when they connected, and perhaps no longer named as they were.
    SignedOut {
        who: Vec<Who>,
        person: Option<Person>,
    },
    /// Someone sits in a conversation from now on; this is how it is for them.
    Entered {
        person: UserId,
        conversation: Box<Conversation>,
        people: Vec<Person>,
    },
    /// Someone sits there no longer, and hears nothing more of it.
    Left {
        conversation: ConversationId,
        person: UserId,
    },
    /// A group is another for its members.
    GroupChanged {
        conversation: ConversationId,
        group: Group,
        /// Whether nothing but the number of its members is another.
        members_only: bool,
    },
    /// For one person alone, wherever they are connected.
    ToPerson {
        person: UserId,
        event: Box<ServerEvent>,
    },
    /// How far what is said has reached some, in which conversations.
    Reached(Vec<(ConversationId, parley_shared::model::Receipt)>),
    /// What two people may know of each other is another.
    Acquainted(UserId, UserId),
    /// Someone blocked another, or took it back: they hide from them, or no longer.
    Blocked {
        by: UserId,
        person: UserId,
        blocked: bool,
    },
    /// Guests may enter from now on, or no longer.
    GuestsAdmitted(bool),
    /// Who may know of whom and write to whom is another for everyone, from this stamp on.
    ContactsChanged(Stamp),
    /// One after the other.
    Several(Vec<Told>),
}

/// A change after its transaction: what everyone is to hear, and what the asker is.
struct Settled {
    told: Option<Told>,
    outcome: Outcome,
    receipt: Receipt,
}

enum Publication {
    /// With a stamp: nothing of it has a later one.
    Settled(Vec<Settled>, Stamp),
    Drained(oneshot::Sender<()>),
}

impl Ledger {
    /// Starts the ledger and its publisher, each on a thread of its own.
    ///
    /// # Errors
    /// When the store cannot be read, or the operating system has no thread to give.
    pub fn start(writer: Writer, hub: Hub, options: Options) -> std::io::Result<(Self, Running)> {
        let scribe = Scribe::new(writer, options.clock).map_err(std::io::Error::other)?;
        hub.told_through(scribe.stamp());
        let (queue, requests) = mpsc::channel(LEDGER_QUEUE_MAX);
        let (publications, published) = mpsc::channel(PUBLISH_QUEUE_MAX);
        let (alive, ended) = oneshot::channel();
        std::thread::Builder::new()
            .name("publisher".to_owned())
            .spawn(move || publisher::publish(published, &hub))?;
        std::thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || {
                // Dropped when the thread ends, for whatever reason.
                let _alive: oneshot::Sender<()> = alive;
                keep(scribe, requests, &publications, options.batch_max);
            })?;
        let ledger = Self { queue };
        let running = Running {
            ledger: ledger.clone(),
            ended,
        };
        Ok((ledger, running))
    }

    /// Hands in a change. Waits while the queue is full, and not for the change.
    ///
    /// `receipt` is told after the change is on disk and published, or why it is not.
    pub async fn submit(&self, change: Change, receipt: Receipt) {
        if let Err(mpsc::error::SendError(Request::Change(_, receipt))) =
            self.queue.send(Request::Change(change, receipt)).await
        {
            receipt(Outcome::Refused(Refusal::Unavailable));
        }
    }

    /// Has a change made, and waits until it is on disk and published.
    ///
    /// # Errors
    /// Why it is not made.
    pub async fn make(&self, change: Change) -> Result<Outcome, Refusal> {
        let (told, outcome) = oneshot::channel();
        // An error means that who asked has gone meanwhile.
        let receipt = Box::new(move |outcome| drop(told.send(outcome)));
        self.submit(change, receipt).await;
        match outcome.await {
            Ok(Outcome::Refused(refusal)) => Err(refusal),
            Ok(outcome) => Ok(outcome),
            Err(_) => Err(Refusal::Unavailable),
        }
    }
}

impl Running {
    /// Waits until everything that was handed in before is on disk and told.
    pub async fn drain(&self) {
        let (drained, done) = oneshot::channel();
        if self
            .ledger
            .queue
            .send(Request::Drain(drained))
            .await
            .is_ok()
        {
            // An error means that the ledger ended, and then nothing waits either.
            done.await.ok();
        }
    }

    /// Has everything wait that is handed in from now on, until what is returned is dropped: then it shares a
    /// transaction. For whoever wants to know which changes do.
    pub async fn hold(&self) -> Hold {
        let (alive, held) = oneshot::channel();
        // An error means that the ledger ended, and then nothing goes on either.
        self.ledger.queue.send(Request::Hold(held)).await.ok();
        Hold { _alive: alive }
    }

    /// Waits until the ledger has ended and let go of the store, once nobody else can hand in changes.
    pub async fn end(self) {
        let Self { ledger, ended } = self;
        drop(ledger);
        // What has told its end already must not be asked again.
        if !ended.is_terminated() {
            ended.await.ok();
        }
    }

    /// Waits until the ledger ends by itself, which it does only when it failed.
    pub async fn failed(&mut self) {
        (&mut self.ended).await.ok();
    }
}

fn keep(
    mut scribe: Scribe,
    mut requests: mpsc::Receiver<Request>,
    publications: &mpsc::Sender<Publication>,
    batch_max: usize,
) {
    let mut changes = Vec::with_capacity(batch_max);
    // Marks of what was read go last: what is told of them counts the messages of the same batch, which
    // are told before in one piece.
    let mut marks = Vec::new();
    while let Some(first) = requests.blocking_recv() {
        let mut next = Some(first);
        let mut drained = None;
        while let Some(request) = next {
            match request {
                Request::Change(change, receipt) if change.is_mark() => {
                    marks.push((change, receipt));
                }
                Request::Change(change, receipt) => changes.push((change, receipt)),
                Request::Drain(done) => drained = Some(done),
                // Nothing is ever said; that nobody can any more ends the wait.
                Request::Hold(held) => held.blocking_recv().unwrap_or(()),
            }
            if changes.len() + marks.len() >= batch_max || drained.is_some() {
                break;
            }
            next = requests.try_recv().ok();
        }
        changes.append(&mut marks);
        let settled = scribe.settle(changes.drain(..));
        let told = publications.blocking_send(Publication::Settled(settled, scribe.stamp()));
        if let Some(done) = drained {
            publications.blocking_send(Publication::Drained(done)).ok();
        }
        if told.is_err() {
            tracing::error!("nobody publishes any more; the ledger stops");
            return;
        }
    }
}
