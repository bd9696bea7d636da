//! What a witness found. It does not know how.

use serde::Serialize;

use crate::ids::{MessageId, Seq, UserId};
use crate::json::{read_fields, read_names};
use crate::limits::FINDINGS_MAX;
use crate::model::LedgerEntry;

use super::Witness;

/// What does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// A message is not what its entries say.
    Altered,
    /// A message that an entry tells of is not there, or an entry is not.
    Missing,
    /// A message stands where no entry wrote one.
    Foreign,
    /// The entries are not those that were served before.
    Rewritten,
    /// The end of what was served before is not there any more.
    Cut,
}

read_names!(Doubt {
    "altered" => Altered,
    "missing" => Missing,
    "foreign" => Foreign,
    "rewritten" => Rewritten,
    "cut" => Cut,
});

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What.
    pub doubt: Doubt,
    /// Where: a message's place, or the number of an entry.
    pub place: Seq,
    /// Which message it is about, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// Who wrote it, or changed it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<UserId>,
    /// When, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<u64>,
    /// How many others besides, of which the same is true.
    pub also: u64,
    /// When it was right last, as far as this reader looked, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right_ms: Option<u64>,
    /// When it was found, in milliseconds since 1970.
    pub found_ms: u64,
    /// Whether the reader has seen it.
    pub dismissed: bool,
}

read_fields!(Finding {
    doubt,
    place,
    message,
    author,
    at_ms,
    also,
    right_ms,
    found_ms,
    dismissed
});

impl Finding {
    /// Something about a place, of which no more is known.
    pub(super) fn new(doubt: Doubt, place: Seq, found_ms: u64) -> Self {
        Self {
            doubt,
            place,
            message: None,
            author: None,
            at_ms: None,
            also: 0,
            right_ms: None,
            found_ms,
            dismissed: false,
        }
    }

    /// Something about what an entry tells of.
    pub(super) fn about(doubt: Doubt, entry: &LedgerEntry, found_ms: u64) -> Self {
        Self {
            message: Some(entry.message),
            author: Some(entry.author),
            at_ms: Some(entry.at_ms),
            ..Self::new(doubt, entry.seq, found_ms)
        }
    }
}

impl Witness {
    /// Takes note of a finding, once.
    pub(super) fn find(&mut self, mut finding: Finding) {
        let is_known = |known: &Finding| {
            known.place == finding.place && known.doubt == finding.doubt
                || finding.message.is_some() && known.message == finding.message
        };
        if self.findings.iter().any(is_known) || self.findings.len() >= FINDINGS_MAX {
            return;
        }
        finding.right_ms = self.right_at(finding.place);
        self.findings.push(finding);
    }

    /// A message is what it should be, whatever it was before.
    pub(super) fn clear(&mut self, message: MessageId) {
        self.findings.retain(|finding| {
            finding.message != Some(message)
                || !matches!(finding.doubt, Doubt::Altered | Doubt::Foreign)
        });
    }
}
