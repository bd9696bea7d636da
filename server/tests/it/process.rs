//! The server as a process of its own: the real binary. It does not know why it is started and how it ends.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, Command};

use crate::plain;

/// How long a server may take to be ready, and to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is traced of a server: whatever changes its files, and what it tells.
const TRACED: &str = "trace=lseek,pwrite64,write,writev,sendto,sendmsg,ftruncate,fsync,fdatasync,openat,unlink,rename";

/// What has a sync wait for 20 ms before it begins.
const SLOW: &str = "inject=fsync,fdatasync:delay_enter=20000";

/// How a server is started.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    pub(crate) data_dir: PathBuf,
    pub(crate) address: SocketAddr,
    /// The bug that it has on purpose.
    pub(crate) bug: Option<&'static str>,
    /// The file that its calls are written to, in a form that `power/trace.rs` reads.
    pub(crate) trace: Option<PathBuf>,
    /// Whether syncs take their time when calls are traced: then most ends come in the middle of one.
    pub(crate) slow_syncs: bool,
}

impl Setup {
    /// A server on a directory and a port that was free a moment ago. It can come back to it after each end.
    pub(crate) async fn new(data_dir: &Path) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port is free");
        Self {
            data_dir: data_dir.to_owned(),
            address: listener.local_addr().expect("the listener has an address"),
            bug: None,
            trace: None,
            slow_syncs: false,
        }
    }

    /// Starts it and waits until it is ready.
    pub(crate) async fn start(&self) -> Process {
        let server = self.begin();
        server.wait_until_ready(self.address).await;
        server
    }

    /// Starts it and does not wait.
    pub(crate) fn begin(&self) -> Process {
        let mut command = match &self.trace {
            None => Command::new(self.program()),
            // The tracer is a child of the server and not the other way round: signals reach the server.
            Some(trace) => {
                let mut strace = Command::new("strace");
                strace.args([
                    "-f",
                    "-D",
                    "--seccomp-bpf",
                    "-q",
                    "-y",
                    "-xx",
                    "-s",
                    "1000000",
                ]);
                if self.slow_syncs {
                    strace.args(["-e", SLOW]);
                }
                strace.args(["-e", TRACED, "-o"]);
                strace.arg(trace).arg(self.program());
                strace
            }
        };
        command
            .args(["serve", "--listen", &self.address.to_string()])
            .arg("--data-dir")
            .arg(&self.data_dir)
            .env("PARLEY_MESSAGES_PER_SECOND", "0")
            .env("PARLEY_ALLOWED_ORIGINS", "*")
            .env("PARLEY_LOG", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        if let Some(bug) = self.bug {
            command.env("PARLEY_PLANTED_BUG", bug);
        }
        let process = command.spawn();
        Process(process.expect("the server's binary is there, and strace when it is traced"))
    }

    /// The binary under test; one with bugs is always that which was built with this test.
    fn program(&self) -> PathBuf {
        let named = std::env::var_os("PARLEY_FAULT_SERVER").map(PathBuf::from);
        let own = || PathBuf::from(env!("CARGO_BIN_EXE_parley"));
        named.filter(|_| self.bug.is_none()).unwrap_or_else(own)
    }
}

/// A server that runs. It is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    /// The operating system's number for it.
    pub(crate) fn id(&self) -> u32 {
        self.0.id().expect("it is running")
    }

    /// SIGKILL: the process gets no chance to do anything.
    pub(crate) async fn kill(&mut self) {
        self.0.kill().await.expect("it was running");
    }

    /// SIGTERM, as a service manager sends it.
    pub(crate) async fn terminate(&mut self) -> ExitStatus {
        signal(self.id(), "TERM").await;
        tokio::time::timeout(PATIENCE, self.0.wait())
            .await
            .expect("it ends in time")
            .expect("its end can be waited for")
    }

    async fn wait_until_ready(&self, address: SocketAddr) {
        let ready = async {
            loop {
                if tokio::net::TcpStream::connect(address).await.is_ok()
                    && plain::get(address, "/healthz").await.status == 200
                {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, ready)
            .await
            .expect("the server is ready in time");
    }
}

/// Sends a signal to a process.
pub(crate) async fn signal(process: u32, name: &str) {
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &process.to_string()])
        .status()
        .await;
    assert!(sent.expect("there is a kill command").success());
}
