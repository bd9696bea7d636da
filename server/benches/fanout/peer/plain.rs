//! The tutorial's chat on bare WebSockets, from outside: ws for Node, and uWebSockets through its binding for
//! Python. It does not know what is measured.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::{Hint, Peer, Wire};
use crate::rig::record::Heard;

pub(crate) struct Plain {
    name: &'static str,
    /// What runs the script.
    program: Option<PathBuf>,
    script: PathBuf,
}

impl Plain {
    pub(crate) fn ws(peers: &Path) -> Self {
        Self {
            name: "ws",
            program: Some("node".into()),
            script: peers.join("ws/server.js"),
        }
    }

    /// Without a Python that has the binding there is no such server.
    pub(crate) fn u_web_sockets(peers: &Path, python: Option<PathBuf>) -> Self {
        Self {
            name: "uWebSockets",
            program: python,
            script: peers.join("uwebsockets/server.py"),
        }
    }
}

impl Peer for Plain {
    fn name(&self) -> &'static str {
        self.name
    }

    fn command(&self, _: &Path) -> anyhow::Result<Command> {
        let mut command = Command::new(self.program.as_ref().context("it is not installed")?);
        command.arg(&self.script).env("NODE_ENV", "production");
        Ok(command)
    }

    fn wire(&self) -> Box<dyn Wire> {
        Box::new(PlainWire)
    }

    fn missing(&self) -> Option<&'static str> {
        match &self.program {
            None => Some("it could not be installed here"),
            Some(_) => None,
        }
    }
}

struct PlainWire;

impl Wire for PlainWire {
    fn path(&self) -> &'static str {
        "/"
    }

    fn hear(&mut self, frame: &str) -> anyhow::Result<Hint> {
        let told: serde_json::Value = serde_json::from_str(frame)?;
        match told["text"].as_str() {
            Some(text) => Ok(Hint::Message(Heard {
                text: text.to_owned(),
                seq: None,
            })),
            None => {
                told["user"].as_str().context("neither user nor text")?;
                Ok(Hint::Ready)
            }
        }
    }

    fn message(&self, text: &str) -> String {
        serde_json::json!({ "text": text }).to_string()
    }
}
