//! WebSocket frames on a connection: reading the client's, sending ours on their way. It knows no event and no command.
//!
//! The client's frames are read by tungstenite, which knows every way in which one can be wrong. Ours
//! are whole already when they come here (see [`Frame`]), and go out through the [`Mailbox`], from the
//! very bytes that everyone else's are, so a connection keeps no room to write in. What tungstenite
//! itself has to say (pongs, the closing frame) goes the same way: whoever writes holds the mailbox's
//! lock, and so no frame begins before the one before it is out.

use std::future::poll_fn;
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use parley_shared::limits::FRAME_BYTES_MAX;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig, WebSocketContext};
use tungstenite::{Error, Message};

use crate::hub::Frame;
use crate::hub::mailbox::{Ending, Flushed, Line, Mailbox};

/// Bytes that are read at once. The library allots them for each connection; a longer frame gets more.
const READ_BUFFER_BYTES: usize = 1024;
/// Bytes of one frame that the library itself writes, at most.
const CONTROL_BYTES_MAX: usize = 1024;
/// How long the other end is given to hang up after our closing frame.
const FAREWELL: Duration = Duration::from_secs(1);

/// One connection's frames.
#[derive(Debug)]
pub(super) struct Wire {
    stream: Arc<TcpStream>,
    client: WebSocketContext,
    /// Whether all that came was read, so that the next to be read is yet to come.
    drained: bool,
    mailbox: Arc<Mailbox>,
}

impl Wire {
    /// A connection after its upgrade, over which `mailbox` is to be written, `first` before all that
    /// waits there. `early` is what came after the request and was read with it.
    pub(super) fn new(
        stream: TcpStream,
        early: Vec<u8>,
        mailbox: Arc<Mailbox>,
        first: &[Frame],
    ) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_write_buffer_size(CONTROL_BYTES_MAX)
            .max_frame_size(Some(FRAME_BYTES_MAX))
            .max_message_size(Some(FRAME_BYTES_MAX));
        let client = WebSocketContext::from_partially_read(early, Role::Server, Some(config));
        let stream = Arc::new(stream);
        mailbox.open(Arc::new(Outlet(Arc::clone(&stream))), first);
        Self {
            stream,
            client,
            drained: false,
            mailbox,
        }
    }

    /// Reads the client's next message; pings are answered on the way. Nothing is lost when the
    /// caller gives up waiting.
    ///
    /// # Errors
    /// When the connection is gone, or what comes is no message within the bounds.
    pub(super) async fn read(&mut self) -> Result<Message, Error> {
        // A client that never stops talking must not keep others from this thread.
        tokio::task::coop::consume_budget().await;
        loop {
            if self.drained {
                poll_fn(|context| self.stream.poll_read_ready(context)).await?;
            }
            let mut ends = Ends {
                stream: &self.stream,
                mailbox: &self.mailbox,
            };
            match self.client.read(&mut ends) {
                Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => {
                    self.drained = true;
                }
                read => {
                    self.drained = false;
                    return read;
                }
            }
        }
    }

    /// Waits until the other end can be written to.
    ///
    /// # Errors
    /// When the connection is gone.
    pub(super) async fn writable(&self) -> io::Result<()> {
        poll_fn(|context| self.stream.poll_write_ready(context)).await
    }

    /// Asks the other end for a sign of life.
    ///
    /// # Errors
    /// When the connection is gone.
    pub(super) fn ping(&mut self) -> Result<(), Error> {
        let mut ends = Ends {
            stream: &self.stream,
            mailbox: &self.mailbox,
        };
        self.client.write(&mut ends, Message::Ping(Bytes::new()))
    }

    /// Ends the connection: says why, or answers the other end that did, and sees the frame off.
    pub(super) async fn close(mut self, why: Option<CloseFrame>) {
        self.mailbox.close(Ending::Over);
        let mut ends = Ends {
            stream: &self.stream,
            mailbox: &self.mailbox,
        };
        // An error means that both ends have said goodbye, or that nobody is there to hear it.
        self.client.close(&mut ends, why).ok();
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

/// Both ends for the library: it reads from the stream, and what it writes goes through the mailbox.
struct Ends<'a> {
    stream: &'a TcpStream,
    mailbox: &'a Mailbox,
}

impl Read for Ends<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.try_read(buffer)
    }
}

impl Write for Ends<'_> {
    /// Takes all, so that what the library writes at once stays together: one whole frame or several.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.mailbox.push_last(Frame::from_encoded(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
