//! Copies of everything that is kept, in one file: making them, looking whether they are whole, bringing them back.
//! It does not know who wants one.
//!
//! A copy is of one moment: it is read in one transaction, beside a server that goes on writing. The lock of the
//! data directory is not asked for it, because it keeps writers apart, and a copy writes nothing there.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use parley_shared::chain::{self, EMPTY_HEAD, Hash};
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::limits::STAMPS_OF_ONE_LIFE;

use super::sqlite::Connection;
use super::{DATABASE, Result, StoreError, conversations, lock, migrations};

/// Entries of a conversation that are looked at in one go.
const ENTRIES: u64 = 1_000;

/// What is in a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// The version of its schema.
    pub schema: u64,
    /// How many people it knows.
    pub people: u64,
    /// How many conversations there are.
    pub conversations: u64,
    /// How many messages.
    pub messages: u64,
    /// How many entries of their history, each of which was looked at.
    pub entries: u64,
    /// What is wrong with it, in words; nothing when it is whole.
    pub faults: Vec<String>,
}

/// Copies everything that lies in a data directory into a file that is not there yet, and looks whether it is whole.
/// A file that is not is not left behind under that name.
///
/// # Errors
/// When there is no data or the file is there already, and those of the database and of the files.
pub fn copy(data_dir: &Path, to: &Path) -> Result<Contents> {
    let mut source = Connection::open_reader(&data_dir.join(DATABASE))?;
    if to.exists() {
        return Err(StoreError::Files(ErrorKind::AlreadyExists.into()));
    }
    let partial = Partial::of(to)?;
    source.copy_to(&partial.path)?;
    let contents = examine(&partial.path)?;
    if contents.faults.is_empty() {
        partial.put_in_place(to)?;
    }
    Ok(contents)
}

/// Looks whether a copy is whole: the database's own structure, what refers to what, and the chain of every conversation.
///
/// # Errors
/// When it is no database, or one of a newer version, and those of the database.
pub fn examine(copy: &Path) -> Result<Contents> {
    let mut connection = Connection::open_reader(copy)?;
    let schema = migrations::version(&mut connection)?;
    let mut contents = Contents {
        schema,
        people: count(&mut connection, "SELECT COUNT(*) FROM people")?,
        conversations: count(&mut connection, "SELECT COUNT(*) FROM conversations")?,
        messages: count(&mut connection, "SELECT COUNT(*) FROM messages")?,
        entries: 0,
        faults: connection.faults()?,
    };
    let mut place = None;
    while let Some(id) = conversations::next(&mut connection, place)? {
        place = Some(id);
        contents.entries += follow(&mut connection, id, &mut contents.faults)?;
    }
    Ok(contents)
}

/// Brings a copy into a data directory that has no data, brought up to this version's schema. A copy that is not
/// whole is not brought back.
///
/// # Errors
/// [`StoreError::Locked`] when a server uses the directory, an error of the files when it has data, and those of the
/// database.
pub fn bring_back(copy: &Path, data_dir: &Path) -> Result<Contents> {
    fs::create_dir_all(data_dir)?;
    let _lock = lock(data_dir)?;
    let place = data_dir.join(DATABASE);
    if place.exists() {
        return Err(StoreError::Files(ErrorKind::AlreadyExists.into()));
    }
    let partial = Partial::of(&place)?;
    Connection::open_reader(copy)?.copy_to(&partial.path)?;
    let contents = examine(&partial.path)?;
    if contents.faults.is_empty() {
        let mut connection = Connection::open_writer(&partial.path)?;
        migrations::apply(&mut connection)?;
        begin_another_life(&mut connection)?;
        connection.close()?;
        partial.put_in_place(&place)?;
    }
    Ok(contents)
}

/// Whatever happens from now on is numbered beyond everything that may have happened after the copy was made: who was
/// told of that asks for what changed since, and must not be answered from another history.
fn begin_another_life(connection: &mut Connection) -> Result<()> {
    connection.begin()?;
    connection.execute(
        "UPDATE stamps SET newest = (newest / $1 + 1) * $2",
        &[STAMPS_OF_ONE_LIFE.into(), STAMPS_OF_ONE_LIFE.into()],
    )?;
    connection.commit()
}

/// A copy that is being made. It disappears unless it is put in its place.
struct Partial {
    path: PathBuf,
}

impl Partial {
    /// An empty file beside that place, and nothing of one that was begun there and left.
    fn of(place: &Path) -> Result<Self> {
        let path = beside(place, ".partial");
        let partial = Self { path };
        partial.remove();
        // It will have everything in it: nobody else may read it.
        let mut options = OpenOptions::new();
        options.create_new(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        drop(options.open(&partial.path)?);
        Ok(partial)
    }

    /// Puts it in its place, where it is on disk when this returns.
    fn put_in_place(self, place: &Path) -> Result<()> {
        OpenOptions::new()
            .write(true)
            .open(&self.path)?
            .sync_all()?;
        fs::rename(&self.path, place)?;
        // The directory entry must be on disk as well before the copy counts as made.
        let folder = place
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(())
    }

    fn remove(&self) {
        // With what a database has beside it while it is changed, which would be taken for part of another.
        for ending in ["", "-journal", "-wal", "-shm"] {
            let file = beside(&self.path, ending);
            if let Err(error) = fs::remove_file(&file)
                && error.kind() != ErrorKind::NotFound
            {
                tracing::warn!(%error, file = %file.display(), "a copy could not be removed");
            }
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        self.remove();
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn count(connection: &mut Connection, sql: &'static str) -> Result<u64> {
    let counted = connection.query_one(sql, &[], |row| row.number(0))?;
    Ok(counted.unwrap_or(0))
}

/// Follows the chain of a conversation from its first entry to its head, and says how many entries there are.
fn follow(
    connection: &mut Connection,
    id: ConversationId,
    faults: &mut Vec<String>,
) -> Result<u64> {
    let Some(progress) = conversations::progress_of(connection, id)? else {
        return Ok(0);
    };
    let mut at = Link {
        seq: Seq::ZERO,
        head: EMPTY_HEAD,
    };
    loop {
        let links = links(connection, id, at)?;
        if links.is_empty() {
            break;
        }
        for kept in links {
            let expected = at.seq.next();
            at = kept.after(at);
            if kept.at.seq != expected || kept.at.head != at.head {
                faults.push(format!(
                    "conversation {id}: entry {expected} does not follow from the one before"
                ));
                return Ok(expected.0);
            }
        }
    }
    if (at.seq, at.head) != (progress.last, progress.head) {
        faults.push(format!(
            "conversation {id}: it ends with entry {}, and should with {}",
            at.seq, progress.last
        ));
    }
    Ok(at.seq.0)
}

/// A place in the chain.
#[derive(Debug, Clone, Copy)]
struct Link {
    seq: Seq,
    head: Hash,
}

/// An entry as it is kept.
struct Kept {
    at: Link,
    kind: u8,
    message: MessageId,
    author: UserId,
    at_ms: u64,
    digest: Hash,
}

impl Kept {
    /// Where the chain stands after this entry, as its content has it.
    fn after(&self, before: Link) -> Link {
        let entry = chain::Entry {
            seq: self.at.seq,
            kind: self.kind,
            message: &self.message,
            author: &self.author,
            at_ms: self.at_ms,
            content: &self.digest,
        };
        Link {
            seq: self.at.seq,
            head: chain::head(&before.head, &entry),
        }
    }
}

fn links(connection: &mut Connection, id: ConversationId, after: Link) -> Result<Vec<Kept>> {
    connection.query(
        "SELECT e.seq, e.head, e.kind, m.id, e.author_id, e.at_ms, e.digest
         FROM entries e JOIN messages m ON m.conversation_id = e.conversation_id AND m.seq = e.message_seq
         WHERE e.conversation_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3",
        &[id.as_bytes().into(), after.seq.0.into(), ENTRIES.into()],
        |row| {
            let kind = row.number(2)?;
            Ok(Kept {
                at: Link {
                    seq: Seq(row.number(0)?),
                    head: row.bytes(1)?,
                },
                kind: u8::try_from(kind)
                    .map_err(|_| StoreError::Unreadable(format!("an entry of kind {kind}")))?,
                message: MessageId::from_bytes(row.bytes(3)?),
                author: UserId::from_bytes(row.bytes(4)?),
                at_ms: row.number(5)?,
                digest: row.bytes(6)?,
            })
        },
    )
}
