//! Copies of everything that is kept, in one file. It does not know who wants one, nor what is in it.
//!
//! A copy is of one moment: it is read in one transaction, beside a server that goes on writing. The lock of the
//! data directory is not asked for it, because it keeps writers apart, and a copy writes nothing there.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use parley_shared::ids::Stamp;
use parley_shared::limits::STAMPS_OF_ONE_LIFE;

use super::sqlite::Connection;
use super::{FILE, Result, StoreError, lock, migrations, stamps};

/// A copy that was made beside its place. It disappears unless it is put there.
#[derive(Debug)]
pub struct Copy {
    path: PathBuf,
    place: PathBuf,
}

/// A data directory into which something is brought back: no server can begin there meanwhile.
#[derive(Debug)]
pub struct Empty {
    place: PathBuf,
    _lock: File,
}

impl Empty {
    /// Makes the directory where it is not there.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when a server uses it, and an error of the files when it has data.
    pub fn hold(data_dir: &Path) -> Result<Self> {
        fs::create_dir_all(data_dir)?;
        let lock = lock(data_dir)?;
        let place = data_dir.join(FILE);
        if place.exists() {
            return Err(StoreError::Files(ErrorKind::AlreadyExists.into()));
        }
        Ok(Self { place, _lock: lock })
    }

    /// Where its database comes to lie.
    pub fn place(&self) -> &Path {
        &self.place
    }
}

impl Copy {
    /// Copies a database, for a place where nothing is yet. Only its owner may read the copy: it has everything in it.
    ///
    /// # Errors
    /// When the database cannot be read or the copy not be written.
    pub fn of(database: &Path, place: &Path) -> Result<Self> {
        let mut source = Connection::open_reader(database)?;
        let copy = Self {
            path: beside(place, ".partial"),
            place: place.to_owned(),
        };
        // What is left of one that was interrupted.
        copy.remove();
        let mut options = OpenOptions::new();
        options.create_new(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        drop(options.open(&copy.path)?);
        source.copy_to(&copy.path)?;
        Ok(copy)
    }

    /// Where it lies until it is put in its place.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Brings it up to this version's schema, and has it live another life: whatever happens from now on is numbered
    /// beyond everything that may have happened after the copy was made. Who was told of that asks for what changed
    /// since, and must not be answered from another history.
    ///
    /// # Errors
    /// When it is of a newer version, and those of the database.
    pub fn wake(&self) -> Result<()> {
        let mut connection = Connection::open_writer(&self.path)?;
        migrations::apply(&mut connection)?;
        connection.begin()?;
        let newest = stamps::newest(&mut connection)?;
        let life = newest.0 / STAMPS_OF_ONE_LIFE + 1;
        let begins = Stamp(life * STAMPS_OF_ONE_LIFE);
        stamps::set_newest(&mut connection, begins)?;
        stamps::set_untold(&mut connection, begins)?;
        connection.commit()?;
        connection.close()
    }

    /// Puts it in its place, where it is on disk when this returns.
    ///
    /// # Errors
    /// An error of the files when something is there by now, and whatever else they say.
    pub fn put_in_place(self) -> Result<()> {
        if self.place.exists() {
            return Err(StoreError::Files(ErrorKind::AlreadyExists.into()));
        }
        let written = OpenOptions::new().write(true).open(&self.path)?;
        written.sync_all()?;
        fs::rename(&self.path, &self.place)?;
        // The directory entry must be on disk as well before the copy counts as made.
        let folder = self.place.parent();
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
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

impl Drop for Copy {
    fn drop(&mut self) {
        self.remove();
    }
}

/// What is wrong with a database itself, in words: its pages, its indexes, and what refers to what is not there.
///
/// # Errors
/// When it is no database.
pub fn faults(database: &Path) -> Result<Vec<String>> {
    Connection::open_reader(database)?.faults()
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
