//! Alterations of rows, one by one. It does not know how they are found.

use super::{Archive, Broken};

/// Something that was done to the database.
struct Mutation {
    /// What, for the message of a failure.
    what: String,
    sql: String,
    /// Whether whoever reads the group is served something else because of it.
    is_served: bool,
}

fn mutation(what: impl Into<String>, sql: impl Into<String>) -> Mutation {
    Mutation {
        what: what.into(),
        sql: sql.into(),
        is_served: true,
    }
}

/// One that changes nothing of what a reader is served.
fn unserved(what: impl Into<String>, sql: impl Into<String>) -> Mutation {
    Mutation {
        is_served: false,
        ..mutation(what, sql)
    }
}

/// A copy of the database's tables, from which they are put back.
struct Backup {
    database: rusqlite::Connection,
}

const TABLES: [&str; 4] = ["versions", "messages", "entries", "conversations"];

impl Backup {
    fn of(archive: &Archive) -> Self {
        let database = rusqlite::Connection::open(archive.file()).unwrap();
        database
            .busy_timeout(std::time::Duration::from_secs(10))
            .unwrap();
        database.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        for table in TABLES {
            let copy = format!("CREATE TEMP TABLE kept_{table} AS SELECT * FROM main.{table}");
            database.execute_batch(&copy).unwrap();
        }
        Self { database }
    }

    fn alter(&self, sql: &str) {
        let script = format!("BEGIN IMMEDIATE; {sql}; COMMIT;");
        let before = self.database.total_changes();
        self.database
            .execute_batch(&script)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_ne!(
            self.database.total_changes(),
            before,
            "nothing done by {sql}"
        );
    }

    fn put_back(&self) {
        let mut script = String::from("BEGIN IMMEDIATE;");
        for table in TABLES {
            script += &format!(
                "DELETE FROM main.{table}; INSERT INTO main.{table} SELECT * FROM kept_{table};"
            );
        }
        self.database.execute_batch(&(script + "COMMIT;")).unwrap();
    }
}

const OTHER: &str = r#"'{"type":"text","text":"something else"}'"#;

/// Every column of a message, of each kind of message.
fn of_messages(archive: &Archive, group: &str) -> Vec<Mutation> {
    let columns = [
        ("body", OTHER.to_owned()),
        ("salt", "randomblob(16)".to_owned()),
        (
            "author_id",
            "(SELECT id FROM people WHERE id <> author_id LIMIT 1)".to_owned(),
        ),
        ("sent_ms", "sent_ms + 1".to_owned()),
        ("id", "randomblob(16)".to_owned()),
        ("seq", "seq + 1000".to_owned()),
        ("changed_seq", "changed_seq - 1".to_owned()),
        ("changed_seq", "changed_seq + 1".to_owned()),
        ("edited_ms", "COALESCE(edited_ms, 5) + 1".to_owned()),
    ];
    let mut all = Vec::new();
    for place in [
        archive.sent,
        archive.edited,
        archive.deleted,
        archive.erased,
        archive.notice,
    ] {
        let here = format!("conversation_id = {group} AND seq = {place}");
        for (column, value) in &columns {
            all.push(mutation(
                format!("{column} of message {place}"),
                format!("UPDATE messages SET {column} = {value} WHERE {here}"),
            ));
        }
        all.push(mutation(
            format!("message {place} is gone"),
            format!("DELETE FROM messages WHERE {here}"),
        ));
        all.push(mutation(
            format!("a copy of message {place} slips in"),
            format!(
                "INSERT INTO messages SELECT conversation_id, 1000, randomblob(16), author_id, 1000, sent_ms, body, edited_ms, salt
                 FROM messages WHERE {here}"
            ),
        ));
    }
    all
}

/// Every column of an entry, of each kind of entry.
fn of_entries(archive: &Archive, group: &str) -> Vec<Mutation> {
    let columns = [
        ("kind", "kind % 3 + 1"),
        ("kind", "77"),
        ("message_seq", "message_seq - 1"),
        (
            "author_id",
            "(SELECT id FROM people WHERE id <> author_id LIMIT 1)",
        ),
        ("at_ms", "at_ms + 1"),
        ("digest", "randomblob(32)"),
        ("digest", "x'00'"),
        ("head", "randomblob(32)"),
        ("seq", "seq + 1000"),
    ];
    let mut all = Vec::new();
    for seq in archive.sent.0..=archive.notice.0 {
        let here = format!("conversation_id = {group} AND seq = {seq}");
        for (column, value) in columns {
            let what = format!("{column} of entry {seq}");
            let sql = format!("UPDATE entries SET {column} = {value} WHERE {here}");
            // A head is served for the entry that was asked about.
            all.push(match column {
                "head" => unserved(what, sql),
                _ => mutation(what, sql),
            });
        }
        all.push(mutation(
            format!("entry {seq} is gone"),
            format!("DELETE FROM entries WHERE {here}"),
        ));
    }
    all.push(mutation(
        "an entry is there twice",
        format!(
            "INSERT INTO entries SELECT conversation_id, 1000, kind, message_seq, author_id, at_ms, digest, head
             FROM entries WHERE conversation_id = {group} AND seq = {}",
            archive.sent
        ),
    ));
    all.push(unserved(
        "an entry of no conversation",
        format!(
            "INSERT INTO entries SELECT randomblob(16), seq, kind, message_seq, author_id, at_ms, digest, head
             FROM entries WHERE conversation_id = {group} AND seq = {}",
            archive.sent
        ),
    ));
    all
}

/// Every column of a version, of one that is there and of one that is erased.
fn of_versions(archive: &Archive, group: &str) -> Vec<Mutation> {
    let mut all = Vec::new();
    for place in [archive.edited, archive.deleted, archive.erased] {
        for place_of in ["MIN", "MAX"] {
            let here = format!(
                "conversation_id = {group} AND message_seq = {place} AND seq = (SELECT {place_of}(seq)
                 FROM versions WHERE conversation_id = {group} AND message_seq = {place})"
            );
            let columns = [
                ("body", OTHER),
                ("salt", "randomblob(16)"),
                ("message_seq", "message_seq + 1000"),
                ("seq", "seq + 1000"),
                (
                    "change_id",
                    "CASE WHEN change_id IS NULL THEN randomblob(16) END",
                ),
            ];
            for (column, value) in columns {
                all.push(unserved(
                    format!("{column} of the {place_of} version of {place}"),
                    format!("UPDATE versions SET {column} = {value} WHERE {here}"),
                ));
            }
        }
    }
    let here = format!(
        "conversation_id = {group} AND message_seq = {}",
        archive.edited
    );
    all.push(unserved(
        "versions are gone",
        format!("DELETE FROM versions WHERE {here}"),
    ));
    all.push(unserved(
        "versions are erased",
        format!("UPDATE versions SET body = NULL, salt = NULL WHERE {here}"),
    ));
    all.push(unserved(
        "a version slips in",
        format!(
            "INSERT INTO versions (conversation_id, message_seq, seq, change_id, salt, body)
             SELECT conversation_id, message_seq, 1000, randomblob(16), salt, body FROM versions WHERE {here} LIMIT 1"
        ),
    ));
    all
}

/// What is altered together, and the conversations.
fn of_several(archive: &Archive, group: &str) -> Vec<Mutation> {
    let (one, other) = (archive.sent, archive.edited);
    let swap = |table: &str, column: &str| {
        let value = |seq| {
            format!(
                "(SELECT {column} FROM kept_{table} WHERE conversation_id = {group} AND seq = {seq})"
            )
        };
        format!(
            "UPDATE {table} SET {column} = CASE seq WHEN {one} THEN {} ELSE {} END
             WHERE conversation_id = {group} AND seq IN ({one}, {other})",
            value(other),
            value(one)
        )
    };
    let conversation = |what: &str| format!("UPDATE conversations SET {what} WHERE id = {group}");
    vec![
        mutation("two messages change what they say", swap("messages", "body")),
        mutation("two messages change their authors' times", swap("messages", "sent_ms")),
        mutation("two entries change their digests", swap("entries", "digest")),
        unserved("two entries change their heads", swap("entries", "head")),
        mutation(
            "two messages change places",
            format!(
                "UPDATE messages SET seq = -seq WHERE conversation_id = {group} AND seq IN ({one}, {other});
                 UPDATE messages SET seq = {one} + {other} + seq WHERE conversation_id = {group} AND seq < 0"
            ),
        ),
        mutation(
            "a message and its entry are gone",
            format!(
                "DELETE FROM messages WHERE conversation_id = {group} AND seq = {one};
                 DELETE FROM entries WHERE conversation_id = {group} AND seq = {one}"
            ),
        ),
        mutation(
            "a message and its entry slip in at the end",
            format!(
                "INSERT INTO messages SELECT conversation_id, last_seq + 1, randomblob(16), author_id, last_seq + 1, sent_ms, body, edited_ms, salt
                 FROM messages JOIN conversations AS c ON c.id = conversation_id WHERE conversation_id = {group} AND seq = {one};
                 INSERT INTO entries SELECT conversation_id, last_seq + 1, e.kind, last_seq + 1, author_id, at_ms, digest, e.head
                 FROM entries AS e JOIN conversations AS c ON c.id = conversation_id WHERE conversation_id = {group} AND seq = {one};
                 UPDATE conversations SET last_seq = last_seq + 1 WHERE id = {group}"
            ),
        ),
        mutation("the last number is smaller", conversation("last_seq = last_seq - 1")),
        mutation("the last number is greater", conversation("last_seq = last_seq + 1")),
        unserved("the head is another", conversation("head = randomblob(32)")),
        unserved("the head is none", conversation("head = x'01'")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_alteration_of_the_store_is_found() {
    let archive = Archive::new().await;
    let group = format!("x'{}'", archive.group);
    let backup = Backup::of(&archive);
    let mut all = of_messages(&archive, &group);
    all.extend(of_entries(&archive, &group));
    all.extend(of_versions(&archive, &group));
    all.extend(of_several(&archive, &group));
    let (mut unfound, mut served) = (Vec::new(), 0);
    for Mutation {
        what,
        sql,
        is_served,
    } in &all
    {
        backup.alter(sql);
        let broken: Vec<Broken> = archive.verify().broken;
        if broken.is_empty() {
            unfound.push(format!("{what}: not by verify"));
        }
        if *is_served {
            served += 1;
            if archive.read(archive.group).await.is_empty() {
                unfound.push(format!("{what}: not by the witness"));
            }
        }
        backup.put_back();
    }
    assert!(unfound.is_empty(), "{}", unfound.join("\n"));
    assert_eq!(archive.verify().broken, [], "it is as it was");
    assert_eq!(archive.read(archive.group).await, []);
    println!("{} alterations, {served} of them served", all.len());
}
