//! Conversations of a page with a server that is played by hand. They know no browser and wait for nothing.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, MessageId, Seq, Stamp, UserId};
use parley_shared::limits::OUTBOX_MESSAGES_MAX;
use parley_shared::model::{
    Conversation, ConversationKind, Group, Message, Person, Presence, Role, Standing,
};
use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal, ServerEvent};
use parley_shared::timeline::PendingState;

use super::Sync;
use crate::outbox::{KeptMessage, Shelf};
use crate::state::{Chat, Link, Notice, chat};

mod changes;
mod connection;
mod conversations;
mod identity;
mod kept;
mod marks;
mod mine;
mod people;
mod proof;
mod reached;
mod read;
mod unread;

/// The reader is number 1.
const ME: u8 = 1;
const ALICE: u8 = 2;
const BOB: u8 = 3;

/// What a test's page keeps; it outlives the page, as a browser's database does.
#[derive(Clone, Default)]
struct TestShelf(Rc<RefCell<Kept>>);

#[derive(Default)]
struct Kept {
    kept: BTreeMap<MessageId, KeptMessage>,
    cached: BTreeMap<String, String>,
    /// Whether it answers later: the test says when something is kept, and when the turn has come.
    is_slow: bool,
    turns_taken: u32,
    turns_left: u32,
    reader: Option<UserId>,
    has_drafts: bool,
}

impl Shelf for TestShelf {
    fn keep(&self, message: &KeptMessage) -> bool {
        let mut state = self.0.borrow_mut();
        let is_known = state.kept.insert(message.id, message.clone()).is_some();
        is_known || !state.is_slow
    }

    fn forget(&self, id: MessageId) {
        self.0.borrow_mut().kept.remove(&id);
    }

    fn pass(&self, id: MessageId, _conversation: ConversationId, _seq: Seq) {
        self.forget(id);
    }

    fn all(&self) -> Vec<KeptMessage> {
        self.0.borrow().kept.values().cloned().collect()
    }

    fn take_turn(&self) -> bool {
        let mut state = self.0.borrow_mut();
        state.turns_taken += 1;
        !state.is_slow
    }

    fn leave_turn(&self) {
        self.0.borrow_mut().turns_left += 1;
    }

    fn cache(&self, key: String, text: Option<String>) {
        let cached = &mut self.0.borrow_mut().cached;
        match text {
            Some(text) => drop(cached.insert(key, text)),
            None => drop(cached.remove(&key)),
        }
    }

    fn wipe(&self, with_drafts: bool) {
        let mut state = self.0.borrow_mut();
        state.cached.clear();
        state.has_drafts &= !with_drafts;
    }

    fn belong_to(&self, reader: UserId, is_first: bool) {
        let mut state = self.0.borrow_mut();
        if state
            .reader
            .replace(reader)
            .is_some_and(|former| is_first && former != reader)
        {
            state.has_drafts = false;
        }
    }
}

/// A page without a browser: what it says is collected until it is asked for.
struct TestPage {
    sync: Sync,
    chat: Chat,
    shelf: TestShelf,
    said: Vec<ClientCommand>,
    now_ms: u64,
    minted: u64,
    owner: Owner,
    /// Whose signals would go with it, had it no other.
    former: Option<Owner>,
}

impl TestPage {
    fn new() -> Self {
        Self::with_shelf(TestShelf::default())
    }

    fn with_shelf(shelf: TestShelf) -> Self {
        let owner = Owner::new();
        owner.set();
        let (chat, write) = chat();
        Self {
            sync: Sync::new(chat, write, Box::new(shelf.clone())),
            chat,
            shelf,
            said: Vec::new(),
            now_ms: 1_000_000,
            minted: 0,
            owner,
            former: None,
        }
    }

    /// A page whose conversation has these messages, of Alice, at the places 1 to `last`.
    fn opened_at(last: u64) -> Self {
        let mut page = Self::new();
        page.connect(last);
        page.said();
        page.hear(newest(1..=last, last, false));
        assert_eq!(page.said(), []);
        page
    }

    fn connect(&mut self, last: u64) {
        self.sync.trying();
        self.said.extend(self.sync.opened());
        self.hear(welcome(last));
    }

    fn lose_connection(&mut self) {
        self.sync.lost(self.now_ms, self.now_ms + 500);
    }

    fn hear(&mut self, event: ServerEvent) {
        let said = self.sync.hear(event, self.now_ms);
        self.said.extend(said);
    }

    /// Writes a message and returns its id.
    fn write(&mut self, text: &str) -> MessageId {
        self.minted += 1;
        let id = my_message(self.minted);
        let said = self.sync.send(text, self.now_ms, |_| id);
        self.said
            .extend(said.expect("the text is one that can be sent"));
        id
    }

    /// Lets time pass, as far as the page wants to be woken.
    fn pass(&mut self, ms: u64) {
        let until_ms = self.now_ms + ms;
        while let Some(at_ms) = self.sync.wakes_at_ms().filter(|at_ms| *at_ms <= until_ms) {
            self.now_ms = self.now_ms.max(at_ms);
            let said = self.sync.due(self.now_ms);
            let is_idle = said.is_empty() && self.sync.wakes_at_ms() == Some(at_ms);
            assert!(!is_idle, "a page that is woken does something");
            self.said.extend(said);
        }
        self.now_ms = until_ms;
    }

    /// The reader reaches the newest message, or leaves it.
    fn look_at_bottom(&mut self, at_bottom: bool) {
        let said = self.sync.set_at_bottom(at_bottom, self.now_ms);
        self.said.extend(said);
    }

    /// The page comes into view, or goes out of it.
    fn look_at_page(&mut self, is_visible: bool) {
        let said = self.sync.set_page_visible(is_visible, self.now_ms);
        self.said.extend(said);
    }

    /// The reader wants to see a conversation.
    fn open(&mut self, conversation: Option<ConversationId>) {
        let said = self.sync.open(conversation, self.now_ms);
        self.said.extend(said);
    }

    /// What the page said since it was last asked.
    fn said(&mut self) -> Vec<ClientCommand> {
        std::mem::take(&mut self.said)
    }

    /// The messages that it sent, among what it said since it was last asked.
    fn sent(&mut self) -> Vec<MessageId> {
        let said = self.said().into_iter();
        said.filter_map(|command| match command {
            ClientCommand::Send { id, .. } => Some(id),
            _ => None,
        })
        .collect()
    }

    /// The places of the confirmed messages.
    fn places(&self) -> Vec<u64> {
        let timeline = self.chat.timeline.get_untracked();
        timeline.messages().map(|message| message.seq.0).collect()
    }

    fn pending(&self) -> Vec<(MessageId, PendingState)> {
        let timeline = self.chat.timeline.get_untracked();
        let pending = timeline.pending().iter();
        pending.map(|p| (p.id, p.state.clone())).collect()
    }

    fn unread(&self) -> (Option<u64>, usize) {
        let unread = self.chat.unread.get_untracked();
        (unread.divider.map(|place| place.0), unread.count)
    }

    /// The conversations of the list, from top to bottom.
    fn listed(&self) -> Vec<ConversationId> {
        self.chat.list.with_untracked(|list| list.order().to_vec())
    }

    /// How the list has a conversation.
    fn known(&self, id: ConversationId) -> Conversation {
        let list = self.chat.list.get_untracked();
        Conversation::clone(list.get(id).expect("the conversation is in the list"))
    }

    fn shown(&self) -> Option<ConversationId> {
        self.chat.open.get_untracked()
    }

    fn link(&self) -> Link {
        self.chat.link.get_untracked()
    }

    fn notice(&self) -> Option<Notice> {
        self.chat.notice.get_untracked()
    }
}

fn user(number: u8) -> UserId {
    UserId::from_bytes([number; 16])
}

fn person(number: u8) -> Person {
    named(number, None)
}

fn named(number: u8, name: Option<&str>) -> Person {
    Person {
        id: user(number),
        name: name.map(str::to_owned),
        picture: None,
        deleted: false,
    }
}

fn lobby() -> ConversationId {
    ConversationId::from_bytes([9; 16])
}

/// A conversation besides the Lobby.
fn other(number: u8) -> ConversationId {
    ConversationId::from_bytes([100 + number; 16])
}

/// A group, as its reader sees it: the higher its number, the longer nothing was said there.
fn group(number: u8, last: u64) -> Conversation {
    Conversation {
        active_ms: 900_000 - u64::from(number),
        group: Some(Group {
            name: format!("group {number}"),
            about: String::new(),
            picture: None,
            public: false,
            members: 3,
            archived: false,
        }),
        role: Some(Role::Member),
        ..conversation_of(other(number), ConversationKind::Group, last)
    }
}

/// The talk with someone.
fn direct(number: u8, with: u8) -> Conversation {
    Conversation {
        active_ms: 900_000 - u64::from(number),
        with: Some(person(with)),
        ..conversation_of(other(number), ConversationKind::Direct, 0)
    }
}

/// Someone with an account is welcomed, to the Lobby and to these.
fn welcome_among(last: u64, others: Vec<Conversation>, more: bool) -> ServerEvent {
    let mut event = welcome(last);
    if let ServerEvent::Welcome {
        account,
        conversations,
        more: has_more,
        ..
    } = &mut event
    {
        *account = Some(Standing {
            user_name: "ming".into(),
            role: Role::Member,
        });
        conversations.extend(others);
        *has_more = more;
    }
    event
}

/// The same event, of another conversation than the Lobby.
fn of(conversation: ConversationId, mut event: ServerEvent) -> ServerEvent {
    match &mut event {
        ServerEvent::MessageChanged { message, .. } => message.conversation = conversation,
        ServerEvent::History {
            conversation: of, ..
        }
        | ServerEvent::Changes {
            conversation: of, ..
        }
        | ServerEvent::Accepted {
            conversation: of, ..
        } => *of = conversation,
        other => panic!("{other:?} is of no conversation"),
    }
    event
}

fn changed(conversation: Conversation) -> ServerEvent {
    ServerEvent::ConversationChanged {
        conversation,
        people: Vec::new(),
    }
}

fn text(text: &str) -> ChatMessage {
    ChatMessage::Text { text: text.into() }
}

fn my_message(number: u64) -> MessageId {
    MessageId::from_time_and_randomness(number, [ME; 10])
}

/// The message at a place, of an author.
fn message(author: u8, place: u64) -> Message {
    Message {
        id: MessageId::from_time_and_randomness(place, [author + 100; 10]),
        conversation: lobby(),
        author: user(author),
        seq: Seq(place),
        changed: Seq(place),
        sent_ms: 1_000_000 + place,
        edited_ms: None,
        salt: None,
        body: text("hi"),
    }
}

fn welcome(last: u64) -> ServerEvent {
    welcome_to(lobby(), last)
}

fn welcome_to(conversation: ConversationId, last: u64) -> ServerEvent {
    ServerEvent::Welcome {
        since: None,
        left: Vec::new(),
        stamp: Stamp::default(),
        protocol: 1,
        server: "0.0.0".into(),
        me: person(ME),
        account: None,
        conversations: vec![conversation_of(conversation, ConversationKind::Lobby, last)],
        more: false,
        people: Vec::new(),
        presence: Presence {
            online: 1,
            people: Some(vec![person(ME)]),
        },
        requests: 0,
        remarks: false,
    }
}

/// A conversation in which nothing is unread, as its reader sees it.
fn conversation_of(id: ConversationId, kind: ConversationKind, last: u64) -> Conversation {
    Conversation {
        id,
        kind,
        last: Seq(last),
        active_ms: 1_000_000 + last,
        latest: None,
        read: Seq::ZERO,
        unread: 0,
        mentions: 0,
        with: None,
        group: None,
        role: None,
        closed: false,
    }
}

/// The newest page of history, with the messages of Alice at these places.
fn newest(places: impl Iterator<Item = u64>, through: u64, more: bool) -> ServerEvent {
    ServerEvent::History {
        conversation: lobby(),
        before: None,
        messages: places.map(|place| message(ALICE, place)).collect(),
        people: vec![person(ALICE)],
        through: Seq(through),
        more,
    }
}

/// A page of changes, with the messages of Alice at these places.
fn changes(since: u64, places: impl Iterator<Item = u64>, through: u64, more: bool) -> ServerEvent {
    ServerEvent::Changes {
        conversation: lobby(),
        since: Seq(since),
        messages: places.map(|place| message(ALICE, place)).collect(),
        people: vec![person(ALICE)],
        through: Seq(through),
        more,
    }
}

fn live(author: u8, place: u64) -> ServerEvent {
    ServerEvent::MessageChanged {
        message: message(author, place),
        author: person(author),
    }
}

/// The event by which everyone, and the reader too, hears of the reader's message.
fn confirmed(id: MessageId, place: u64) -> ServerEvent {
    ServerEvent::MessageChanged {
        message: Message {
            id,
            ..message(ME, place)
        },
        author: person(ME),
    }
}

fn accepted(id: MessageId, place: u64) -> ServerEvent {
    ServerEvent::Accepted {
        id,
        conversation: lobby(),
        seq: Seq(place),
        sent_ms: 1_000_000 + place,
    }
}

fn refused(command: &str, id: Option<MessageId>, reason: Refusal) -> ServerEvent {
    ServerEvent::Refused {
        command: Some(command.into()),
        id,
        message: reason.to_string(),
        reason,
    }
}

fn too_fast(retry_after_ms: u64) -> Refusal {
    Refusal::TooFast {
        limit_per_second: 1,
        retry_after_ms,
    }
}

fn ask_newest() -> ClientCommand {
    ClientCommand::History {
        conversation: lobby(),
        before: None,
    }
}

fn ask_changes(since: u64) -> ClientCommand {
    ClientCommand::Changes {
        conversation: lobby(),
        since: Seq(since),
    }
}

fn ask_people(people: &[u8]) -> ClientCommand {
    ClientCommand::People {
        ids: people.iter().map(|number| user(*number)).collect(),
    }
}
