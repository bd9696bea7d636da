//! What a client remembers of someone's conversations over its absences. It applies what it is told, and
//! nothing that it is not.

use std::collections::{BTreeMap, BTreeSet};

use parley_shared::ids::{ConversationId, Stamp, UserId};
use parley_shared::limits::UNREAD_COUNTED_MAX;
use parley_shared::model::{Conversation, Message, Person};
use parley_shared::protocol::{ChatMessage, ClientCommand, ListPlace, ServerEvent};

use crate::browser::Browser;
use crate::raw::Raw;

/// A list of conversations, and whom it names.
#[derive(Debug)]
pub(super) struct Memory {
    browser: Browser,
    me: Option<UserId>,
    line: Option<Raw>,
    pub(super) conversations: BTreeMap<ConversationId, Conversation>,
    pub(super) people: BTreeMap<UserId, Person>,
    pub(super) stamp: Stamp,
    /// What was told of the last connection: the conversations, and whether as what changed.
    pub(super) told: Vec<Conversation>,
    pub(super) left: Vec<ConversationId>,
    pub(super) since: Option<Stamp>,
    /// Whether something was heard that does not follow from what is known. Then nothing that it is told
    /// counts as known, until it comes back and hears it again.
    in_doubt: bool,
    /// The conversations about which anything was heard since a page was asked for.
    touched: BTreeSet<ConversationId>,
}

impl Memory {
    /// Nothing yet.
    pub(super) fn of(browser: &Browser) -> Self {
        Self {
            browser: browser.clone(),
            me: None,
            line: None,
            conversations: BTreeMap::new(),
            people: BTreeMap::new(),
            stamp: Stamp::default(),
            told: Vec::new(),
            left: Vec::new(),
            since: None,
            in_doubt: false,
            touched: BTreeSet::new(),
        }
    }

    /// What a client finds that knows nothing.
    pub(super) async fn fresh(browser: &Browser) -> Self {
        let mut memory = Self::of(browser);
        memory.come_back().await;
        memory
    }

    /// The same memory in another browser.
    pub(super) fn in_browser(&mut self, browser: &Browser) {
        self.browser = browser.clone();
    }

    /// Is away from now on, without a word.
    pub(super) fn leave(&mut self) {
        self.line = None;
    }

    /// Connects, hears what changed, and asks for all pages of it.
    pub(super) async fn come_back(&mut self) {
        self.leave();
        let since = (self.stamp > Stamp::default()).then_some(self.stamp);
        let line = match since {
            Some(since) => self.browser.connect_since(&since.to_string()).await,
            None => self.browser.connect().await,
        };
        let line = line.expect("the server takes connections");
        let welcome = line.welcome.clone();
        self.line = Some(line);
        let ServerEvent::Welcome {
            me,
            conversations,
            more,
            since,
            left,
            stamp,
            people,
            ..
        } = welcome
        else {
            panic!("a line was welcomed");
        };
        self.me = Some(me.id);
        if since.is_none() {
            assert!(
                left.is_empty(),
                "who is told of everything has left nothing"
            );
            self.conversations.clear();
            self.people.clear();
        }
        for left in &left {
            self.conversations.remove(left);
        }
        (self.since, self.left) = (since, left);
        self.told.clear();
        self.stamp = stamp;
        self.name(people);
        self.in_doubt = false;
        self.touched.clear();
        self.list(conversations);
        if more {
            self.ask_pages(since).await;
        }
    }

    async fn ask_pages(&mut self, since: Option<Stamp>) {
        loop {
            let last = self.told.last().expect("a page that goes on is not empty");
            let before = Some(ListPlace {
                active_ms: last.active_ms,
                conversation: last.id,
            });
            self.touched.clear();
            self.say(&ClientCommand::Conversations { before, since })
                .await;
            loop {
                match self.next().await {
                    ServerEvent::Conversations {
                        before: asked,
                        since: told,
                        conversations,
                        people,
                        more,
                    } => {
                        assert_eq!((asked, told), (before, since));
                        self.name(people);
                        self.list(conversations);
                        if !more {
                            return;
                        }
                        break;
                    }
                    event => self.hear(event),
                }
            }
        }
    }

    /// Hears what was told until now, and how far everything was.
    pub(super) async fn ping(&mut self) {
        self.say(&ClientCommand::Ping).await;
        loop {
            match self.next().await {
                ServerEvent::Pong { stamp } => {
                    if let Some(stamp) = stamp.filter(|_| !self.in_doubt) {
                        self.stamp = stamp.max(self.stamp);
                    }
                    return;
                }
                event => self.hear(event),
            }
        }
    }

    async fn say(&mut self, command: &ClientCommand) {
        let line = self.line.as_mut().expect("they are connected");
        line.say_command(command).await;
    }

    async fn next(&mut self) -> ServerEvent {
        let line = self.line.as_mut().expect("they are connected");
        line.next_event().await
    }

    fn name(&mut self, people: Vec<Person>) {
        self.people
            .extend(people.into_iter().map(|person| (person.id, person)));
    }

    fn list(&mut self, conversations: Vec<Conversation>) {
        for conversation in conversations {
            let id = conversation.id;
            // A page may be older than what was heard before it.
            self.in_doubt |= self.touched.contains(&id);
            self.told.push(conversation.clone());
            self.conversations.insert(id, conversation);
        }
    }

    fn hear(&mut self, event: ServerEvent) {
        match event {
            ServerEvent::MessageChanged { message, author } => {
                self.name(vec![author]);
                self.hear_message(message);
            }
            ServerEvent::ConversationChanged {
                conversation,
                people,
            } => {
                self.name(people);
                self.touched.insert(conversation.id);
                self.conversations.insert(conversation.id, conversation);
            }
            ServerEvent::ConversationLeft { conversation } => {
                self.touched.insert(conversation);
                self.conversations.remove(&conversation);
            }
            ServerEvent::GroupChanged {
                conversation,
                group,
            } => {
                self.touched.insert(conversation);
                if let Some(known) = self.conversations.get_mut(&conversation) {
                    known.closed = group.archived;
                    known.group = Some(group);
                }
            }
            ServerEvent::ReadChanged {
                conversation,
                through,
                unread,
                mentions,
            } => {
                self.touched.insert(conversation);
                if let Some(known) = self.conversations.get_mut(&conversation) {
                    (known.read, known.unread, known.mentions) = (through, unread, mentions);
                }
            }
            ServerEvent::PeopleChanged { people } => {
                for person in &people {
                    let talks = self.conversations.values_mut();
                    let with = talks.filter_map(|talk| talk.with.as_mut());
                    for with in with.filter(|with| with.id == person.id) {
                        with.clone_from(person);
                    }
                }
                self.name(people);
            }
            _ => {}
        }
    }

    fn hear_message(&mut self, message: Message) {
        let id = message.conversation;
        self.touched.insert(id);
        let Some(known) = self.conversations.get_mut(&id) else {
            self.in_doubt = true;
            return;
        };
        if message.changed <= known.last {
            return;
        }
        self.in_doubt |= message.changed > known.last.next();
        let is_others = Some(message.author) != self.me;
        if message.changed > message.seq {
            let is_gone = matches!(message.body, ChatMessage::Deleted { .. });
            if is_gone && is_others && message.seq > known.read {
                known.unread -= 1;
            }
            known.last = message.changed;
            let latest = known.latest.take();
            known.latest = latest.map(|latest| {
                if latest.id == message.id {
                    message
                } else {
                    latest
                }
            });
            return;
        }
        let is_said = matches!(message.body, ChatMessage::Text { .. });
        if is_said && is_others {
            known.unread = (known.unread + 1).min(UNREAD_COUNTED_MAX);
        }
        (known.last, known.active_ms) = (message.changed, message.sent_ms);
        known.latest = Some(message);
    }

    /// Asserts that this is what a client finds that knows nothing.
    pub(super) async fn expect_true(&self, when: &str) {
        let fresh = Self::fresh(&self.browser).await;
        let known: Vec<_> = self.conversations.keys().collect();
        let there: Vec<_> = fresh.conversations.keys().collect();
        assert_eq!(known, there, "{when}");
        for (id, there) in &fresh.conversations {
            assert_eq!(&self.conversations[id], there, "{when}");
        }
        for (id, person) in &fresh.people {
            assert_eq!(self.people.get(id), Some(person), "{when}");
        }
    }
}
