//! The tutorial's chat on socket.io, from outside. It does not know what is measured.
//!
//! Speaks version 4 of engine.io over a WebSocket: packet `0` opens, `2` and `3` are ping and pong,
//! `4` carries socket.io, where `0` connects and `2` is an event.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::{Hint, Peer, Wire};
use crate::rig::record::Heard;

pub(crate) struct SocketIo {
    dir: PathBuf,
}

impl SocketIo {
    pub(crate) fn new(peers: &Path) -> Self {
        Self {
            dir: peers.join("socketio"),
        }
    }
}

impl Peer for SocketIo {
    fn name(&self) -> &'static str {
        "socket.io"
    }

    fn command(&self, _: &Path) -> anyhow::Result<Command> {
        let mut command = Command::new("node");
        command.arg(self.dir.join("server.js"));
        command.env("NODE_ENV", "production");
        Ok(command)
    }

    fn wire(&self) -> Box<dyn Wire> {
        Box::new(SocketIoWire)
    }
}

struct SocketIoWire;

const EVENT: &str = "42";

impl Wire for SocketIoWire {
    fn path(&self) -> &'static str {
        "/socket.io/?EIO=4&transport=websocket"
    }

    fn hear(&mut self, frame: &str) -> anyhow::Result<Hint> {
        if let Some(event) = frame.strip_prefix(EVENT) {
            let event: serde_json::Value = serde_json::from_str(event)?;
            let text = event[1]["text"].as_str().context("an event without text")?;
            return Ok(Hint::Message(Heard {
                text: text.to_owned(),
                seq: None,
            }));
        }
        Ok(match frame {
            "2" => Hint::Say("3"),
            _ if frame.starts_with("40") => Hint::Ready,
            _ if frame.starts_with('0') => Hint::Say("40"),
            _ => anyhow::bail!("an unexpected packet: {frame}"),
        })
    }

    fn message(&self, text: &str) -> String {
        format!(
            "{EVENT}{}",
            serde_json::json!(["message", { "text": text }])
        )
    }
}
