//! How far the conversations of a batch have come, and the batch's stamp. It does not know what happened in them.

use parley_shared::ids::{ConversationId, Seq, Stamp, UserId};

use super::batch::Batch;
use crate::store::conversations::{self, Progress};
use crate::store::{Result, StoreError, people, stamps};

/// How far a conversation has come in a batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Running {
    progress: Progress,
    /// Whether it has come further than what is kept.
    ahead: bool,
}

/// The stamp of a batch, if anything in it takes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamping {
    stamp: Stamp,
    is_taken: bool,
}

impl Stamping {
    /// The stamp that is next.
    pub(super) fn new(stamp: Stamp) -> Self {
        let is_taken = false;
        Self { stamp, is_taken }
    }
}

impl Batch<'_> {
    /// The stamp of this batch, for something that is another than it was for whoever was away.
    pub(super) fn stamp(&mut self) -> Stamp {
        self.stamping.is_taken = true;
        self.stamping.stamp
    }

    /// Takes note that a person is seen otherwise from now on.
    pub(super) fn seen_otherwise(&mut self, person: UserId) -> Result<()> {
        let stamp = self.stamp();
        people::set_stamp(self.connection, person, stamp)
    }

    /// Takes note that all conversations of a person may be another for them from now on.
    pub(super) fn seats_otherwise(&mut self, person: UserId) -> Result<()> {
        let stamp = self.stamp();
        conversations::set_seat_stamps(self.connection, person, stamp)
    }

    /// The number of a conversation's newest change; `None` when there is no such conversation.
    pub(super) fn last(&mut self, conversation: ConversationId) -> Result<Option<Seq>> {
        let progress = self.running(conversation)?;
        Ok(progress.map(|progress| progress.last))
    }

    pub(super) fn running(&mut self, conversation: ConversationId) -> Result<Option<Progress>> {
        if let Some(running) = self.progress.get(&conversation) {
            return Ok(running.map(|running| running.progress));
        }
        let progress = conversations::progress_of(self.connection, conversation)?;
        let running = progress.map(|progress| Running {
            progress,
            ahead: false,
        });
        self.progress.insert(conversation, running);
        Ok(progress)
    }

    /// How far a conversation has come that is there.
    pub(super) fn before(&mut self, conversation: ConversationId) -> Result<Progress> {
        let progress = self.running(conversation)?;
        progress.ok_or_else(|| StoreError::Unreadable("a missing conversation".to_owned()))
    }

    /// Takes note that a conversation has come further; it is kept in time.
    pub(super) fn advance(&mut self, conversation: ConversationId, progress: Progress) {
        let running = Running {
            progress,
            ahead: true,
        };
        self.progress.insert(conversation, Some(running));
    }

    /// Keeps how far a conversation has come, so that it can be read as it stands now.
    pub(super) fn flush(&mut self, conversation: ConversationId) -> Result<()> {
        if let Some(Some(running)) = self.progress.get_mut(&conversation)
            && std::mem::take(&mut running.ahead)
        {
            let progress = running.progress;
            let stamp = self.stamp();
            conversations::set_progress(self.connection, conversation, &progress, stamp)?;
        }
        Ok(())
    }

    /// Keeps all that is not kept yet, and says whether the batch took its stamp.
    pub(super) fn finish(&mut self) -> Result<bool> {
        let ahead: Vec<_> = self
            .progress
            .iter()
            .filter_map(|(id, running)| running.filter(|running| running.ahead).map(|_| *id))
            .collect();
        for conversation in ahead {
            self.flush(conversation)?;
        }
        let Stamping { stamp, is_taken } = self.stamping;
        if is_taken {
            stamps::set_newest(self.connection, stamp)?;
        }
        Ok(is_taken)
    }
}
