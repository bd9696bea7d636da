//! The floor from outside: this very program, told to serve. It does not know what is measured.

use std::path::Path;
use std::process::Command;

use clap::ValueEnum as _;

use super::{Hint, Peer, Wire};
use crate::floor::{Conduct, HELLO};
use crate::rig::record::Heard;

pub(crate) struct Floor {
    conduct: Conduct,
}

impl Floor {
    pub(crate) fn new(conduct: Conduct) -> Self {
        Self { conduct }
    }
}

impl Peer for Floor {
    fn name(&self) -> &'static str {
        "floor"
    }

    fn command(&self, _: &Path) -> anyhow::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        let conduct = self.conduct.to_possible_value();
        let conduct = conduct.as_ref().map_or("honest", |value| value.get_name());
        command.args(["--floor", conduct]);
        Ok(command)
    }

    fn wire(&self) -> Box<dyn Wire> {
        Box::new(FloorWire)
    }
}

struct FloorWire;

impl Wire for FloorWire {
    fn path(&self) -> &'static str {
        "/"
    }

    fn hear(&mut self, frame: &str) -> anyhow::Result<Hint> {
        if frame.as_bytes() == HELLO {
            return Ok(Hint::Ready);
        }
        Ok(Hint::Message(Heard {
            text: frame.trim_end().to_owned(),
            seq: None,
        }))
    }

    fn message(&self, text: &str) -> String {
        text.to_owned()
    }
}
