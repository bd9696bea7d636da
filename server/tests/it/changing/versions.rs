//! What a message said before, for those who may know it.

use parley_server::store::Store;
use parley_shared::chain;
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::limits::{PAGE_BYTES_MAX, PAGE_MESSAGES_MAX};
use serde_json::{Value, json};

use super::{ask, delete, edit, group_of, say};
use crate::browser::Browser;
use crate::scene::TestApp;
use crate::talkers::{Talker, team};

/// The texts of a page with the numbers of the changes that made them.
fn told(page: &Value) -> Vec<(u64, String)> {
    let versions = page["versions"].as_array().unwrap().iter();
    versions
        .map(|version| {
            let text = version["body"]["text"].as_str().unwrap_or("(none)");
            (version["seq"].as_u64().unwrap(), text.to_owned())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_a_seat_reads_all_versions_until_the_message_is_deleted() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let mut carl = Talker::new(&app, "carl").await;
    let mut guest = Browser::at(&app);
    let mut passing = guest.enter_as_guest().await;
    let group = group_of(&mut anna, &[&bert]).await;
    let id = say(&mut anna.line, group, "one").await;
    let path = format!("/conversations/{group}/messages/{id}/versions");
    let page = bert.browser.get(&path).await.ok();
    assert_eq!(
        told(&page),
        [(3, "one".to_owned())],
        "the present one alone"
    );
    let mut times = vec![page["versions"][0]["at_ms"].as_u64().unwrap()];
    for text in ["two", "three"] {
        let answer = ask(&mut anna.line, &edit(group, id, text)).await;
        times.push(answer.unwrap().1);
    }
    for browser in [&mut anna.browser, &mut bert.browser] {
        let page = browser.get(&path).await.ok();
        let expected = [(3, "one"), (4, "two"), (5, "three")];
        assert_eq!(
            told(&page),
            expected.map(|(seq, text)| (seq, text.to_owned()))
        );
        let versions = page["versions"].as_array().unwrap().iter();
        let at: Vec<_> = versions.map(|one| one["at_ms"].as_u64().unwrap()).collect();
        assert_eq!(at, times);
        assert!(page["next"].is_null());
    }
    // To everyone else it looks as if it were not there; so does what is not there.
    for browser in [&mut carl.browser, &mut guest] {
        browser.get(&path).await.refused(404, "not_found");
    }
    let lobby = anna.line.lobby;
    let nothing = "1".repeat(32);
    for wrong in [
        format!("/conversations/{lobby}/messages/{id}/versions"),
        format!("/conversations/{group}/messages/{nothing}/versions"),
        format!("/conversations/{nothing}/messages/{id}/versions"),
        format!("/conversations/{group}/messages/x/versions"),
    ] {
        bert.browser.get(&wrong).await.refused(404, "not_found");
    }
    for wrong in ["x", "-1", "9007199254740992"] {
        let path = format!("{path}?after={wrong}");
        bert.browser.get(&path).await.refused(400, "malformed");
    }
    ask(&mut anna.line, &delete(group, id)).await.unwrap();
    bert.browser.get(&path).await.refused(404, "not_found");
    anna.browser.get(&path).await.refused(404, "not_found");

    // In the Lobby a guest has a seat.
    let id = say(&mut passing, lobby, "hello").await;
    ask(&mut passing, &edit(lobby, id, "hello there"))
        .await
        .unwrap();
    let path = format!("/conversations/{lobby}/messages/{id}/versions");
    assert_eq!(told(&guest.get(&path).await.ok()).len(), 2);
    assert_eq!(told(&carl.browser.get(&path).await.ok()).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_left_reads_no_versions_and_what_happened_to_a_group_has_one() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let group = group_of(&mut anna, &[&bert]).await;
    let notice = super::read(&mut anna.line, group).await[0].id;
    let path = format!("/conversations/{group}/messages/{notice}/versions");
    let page = bert.browser.get(&path).await.ok();
    assert_eq!(page["versions"][0]["body"]["notice"]["type"], "created");
    let leave = format!("/groups/{group}/members/{}", bert.id);
    bert.browser.delete(&leave).await.ok();
    bert.browser.get(&path).await.refused(404, "not_found");
    // An archived group can be read.
    anna.browser
        .patch(&format!("/groups/{group}"), json!({"archived": true}))
        .await
        .ok();
    anna.browser.get(&path).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn many_and_long_versions_come_in_pages_and_each_comes_once() {
    let app = TestApp::start(|config| config.messages_per_second = 0).await;
    let mut guest = Browser::at(&app);
    let mut line = guest.enter_as_guest().await;
    let lobby = line.lobby;
    let long = "x".repeat(16_000);
    let many = say(&mut line, lobby, "0").await;
    for number in 1..PAGE_MESSAGES_MAX + 20 {
        let command = edit(lobby, many, &number.to_string());
        ask(&mut line, &command).await.unwrap();
    }
    let large = say(&mut line, lobby, &long).await;
    for _ in 1..12 {
        ask(&mut line, &edit(lobby, large, &long)).await.unwrap();
    }
    for (id, versions, pages) in [(many, PAGE_MESSAGES_MAX + 20, 2), (large, 12, 2)] {
        let path = format!("/conversations/{lobby}/messages/{id}/versions");
        let (mut found, mut asked, mut after) = (Vec::new(), 0, String::new());
        loop {
            let page = guest.get(&format!("{path}?after={after}")).await.ok();
            let texts = told(&page);
            let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
            assert!(texts.len() <= PAGE_MESSAGES_MAX && bytes <= PAGE_BYTES_MAX);
            found.extend(texts);
            asked += 1;
            match page["next"].as_str() {
                Some(next) => next.clone_into(&mut after),
                None => break,
            }
        }
        assert_eq!((found.len(), asked), (versions, pages));
        assert!(found.is_sorted_by(|one, next| one.0 < next.0));
    }
}

/// Makes all that was said in a conversation as it was before digests were salted.
fn take_salts(app: &TestApp, conversation: ConversationId) {
    let data = rusqlite::Connection::open(app.data_dir().join("parley.sqlite")).unwrap();
    let mut statement = data
        .prepare(
            "SELECT e.seq, e.kind, m.id, e.author_id, e.at_ms, m.body FROM entries AS e
             JOIN messages AS m ON m.conversation_id = e.conversation_id AND m.seq = e.seq
             WHERE e.conversation_id = ?1 ORDER BY e.seq",
        )
        .unwrap();
    let mut rows = statement.query([conversation.as_bytes()]).unwrap();
    let mut head = chain::EMPTY_HEAD;
    while let Some(row) = rows.next().unwrap() {
        let (seq, at_ms): (i64, i64) = (row.get(0).unwrap(), row.get(4).unwrap());
        let body: String = row.get(5).unwrap();
        let digest = chain::digest(None, &body);
        let entry = chain::Entry {
            seq: Seq(seq.cast_unsigned()),
            kind: row.get(1).unwrap(),
            message: &MessageId::from_bytes(row.get(2).unwrap()),
            author: &UserId::from_bytes(row.get(3).unwrap()),
            at_ms: at_ms.cast_unsigned(),
            content: &digest,
        };
        head = chain::head(&head, &entry);
        data.execute(
            "UPDATE entries SET digest = ?1, head = ?2 WHERE conversation_id = ?3 AND seq = ?4",
            rusqlite::params![digest, head, conversation.as_bytes(), seq],
        )
        .unwrap();
    }
    let sql = "UPDATE messages SET salt = NULL WHERE conversation_id = ?1";
    data.execute(sql, [conversation.as_bytes()]).unwrap();
    let sql = "UPDATE conversations SET head = ?1 WHERE id = ?2";
    data.execute(sql, rusqlite::params![head, conversation.as_bytes()])
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_before_there_were_salts_is_changed_and_deleted_like_anything_else() {
    let (mut app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let lobby = anna.line.lobby;
    let mut said = Vec::new();
    for text in ["one", "two", "three"] {
        said.push(say(&mut anna.line, lobby, text).await);
    }
    app.stop().await;
    take_salts(&app, lobby);
    app.resume().await;
    anna.browser.address = app.address;
    anna.reconnect().await;
    let salts = super::read(&mut anna.line, lobby).await;
    assert!(salts.iter().all(|message| message.salt.is_none()));
    ask(&mut anna.line, &edit(lobby, said[0], "One"))
        .await
        .unwrap();
    ask(&mut anna.line, &edit(lobby, said[1], "Two"))
        .await
        .unwrap();
    for id in &said[1..] {
        ask(&mut anna.line, &delete(lobby, *id)).await.unwrap();
    }
    let path = format!("/conversations/{lobby}/messages/{}/versions", said[0]);
    assert_eq!(told(&anna.browser.get(&path).await.ok()).len(), 2);
    assert!(super::read(&mut anna.line, lobby).await[0].salt.is_some());
    app.stop().await;
    let (store, writer) = Store::open(app.data_dir()).unwrap();
    let verified = crate::ledger::chain::verify(app.data_dir(), &store).await;
    assert_eq!(verified, 3 + 2 + 2);
    drop((store, writer));
}
