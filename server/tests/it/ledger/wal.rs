//! Counts commits in SQLite's write-ahead log, from its published file format. It does not know what was committed.

use std::path::Path;

const HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;

/// How many commits the log holds. Only meaningful before its first checkpoint.
///
/// <https://www.sqlite.org/fileformat2.html#walformat>: a frame whose second word is not zero ends a commit.
pub(super) fn commits(data_dir: &Path) -> usize {
    let log = std::fs::read(data_dir.join("parley.sqlite-wal")).expect("the log is there");
    let word = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().expect("four bytes"));
    let page_bytes = word(8) as usize;
    (HEADER_BYTES..log.len())
        .step_by(FRAME_HEADER_BYTES + page_bytes)
        .filter(|frame| word(frame + 4) != 0)
        .count()
}
