//! What is kept. The store answers questions and makes changes; it knows no events, no rules and no network.
//!
//! There are two ways in. [`Store`] reads, from any task, over a few read-only connections that see
//! what is committed. [`Writer`] changes; there is one, and the ledger has it, so nothing else can
//! write a conversation. Both run SQL through the small seam of [`sql`], whose only driver today is
//! [`sqlite`]: the statements keep to the dialect that PostgreSQL speaks as well:
//!
//! - placeholders `$1 … $n`, each number once with its value;
//! - 64-bit integers, text and bytes; times are `*_ms` integers that the program sets;
//! - `ON CONFLICT … DO NOTHING`, `RETURNING`: yes; vendor functions and implicit types: no.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub mod sql;
pub mod sqlite;

pub mod absence;
pub mod accounts;
pub mod callers;
pub mod contacts;
pub mod conversations;
pub mod copies;
pub mod departures;
pub mod entries;
pub mod group_invitations;
pub mod groups;
pub mod invitations;
pub mod kept;
pub mod members;
pub mod mentions;
pub mod messages;
pub mod pairs;
pub mod people;
pub mod pictures;
pub mod read_marks;
pub mod receipts;
pub mod relations;
pub mod second_factor;
pub mod secrets;
pub mod sessions;
pub mod settings;
pub mod stamps;
pub mod tokens;
pub mod versions;

mod migrations;
mod readers;

use readers::Readers;
use sqlite::Connection;

/// The database, in the data directory.
pub const FILE: &str = "parley.sqlite";

/// Read-only connections: enough to keep the disk busy, few enough to share its cache.
const READERS: usize = 4;

/// What can go wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed.
    #[error("the database failed: {0}")]
    Database(#[from] sqlite::DatabaseError),
    /// A statement's placeholders and its values do not fit together: a mistake of ours.
    #[error("placeholders and values do not fit: {0}")]
    Statement(String),
    /// A row does not hold what it should.
    #[error("the database holds something unreadable: {0}")]
    Unreadable(String),
    /// The files around the database cannot be used.
    #[error("the data directory cannot be used: {0}")]
    Files(#[from] std::io::Error),
    /// Another server has the data directory open.
    #[error("another server is using this data directory")]
    Locked,
    /// The data was written by a newer version of this program.
    #[error("the data was written by a newer version (schema {found}, this version knows {known})")]
    TooNew {
        /// The schema's version in the data.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The data was written by another version of this program, and is only to be read.
    #[error(
        "the data is of schema {found}, and this version knows {known}; start this version's server on it once, or use the program that wrote it"
    )]
    OtherVersion {
        /// The schema's version in the data.
        found: u64,
        /// The version that this program knows.
        known: u64,
    },
    /// The operating system has no randomness for an id.
    #[error("nothing can be minted: {0}")]
    Minting(std::io::Error),
    /// A reader ended while it was asked: the program is stopping.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// Whether the disk failed or is full: then nothing can be written, whatever it is.
    pub fn is_of_the_disk(&self) -> bool {
        match self {
            Self::Database(error) => sqlite::is_of_the_disk(error),
            Self::Files(_) => true,
            _ => false,
        }
    }
}

/// The result of a question to the store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// The reading side. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    readers: Readers,
    /// Held as long as anything is open: a second server on the same directory would break the order.
    _lock: Arc<File>,
}

/// The writing side. There is one.
#[derive(Debug)]
pub struct Writer {
    connection: Connection,
    _lock: Arc<File>,
}

impl Store {
    /// Opens the store in a directory, making and upgrading what is needed.
    ///
    /// # Errors
    /// When the directory cannot be used, is in use, or holds data of a newer version.
    pub fn open(data_dir: &Path) -> Result<(Self, Writer)> {
        std::fs::create_dir_all(data_dir)?;
        let lock = Arc::new(lock(data_dir)?);
        let path: PathBuf = data_dir.join(FILE);
        let mut connection = Connection::open_writer(&path)?;
        migrations::apply(&mut connection)?;
        // The directory entry of a new file must be on disk as well before anything is promised.
        File::open(data_dir)?.sync_all()?;
        let store = Self {
            readers: Readers::open(&path, READERS)?,
            _lock: Arc::clone(&lock),
        };
        let writer = Writer {
            connection,
            _lock: lock,
        };
        Ok((store, writer))
    }

    /// Asks a question on one of the readers, in one snapshot.
    ///
    /// # Errors
    /// Those of the question.
    pub async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.readers.read(question).await
    }
}

impl Writer {
    /// Makes a change, whole or not at all. When it returns `Ok`, the change is on disk.
    ///
    /// # Errors
    /// Those of the change, after which nothing of it is there.
    pub fn transaction<T>(
        &mut self,
        change: impl FnOnce(&mut Connection) -> Result<T>,
    ) -> Result<T> {
        #[cfg(feature = "planted-bugs")]
        if self.connection.is_in_transaction() {
            self.connection.commit()?;
        }
        self.connection.begin()?;
        match change(&mut self.connection) {
            #[cfg(feature = "planted-bugs")]
            Ok(done) if crate::planted::may_promise_early() => Ok(done),
            Ok(done) => match self.connection.commit() {
                Ok(()) => Ok(done),
                Err(error) => {
                    self.connection.roll_back();
                    Err(error)
                }
            },
            Err(error) => {
                self.connection.roll_back();
                Err(error)
            }
        }
    }
}

fn lock(data_dir: &Path) -> Result<File> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(data_dir.join("parley.lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::Locked),
        Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
    }
}
