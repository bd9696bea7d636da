//! Data of an older version, opened by this one.

use parley_server::store::sqlite::Connection;
use parley_server::store::{Store, settings};
use parley_shared::api::server::{ContactPolicy, Policy, Registration};

/// A database as it was when there were accounts and no friends: someone with a name that English has
/// no letters for, and a Lobby with one message.
fn keep_version_2(connection: &mut Connection) {
    connection
        .execute_script("CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT;")
        .unwrap();
    for step in [
        include_str!("../../../migrations/sqlite/0001_lobby.sql"),
        include_str!("../../../migrations/sqlite/0002_accounts.sql"),
        r#"INSERT INTO schema_version (version) VALUES (1), (2);
         INSERT INTO people (id, name, joined_ms) VALUES
             (x'01010101010101010101010101010101', 'ÉLISE Ölund', 1),
             (x'02020202020202020202020202020202', 'A guest', 1);
         INSERT INTO accounts (person_id, user_name, user_name_key, password_hash, role, about,
             status, created_ms, totp_step)
             VALUES (x'01010101010101010101010101010101', 'elise', 'elise', 'x', 'owner', '', '', 1, 0);
         INSERT INTO settings (name, value)
             VALUES ('policy', '{"registration":"open","guests":false}');
         INSERT INTO conversations (id, kind, created_ms, last_seq, head) VALUES
             (x'07070707070707070707070707070707', 'lobby', 5, 1, zeroblob(32)),
             (x'08080808080808080808080808080808', 'lobby', 6, 0, zeroblob(32));
         INSERT INTO messages (conversation_id, seq, id, author_id, changed_seq, sent_ms, body) VALUES
             (x'07070707070707070707070707070707', 1, x'09090909090909090909090909090909',
              x'01010101010101010101010101010101', 1, 99, '{}');"#,
    ] {
        connection.execute_script(step).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_were_there_before_are_found_by_name_and_conversations_know_when_they_were_active()
 {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("parley.sqlite");
    let mut connection = Connection::open_writer(&path).unwrap();
    keep_version_2(&mut connection);
    drop(connection);
    let (store, _writer) = Store::open(dir.path()).unwrap();
    let (keys, active, policy) = store
        .read(|connection| {
            let keys = connection.query("SELECT name_key FROM accounts", &[], |row| row.text(0))?;
            let active = connection.query(
                "SELECT active_ms FROM conversations ORDER BY id",
                &[],
                |row| row.number(0),
            )?;
            Ok((keys, active, settings::policy(connection)?))
        })
        .await
        .unwrap();
    assert_eq!(keys, ["élise ölund"]);
    assert_eq!(active, [99, 6]);
    let kept = Policy {
        registration: Registration::Open,
        guests: false,
        contact: ContactPolicy::Friends,
    };
    assert_eq!(
        policy, kept,
        "what was not asked then is what holds from the start"
    );
}
