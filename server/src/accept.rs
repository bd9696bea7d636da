//! Accepting connections, with bounds on how many, from where and how slowly. It does not know what is served.
//!
//! The loop is our own because the framework's has no bound on connections and arms no timer for
//! headers: a visitor who sends one byte a minute would hold a connection for ever.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use parley_shared::limits::{CLOSE_TIMEOUT_MS, HEADER_TIMEOUT_MS};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::address::{Network, household, is_trusted};

/// Bytes of a request's head, at most.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// How long we wait when the operating system has no connection to give, at first and at most.
const PAUSE_FIRST: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_secs(1);

const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\ncontent-length: 44\r\nretry-after: 5\r\nconnection: close\r\n\r\nThis server has as many connections as fit.\n";
const TOO_MANY: &[u8] = b"HTTP/1.1 429 Too Many Requests\r\ncontent-type: text/plain\r\ncontent-length: 43\r\nretry-after: 5\r\nconnection: close\r\n\r\nToo many connections come from one address\n";

/// How many connections there may be.
#[derive(Debug, Clone)]
pub struct Limits {
    /// In all.
    pub connections: usize,
    /// From one address (one /64 network for IPv6); zero for no limit. Loopback is not counted.
    pub per_address: usize,
    /// Proxies: they come from one address with everyone's connections, so theirs are not counted by it.
    pub trusted_proxies: Vec<Network>,
}

/// The other end of a request's connection. It holds the connection's place among those that are counted, so
/// whoever outlives the request (a WebSocket) keeps it.
#[derive(Debug, Clone)]
pub struct Peer {
    /// The other end's address and port.
    pub address: SocketAddr,
    _place: Arc<Place>,
}

/// Accepts until `shutdown`, then lets requests that are under way finish.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: CancellationToken,
) {
    let places = Places::new(limits);
    let requests = TaskTracker::new();
    let mut pause = PAUSE_FIRST;
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, address)) => {
                pause = PAUSE_FIRST;
                match take_place(&stream, address, &places) {
                    Ok(peer) => {
                        requests.spawn(answer(stream, peer, router.clone(), shutdown.clone()));
                    }
                    Err(refusal) => {
                        tracing::warn!(peer = %address, "a connection too many");
                        tokio::spawn(turn_away(stream, refusal));
                    }
                }
            }
            Err(error) => {
                // Out of files, most likely: those who leave make room.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSE_MAX);
            }
        }
    }
    drop(listener);
    requests.close();
    requests.wait().await;
}

fn take_place(
    stream: &TcpStream,
    address: SocketAddr,
    places: &Places,
) -> Result<Peer, &'static [u8]> {
    // Without this, small frames wait for the acknowledgement of the one before: 40 ms. It fails only
    // for a connection that has ended, and that shows soon enough.
    stream.set_nodelay(true).ok();
    let place = Arc::new(places.take(address.ip())?);
    Ok(Peer {
        address,
        _place: place,
    })
}

/// Answers the requests of one connection until it ends or becomes a WebSocket.
async fn answer(stream: TcpStream, peer: Peer, router: Router, shutdown: CancellationToken) {
    let address = peer.address;
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer.clone());
        let router = router.clone();
        async move { router.oneshot(request).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(HEADER_TIMEOUT_MS))
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let finish = tokio::time::timeout(Duration::from_millis(CLOSE_TIMEOUT_MS), connection);
            // Whoever did not take the answer by then does not get it.
            finish.await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        tracing::debug!(peer = %address, %error, "a connection ended early");
    }
}

async fn turn_away(mut stream: TcpStream, answer: &'static [u8]) {
    let told = async {
        stream.write_all(answer).await?;
        stream.shutdown().await
    };
    // A courtesy: whether it arrives does not matter.
    tokio::time::timeout(Duration::from_secs(1), told)
        .await
        .ok();
}

/// The connections that are counted.
#[derive(Debug, Clone)]
struct Places {
    limits: Limits,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// One connection's place. Dropping it makes room.
#[derive(Debug)]
struct Place {
    counted_as: Option<IpAddr>,
    taken: Arc<Mutex<Taken>>,
}

impl Places {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            taken: Arc::default(),
        }
    }

    fn take(&self, address: IpAddr) -> Result<Place, &'static [u8]> {
        let is_counted = self.limits.per_address > 0
            && !address.to_canonical().is_loopback()
            && !is_trusted(address, &self.limits.trusted_proxies);
        let counted_as = is_counted.then(|| household(address));
        let mut taken = self.taken.lock().expect("nothing panics while it is held");
        if taken.all >= self.limits.connections {
            return Err(BUSY);
        }
        if let Some(address) = counted_as {
            let of_address = taken.by_address.entry(address).or_default();
            if *of_address >= self.limits.per_address {
                return Err(TOO_MANY);
            }
            *of_address += 1;
        }
        taken.all += 1;
        Ok(Place {
            counted_as,
            taken: Arc::clone(&self.taken),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().expect("nothing panics while it is held");
        taken.all -= 1;
        if let Some(address) = self.counted_as
            && let Some(of_address) = taken.by_address.get_mut(&address)
        {
            *of_address -= 1;
            if *of_address == 0 {
                taken.by_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(connections: usize, per_address: usize) -> Places {
        Places::new(Limits {
            connections,
            per_address,
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        })
    }

    #[test]
    fn an_address_has_its_bound_and_others_are_not_affected() {
        let places = places(10, 2);
        let (here, there): (IpAddr, IpAddr) =
            ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let first = places.take(here).unwrap();
        let _second = places.take(here).unwrap();
        assert_eq!(places.take(here).unwrap_err(), TOO_MANY);
        assert!(places.take(there).is_ok());
        drop(first);
        assert!(places.take(here).is_ok());
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address_and_loopback_as_none() {
        let places = places(10, 1);
        let _first = places.take("2001:db8::1".parse().unwrap()).unwrap();
        assert!(places.take("2001:db8::2".parse().unwrap()).is_err());
        assert!(places.take("2001:db8:0:1::1".parse().unwrap()).is_ok());
        let _one = places.take("127.0.0.1".parse().unwrap()).unwrap();
        assert!(places.take("::ffff:127.0.0.1".parse().unwrap()).is_ok());
    }

    #[test]
    fn a_trusted_proxy_has_no_bound_of_its_own() {
        let places = places(3, 1);
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let _held = [places.take(proxy).unwrap(), places.take(proxy).unwrap()];
        let _mapped = places.take("::ffff:10.0.0.1".parse().unwrap()).unwrap();
        assert_eq!(places.take(proxy).unwrap_err(), BUSY);
    }

    #[test]
    fn all_together_have_their_bound() {
        let places = places(1, 0);
        let only = places.take("192.0.2.1".parse().unwrap()).unwrap();
        assert_eq!(places.take("192.0.2.2".parse().unwrap()).unwrap_err(), BUSY);
        drop(only);
        assert!(places.take("192.0.2.2".parse().unwrap()).is_ok());
    }

    #[test]
    fn the_short_answers_say_their_length_truly() {
        for answer in [BUSY, TOO_MANY] {
            let text = std::str::from_utf8(answer).unwrap();
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            assert!(
                head.contains(&format!("content-length: {}\r\n", body.len())),
                "{text}"
            );
        }
    }
}
