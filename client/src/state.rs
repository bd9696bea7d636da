//! What the page knows, as signals. It does not know how the page learned it.
//!
//! [`Chat`] is what components get: it can be read and not written. [`ChatWriter`] is what
//! [`crate::sync`] keeps to itself. So the compiler sees to it that state changes in one place.

use std::collections::HashMap;

use leptos::prelude::*;
use parley_shared::ids::{Seq, UserId};
use parley_shared::model::{Conversation, Person, Presence, Standing};
use parley_shared::protocol::Refusal;
use parley_shared::timeline::Timeline;

/// What the page knows, to be read. In context: `use_context::<Chat>()`.
#[derive(Debug, Clone, Copy)]
pub struct Chat {
    /// Who the reader is; `None` until the first welcome.
    pub me: ReadSignal<Option<Person>>,
    /// The account that the reader has; a guest has none.
    pub standing: ReadSignal<Option<Standing>>,
    /// How the connection stands.
    pub link: ReadSignal<Link>,
    /// The conversation that is shown; `None` until the first welcome.
    pub conversation: ReadSignal<Option<Conversation>>,
    /// Its messages, and the reader's own that are on their way.
    pub timeline: ReadSignal<Timeline>,
    /// Everyone who was heard of, by id, as they are named now.
    pub people: ReadSignal<HashMap<UserId, Person>>,
    /// Who is there now.
    pub presence: ReadSignal<Presence>,
    /// Who is typing now, without the reader.
    pub typing: ReadSignal<Vec<Person>>,
    /// What the reader has not seen.
    pub unread: ReadSignal<Unread>,
    /// What the reader is to be told in passing.
    pub notice: ReadSignal<Option<Notice>>,
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
    pub(crate) conversation: WriteSignal<Option<Conversation>>,
    pub(crate) timeline: WriteSignal<Timeline>,
    pub(crate) people: WriteSignal<HashMap<UserId, Person>>,
    pub(crate) presence: WriteSignal<Presence>,
    pub(crate) typing: WriteSignal<Vec<Person>>,
    pub(crate) unread: WriteSignal<Unread>,
    pub(crate) notice: WriteSignal<Option<Notice>>,
}

/// A page that knows nothing yet: both ends of its state. Needs a reactive owner.
pub fn chat() -> (Chat, ChatWriter) {
    let (me, write_me) = signal(None);
    let (standing, write_standing) = signal(None);
    let (link, write_link) = signal(Link::Connecting);
    let (conversation, write_conversation) = signal(None);
    let (timeline, write_timeline) = signal(Timeline::new());
    let (people, write_people) = signal(HashMap::new());
    let (presence, write_presence) = signal(Presence::default());
    let (typing, write_typing) = signal(Vec::new());
    let (unread, write_unread) = signal(Unread::default());
    let (notice, write_notice) = signal(None);
    (
        Chat {
            me,
            standing,
            link,
            conversation,
            timeline,
            people,
            presence,
            typing,
            unread,
            notice,
        },
        ChatWriter {
            me: write_me,
            standing: write_standing,
            link: write_link,
            conversation: write_conversation,
            timeline: write_timeline,
            people: write_people,
            presence: write_presence,
            typing: write_typing,
            unread: write_unread,
            notice: write_notice,
        },
    )
}
