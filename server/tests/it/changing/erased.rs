//! What is left of a deleted message: in the rows, in the file, in what its author is told that is kept.

use std::path::Path;

use parley_server::store::Store;
use parley_shared::protocol::ChatMessage;
use rusqlite::types::Value;
use serde_json::json;

use super::{ask, delete, edit, read, say, words};
use crate::browser::PASSWORD;
use crate::ledger::chain;
use crate::talkers::{Talker, team};

/// A row, column by column.
type Row = Vec<Value>;

/// All rows of a statement's answer.
fn rows(data_dir: &Path, sql: &str) -> Vec<Row> {
    let data = rusqlite::Connection::open(data_dir.join("parley.sqlite")).unwrap();
    let mut statement = data.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        (0..columns).map(|column| row.get(column)).collect()
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// Whether some bytes lie in any file of the data.
fn lies_there(data_dir: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(data_dir).unwrap().any(|entry| {
        let data = std::fs::read(entry.unwrap().path()).unwrap();
        data.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn of_what_is_deleted_neither_words_nor_salts_nor_versions_are_left() {
    let (mut app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let talk = anna.direct(bert.id).await;
    let secrets = ["thefirstsecret", "thesecondsecret", "thethirdsecret"];
    let long = format!("averylongsecret{}", "x".repeat(12_000));
    let once = say(&mut anna.line, talk, "theonlysecret").await;
    let often = say(&mut anna.line, talk, secrets[0]).await;
    let large = say(&mut anna.line, talk, &long).await;
    say(&mut anna.line, talk, "whatstays").await;
    for text in &secrets[1..] {
        ask(&mut anna.line, &edit(talk, often, text)).await.unwrap();
    }
    ask(&mut anna.line, &edit(talk, large, "short"))
        .await
        .unwrap();
    let salts = rows(
        app.data_dir(),
        "SELECT salt FROM messages WHERE seq < 4
         UNION SELECT salt FROM versions WHERE salt IS NOT NULL",
    );
    // Three versions of one, two of another, one of the third.
    assert_eq!(salts.len(), 6);
    for id in [once, often, large] {
        ask(&mut anna.line, &delete(talk, id)).await.unwrap();
    }
    let told: Vec<ChatMessage> = read(&mut bert.line, talk)
        .await
        .into_iter()
        .map(|message| {
            assert_eq!(message.edited_ms, None);
            assert_eq!(message.salt.is_some(), message.body == words("whatstays"));
            message.body
        })
        .collect();
    for body in &told[..3] {
        assert!(
            matches!(body, ChatMessage::Deleted { by, .. } if *by == anna.id),
            "{body:?}"
        );
    }

    let kept = rows(
        app.data_dir(),
        "SELECT salt, edited_ms FROM messages WHERE body LIKE '{\"type\":\"deleted\"%'",
    );
    assert_eq!(kept, vec![vec![Value::Null; 2]; 3]);
    let kept = rows(app.data_dir(), "SELECT salt, body FROM versions");
    assert_eq!(kept, vec![vec![Value::Null; 2]; 3 + 1 + 2 + 1 + 1]);

    app.stop().await;
    let (store, writer) = Store::open(app.data_dir()).unwrap();
    assert_eq!(chain::verify(app.data_dir(), &store).await, 10);
    drop((store, writer));
    assert!(lies_there(app.data_dir(), b"whatstays"));
    for secret in secrets.iter().chain(&["theonlysecret", "averylongsecret"]) {
        assert!(!lies_there(app.data_dir(), secret.as_bytes()), "{secret}");
    }
    assert!(!lies_there(app.data_dir(), &[b'x'; 200]));
    for salt in salts {
        let Value::Blob(salt) = &salt[0] else {
            panic!("every message was salted");
        };
        assert!(!lies_there(app.data_dir(), salt));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_what_was_changed_as_it_stands_and_nothing_that_was_deleted() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let lobby = anna.line.lobby;
    say(&mut anna.line, lobby, "as it was").await;
    let changed = say(&mut anna.line, lobby, "before").await;
    let gone = say(&mut anna.line, lobby, "regretted").await;
    ask(&mut anna.line, &edit(lobby, changed, "after"))
        .await
        .unwrap();
    ask(&mut anna.line, &edit(lobby, gone, "regretted more"))
        .await
        .unwrap();
    ask(&mut anna.line, &delete(lobby, gone)).await.unwrap();
    let export = anna.browser.get("/me/export").await.ok();
    let texts: Vec<&str> = export["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["body"]["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["as it was", "after"]);
    assert!(export["messages"][1]["edited_ms"].as_u64().is_some());
    assert!(!export.to_string().contains("regretted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_someone_said_and_changed_stays_when_their_account_goes() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let lobby = anna.line.lobby;
    let id = say(&mut anna.line, lobby, "before").await;
    let gone = say(&mut anna.line, lobby, "regretted").await;
    ask(&mut anna.line, &edit(lobby, id, "after"))
        .await
        .unwrap();
    ask(&mut anna.line, &delete(lobby, gone)).await.unwrap();
    let before = read(&mut bert.line, lobby).await;
    let confirm = json!({"password": PASSWORD});
    anna.browser.ask("DELETE", "/me", Some(confirm)).await.ok();
    assert_eq!(read(&mut bert.line, lobby).await, before);
    let path = format!("/conversations/{lobby}/messages/{id}/versions");
    let versions = bert.browser.get(&path).await.ok();
    assert_eq!(versions["versions"].as_array().unwrap().len(), 2);
    // Who keeps order can still delete it.
    let answer = ask(&mut bert.line, &delete(lobby, id)).await;
    assert!(answer.is_err(), "a member keeps none");
}
