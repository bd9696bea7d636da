//! A server that is measured, seen from outside: how it starts, and what it says. It does not know what is measured.

use std::path::Path;
use std::process::Command;

use crate::rig::record::Heard;

pub(crate) mod floor;
pub(crate) mod parley;
pub(crate) mod plain;
pub(crate) mod socketio;

/// A server that is measured.
pub(crate) trait Peer {
    /// What the table calls it.
    fn name(&self) -> &'static str;

    /// The command that starts it on a free port of 127.0.0.1, with an empty folder for its data. Its
    /// first line of output ends with a colon and the port.
    ///
    /// # Errors
    /// When there is no such command here.
    fn command(&self, data_dir: &Path) -> anyhow::Result<Command>;

    /// How to speak with it.
    fn wire(&self) -> Box<dyn Wire>;

    /// Checks, after the server was killed, that it kept what it promised to keep. Most promise nothing.
    ///
    /// # Errors
    /// When it did not.
    fn audit(&self, _data_dir: &Path, _messages: usize) -> anyhow::Result<()> {
        Ok(())
    }

    /// Why it cannot be measured here, if it cannot.
    fn missing(&self) -> Option<&'static str> {
        None
    }
}

/// What a peer's frames say.
pub(crate) trait Wire {
    /// Where its WebSocket is.
    fn path(&self) -> &'static str;

    /// Understands a frame.
    ///
    /// # Errors
    /// When the server refuses something.
    fn hear(&mut self, frame: &str) -> anyhow::Result<Hint>;

    /// The frame that says a message.
    fn message(&self, text: &str) -> String;

    /// The number of the newest message as the greeting told it, if the server numbers messages.
    fn seq_before(&self) -> Option<u64> {
        None
    }
}

/// What a frame means to the load.
pub(crate) enum Hint {
    /// A message.
    Message(Heard),
    /// Something that wants this answer.
    Say(&'static str),
    /// The greeting is over.
    Ready,
    /// Nothing that matters here.
    Nothing,
}
