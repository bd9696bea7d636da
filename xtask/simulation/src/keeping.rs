//! What a page's browser keeps. It outlives the page, and may take its time. It does not know what is done with it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use parley_client::outbox::{KeptMessage, Shelf};
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};

/// The storage of one browser, in which one page is open.
#[derive(Clone, Default)]
pub(crate) struct Keeping(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    outbox: BTreeMap<MessageId, KeptMessage>,
    cached: BTreeMap<String, String>,
    /// What was cached since the page began to save last, with what stood there before: each text is written by itself, and
    /// a page that ends meanwhile leaves some of them as they were.
    lately: Vec<(String, Option<String>)>,
    /// Whether a message is kept, and the turn to send had, only when the play says so.
    is_slow: bool,
    /// Messages on their way to where they are kept.
    on_their_way: Vec<KeptMessage>,
    wants_turn: bool,
}

/// What the browser has done since it was asked last.
#[derive(Default)]
pub(crate) struct Done {
    /// These are kept now.
    pub(crate) kept: Vec<MessageId>,
    /// The turn to send is the page's.
    pub(crate) has_turn: bool,
}

impl Keeping {
    pub(crate) fn new(is_slow: bool) -> Self {
        let keeping = Self::default();
        keeping.0.borrow_mut().is_slow = is_slow;
        keeping
    }

    /// What it was asked to do is done.
    pub(crate) fn get_on(&self) -> Done {
        let mut state = self.0.borrow_mut();
        let done = std::mem::take(&mut state.on_their_way);
        let kept = done.iter().map(|message| message.id).collect();
        state.outbox.extend(done.into_iter().map(|m| (m.id, m)));
        let has_turn = std::mem::take(&mut state.wants_turn);
        Done { kept, has_turn }
    }

    /// Whether a message outlives the page.
    pub(crate) fn has(&self, id: MessageId) -> bool {
        self.0.borrow().outbox.contains_key(&id)
    }

    /// The page is gone: so is what was on its way, which is named, and so are the last texts that were cached, as many
    /// as this.
    pub(crate) fn end_page(&self, torn: usize) -> Vec<MessageId> {
        let mut state = self.0.borrow_mut();
        let gone = std::mem::take(&mut state.on_their_way);
        state.wants_turn = false;
        for _ in 0..torn {
            if let Some((key, before)) = state.lately.pop() {
                put(&mut state.cached, key, before);
            }
        }
        state.lately.clear();
        gone.iter().map(|message| message.id).collect()
    }

    /// The page begins to save: what it cached before is where it belongs.
    pub(crate) fn begin_save(&self) {
        self.0.borrow_mut().lately.clear();
    }

    /// How many texts may still be on their way.
    pub(crate) fn saved_lately(&self) -> usize {
        self.0.borrow().lately.len()
    }

    /// What was cached.
    pub(crate) fn cached(&self) -> Vec<(String, String)> {
        let state = self.0.borrow();
        let cached = state.cached.iter();
        cached
            .map(|(key, text)| (key.clone(), text.clone()))
            .collect()
    }
}

fn put(cached: &mut BTreeMap<String, String>, key: String, text: Option<String>) -> Option<String> {
    match text {
        Some(text) => cached.insert(key, text),
        None => cached.remove(&key),
    }
}

impl Shelf for Keeping {
    fn keep(&self, message: &KeptMessage) -> bool {
        let mut state = self.0.borrow_mut();
        if state.outbox.get(&message.id) == Some(message) || state.on_their_way.contains(message) {
            return true;
        }
        if state.is_slow {
            state.on_their_way.push(message.clone());
            return false;
        }
        state.outbox.insert(message.id, message.clone());
        true
    }

    fn forget(&self, id: MessageId) {
        let mut state = self.0.borrow_mut();
        state.outbox.remove(&id);
        state.on_their_way.retain(|message| message.id != id);
    }

    fn pass(&self, id: MessageId, _conversation: ConversationId, _seq: Seq) {
        self.forget(id);
    }

    fn all(&self) -> Vec<KeptMessage> {
        let state = self.0.borrow();
        let kept = state.outbox.values().chain(&state.on_their_way);
        kept.cloned().collect()
    }

    fn take_turn(&self) -> bool {
        let mut state = self.0.borrow_mut();
        state.wants_turn = state.is_slow;
        !state.is_slow
    }

    fn leave_turn(&self) {
        self.0.borrow_mut().wants_turn = false;
    }

    fn cache(&self, key: String, text: Option<String>) {
        let mut state = self.0.borrow_mut();
        let before = put(&mut state.cached, key.clone(), text);
        state.lately.push((key, before));
    }

    fn wipe(&self, _with_drafts: bool) {
        let mut state = self.0.borrow_mut();
        state.cached.clear();
        state.lately.clear();
    }

    fn belong_to(&self, _reader: UserId, _is_first: bool) {}
}
