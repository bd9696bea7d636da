//! One person's connection, without the wire: what it may say, how fast, and which action does it. It knows no socket.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota};
use parley_shared::codec::{Unreadable, decode_command};
use parley_shared::ids::{ConversationId, MessageId};
use parley_shared::limits::{
    COMMANDS_BURST_MAX, COMMANDS_PER_SECOND_MAX, PROTOCOL_VERSION, READS_IN_FLIGHT_MAX,
    REFUSALS_IN_A_ROW_MAX, SENDS_IN_FLIGHT_MAX,
};
use parley_shared::model::Scope;
use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal, ServerEvent};

use crate::actions;
use crate::app::App;
use crate::hub::mailbox::Mailbox;
use crate::hub::{Frame, Listener};
use crate::ledger::{Outcome, Receipt};
use crate::store::callers::Caller;
use crate::store::conversations::Seat;

/// One person's connection.
#[derive(Debug)]
pub struct Session {
    app: App,
    caller: Caller,
    seats: Vec<Seat>,
    listener: Listener,
    /// Changes that wait for the disk, and questions that wait for the store.
    in_flight: Arc<InFlight>,
    rate: Option<DefaultDirectRateLimiter>,
    refused_in_a_row: u32,
}

#[derive(Debug, Default)]
struct InFlight {
    changes: AtomicUsize,
    reads: AtomicUsize,
}

/// Whether the connection goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Continue,
    /// The other end says nothing but what must be refused.
    Close,
}

impl Session {
    /// Lets a person in, with what they are to be told first.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] when the store fails, and [`Refusal::SignInNeeded`] when the person is no
    /// longer who they were when they asked.
    pub async fn open(app: App, caller: Caller) -> Result<(Self, Frame), Refusal> {
        let arrival = actions::welcome::arrive(&app, &caller).await?;
        // Who lifts the bound on messages, for a load test or a bot, means it.
        let rate = (app.config().messages_per_second > 0)
            .then(command_rate)
            .flatten();
        let session = Self {
            app,
            caller,
            seats: arrival.seats,
            listener: arrival.listener,
            in_flight: Arc::default(),
            rate,
            refused_in_a_row: 0,
        };
        Ok((session, Frame::new(&arrival.welcome)))
    }

    /// Where this connection's frames wait.
    pub fn mailbox(&self) -> &Arc<Mailbox> {
        self.listener.mailbox()
    }

    /// Whether the next command may be read: not while too many of the last ones are unfinished.
    ///
    /// The mailbox is nudged when that changes.
    pub fn may_hear(&self) -> bool {
        self.in_flight.changes.load(Ordering::Relaxed) < SENDS_IN_FLIGHT_MAX
            && self.in_flight.reads.load(Ordering::Relaxed) < READS_IN_FLIGHT_MAX
            && !self.mailbox().is_reading_stopped()
    }

    /// Whether the token that it came with has ended by the clock.
    pub fn has_expired(&self) -> bool {
        self.caller.has_expired(self.app.clock().now_ms())
    }

    /// Does what a text frame says, or refuses it.
    pub async fn hear(&mut self, text: &str) -> Verdict {
        let heard = match decode_command(text) {
            Ok(command) => match self.count_command() {
                Ok(()) => self.obey(command).await,
                Err(reason) => Err(refused(&command, reason)),
            },
            Err(unreadable) => Err(unreadable),
        };
        match heard {
            Ok(()) => {
                self.refused_in_a_row = 0;
                Verdict::Continue
            }
            Err(unreadable) => self.refuse(unreadable),
        }
    }

    /// Refuses something that is no text frame at all.
    pub fn refuse_frame(&mut self, reason: Refusal) -> Verdict {
        self.refuse(Unreadable {
            command: None,
            id: None,
            reason,
        })
    }

    async fn obey(&self, command: ClientCommand) -> Result<(), Unreadable> {
        if let Err(reason) = self.may(&command) {
            return Err(refused(&command, reason));
        }
        let done = match &command {
            ClientCommand::Hello { protocol } => self.hello(*protocol),
            ClientCommand::Send {
                id,
                conversation,
                body,
            } => self.send(*id, *conversation, body.clone()).await,
            ClientCommand::History {
                conversation,
                before,
            } => self.seat(*conversation).map(|seat| {
                let (app, before) = (self.app.clone(), *before);
                self.answer("history", async move {
                    actions::history::history(&app, seat, before).await
                });
            }),
            ClientCommand::Changes {
                conversation,
                since,
            } => self.seat(*conversation).map(|seat| {
                let (app, since) = (self.app.clone(), *since);
                self.answer("changes", async move {
                    actions::history::changes(&app, seat, since).await
                });
            }),
            ClientCommand::People { ids } => {
                let (app, ids) = (self.app.clone(), ids.clone());
                self.answer(
                    "people",
                    async move { actions::people::people(&app, ids).await },
                );
                Ok(())
            }
            ClientCommand::Rename { name } => {
                let receipt = self.receipt("rename", None);
                actions::people::rename(&self.app, self.caller.person(), name, receipt).await
            }
            ClientCommand::Conversations { .. }
            | ClientCommand::Conversation { .. }
            | ClientCommand::Open { .. }
            | ClientCommand::Watch { .. }
            | ClientCommand::Read { .. } => Err(Refusal::Unavailable),
            ClientCommand::Typing { conversation } => self
                .seat(*conversation)
                .map(|seat| actions::typing::typing(&self.app, &seat)),
            ClientCommand::Ping => {
                self.say(&ServerEvent::Pong);
                Ok(())
            }
        };
        done.map_err(|reason| refused(&command, reason))
    }

    /// Whether the token that was shown allows a command; whoever is there in person may say each.
    fn may(&self, command: &ClientCommand) -> Result<(), Refusal> {
        let needed = match command {
            ClientCommand::Send { .. }
            | ClientCommand::Rename { .. }
            | ClientCommand::Read { .. }
            | ClientCommand::Typing { .. } => Scope::Write,
            ClientCommand::Hello { .. }
            | ClientCommand::History { .. }
            | ClientCommand::Changes { .. }
            | ClientCommand::People { .. }
            | ClientCommand::Conversations { .. }
            | ClientCommand::Conversation { .. }
            | ClientCommand::Open { .. }
            | ClientCommand::Watch { .. }
            | ClientCommand::Ping => Scope::Read,
        };
        if self.caller.proof().scope() < needed {
            return Err(Refusal::ScopeTooSmall { needed });
        }
        Ok(())
    }

    fn hello(&self, protocol: u32) -> Result<(), Refusal> {
        if protocol == PROTOCOL_VERSION {
            Ok(())
        } else {
            let supported = PROTOCOL_VERSION;
            Err(Refusal::UnsupportedProtocol { supported })
        }
    }

    async fn send(
        &self,
        id: MessageId,
        conversation: ConversationId,
        body: ChatMessage,
    ) -> Result<(), Refusal> {
        let seat = self.seat(conversation)?;
        let receipt = self.receipt("send", Some(id));
        actions::messages::send(&self.app, &seat, id, body, receipt).await
    }

    fn seat(&self, conversation: ConversationId) -> Result<Seat, Refusal> {
        self.seats
            .iter()
            .find(|seat| seat.conversation() == conversation)
            .copied()
            .ok_or(Refusal::UnknownConversation)
    }

    /// Tells this connection what became of its change.
    fn receipt(&self, command: &'static str, id: Option<MessageId>) -> Receipt {
        let mailbox = Arc::clone(self.mailbox());
        let unfinished = Unfinished::change(self);
        Box::new(move |outcome| {
            drop(unfinished);
            match outcome {
                Outcome::Stored {
                    id,
                    conversation,
                    seq,
                    sent_ms,
                } => mailbox.push(&[Frame::new(&ServerEvent::Accepted {
                    id,
                    conversation,
                    seq,
                    sent_ms,
                })]),
                // Everyone was told the new name already, this connection among them.
                Outcome::Renamed(_) | Outcome::Conversation(_) | Outcome::Done => {}
                Outcome::Refused(reason) => {
                    let command = Some(command.to_owned());
                    mailbox.push(&[refusal(command, id, reason)]);
                }
            }
        })
    }

    /// Looks something up without keeping the connection from what else it has to do.
    fn answer(
        &self,
        command: &'static str,
        question: impl Future<Output = Result<ServerEvent, Refusal>> + Send + 'static,
    ) {
        let mailbox = Arc::clone(self.mailbox());
        let unfinished = Unfinished::read(self);
        self.app.connections().spawn(async move {
            let frame = match question.await {
                Ok(event) => Frame::new(&event),
                Err(reason) => refusal(Some(command.to_owned()), None, reason),
            };
            drop(unfinished);
            mailbox.push(&[frame]);
        });
    }

    fn say(&self, event: &ServerEvent) {
        self.mailbox().push(&[Frame::new(event)]);
    }

    fn refuse(&mut self, unreadable: Unreadable) -> Verdict {
        let Unreadable {
            command,
            id,
            reason,
        } = unreadable;
        self.mailbox().push(&[refusal(command, id, reason)]);
        self.refused_in_a_row += 1;
        if self.refused_in_a_row < REFUSALS_IN_A_ROW_MAX {
            Verdict::Continue
        } else {
            Verdict::Close
        }
    }

    fn count_command(&self) -> Result<(), Refusal> {
        let Some(rate) = &self.rate else {
            return Ok(());
        };
        rate.check().map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            Refusal::TooFast {
                limit_per_second: COMMANDS_PER_SECOND_MAX,
                retry_after_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX) + 1,
            }
        })
    }
}

/// One unfinished thing, for as long as it lives.
struct Unfinished {
    in_flight: Arc<InFlight>,
    count: fn(&InFlight) -> &AtomicUsize,
    /// So many at once, and the connection reads no further.
    max: usize,
    mailbox: Arc<Mailbox>,
}

impl Unfinished {
    fn change(session: &Session) -> Self {
        Self::new(session, |in_flight| &in_flight.changes, SENDS_IN_FLIGHT_MAX)
    }

    fn read(session: &Session) -> Self {
        Self::new(session, |in_flight| &in_flight.reads, READS_IN_FLIGHT_MAX)
    }

    fn new(session: &Session, count: fn(&InFlight) -> &AtomicUsize, max: usize) -> Self {
        count(&session.in_flight).fetch_add(1, Ordering::Relaxed);
        Self {
            in_flight: Arc::clone(&session.in_flight),
            count,
            max,
            mailbox: Arc::clone(session.mailbox()),
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let before = (self.count)(&self.in_flight).fetch_sub(1, Ordering::Relaxed);
        // The answer itself wakes nobody: it goes out without the connection's task.
        if before >= self.max {
            self.mailbox.nudge();
        }
    }
}

fn command_rate() -> Option<DefaultDirectRateLimiter> {
    let quota = Quota::per_second(NonZeroU32::new(COMMANDS_PER_SECOND_MAX)?)
        .allow_burst(NonZeroU32::new(COMMANDS_BURST_MAX)?);
    Some(DefaultDirectRateLimiter::direct(quota))
}

fn refused(command: &ClientCommand, reason: Refusal) -> Unreadable {
    let (name, id) = match command {
        ClientCommand::Hello { .. } => ("hello", None),
        ClientCommand::Send { id, .. } => ("send", Some(*id)),
        ClientCommand::History { .. } => ("history", None),
        ClientCommand::Changes { .. } => ("changes", None),
        ClientCommand::People { .. } => ("people", None),
        ClientCommand::Conversations { .. } => ("conversations", None),
        ClientCommand::Conversation { .. } => ("conversation", None),
        ClientCommand::Open { .. } => ("open", None),
        ClientCommand::Watch { .. } => ("watch", None),
        ClientCommand::Read { .. } => ("read", None),
        ClientCommand::Rename { .. } => ("rename", None),
        ClientCommand::Typing { .. } => ("typing", None),
        ClientCommand::Ping => ("ping", None),
    };
    Unreadable {
        command: Some(name.to_owned()),
        id,
        reason,
    }
}

fn refusal(command: Option<String>, id: Option<MessageId>, reason: Refusal) -> Frame {
    let message = reason.to_string();
    Frame::new(&ServerEvent::Refused {
        command,
        id,
        reason,
        message,
    })
}
