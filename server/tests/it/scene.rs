//! A server on a free port with a cast of people. Every scene ends with everyone seeing the same.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use parley_server::clock::Clock;
use parley_server::config::{Config, LogFormat};
use parley_shared::limits::MESSAGES_PER_SECOND_MAX;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::client::{Door, TestClient, handshake};
use crate::journal::Journal;
use crate::raw::Raw;
use crate::verdict;

/// A server and the people who use it.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) app: TestApp,
    pub(crate) alice: TestClient,
    pub(crate) bob: TestClient,
    pub(crate) carol: TestClient,
}

/// Plays a scene on a server with the usual settings. See [`scene_with`].
pub(crate) async fn scene(play: impl AsyncFnOnce(&mut Scene)) {
    scene_with(|_| {}, play).await;
}

/// Plays a scene: Alice, Bob and Carol are connected, and at the end everyone must see the same as
/// someone who comes fresh, with every acknowledged message there once.
pub(crate) async fn scene_with(
    settings: impl FnOnce(&mut Config),
    play: impl AsyncFnOnce(&mut Scene),
) {
    let app = TestApp::start(settings).await;
    let alice = app.person("Alice").await;
    let bob = app.person("Bob").await;
    let carol = app.person("Carol").await;
    let mut scene = Scene {
        app,
        alice,
        bob,
        carol,
    };
    play(&mut scene).await;
    scene.converge().await;
    scene.app.stop().await;
}

impl Scene {
    async fn converge(&mut self) {
        let Self {
            app,
            alice,
            bob,
            carol,
        } = self;
        let fresh = app.person("a fresh reader").await;
        for person in [&mut *alice, bob, carol] {
            if !person.is_connected() {
                person.reconnect().await;
            }
        }
        app.converge(fresh, &[alice, bob, carol]).await;
    }
}

/// A server that runs in this process, on a data directory that is removed in the end.
#[derive(Debug)]
pub(crate) struct TestApp {
    pub(crate) address: SocketAddr,
    config: Config,
    data_dir: Arc<TempDir>,
    running: Option<Running>,
    pub(crate) journal: Journal,
}

#[derive(Debug)]
struct Running {
    shutdown: CancellationToken,
    server: JoinHandle<anyhow::Result<()>>,
}

impl TestApp {
    /// Starts a server on a free port.
    pub(crate) async fn start(settings: impl FnOnce(&mut Config)) -> Self {
        let data_dir = Arc::new(tempfile::tempdir().expect("there is room for a directory"));
        let mut config = config(data_dir.path());
        settings(&mut config);
        let mut app = Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            config,
            data_dir,
            running: None,
            journal: Journal::default(),
        };
        app.resume().await;
        app
    }

    /// Stops the server as an operator does, and waits until it has ended.
    pub(crate) async fn stop(&mut self) {
        let running = self.running.take().expect("the server runs");
        running.shutdown.cancel();
        let ended = running.server.await.expect("the server does not panic");
        ended.expect("the server ends without an error");
    }

    /// Starts the server again, at the same address and with the same data.
    pub(crate) async fn resume(&mut self) {
        let listener = parley_server::listen(&self.config)
            .await
            .expect("the port is free");
        self.address = listener.local_addr().expect("the listener has an address");
        self.config.listen = self.address.to_string();
        let shutdown = CancellationToken::new();
        let server = parley_server::run(listener, self.config.clone(), shutdown.clone());
        self.running = Some(Running {
            shutdown,
            server: tokio::spawn(server),
        });
    }

    /// Stops and starts the server.
    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        self.resume().await;
    }

    /// Someone new who has connected and seen what there is.
    pub(crate) async fn person(&self, name: &str) -> TestClient {
        let mut person = self.stranger(name);
        person.reconnect().await;
        person
    }

    /// Someone new who has not connected yet.
    pub(crate) fn stranger(&self, name: &str) -> TestClient {
        TestClient::new(name, self.address, self.journal.clone())
    }

    /// A connection that says and hears what the test wants, frame by frame.
    pub(crate) async fn raw(&self) -> Raw {
        let (socket, _) = handshake(&Door::at(self.address))
            .await
            .expect("the server takes connections");
        Raw::welcomed(socket).await
    }

    /// What becomes of someone whose page has this origin.
    pub(crate) async fn outsider_connects(&self, origin: &str) -> Result<(), String> {
        let mut door = Door::at(self.address);
        door.origin = Some(origin.to_owned());
        handshake(&door).await.map(drop)
    }

    /// The clock by which things expire on this server.
    pub(crate) fn clock(&self) -> &Clock {
        &self.config.clock
    }

    /// Where the data is.
    pub(crate) fn data_dir(&self) -> &Path {
        self.data_dir.path()
    }

    /// Asserts that people see what a fresh reader of everything sees, and that promises were kept.
    pub(crate) async fn converge(&self, fresh: TestClient, people: &[&TestClient]) {
        fresh.load_everything().await;
        for person in people {
            let others = fresh.seen().timeline.through();
            person
                .wait("having seen everything", |seen| {
                    (seen.timeline.through() >= others).then_some(())
                })
                .await;
        }
        let anomalies = verdict::anomalies(&fresh.seen(), people);
        assert!(
            anomalies.is_empty(),
            "{}\n{}\n{}",
            verdict::tally(&anomalies),
            anomalies
                .iter()
                .take(20)
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n"),
            self.journal
        );
    }
}

/// The usual settings, on a free port.
pub(crate) fn config(data_dir: &Path) -> Config {
    Config {
        listen: "127.0.0.1:0".to_owned(),
        data_dir: data_dir.to_owned(),
        allowed_origins: Vec::new(),
        trusted_proxies: Vec::new(),
        max_connections: 1_000,
        max_connections_per_address: 512,
        messages_per_second: MESSAGES_PER_SECOND_MAX,
        smtp_url: None,
        mail_from: None,
        public_url: None,
        log: "info".to_owned(),
        log_format: LogFormat::Text,
        clock: Clock::default(),
    }
}
