//! Backups from the command line: making one beside a server that runs, looking at one, bringing one back. It knows no network.
//!
//! What it gives is what is to be printed. A backup is looked at right after it was made: one that nobody ever read is
//! no backup.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};

use crate::config::{BackupLine, RestoreLine};
use crate::store::copies::{self, Contents};
use crate::store::{DATABASE, StoreError};

/// Copies everything into one file.
///
/// # Errors
/// When there is no data, when the file is there already, and when it cannot be written or is not whole.
pub fn back_up(line: &BackupLine) -> anyhow::Result<String> {
    let data_dir = line.place.data_dir()?;
    let to = line.to.display();
    ensure!(
        data_dir.join(DATABASE).exists(),
        "there is no data in {}; name its directory with --data-dir",
        data_dir.display()
    );
    ensure!(
        !line.to.exists(),
        "{to} is there already, and a backup takes the place of nothing; name another file"
    );
    let contents =
        copies::copy(&data_dir, &line.to).with_context(|| format!("no backup was made in {to}"))?;
    ensure_whole(&contents, "what lies in the data directory")?;
    Ok(format!("{to} holds {}.\n", told(&contents)))
}

/// Brings back what a backup holds, or only looks at it.
///
/// # Errors
/// When there is no backup or it is not whole, when the directory has data, and when a server uses it.
pub fn restore(line: &RestoreLine) -> anyhow::Result<String> {
    let from = line.from.display();
    ensure!(line.from.exists(), "there is no file {from}");
    if line.check {
        let contents =
            copies::examine(&line.from).map_err(|error| unreadable(&line.from, error))?;
        ensure_whole(&contents, &from.to_string())?;
        return Ok(format!("{from} is whole. It holds {}.\n", told(&contents)));
    }
    let data_dir = line.place.data_dir()?;
    let place = data_dir.display();
    ensure!(
        !data_dir.join(DATABASE).exists(),
        "there is data in {place}, and a backup takes the place of nothing. Name another directory with --data-dir, \
         or put that data away first"
    );
    let contents = match copies::bring_back(&line.from, &data_dir) {
        Ok(contents) => contents,
        Err(StoreError::Locked) => bail!("a server is running on {place}: stop it first"),
        Err(error) => return Err(unreadable(&line.from, error)),
    };
    ensure_whole(&contents, &from.to_string())?;
    Ok(format!(
        "{place} holds what {from} held: {}.\nWhatever happened after the backup was made is not there, and whoever \
         was signed out since is signed in again.\n",
        told(&contents)
    ))
}

fn unreadable(backup: &Path, error: StoreError) -> anyhow::Error {
    anyhow::Error::new(error).context(format!("{} cannot be brought back", backup.display()))
}

fn ensure_whole(contents: &Contents, what: &str) -> anyhow::Result<()> {
    let faults = contents.faults.join("\n  ");
    ensure!(
        contents.faults.is_empty(),
        "{what} is not whole:\n  {faults}"
    );
    Ok(())
}

fn told(contents: &Contents) -> String {
    let Contents {
        schema,
        people,
        conversations,
        messages,
        entries,
        faults: _,
    } = contents;
    format!(
        "{messages} messages in {conversations} conversations and {people} people (schema {schema}; {entries} entries, \
         each of which follows from the one before)"
    )
}
