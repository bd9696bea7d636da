//! Parley's server, from above. This file knows the parts and how they start and stop, and no rule of chat.
//!
//! A message comes in by [`socket`] (one task for each connection), is read by [`session`] (what may this
//! connection say, how fast), checked by one of the [`actions`], and made durable by the [`ledger`]:
//! the only door to the [`store`]'s writer. After the commit the [`hub`] hands the same bytes to
//! everyone's mailbox, and each socket writes its own out. [`http`] serves the page.
//! `docs/architecture.md` has the map with the reasons.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use parley_shared::limits::{CLOSE_TIMEOUT_MS, SHUTDOWN_TIMEOUT_MS};
use tokio::net::{TcpListener, TcpSocket};
use tokio_util::sync::CancellationToken;

pub mod config;

pub mod accept;
pub mod account;
pub mod address;
pub mod app;
pub mod credentials;
pub mod guest;
pub mod http;
pub mod mail;
pub mod origin;
pub mod picture;
pub mod socket;
pub mod wire;

pub mod actions;
pub mod backup;
pub mod operator;
pub mod session;
pub mod verify;

pub mod hub;
pub mod ledger;
pub mod store;

pub mod clock;
#[cfg(feature = "planted-bugs")]
pub mod planted;
mod random;

use app::App;
use config::Config;
use ledger::Running;

/// Connections that the kernel holds for us while we accept others.
const BACKLOG: u32 = 4_096;

/// Opens the port.
///
/// # Errors
/// When the address is taken or not ours.
pub async fn listen(config: &Config) -> anyhow::Result<TcpListener> {
    let address = tokio::net::lookup_host(&config.listen)
        .await
        .with_context(|| format!("--listen {}: no such address", config.listen))?
        .next()
        .with_context(|| format!("--listen {}: no such address", config.listen))?;
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // After a restart the old connections linger in the kernel; they must not keep us from the port.
    socket.set_reuseaddr(true)?;
    socket
        .bind(address)
        .with_context(|| format!("cannot listen on {address}"))?;
    Ok(socket.listen(BACKLOG)?)
}

/// Tells the person at the terminal, and the program that started us, where the page is.
pub fn announce(address: SocketAddr) {
    let host = if address.ip().is_loopback() || address.ip().is_unspecified() {
        "localhost".to_owned()
    } else if address.is_ipv6() {
        format!("[{}]", address.ip())
    } else {
        address.ip().to_string()
    };
    #[expect(
        clippy::print_stdout,
        reason = "the address is the program's answer, not a log line"
    )]
    {
        println!("Parley is ready at http://{host}:{}", address.port());
    }
}

/// A server whose store is open and whose port is taken: everything that can be wrong with the
/// settings has shown by now.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    app: App,
    ledger: Running,
}

impl Server {
    /// Opens the store and starts the ledger.
    ///
    /// # Errors
    /// When the data directory cannot be used.
    pub async fn open(listener: TcpListener, config: Config) -> anyhow::Result<Self> {
        let (app, ledger) = App::open(config).await?;
        Ok(Self {
            listener,
            app,
            ledger,
        })
    }

    /// Serves until `shutdown` is cancelled, then lets everyone go without losing anything.
    ///
    /// # Errors
    /// When the ledger stops by itself.
    pub async fn run(self, shutdown: CancellationToken) -> anyhow::Result<()> {
        let Self {
            listener,
            app,
            mut ledger,
        } = self;
        tracing::info!(
            address = %listener.local_addr()?,
            data_dir = %app.config().data_dir.display(),
            version = env!("CARGO_PKG_VERSION"),
            "serving"
        );
        let limits = accept::Limits {
            connections: app.config().max_connections,
            per_address: app.config().max_connections_per_address,
            trusted_proxies: app.config().trusted_proxies.clone(),
        };
        let router = http::router(app.clone());
        let failed = tokio::select! {
            () = accept::serve(listener, router, limits, shutdown.clone()) => false,
            () = ledger.failed() => true,
        };
        shutdown.cancel();
        stop(app, ledger).await;
        anyhow::ensure!(
            !failed,
            "the ledger stopped: nothing could be written any more"
        );
        tracing::info!("stopped");
        Ok(())
    }
}

/// Ends every connection, in an order that keeps every acknowledgement true: first nobody brings
/// anything new, then what was brought is put on disk and told, then the connections end. At last
/// the data is let go of, so that another server may have it at once.
async fn stop(app: App, ledger: Running) {
    app.hub().stop_reading();
    ledger.drain().await;
    app.hub().close_all();
    app.connections().close();
    let ended = tokio::time::timeout(
        Duration::from_millis(SHUTDOWN_TIMEOUT_MS),
        app.connections().wait(),
    );
    if ended.await.is_err() {
        tracing::warn!(
            connections = app.connections().len(),
            "some connections did not end in time"
        );
    }
    drop(app);
    let closed = tokio::time::timeout(Duration::from_millis(CLOSE_TIMEOUT_MS), ledger.end());
    if closed.await.is_err() {
        tracing::warn!("the data is still in use by a connection that did not end");
    }
}

/// Opens and runs a server: [`Server::open`] and [`Server::run`] in one.
///
/// # Errors
/// Those of both.
pub async fn run(
    listener: TcpListener,
    config: Config,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    Server::open(listener, config).await?.run(shutdown).await
}
