//! Says whether a store still holds what was written into it. It knows no network, and changes nothing.
//!
//! Every entry is computed anew from what is kept (see [`parley_shared::chain`]), and everything that is kept
//! is held against its entry. It reads one moment of the database, whether a server runs on it or not.

use std::fmt;
use std::path::Path;

use parley_shared::ids::{ConversationId, MessageId, Seq};

use crate::store::kept::{self, Counts, Stray, StrayKind};
use crate::store::{Result, sqlite};

pub use crate::store::FILE;

mod walk;

use walk::Walk;

/// Entries after which it says how far it is.
const TOLD_EVERY: u64 = 100_000;

/// Rows that hang on nothing and are named, of each kind.
const STRAYS_NAMED: u64 = 1_000;

/// What was found.
#[derive(Debug, Default)]
pub struct Report {
    /// How many conversations were gone through.
    pub conversations: usize,
    /// How much was held against the chain.
    pub counts: Counts,
    /// How many contents are erased, so that only their digests are there.
    pub erased: u64,
    /// The first thing that is wrong in each conversation in which something is.
    pub broken: Vec<Broken>,
}

/// Something that is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// In which conversation.
    pub conversation: ConversationId,
    /// At which entry.
    pub seq: Seq,
    /// Which message it is about, where there is one.
    pub message: Option<MessageId>,
    /// What is wrong.
    pub what: &'static str,
}

/// Goes through the database of a file. `told` hears how many entries of how many are done.
///
/// # Errors
/// When it cannot be read, or is of another version.
pub fn verify(path: &Path, mut told: impl FnMut(u64, u64)) -> Result<Report> {
    let mut connection = kept::open(path)?;
    let mut report = Report::default();
    let there = kept::counts(&mut connection)?;
    for conversation in kept::conversations(&mut connection)? {
        let mut walk = Walk::default();
        let done = report.counts.entries;
        kept::each_entry(&mut connection, conversation.id, |seq, entry| {
            walk.step(seq, entry);
            let done = done + walk.counts.entries;
            if done.is_multiple_of(TOLD_EVERY) {
                told(done, there.entries);
            }
        })?;
        report.conversations += 1;
        report.broken.extend(walk.end(&conversation));
        report.erased += walk.erased;
        report.counts.entries += walk.counts.entries;
        report.counts.messages += walk.counts.messages;
        report.counts.versions += walk.counts.versions;
    }
    told(report.counts.entries, there.entries);
    // What hangs on an entry was counted with it.
    if report.counts != there {
        add_strays(&mut connection, &mut report)?;
    }
    Ok(report)
}

fn add_strays(connection: &mut sqlite::Connection, report: &mut Report) -> Result<()> {
    for stray in kept::strays(connection, STRAYS_NAMED)? {
        let Stray {
            conversation, seq, ..
        } = stray;
        let is_named = |broken: &Broken| broken.conversation == conversation && broken.seq <= seq;
        if report.broken.iter().any(is_named) {
            continue;
        }
        report
            .broken
            .retain(|broken| broken.conversation != conversation);
        report.broken.push(Broken {
            conversation,
            seq,
            message: None,
            what: match stray.what {
                StrayKind::Entry => "an entry of a conversation that is not there",
                StrayKind::Message => "a message that no entry wrote",
                StrayKind::Version => "an earlier version that no entry made",
            },
        });
    }
    Ok(())
}

impl Report {
    /// Whether everything is what was written.
    pub fn is_good(&self) -> bool {
        self.broken.is_empty()
    }
}

impl fmt::Display for Report {
    /// What is to be printed: a line for each conversation in which something is wrong, and one for the whole.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for broken in &self.broken {
            let (conversation, seq) = (broken.conversation, broken.seq);
            write!(f, "conversation {conversation}, entry {seq}")?;
            if let Some(message) = broken.message {
                write!(f, " (message {message})")?;
            }
            writeln!(f, ": {}", broken.what)?;
        }
        let Counts {
            entries,
            messages,
            versions,
        } = self.counts;
        let (conversations, erased) = (self.conversations, self.erased);
        let verdict = if self.is_good() { "good" } else { "broken" };
        writeln!(
            f,
            "{verdict}: {entries} entries, {messages} messages and {versions} versions in {conversations} conversations; \
             {erased} erased contents could not be compared"
        )
    }
}
