//! The disk harness: a disk that is full or fails under the real binary, and then is well again.
//!
//! strace has the calls by which the server writes or syncs its database fail, from one moment on and until another.
//! Meanwhile nothing may be acknowledged, and everything can be read, also by those who come; afterwards the server
//! must go on by itself. `PARLEY_FAULT_ROUNDS` sets how often each of the faults is tried.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use parley_shared::protocol::{ClientCommand, Refusal};
use tokio::process::{Child, Command};

use crate::client::TestClient;
use crate::crowd::{Crowd, Pace};
use crate::journal::Journal;
use crate::plain;
use crate::process::{self, Setup};
use crate::setting;
use crate::verdict;

/// Rounds of the short form.
const ROUNDS: u64 = 1;
/// How long what was under way before the fault may take to be told.
const UNDER_WAY: Duration = Duration::from_millis(500);
/// How long the fault lasts after that.
const FAULT: Duration = Duration::from_millis(1_500);
/// How long the server may take to go on after it.
const RECOVERY_MAX: Duration = Duration::from_secs(10);
/// How long people may take to have everything confirmed.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long strace may take to take hold of the server.
const ATTACHING: Duration = Duration::from_secs(10);

const PACE: Pace = Pace {
    on_their_way: 16,
    pause: Duration::from_millis(2),
    long_every: 0,
    long_chars: 0,
};

/// What the disk does.
struct Fault {
    name: &'static str,
    /// The calls, and the error that they end with.
    calls: &'static str,
    error: &'static str,
}

const FAULTS: [Fault; 4] = [
    Fault {
        name: "the disk is full",
        calls: "pwrite64,ftruncate",
        error: "ENOSPC",
    },
    Fault {
        name: "writes fail",
        calls: "pwrite64",
        error: "EIO",
    },
    Fault {
        name: "syncs fail",
        calls: "fsync,fdatasync",
        error: "EIO",
    },
    Fault {
        name: "everything fails",
        calls: "pwrite64,fsync,fdatasync,ftruncate",
        error: "EIO",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fails_acknowledges_nothing_and_can_be_read_and_all_goes_on_when_it_is_well() {
    let rounds = setting("PARLEY_FAULT_ROUNDS", ROUNDS);
    let dir = tempfile::tempdir().expect("there is room for a directory");
    let setup = Setup::new(dir.path()).await;
    let mut server = setup.start().await;
    let mut busy = Crowd::gather(setup.address, setup.address, PACE)
        .await
        .set_off();
    for round in 1..=rounds {
        for fault in &FAULTS {
            suffer(fault, &setup, server.id()).await;
            println!("round {round}: {}: survived", fault.name);
        }
        let mut crowd = busy.settle(PATIENCE).await;
        let anomalies = crowd.judge(dir.path(), PATIENCE).await;
        let acknowledged = crowd.acknowledged();
        println!(
            "{acknowledged} acknowledged: {}",
            verdict::tally(&anomalies)
        );
        assert!(anomalies.is_empty(), "{anomalies:#?}\n{}", crowd.journal());
        busy = crowd.set_off();
    }
    // What a failing disk left behind is read by a server that starts afresh.
    let strace = inject(&FAULTS[2], &setup.data_dir, server.id()).await;
    tokio::time::sleep(UNDER_WAY).await;
    server.kill().await;
    drop(strace);
    let mut server = setup.start().await;
    let mut crowd = busy.settle(PATIENCE).await;
    let anomalies = crowd.judge(dir.path(), PATIENCE).await;
    assert!(anomalies.is_empty(), "{anomalies:#?}\n{}", crowd.journal());
    server.kill().await;
}

/// Has the disk fail for a while under people who write.
async fn suffer(fault: &Fault, setup: &Setup, server: u32) {
    let mut witness = TestClient::new("a witness", setup.address, Journal::default());
    witness.reconnect().await;
    witness.send(&format!("before {}", fault.name)).await;
    let mut strace = inject(fault, &setup.data_dir, server).await;
    tokio::time::sleep(UNDER_WAY).await;
    let known = witness.seen().timeline.through();
    let id = witness.post(&format!("while {}", fault.name)).await;
    let refused = witness.wait("a refusal", |seen| seen.refused.get(&id).cloned());
    assert_eq!(refused.await, Refusal::Unavailable, "{}", fault.name);
    let began = Instant::now();
    while began.elapsed() < FAULT {
        assert_readable(setup, &witness).await;
    }
    // What is told in the Lobby is on the disk: nothing was.
    let seen = witness.seen().timeline.through();
    assert_eq!(seen, known, "something was told while {}", fault.name);
    assert!(!witness.seen().accepted.contains_key(&id));
    assert!(strace.try_wait().unwrap().is_none(), "the fault lasted");
    process::signal(strace.id().expect("it runs"), "INT").await;
    strace.wait().await.expect("strace lets go");
    let well = Instant::now();
    loop {
        let id = witness.post(&format!("after {}", fault.name)).await;
        let outcome = witness.wait("an answer", |seen| {
            let refused = seen.refused.contains_key(&id);
            (refused || seen.accepted.contains_key(&id)).then_some(refused)
        });
        if !outcome.await {
            break;
        }
        assert!(well.elapsed() < RECOVERY_MAX, "{}: it goes on", fault.name);
    }
    println!("{}: written again after {:.0?}", fault.name, well.elapsed());
}

/// Those who are there can read, and so can those who come.
async fn assert_readable(setup: &Setup, witness: &TestClient) {
    let conversation = witness.lobby();
    let before = None;
    let heard = witness.seen().heard;
    witness
        .say(&ClientCommand::History {
            conversation,
            before,
        })
        .await;
    witness
        .wait("a page of history", |seen| {
            (seen.heard > heard).then_some(())
        })
        .await;
    let mut visitor = TestClient::new("a visitor", setup.address, Journal::default());
    visitor.reconnect().await;
    assert!(!visitor.seen().timeline.is_empty(), "there is much to read");
    assert_eq!(plain::get(setup.address, "/healthz").await.status, 200);
    tokio::time::sleep(Duration::from_millis(100)).await;
}

/// Has calls on the database's files fail from now on, until strace is told to let go.
async fn inject(fault: &Fault, data_dir: &Path, server: u32) -> Child {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o", "/dev/null", "-p", &server.to_string()]);
    for file in ["parley.sqlite", "parley.sqlite-wal"] {
        strace.arg("-P").arg(data_dir.join(file));
    }
    strace.args(["-e", &format!("trace={}", fault.calls)]);
    let inject = format!("inject={}:error={}", fault.calls, fault.error);
    let strace = strace
        .args(["-e", &inject])
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("strace is there");
    let attached = async {
        while !is_traced(server) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(ATTACHING, attached)
        .await
        .expect("strace may take hold of a process of one's own");
    strace
}

/// Whether every thread of a process is traced by somebody.
fn is_traced(process: u32) -> bool {
    let threads = std::fs::read_dir(format!("/proc/{process}/task"));
    threads.expect("it runs").flatten().all(|thread| {
        let status = std::fs::read_to_string(thread.path().join("status"));
        // A thread that has ended meanwhile does nothing.
        status.map_or(true, |status| !status.contains("TracerPid:\t0\n"))
    })
}
