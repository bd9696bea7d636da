//! What the reader calls others, how they stand to each other, and who is there. It knows nothing of messages.

use parley_shared::api::contacts::Remark;
use parley_shared::limits::{PEOPLE_WATCHED_MAX, WATCH_INTERVAL_MS};
use parley_shared::model::{Contact, Notice as Happening, Relation};

use super::*;

fn watch(people: &[u8]) -> ClientCommand {
    ClientCommand::Watch {
        people: people.iter().map(|number| user(*number)).collect(),
    }
}

fn online(there: &[u8], gone: &[u8]) -> ServerEvent {
    let users = |numbers: &[u8]| numbers.iter().map(|number| user(*number)).collect();
    ServerEvent::OnlineChanged {
        online: users(there),
        offline: users(gone),
    }
}

fn contact(number: u8, remark: Option<&str>) -> ServerEvent {
    ServerEvent::ContactChanged {
        contact: Contact {
            person: named(number, Some("Their own name")),
            user_name: Some("them".into()),
            relation: Relation::Friend,
            since_ms: Some(1),
            blocked: false,
            remark: remark.map(str::to_owned),
        },
    }
}

fn watches(page: &mut TestPage) -> Vec<ClientCommand> {
    let said = page.said().into_iter();
    said.filter(|command| matches!(command, ClientCommand::Watch { .. }))
        .collect()
}

fn is_online(page: &TestPage, number: u8) -> bool {
    let online = page.chat.online.get_untracked();
    online.contains(&user(number))
}

#[test]
fn those_with_whom_one_talks_in_twos_are_watched() {
    let mut page = TestPage::new();
    page.hear(welcome_among(
        0,
        vec![direct(1, BOB), direct(2, ALICE), group(3, 0)],
        false,
    ));
    assert_eq!(watches(&mut page), [watch(&[ALICE, BOB])]);
    page.hear(online(&[ALICE], &[BOB]));
    assert!(is_online(&page, ALICE) && !is_online(&page, BOB));
    page.hear(online(&[BOB], &[ALICE]));
    assert!(!is_online(&page, ALICE) && is_online(&page, BOB));
}

#[test]
fn a_guest_watches_nobody_and_so_does_whoever_talks_with_nobody() {
    let mut page = TestPage::opened_at(1);
    assert_eq!(watches(&mut page), []);
    page.hear(welcome_among(1, vec![group(1, 1)], false));
    assert_eq!(watches(&mut page), []);
}

#[test]
fn others_are_watched_after_a_while_and_not_one_by_one() {
    let mut page = TestPage::new();
    page.hear(welcome_among(0, vec![direct(1, ALICE)], false));
    page.said();
    page.hear(changed(direct(2, BOB)));
    page.hear(changed(direct(3, 9)));
    page.pass(WATCH_INTERVAL_MS - 1);
    assert_eq!(watches(&mut page), []);
    page.pass(1);
    assert_eq!(watches(&mut page), [watch(&[ALICE, BOB, 9])]);
    // What changes nothing is not said again.
    page.hear(changed(direct(3, 9)));
    page.pass(60_000);
    assert_eq!(watches(&mut page), []);
}

#[test]
fn as_many_are_watched_as_may_be_and_those_whom_a_page_shows_first() {
    let mut page = TestPage::new();
    let talks = (1..=100)
        .map(|number| direct(number, number + 100))
        .collect();
    page.hear(welcome_among(0, talks, false));
    page.said();
    page.pass(60_000);
    let besides: Vec<UserId> = (0..150_u8).map(|number| user(number / 2 + 1)).collect();
    let besides_too: Vec<UserId> = (0..150_u8)
        .map(|number| UserId::from_bytes([number; 16]))
        .collect();
    let said = page
        .sync
        .watch_besides([besides, besides_too.clone()].concat(), page.now_ms);
    let [ClientCommand::Watch { people }] = said.as_slice() else {
        panic!("it is said who is watched, and not {said:?}");
    };
    assert_eq!(people.len(), PEOPLE_WATCHED_MAX);
    assert!(besides_too.iter().all(|id| people.contains(id)));
}

#[test]
fn a_new_connection_is_told_whom_to_watch_and_its_first_answer_is_all_there_is_to_know() {
    let mut page = TestPage::new();
    let talks = || vec![direct(1, ALICE), direct(2, BOB)];
    page.hear(welcome_among(0, talks(), false));
    page.hear(online(&[ALICE, BOB], &[]));
    page.said();
    page.lose_connection();
    page.hear(welcome_among(0, talks(), false));
    assert_eq!(watches(&mut page), [watch(&[ALICE, BOB])]);
    page.hear(online(&[ALICE], &[]));
    assert!(is_online(&page, ALICE));
    assert!(
        !is_online(&page, BOB),
        "of him nothing may be known any more"
    );
}

#[test]
fn names_by_which_one_knows_others_are_asked_for_and_kept_true() {
    let mut page = TestPage::new();
    let mut event = welcome(0);
    if let ServerEvent::Welcome { remarks, .. } = &mut event {
        *remarks = true;
    }
    page.hear(event);
    assert_eq!(page.chat.remarks_due.get_untracked(), 1);
    let remark = |number, remark: &str| Remark {
        person: user(number),
        remark: remark.into(),
    };
    page.sync
        .know_remarks(vec![remark(ALICE, "Aunt"), remark(BOB, "Plumber")]);
    let known = |page: &TestPage, number| {
        let remarks = page.chat.remarks.get_untracked();
        remarks.get(&user(number)).cloned()
    };
    assert_eq!(known(&page, ALICE).as_deref(), Some("Aunt"));
    page.hear(contact(ALICE, Some("Aunt A.")));
    page.hear(contact(BOB, None));
    assert_eq!(known(&page, ALICE).as_deref(), Some("Aunt A."));
    assert_eq!(known(&page, BOB), None);
    let people = page.chat.people.get_untracked();
    assert_eq!(people[&user(BOB)].name.as_deref(), Some("Their own name"));
    page.lose_connection();
    page.hear(welcome(0));
    assert_eq!(known(&page, ALICE), None, "there are none any more");
}

#[test]
fn how_many_wait_for_an_answer_is_told_with_the_welcome() {
    let mut page = TestPage::new();
    let mut event = welcome(0);
    if let ServerEvent::Welcome { requests, .. } = &mut event {
        *requests = 3;
    }
    page.hear(event);
    assert_eq!(page.chat.requests.get_untracked(), 3);
    page.sync.know_requests(2);
    assert_eq!(page.chat.requests.get_untracked(), 2);
}

#[test]
fn those_whom_a_notice_names_are_asked_about_when_nothing_is_known_of_them() {
    let mut page = TestPage::opened_at(1);
    let mut event = live(ALICE, 2);
    if let ServerEvent::MessageChanged { message, .. } = &mut event {
        message.body = ChatMessage::Notice {
            notice: Happening::Added {
                people: vec![user(7), user(ALICE), user(8), user(7)],
            },
        };
    }
    page.hear(event);
    assert_eq!(page.said(), [ask_people(&[7, 8])]);
}

#[test]
fn those_of_the_list_are_not_forgotten_when_many_are_heard_of() {
    let mut page = TestPage::new();
    page.hear(welcome_among(0, vec![direct(1, BOB)], false));
    page.hear(newest(std::iter::empty(), 0, false));
    page.hear(ServerEvent::PeopleChanged {
        people: vec![named(BOB, Some("Bob"))],
    });
    for number in 1..=3_000_u64 {
        let mut bytes = [7; 16];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        let id = UserId::from_bytes(bytes);
        page.hear(ServerEvent::MessageChanged {
            message: Message {
                author: id,
                ..message(ALICE, number)
            },
            author: Person::unnamed(id),
        });
    }
    let people = page.chat.people.get_untracked();
    assert!(people.len() < 1_500, "{} are known", people.len());
    assert!(people.contains_key(&user(BOB)));
}

#[test]
fn whoever_is_shown_is_watched_for_as_long_as_they_are() {
    let mut page = TestPage::new();
    page.hear(welcome_among(0, vec![direct(1, BOB)], false));
    assert_eq!(watches(&mut page), [watch(&[BOB])]);
    page.now_ms += WATCH_INTERVAL_MS;
    let said = page.sync.show_person(Some(user(ALICE)), page.now_ms);
    assert_eq!(said, [watch(&[ALICE, BOB])]);
    page.now_ms += WATCH_INTERVAL_MS;
    let said = page.sync.show_person(None, page.now_ms);
    assert_eq!(said, [watch(&[BOB])]);
}
