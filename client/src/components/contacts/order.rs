//! Where someone belongs in a list of people. It does not know how the list is fetched or drawn.

use parley_shared::api::contacts::ContactList;
use parley_shared::model::{Contact, Relation};

/// Whether someone stands in this list.
const fn belongs(contact: &Contact, list: ContactList) -> bool {
    match list {
        ContactList::Friends => matches!(contact.relation, Relation::Friend),
        ContactList::Incoming => matches!(contact.relation, Relation::Incoming),
        ContactList::Outgoing => matches!(contact.relation, Relation::Outgoing),
        ContactList::Blocked => contact.blocked,
    }
}

/// Puts someone where they belong now, or takes them out. Friends stand by name, which `key` makes
/// comparable, and the rest the newest first. With `has_more`, the list goes on after what is here.
///
/// Without a list those who were found stay where they are, whoever they have become.
pub fn settle(
    contacts: &mut Vec<Contact>,
    contact: &Contact,
    list: Option<ContactList>,
    has_more: bool,
    key: impl Fn(&Contact) -> String,
) {
    let known = contacts
        .iter()
        .position(|known| known.person.id == contact.person.id);
    let Some(list) = list else {
        if let Some(known) = known {
            contacts[known] = contact.clone();
        }
        return;
    };
    if !belongs(contact, list) {
        if let Some(known) = known {
            contacts.remove(known);
        }
        return;
    }
    match known {
        Some(known) if list != ContactList::Friends || key(&contacts[known]) == key(contact) => {
            contacts[known] = contact.clone();
            return;
        }
        Some(known) => {
            contacts.remove(known);
        }
        None => {}
    }
    let at = if list == ContactList::Friends {
        let name = key(contact);
        contacts.partition_point(|known| key(known) <= name)
    } else {
        0
    };
    // Whoever belongs after the end of what is here comes with the next page.
    if at < contacts.len() || !has_more || list != ContactList::Friends {
        contacts.insert(at, contact.clone());
    }
}

#[cfg(test)]
mod tests {
    use parley_shared::ids::UserId;
    use parley_shared::model::Person;

    use super::*;

    fn of(number: u8, name: &str, relation: Relation) -> Contact {
        Contact {
            person: Person {
                name: Some(name.to_owned()),
                ..Person::unnamed(UserId::from_bytes([number; 16]))
            },
            user_name: None,
            relation,
            since_ms: None,
            blocked: false,
            remark: None,
        }
    }

    fn friends() -> Vec<Contact> {
        vec![
            of(1, "ana", Relation::Friend),
            of(2, "cy", Relation::Friend),
        ]
    }

    fn settled(
        mut known: Vec<Contact>,
        contact: &Contact,
        list: Option<ContactList>,
        has_more: bool,
    ) -> Vec<String> {
        let key = |contact: &Contact| contact.person.name.clone().unwrap_or_default();
        settle(&mut known, contact, list, has_more, key);
        known.iter().map(key).collect()
    }

    #[test]
    fn a_new_friend_stands_by_name() {
        let list = Some(ContactList::Friends);
        let new = of(3, "bo", Relation::Friend);
        assert_eq!(settled(friends(), &new, list, false), ["ana", "bo", "cy"]);
        let last = of(3, "di", Relation::Friend);
        assert_eq!(settled(friends(), &last, list, false), ["ana", "cy", "di"]);
        assert_eq!(
            settled(friends(), &last, list, true),
            ["ana", "cy"],
            "the next page has them"
        );
    }

    #[test]
    fn a_friend_with_another_name_moves_and_stands_once() {
        let renamed = of(1, "zoe", Relation::Friend);
        assert_eq!(
            settled(friends(), &renamed, Some(ContactList::Friends), false),
            ["cy", "zoe"]
        );
    }

    #[test]
    fn whoever_is_no_friend_any_more_leaves_the_list_and_nobody_else_does() {
        let list = Some(ContactList::Friends);
        assert_eq!(
            settled(friends(), &of(1, "ana", Relation::None), list, false),
            ["cy"]
        );
        assert_eq!(
            settled(friends(), &of(3, "bo", Relation::None), list, false),
            ["ana", "cy"]
        );
    }

    #[test]
    fn the_newest_request_stands_first_and_an_answered_one_is_gone() {
        let list = Some(ContactList::Incoming);
        let known = vec![of(1, "ana", Relation::Incoming)];
        let new = of(3, "bo", Relation::Incoming);
        assert_eq!(settled(known.clone(), &new, list, true), ["bo", "ana"]);
        assert_eq!(
            settled(known, &of(1, "ana", Relation::Friend), list, true),
            [""; 0]
        );
    }

    #[test]
    fn whoever_is_blocked_is_listed_whatever_there_is_between_the_two() {
        let mut blocked = of(3, "bo", Relation::Outgoing);
        blocked.blocked = true;
        assert_eq!(
            settled(Vec::new(), &blocked, Some(ContactList::Blocked), false),
            ["bo"]
        );
        blocked.blocked = false;
        assert_eq!(
            settled(
                vec![blocked.clone()],
                &blocked,
                Some(ContactList::Blocked),
                false
            ),
            [""; 0]
        );
    }

    #[test]
    fn whoever_was_found_stays_in_their_place() {
        let asked = of(1, "ana", Relation::Outgoing);
        let mut known = friends();
        settle(&mut known, &asked, None, false, |_| String::new());
        assert_eq!(known, [asked, of(2, "cy", Relation::Friend)]);
        let stranger = of(3, "bo", Relation::Outgoing);
        assert_eq!(settled(friends(), &stranger, None, false), ["ana", "cy"]);
    }
}
