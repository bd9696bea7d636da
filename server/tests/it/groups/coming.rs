//! What whoever comes into a group finds there, and what the others hear of it.

use parley_shared::ids::UserId;
use parley_shared::limits::PEOPLE_ADDED_NAMED_MAX;
use parley_shared::protocol::ServerEvent;
use serde_json::json;

use super::{person, team};

/// Who comes by name with what is told next of a group.
async fn named_with(
    someone: &mut crate::contacts::Someone,
    pick: impl Fn(&ServerEvent) -> bool,
) -> Vec<UserId> {
    someone
        .wire
        .expect("those who are named", |event| match event {
            ServerEvent::History { people, .. }
            | ServerEvent::Changes { people, .. }
            | ServerEvent::Conversations { people, .. }
            | ServerEvent::ConversationChanged { people, .. }
                if pick(event) =>
            {
                Some(people.iter().map(|person| person.id).collect())
            }
            _ => None,
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_are_brought_in_at_once_the_first_come_by_name_wherever_the_notice_does() {
    let (_app, [mut ming, mut a, b, c, d, e]) = team(["ming", "a", "b", "c", "d", "e"]).await;
    let added = [&a.id, &b.id, &c.id, &d.id, &e.id].map(String::as_str);
    assert!(added.len() > PEOPLE_ADDED_NAMED_MAX);
    let group = ming.make_group(false, &added).await;
    let mut expected: Vec<UserId> = added[..PEOPLE_ADDED_NAMED_MAX]
        .iter()
        .map(|id| person(id))
        .collect();
    expected.push(person(&ming.id));
    expected.sort_unstable();
    let brought = named_with(&mut a, |event| {
        matches!(event, ServerEvent::ConversationChanged { .. })
    });
    assert_eq!(brought.await, expected);
    for ask in [
        json!({"type": "history", "conversation": group}),
        json!({"type": "changes", "conversation": group, "since": 0}),
        json!({"type": "conversations"}),
    ] {
        a.wire.say(&ask.to_string()).await;
        let named = named_with(&mut a, |event| {
            !matches!(event, ServerEvent::ConversationChanged { .. })
        });
        assert_eq!(named.await, expected, "{ask}");
    }
    let again = a.browser.connect().await.unwrap();
    let ServerEvent::Welcome { people, .. } = &again.welcome else {
        panic!("a connection begins with a welcome");
    };
    let named: Vec<UserId> = people.iter().map(|person| person.id).collect();
    assert_eq!(named, expected);
}
