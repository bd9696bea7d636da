//! How much happened in runs. It does not know whether it went well.

/// How much happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Steps that the seed chose.
    pub steps: u64,
    /// Messages that the store has in the end.
    pub messages: u64,
    /// Changes and deletions that were asked for.
    pub changes: u64,
    /// Connections that broke.
    pub cuts: u64,
    /// Times that the server began anew.
    pub restarts: u64,
    /// Pages that were loaded anew.
    pub reloads: u64,
    /// Connections that ended because their reader fell behind, or was somebody else.
    pub ended: u64,
    /// Frames that pages heard.
    pub heard: u64,
}

impl Figures {
    /// Adds those of another run.
    pub fn add(&mut self, other: Self) {
        self.steps += other.steps;
        self.messages += other.messages;
        self.changes += other.changes;
        self.cuts += other.cuts;
        self.restarts += other.restarts;
        self.reloads += other.reloads;
        self.ended += other.ended;
        self.heard += other.heard;
    }
}
