//! Who may be meant: those who spoke here, those who are members, friends and whoever is found. It does not know what is
//! written.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_shared::api::contacts::ContactList;
use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::{Contact, ConversationKind, Person};

use crate::account::{Accounts, accounts};
use crate::components::person::person_now;
use crate::dom;
use crate::groups::{Groups, groups};
use crate::portrait::display_name;
use crate::state::Chat;
use crate::text::Texts;

/// As many as are seen without scrolling.
const SHOWN_MAX: usize = 8;
/// Those who spoke last are asked for their user names; more of them are found by name.
const SPEAKERS_ASKED_MAX: usize = 8;

/// Someone who may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Who it is, as the reader knows them.
    pub(super) person: Person,
    /// What is written to mention them.
    pub(super) user_name: String,
}

/// Everyone who may be meant in one conversation, as far as that is known.
#[derive(Clone, Copy)]
pub(super) struct Sources {
    chat: Chat,
    accounts: Accounts,
    groups: Groups,
    conversation: ConversationId,
    kind: ConversationKind,
    known: RwSignal<HashMap<UserId, (Person, String)>>,
    /// Whether everyone is known, so that nobody is looked for.
    is_whole: RwSignal<bool>,
}

impl Sources {
    /// Begins to look for those who may be meant in what is shown.
    pub(super) fn of_shown(chat: Chat) -> Option<Self> {
        let shown = untrack(|| chat.conversation())?;
        let sources = Self {
            chat,
            accounts: accounts(),
            groups: groups(),
            conversation: shown.id,
            kind: shown.kind,
            known: RwSignal::new(HashMap::new()),
            is_whole: RwSignal::new(false),
        };
        match shown.kind {
            ConversationKind::Group => sources.look("", true),
            ConversationKind::Direct => {
                sources.is_whole.set(true);
                if let Some(with) = &shown.with {
                    sources.ask_name(with.id);
                }
            }
            ConversationKind::Lobby => {
                sources.ask_friends();
                let speakers = sources.speakers().into_iter().take(SPEAKERS_ASKED_MAX);
                speakers.for_each(|id| sources.ask_name(id));
            }
            ConversationKind::Notes | ConversationKind::Unknown => sources.is_whole.set(true),
        }
        Some(sources)
    }

    /// Looks for those whose names begin so.
    pub(super) fn look_for(self, beginning: &str) {
        if !self.is_whole.get_untracked() && !beginning.is_empty() {
            self.look(beginning, false);
        }
    }

    fn look(self, beginning: &str, is_first: bool) {
        let beginning = beginning.to_owned();
        spawn_local(async move {
            // Without an answer there are fewer to choose from.
            if self.kind == ConversationKind::Group {
                let asked = self.groups.members(self.conversation, &beginning, None);
                if let Ok(found) = asked.await {
                    if is_first && found.next.is_none() {
                        self.is_whole.try_set(true);
                    }
                    let members = found.members.into_iter();
                    self.know(members.filter_map(|m| Some((m.person, m.user_name?))));
                }
            } else if let Ok(found) = self.accounts.found(&beginning, None).await {
                self.know(named(found.contacts));
            }
        });
    }

    fn ask_friends(self) {
        spawn_local(async move {
            if let Ok(friends) = self.accounts.contacts(ContactList::Friends, None).await {
                self.know(named(friends.contacts));
            }
        });
    }

    fn ask_name(self, id: UserId) {
        spawn_local(async move {
            if let Ok(profile) = self.accounts.profile_of(id).await {
                self.know(named([profile.contact]));
            }
        });
    }

    fn know(self, found: impl IntoIterator<Item = (Person, String)>) {
        let found = found.into_iter().filter(|(person, _)| !person.deleted);
        let found: Vec<(UserId, (Person, String))> = found
            .map(|(person, name)| (person.id, (person, name)))
            .collect();
        self.known.try_update(|known| known.extend(found));
    }

    /// Those who spoke here, the last first.
    fn speakers(self) -> Vec<UserId> {
        let me = self.me();
        let mut speakers = Vec::new();
        self.chat.timeline.with_untracked(|timeline| {
            for message in timeline.messages().rev() {
                if Some(message.author) != me && !speakers.contains(&message.author) {
                    speakers.push(message.author);
                }
            }
        });
        speakers
    }

    fn me(self) -> Option<UserId> {
        self.chat
            .me
            .with_untracked(|me| me.as_ref().map(|me| me.id))
    }

    /// Someone as they are named now; whom the page never heard of, as they were found. Tracked.
    fn as_known(self, found: Person) -> Person {
        let is_met = self
            .chat
            .people
            .with(|people| people.contains_key(&found.id));
        let now = person_now(self.chat, found.id);
        match (is_met, now.name.is_some()) {
            (true, _) | (_, true) => now,
            (false, false) => found,
        }
    }

    /// Those whose names begin so, those who spoke last first. Tracked.
    pub(super) fn matching(self, beginning: &str, texts: &Texts) -> Vec<Candidate> {
        let beginning = dom::lower_case(beginning);
        let speakers = self.speakers();
        let me = self.me();
        let known = self.known.get();
        let mut found: Vec<(usize, String, Candidate)> = known
            .into_iter()
            .filter(|(id, _)| Some(*id) != me)
            .filter_map(|(id, (person, user_name))| {
                let person = self.as_known(person);
                let name = dom::lower_case(&display_name(&person, texts));
                let begins = |name: &str| name.starts_with(&beginning);
                let is_meant = begins(&dom::lower_case(&user_name))
                    || begins(&name)
                    || name.split_whitespace().any(begins);
                let spoke = speakers.iter().position(|speaker| *speaker == id);
                let rank = spoke.unwrap_or(usize::MAX);
                is_meant.then_some((rank, name, Candidate { person, user_name }))
            })
            .collect();
        found.sort_unstable_by(|a, b| (a.0, &a.1, a.2.person.id).cmp(&(b.0, &b.1, b.2.person.id)));
        found.truncate(SHOWN_MAX);
        found.into_iter().map(|(.., candidate)| candidate).collect()
    }
}

fn named(contacts: impl IntoIterator<Item = Contact>) -> impl Iterator<Item = (Person, String)> {
    let contacts = contacts.into_iter().filter(|contact| !contact.blocked);
    contacts.filter_map(|contact| Some((contact.person, contact.user_name?)))
}
