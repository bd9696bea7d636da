//! What the reader can do: components call these and nothing else. They do not know what becomes of it.

use std::fmt;

use futures_channel::mpsc::Sender;
use leptos::prelude::*;
use parley_shared::api::contacts::Remark;
use parley_shared::ids::{ConversationId, MessageId, Seq, Stamp, UserId};
use parley_shared::limits::CACHE_INTERVAL_MS;
use parley_shared::model::Contact;
use parley_shared::protocol::{ClientCommand, Refusal};

use crate::clock;
use crate::socket::{SocketCommand, SocketEvent};
use crate::sync::Sync;

mod kept;
mod proof;

/// What the reader can do. In context: `use_context::<Actions>()`.
#[derive(Clone, Copy)]
pub struct Actions {
    desk: StoredValue<Desk, LocalStorage>,
}

impl fmt::Debug for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Actions")
    }
}

/// Something that is done, with what is to be said then.
type Act<'a> = dyn FnMut(&mut Sync) -> Result<Vec<ClientCommand>, Refusal> + 'a;

/// The state's writer, the way to the socket, and the time at which the writer wants to be woken.
struct Desk {
    sync: Sync,
    commands: Sender<SocketCommand>,
    wakes_at_ms: Option<u64>,
    /// Up to which moment everything is known, as the socket was told.
    stamp: Option<Stamp>,
    /// Whether what the page knows is to be kept soon.
    saves_soon: bool,
    /// What keeps it. It comes with what proves: neither is needed to read and write.
    writer: Option<fn(&mut Sync)>,
}

impl Actions {
    /// Actions on the state that `sync` writes, which speak through `commands`.
    pub fn new(sync: Sync, commands: Sender<SocketCommand>) -> Self {
        Self {
            desk: StoredValue::new_local(Desk {
                sync,
                commands,
                wakes_at_ms: None,
                stamp: None,
                saves_soon: false,
                writer: None,
            }),
        }
    }

    /// Writes a message.
    ///
    /// Its row appears at once, as pending; the reader's own "new" divider goes.
    ///
    /// # Errors
    /// What is wrong with the text; nothing was sent then and the text should stay where it is.
    /// [`Refusal::Unavailable`] when too many messages wait already, of which a notice tells as well.
    pub fn send(self, text: &str) -> Result<(), Refusal> {
        self.attempt(|sync| sync.send(text, clock::now_ms(), clock::mint_message_id))
    }

    /// Gives a message of one's own other words. They show at once, as pending.
    ///
    /// # Errors
    /// As [`Actions::send`].
    pub fn edit(self, message: MessageId, text: &str) -> Result<(), Refusal> {
        self.attempt(|sync| sync.edit(message, text, clock::now_ms(), clock::mint_message_id))
    }

    /// Erases a message. That shows at once, as pending.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] when too much waits already.
    pub fn delete(self, message: MessageId) -> Result<(), Refusal> {
        self.attempt(|sync| sync.delete(message, clock::now_ms(), clock::mint_message_id))
    }

    /// Has a conversation count as unread from this place on, or from the newest that another wrote. What is
    /// shown is not read on until it is opened anew.
    pub fn mark_unread(self, conversation: ConversationId, from: Option<Seq>) {
        self.act(|sync| sync.mark_unread(conversation, from, clock::now_ms()));
    }

    /// Has a conversation count as read.
    pub fn mark_all_read(self, conversation: ConversationId) {
        self.act(|sync| sync.mark_all_read(conversation, clock::now_ms()));
    }

    /// Sends a message again that failed.
    pub fn retry(self, id: MessageId) {
        self.act(|sync| sync.retry(id, clock::now_ms()));
    }

    /// Gives up a message of one's own that failed.
    pub fn discard(self, id: MessageId) {
        self.act(|sync| sync.discard(id, clock::now_ms()));
    }

    /// Asks for the page of messages before the window, if there is one and it is not asked for already.
    pub fn load_older(self) {
        self.act(Sync::load_older);
    }

    /// Chooses another display name. Success is told by [`crate::state::Notice::Renamed`].
    ///
    /// # Errors
    /// What is wrong with the name; [`Refusal::Unavailable`] while there is no connection.
    pub fn rename(self, name: &str) -> Result<(), Refusal> {
        self.attempt(|sync| sync.rename(name))
    }

    /// The reader typed something. To be called on each input; the others are told every few seconds.
    pub fn typing(self) {
        self.act(|sync| sync.typing(clock::now_ms()));
    }

    /// Tries to connect at once instead of when the time comes.
    pub fn reconnect_now(self) {
        self.desk
            .try_update_value(|desk| desk.tell(SocketCommand::Nudge));
    }

    /// The browser is someone else now: whoever just signed in, registered or signed out. Connects as
    /// that person; what the page knew for the former goes with the welcome.
    pub(crate) fn renew(self) {
        self.act(|sync| {
            sync.renewing();
            Vec::new()
        });
        self.desk
            .try_update_value(|desk| desk.tell(SocketCommand::Renew));
    }

    /// The reader signs out by their own wish: nothing that they wrote and did not send stays behind.
    pub(crate) fn forget_unsent(self) {
        self.act(|sync| {
            sync.forget_unsent();
            Vec::new()
        });
    }

    /// Nobody may come in as who the browser is.
    pub(crate) fn shut_out(self) {
        self.act(|sync| {
            sync.signed_out();
            Vec::new()
        });
        self.desk
            .try_update_value(|desk| desk.tell(SocketCommand::Rest));
    }

    /// Shows a conversation; with none, the Lobby. To be called for an address that was gone to: whoever
    /// wants to lead there goes to [`crate::route::Route::Conversation`].
    pub(crate) fn open(self, conversation: Option<ConversationId>) {
        self.act(|sync| sync.open(conversation, clock::now_ms()));
    }

    /// Asks for the next page of the list of conversations, if there is one.
    pub fn load_conversations(self) {
        self.act(|sync| sync.load_conversations(clock::now_ms()));
    }

    /// Shows who someone is; with nobody, nothing more of it.
    pub fn show_person(self, person: Option<UserId>) {
        self.act(|sync| sync.show_person(person, clock::now_ms()));
    }

    /// These people are in front of the reader, besides those of the list: whether they are there is
    /// told in [`crate::state::Chat::online`].
    pub fn watch_besides(self, people: Vec<UserId>) {
        self.act(|sync| sync.watch_besides(people, clock::now_ms()));
    }

    /// These are all names by which the reader knows others.
    pub(crate) fn know_remarks(self, remarks: Vec<Remark>) {
        self.act(|sync| {
            sync.know_remarks(remarks);
            Vec::new()
        });
    }

    /// This is how the reader stands to someone, as the API answered.
    pub(crate) fn know_contact(self, contact: Contact) {
        self.act(|sync| {
            sync.know_contact(contact);
            Vec::new()
        });
    }

    /// So many people wait for an answer to their request to be friends.
    pub(crate) fn know_requests(self, requests: u32) {
        self.act(|sync| {
            sync.know_requests(requests);
            Vec::new()
        });
    }

    /// The reader reached the newest message, or left it. Called on scrolling; says the same twice without harm.
    pub fn set_at_bottom(self, at_bottom: bool) {
        self.act(|sync| sync.set_at_bottom(at_bottom, clock::now_ms()));
    }

    /// The reader has seen the notice.
    pub fn dismiss_notice(self) {
        self.act(|sync| {
            sync.dismiss_notice();
            Vec::new()
        });
    }

    /// The page came into view, or went out of it.
    pub(crate) fn set_page_visible(self, is_visible: bool) {
        self.act(|sync| sync.set_page_visible(is_visible, clock::now_ms()));
        if !is_visible {
            // It may never come back.
            self.save();
        }
    }

    /// The socket has something to tell.
    pub(crate) fn take(self, event: SocketEvent) {
        let is_heard = matches!(event, SocketEvent::Heard(_));
        self.act(|sync| match event {
            SocketEvent::Trying => {
                sync.trying();
                Vec::new()
            }
            SocketEvent::SignedOut => {
                sync.signed_out();
                Vec::new()
            }
            SocketEvent::Opened => sync.opened(),
            SocketEvent::Heard(event) => sync.hear(*event, clock::now_ms()),
            SocketEvent::Closed { retry_at_ms } => {
                sync.lost(clock::now_ms(), retry_at_ms);
                Vec::new()
            }
        });
        if is_heard {
            self.rest_if_signed_out();
        }
    }

    /// Ends the connection on which the reader is not who they were.
    fn rest_if_signed_out(self) {
        self.desk.try_update_value(|desk| {
            if desk.sync.rests() {
                desk.tell(SocketCommand::Rest);
            }
            if desk.sync.wants_anew() {
                desk.tell(SocketCommand::Renew);
            }
        });
    }

    fn act(self, act: impl FnOnce(&mut Sync) -> Vec<ClientCommand>) {
        // It cannot fail: `act` returns no refusal.
        drop(self.attempt(|sync| Ok(act(sync))));
    }

    fn attempt(
        self,
        act: impl FnOnce(&mut Sync) -> Result<Vec<ClientCommand>, Refusal>,
    ) -> Result<(), Refusal> {
        let mut act = Some(act);
        self.go(&mut |sync| act.take().map_or(Ok(Vec::new()), |act| act(sync)))
    }

    /// Does something, says what follows from it, and sees to it that the writer is woken in time. It is called once, and
    /// compiled once for all that is done.
    ///
    /// A page that is being taken down does nothing any more.
    fn go(self, act: &mut Act<'_>) -> Result<(), Refusal> {
        self.desk
            .try_update_value(|desk| {
                let said = act(&mut desk.sync)?;
                for command in said {
                    desk.tell(SocketCommand::Say(command));
                }
                self.wake_in_time(desk);
                self.save_in_time(desk);
                desk.tell_stamp();
                Ok(())
            })
            .unwrap_or(Ok(()))
    }

    fn wake_in_time(self, desk: &mut Desk) {
        let wakes_at_ms = desk.sync.wakes_at_ms();
        if desk.wakes_at_ms == wakes_at_ms {
            return;
        }
        desk.wakes_at_ms = wakes_at_ms;
        if let Some(at_ms) = wakes_at_ms {
            // A timer that is overtaken by a later one wakes in vain, which does no harm.
            let delay_ms = at_ms.saturating_sub(clock::now_ms());
            clock::after_ms(delay_ms, move || self.wake(at_ms));
        }
    }

    fn save_in_time(self, desk: &mut Desk) {
        if !desk.saves_soon && desk.writer.is_some() && desk.sync.is_unsaved() {
            desk.saves_soon = true;
            clock::after_ms(CACHE_INTERVAL_MS, move || self.save());
        }
    }

    fn wake(self, at_ms: u64) {
        self.desk.try_update_value(|desk| {
            desk.wakes_at_ms
                .take_if(|wakes_at_ms| *wakes_at_ms == at_ms);
        });
        // A timer may fire a little early; to the writer, the time that it named has come.
        self.act(|sync| sync.due(clock::now_ms().max(at_ms)));
    }
}

impl Desk {
    /// Tells the socket up to which moment everything is known, when that has changed.
    fn tell_stamp(&mut self) {
        let stamp = self.sync.stamp();
        if self.stamp != stamp {
            self.stamp = stamp;
            self.tell(SocketCommand::Since(stamp));
        }
    }

    fn tell(&mut self, command: SocketCommand) {
        // Full means that the socket's task takes nothing: its connection is dead, and a ping will
        // find that out. Everything that matters is then said again after the next welcome.
        drop(self.commands.try_send(command));
    }
}

/// The reader's actions, from context.
pub fn actions() -> Actions {
    expect_context::<Actions>()
}
