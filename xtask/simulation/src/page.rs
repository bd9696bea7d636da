//! One page of one person: the page's own state and outbox, what is on its way to it and from it, and what it was promised.
//! It does not know what the play has in mind.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use leptos::prelude::{GetUntracked as _, Owner, ReadUntracked as _, WithUntracked as _};
use parley_client::outbox::{KeptMessage, Shelf};
use parley_client::state::{Chat, chat};
use parley_client::sync::Sync;
use parley_server::credentials::Shown;
use parley_shared::codec::{decode_event, encode_command};
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::protocol::{ClientCommand, Refusal, ServerEvent};

use crate::server::Connection;

/// What a page keeps; it outlives the page, as a browser's storage does.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<BTreeMap<MessageId, KeptMessage>>>);

impl Shelf for Kept {
    fn keep(&self, message: &KeptMessage) {
        self.0.borrow_mut().insert(message.id, message.clone());
    }

    fn forget(&self, id: MessageId) {
        self.0.borrow_mut().remove(&id);
    }

    fn all(&self) -> Vec<KeptMessage> {
        self.0.borrow().values().cloned().collect()
    }
}

/// A message that was written on a page.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) id: MessageId,
    /// What was shown then; nothing, when it was not known yet.
    pub(crate) shown: Option<ConversationId>,
    pub(crate) text: String,
    /// Whether it may be lost: the page was loaded anew before it could know where to keep it.
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

/// A page.
pub(crate) struct Page {
    pub(crate) name: String,
    /// Whose it is; nothing for a guest.
    pub(crate) account: Option<UserId>,
    pub(crate) shown: Shown,
    pub(crate) chat: Chat,
    sync: Sync,
    shelf: Kept,
    _owner: Owner,
    pub(crate) connection: Option<Connection>,
    /// On the way to the server.
    pub(crate) says: VecDeque<String>,
    /// On the way to the page.
    pub(crate) hears: VecDeque<String>,
    /// The connection is gone, and the page does not know it yet.
    pub(crate) is_cut: bool,
    /// Whether the page believes that a connection stands.
    pub(crate) is_up: bool,
    pub(crate) record: Record,
}

impl Page {
    pub(crate) fn new(name: String, account: Option<UserId>, shown: Shown) -> Self {
        let shelf = Kept::default();
        let (owner, sync, chat) = load(&shelf);
        Self {
            name,
            account,
            shown,
            chat,
            sync,
            shelf,
            _owner: owner,
            connection: None,
            says: VecDeque::new(),
            hears: VecDeque::new(),
            is_cut: false,
            is_up: false,
            record: Record::default(),
        }
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
        self.is_cut = false;
        self.is_up = false;
        self.connection = None;
        self.says.clear();
        self.hears.clear();
        self.sync.lost(now_ms, now_ms + 500);
    }

    /// The page is loaded anew, with nothing but what it keeps.
    pub(crate) fn reload(&mut self, now_ms: u64, forgets: bool) {
        self.lost(now_ms);
        if forgets {
            self.shelf = Kept::default();
        }
        let kept = self.shelf.0.borrow();
        for written in &mut self.record.written {
            // Nobody was known to be its author, or nothing to be where it belongs.
            let is_blind = written.shown.is_none() && !kept.contains_key(&written.id);
            written.is_forgiven |= is_blind;
        }
        drop(kept);
        let (owner, sync, chat) = load(&self.shelf);
        (self._owner, self.sync, self.chat) = (owner, sync, chat);
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
        Some(text)
    }

    /// Writes a message where the page is. `None` when it cannot.
    pub(crate) fn write(
        &mut self,
        text: String,
        now_ms: u64,
        mint: impl FnOnce(u64) -> MessageId,
    ) -> Option<MessageId> {
        let shown = self.me().and(self.open_id());
        let mut minted = None;
        let said = self.sync.send(&text, now_ms, |written_ms| {
            let id = mint(written_ms);
            minted = Some(id);
            id
        });
        let id = minted?;
        self.say(said.ok()?);
        self.record.written.push(Written {
            id,
            shown,
            text,
            is_forgiven: false,
            reached: 0,
        });
        Some(id)
    }

    /// Forgets what waits, and writes it anew, as no page may.
    pub(crate) fn write_anew(&mut self, now_ms: u64, mut mint: impl FnMut(u64) -> MessageId) {
        for kept in self.shelf.all() {
            let of = self
                .record
                .written
                .iter()
                .find(|written| written.id == kept.id);
            let Some(text) = of
                .filter(|written| written.reached > 0)
                .map(|w| w.text.clone())
            else {
                continue;
            };
            let said = self.sync.discard(kept.id, now_ms);
            self.say(said);
            self.write(text, now_ms, &mut mint);
        }
    }

    /// Does something, and says what follows from it.
    pub(crate) fn act(&mut self, act: impl FnOnce(&mut Sync) -> Vec<ClientCommand>) {
        let said = act(&mut self.sync);
        self.say(said);
    }

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

    fn say(&mut self, said: Vec<ClientCommand>) {
        if self.is_up {
            self.says.extend(said.iter().map(encode_command));
        }
    }
}

fn load(shelf: &Kept) -> (Owner, Sync, Chat) {
    let owner = Owner::new();
    let (chat, write) = owner.with(chat);
    let sync = Sync::new(chat, write, Box::new(shelf.clone()));
    (owner, sync, chat)
}
