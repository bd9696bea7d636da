//! Parley from outside: `parley serve` on an empty data directory. It does not know what is measured.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use parley_shared::codec::{decode_event, encode_command};
use parley_shared::ids::{ConversationId, MessageId};
use parley_shared::protocol::{ChatMessage, ClientCommand, ServerEvent};
use rusqlite::{Connection, OpenFlags};

use super::{Hint, Peer, Wire};
use crate::rig::record::Heard;

pub(crate) struct Parley {
    program: PathBuf,
}

impl Parley {
    pub(crate) fn new(program: &Path) -> Self {
        Self {
            program: program.to_owned(),
        }
    }
}

impl Peer for Parley {
    fn name(&self) -> &'static str {
        "Parley"
    }

    fn command(&self, data_dir: &Path) -> anyhow::Result<Command> {
        let mut command = Command::new(&self.program);
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            // The load writes more than a person may.
            .args(["--messages-per-second", "0"])
            .arg("--data-dir")
            .arg(data_dir);
        Ok(command)
    }

    fn wire(&self) -> Box<dyn Wire> {
        Box::new(ParleyWire::default())
    }

    fn audit(&self, data_dir: &Path, messages: usize) -> anyhow::Result<()> {
        let path = data_dir.join("parley.sqlite");
        let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let count = "SELECT COUNT(*) FROM messages";
        let stored: i64 = database.query_row(count, [], |row| row.get(0))?;
        anyhow::ensure!(
            usize::try_from(stored)? == messages,
            "{messages} messages were told to everyone and {stored} are on disk"
        );
        Ok(())
    }
}

/// What the greeting told.
#[derive(Default)]
struct ParleyWire {
    lobby: Option<(ConversationId, u64)>,
}

impl Wire for ParleyWire {
    fn path(&self) -> &'static str {
        "/ws"
    }

    fn hear(&mut self, frame: &str) -> anyhow::Result<Hint> {
        Ok(match decode_event(frame)? {
            ServerEvent::Welcome { conversations, .. } => {
                let lobby = conversations.first().context("there is no conversation")?;
                self.lobby = Some((lobby.id, lobby.last.0));
                Hint::Ready
            }
            ServerEvent::MessageChanged { message, .. } => match message.body {
                ChatMessage::Text { text } => {
                    let seq = Some(message.seq.0);
                    Hint::Message(Heard { text, seq })
                }
                other => anyhow::bail!("a message of another type: {other:?}"),
            },
            ServerEvent::Refused { message, .. } => anyhow::bail!("refused: {message}"),
            ServerEvent::GoingAway { .. } => anyhow::bail!("the server stops"),
            _ => Hint::Nothing,
        })
    }

    fn message(&self, text: &str) -> String {
        let (conversation, _) = self.lobby.expect("nobody writes before the greeting");
        let mut random = [0; 10];
        getrandom::fill(&mut random).expect("the system has randomness");
        encode_command(&ClientCommand::Send {
            id: MessageId::from_time_and_randomness(parley_server::clock::now_ms(), random),
            conversation,
            body: ChatMessage::Text {
                text: text.to_owned(),
            },
        })
    }

    fn seq_before(&self) -> Option<u64> {
        self.lobby.map(|(_, last)| last)
    }
}
