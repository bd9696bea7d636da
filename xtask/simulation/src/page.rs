//! One page of one person: the page's own state and outbox, what is on its way to it and from it, and what it was promised.
//! It does not know what the play has in mind.

use std::collections::{BTreeMap, VecDeque};

use leptos::prelude::{GetUntracked as _, Owner, ReadUntracked as _, WithUntracked as _};
use parley_client::outbox::Shelf as _;
use parley_client::state::{Chat, chat};
use parley_client::sync::Sync;
use parley_server::credentials::Shown;
use parley_shared::codec::{decode_event, encode_command};
use parley_shared::ids::{ConversationId, MessageId, Seq, Stamp, UserId};
use parley_shared::protocol::{ClientCommand, Refusal, ServerEvent};

use crate::keeping::{Keeping, News};
use crate::server::Connection;

/// A message that was written on a page, or a change of one.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) id: MessageId,
    /// The message that it changes; `None` for one that is new.
    pub(crate) of: Option<MessageId>,
    /// What was shown then; nothing, when it was not known yet.
    pub(crate) shown: Option<ConversationId>,
    /// What the message says from then on; of one that is erased, nothing.
    pub(crate) text: Option<String>,
    /// Whether it may be lost: the page was loaded anew before it could be kept.
    pub(crate) is_forgiven: bool,
    /// How often it came to the server.
    pub(crate) reached: u32,
}

/// What a person did, and what they were promised.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) written: Vec<Written>,
    pub(crate) accepted: BTreeMap<MessageId, (ConversationId, Seq)>,
    pub(crate) refused: BTreeMap<MessageId, Refusal>,
}

/// How a page ends before it is loaded anew.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ending {
    /// Whether it is told before, so that it saves what it knows.
    pub(crate) is_told: bool,
    /// How many of the texts that it cached last did not come to where they are kept.
    pub(crate) torn: usize,
    /// Whether the browser forgets everything, as none does.
    pub(crate) forgets: bool,
}

/// A page.
pub(crate) struct Page {
    pub(crate) name: String,
    /// Whose it is; nothing for a guest.
    pub(crate) account: Option<UserId>,
    pub(crate) shown: Shown,
    pub(crate) chat: Chat,
    sync: Sync,
    keeping: Keeping,
    _owner: Owner,
    /// The conversation at whose address it is.
    address: Option<ConversationId>,
    pub(crate) connection: Option<Connection>,
    /// On the way to the server.
    pub(crate) says: VecDeque<String>,
    /// On the way to the page.
    pub(crate) hears: VecDeque<String>,
    /// Answers that the server has read, and not given to the connection yet.
    pub(crate) late: Vec<String>,
    /// The connection is gone, and the page does not know it yet.
    pub(crate) is_cut: bool,
    /// Whether the page believes that a connection stands.
    pub(crate) is_up: bool,
    pub(crate) record: Record,
}

impl Page {
    pub(crate) fn new(
        name: String,
        account: Option<UserId>,
        shown: Shown,
        keeping: Keeping,
        now_ms: u64,
    ) -> Self {
        let (owner, sync, chat) = load(&keeping, None, now_ms);
        Self {
            name,
            account,
            shown,
            chat,
            sync,
            keeping,
            _owner: owner,
            address: None,
            connection: None,
            says: VecDeque::new(),
            hears: VecDeque::new(),
            late: Vec::new(),
            is_cut: false,
            is_up: false,
            record: Record::default(),
        }
    }

    // ---- The connection ----

    /// Since when it wants to be told what changed.
    pub(crate) fn since(&self) -> Option<Stamp> {
        self.sync.stamp()
    }

    /// A connection stands.
    pub(crate) fn opened(&mut self, connection: Connection) {
        self.connection = Some(connection);
        self.is_up = true;
        self.sync.trying();
        let said = self.sync.opened();
        self.say(said);
    }

    /// The page learns that its connection is gone.
    pub(crate) fn lost(&mut self, now_ms: u64) {
        self.end_connection();
        self.sync.lost(now_ms, now_ms + 500);
    }

    fn end_connection(&mut self) {
        self.is_cut = false;
        self.is_up = false;
        self.connection = None;
        self.says.clear();
        self.hears.clear();
        self.late.clear();
    }

    /// Hears the next frame that came, if there is one.
    pub(crate) fn hear(&mut self, now_ms: u64) -> Option<String> {
        let text = self.hears.pop_front()?;
        // As the page's socket does: what cannot be read is from a newer server.
        let Ok(event) = decode_event(&text) else {
            return Some(text);
        };
        match &event {
            ServerEvent::Accepted {
                id,
                conversation,
                seq,
                ..
            } => {
                self.record.accepted.insert(*id, (*conversation, *seq));
            }
            ServerEvent::Refused {
                id: Some(id),
                reason,
                ..
            } => {
                self.record.refused.insert(*id, reason.clone());
            }
            _ => {}
        }
        let said = self.sync.hear(event, now_ms);
        self.say(said);
        if self.sync.wants_anew() {
            self.end_connection();
        }
        Some(text)
    }

    fn say(&mut self, said: Vec<ClientCommand>) {
        if self.is_up {
            self.says.extend(said.iter().map(encode_command));
        }
    }

    /// Asks whether the server is there, as the socket does.
    pub(crate) fn ping(&mut self) {
        self.say(vec![ClientCommand::Ping]);
    }

    // ---- The visit ----

    /// The page is loaded anew, with nothing but what its browser keeps.
    pub(crate) fn reload(&mut self, now_ms: u64, ending: Ending) {
        if ending.is_told {
            self.act(|sync| sync.set_page_visible(false, now_ms));
            self.save();
        }
        self.lost(now_ms);
        let gone = self.keeping.end_page(ending.torn);
        if ending.forgets {
            self.keeping = Keeping::new(false);
        }
        for written in &mut self.record.written {
            // Nobody was known to be its author, or nothing to be where it belongs.
            let is_blind = written.shown.is_none() && !self.keeping.has(written.id);
            written.is_forgiven |= is_blind || gone.contains(&written.id);
        }
        let (owner, sync, chat) = load(&self.keeping, self.address, now_ms);
        (self._owner, self.sync, self.chat) = (owner, sync, chat);
    }

    /// Keeps for the next visit what it knows.
    pub(crate) fn save(&mut self) {
        if self.sync.is_unsaved() {
            self.keeping.begin_save();
            self.sync.save();
        }
    }

    /// How many of the texts that it cached last may still be on their way.
    pub(crate) fn saved_lately(&self) -> usize {
        self.keeping.saved_lately()
    }

    /// The browser has done what the page asked it to keep, and tells what the other tabs did.
    pub(crate) fn storage_gets_on(&mut self, steals: bool, now_ms: u64) -> Vec<News> {
        let all = self.keeping.get_on(steals);
        for news in &all {
            self.act(|sync| match news {
                News::Done(id) => sync.kept(*id, now_ms),
                News::Turn(is_mine) => sync.turn(*is_mine, now_ms),
                News::Kept(message) => sync.told_kept(message.clone(), now_ms),
                News::Passed(id, conversation, seq) => {
                    sync.told_passed(*id, *conversation, *seq, now_ms)
                }
                News::Forgotten(id) => sync.told_forgotten(*id, now_ms),
            });
        }
        all
    }

    // ---- What the reader does ----

    /// Goes to the address of a conversation, or of the Lobby.
    pub(crate) fn go_to(&mut self, conversation: Option<ConversationId>, now_ms: u64) {
        self.address = conversation;
        self.act(|sync| sync.open(conversation, now_ms));
    }

    /// Writes a message where the page is. `None` when it cannot.
    pub(crate) fn write(
        &mut self,
        text: String,
        now_ms: u64,
        mint: impl FnOnce(u64) -> MessageId,
    ) -> Option<MessageId> {
        let written = text.clone();
        self.note_written(None, Some(written), |sync, note| {
            sync.send(&text, now_ms, |ms| note(mint(ms)))
        })
    }

    /// Gives a message that is shown other words, or erases it. `None` when nothing comes of it.
    pub(crate) fn change(
        &mut self,
        message: MessageId,
        text: Option<String>,
        now_ms: u64,
        mint: impl FnOnce(u64) -> MessageId,
    ) -> Option<MessageId> {
        let written = text.clone();
        self.note_written(Some(message), written, |sync, note| match text {
            Some(text) => sync.edit(message, &text, now_ms, |ms| note(mint(ms))),
            None => sync.delete(message, now_ms, |ms| note(mint(ms))),
        })
    }

    fn note_written(
        &mut self,
        of: Option<MessageId>,
        text: Option<String>,
        write: impl FnOnce(
            &mut Sync,
            &mut dyn FnMut(MessageId) -> MessageId,
        ) -> Result<Vec<ClientCommand>, Refusal>,
    ) -> Option<MessageId> {
        let shown = self.me().and(self.open_id());
        let mut minted = None;
        let said = write(&mut self.sync, &mut |id| {
            minted = Some(id);
            id
        });
        let id = minted?;
        self.say(said.ok()?);
        self.record.written.push(Written {
            id,
            of,
            shown,
            text,
            is_forgiven: false,
            reached: 0,
        });
        Some(id)
    }

    /// Forgets what waits, and writes it anew, as no page may.
    pub(crate) fn write_anew(&mut self, now_ms: u64, mut mint: impl FnMut(u64) -> MessageId) {
        for kept in self.keeping.all() {
            let mut written = self.record.written.iter();
            let of = written.find(|written| written.id == kept.id && written.reached > 0);
            let Some(text) = of.and_then(|written| written.text.clone()) else {
                continue;
            };
            if kept.of.is_none() {
                let said = self.sync.discard(kept.id, now_ms);
                self.say(said);
                self.write(text, now_ms, &mut mint);
            }
        }
    }

    /// Does something, and says what follows from it.
    pub(crate) fn act(&mut self, act: impl FnOnce(&mut Sync) -> Vec<ClientCommand>) {
        let said = act(&mut self.sync);
        self.say(said);
    }

    // ---- What it shows ----

    /// When the page wants to do something by itself.
    pub(crate) fn wakes_at_ms(&self) -> Option<u64> {
        self.sync.wakes_at_ms()
    }

    pub(crate) fn me(&self) -> Option<UserId> {
        self.chat
            .me
            .with_untracked(|me| me.as_ref().map(|me| me.id))
    }

    pub(crate) fn open_id(&self) -> Option<ConversationId> {
        self.chat.open.get_untracked()
    }

    /// The conversations of its list.
    pub(crate) fn listed(&self) -> Vec<ConversationId> {
        self.chat.list.read_untracked().order().to_vec()
    }
}

/// A page as it is when it was just opened at an address: what was kept comes after that.
fn load(keeping: &Keeping, address: Option<ConversationId>, now_ms: u64) -> (Owner, Sync, Chat) {
    let owner = Owner::new();
    let (chat, write) = owner.with(chat);
    let mut sync = Sync::new(chat, write, Box::new(keeping.clone()));
    // There is no connection: nothing of what follows is said.
    drop(sync.open(address, now_ms));
    drop(sync.recall(keeping.begin_page(), now_ms));
    (owner, sync, chat)
}
