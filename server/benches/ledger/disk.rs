//! How long the disk takes to make a small append durable. It knows no database.

use std::fs::File;
use std::io::Write as _;
use std::time::Instant;

use crate::figures::{Latencies, scratch};

const SYNCS: usize = 300;
const APPEND_BYTES: usize = 4 * 1024;

/// Appends and syncs, again and again.
pub(crate) fn sync_often(latencies: &mut Latencies) -> std::io::Result<()> {
    let dir = scratch()?;
    let mut file = File::create(dir.path().join("appended"))?;
    for _ in 0..SYNCS {
        file.write_all(&[7; APPEND_BYTES])?;
        let start = Instant::now();
        file.sync_data()?;
        latencies.record(start.elapsed());
    }
    Ok(())
}
