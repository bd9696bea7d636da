//! WebSocket frames on a connection: reading the client's, sending ours on their way. It knows no event and no command.
//!
//! The client's frames are read by the reader, which knows every way in which one can be wrong. Ours
//! are whole already when they come here (see [`Frame`]), and go out through the [`Mailbox`], from the
//! very bytes that everyone else's are, so a connection keeps no room to write in. What the protocol
//! itself has to say (pongs, the closing frame) goes the same way: whoever writes holds the mailbox's
//! lock, and so no frame begins before the one before it is out.
//!
//! A connection that waits keeps no room to read in either.

use std::borrow::Cow;
use std::future::poll_fn;
use std::io::{self, ErrorKind, IoSlice};
use std::sync::Arc;
use std::time::Duration;

use parley_shared::protocol::close_code;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::hub::mailbox::{Ending, Flushed, Line, Mailbox};
use crate::hub::{Frame, Opcode};

mod header;
mod reader;
pub mod upgrade;

use reader::Reader;

/// Bytes that are read at once.
const READ_BYTES: usize = 4 * 1024;
/// How long the other end is given to hang up after our closing frame.
const FAREWELL: Duration = Duration::from_secs(1);

/// Something that a client said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A whole message of text.
    Text(String),
    /// A whole message of bytes.
    Binary(Vec<u8>),
    /// A ping with its payload. It is answered already.
    Ping(Vec<u8>),
    /// A sign of life.
    Pong,
    /// The last that the client says. [`Wire::close`] answers it.
    Close(Option<Farewell>),
}

/// What a closing frame says (RFC 6455, section 5.5.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farewell {
    /// Why, as a number (section 7.4).
    pub code: u16,
    /// Why, in words: at most 123 bytes.
    pub reason: Cow<'static, str>,
}

/// Why nothing more can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection is gone.
    Gone,
    /// What came is no frame that a client may send now, for this reason.
    Protocol(&'static str),
    /// What should be text is not UTF-8.
    NotText,
    /// A message has more bytes than it may have.
    TooLarge {
        /// What it may have.
        bytes_max: usize,
    },
}

impl Fault {
    /// What the other end is told of it, if it is there.
    pub fn farewell(self) -> Option<Farewell> {
        let (code, reason) = match self {
            Self::Gone => return None,
            Self::Protocol(reason) => (close_code::PROTOCOL, reason.into()),
            Self::NotText => (close_code::INVALID, "not text".into()),
            Self::TooLarge { bytes_max } => (
                close_code::TOO_LARGE,
                format!("a message may have at most {bytes_max} bytes").into(),
            ),
        };
        Some(Farewell { code, reason })
    }
}

impl From<io::Error> for Fault {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

/// One connection's frames.
#[derive(Debug)]
pub struct Wire {
    stream: Arc<TcpStream>,
    reader: Reader,
    /// What came and was not read yet begins at `read`.
    came: Vec<u8>,
    read: usize,
    /// Whether all that came was taken, so that the next is yet to come.
    is_drained: bool,
    mailbox: Arc<Mailbox>,
    /// The answer to the client's closing frame.
    answer: Option<Frame>,
}

impl Wire {
    /// A connection after its upgrade, over which `mailbox` is to be written, `first` before all that
    /// waits there. `early` is what came after the request and was read with it. A message of the
    /// client's may have `bytes_max` bytes.
    pub fn new(
        stream: TcpStream,
        early: Vec<u8>,
        bytes_max: usize,
        mailbox: Arc<Mailbox>,
        first: &[Frame],
    ) -> Self {
        let stream = Arc::new(stream);
        mailbox.open(Arc::new(Outlet(Arc::clone(&stream))), first);
        Self {
            stream,
            reader: Reader::new(bytes_max),
            came: early,
            read: 0,
            is_drained: false,
            mailbox,
            answer: None,
        }
    }

    /// Hears the next that the client says; pings are answered on the way. Nothing is lost when the
    /// caller gives up waiting.
    ///
    /// # Errors
    /// When the connection is gone, or what comes is no message within the bounds.
    pub async fn read(&mut self) -> Result<Heard, Fault> {
        loop {
            // A client that never stops talking must not keep others from this thread, and one whose
            // message never ends must not either: this is once for each piece that is read.
            tokio::task::coop::consume_budget().await;
            let mut input = &self.came[self.read..];
            let taken = self.reader.take(&mut input);
            self.read = self.came.len() - input.len();
            match taken? {
                Some(heard) => {
                    self.answer(&heard);
                    return Ok(heard);
                }
                None => self.fill().await?,
            }
        }
    }

    /// Reads what is there, or waits for something: all that came before was taken.
    async fn fill(&mut self) -> io::Result<()> {
        self.came.clear();
        self.read = 0;
        loop {
            if self.is_drained {
                poll_fn(|context| self.stream.poll_read_ready(context)).await?;
            }
            self.came.reserve(READ_BYTES);
            match self.stream.try_read_buf(&mut self.came) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(_) => {
                    self.is_drained = false;
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.is_drained = true;
                    // Thousands of connections wait; those few that read have room to do it in.
                    self.came = Vec::new();
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// What the protocol itself says to something that was heard (sections 5.5.1 and 5.5.2).
    fn answer(&mut self, heard: &Heard) {
        match heard {
            Heard::Ping(payload) => self.mailbox.push_last(Frame::of(Opcode::Pong, payload)),
            Heard::Close(farewell) => self.answer = Some(closing(farewell.as_ref())),
            Heard::Text(_) | Heard::Binary(_) | Heard::Pong => {}
        }
    }

    /// Waits until the other end can be written to.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn writable(&self) -> io::Result<()> {
        poll_fn(|context| self.stream.poll_write_ready(context)).await
    }

    /// Asks the other end for a sign of life.
    pub fn ping(&self) {
        self.mailbox.push_last(Frame::of(Opcode::Ping, &[]));
    }

    /// Ends the connection: answers the other end's closing frame, or says why, and sees the frame off.
    pub async fn close(mut self, why: Option<Farewell>) {
        self.mailbox.close(Ending::Over);
        let answer = self.answer.take();
        let last = answer.unwrap_or_else(|| closing(why.as_ref()));
        self.mailbox.push_last(last);
        loop {
            match self.mailbox.flush() {
                Flushed::Part if self.writable().await.is_ok() => {}
                Flushed::Part | Flushed::Broken => return,
                Flushed::All | Flushed::End(_) => break,
            }
        }
        self.mailbox.shut();
        let stream = Arc::clone(&self.stream);
        drop(self);
        let Some(mut stream) = Arc::into_inner(stream) else {
            return;
        };
        if stream.shutdown().await.is_ok() {
            // With something unread, the kernel would reset the connection, and the reset would overtake
            // the frame that says why. Who keeps talking, or does not hang up, is left after a while.
            timeout(FAREWELL, read_off(&stream)).await.ok();
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        // Others may still have the mailbox; the connection ends now nevertheless.
        self.mailbox.shut();
    }
}

/// A closing frame.
fn closing(farewell: Option<&Farewell>) -> Frame {
    let Some(Farewell { code, reason }) = farewell else {
        return Frame::of(Opcode::Close, &[]);
    };
    let payload = [&code.to_be_bytes(), reason.as_bytes()].concat();
    Frame::of(Opcode::Close, &payload)
}

async fn read_off(stream: &TcpStream) {
    let mut scrap = [0; 512];
    while poll_fn(|context| stream.poll_read_ready(context))
        .await
        .is_ok()
    {
        match stream.try_read(&mut scrap) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

/// The way out, for the mailbox.
#[derive(Debug)]
struct Outlet(Arc<TcpStream>);

impl Line for Outlet {
    fn write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match slices {
            [one] => self.0.try_write(one),
            many => self.0.try_write_vectored(many),
        }
    }
}
