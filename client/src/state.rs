//! What the page knows, as signals. It does not know how the page learned it.
//!
//! [`Chat`] is what components get: it can be read and not written. [`ChatWriter`] is what
//! [`crate::sync`] keeps to itself. So the compiler sees to it that state changes in one place.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::model::{Contact, Conversation, Person, Presence, Standing};
use parley_shared::protocol::{Refusal, ServerEvent};
use parley_shared::timeline::Timeline;

pub mod list;
pub mod receipts;

pub use list::List;
pub use receipts::{Reach, Receipts};

/// What the page knows, to be read. In context: `use_context::<Chat>()`.
#[derive(Debug, Clone, Copy)]
pub struct Chat {
    /// Who the reader is; `None` until the first welcome.
    pub me: ReadSignal<Option<Person>>,
    /// The account that the reader has; a guest has none.
    pub standing: ReadSignal<Option<Standing>>,
    /// How the connection stands.
    pub link: ReadSignal<Link>,
    /// The conversations that the reader is in, as far as they were asked for.
    pub list: ReadSignal<List>,
    /// Which of them is shown; `None` until it is known to be there.
    pub open: ReadSignal<Option<ConversationId>>,
    /// Whether what was to be shown is not there, or not the reader's.
    pub missing: ReadSignal<bool>,
    /// The messages of the one that is shown, and the reader's own that are on their way.
    pub timeline: ReadSignal<Timeline>,
    /// Everyone who was heard of, by id, as they are named now.
    pub people: ReadSignal<HashMap<UserId, Person>>,
    /// The names by which the reader knows others. They stand before those that people gave themselves.
    pub remarks: ReadSignal<HashMap<UserId, String>>,
    /// How many welcomes said that there are such names, which are to be asked for.
    pub remarks_due: ReadSignal<u32>,
    /// Who is in the conversation that is shown now.
    pub presence: ReadSignal<Presence>,
    /// Who is there now, among those with whom the reader talks in twos.
    pub online: ReadSignal<HashSet<UserId>>,
    /// Who is typing now in the one that is shown, without the reader.
    pub typing: ReadSignal<Vec<Person>>,
    /// What the reader has not seen of the one that is shown.
    pub unread: ReadSignal<Unread>,
    /// How far what is said in the one that is shown reached the others.
    pub receipts: ReadSignal<Receipts>,
    /// How many people wait for an answer to their request to be friends.
    pub requests: ReadSignal<u32>,
    /// How the reader stands to someone, as it was told last.
    pub contact: ReadSignal<Option<Contact>>,
    /// Whose profile is shown.
    pub shown_person: ReadSignal<Option<UserId>>,
    /// What the reader is to be told in passing.
    pub notice: ReadSignal<Option<Notice>>,
    /// What was told last that can prove what is shown: the event as it came.
    pub evidence: ReadSignal<Option<ServerEvent>>,
    /// Messages of the one that is shown that are not what was written.
    pub doubted: ReadSignal<Vec<MessageId>>,
}

impl Chat {
    /// The conversation that is shown, once it is known to be there. Tracked.
    pub fn conversation(self) -> Option<Arc<Conversation>> {
        let open = self.open.get()?;
        self.list.with(|list| list.get(open).cloned())
    }
}

/// How the connection to the server stands. Times are those of the page's clock, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The page was just opened and there was no connection yet.
    Connecting,
    /// Welcomed by the server.
    Live,
    /// The connection is gone.
    Lost {
        /// Since when.
        since_ms: u64,
        /// When the next attempt is made; `None` while one is being made.
        retry_at_ms: Option<u64>,
    },
    /// The server does not serve this version of the page; reloading brings the right one.
    Outdated,
    /// The reader is not any more who they were, or may not come in as who they are. Signing in helps.
    SignedOut,
}

/// What the reader has not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unread {
    /// Messages after this place stand below the "new" divider; `None` when there is no divider.
    pub divider: Option<Seq>,
    /// How many messages of others were not seen yet.
    pub count: usize,
}

/// What the reader is to be told in passing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The server did not do something that was asked.
    Refused(Refusal),
    /// The new display name is in force.
    Renamed,
    /// Too many messages wait for the server already.
    OutboxFull,
}

/// What the page knows, to be written. Not in context.
#[derive(Debug, Clone, Copy)]
pub struct ChatWriter {
    pub(crate) me: WriteSignal<Option<Person>>,
    pub(crate) standing: WriteSignal<Option<Standing>>,
    pub(crate) link: WriteSignal<Link>,
    pub(crate) list: WriteSignal<List>,
    pub(crate) open: WriteSignal<Option<ConversationId>>,
    pub(crate) missing: WriteSignal<bool>,
    pub(crate) timeline: WriteSignal<Timeline>,
    pub(crate) people: WriteSignal<HashMap<UserId, Person>>,
    pub(crate) remarks: WriteSignal<HashMap<UserId, String>>,
    pub(crate) remarks_due: WriteSignal<u32>,
    pub(crate) presence: WriteSignal<Presence>,
    pub(crate) online: WriteSignal<HashSet<UserId>>,
    pub(crate) typing: WriteSignal<Vec<Person>>,
    pub(crate) unread: WriteSignal<Unread>,
    pub(crate) receipts: WriteSignal<Receipts>,
    pub(crate) requests: WriteSignal<u32>,
    pub(crate) contact: WriteSignal<Option<Contact>>,
    pub(crate) shown_person: WriteSignal<Option<UserId>>,
    pub(crate) notice: WriteSignal<Option<Notice>>,
    pub(crate) evidence: WriteSignal<Option<ServerEvent>>,
    pub(crate) doubted: WriteSignal<Vec<MessageId>>,
}

/// A page that knows nothing yet: both ends of its state. Needs a reactive owner.
pub fn chat() -> (Chat, ChatWriter) {
    let (me, write_me) = signal(None);
    let (standing, write_standing) = signal(None);
    let (link, write_link) = signal(Link::Connecting);
    let (list, write_list) = signal(List::default());
    let (open, write_open) = signal(None);
    let (missing, write_missing) = signal(false);
    let (timeline, write_timeline) = signal(Timeline::new());
    let (people, write_people) = signal(HashMap::new());
    let (remarks, write_remarks) = signal(HashMap::new());
    let (remarks_due, write_remarks_due) = signal(0);
    let (presence, write_presence) = signal(Presence::default());
    let (online, write_online) = signal(HashSet::new());
    let (typing, write_typing) = signal(Vec::new());
    let (unread, write_unread) = signal(Unread::default());
    let (receipts, write_receipts) = signal(Receipts::default());
    let (requests, write_requests) = signal(0);
    let (contact, write_contact) = signal(None);
    let (shown_person, write_shown_person) = signal(None);
    let (notice, write_notice) = signal(None);
    let (evidence, write_evidence) = signal(None);
    let (doubted, write_doubted) = signal(Vec::new());
    (
        Chat {
            me,
            standing,
            link,
            list,
            open,
            missing,
            timeline,
            people,
            remarks,
            remarks_due,
            presence,
            online,
            typing,
            unread,
            receipts,
            requests,
            contact,
            shown_person,
            notice,
            evidence,
            doubted,
        },
        ChatWriter {
            me: write_me,
            standing: write_standing,
            link: write_link,
            list: write_list,
            open: write_open,
            missing: write_missing,
            timeline: write_timeline,
            people: write_people,
            remarks: write_remarks,
            remarks_due: write_remarks_due,
            presence: write_presence,
            online: write_online,
            typing: write_typing,
            unread: write_unread,
            receipts: write_receipts,
            requests: write_requests,
            contact: write_contact,
            shown_person: write_shown_person,
            notice: write_notice,
            evidence: write_evidence,
            doubted: write_doubted,
        },
    )
}
