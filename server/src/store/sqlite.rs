//! The driver for SQLite, and the only file that names it. It knows no table.
//!
//! The journal is a write-ahead log and every commit waits for the disk (`synchronous = FULL`): an
//! acknowledged message survives the loss of power. Memory-mapping stays off, since a fault in the
//! mapping would crash the server instead of failing one statement. What is erased is overwritten
//! (`secure_delete`): a deleted message is not to be found in the free parts of the file.

use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{OpenFlags, ToSql};

use super::sql::Value;
use super::{Result, StoreError};

/// What the driver says when the database fails.
pub type DatabaseError = rusqlite::Error;

/// Statements that are kept prepared on each connection.
const PREPARED_STATEMENTS: usize = 64;
/// Pages of the write-ahead log after which a commit moves them into the database file: 16 MiB.
const CHECKPOINT_PAGES: i64 = 4_096;
/// Bytes of the log that are written again at once.
const LOG_PIECE_BYTES: usize = 1024 * 1024;
/// Memory for cached pages of one connection, in KiB.
const CACHE_KIB: i64 = 16 * 1024;

/// One connection to the database.
#[derive(Debug)]
pub struct Connection {
    connection: rusqlite::Connection,
}

/// A row of an answer. Columns count from zero.
#[derive(Debug)]
pub struct Row<'a> {
    row: &'a rusqlite::Row<'a>,
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
        Self::prepare(connection)
    }

    /// Opens the database to read what is committed.
    ///
    /// # Errors
    /// When the file is not there or no database.
    pub fn open_reader(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::prepare(rusqlite::Connection::open_with_flags(path, flags)?)
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
        Self::prepare(rusqlite::Connection::open_with_flags(address, flags)?)
    }

    fn prepare(connection: rusqlite::Connection) -> Result<Self> {
        connection.pragma_update(None, "mmap_size", 0)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
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

    /// Ends a transaction; what it wrote is on disk afterwards.
    ///
    /// # Errors
    /// Those of the database, after which it must be rolled back.
    pub fn commit(&mut self) -> Result<()> {
        self.execute("COMMIT", &[]).map(drop)
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

impl Row<'_> {
    /// An integer that cannot be negative.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn number(&self, column: usize) -> Result<u64> {
        let number: i64 = self.row.get(column)?;
        u64::try_from(number)
            .map_err(|_| StoreError::Unreadable(format!("{number} where a count was expected")))
    }

    /// An integer that cannot be negative, or nothing.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn optional_number(&self, column: usize) -> Result<Option<u64>> {
        let number: Option<i64> = self.row.get(column)?;
        number
            .map(|number| {
                u64::try_from(number).map_err(|_| {
                    StoreError::Unreadable(format!("{number} where a count was expected"))
                })
            })
            .transpose()
    }

    /// Text.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn text(&self, column: usize) -> Result<String> {
        Ok(self.row.get(column)?)
    }

    /// Text, or nothing.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn optional_text(&self, column: usize) -> Result<Option<String>> {
        Ok(self.row.get(column)?)
    }

    /// Bytes, as many as there are.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn blob(&self, column: usize) -> Result<Vec<u8>> {
        Ok(self.row.get(column)?)
    }

    /// Exactly `N` bytes.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn bytes<const N: usize>(&self, column: usize) -> Result<[u8; N]> {
        Ok(self.row.get(column)?)
    }

    /// Exactly `N` bytes, or nothing.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn optional_bytes<const N: usize>(&self, column: usize) -> Result<Option<[u8; N]>> {
        Ok(self.row.get(column)?)
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
