//! A server's process: starting, ending, what it uses of processor and memory, from /proc. It does not know which server.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;

/// Files that this process has open besides connections, with some to spare.
const OTHER_FILES: usize = 64;
/// Ticks in a second that the kernel counts processor time in, for every program (`USER_HZ`).
const TICKS_PER_SECOND: u64 = 100;

/// A server that runs. It is killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    log: PathBuf,
}

impl Server {
    /// Starts it and waits for its line that ends with the port.
    pub(crate) fn start(mut command: Command, dir: &Path) -> anyhow::Result<Self> {
        let log = dir.join("server.log");
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()
            .with_context(|| format!("could not start {}", command.get_program().display()))?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("it was just asked for")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let port = line
            .trim()
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok());
        let mut server = Self {
            child,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            log,
        };
        let port = port.with_context(|| format!("no port in {line:?}; {}", server.last_words()))?;
        server.address.set_port(port);
        Ok(server)
    }

    /// Processor time that it used so far, in user mode and in the kernel.
    pub(crate) fn processor_time(&self) -> anyhow::Result<Duration> {
        processor_time(&self.child.id().to_string())
    }

    /// Its memory in bytes, as far as it lies in memory now.
    pub(crate) fn resident_bytes(&self) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next())
            .context("no VmRSS")?;
        Ok(kib.parse::<f64>()? * 1024.0)
    }

    /// The end of its log.
    pub(crate) fn last_words(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let last: Vec<&str> = log.lines().rev().take(3).collect();
        if last.is_empty() {
            return "nothing".to_owned();
        }
        last.into_iter().rev().collect::<Vec<_>>().join(" | ")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to kill.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Processor time that this process used so far.
pub(crate) fn own_processor_time() -> anyhow::Result<Duration> {
    processor_time("self")
}

fn processor_time(process: &str) -> anyhow::Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The program's name comes second, in brackets, and may hold anything. Counting after it, the
    // fields "utime" and "stime" of proc(5) are the twelfth and thirteenth.
    let (_, fields) = stat.rsplit_once(')').context("an odd /proc/PID/stat")?;
    let ticks: u64 = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse::<u64>)
        .sum::<Result<_, _>>()?;
    Ok(Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND))
}

/// Makes sure that this process may hold so many connections, and the server as many.
pub(crate) fn ensure_files(connections: usize) -> anyhow::Result<()> {
    let allowed = rlimit::increase_nofile_limit(u64::MAX)?;
    let needed = (connections + OTHER_FILES) as u64;
    anyhow::ensure!(
        needed <= allowed,
        "{connections} connections need {needed} open files and the system allows {allowed} (ulimit -n)"
    );
    Ok(())
}
