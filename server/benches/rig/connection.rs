//! One connection: its socket, its upgrade, what is left of a frame that has not all come. It does not know what frames say.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::Duration;

use anyhow::Context as _;
use mio::net::TcpStream;
use socket2::{Domain, Socket, Type};

use super::frames::{self, Kind};

/// Connections that share one source address. The kernel has some 28,000 ports for each.
const PER_ADDRESS: usize = 200;
/// Longest answer to an upgrade that is waited for, in bytes.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// How a connection is made.
#[derive(Default)]
pub(crate) struct Opening {
    /// Where the WebSocket is.
    pub(crate) path: String,
    /// The token that is shown, if any.
    pub(crate) bearer: Option<String>,
    /// What the kernel may keep of what was not read, if that is not left to it. Segments are then as short as
    /// they are on a network, for by their length the server's kernel judges how much to take.
    pub(crate) receive_bytes: Option<usize>,
}

/// Bytes of a segment on an Ethernet.
const SEGMENT_BYTES: u32 = 1_448;

pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    /// Whether frames have begun.
    upgraded: bool,
    /// Whether the server has ended it.
    pub(crate) ended: bool,
    rest: Vec<u8>,
}

impl Connection {
    /// Connects from an address that depends on `index`, and asks for the upgrade.
    pub(crate) fn open(
        server: SocketAddr,
        opening: &Opening,
        index: usize,
    ) -> anyhow::Result<Self> {
        let last = u8::try_from(index / PER_ADDRESS + 1).context("too many connections")?;
        let source = SocketAddrV4::new(Ipv4Addr::new(127, 0, 1, last), 0);
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        if let Some(bytes) = opening.receive_bytes {
            socket.set_recv_buffer_size(bytes)?;
            socket.set_tcp_mss(SEGMENT_BYTES)?;
        }
        socket.bind(&SocketAddr::V4(source).into())?;
        socket.connect_timeout(&server.into(), Duration::from_secs(10))?;
        socket.set_tcp_nodelay(true)?;
        socket.set_nonblocking(true)?;
        let mut connection = Self {
            stream: TcpStream::from_std(socket.into()),
            upgraded: false,
            ended: false,
            rest: Vec::new(),
        };
        let path = &opening.path;
        let bearer = opening.bearer.as_ref();
        let token = bearer.map_or(String::new(), |token| {
            format!("Authorization: Bearer {token}\r\n")
        });
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{token}\r\n"
        );
        connection.write(request.as_bytes())?;
        Ok(connection)
    }

    /// Sends a frame. What is sent is so little that it fits the kernel's buffer.
    pub(crate) fn send(&mut self, kind: Kind, payload: &[u8]) -> anyhow::Result<()> {
        self.write(&frames::masked(kind, payload))
    }

    /// Reads what is there into `buffer` and hands each whole frame to `hear`; `ended` says whether that was all.
    pub(crate) fn read(
        &mut self,
        buffer: &mut [u8],
        mut hear: impl FnMut(&mut Self, Kind, &[u8]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        loop {
            let kept = self.rest.len();
            buffer[..kept].copy_from_slice(&self.rest);
            self.rest.clear();
            let count = match self.stream.read(&mut buffer[kept..]) {
                Ok(0) => {
                    self.ended = true;
                    return Ok(());
                }
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.rest.extend_from_slice(&buffer[..kept]);
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::ConnectionReset => {
                    self.ended = true;
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            };
            let mut bytes = &buffer[..kept + count];
            if !self.upgraded {
                self.take_head(&mut bytes)?;
            }
            while self.upgraded
                && let Some((kind, payload)) = frames::take(&mut bytes)?
            {
                hear(self, kind, payload)?;
            }
            self.rest.extend_from_slice(bytes);
            // The poll tells of new bytes only; fewer than there was room for means that these were all.
            if kept + count < buffer.len() {
                return Ok(());
            }
            anyhow::ensure!(
                bytes.len() < buffer.len(),
                "a frame is larger than the buffer"
            );
        }
    }

    fn take_head(&mut self, bytes: &mut &[u8]) -> anyhow::Result<()> {
        let end = b"\r\n\r\n";
        let Some(at) = bytes.windows(end.len()).position(|window| window == end) else {
            anyhow::ensure!(bytes.len() < HEAD_BYTES_MAX, "the upgrade has no end");
            return Ok(());
        };
        if !bytes.starts_with(b"HTTP/1.1 101 ") {
            let head = String::from_utf8_lossy(&bytes[..at]);
            anyhow::bail!("no upgrade: {}", head.lines().next().unwrap_or_default());
        }
        *bytes = &bytes[at + end.len()..];
        self.upgraded = true;
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        let written = self.stream.write(bytes)?;
        anyhow::ensure!(written == bytes.len(), "the server does not read");
        Ok(())
    }
}
