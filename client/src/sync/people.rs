//! Who people are, what the reader calls them, and who of them is there. It does not know what they write.

use std::collections::HashSet;

use leptos::prelude::*;
use parley_shared::api::contacts::Remark;
use parley_shared::ids::UserId;
use parley_shared::limits::{
    PEOPLE_ASKED_MAX, PEOPLE_WATCHED_MAX, PRESENCE_LISTED_MAX, WATCH_INTERVAL_MS,
    WINDOW_MESSAGES_MAX, WINDOW_SLACK,
};
use parley_shared::model::{Contact, Message, Person, Presence};
use parley_shared::protocol::{ChatMessage, ClientCommand};

use super::Sync;
use crate::order;
use crate::state::Notice;

/// Twice as many people as one conversation names at one time.
pub(super) const KNOWN_MAX: usize = 2 * (WINDOW_MESSAGES_MAX + WINDOW_SLACK + PRESENCE_LISTED_MAX);

/// Whose coming and going the page wants to be told.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// Those whom the server was told, in order.
    told: Vec<UserId>,
    /// Those whom a part of the page shows besides the list.
    besides: Vec<UserId>,
    /// Whether others may be in front of the reader than those.
    is_stale: bool,
    not_before_ms: u64,
    /// Whether the next answer says all that may be known.
    is_first: bool,
}

impl Watch {
    /// Others may be in front of the reader now.
    pub(super) fn look_again(&mut self) {
        self.is_stale = true;
    }

    pub(super) fn wakes_at_ms(&self) -> Option<u64> {
        (self.is_stale && self.not_before_ms > 0).then_some(self.not_before_ms)
    }

    /// The connection is a new one: nobody is watched.
    pub(super) fn restart(&mut self) {
        *self = Self {
            besides: std::mem::take(&mut self.besides),
            is_stale: true,
            is_first: true,
            ..Self::default()
        };
    }
}

impl Sync {
    /// Keeps how people are named now.
    pub(super) fn meet(&mut self, people: impl IntoIterator<Item = Person>) {
        let known = self.chat.people.read_untracked();
        let changed: Vec<Person> = people
            .into_iter()
            .filter(|person| known.get(&person.id) != Some(person))
            .collect();
        drop(known);
        if changed.is_empty() {
            return;
        }
        let me = self.my_id();
        if let Some(renamed) = changed.iter().find(|person| Some(person.id) == me) {
            self.write.me.set(Some(renamed.clone()));
            if self.new_name.is_some() && renamed.name == self.new_name {
                self.new_name = None;
                self.write.notice.set(Some(Notice::Renamed));
            }
        }
        self.write.people.update(|known| {
            known.extend(changed.into_iter().map(|person| (person.id, person)));
        });
    }

    /// Asks who those are whom notices name and of whom nothing is known.
    pub(super) fn ask_strangers<'a>(&mut self, messages: impl IntoIterator<Item = &'a Message>) {
        let known = self.chat.people.read_untracked();
        let mut strangers: Vec<UserId> = Vec::new();
        for message in messages {
            if let ChatMessage::Notice { notice } = &message.body {
                let named = notice.people().iter();
                for id in named.filter(|id| !known.contains_key(*id)) {
                    if !strangers.contains(id) {
                        strangers.push(*id);
                    }
                }
            }
        }
        for ids in strangers.chunks(PEOPLE_ASKED_MAX) {
            self.said.push(ClientCommand::People { ids: ids.to_vec() });
        }
    }

    /// Forgets those whom nothing on the page names any more, when they are many.
    pub(super) fn forget_people(&mut self) {
        if self.chat.people.read_untracked().len() <= self.people_max {
            return;
        }
        let mut named: HashSet<UserId> = self.authors().into_iter().collect();
        named.extend(self.my_id());
        named.extend(self.chat.shown_person.get_untracked());
        let presence = self.chat.presence.read_untracked();
        named.extend(presence.people.iter().flatten().map(|person| person.id));
        drop(presence);
        let mut name = |message: &Message| {
            named.insert(message.author);
            if let ChatMessage::Notice { notice } = &message.body {
                named.extend(notice.people());
            }
        };
        let shown = self.chat.timeline.read_untracked();
        shown.messages().for_each(|message| name(message));
        drop(shown);
        let parked = self.talks.parked().flat_map(|timeline| timeline.messages());
        parked.for_each(|message| name(message));
        let list = self.chat.list.read_untracked();
        list.all()
            .filter_map(|c| c.latest.as_ref())
            .for_each(&mut name);
        named.extend(list.all().filter_map(|c| c.with.as_ref()).map(|p| p.id));
        drop(list);
        // Where many are named, many are kept: to look again at each of them would take long.
        self.people_max = KNOWN_MAX.max(2 * named.len());
        self.write
            .people
            .update(|people| people.retain(|id, _| named.contains(id)));
    }

    // ---- What the reader calls them, and how they stand to each other ----

    /// These are the names by which the reader knows others.
    pub fn know_remarks(&mut self, remarks: Vec<Remark>) {
        let remarks = remarks.into_iter().map(|one| (one.person, one.remark));
        self.write.remarks.set(remarks.collect());
    }

    /// So many people wait for an answer.
    pub fn know_requests(&mut self, requests: u32) {
        if self.chat.requests.get_untracked() != requests {
            self.write.requests.set(requests);
        }
    }

    /// The reader wants to see who someone is, or has seen it.
    pub fn show_person(&mut self, person: Option<UserId>, now_ms: u64) -> Vec<ClientCommand> {
        self.write.shown_person.set(person);
        self.watch.look_again();
        self.next_commands(now_ms)
    }

    /// How the reader stands to someone now.
    pub fn know_contact(&mut self, contact: Contact) {
        self.meet([contact.person.clone()]);
        let id = contact.person.id;
        let known = self
            .chat
            .remarks
            .with_untracked(|all| all.get(&id).cloned());
        if known != contact.remark {
            self.write.remarks.update(|all| match &contact.remark {
                Some(remark) => {
                    all.insert(id, remark.clone());
                }
                None => {
                    all.remove(&id);
                }
            });
        }
        self.write.contact.set(Some(contact));
    }

    // ---- Who is there ----

    pub(super) fn present(&mut self, presence: Presence) {
        self.meet(presence.people.iter().flatten().cloned());
        self.write.presence.set(presence);
    }

    pub(super) fn typing_changed(&mut self, people: Vec<Person>) {
        let me = self.my_id();
        self.meet(people.iter().cloned());
        let others = people.into_iter().filter(|p| Some(p.id) != me).collect();
        self.write.typing.set(others);
    }

    /// These people are in front of the reader, besides those of the list.
    pub fn watch_besides(&mut self, people: Vec<UserId>, now_ms: u64) -> Vec<ClientCommand> {
        self.watch.besides = people;
        self.watch.look_again();
        self.next_commands(now_ms)
    }

    /// Whom to watch, if those are others than the server was told.
    pub(super) fn next_watch(&mut self, now_ms: u64) -> Option<ClientCommand> {
        if !self.watch.is_stale || !self.is_account() || now_ms < self.watch.not_before_ms {
            return None;
        }
        self.watch.is_stale = false;
        let list = self.chat.list.read_untracked();
        let open = self.open_id().and_then(|id| list.get(id));
        let of_talks = open.into_iter().chain(list.all());
        let of_talks = of_talks.filter_map(|c| c.with.as_ref()).map(|with| with.id);
        let mut seen = HashSet::new();
        let shown = self.chat.shown_person.get_untracked();
        let besides = self.watch.besides.iter().copied();
        let mut people: Vec<UserId> = (shown.into_iter().chain(besides).chain(of_talks))
            .filter(|id| seen.insert(*id))
            .take(PEOPLE_WATCHED_MAX)
            .collect();
        drop(list);
        order::put(&mut people, |one, other| one < other);
        if people == self.watch.told {
            return None;
        }
        self.watch.told.clone_from(&people);
        self.watch.not_before_ms = now_ms + WATCH_INTERVAL_MS;
        Some(ClientCommand::Watch { people })
    }

    pub(super) fn online_changed(&mut self, online: Vec<UserId>, offline: Vec<UserId>) {
        let is_whole = std::mem::replace(&mut self.watch.is_first, false);
        self.write.online.update(|known| {
            if is_whole {
                known.clear();
            }
            known.extend(online);
            for id in offline {
                known.remove(&id);
            }
        });
    }
}
