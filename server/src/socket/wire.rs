//! WebSocket frames on a connection: reading the client's, writing ours. It knows no event and no command.
//!
//! The client's frames are read by tungstenite, which knows every way in which one can be wrong. Ours
//! are whole already when they come here (see [`Frame`]): all that wait go to the kernel in one call,
//! from the very bytes that everyone else's are, so a connection keeps no room to write in.
//!
//! No frame begins before the one before it is out: what is left of a frame that the kernel did not
//! take as a whole is kept here and goes first, also when whoever wrote it gave up waiting.

use std::future::poll_fn;
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::time::Duration;

use axum::body::Bytes;
use parley_shared::limits::FRAME_BYTES_MAX;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig, WebSocketContext};
use tungstenite::{Error, Message};

use crate::hub::Frame;

/// Bytes that are read at once. The library allots them for each connection; a longer frame gets more.
const READ_BUFFER_BYTES: usize = 1024;
/// Bytes of pings, pongs and closing frames that wait to be written, at most.
const CONTROL_BYTES_MAX: usize = 1024;
/// Frames that go to the kernel in one call, at most.
const FRAMES_AT_ONCE: usize = 64;
/// How long the other end is given to hang up after our closing frame.
const FAREWELL: Duration = Duration::from_secs(1);

/// One connection's frames.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    client: WebSocketContext,
    /// Whether all that came was read, so that the next to be read is yet to come.
    drained: bool,
    /// What is left of a frame of ours that is out in part.
    begun: Option<Bytes>,
}

impl Wire {
    /// A connection after its upgrade. `early` is what came after the request and was read with it.
    pub(super) fn new(stream: TcpStream, early: &[u8]) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_write_buffer_size(CONTROL_BYTES_MAX)
            .max_frame_size(Some(FRAME_BYTES_MAX))
            .max_message_size(Some(FRAME_BYTES_MAX));
        let client =
            WebSocketContext::from_partially_read(early.to_vec(), Role::Server, Some(config));
        Self {
            stream,
            client,
            drained: false,
            begun: None,
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
            match self.client.read(&mut Now(&self.stream)) {
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

    /// Writes as many frames as the kernel takes, and takes them off the list. Never waits.
    ///
    /// # Errors
    /// When the connection is gone.
    pub(super) fn try_write(&mut self, frames: &mut Vec<Frame>) -> io::Result<()> {
        if would_wait(self.finish())? {
            return Ok(());
        }
        let mut out = 0;
        while out < frames.len() && self.begun.is_none() {
            match self.write_some(&frames[out..]) {
                Ok(count) => out += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        frames.drain(..out);
        Ok(())
    }

    /// Whether all that was to be written is out.
    pub(super) fn is_written(&self, frames: &[Frame]) -> bool {
        frames.is_empty() && self.begun.is_none()
    }

    /// Writes all frames.
    ///
    /// # Errors
    /// When the connection is gone.
    pub(super) async fn write(&mut self, frames: &mut Vec<Frame>) -> io::Result<()> {
        loop {
            self.try_write(frames)?;
            if self.is_written(frames) {
                return Ok(());
            }
            self.writable().await?;
        }
    }

    /// Asks the other end for a sign of life.
    ///
    /// # Errors
    /// When the connection is gone.
    pub(super) fn ping(&mut self) -> io::Result<()> {
        // With a frame begun, what the other end still has to take serves as well.
        if self.begun.is_some() {
            return Ok(());
        }
        let ping = Message::Ping(Bytes::new());
        would_wait(
            self.client
                .write(&mut Now(&self.stream), ping)
                .map_err(io_error),
        )
        .map(drop)
    }

    /// Ends the connection: says why, or answers the other end that did, and sees the frame off.
    pub(super) async fn close(mut self, why: Option<CloseFrame>) {
        if self.say_goodbye(why).await.is_err() || self.stream.shutdown().await.is_err() {
            return;
        }
        // With something unread, the kernel would reset the connection, and the reset would overtake
        // the frame that says why. Who keeps talking, or does not hang up, is left after a while.
        timeout(FAREWELL, self.read_off()).await.ok();
    }

    async fn read_off(&self) {
        let mut scrap = [0; 512];
        while poll_fn(|context| self.stream.poll_read_ready(context))
            .await
            .is_ok()
        {
            match self.stream.try_read(&mut scrap) {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    }

    async fn say_goodbye(&mut self, why: Option<CloseFrame>) -> io::Result<()> {
        while would_wait(self.finish())? {
            self.writable().await?;
        }
        let mut said = self.client.close(&mut Now(&self.stream), why);
        while would_wait(said.map_err(io_error))? {
            self.writable().await?;
            said = self.client.flush(&mut Now(&self.stream));
        }
        Ok(())
    }

    /// Writes what must go before anything else.
    fn finish(&mut self) -> io::Result<()> {
        while let Some(rest) = &mut self.begun {
            let count = self.stream.try_write(rest)?;
            drop(rest.split_to(count));
            if rest.is_empty() {
                self.begun = None;
            }
        }
        self.client.flush(&mut Now(&self.stream)).map_err(io_error)
    }

    /// Hands frames to the kernel, and says how many it took; the last of them perhaps in part.
    fn write_some(&mut self, frames: &[Frame]) -> io::Result<usize> {
        let written = if let [frame] = frames {
            self.stream.try_write(frame.encoded())?
        } else {
            let mut slices = [IoSlice::new(&[]); FRAMES_AT_ONCE];
            for (slice, frame) in slices.iter_mut().zip(frames) {
                *slice = IoSlice::new(frame.encoded());
            }
            let count = frames.len().min(FRAMES_AT_ONCE);
            self.stream.try_write_vectored(&slices[..count])?
        };
        let mut left = written;
        let mut count = 0;
        while left > 0 {
            let bytes = frames[count].encoded();
            if left < bytes.len() {
                self.begun = Some(bytes.slice(left..));
            }
            left = left.saturating_sub(bytes.len());
            count += 1;
        }
        Ok(count)
    }

    async fn writable(&self) -> io::Result<()> {
        poll_fn(|context| self.stream.poll_write_ready(context)).await
    }
}

/// Whether something is not done yet because it would have to wait.
fn would_wait(done: io::Result<()>) -> io::Result<bool> {
    match done {
        Ok(()) => Ok(false),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(true),
        Err(error) => Err(error),
    }
}

fn io_error(error: Error) -> io::Error {
    match error {
        Error::Io(error) => error,
        // Both ends said goodbye: there is nothing more to write.
        other => io::Error::new(ErrorKind::NotConnected, other),
    }
}

/// The stream for the library, which expects one that says when it would have to wait.
struct Now<'a>(&'a TcpStream);

impl Read for Now<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.try_read(buffer)
    }
}

impl Write for Now<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
