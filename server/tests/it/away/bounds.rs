//! What may be said of when one was away, how much is told, and what is told of everything instead.

use parley_shared::ids::{ConversationId, Stamp, UserId};
use parley_shared::limits::{CHANGED_TOLD_MAX, PAGE_CONVERSATIONS_MAX, SEQ_MAX};
use parley_shared::model::ConversationKind;
use parley_shared::protocol::{ClientCommand, ServerEvent};

use super::memory::Memory;
use crate::browser::Browser;
use crate::contacts::Someone;
use crate::groups::team;
use crate::scene::TestApp;

/// Changes the data of a server that is stopped meanwhile.
async fn change(app: &mut TestApp, change: impl FnOnce(&rusqlite::Transaction<'_>)) {
    app.stop().await;
    let mut data = rusqlite::Connection::open(app.data_dir().join("parley.sqlite")).unwrap();
    let transaction = data.transaction().unwrap();
    change(&transaction);
    transaction.commit().unwrap();
    drop(data);
    app.resume().await;
}

fn numbered(number: u64) -> ConversationId {
    ConversationId::from_bytes(u128::from(number).to_be_bytes())
}

/// Groups in which someone has been, each of another stamp, which are the newest.
fn add_groups(
    data: &rusqlite::Transaction<'_>,
    member: UserId,
    stamps: std::ops::RangeInclusive<u64>,
) {
    for stamp in stamps.clone() {
        let (id, at) = (numbered(stamp), stamp.cast_signed());
        let head = parley_shared::chain::EMPTY_HEAD;
        data.execute(
            "INSERT INTO conversations (id, kind, created_ms, last_seq, head, active_ms, stamp)
             VALUES (?1, 'group', 1, 0, ?2, ?3, ?4)",
            rusqlite::params![id.as_bytes(), head, 1_000 + at / 7, at],
        )
        .unwrap();
        data.execute(
            "INSERT INTO groups (conversation_id, name, name_key, about, is_public, member_count)
             VALUES (?1, 'g', 'g', '', 0, 1)",
            rusqlite::params![id.as_bytes()],
        )
        .unwrap();
        data.execute(
            "INSERT INTO members (conversation_id, person_id, rank, joined_ms, stamp)
             VALUES (?1, ?2, 3, 1, 1)",
            rusqlite::params![id.as_bytes(), member.as_bytes()],
        )
        .unwrap();
    }
    let newest = stamps.end().cast_signed();
    data.execute("UPDATE stamps SET newest = ?1 WHERE id = 1", [newest])
        .unwrap();
}

async fn alone() -> (TestApp, Someone) {
    let (app, [anna]) = team(["anna"]).await;
    (app, anna)
}

fn id_of(someone: &Someone) -> UserId {
    someone.id.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_comes_in_pages_and_all_of_it_once() {
    let (mut app, anna) = alone().await;
    let person = id_of(&anna);
    change(&mut app, |data| add_groups(data, person, 1_000..=1_299)).await;
    for (since, changed) in [(1_000, 299), (1_180, 119), (1_260, 39), (1_299, 0)] {
        let mut memory = Memory::fresh(&anna.browser).await;
        memory.stamp = Stamp(since);
        memory.come_back().await;
        assert_eq!(memory.since, Some(Stamp(since)));
        let told: Vec<_> = memory.told.iter().skip(1).collect();
        assert_eq!(memory.told[0].kind, ConversationKind::Lobby);
        let places: Vec<_> = told.iter().map(|one| (one.active_ms, one.id)).collect();
        assert!(places.is_sorted_by(|one, next| one > next), "{places:?}");
        let mut ids: Vec<_> = told.iter().map(|one| one.id).collect();
        ids.sort_unstable();
        let expected: Vec<_> = (since + 1..=1_299).map(numbered).collect();
        assert_eq!(ids, expected);
        assert_eq!(ids.len(), changed);
        memory.expect_true("after all pages").await;
    }
    let line = anna.browser.connect_since("1000").await.unwrap();
    let ServerEvent::Welcome {
        conversations,
        more,
        ..
    } = &line.welcome
    else {
        panic!("no welcome");
    };
    assert_eq!((conversations.len(), *more), (PAGE_CONVERSATIONS_MAX, true));
}

/// What is said of when one was away, where nothing can be told since: the welcome, and a page.
async fn is_told_of_everything(anna: &Someone, since: u64, count: usize) {
    let mut line = anna
        .browser
        .connect_since(&since.to_string())
        .await
        .unwrap();
    let ServerEvent::Welcome {
        conversations,
        since: told,
        left,
        ..
    } = &line.welcome
    else {
        panic!("no welcome");
    };
    assert_eq!((*told, conversations.len()), (None, count), "since {since}");
    assert!(left.is_empty());
    line.say_command(&ClientCommand::Conversations {
        before: None,
        since: Some(Stamp(since)),
    })
    .await;
    let (told, listed) = line
        .expect("a page", |event| match event {
            ServerEvent::Conversations {
                since,
                conversations,
                ..
            } => Some((*since, conversations.len())),
            _ => None,
        })
        .await;
    assert_eq!((told, listed), (None, count), "since {since}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_away_since_before_everything_or_until_what_is_to_come_is_told_of_everything() {
    let (mut app, mut anna) = alone().await;
    for _ in 0..3 {
        anna.make_group(false, &[]).await;
    }
    let memory = Memory::fresh(&anna.browser).await;
    for since in [0, memory.stamp.0 + 1, SEQ_MAX] {
        is_told_of_everything(&anna, since, 4).await;
    }
    // A server whose data of an earlier day were put back does not know the stamps of later ones.
    change(&mut app, |data| {
        data.execute("UPDATE stamps SET newest = newest - 1 WHERE id = 1", [])
            .unwrap();
    })
    .await;
    is_told_of_everything(&anna, memory.stamp.0, 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_stamp_is_refused_before_anyone_is_let_in() {
    let (app, anna) = alone().await;
    for wrong in [
        "",
        "abc",
        "-1",
        "1.5",
        "1e3",
        "9007199254740992",
        "0x10",
        "1&since=2",
        "null",
    ] {
        let refused = anna.browser.connect_since(wrong).await;
        assert_eq!(refused.err().as_deref(), Some("HTTP 400"), "{wrong:?}");
        let guest = Browser::at(&app).connect_since(wrong).await;
        assert_eq!(guest.err().as_deref(), Some("HTTP 400"), "{wrong:?}");
    }
    for right in ["1", "9007199254740991", "1&more=x"] {
        anna.browser.connect_since(right).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stamps_go_on_after_a_restart() {
    let (mut app, [mut anna, bert]) = team(["anna", "bert"]).await;
    let (quiet, garden) = (
        anna.make_group(false, &[]).await,
        anna.make_group(false, &[&bert.id]).await,
    );
    let mut memory = Memory::fresh(&bert.browser).await;
    let before = memory.stamp;
    assert!(before > Stamp::default());
    memory.leave();
    app.restart().await;
    memory.come_back().await;
    assert_eq!((memory.since, memory.stamp), (Some(before), before));
    assert_eq!(memory.told.len(), 1, "the Lobby alone");
    memory.ping().await;
    assert_eq!(
        memory.stamp, before,
        "what was told before it stopped was told"
    );
    let mut anna = Someone::of(anna.browser).await;
    anna.write(&garden, "good morning").await.unwrap();
    anna.write(&quiet, "nobody hears it").await.unwrap();
    memory.come_back().await;
    assert!(memory.stamp > before);
    assert_eq!(memory.told.len(), 2);
    memory.expect_true("after a restart").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_is_told_of_people_or_departures_has_everything_told() {
    let (mut app, [mut anna, bert]) = team(["anna", "bert"]).await;
    anna.make_group(false, &[]).await;
    let (person, other) = (id_of(&anna), id_of(&bert));
    let most = CHANGED_TOLD_MAX as u64;
    let newest = 1_000 + most;
    change(&mut app, |data| add_groups(data, other, 1_001..=newest + 1)).await;
    change(&mut app, |data| {
        for stamp in 1_001..=newest + 1 {
            data.execute(
                "INSERT INTO departures (person_id, conversation_id, stamp) VALUES (?1, ?2, ?3)",
                rusqlite::params![
                    person.as_bytes(),
                    numbered(stamp).as_bytes(),
                    stamp.cast_signed()
                ],
            )
            .unwrap();
        }
    })
    .await;
    let mut memory = Memory::fresh(&anna.browser).await;
    memory.stamp = Stamp(1_001);
    memory.come_back().await;
    assert_eq!(
        memory.left.len(),
        CHANGED_TOLD_MAX,
        "each, when they are so many"
    );
    memory.stamp = Stamp(1_000);
    memory.come_back().await;
    assert_eq!(memory.since, None, "one more");
    change(&mut app, |data| {
        data.execute("DELETE FROM departures", []).unwrap();
        for stamp in 1_001..=newest + 1 {
            data.execute(
                "INSERT INTO people (id, name, joined_ms, stamp) VALUES (?1, 'Someone', 1, ?2)",
                rusqlite::params![numbered(stamp).as_bytes(), stamp.cast_signed()],
            )
            .unwrap();
        }
    })
    .await;
    memory.stamp = Stamp(1_001);
    memory.come_back().await;
    assert_eq!(memory.since, Some(Stamp(1_001)));
    assert!(memory.people.len() >= CHANGED_TOLD_MAX);
    memory.stamp = Stamp(1_000);
    memory.come_back().await;
    assert_eq!(memory.since, None);
    memory.expect_true("everything").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_who_was_away_hears_of_the_lobby_and_of_other_names() {
    let (app, [mut anna]) = team(["anna"]).await;
    let mut guest = Browser::at(&app);
    drop(guest.enter_as_guest().await);
    let mut memory = Memory::fresh(&guest).await;
    let before = memory.stamp;
    anna.rename("Anne").await;
    let lobby = anna.wire.lobby.to_string();
    anna.write(&lobby, "hello").await.unwrap();
    anna.make_group(true, &[]).await;
    memory.come_back().await;
    assert_eq!(memory.since, Some(before));
    assert_eq!(memory.told.len(), 1);
    let named = &memory.people[&id_of(&anna)];
    assert_eq!(named.name.as_deref(), Some("Anne"));
    memory.expect_true("as a guest").await;
}
