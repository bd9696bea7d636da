//! A witness as it is kept between visits, in JSON. It does not know where.

use serde::Serialize;

use super::{Finding, Point, Witness, step};
use crate::chain::{Hex, HexHash};
use crate::ids::Seq;
use crate::json::{self, NotRead, read_fields};
use crate::limits::WITNESS_ENTRIES_KEPT;
use crate::model::LedgerEntry;

/// What was right last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Proven {
    /// The first place that was compared.
    pub(super) from: Seq,
    /// The last entry that was.
    pub(super) through: Seq,
    /// When, in milliseconds since 1970.
    pub(super) at_ms: u64,
}

read_fields!(Proven {
    from,
    through,
    at_ms
});

/// The newest part of the stretch: enough to say what became of it.
#[derive(Debug, Serialize)]
struct Kept {
    /// The entry before those that are kept, and the head after it.
    seq: Seq,
    head: HexHash,
    entries: Vec<LedgerEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proven: Option<Proven>,
    findings: Vec<Finding>,
}

read_fields!(Kept {
    seq,
    head,
    entries,
    proven,
    findings
});

impl Witness {
    /// What is worth keeping of it; `None` when it can prove nothing.
    pub fn to_json(&self) -> Option<String> {
        let (low, entries) = self.newest()?;
        let kept = Kept {
            seq: low.seq,
            head: Hex(low.head?),
            entries,
            proven: self.proven,
            findings: self.findings.clone(),
        };
        serde_json::to_string(&kept).ok()
    }

    /// A witness that goes on from what was kept.
    ///
    /// # Errors
    /// When it is not what [`Witness::to_json`] wrote.
    pub fn from_json(text: &str) -> Result<Self, NotRead> {
        let kept: Kept = json::read(text)?;
        let low = Point {
            seq: kept.seq,
            head: Some(kept.head.0),
        };
        let mut witness = Self {
            low: Some(low),
            proven: kept.proven,
            findings: kept.findings,
            ..Self::default()
        };
        witness.high = witness.read_along(low, kept.entries, 0);
        Ok(witness)
    }

    /// The stretch without all but the newest entries, for keeping.
    fn newest(&self) -> Option<(Point, Vec<LedgerEntry>)> {
        let mut low = self.low?;
        self.high.head?;
        let count = self.entries.len();
        let (mut at, mut kept) = (low, Vec::new());
        for (index, entry) in self.entries.values().enumerate() {
            at = step(at, entry);
            // What stands behind a hole cannot be led to from before it.
            if count - index > WITNESS_ENTRIES_KEPT || at.head.is_none() {
                low = at;
                kept.clear();
            } else {
                kept.push(entry.clone());
            }
        }
        low.head.is_some().then_some((low, kept))
    }
}
