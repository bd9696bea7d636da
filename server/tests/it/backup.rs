//! Backups: made beside a busy server by the real binary, looked at, and brought back.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

use crate::browser::Browser;
use crate::client::TestClient;
use crate::scene::TestApp;
use crate::verdict;

/// Messages of one writer that are on their way before it waits with the next.
const ON_THEIR_WAY_MAX: usize = 32;
/// Messages that everyone together has acknowledged before a backup is made.
const BEFORE: usize = 600;

/// Has the program do something, and gives whether it did and what it said.
async fn parley(arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_parley"))
        .args(arguments)
        .output()
        .await
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

async fn back_up(data_dir: &Path, to: &Path) -> (bool, String) {
    parley(&["backup", "--data-dir", text(data_dir), "--to", text(to)]).await
}

async fn restore(from: &Path, data_dir: &Path) -> (bool, String) {
    parley(&[
        "restore",
        "--from",
        text(from),
        "--data-dir",
        text(data_dir),
    ])
    .await
}

async fn check(from: &Path) -> (bool, String) {
    parley(&["restore", "--from", text(from), "--check"]).await
}

/// A folder with a place for a backup and one for what is brought back.
struct Shelf {
    folder: TempDir,
}

impl Shelf {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    fn backup(&self) -> PathBuf {
        self.folder.path().join("backup.sqlite")
    }

    fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What lies in the folder.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// Where each entry of each conversation stands, and the chain's head after it, past the server's own reading.
fn entries(database: &Path) -> Vec<(Vec<u8>, i64, Vec<u8>)> {
    let database = rusqlite::Connection::open(database).unwrap();
    let mut statement = database
        .prepare("SELECT conversation_id, seq, head FROM entries ORDER BY conversation_id, seq")
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

async fn write_until(person: &TestClient, over: CancellationToken) {
    for number in 0.. {
        let room = person.wait("room for one more", |seen| {
            (seen.on_their_way() < ON_THEIR_WAY_MAX).then_some(())
        });
        tokio::select! {
            () = over.cancelled() => return,
            () = room => {}
        }
        person
            .post(&format!("{}, message {number}", person.name))
            .await;
    }
}

fn acknowledged(people: &[Arc<TestClient>]) -> usize {
    people
        .iter()
        .map(|person| person.seen().accepted.len())
        .sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_busy_server_has_all_that_was_acknowledged_before_and_nothing_torn() {
    let mut app = TestApp::start(|config| config.messages_per_second = 0).await;
    let mut people = Vec::new();
    for name in ["Alice", "Bob", "Carol"] {
        people.push(Arc::new(app.person(name).await));
    }
    let over = CancellationToken::new();
    let busy: Vec<_> = people
        .iter()
        .map(|person| {
            let (person, over) = (Arc::clone(person), over.clone());
            tokio::spawn(async move { write_until(&person, over).await })
        })
        .collect();
    while acknowledged(&people) < BEFORE {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }

    let before: Vec<_> = people
        .iter()
        .map(|person| person.seen().accepted.clone())
        .collect();
    let shelf = Shelf::new();
    let (done, said) = back_up(app.data_dir(), &shelf.backup()).await;
    assert!(done, "{said}");
    assert_eq!(shelf.names(), ["backup.sqlite"], "it is one file");
    let at_first: usize = before.iter().map(std::collections::BTreeMap::len).sum();
    let meanwhile = acknowledged(&people) - at_first;
    assert!(meanwhile > 0, "the server went on meanwhile");
    over.cancel();
    for writer in busy {
        writer.await.unwrap();
    }
    for person in &people {
        let arrived = |seen: &mut crate::client::Seen| (seen.on_their_way() == 0).then_some(());
        person.wait("every message to be there", arrived).await;
    }

    let (done, said) = check(&shelf.backup()).await;
    assert!(done && said.contains("is whole"), "{said}");
    let (done, said) = restore(&shelf.backup(), &shelf.data_dir()).await;
    assert!(done, "{said}");
    let mut restored = TestApp::start(|config| config.data_dir = shelf.data_dir()).await;
    let (then, now) = (restored.person("then").await, app.person("now").await);
    then.load_everything().await;
    now.load_everything().await;
    let then = then.seen().timeline.messages().cloned().collect::<Vec<_>>();
    let now = now.seen().timeline.messages().cloned().collect::<Vec<_>>();
    assert!(then.len() >= BEFORE && then.len() <= now.len());
    assert_eq!(
        then,
        now[..then.len()],
        "it is a beginning of what there is now"
    );
    for (id, seq) in before.iter().flatten() {
        let place = then.iter().find(|message| message.id == *id);
        assert_eq!(
            place.map(|message| message.seq),
            Some(*seq),
            "{id:?} is in its place"
        );
    }
    println!(
        "{} in the backup, {} at its end, {meanwhile} meanwhile",
        then.len(),
        now.len()
    );
    restored.stop().await;
    app.stop().await;
    let backup = entries(&shelf.backup());
    let all = entries(&app.data_dir().join("parley.sqlite"));
    assert!(backup.iter().all(|entry| all.contains(entry)));
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_is_who_they_were_in_what_is_brought_back_and_goes_on() {
    let app = TestApp::start(|_| {}).await;
    let mut owner = Browser::registered(&app, "owner").await;
    let owned = json!({"name": "Rowers", "public": true, "people": []});
    let group = owner.post("/groups", owned).await.ok();
    let mut guest = app.person("a guest").await;
    guest.send("before").await;
    let (id, cookie) = (guest.id(), guest.cookie().map(str::to_owned));
    let shelf = Shelf::new();
    let (done, said) = back_up(app.data_dir(), &shelf.backup()).await;
    assert!(done, "{said}");
    guest.send("after").await;
    let (done, said) = restore(&shelf.backup(), &shelf.data_dir()).await;
    assert!(done, "{said}");

    let restored = TestApp::start(|config| config.data_dir = shelf.data_dir()).await;
    owner.address = restored.address;
    owner.origin = Browser::at(&restored).origin;
    let me = owner.get("/me").await.ok();
    assert_eq!(me["account"]["role"], "owner", "a session holds on");
    let id_of_group = group["id"].as_str().unwrap();
    let found = owner.get(&format!("/groups/{id_of_group}")).await.ok();
    assert_eq!(found["name"], "Rowers");
    Browser::at(&restored).sign_in("owner").await.ok();
    let mut back = restored.stranger("a guest");
    back.set_cookie(cookie);
    back.reconnect().await;
    assert_eq!(back.id(), id, "a guest is who they were");
    assert_eq!(back.texts(), ["before"]);
    back.send("and on").await;
    let fresh = restored.person("a fresh reader").await;
    restored.converge(fresh, &[&back]).await;

    // Whoever was there before the backup was brought back finds what there is, and nothing else.
    guest.drop_connection();
    let mut returning = restored.stranger("a guest of the former server");
    returning.set_cookie(guest.cookie().map(str::to_owned));
    returning.reconnect().await;
    assert_eq!(returning.texts(), ["before", "and on"]);
    assert!(verdict::anomalies(&returning.seen(), &[&back]).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_takes_the_place_of_nothing() {
    let mut app = TestApp::start(|_| {}).await;
    app.person("Alice").await.send("here").await;
    let shelf = Shelf::new();
    let (done, said) = back_up(app.data_dir(), &shelf.backup()).await;
    assert!(done, "{said}");
    let first = std::fs::read(shelf.backup()).unwrap();

    let (done, said) = back_up(app.data_dir(), &shelf.backup()).await;
    assert!(!done && said.contains("is there already"), "{said}");
    let (done, said) = restore(&shelf.backup(), app.data_dir()).await;
    assert!(!done && said.contains("there is data"), "{said}");
    app.stop().await;
    let (done, said) = restore(&shelf.backup(), app.data_dir()).await;
    assert!(!done && said.contains("there is data"), "{said}");
    let (done, said) = back_up(&shelf.data_dir(), &shelf.folder.path().join("other")).await;
    assert!(!done && said.contains("there is no data"), "{said}");
    let (done, said) = check(&shelf.folder.path().join("nothing")).await;
    assert!(!done && said.contains("there is no file"), "{said}");
    assert_eq!(std::fs::read(shelf.backup()).unwrap(), first);
    assert_eq!(shelf.names(), ["backup.sqlite"]);

    // A server is stopped or not: the copy is made all the same.
    let (done, said) = back_up(app.data_dir(), &shelf.folder.path().join("later")).await;
    assert!(done, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_not_whole_is_found_out_and_not_brought_back() {
    let app = TestApp::start(|_| {}).await;
    let alice = app.person("Alice").await;
    for number in 0..50 {
        alice.send(&format!("message {number}")).await;
    }
    let shelf = Shelf::new();
    let (done, said) = back_up(app.data_dir(), &shelf.backup()).await;
    assert!(done, "{said}");
    let whole = std::fs::read(shelf.backup()).unwrap();

    for (damage, found) in [
        (
            "UPDATE entries SET digest = zeroblob(32) WHERE seq = 7",
            "entry 7",
        ),
        ("DELETE FROM entries WHERE seq = 9", "entry 9"),
        ("DELETE FROM entries WHERE seq = 50", "entry 50"),
        ("DELETE FROM messages WHERE seq = 20", "entry 20"),
        ("DELETE FROM people", "that is not there"),
    ] {
        let damaged = rusqlite::Connection::open(shelf.backup()).unwrap();
        damaged.pragma_update(None, "foreign_keys", false).unwrap();
        assert!(damaged.execute(damage, []).unwrap() > 0, "{damage}");
        drop(damaged);
        let (done, said) = check(&shelf.backup()).await;
        assert!(!done && said.contains(found), "{damage}: {said}");
        let (done, said) = restore(&shelf.backup(), &shelf.data_dir()).await;
        assert!(!done && said.contains(found), "{damage}: {said}");
        assert!(!shelf.data_dir().join("parley.sqlite").exists());
        std::fs::write(shelf.backup(), &whole).unwrap();
    }

    // A disk that lost what it was given: pages of nothing in the middle of the file.
    let mut torn = whole.clone();
    let middle = torn.len() / 2;
    torn[middle..].fill(0);
    std::fs::write(shelf.backup(), &torn).unwrap();
    assert!(!check(&shelf.backup()).await.0);
    std::fs::write(shelf.backup(), &whole[..middle]).unwrap();
    assert!(!check(&shelf.backup()).await.0);
    std::fs::write(shelf.backup(), b"no database").unwrap();
    assert!(!check(&shelf.backup()).await.0);
    assert!(!restore(&shelf.backup(), &shelf.data_dir()).await.0);

    // After all of this the directory can still be used.
    std::fs::write(shelf.backup(), &whole).unwrap();
    let (done, said) = restore(&shelf.backup(), &shelf.data_dir()).await;
    assert!(done, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_brought_back_counts_on_beyond_all_that_was_told_before() {
    let app = TestApp::start(|_| {}).await;
    app.person("Alice").await.send("one").await;
    let shelf = Shelf::new();
    let (done, said) = back_up(app.data_dir(), &shelf.backup()).await;
    assert!(done, "{said}");
    let (done, said) = restore(&shelf.backup(), &shelf.data_dir()).await;
    assert!(done, "{said}");
    let newest = |database: &Path| -> i64 {
        let database = rusqlite::Connection::open(database).unwrap();
        let newest = database.query_row("SELECT MIN(newest) FROM stamps", [], |row| row.get(0));
        newest.unwrap()
    };
    let life = i64::try_from(parley_shared::limits::STAMPS_OF_ONE_LIFE).unwrap();
    let (first, second) = (
        newest(&shelf.backup()),
        newest(&shelf.data_dir().join("parley.sqlite")),
    );
    assert_eq!((first / life, second / life), (0, 1));
}
