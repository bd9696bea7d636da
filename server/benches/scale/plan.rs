//! How large everything is, and how a server is started for it. It does not know what is measured.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::crowd::{Crowd, Newcomer};
use crate::rig::connection::Opening;
use crate::rig::process::Server;
use crate::town;

pub(crate) struct Plan {
    /// Parley's program.
    pub(crate) server: PathBuf,
    pub(crate) quick: bool,
}

impl Plan {
    /// The one for a first look, or the one that is to be believed.
    pub(crate) fn pick<T>(&self, quick: T, full: T) -> T {
        if self.quick { quick } else { full }
    }

    pub(crate) fn seconds(&self, quick: f64, full: f64) -> Duration {
        Duration::from_secs_f64(self.pick(quick, full))
    }

    /// Starts Parley on this data; its log lies in `dir`.
    pub(crate) fn start(&self, data_dir: &Path, dir: &Path) -> anyhow::Result<Server> {
        let mut command = Command::new(&self.server);
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            // The load writes more than a person may.
            .args(["--messages-per-second", "0"])
            .arg("--data-dir")
            .arg(data_dir);
        Server::start(command, dir)
    }
}

/// Someone who comes with their token, and is in these talks of the crowd.
pub(crate) fn newcomer(person: usize, talks: impl IntoIterator<Item = usize>) -> Newcomer {
    Newcomer {
        opening: opening(person),
        heard: talks.into_iter().map(|talk| (talk, 0)).collect(),
    }
}

pub(crate) fn opening(person: usize) -> Opening {
    Opening {
        path: "/ws".to_owned(),
        bearer: Some(town::token(person)),
        receive_bytes: None,
    }
}

/// Sends at times that were fixed beforehand, whether or not answers come: who waited for a slow server
/// before sending on would measure it less when it is slow. `send` says what is sent as which.
pub(crate) fn pace(
    crowd: &mut Crowd,
    per_second: f64,
    duration: Duration,
    mut send: impl FnMut(&mut Crowd, usize, Instant) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    crowd.start_phase();
    let count = (per_second * duration.as_secs_f64()) as usize;
    let start = Instant::now() + Duration::from_millis(10);
    for number in 0..count {
        let planned = start + Duration::from_secs_f64(number as f64 / per_second);
        while let Some(left) = planned.checked_duration_since(Instant::now()) {
            crowd.turn(left)?;
        }
        send(crowd, number, planned)?;
    }
    crowd.settle()
}
