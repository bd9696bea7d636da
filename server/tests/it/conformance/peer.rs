//! A client that says any bytes and reads the server's frames strictly. It knows no case.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

/// One connection.
#[derive(Debug)]
pub(crate) struct Peer {
    stream: TcpStream,
    came: Vec<u8>,
}

/// What a server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    Text(Vec<u8>),
    Binary(Vec<u8>),
    Ping,
    Pong(Vec<u8>),
    Close(Vec<u8>),
    /// The end of the connection.
    Gone,
}

/// A request that asks for a WebSocket.
pub(crate) fn request(path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
}

impl Peer {
    /// Connects, and says `after` in one breath with the request.
    pub(crate) async fn connect(address: SocketAddr, path: &str, after: &[u8]) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let said = [request(path).as_bytes(), after].concat();
        stream.write_all(&said).await.unwrap();
        let mut peer = Self {
            stream,
            came: Vec::new(),
        };
        let head = peer.head().await;
        // The example of section 1.3.
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        let lines = head.to_ascii_lowercase();
        assert!(lines.contains("\r\nupgrade: websocket\r\n"), "{head}");
        assert!(lines.contains("\r\nconnection: upgrade\r\n"), "{head}");
        assert!(head.contains(": s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{head}");
        peer
    }

    async fn head(&mut self) -> String {
        loop {
            let end = self.came.windows(4).position(|four| four == b"\r\n\r\n");
            if let Some(end) = end {
                let rest = self.came.split_off(end + 4);
                let head = std::mem::replace(&mut self.came, rest);
                return String::from_utf8(head).unwrap();
            }
            assert!(self.more().await, "the connection ended before an answer");
        }
    }

    /// Says bytes. Whether they arrive is for the next call to see.
    pub(crate) async fn say(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.ok();
    }

    /// Says bytes one by one.
    pub(crate) async fn spell(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.say(&[*byte]).await;
            tokio::task::yield_now().await;
        }
    }

    /// Says that nothing more will be said.
    pub(crate) async fn hang_up(&mut self) {
        self.stream.shutdown().await.ok();
    }

    /// The next that the server says, which must be a frame that a server may send.
    pub(crate) async fn hear(&mut self) -> Told {
        loop {
            if let Some((told, length)) = frame(&self.came) {
                self.came.drain(..length);
                return told;
            }
            if !self.more().await {
                assert!(self.came.is_empty(), "a frame was cut off");
                return Told::Gone;
            }
        }
    }

    /// The same, past the events of a chat.
    pub(crate) async fn hear_protocol(&mut self) -> Told {
        loop {
            let told = self.hear().await;
            if !matches!(told, Told::Text(_) | Told::Ping) {
                return told;
            }
        }
    }

    async fn more(&mut self) -> bool {
        let read = timeout(PATIENCE, self.stream.read_buf(&mut self.came)).await;
        let read = read.expect("the server says something in time");
        // A reset is an end too, but none that may come before all was read.
        read.expect("the connection is not reset") > 0
    }
}

/// The frame with which these bytes begin, if it is whole. A server masks nothing, and this one splits nothing.
fn frame(bytes: &[u8]) -> Option<(Told, usize)> {
    let [first, second, rest @ ..] = bytes else {
        return None;
    };
    assert_eq!(second >> 7, 0, "a server masks nothing (5.1)");
    let (length, header) = match second {
        126 => {
            let length = u16::from_be_bytes(*rest.first_chunk()?);
            assert!(length > 125, "a length is as short as it can be (5.2)");
            (u64::from(length), 4)
        }
        127 => {
            let length = u64::from_be_bytes(*rest.first_chunk()?);
            assert!(length > 0xffff, "a length is as short as it can be (5.2)");
            (length, 10)
        }
        short => (u64::from(*short), 2),
    };
    let end = header + usize::try_from(length).unwrap();
    let payload = bytes.get(header..end)?.to_vec();
    let told = match first {
        0x81 => Told::Text(payload),
        0x82 => Told::Binary(payload),
        0x88 => Told::Close(payload),
        0x89 => Told::Ping,
        0x8a => Told::Pong(payload),
        _ => panic!("no server says a frame that begins with {first:02x}"),
    };
    assert!(
        *first < 0x88 || length < 126,
        "a control frame is short (5.5)"
    );
    Some((told, end))
}
