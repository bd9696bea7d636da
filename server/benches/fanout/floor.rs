//! The floor: one thread that writes whole frames to everyone and does nothing else. It does not know what they say.
//!
//! No chat server that makes one call for each listener can be cheaper: nothing is stored, numbered or
//! checked, nobody is known, and what came together goes out together. Its frames are as long as
//! Parley's, so that the kernel has the same to carry. It can also do wrong on purpose: what checks
//! deliveries must find that.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context as _;
use clap::ValueEnum;
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use socket2::{Domain, Socket, Type};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// Bytes of a message as Parley tells it: a text of eighty letters, and what stands around it.
pub(crate) const MESSAGE_BYTES: usize = 430;

const DOOR: Token = Token(usize::MAX);
const BACKLOG: i32 = 4_096;
/// Which connection is told something wrong, and from which message on.
const VICTIM: usize = 7;
const WRONG_AT: usize = 50;

/// What it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Conduct {
    Honest,
    Loses,
    Doubles,
    Swaps,
    Alters,
}

impl Conduct {
    /// Those that must not pass.
    pub(crate) const WRONG: [Self; 4] = [Self::Loses, Self::Doubles, Self::Swaps, Self::Alters];
}

struct Guest {
    stream: TcpStream,
    upgraded: bool,
    /// What was read and is not whole.
    unread: Vec<u8>,
    /// What the kernel did not take.
    unsent: Vec<u8>,
}

/// The frames that are to go out now, one behind the other, and where each ends.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// How many frames went before them.
    before: usize,
}

/// Serves until it is killed.
pub(crate) fn serve(conduct: Conduct) -> anyhow::Result<()> {
    let door = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    door.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    door.listen(BACKLOG)?;
    door.set_nonblocking(true)?;
    let mut door = TcpListener::from_std(door.into());
    let port = door.local_addr()?.port();
    writeln!(
        std::io::stdout(),
        "The floor is ready at http://localhost:{port}"
    )?;
    let mut poll = Poll::new()?;
    poll.registry()
        .register(&mut door, DOOR, Interest::READABLE)?;
    let mut events = Events::with_capacity(4_096);
    let mut guests: Vec<Option<Guest>> = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    let mut batch = Batch::default();
    loop {
        match poll.poll(&mut events, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            polled => polled?,
        }
        for event in &events {
            match event.token() {
                DOOR => admit(&door, &poll, &mut guests)?,
                Token(index) => {
                    let Some(guest) = &mut guests[index] else {
                        continue;
                    };
                    let stays = guest
                        .flush()
                        .and_then(|()| guest.read(&mut buffer, &mut batch));
                    if stays.is_err() {
                        guests[index] = None;
                    }
                }
            }
        }
        batch.tell(&mut guests, conduct);
    }
}

fn admit(door: &TcpListener, poll: &Poll, guests: &mut Vec<Option<Guest>>) -> anyhow::Result<()> {
    loop {
        let mut stream = match door.accept() {
            Ok((stream, _)) => stream,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        stream.set_nodelay(true)?;
        let token = Token(guests.len());
        let interest = Interest::READABLE | Interest::WRITABLE;
        poll.registry().register(&mut stream, token, interest)?;
        guests.push(Some(Guest {
            stream,
            upgraded: false,
            unread: Vec::new(),
            unsent: Vec::new(),
        }));
    }
}

impl Guest {
    fn read(&mut self, buffer: &mut [u8], batch: &mut Batch) -> anyhow::Result<()> {
        loop {
            match self.stream.read(buffer) {
                Ok(0) => anyhow::bail!("gone"),
                Ok(count) => self.unread.extend_from_slice(&buffer[..count]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        if !self.upgraded && !self.upgrade()? {
            return Ok(());
        }
        let mut rest = self.unread.as_slice();
        while let Some(text) = take(&mut rest)? {
            batch.add(&text);
        }
        let left = rest.len();
        self.unread.drain(..self.unread.len() - left);
        if left == 0 {
            self.unread = Vec::new();
        }
        Ok(())
    }

    /// Answers the request, when it is all there.
    fn upgrade(&mut self) -> anyhow::Result<bool> {
        let end = b"\r\n\r\n";
        let found = self.unread.windows(end.len()).position(|part| part == end);
        let Some(at) = found else {
            return Ok(false);
        };
        let head = std::str::from_utf8(&self.unread[..at])?;
        let key = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("sec-websocket-key")
                .then(|| value.trim())
        });
        let accept = derive_accept_key(key.context("no key")?.as_bytes());
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {accept}\r\n\r\n"
        );
        self.unread.drain(..at + end.len());
        self.upgraded = true;
        self.write(answer.as_bytes())?;
        self.write(&framed(HELLO))?;
        Ok(true)
    }

    fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        if !self.unsent.is_empty() {
            self.unsent.extend_from_slice(bytes);
            return self.flush();
        }
        let taken = match self.stream.write(bytes) {
            Ok(taken) => taken,
            Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
            Err(error) => return Err(error.into()),
        };
        self.unsent.extend_from_slice(&bytes[taken..]);
        Ok(())
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        if self.unsent.is_empty() {
            return Ok(());
        }
        match self.stream.write(&self.unsent) {
            Ok(taken) => drop(self.unsent.drain(..taken)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

/// What it says to whoever came.
pub(crate) const HELLO: &[u8] = b"hello";

impl Batch {
    fn add(&mut self, text: &[u8]) {
        let mut message = text.to_vec();
        message.resize(message.len().max(MESSAGE_BYTES), b' ');
        self.bytes.extend(framed(&message));
        self.ends.push(self.bytes.len());
    }

    fn tell(&mut self, guests: &mut [Option<Guest>], conduct: Conduct) {
        if self.ends.is_empty() {
            return;
        }
        for (index, place) in guests.iter_mut().enumerate() {
            let Some(guest) = place.as_mut().filter(|guest| guest.upgraded) else {
                continue;
            };
            let told = if index == VICTIM && conduct != Conduct::Honest {
                guest.write(&self.wrong(conduct))
            } else {
                guest.write(&self.bytes)
            };
            if told.is_err() {
                *place = None;
            }
        }
        self.before += self.ends.len();
        self.bytes.clear();
        self.ends.clear();
    }

    /// The same with one thing wrong, if it is time for that.
    fn wrong(&self, conduct: Conduct) -> Vec<u8> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let mut frames: Vec<Vec<u8>> = starts
            .zip(&self.ends)
            .map(|(start, end)| self.bytes[start..*end].to_vec())
            .collect();
        let at = WRONG_AT.saturating_sub(self.before);
        // Two that come together are needed to be swapped.
        if at + 1 < frames.len() {
            match conduct {
                Conduct::Honest => {}
                Conduct::Loses => drop(frames.remove(at)),
                Conduct::Doubles => frames.insert(at, frames[at].clone()),
                Conduct::Swaps => frames.swap(at, at + 1),
                Conduct::Alters => frames[at][10] ^= 1,
            }
        }
        frames.concat()
    }
}

/// A server's text frame.
fn framed(message: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x81];
    match u8::try_from(message.len()) {
        Ok(length) if length <= 125 => frame.push(length),
        _ => {
            let length = u16::try_from(message.len()).unwrap_or(u16::MAX);
            frame.push(126);
            frame.extend(length.to_be_bytes());
        }
    }
    frame.extend(message);
    frame
}

/// Takes the first whole frame of a client off the front of `bytes`; what is not text is passed over.
fn take(bytes: &mut &[u8]) -> anyhow::Result<Option<Vec<u8>>> {
    let &[first, second, ..] = *bytes else {
        return Ok(None);
    };
    anyhow::ensure!(second & 0x80 != 0, "a client masks");
    let (head, length) = match (second & 0x7f, bytes.get(2..4)) {
        (126, Some(&[a, b])) => (4, usize::from(u16::from_be_bytes([a, b]))),
        (126, _) => return Ok(None),
        (127, _) => anyhow::bail!("too long"),
        (short, _) => (2, usize::from(short)),
    };
    let (Some(mask), Some(payload)) = (
        bytes.get(head..head + 4),
        bytes.get(head + 4..head + 4 + length),
    ) else {
        return Ok(None);
    };
    let text = payload
        .iter()
        .zip(mask.iter().cycle())
        .map(|(byte, mask)| byte ^ mask)
        .collect();
    *bytes = &bytes[head + 4 + length..];
    if first == 0x81 {
        Ok(Some(text))
    } else {
        take(bytes)
    }
}
