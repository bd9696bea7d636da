//! A store with very many messages, made quickly and kept for the next time. It does not know what is measured.
//!
//! It is made by SQL in bulk and without waiting for the disk, but it is what the server itself would have
//! made: every entry is chained, and `parley verify` holds the whole of it before it is used.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::Context as _;
use parley_shared::chain::{self, EMPTY_HEAD, EntryKind, Hash, Hex, SALT_BYTES};
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::protocol::ChatMessage;
use rusqlite::{Connection, Statement, params};

use crate::town::{Town, group_id, person_id};

/// Messages in each conversation, and members.
pub(crate) const MESSAGES_EACH: usize = 100;
const MEMBERS: usize = 10;
/// Conversations that everyone is in: all of them together are so many times the people.
const CONVERSATIONS_EACH: usize = 100;

const INSERT_MESSAGE: &str =
    "INSERT INTO messages (conversation_id, seq, id, author_id, changed_seq, sent_ms, salt, body)
     VALUES (?1, ?2, ?3, ?4, ?2, ?5, ?6, ?7)";
const INSERT_ENTRY: &str =
    "INSERT INTO entries (conversation_id, seq, kind, message_seq, author_id, at_ms, digest, head)
     VALUES (?1, ?2, ?3, ?2, ?4, ?5, ?6, ?7)";
const SET_PROGRESS: &str =
    "UPDATE conversations SET last_seq = ?1, head = ?2, active_ms = ?3, stamp = 1 WHERE id = ?4";
const INSERT_MARK: &str =
    "INSERT INTO read_marks (person_id, conversation_id, through_seq, delivered_seq, seen_seq)
     VALUES (?1, ?2, ?3, ?3, ?3)";

/// When the first message was written, in milliseconds since 1970.
const BEGAN_MS: usize = 1_700_000_000_000;

/// The store, and who is in it.
pub(crate) struct Archive {
    pub(crate) data_dir: PathBuf,
    pub(crate) people: usize,
    conversations: usize,
}

impl Archive {
    /// The one with so many messages: it is made, if it is not there from an earlier time.
    pub(crate) fn open(server: &Path, messages: usize) -> anyhow::Result<Self> {
        let conversations = (messages / MESSAGES_EACH).max(1);
        let people = (conversations * MEMBERS / CONVERSATIONS_EACH).max(MEMBERS);
        let archive = Self {
            data_dir: Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("archive-{messages}")),
            people,
            conversations,
        };
        let note = archive.data_dir.join("complete");
        let schema = schema()?;
        if fs::read_to_string(&note).is_ok_and(|noted| noted == schema) {
            return Ok(archive);
        }
        let start = Instant::now();
        if archive.data_dir.exists() {
            fs::remove_dir_all(&archive.data_dir)?;
        }
        archive.make().context("while a store was made")?;
        let made = start.elapsed().as_secs();
        verify(server, &archive.data_dir)?;
        fs::write(&note, schema)?;
        writeln!(
            std::io::stderr(),
            "made a store of {messages} messages in {made} s, and verified it in {} s",
            start.elapsed().as_secs() - made
        )?;
        Ok(archive)
    }

    /// A conversation that someone is in: the n-th of theirs.
    pub(crate) fn conversation_of(&self, person: usize, nth: usize) -> usize {
        let circles = (self.people / MEMBERS).max(1);
        let theirs = self.conversations / circles;
        (person / MEMBERS) % circles + nth % theirs.max(1) * circles
    }

    fn make(&self) -> anyhow::Result<()> {
        let circles = (self.people / MEMBERS).max(1);
        let members = |group: usize| -> Vec<usize> {
            let first = group % circles * MEMBERS;
            (first..first + MEMBERS).collect()
        };
        let town = Town {
            people: self.people,
            groups: (0..self.conversations).map(members).collect(),
        };
        town.settle(&self.data_dir)?;
        let file = self.data_dir.join(parley_server::store::FILE);
        let connection = Connection::open(&file)?;
        // Nobody else is there, and when the machine stops meanwhile, it is made anew.
        connection.pragma_update(None, "journal_mode", "OFF")?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.pragma_update(None, "cache_size", -256 * 1024)?;
        connection.pragma_update(None, "foreign_keys", false)?;
        let transaction = connection.unchecked_transaction()?;
        let mut clerk = Clerk {
            message: connection.prepare(INSERT_MESSAGE)?,
            entry: connection.prepare(INSERT_ENTRY)?,
            progress: connection.prepare(SET_PROGRESS)?,
            mark: connection.prepare(INSERT_MARK)?,
        };
        for (group, members) in town.groups.iter().enumerate() {
            clerk.fill(group, members)?;
        }
        drop(clerk);
        transaction.commit()?;
        drop(connection);
        Ok(File::open(&file)?.sync_all()?)
    }
}

/// Writes whole conversations.
struct Clerk<'a> {
    message: Statement<'a>,
    entry: Statement<'a>,
    progress: Statement<'a>,
    mark: Statement<'a>,
}

impl Clerk<'_> {
    fn fill(&mut self, group: usize, members: &[usize]) -> anyhow::Result<()> {
        let (conversation, mut head) = (group_id(group), EMPTY_HEAD);
        for nth in 0..MESSAGES_EACH {
            let author = person_id(members[nth % members.len()]);
            head = self.say(group, conversation, nth, author, &head)?;
        }
        let last = MESSAGES_EACH as i64;
        let active_ms = sent_ms(group, MESSAGES_EACH - 1);
        self.progress
            .execute(params![last, head, active_ms, conversation.as_bytes()])?;
        for member in members {
            let read = last - 2;
            let person = person_id(*member);
            self.mark
                .execute(params![person.as_bytes(), conversation.as_bytes(), read])?;
        }
        Ok(())
    }

    /// Writes one message, and gives the head after it.
    fn say(
        &mut self,
        group: usize,
        conversation: ConversationId,
        nth: usize,
        author: UserId,
        before: &Hash,
    ) -> anyhow::Result<Hash> {
        let number = group * MESSAGES_EACH + nth + 1;
        let seq = Seq(nth as u64 + 1);
        let id = MessageId::from_bytes(((number as u128) << 32).to_be_bytes());
        let body = serde_json::to_string(&ChatMessage::Text {
            text: text(group, nth),
        })?;
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt)
            .map_err(|error| anyhow::anyhow!("the system has no randomness: {error}"))?;
        let digest = chain::digest(Some(&Hex(salt)), &body);
        let (kind, at_ms) = (EntryKind::Sent as u8, sent_ms(group, nth));
        let entry = chain::Entry {
            seq,
            kind,
            message: &id,
            author: &author,
            at_ms: at_ms.cast_unsigned(),
            content: &digest,
        };
        let head = chain::head(before, &entry);
        let (conversation, author) = (conversation.as_bytes(), author.as_bytes());
        let place = seq.0.cast_signed();
        let id = id.as_bytes();
        self.message
            .execute(params![conversation, place, id, author, at_ms, salt, body])?;
        self.entry.execute(params![
            conversation,
            place,
            kind,
            author,
            at_ms,
            digest,
            head
        ])?;
        Ok(head)
    }
}

/// What the n-th message of a conversation says.
pub(crate) fn text(group: usize, nth: usize) -> String {
    format!("Message {nth} of conversation {group}, which is about as long as a line in a chat is.")
}

fn sent_ms(group: usize, nth: usize) -> i64 {
    (BEGAN_MS + nth * 60_000 + group) as i64
}

/// How a store of this version is laid out.
fn schema() -> anyhow::Result<String> {
    let dir = crate::figures::scratch()?;
    Town::of_one_lobby(0).settle(dir.path())?;
    let connection = Connection::open(dir.path().join(parley_server::store::FILE))?;
    let mut tables = connection.prepare("SELECT sql FROM sqlite_schema WHERE sql NOT NULL")?;
    let tables = tables.query_map([], |row| row.get::<_, String>(0))?;
    Ok(tables.collect::<Result<Vec<_>, _>>()?.join(";\n"))
}

fn verify(server: &Path, data_dir: &Path) -> anyhow::Result<()> {
    let mut command = Command::new(server);
    command.arg("verify").arg("--data-dir").arg(data_dir);
    let verified = command.output()?;
    anyhow::ensure!(
        verified.status.success(),
        "the store that was made does not hold: {}{}",
        String::from_utf8_lossy(&verified.stdout),
        String::from_utf8_lossy(&verified.stderr)
    );
    Ok(())
}
