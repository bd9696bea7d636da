//! The least that stores the same rows as durably: one thread, one SQLite connection, no checks. It knows no seats and no retries.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use parley_server::clock::now_ms;
use parley_shared::chain::{self, EMPTY_HEAD, EntryKind, Hash, Hex, SALT_BYTES};
use parley_shared::ids::{ConversationId, Seq, UserId};
use parley_shared::limits::LEDGER_QUEUE_MAX;
use rusqlite::{Connection, params};
use tokio::sync::mpsc;

use crate::load::{Acknowledge, Door, Draft};

const INSERT_PERSON: &str =
    "INSERT INTO people (id, joined_ms) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING";
const INSERT_MESSAGE: &str =
    "INSERT INTO messages (conversation_id, seq, id, author_id, changed_seq, sent_ms, salt, body)
     VALUES (?1, ?2, ?3, ?4, ?2, ?5, ?6, ?7)";
const INSERT_ENTRY: &str =
    "INSERT INTO entries (conversation_id, seq, kind, message_seq, author_id, at_ms, digest, head)
     VALUES (?1, ?2, ?3, ?2, ?4, ?5, ?6, ?7)";
const SET_PROGRESS: &str =
    "UPDATE conversations SET last_seq = ?1, head = ?2, stamp = ?3 WHERE id = ?4";
const SET_STAMP: &str = "UPDATE stamps SET newest = ?1 WHERE id = 1";

type Waiting = (Draft, Acknowledge);

/// What the thread remembers, so that it need not ask the database.
#[derive(Default)]
struct Known {
    authors: HashSet<UserId>,
    progress: HashMap<ConversationId, (u64, Hash)>,
    stamp: i64,
}

/// The thread's queue.
#[derive(Clone)]
pub(crate) struct BareDoor(mpsc::Sender<Waiting>);

impl Door for BareDoor {
    async fn hand_in(&self, draft: Draft, acknowledge: Acknowledge) {
        if let Err(mpsc::error::SendError((_, acknowledge))) =
            self.0.send((draft, acknowledge)).await
        {
            acknowledge(false);
        }
    }
}

/// Starts the thread on a prepared store. It ends with its door.
pub(crate) fn open(data_dir: &Path, batch_max: usize) -> anyhow::Result<BareDoor> {
    let connection = Connection::open(data_dir.join("parley.sqlite"))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 4_096)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -16 * 1024)?;
    let (queue, mut waiting) = mpsc::channel(LEDGER_QUEUE_MAX);
    std::thread::Builder::new()
        .name("bare-writer".to_owned())
        .spawn(move || {
            let mut known = Known::default();
            let mut batch: Vec<Waiting> = Vec::with_capacity(batch_max);
            while let Some(first) = waiting.blocking_recv() {
                batch.push(first);
                while batch.len() < batch_max
                    && let Ok(next) = waiting.try_recv()
                {
                    batch.push(next);
                }
                let stored = write(&connection, &batch, &mut known).is_ok();
                for (_, acknowledge) in batch.drain(..) {
                    acknowledge(stored);
                }
            }
        })?;
    Ok(BareDoor(queue))
}

fn write(connection: &Connection, batch: &[Waiting], known: &mut Known) -> anyhow::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    let mut insert_person = connection.prepare_cached(INSERT_PERSON)?;
    let mut insert_message = connection.prepare_cached(INSERT_MESSAGE)?;
    let mut insert_entry = connection.prepare_cached(INSERT_ENTRY)?;
    let mut set_progress = connection.prepare_cached(SET_PROGRESS)?;
    let at_ms = now_ms();
    let mut touched = HashMap::new();
    for (draft, _) in batch {
        if known.authors.insert(draft.author) {
            insert_person.execute(params![draft.author.as_bytes(), at_ms.cast_signed()])?;
        }
        let progress = known.progress.entry(draft.conversation);
        let (last, before) = progress.or_insert((0, EMPTY_HEAD));
        *last += 1;
        let seq = last.cast_signed();
        let json = serde_json::to_string(&draft.body)?;
        let mut salt = Hex([0; SALT_BYTES]);
        getrandom::fill(&mut salt.0)?;
        let digest = chain::digest(Some(&salt), &json);
        let entry = chain::Entry {
            seq: Seq(*last),
            kind: EntryKind::Sent as u8,
            message: &draft.id,
            author: &draft.author,
            at_ms,
            content: &digest,
        };
        *before = chain::head(before, &entry);
        let (conversation, author) = (draft.conversation.as_bytes(), draft.author.as_bytes());
        let (id, at_ms) = (draft.id.as_bytes(), at_ms.cast_signed());
        insert_message.execute(params![conversation, seq, id, author, at_ms, salt.0, json])?;
        let kind = EntryKind::Sent as u8;
        insert_entry.execute(params![
            conversation,
            seq,
            kind,
            author,
            at_ms,
            digest,
            *before
        ])?;
        touched.insert(draft.conversation, (seq, *before));
    }
    known.stamp += 1;
    let stamp = known.stamp;
    for (conversation, (last, head)) in touched {
        set_progress.execute(params![last, head, stamp, conversation.as_bytes()])?;
    }
    connection.execute(SET_STAMP, params![stamp])?;
    Ok(transaction.commit()?)
}
