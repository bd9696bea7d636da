//! Who is in one conversation and who types there. It knows no connection: arrivals and departures are told to it.
//!
//! What changes is gathered and told as the whole state, at most every so often, and less often
//! where more people hear it: with everyone telling everyone, presence is what grows with the square
//! of the number of people.

use std::collections::{BTreeMap, HashMap, HashSet};

use parley_shared::ids::{ConversationId, UserId};
use parley_shared::limits::{
    PRESENCE_GRACE_MS, PRESENCE_INTERVAL_MAX_MS, PRESENCE_INTERVAL_MIN_MS, PRESENCE_LISTED_MAX,
    TYPING_EXPIRES_MS, TYPING_LISTED_MAX,
};
use parley_shared::model::{Person, Presence};
use parley_shared::protocol::ServerEvent;

/// Who is in one conversation.
#[derive(Debug, Default)]
pub struct Attendance {
    people: BTreeMap<UserId, Attendee>,
    /// Until when those who type count as typing, in milliseconds since 1970.
    typing: HashMap<UserId, u64>,
    presence_changed: bool,
    typing_changed: bool,
    /// Departures whose grace is not over.
    leaving: usize,
    told_ms: u64,
}

#[derive(Debug)]
struct Attendee {
    person: Person,
    connections: usize,
    /// When the last connection went, in milliseconds since 1970.
    left_ms: Option<u64>,
}

impl Attendance {
    /// One more connection of a person.
    pub fn arrive(&mut self, person: &Person) {
        let attendee = self.people.entry(person.id).or_insert_with(|| {
            self.presence_changed = true;
            Attendee {
                person: person.clone(),
                connections: 0,
                left_ms: None,
            }
        });
        // Who left a moment ago may come back under another name: nobody told it to those who are gone.
        if attendee.person != *person {
            attendee.person = person.clone();
            self.presence_changed = true;
        }
        attendee.connections += 1;
        if attendee.left_ms.take().is_some() {
            self.leaving -= 1;
        }
    }

    /// One connection of a person less.
    pub fn leave(&mut self, person: UserId, now_ms: u64) {
        let Some(attendee) = self.people.get_mut(&person) else {
            return;
        };
        attendee.connections = attendee.connections.saturating_sub(1);
        if attendee.connections == 0 && attendee.left_ms.is_none() {
            attendee.left_ms = Some(now_ms);
            self.leaving += 1;
        }
    }

    /// A person does not belong here any more: they are gone at once.
    pub fn remove(&mut self, person: UserId) {
        if let Some(attendee) = self.people.remove(&person) {
            self.leaving -= usize::from(attendee.left_ms.is_some());
            self.presence_changed = true;
        }
    }

    /// Everyone who is here has been told of: nobody needs to hear of them again.
    pub fn settle(&mut self) {
        self.presence_changed = false;
    }

    /// A new name of a person, if they are here.
    pub fn rename(&mut self, person: &Person) {
        if let Some(attendee) = self.people.get_mut(&person.id) {
            attendee.person = person.clone();
        }
    }

    /// A person types.
    pub fn types(&mut self, person: UserId, now_ms: u64) {
        if self.people.contains_key(&person) {
            let until = now_ms + TYPING_EXPIRES_MS;
            self.typing_changed |= self.typing.insert(person, until).is_none();
        }
    }

    /// Whether a person counts as typing.
    pub fn is_typing(&self, person: UserId) -> bool {
        self.typing.contains_key(&person)
    }

    /// A person types no longer.
    pub fn typed(&mut self, person: UserId) {
        self.typing_changed |= self.typing.remove(&person).is_some();
    }

    /// Who is here now.
    pub fn presence(&self) -> Presence {
        present(self.people.len(), self.people.values())
    }

    /// The same for someone who must not see some of them.
    pub fn presence_without(&self, hidden: &HashSet<UserId>) -> Presence {
        let here = hidden.iter().filter(|id| self.people.contains_key(id));
        let shown = self.people.iter().filter(|(id, _)| !hidden.contains(id));
        present(
            self.people.len() - here.count(),
            shown.map(|(_, attendee)| attendee),
        )
    }

    /// Who types, but for some.
    pub fn typing_without(&self, hidden: &HashSet<UserId>) -> Vec<Person> {
        self.typing_people(|id| !hidden.contains(id))
    }

    /// Whether there is, or will be, something to tell without anything further happening.
    pub fn is_unsettled(&self) -> bool {
        self.presence_changed || self.typing_changed || self.leaving > 0 || !self.typing.is_empty()
    }

    /// Whether there may be something to tell now.
    pub fn is_due(&self, now_ms: u64, listeners: usize) -> bool {
        self.is_unsettled() && now_ms >= self.told_ms.saturating_add(interval_ms(listeners))
    }

    /// What is to be told now, if anything.
    pub fn tell(
        &mut self,
        conversation: ConversationId,
        now_ms: u64,
        listeners: usize,
    ) -> Vec<ServerEvent> {
        if !self.is_due(now_ms, listeners) {
            return Vec::new();
        }
        self.forget_departed(now_ms);
        self.forget_silent(now_ms);
        let mut events = Vec::new();
        if std::mem::take(&mut self.presence_changed) {
            events.push(self.presence_event(conversation));
        }
        if std::mem::take(&mut self.typing_changed) {
            events.push(self.typing_event(conversation));
        }
        if !events.is_empty() {
            self.told_ms = now_ms;
        }
        events
    }

    /// All that there is to tell.
    pub fn state(&self, conversation: ConversationId) -> [ServerEvent; 2] {
        [
            self.presence_event(conversation),
            self.typing_event(conversation),
        ]
    }

    fn presence_event(&self, conversation: ConversationId) -> ServerEvent {
        ServerEvent::PresenceChanged {
            conversation,
            presence: self.presence(),
        }
    }

    fn typing_event(&self, conversation: ConversationId) -> ServerEvent {
        ServerEvent::TypingChanged {
            conversation,
            people: self.typing_people(|_| true),
        }
    }

    fn forget_departed(&mut self, now_ms: u64) {
        if self.leaving == 0 {
            return;
        }
        let before = self.people.len();
        self.people.retain(|_, attendee| {
            attendee
                .left_ms
                .is_none_or(|left_ms| now_ms < left_ms.saturating_add(PRESENCE_GRACE_MS))
        });
        let gone = before - self.people.len();
        self.leaving -= gone;
        self.presence_changed |= gone > 0;
    }

    fn forget_silent(&mut self, now_ms: u64) {
        let before = self.typing.len();
        let people = &self.people;
        self.typing
            .retain(|person, until| *until > now_ms && people.contains_key(person));
        self.typing_changed |= self.typing.len() != before;
    }

    fn typing_people(&self, is_shown: impl Fn(&UserId) -> bool) -> Vec<Person> {
        let mut typing: Vec<UserId> = self.typing.keys().copied().filter(is_shown).collect();
        typing.sort_unstable();
        typing
            .iter()
            .filter_map(|person| self.people.get(person))
            .map(|attendee| attendee.person.clone())
            .take(TYPING_LISTED_MAX)
            .collect()
    }
}

fn present<'a>(count: usize, attendees: impl Iterator<Item = &'a Attendee>) -> Presence {
    let online = u32::try_from(count).unwrap_or(u32::MAX);
    let people = (count <= PRESENCE_LISTED_MAX)
        .then(|| attendees.map(|attendee| attendee.person.clone()).collect());
    Presence { online, people }
}

/// The more hear it, the less often it is told: one millisecond for each listener.
pub(super) fn interval_ms(listeners: usize) -> u64 {
    (listeners as u64).clamp(PRESENCE_INTERVAL_MIN_MS, PRESENCE_INTERVAL_MAX_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: u64 = 1_800_000_000_000;

    fn person(number: u8) -> Person {
        Person {
            id: UserId::from_bytes([number; 16]),
            name: Some(format!("Person {number}")),
            picture: None,
            deleted: false,
        }
    }

    fn conversation() -> ConversationId {
        ConversationId::from_bytes([9; 16])
    }

    fn told(attendance: &mut Attendance, now_ms: u64) -> Vec<ServerEvent> {
        attendance.tell(conversation(), now_ms, 2)
    }

    #[test]
    fn a_reload_within_the_grace_is_not_told() {
        let mut attendance = Attendance::default();
        attendance.arrive(&person(1));
        assert_eq!(told(&mut attendance, NOON).len(), 1);
        attendance.leave(person(1).id, NOON + 1_000);
        assert_eq!(told(&mut attendance, NOON + 2_000), []);
        attendance.arrive(&person(1));
        assert_eq!(told(&mut attendance, NOON + PRESENCE_GRACE_MS * 3), []);
        assert_eq!(attendance.presence().online, 1);
    }

    #[test]
    fn someone_who_stays_away_is_told_once() {
        let mut attendance = Attendance::default();
        attendance.arrive(&person(1));
        attendance.arrive(&person(2));
        told(&mut attendance, NOON);
        attendance.leave(person(2).id, NOON);
        let events = told(&mut attendance, NOON + PRESENCE_GRACE_MS);
        let presence = Presence {
            online: 1,
            people: Some(vec![person(1)]),
        };
        assert_eq!(
            events,
            [ServerEvent::PresenceChanged {
                conversation: conversation(),
                presence
            }]
        );
        assert_eq!(told(&mut attendance, NOON + PRESENCE_GRACE_MS * 9), []);
    }

    #[test]
    fn someone_who_comes_back_under_another_name_is_told_by_it() {
        let mut attendance = Attendance::default();
        attendance.arrive(&Person::unnamed(person(1).id));
        told(&mut attendance, NOON);
        attendance.leave(person(1).id, NOON + 100);
        attendance.arrive(&person(1));
        assert_eq!(attendance.presence().people, Some(vec![person(1)]));
        assert_eq!(told(&mut attendance, NOON + 1_000).len(), 1);
    }

    #[test]
    fn someone_with_two_windows_is_here_until_both_are_closed() {
        let mut attendance = Attendance::default();
        attendance.arrive(&person(1));
        attendance.arrive(&person(1));
        attendance.leave(person(1).id, NOON);
        told(&mut attendance, NOON + PRESENCE_GRACE_MS * 2);
        assert_eq!(attendance.presence().online, 1);
    }

    #[test]
    fn typing_ends_by_itself() {
        let mut attendance = Attendance::default();
        attendance.arrive(&person(1));
        told(&mut attendance, NOON);
        attendance.types(person(1).id, NOON + 300);
        let people = |people| ServerEvent::TypingChanged {
            conversation: conversation(),
            people,
        };
        assert_eq!(told(&mut attendance, NOON + 600), [people(vec![person(1)])]);
        assert_eq!(told(&mut attendance, NOON + 2_000), []);
        let end = NOON + 300 + TYPING_EXPIRES_MS;
        assert_eq!(told(&mut attendance, end), [people(vec![])]);
    }

    #[test]
    fn a_crowd_is_counted_and_not_listed() {
        let mut attendance = Attendance::default();
        for number in 0..=PRESENCE_LISTED_MAX {
            let id = UserId::from_bytes((number as u128 + 1).to_be_bytes());
            attendance.arrive(&Person::unnamed(id));
        }
        let presence = attendance.presence();
        assert_eq!(presence.online as usize, PRESENCE_LISTED_MAX + 1);
        assert_eq!(presence.people, None);
    }

    #[test]
    fn who_hides_is_neither_counted_nor_listed_nor_seen_typing() {
        let mut attendance = Attendance::default();
        for number in [1, 2, 3] {
            attendance.arrive(&person(number));
            attendance.types(person(number).id, NOON);
        }
        let hidden = HashSet::from([person(2).id, person(9).id]);
        let presence = attendance.presence_without(&hidden);
        assert_eq!(presence.online, 2);
        assert_eq!(presence.people, Some(vec![person(1), person(3)]));
        assert_eq!(attendance.typing_without(&hidden), [person(1), person(3)]);
    }

    #[test]
    fn a_large_conversation_is_told_less_often() {
        let mut attendance = Attendance::default();
        attendance.arrive(&person(1));
        assert_eq!(attendance.tell(conversation(), NOON, 5_000).len(), 1);
        attendance.arrive(&person(2));
        assert_eq!(attendance.tell(conversation(), NOON + 4_999, 5_000), []);
        assert_eq!(
            attendance.tell(conversation(), NOON + 5_000, 5_000).len(),
            1
        );
    }
}
