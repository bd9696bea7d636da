//! Somebody in between, who passes bytes on and at times does not. It does not know what they mean.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::chance::Chance;

/// How long one that is half open stays so: longer than anyone waits for a sign of life.
const HALF_OPEN: Duration = Duration::from_secs(8);
/// Bytes that are read at once.
const PIECE_BYTES: usize = 4 * 1024;
/// Bytes that go one by one before the rest goes as it is: an hour for one page of history shows nothing.
const SINGLE_BYTES: usize = 400;

/// What is done to a connection in the end, or all the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// Both ends are told at once that it is over, in the middle of whatever is under way.
    Reset,
    /// Neither end is told, and nothing gets through any more.
    HalfOpen,
    /// The server is told, and the client is not.
    HalfClosed,
    /// Nothing gets through for a while, and then everything.
    Stall,
    /// What the client says gets through, and what the server says does not, until it is over.
    Deaf,
    /// Bytes come one by one.
    Split,
    /// Bytes come late.
    Delay,
}

const FAULTS: [Fault; 7] = [
    Fault::Reset,
    Fault::HalfOpen,
    Fault::HalfClosed,
    Fault::Stall,
    Fault::Deaf,
    Fault::Split,
    Fault::Delay,
];

/// The one in between.
#[derive(Debug)]
pub(super) struct Proxy {
    pub(super) address: SocketAddr,
    healed: CancellationToken,
    tasks: TaskTracker,
    counts: Arc<Mutex<BTreeMap<Fault, u64>>>,
}

impl Proxy {
    /// Stands before a server. While `calm` it does nothing to anyone.
    pub(super) async fn before(
        server: SocketAddr,
        chance: &Chance,
        calm: watch::Receiver<bool>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port is free");
        let proxy = Self {
            address: listener.local_addr().expect("it has an address"),
            healed: CancellationToken::new(),
            tasks: TaskTracker::new(),
            counts: Arc::default(),
        };
        let (healed, tasks, counts) = (
            proxy.healed.clone(),
            proxy.tasks.clone(),
            Arc::clone(&proxy.counts),
        );
        let chance = chance.clone();
        tokio::spawn(async move {
            for number in 0.. {
                let Ok((client, _)) = listener.accept().await else {
                    return;
                };
                let mut chance = chance.branch(number);
                let between = Between {
                    fault: FAULTS[chance.index(FAULTS.len())],
                    chance,
                    healed: healed.clone(),
                    calm: calm.clone(),
                    counts: Arc::clone(&counts),
                };
                tasks.spawn(between.connect(client, server));
            }
        });
        proxy
    }

    /// Ends all that is not well, and does nothing to anyone from now on.
    pub(super) fn heal(&self) {
        self.healed.cancel();
    }

    /// How often what was done.
    pub(super) fn counts(&self) -> BTreeMap<Fault, u64> {
        let counts = self.counts.lock();
        counts.expect("nothing panics while it is held").clone()
    }
}

/// Stands between one client and the server.
struct Between {
    fault: Fault,
    chance: Chance,
    healed: CancellationToken,
    calm: watch::Receiver<bool>,
    counts: Arc<Mutex<BTreeMap<Fault, u64>>>,
}

impl Between {
    async fn connect(mut self, client: TcpStream, server: SocketAddr) {
        let Ok(server) = TcpStream::connect(server).await else {
            return;
        };
        for stream in [&client, &server] {
            stream.set_nodelay(true).ok();
        }
        if *self.calm.borrow() {
            // Who came while all was well is left alone until it is not.
            tokio::select! {
                () = pass(client, server) => {}
                _ = self.calm.wait_for(|calm| !calm) => {}
            }
        } else if self.healed.is_cancelled() {
            pass(client, server).await;
        } else {
            let fault = self.fault;
            *self.counts.lock().unwrap().entry(fault).or_default() += 1;
            let healed = self.healed.clone();
            tokio::select! {
                () = self.spoil(client, server) => {}
                () = healed.cancelled() => {}
            }
        }
    }

    async fn spoil(&mut self, client: TcpStream, server: TcpStream) {
        let until = self.chance.millis(20, 2_500);
        let manner = match self.fault {
            Fault::Split => Manner::Split,
            Fault::Delay => Manner::Late(self.chance.millis(1, 120)),
            _ => Manner::Plain,
        };
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let (up, is_up) = watch::channel(true);
        let (down, is_down) = watch::channel(true);
        let mut upwards = Half::new(from_client, to_server, manner, is_up);
        let mut downwards = Half::new(from_server, to_client, manner, is_down);
        let chance = &mut self.chance;
        let fault = self.fault;
        let script = async {
            tokio::time::sleep(until).await;
            match fault {
                Fault::HalfOpen => {
                    up.send_replace(false);
                    down.send_replace(false);
                    tokio::time::sleep(HALF_OPEN).await;
                }
                Fault::Deaf => {
                    down.send_replace(false);
                    tokio::time::sleep(chance.millis(500, 6_000)).await;
                }
                Fault::Stall => {
                    up.send_replace(false);
                    down.send_replace(false);
                    tokio::time::sleep(chance.millis(200, 3_500)).await;
                    up.send_replace(true);
                    down.send_replace(true);
                    tokio::time::sleep(chance.millis(500, 3_000)).await;
                }
                Fault::Reset | Fault::Split | Fault::Delay | Fault::HalfClosed => {}
            }
        };
        let is_over = tokio::select! {
            () = async { tokio::join!(upwards.pass(), downwards.pass()); } => true,
            () = script => false,
        };
        if is_over {
            return;
        }
        // What was read and not written yet is lost here, and nothing may follow it.
        if fault == Fault::HalfClosed {
            drop((upwards.to, downwards.from));
            tokio::time::sleep(HALF_OPEN).await;
        } else if fault != Fault::HalfOpen {
            reset(&upwards);
            reset(&downwards);
        }
    }
}

/// Passes on whatever comes.
async fn pass(mut client: TcpStream, mut server: TcpStream) {
    tokio::io::copy_bidirectional(&mut client, &mut server)
        .await
        .ok();
}

/// Has both streams end with a reset, which takes with it what has not arrived.
fn reset(half: &Half) {
    let stream: &TcpStream = half.from.as_ref();
    socket2::SockRef::from(stream)
        .set_linger(Some(Duration::ZERO))
        .ok();
}

#[derive(Debug, Clone, Copy)]
enum Manner {
    Plain,
    Split,
    Late(Duration),
}

/// One direction.
struct Half {
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
    manner: Manner,
    passed: usize,
    /// Whether anything gets through at the moment.
    open: watch::Receiver<bool>,
}

impl Half {
    fn new(
        from: OwnedReadHalf,
        to: OwnedWriteHalf,
        manner: Manner,
        open: watch::Receiver<bool>,
    ) -> Self {
        Self {
            from,
            to,
            manner,
            passed: 0,
            open,
        }
    }

    /// Passes on what comes, until one end has ended.
    async fn pass(&mut self) {
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            if self.open.wait_for(|open| *open).await.is_err() {
                return;
            }
            let read = tokio::select! {
                biased;
                _ = self.open.changed() => continue,
                read = self.from.read(&mut piece) => read,
            };
            let Ok(read @ 1..) = read else {
                break;
            };
            if self.tell(&piece[..read]).await.is_err() {
                return;
            }
        }
        self.to.shutdown().await.ok();
    }

    async fn tell(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self.manner {
            Manner::Plain => {}
            Manner::Late(delay) => tokio::time::sleep(delay).await,
            Manner::Split => {
                let single = bytes
                    .len()
                    .min(SINGLE_BYTES.saturating_sub(self.passed % 4_096));
                for byte in &bytes[..single] {
                    self.to.write_all(std::slice::from_ref(byte)).await?;
                    tokio::task::yield_now().await;
                }
                self.passed += bytes.len();
                return self.to.write_all(&bytes[single..]).await;
            }
        }
        self.to.write_all(bytes).await
    }
}
