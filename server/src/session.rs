//! One person's connection, without the wire: what it may say, how fast, and which action does it. It knows no socket.

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota};
use parley_shared::codec::{Unreadable, decode_command};
use parley_shared::ids::{ConversationId, MessageId, Stamp, UserId};
use parley_shared::limits::{
    COMMANDS_BURST_MAX, COMMANDS_PER_SECOND_MAX, PROTOCOL_VERSION, REFUSALS_IN_A_ROW_MAX,
};
use parley_shared::protocol::{ClientCommand, Refusal, ServerEvent};

use crate::actions;
use crate::app::App;
use crate::hub::mailbox::Mailbox;
use crate::hub::{Frame, Listener, Online};
use crate::ledger::{Outcome, Receipt};
use crate::store::callers::Caller;
use crate::store::conversations::Seat;

mod marks;
mod needed;
mod questions;
mod refused;
mod seats;
mod unfinished;
mod writing;

use needed::needed;
use refused::{refusal, refused};
use seats::Seats;
use unfinished::{InFlight, Unfinished};

/// One person's connection.
#[derive(Debug)]
pub struct Session {
    app: App,
    caller: Caller,
    seats: Seats,
    listener: Listener,
    /// The stamp of what it was told first.
    arrived: Stamp,
    /// At whom it looks, as it asked.
    watching: Vec<UserId>,
    /// Those of them of whom it was told.
    told_of: Vec<UserId>,
    in_flight: Arc<InFlight>,
    rate: Option<DefaultDirectRateLimiter>,
    refused_in_a_row: u32,
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
    /// Lets a person in, with what they are to be told first: with a stamp, what changed for them since.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] when the store fails, and [`Refusal::SignInNeeded`] when the person is no
    /// longer who they were when they asked.
    pub async fn open(
        app: App,
        caller: Caller,
        since: Option<Stamp>,
    ) -> Result<(Self, Frame), Refusal> {
        let arrival = actions::welcome::arrive(&app, &caller, since).await?;
        // Who lifts the bound on messages, for a load test or a bot, means it.
        let rate = (app.config().messages_per_second > 0)
            .then(command_rate)
            .flatten();
        let session = Self {
            app,
            caller,
            seats: Seats::new(arrival.seats),
            listener: arrival.listener,
            arrived: arrival.stamp,
            watching: Vec::new(),
            told_of: Vec::new(),
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
        self.in_flight.has_room() && !self.mailbox().is_reading_stopped()
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

    async fn obey(&mut self, command: ClientCommand) -> Result<(), Unreadable> {
        if let Err(reason) = self.may(&command) {
            return Err(refused(&command, reason));
        }
        let done = match &command {
            ClientCommand::Hello { protocol } => self.hello(*protocol),
            ClientCommand::Send { .. }
            | ClientCommand::Edit { .. }
            | ClientCommand::Delete { .. } => self.write(&command).await,
            ClientCommand::Rename { name } => {
                let receipt = self.receipt("rename", None);
                actions::people::rename(&self.app, self.caller.person(), name, receipt).await
            }
            ClientCommand::Open { conversation } => self.open_one(*conversation).await,
            ClientCommand::Watch { people } => self.watch(people).await,
            ClientCommand::Read { .. }
            | ClientCommand::MarkUnread { .. }
            | ClientCommand::Delivered { .. } => self.mark(&command).await,
            ClientCommand::Typing { conversation } => match self.seat(*conversation).await {
                Ok(seat) => actions::typing::typing(&self.app, seat).await,
                Err(reason) => Err(reason),
            },
            ClientCommand::Ping => {
                let stamp = self.app.hub().told(self.arrived);
                self.say(&ServerEvent::Pong { stamp });
                Ok(())
            }
            ClientCommand::History { .. }
            | ClientCommand::Changes { .. }
            | ClientCommand::Entries { .. }
            | ClientCommand::People { .. }
            | ClientCommand::Conversations { .. }
            | ClientCommand::Conversation { .. } => self.look_up(&command).await,
        };
        done.map_err(|reason| refused(&command, reason))
    }

    /// Whether the token that was shown allows a command; whoever is there in person may say each.
    fn may(&self, command: &ClientCommand) -> Result<(), Refusal> {
        let needed = needed(command);
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

    async fn open_one(&mut self, conversation: ConversationId) -> Result<(), Refusal> {
        let seat = self.seat(conversation).await?;
        self.say(&actions::presence::open(&self.listener, &seat)?);
        // Asked for after it is open: what changes from here on is told.
        if let Some(told) = actions::receipts::told(&self.app, &seat).await? {
            self.say(&told);
        }
        Ok(())
    }

    async fn watch(&mut self, people: &[UserId]) -> Result<(), Refusal> {
        let told = actions::presence::watch(&self.app, &self.listener, &self.caller, people);
        let told = told.await?;
        self.watching = people.to_vec();
        self.tell_of(told);
        Ok(())
    }

    /// Tells who is there of those at whom it looks. Of whom one may not know it any more, one is told
    /// once what one would see: nothing.
    fn tell_of(&mut self, told: Online) {
        let Online {
            online,
            mut offline,
        } = told;
        let told_of = [online.as_slice(), &offline].concat();
        let before = std::mem::replace(&mut self.told_of, told_of);
        let is_lost = |id: &&UserId| self.watching.contains(id) && !self.told_of.contains(id);
        offline.extend(before.iter().filter(is_lost));
        self.say(&ServerEvent::OnlineChanged { online, offline });
    }

    /// Does what has come up besides commands: asks again of whom it may know whether they are there.
    pub async fn tend(&mut self) {
        if self.watching.is_empty() || !self.listener.is_in_doubt() {
            return;
        }
        let people = self.watching.clone();
        // Looked after each time that the connection wakes, and asked seldom: the room for asking comes with it.
        let told = Box::pin(actions::presence::watch(
            &self.app,
            &self.listener,
            &self.caller,
            &people,
        ));
        // When the store fails, it may know nothing of anybody until it asks itself.
        let told = told.await.unwrap_or_default();
        self.tell_of(told);
    }

    /// The person's seat in a conversation: one that was used lately, or as the store has it.
    async fn seat(&mut self, conversation: ConversationId) -> Result<Seat, Refusal> {
        if let Some(seat) = self.seats.find(conversation) {
            return Ok(seat);
        }
        let person = self.caller.person();
        let seat = actions::conversations::seat(&self.app, person, conversation).await?;
        self.seats.keep(seat);
        Ok(seat)
    }

    /// Tells this connection what became of its change.
    fn receipt(&self, command: &'static str, id: Option<MessageId>) -> Receipt {
        let mailbox = Arc::clone(self.mailbox());
        let unfinished = Unfinished::change(&self.in_flight, &mailbox);
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

fn command_rate() -> Option<DefaultDirectRateLimiter> {
    let quota = Quota::per_second(NonZeroU32::new(COMMANDS_PER_SECOND_MAX)?)
        .allow_burst(NonZeroU32::new(COMMANDS_BURST_MAX)?);
    Some(DefaultDirectRateLimiter::direct(quota))
}
