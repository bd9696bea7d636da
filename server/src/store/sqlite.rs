//! The driver for SQLite, and the only file that names it. It knows no table.
//!
//! The journal is a write-ahead log and every commit waits for the disk (`synchronous = FULL`): an
//! acknowledged message survives the loss of power. Memory-mapping stays off, since a fault in the
//! mapping would crash the server instead of failing one statement. What is erased is overwritten
//! (`secure_delete`): a deleted message is not to be found in the free parts of the file.

use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{OpenFlags, ToSql};

use super::sql::Value;
use super::{Result, StoreError};

mod row;

pub use row::Row;

/// What the driver says when the database fails.
pub type DatabaseError = rusqlite::Error;

/// Statements that are kept prepared on each connection.
const PREPARED_STATEMENTS: usize = 64;
/// Pages of the write-ahead log after which a commit moves them into the database file: 16 MiB.
const CHECKPOINT_PAGES: i64 = 4_096;
/// Bytes of the log that are written again at once.
const LOG_PIECE_BYTES: usize = 1024 * 1024;
/// Memory for cached pages of the connection that writes, in KiB.
const WRITER_CACHE_KIB: i64 = 16 * 1024;
/// The same of one that reads. What it has cached is void after the next commit, and the operating system has
/// the pages as well: room beyond what one question needs is memory that nobody gets back.
const READER_CACHE_KIB: i64 = 256;

/// Pages that are copied in one go: 4 MiB.
const COPIED_PAGES: i32 = 1_024;

/// One connection to the database.
#[derive(Debug)]
pub struct Connection {
    connection: rusqlite::Connection,
}

impl Connection {
    /// Opens the database to write, making it if it is not there.
    ///
    /// # Errors
    /// When the file is no database or cannot be written.
    pub fn open_writer(path: &Path) -> Result<Self> {
        renew_log(path)?;
        let connection = rusqlite::Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", synchronous())?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        connection.pragma_update(None, "secure_delete", true)?;
        Self::prepare(connection, WRITER_CACHE_KIB)
    }

    /// Opens the database to read what is committed.
    ///
    /// # Errors
    /// When the file is not there or no database.
    pub fn open_reader(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = rusqlite::Connection::open_with_flags(path, flags)?;
        Self::prepare(connection, READER_CACHE_KIB)
    }

    /// Opens a database to read that nobody writes, wherever it lies: nothing is made beside it.
    ///
    /// # Errors
    /// When the file is not there or no database.
    pub fn open_still(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let address: String = path.as_os_str().as_encoded_bytes().iter().fold(
            String::from("file:"),
            |mut address, byte| {
                // Every other byte is written as a number: it may mean something in an address.
                match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                        address.push(char::from(*byte));
                    }
                    other => address.push_str(&format!("%{other:02X}")),
                }
                address
            },
        );
        let address = address + "?immutable=1";
        let connection = rusqlite::Connection::open_with_flags(address, flags)?;
        Self::prepare(connection, WRITER_CACHE_KIB)
    }

    fn prepare(connection: rusqlite::Connection, cache_kib: i64) -> Result<Self> {
        connection.pragma_update(None, "mmap_size", 0)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        connection.pragma_update(None, "cache_size", -cache_kib)?;
        connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
        Ok(Self { connection })
    }

    /// Runs a statement and says how many rows it changed.
    ///
    /// # Errors
    /// Those of the database.
    pub fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<usize> {
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        Ok(statement.raw_execute()?)
    }

    /// Runs a statement and reads each row of its answer.
    ///
    /// # Errors
    /// Those of the database and of `read`.
    pub fn query<T>(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        let mut rows = statement.raw_query();
        let mut answer = Vec::new();
        while let Some(row) = rows.next()? {
            answer.push(read(&Row { row })?);
        }
        Ok(answer)
    }

    /// Runs a statement and looks at each row of its answer, of which nothing is kept.
    ///
    /// # Errors
    /// Those of the database and of `look`.
    pub fn each(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
        mut look: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            look(&Row { row })?;
        }
        Ok(())
    }

    /// Runs a statement whose answer has at most one row.
    ///
    /// # Errors
    /// Those of the database and of `read`.
    pub fn query_one<T>(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.query(sql, values, read)?.pop())
    }

    /// Runs several statements without values: a migration.
    ///
    /// # Errors
    /// Those of the database.
    pub fn execute_script(&mut self, sql: &str) -> Result<()> {
        Ok(self.connection.execute_batch(sql)?)
    }

    /// Starts a transaction that means to write.
    ///
    /// # Errors
    /// Those of the database.
    pub fn begin(&mut self) -> Result<()> {
        self.execute("BEGIN IMMEDIATE", &[]).map(drop)
    }

    /// Starts a transaction that only reads: everything in it sees the same moment.
    ///
    /// # Errors
    /// Those of the database.
    pub fn begin_snapshot(&mut self) -> Result<()> {
        self.execute("BEGIN", &[]).map(drop)
    }

    /// Sees from here on what is committed by now, in a transaction that only reads.
    ///
    /// # Errors
    /// Those of the database.
    pub fn renew_snapshot(&mut self) -> Result<()> {
        self.roll_back();
        self.begin_snapshot()
    }

    /// Ends a transaction; what it wrote is on disk afterwards.
    ///
    /// # Errors
    /// Those of the database, after which it must be rolled back.
    pub fn commit(&mut self) -> Result<()> {
        self.execute("COMMIT", &[]).map(drop)
    }

    /// Copies all that is committed into an empty file, as it stands at this moment, whatever is written meanwhile.
    /// Nobody who writes waits for it: the log only grows until it is done, for what is read is not moved out of it.
    ///
    /// # Errors
    /// Those of either database.
    pub fn copy_to(&mut self, path: &Path) -> Result<()> {
        let mut copy = rusqlite::Connection::open(path)?;
        // Nobody needs what is left of it if the machine stops; whoever does syncs it in the end.
        copy.pragma_update(None, "synchronous", "OFF")?;
        // The moment is that of the first question. Outside of a transaction each go would see another
        // one, and a copy of which something changed begins anew.
        self.begin_snapshot()?;
        self.query("SELECT COUNT(*) FROM sqlite_schema", &[], |_| Ok(()))?;
        let backup = Backup::new(&self.connection, &mut copy)?;
        let copied = backup.run_to_completion(COPIED_PAGES, Duration::ZERO, None);
        drop(backup);
        self.roll_back();
        copied?;
        // It says of itself that it has a log. What is to be one file has none.
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        copy.close().map_err(|(_, error)| error.into())
    }

    /// What is wrong with the database itself, in words: its pages, its indexes, and rows that refer to rows which are
    /// not there. Reads all of it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn faults(&mut self) -> Result<Vec<String>> {
        let mut faults = self.query("PRAGMA integrity_check", &[], |row| row.text(0))?;
        faults.retain(|said| said != "ok");
        let dangling = self.query("PRAGMA foreign_key_check", &[], |row| {
            let (from, to) = (row.text(0)?, row.text(2)?);
            Ok(format!(
                "a row of {from} refers to one of {to} that is not there"
            ))
        })?;
        faults.extend(dangling);
        Ok(faults)
    }

    /// Closes it, and says when that fails.
    ///
    /// # Errors
    /// Those of the database.
    pub fn close(self) -> Result<()> {
        self.connection.close().map_err(|(_, error)| error.into())
    }

    /// Whether a transaction was begun and has not ended.
    #[cfg(feature = "planted-bugs")]
    pub fn is_in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// Takes a transaction back.
    pub fn roll_back(&mut self) {
        // The database rolls back by itself after some errors, and then there is nothing left to do.
        if !self.connection.is_autocommit()
            && let Err(error) = self.execute("ROLLBACK", &[])
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
            Value::Null => ValueRef::Null,
        }))
    }
}

/// Writes the log that an earlier run left behind once more, and brings it to the disk.
///
/// That it can be read proves nothing: the operating system may have it in memory alone, when the run was
/// killed before it had synced, or when a sync failed, after which another one succeeds without writing. What is
/// found in the log counts as committed, and whoever sends such a message again is told that it is kept.
fn renew_log(database: &Path) -> Result<()> {
    #[cfg(feature = "planted-bugs")]
    if crate::planted::is(crate::planted::Bug::TrustedLog) {
        return Ok(());
    }
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    let mut log = match File::options().read(true).write(true).open(name) {
        Ok(log) => log,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let mut place = 0;
    let mut piece = vec![0; LOG_PIECE_BYTES];
    loop {
        log.seek(std::io::SeekFrom::Start(place))?;
        let read = log.read(&mut piece)?;
        if read == 0 {
            break;
        }
        log.seek(std::io::SeekFrom::Start(place))?;
        log.write_all(&piece[..read])?;
        place += read as u64;
    }
    Ok(log.sync_all()?)
}

/// How far a commit is brought to the disk before it returns.
fn synchronous() -> &'static str {
    #[cfg(feature = "planted-bugs")]
    return crate::planted::synchronous();
    #[cfg(not(feature = "planted-bugs"))]
    "FULL"
}

/// Whether the disk failed or is full, so that another statement would fare no better.
pub fn is_of_the_disk(error: &DatabaseError) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, DiskFull, SystemIoFailure};
    matches!(
        error.sqlite_error_code(),
        Some(DiskFull | SystemIoFailure | CannotOpen)
    )
}

/// Binds each value to the placeholder of its number.
///
/// SQLite takes `$2` for a name, and numbers names by their first appearance: binding by position
/// would swap the values of `SELECT $2, $1` in silence.
fn bind(statement: &mut rusqlite::Statement<'_>, values: &[Value<'_>]) -> Result<()> {
    let placeholders = statement.parameter_count();
    for index in 1..=placeholders {
        let number = statement.parameter_name(index).and_then(number_of);
        let value = number
            .and_then(|number| values.get(number.checked_sub(1)?))
            .ok_or_else(|| StoreError::Statement(statement.expanded_sql().unwrap_or_default()))?;
        statement.raw_bind_parameter(index, value)?;
    }
    if values.len() != placeholders {
        return Err(StoreError::Statement(
            statement.expanded_sql().unwrap_or_default(),
        ));
    }
    Ok(())
}

/// The number of a placeholder that is written `$n`, and of no other.
fn number_of(placeholder: &str) -> Option<usize> {
    let digits = placeholder.strip_prefix('$')?;
    let plain = !digits.starts_with('0') && digits.bytes().all(|digit| digit.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}
