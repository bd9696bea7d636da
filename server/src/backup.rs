//! Backups from the command line: making one beside a server that runs, looking at one, bringing one back. It knows no network.
//!
//! What it gives is what is to be printed. A backup is looked at right after it was made: one that nobody ever read is
//! no backup.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};

use crate::config::{BackupLine, RestoreLine};
use crate::store::copies::{self, Copy, Empty};
use crate::store::{FILE, StoreError};
use crate::verify::{Report, verify};

/// Copies everything into one file.
///
/// # Errors
/// When there is no data, when the file is there already, and when it cannot be written or is not whole.
pub fn back_up(line: &BackupLine) -> anyhow::Result<String> {
    let data_dir = line.place.data_dir()?;
    let to = line.to.display();
    ensure!(
        data_dir.join(FILE).exists(),
        "there is no data in {}; name its directory with --data-dir",
        data_dir.display()
    );
    ensure!(
        !line.to.exists(),
        "{to} is there already, and a backup takes the place of nothing; name another file"
    );
    let copy = Copy::of(&data_dir.join(FILE), &line.to)
        .with_context(|| format!("no backup was made in {to}"))?;
    let report = look(copy.path()).context("what lies in the data directory is not whole")?;
    copy.put_in_place()
        .with_context(|| format!("no backup was made in {to}"))?;
    Ok(format!("{to} is made.\n{report}"))
}

/// Brings back what a backup holds, or only looks at it.
///
/// # Errors
/// When there is no backup or it is not whole, when the directory has data, and when a server uses it.
pub fn restore(line: &RestoreLine) -> anyhow::Result<String> {
    let from = line.from.display();
    ensure!(line.from.exists(), "there is no file {from}");
    if line.check {
        return check(&line.from).with_context(|| format!("{from} is not whole"));
    }
    let data_dir = line.place.data_dir()?;
    let place = data_dir.display();
    ensure!(
        !data_dir.join(FILE).exists(),
        "there is data in {place}, and a backup takes the place of nothing. Name another directory with --data-dir, \
         or put that data away first"
    );
    let empty = match Empty::hold(&data_dir) {
        Ok(empty) => empty,
        Err(StoreError::Locked) => bail!("a server is running on {place}: stop it first"),
        Err(error) => return Err(error.into()),
    };
    let report =
        bring_back(&line.from, &empty).with_context(|| format!("{from} cannot be brought back"))?;
    Ok(format!(
        "{place} holds what {from} held.\n{report}What happened after the backup was made is not there, and whoever was \
         signed out since is signed in again.\n"
    ))
}

fn check(from: &Path) -> anyhow::Result<String> {
    match look(from) {
        Ok(report) => Ok(format!("{} is whole.\n{report}", from.display())),
        Err(error) => match error.downcast_ref() {
            Some(StoreError::OtherVersion { found, known }) if found < known => Ok(format!(
                "{} was written by an older version (schema {found}, this one has {known}). Its structure is as it should \
                 be; what it says is looked at when it is brought back.\n",
                from.display()
            )),
            _ => Err(error),
        },
    }
}

fn bring_back(from: &Path, empty: &Empty) -> anyhow::Result<Report> {
    let copy = Copy::of(from, empty.place())?;
    // Before anything is changed: a step to a newer schema is for what is whole.
    ensure_none(&copies::faults(copy.path())?)?;
    copy.wake()?;
    let report = look(copy.path())?;
    copy.put_in_place()?;
    Ok(report)
}

/// Looks at all of a database of this version: its own structure, and what it holds against the chain.
fn look(database: &Path) -> anyhow::Result<Report> {
    ensure_none(&copies::faults(database)?)?;
    let report = verify(database, |_, _| {})?;
    ensure!(report.is_good(), "it is not what was written:\n{report}");
    Ok(report)
}

fn ensure_none(faults: &[String]) -> anyhow::Result<()> {
    ensure!(
        faults.is_empty(),
        "its structure is broken:\n{}",
        faults.join("\n")
    );
    Ok(())
}
