//! Where the page keeps things in this browser: what it knows of that, and the way to the database and to the other tabs.
//! It does not know what is done with what is kept.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::json::{self, Fields, FromJson, NotRead};
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::spawn_local;

use crate::actions::Actions;
use crate::outbox::{KeptMessage, Shelf};
use crate::storage;
use crate::storage::database::{self, CACHE, Found, Heard, OUTBOX};

/// Under which keys pages of an earlier form kept what waited to be sent.
const FORMER_OUTBOX: &str = "parley.outbox.";
/// Under which keys the composer keeps what was written and not sent.
const DRAFTS: &str = "parley.draft.";
/// The conversation that was shown last; a visit that begins at no other address begins there.
pub(super) const LAST_OPEN: &str = "parley.open";

/// Under which key stands whose drafts those are.
const READER: &str = "parley.reader";

/// The browser as a shelf.
#[derive(Clone, Default)]
pub(super) struct BrowserShelf(Rc<State>);

#[derive(Default)]
struct State {
    /// What waits to be sent, as the database has it or is about to.
    kept: RefCell<Vec<KeptMessage>>,
    /// Whether there is a database. Without one everything works, and ends with the page.
    has_database: Cell<bool>,
    /// Who is told what happens in the browser.
    actions: Cell<Option<Actions>>,
    hears: RefCell<Vec<Heard>>,
}

/// What tabs tell each other of what waits to be sent.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum News {
    /// It is kept.
    Kept { message: KeptMessage },
    /// The server has it.
    Passed {
        id: MessageId,
        conversation: ConversationId,
        seq: Seq,
    },
    /// Its author gave it up.
    Forgotten { id: MessageId },
}

impl FromJson for News {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        let mut fields = Fields::of(value)?;
        let name: String = fields.take("type")?;
        Ok(match name.as_str() {
            "kept" => Self::Kept {
                message: fields.take("message")?,
            },
            "passed" => Self::Passed {
                id: fields.take("id")?,
                conversation: fields.take("conversation")?,
                seq: fields.take("seq")?,
            },
            _ => Self::Forgotten {
                id: fields.take("id")?,
            },
        })
    }
}

impl State {
    /// Takes note of a message; whether it was not known.
    fn note(&self, message: KeptMessage) -> bool {
        let mut kept = self.kept.borrow_mut();
        let is_new = !kept.contains(&message);
        if is_new {
            kept.push(message);
        }
        is_new
    }

    /// Forgets a message; whether it was known.
    fn drop_note(&self, id: MessageId) -> bool {
        let mut kept = self.kept.borrow_mut();
        let before = kept.len();
        kept.retain(|message| message.id != id);
        kept.len() < before
    }
}

impl BrowserShelf {
    /// Reads what is kept, and tells `actions` from now on what happens in the browser: what other tabs do, and when
    /// it is one's turn. Returns what was cached.
    pub(super) async fn open(self, actions: Actions) -> Vec<(String, String)> {
        let state = &self.0;
        state.actions.set(Some(actions));
        let shelf = self.clone();
        let hear = Closure::new(move |told: JsValue| {
            let news = told.as_string().and_then(|text| json::read(&text).ok());
            if let Some(news) = news {
                shelf.hear(news);
            }
        });
        database::listen(&hear);
        let turn = Closure::new(move |is_mine: JsValue| {
            actions.turn(is_mine.is_truthy());
            if actions.is_gone() {
                database::leave_turn();
            }
        });
        *state.hears.borrow_mut() = vec![hear, turn];
        let found = database::load().await;
        state.has_database.set(found.is_some());
        let Found { outbox, cache } = found.unwrap_or_default();
        for (key, text) in outbox {
            match json::read::<KeptMessage>(&text) {
                Ok(message) => {
                    state.note(message);
                }
                // What a page of another form kept cannot be sent any more.
                Err(_) => self.clone().put(OUTBOX, key, None, None),
            }
        }
        self.take_over();
        cache
    }

    /// Takes over what a page of an earlier form kept elsewhere. It stays there until it is in the database, or sent.
    fn take_over(&self) {
        for (_, text) in storage::read_all(FORMER_OUTBOX) {
            if let Ok(message) = json::read::<KeptMessage>(&text) {
                self.keep(&message);
            }
        }
    }

    /// Another tab did something.
    fn hear(&self, news: News) {
        let Some(actions) = self.0.actions.get() else {
            return;
        };
        match news {
            News::Kept { message } => {
                self.0.note(message.clone());
                actions.told_kept(message);
            }
            News::Passed {
                id,
                conversation,
                seq,
            } => {
                self.0.drop_note(id);
                actions.told_passed(id, conversation, seq);
            }
            News::Forgotten { id } => {
                self.0.drop_note(id);
                actions.told_forgotten(id);
            }
        }
    }

    /// Puts a text into the database, or takes it out; then tells the other tabs, and calls.
    fn put(self, store: &'static str, key: String, text: Option<String>, news: Option<News>) {
        spawn_local(async move {
            let is_done =
                self.0.has_database.get() && database::keep(store, &key, text.as_deref()).await;
            if is_done && store == OUTBOX {
                storage::erase(&format!("{FORMER_OUTBOX}{key}"));
            }
            let Some(news) = news else {
                return;
            };
            database::tell(&serde_json::to_string(&news).expect("its keys are strings"));
            if let (News::Kept { message }, Some(actions)) = (news, self.0.actions.get()) {
                actions.kept(message.id);
            }
        });
    }

    /// Forgets what waited to be sent, and tells the other tabs why.
    fn take_down(&self, id: MessageId, news: News) {
        if self.0.drop_note(id) {
            storage::erase(&format!("{FORMER_OUTBOX}{id}"));
            self.clone().put(OUTBOX, id.to_string(), None, Some(news));
        }
    }
}

impl Shelf for BrowserShelf {
    fn keep(&self, message: &KeptMessage) -> bool {
        if !self.0.note(message.clone()) {
            return true;
        }
        let text = serde_json::to_string(message).expect("its keys are strings");
        let news = News::Kept {
            message: message.clone(),
        };
        self.clone()
            .put(OUTBOX, message.id.to_string(), Some(text), Some(news));
        !self.0.has_database.get()
    }

    fn forget(&self, id: MessageId) {
        self.take_down(id, News::Forgotten { id });
    }

    fn pass(&self, id: MessageId, conversation: ConversationId, seq: Seq) {
        let news = News::Passed {
            id,
            conversation,
            seq,
        };
        self.take_down(id, news);
    }

    fn all(&self) -> Vec<KeptMessage> {
        self.0.kept.borrow().clone()
    }

    fn take_turn(&self) -> bool {
        match self.0.hears.borrow().get(1) {
            Some(turn) => {
                database::take_turn(turn);
                false
            }
            // Nothing is known of other tabs yet.
            None => true,
        }
    }

    fn leave_turn(&self) {
        database::leave_turn();
    }

    fn cache(&self, key: String, text: Option<String>) {
        self.clone().put(CACHE, key, text, None);
    }

    fn belong_to(&self, reader: UserId, is_first: bool) {
        let reader = reader.to_string();
        let former = storage::read(READER);
        if former.as_ref() != Some(&reader) {
            if is_first && former.is_some() {
                erase_drafts();
            }
            storage::write(READER, &reader);
        }
    }

    fn wipe(&self, with_drafts: bool) {
        storage::erase(LAST_OPEN);
        if with_drafts {
            erase_drafts();
            storage::erase(READER);
        }
        if self.0.has_database.get() {
            spawn_local(database::wipe());
        }
    }
}

fn erase_drafts() {
    for (rest, _) in storage::read_all(DRAFTS) {
        storage::erase(&format!("{DRAFTS}{rest}"));
    }
}
