//! What the page keeps for the next visit: who the reader is, their conversations, the newest messages of those that were
//! open lately. It does not know where.
//!
//! It is shown before the server answers, and never after it said something else. What does not read as it was written, or
//! was written by a page of another form, is thrown away.

use leptos::prelude::*;
use parley_shared::api::contacts::Remark;
use parley_shared::ids::{ConversationId, Seq, Stamp, UserId};
use parley_shared::json::{self, Fields, FromJson, NotRead};
use parley_shared::limits::{CACHED_CONVERSATIONS_MAX, PAGE_MESSAGES_MAX};
use parley_shared::model::{Conversation, ConversationKind, Message, Person, Standing};
use parley_shared::protocol::{ClientCommand, ListPlace};
use parley_shared::timeline::Timeline;
use serde::Serialize;
use serde_json::Value;

use super::Sync;
use crate::state::list::place_of;

/// The form of what is kept.
const FORM: u32 = 1;
/// Under which key the reader and their conversations are kept.
const VISIT: &str = "visit";
/// What stands before the id of a conversation in the key of its messages.
const TALK: &str = "talk.";
/// What stands before the id of a conversation in the key of what proves its history.
const PROOF: &str = "proof.";

/// What was kept of what.
#[derive(Debug, Default)]
pub(super) struct Cache {
    /// Whether what the page knows is what the server said to this reader, so that it may be kept.
    is_open: bool,
    /// Whether something may have changed since it was kept last.
    is_stale: bool,
    visit: String,
    /// How far the messages reached that were kept; zero for those of the last visit.
    talks: Vec<(ConversationId, Seq)>,
    /// What proves the history of conversations, as texts that only their reader understands.
    proofs: Vec<(ConversationId, String)>,
}

impl Cache {
    /// The server said who the reader is.
    pub(super) fn open(&mut self) {
        self.is_open = true;
        self.is_stale = true;
    }

    /// Something may have changed.
    pub(super) fn look_again(&mut self) {
        self.is_stale = true;
    }
}

/// Who the reader is, and their conversations.
#[derive(Debug, Serialize)]
struct Visit<P, C> {
    form: u32,
    me: P,
    account: Option<Standing>,
    /// Everything up to this moment is in it.
    stamp: Option<Stamp>,
    conversations: Vec<C>,
    /// Whether there are more conversations, and up to where the list was read.
    more: bool,
    read_to: Option<ListPlace>,
    people: Vec<P>,
    remarks: Vec<Remark>,
    requests: u32,
}

impl FromJson for Visit<Person, Conversation> {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            form: fields.take("form")?,
            me: fields.take("me")?,
            account: fields.take("account")?,
            stamp: fields.take("stamp")?,
            conversations: fields.take("conversations")?,
            more: fields.take("more")?,
            read_to: fields.take("read_to")?,
            people: fields.take("people")?,
            remarks: fields.take("remarks")?,
            requests: fields.take("requests")?,
        })
    }
}

/// The newest messages of a conversation.
#[derive(Debug, Serialize)]
struct Kept<M> {
    form: u32,
    me: UserId,
    /// When it was open last, in turns.
    used: u64,
    messages: Vec<M>,
    through: Seq,
    more: bool,
}

impl FromJson for Kept<Message> {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            form: fields.take("form")?,
            me: fields.take("me")?,
            used: fields.take::<Seq>("used")?.0,
            messages: fields.take("messages")?,
            through: fields.take("through")?,
            more: fields.take("more")?,
        })
    }
}

impl Kept<Message> {
    /// Whether this can be what a page kept of a conversation for this reader.
    fn is_of(&self, conversation: ConversationId, me: UserId) -> bool {
        let mut before = Seq::ZERO;
        let in_order = self.messages.iter().all(|message| {
            let follows = message.seq > before && message.seq <= message.changed;
            before = message.seq;
            follows && message.changed <= self.through && message.conversation == conversation
        });
        self.form == FORM && self.me == me && in_order
    }
}

impl Sync {
    // ---- The next visit ----

    /// Takes what was kept at the last visit. To be called before anything else is told; what the server says then is
    /// believed, and not this.
    pub fn recall(&mut self, cached: Vec<(String, String)>, now_ms: u64) -> Vec<ClientCommand> {
        let found = cached.iter().find(|(key, _)| key == VISIT);
        let visit =
            found.and_then(|(_, text)| json::read::<Visit<Person, Conversation>>(text).ok());
        let Some(visit) = visit.filter(|visit| visit.form == FORM && self.my_id().is_none()) else {
            if !cached.is_empty() {
                self.shelf.wipe(false);
            }
            return Vec::new();
        };
        let me = visit.me.id;
        self.write.standing.set(visit.account);
        self.write.me.set(Some(visit.me));
        self.meet(visit.people);
        self.know_remarks(visit.remarks);
        self.know_requests(visit.requests);
        self.write.list.update(|list| {
            visit.conversations.into_iter().for_each(|c| list.put(c));
            list.set_more(visit.more);
        });
        self.pages.read_to = visit.read_to;
        self.stamp = visit.stamp;
        for (key, text) in cached {
            self.recall_talk(&key, &text, me);
        }
        self.unshelve(me, now_ms);
        self.settle();
        self.next_commands(now_ms)
    }

    fn recall_talk(&mut self, key: &str, text: &str, me: UserId) {
        let of = |prefix| {
            key.strip_prefix(prefix)
                .and_then(|id: &str| id.parse().ok())
        };
        if let Some(id) = of(PROOF) {
            self.cache.proofs.push((id, text.to_owned()));
            return;
        }
        let Some(id) = of(TALK) else {
            return;
        };
        let kept = json::read::<Kept<Message>>(text).ok();
        let known = self
            .chat
            .list
            .with_untracked(|list| list.get(id).map(|c| c.last));
        let (Some(kept), Some(last)) = (kept.filter(|kept| kept.is_of(id, me)), known) else {
            self.shelf.cache(key.to_owned(), None);
            return;
        };
        self.cache.talks.push((id, Seq::ZERO));
        let talk = self.talks.keep_as(id, kept.used);
        talk.timeline.recall(kept.messages, kept.through, kept.more);
        talk.timeline.announce(last);
    }

    /// Whether [`Sync::save`] has something to do.
    pub fn is_unsaved(&self) -> bool {
        self.cache.is_open && self.cache.is_stale
    }

    /// Keeps for the next visit what the page knows now.
    pub fn save(&mut self) {
        let me = self.chat.me.get_untracked();
        let Some(me) = me.filter(|_| self.is_unsaved()) else {
            return;
        };
        self.cache.is_stale = false;
        let visit = self.visit(&me);
        if visit != self.cache.visit {
            self.shelf.cache(VISIT.to_owned(), Some(visit.clone()));
            self.cache.visit = visit;
        }
        let open = self.open_id();
        let shown = self.chat.timeline.read_untracked();
        let former = std::mem::take(&mut self.cache.talks);
        for (id, used, parked) in self.talks.timelines() {
            let timeline = if Some(id) == open { &*shown } else { parked };
            if !timeline.is_loaded() {
                continue;
            }
            if timeline.is_recalled() {
                // It is kept already, and once it is put right it is kept anew.
                self.cache.talks.push((id, Seq::ZERO));
                continue;
            }
            let through = timeline.through();
            if !former.contains(&(id, through)) {
                let text = kept(me.id, used, timeline);
                self.shelf.cache(format!("{TALK}{id}"), Some(text));
            }
            self.cache.talks.push((id, through));
        }
        let still = &self.cache.talks;
        for (gone, _) in former {
            if still.iter().all(|(id, _)| *id != gone) {
                self.cache.proofs.retain(|(id, _)| *id != gone);
                self.shelf.cache(format!("{TALK}{gone}"), None);
                self.shelf.cache(format!("{PROOF}{gone}"), None);
            }
        }
    }

    fn visit(&self, me: &Person) -> String {
        let list = self.chat.list.read_untracked();
        let people = self.chat.people.read_untracked();
        let (mut conversations, others): (Vec<_>, Vec<_>) = (list.all().map(|known| &**known))
            .enumerate()
            .partition(|(at, _)| *at < CACHED_CONVERSATIONS_MAX);
        let last = conversations.last().map(|(_, last)| place_of(last));
        let is_cut = !others.is_empty();
        let is_lobby = |known: &&(usize, &Conversation)| known.1.kind == ConversationKind::Lobby;
        // It is on every first page.
        conversations.extend(others.iter().find(is_lobby));
        let remarks = self.chat.remarks.read_untracked();
        let remarks = remarks
            .iter()
            .filter(|(person, _)| people.contains_key(person));
        let remarks = remarks
            .map(|(person, remark)| Remark {
                person: *person,
                remark: remark.clone(),
            })
            .collect();
        written(&Visit {
            form: FORM,
            me,
            account: self.chat.standing.get_untracked(),
            // The next visit believes what this one read and did not say, unless it is told everything.
            stamp: self.stamp().filter(|_| self.read_through().is_none()),
            conversations: conversations.into_iter().map(|(_, known)| known).collect(),
            more: is_cut || list.has_more(),
            read_to: if is_cut { last } else { self.pages.read_to },
            people: people.values().collect(),
            remarks,
            requests: self.chat.requests.get_untracked(),
        })
    }

    /// Forgets what was kept for the next visit, and keeps nothing more until the server says who the reader is.
    /// `with_drafts`: also what they began to write.
    pub(super) fn wipe(&mut self, with_drafts: bool) {
        self.cache = Cache::default();
        self.stamp = None;
        self.shelf.wipe(with_drafts);
    }

    // ---- What proves the history ----

    /// What was kept by [`Sync::keep_proof`].
    pub fn proof(&self, conversation: ConversationId) -> Option<&str> {
        let mut proofs = self.cache.proofs.iter();
        let found = proofs.find(|(id, _)| *id == conversation);
        found.map(|(_, text)| text.as_str())
    }

    /// Keeps what proves the history of a conversation, for as long as its messages are kept.
    pub fn keep_proof(&mut self, conversation: ConversationId, text: String) {
        if self.cache.is_open && self.proof(conversation) != Some(&text) {
            let key = format!("{PROOF}{conversation}");
            self.shelf.cache(key, Some(text.clone()));
            self.cache.proofs.retain(|(id, _)| *id != conversation);
            self.cache.proofs.push((conversation, text));
        }
    }
}

/// The newest messages of a timeline, as they are kept.
fn kept(me: UserId, used: u64, timeline: &Timeline) -> String {
    let skipped = timeline.len().saturating_sub(PAGE_MESSAGES_MAX);
    let messages = timeline.messages().skip(skipped);
    written(&Kept {
        form: FORM,
        me,
        used,
        messages: messages.map(|message| &**message).collect(),
        through: timeline.through(),
        more: skipped > 0 || timeline.has_more(),
    })
}

fn written(kept: &impl Serialize) -> String {
    serde_json::to_string(kept).expect("its keys are strings")
}
