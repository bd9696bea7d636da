//! What waits to be written to one connection, with a bound, and who writes it. It knows no socket.
//!
//! Nobody waits for a reader. While a reader takes what it is given, whoever tells something hands it
//! to the kernel at once: the connection's own task would first have to be woken and scheduled, and
//! that costs more than the call itself. What the kernel does not take waits here for the task; when
//! that is too much, the mailbox empties and closes itself with [`Ending::Resync`]: the reader comes
//! back and catches up, which costs less than what it would have to read, and nothing is skipped
//! without being noticed.
//!
//! Whoever writes holds the mailbox's lock, so frames go out whole and in the order in which they were told.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::{self, ErrorKind, IoSlice};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use parley_shared::limits::{MAILBOX_BYTES_MAX, MAILBOX_EVENTS_MAX};

use super::Frame;

/// Frames that go to the kernel in one call, at most.
const FRAMES_AT_ONCE: usize = 64;

/// The way to one reader.
pub trait Line: std::fmt::Debug + Send + Sync {
    /// Takes as many bytes as it can at once, from the first slice on, and says how many. Never waits.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] when it takes none now; anything else when it never will again.
    fn write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize>;
}

/// Why a connection ends from our side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The reader fell behind.
    Resync,
    /// The server stops.
    Restart,
    /// The connection itself has a reason.
    Over,
    /// The reader is no longer who it was: nothing more is for it.
    SignedOut,
}

/// What is to be written to one connection. Only that connection waits for it.
#[derive(Debug, Default)]
pub struct Mailbox {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Absent until the connection is ready, and after it ended.
    line: Option<Arc<dyn Line>>,
    frames: VecDeque<Frame>,
    /// Bytes of all frames that wait.
    bytes: usize,
    /// Bytes of the first frame that are out already: nothing may come between them and the rest.
    begun: usize,
    /// The line takes nothing any more.
    broken: bool,
    reading_stopped: bool,
    ending: Option<Ending>,
    /// Something other than frames changed since the connection last looked.
    nudged: bool,
    /// The connection, when it waits.
    waiting: Option<Waker>,
}

/// How far writing came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flushed {
    /// All is out.
    All,
    /// The line takes no more at the moment.
    Part,
    /// All is out, and there is nothing more to come, for this reason.
    End(Ending),
    /// The line is gone.
    Broken,
}

impl Mailbox {
    /// Gives the mailbox its line. What waits goes out, after `first`.
    pub fn open(&self, line: Arc<dyn Line>, first: &[Frame]) -> Flushed {
        let mut state = self.lock();
        for frame in first.iter().rev() {
            state.bytes += frame.len();
            state.frames.push_front(frame.clone());
        }
        state.line = Some(line);
        state.flush()
    }

    /// Tells the reader something, in this order and at once if it can be. Never waits.
    pub fn push(&self, frames: &[Frame]) {
        let mut state = self.lock();
        if state.ending.is_some() || state.broken {
            return;
        }
        let rest = state.write_through(frames);
        if rest.is_empty() && !state.broken {
            return;
        }
        state.enqueue(rest);
        wake(state);
    }

    /// Lays something down for the connection to write when its turn comes: for what is in no hurry.
    pub fn enqueue(&self, frames: &[Frame]) {
        let mut state = self.lock();
        if state.ending.is_some() || state.broken {
            return;
        }
        state.enqueue(frames);
        wake(state);
    }

    /// Tells something also after the end was decided on: a pong, the farewell, the closing frame.
    pub fn push_last(&self, frame: Frame) {
        let mut state = self.lock();
        if state.ending.is_none() {
            drop(state);
            return self.push(std::slice::from_ref(&frame));
        }
        state.bytes += frame.len();
        state.frames.push_back(frame);
    }

    /// Writes what waits, as far as the line takes it. For the connection; see [`Mailbox::changed`].
    pub fn flush(&self) -> Flushed {
        self.lock().flush()
    }

    /// Gives the line back: from now on nothing goes out, and nothing is kept.
    pub fn shut(&self) {
        let mut state = self.lock();
        state.line = None;
        state.broken = true;
        state.begun = 0;
        state.discard();
        wake(state);
    }

    /// Waits until the connection is to end without what waits for it: the reader fell behind, or
    /// nothing more is for it. For whoever waits for the line to take more.
    pub async fn cut_off(&self) -> Ending {
        let mut ending = Ending::Resync;
        self.wait(|state| match state.ending {
            Some(found @ (Ending::Resync | Ending::SignedOut)) => {
                ending = found;
                true
            }
            _ => false,
        })
        .await;
        ending
    }

    /// Ends the connection at once: what waits is not for this reader any more.
    pub fn sign_out(&self) {
        let mut state = self.lock();
        state.discard();
        state.reading_stopped = true;
        state.ending = Some(Ending::SignedOut);
        wake(state);
    }

    /// Ends the connection after what waits is written.
    pub fn close(&self, ending: Ending) {
        let mut state = self.lock();
        state.ending.get_or_insert(ending);
        wake(state);
    }

    /// Asks the connection to take no further command.
    pub fn stop_reading(&self) {
        self.lock().reading_stopped = true;
        self.nudge();
    }

    /// Has the connection look again at what it may do, for instance read on.
    pub fn nudge(&self) {
        let mut state = self.lock();
        state.nudged = true;
        wake(state);
    }

    /// Waits for a reason to look again: frames that wait, the end, a nudge.
    pub async fn changed(&self) {
        self.wait(|state| {
            std::mem::take(&mut state.nudged)
                || !state.frames.is_empty()
                || state.ending.is_some()
                || state.broken
        })
        .await;
    }

    /// Whether the connection is to take no further command.
    pub fn is_reading_stopped(&self) -> bool {
        self.lock().reading_stopped
    }

    async fn wait(&self, mut for_this: impl FnMut(&mut State) -> bool) {
        poll_fn(|context: &mut Context<'_>| {
            let mut state = self.lock();
            if for_this(&mut state) {
                return Poll::Ready(());
            }
            match &mut state.waiting {
                Some(waker) => waker.clone_from(context.waker()),
                none => *none = Some(context.waker().clone()),
            }
            Poll::Pending
        })
        .await;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it is held")
    }
}

impl State {
    /// Hands frames to the line, unless others wait before them, and says which are left.
    fn write_through<'a>(&mut self, frames: &'a [Frame]) -> &'a [Frame] {
        let (true, Some(line)) = (self.frames.is_empty(), &self.line) else {
            return frames;
        };
        match hand_over(line.as_ref(), frames, 0) {
            Ok(handed) => {
                self.begun = handed.begun;
                &frames[handed.whole..]
            }
            Err(_) => {
                self.broken = true;
                &[]
            }
        }
    }

    fn enqueue(&mut self, frames: &[Frame]) {
        // Judged by what waits already: one batch may be larger than the bound, and that alone does not
        // mean that the reader does not read.
        if self.frames.len() >= MAILBOX_EVENTS_MAX || self.bytes >= MAILBOX_BYTES_MAX {
            self.discard();
            self.ending = Some(Ending::Resync);
            return;
        }
        for frame in frames {
            self.bytes += frame.len();
            self.frames.push_back(frame.clone());
        }
    }

    fn flush(&mut self) -> Flushed {
        if self.broken {
            return Flushed::Broken;
        }
        let handed = match &self.line {
            None => Ok(Handed::default()),
            Some(line) => hand_over(line.as_ref(), self.frames.make_contiguous(), self.begun),
        };
        let Ok(handed) = handed else {
            self.broken = true;
            return Flushed::Broken;
        };
        self.begun = handed.begun;
        let out = self.frames.drain(..handed.whole);
        self.bytes -= out.map(|frame| frame.len()).sum::<usize>();
        if !self.frames.is_empty() {
            return Flushed::Part;
        }
        // A burst must not leave its room behind on each of thousands of connections.
        if self.frames.capacity() > 32 {
            self.frames = VecDeque::new();
        }
        self.ending.map_or(Flushed::All, Flushed::End)
    }

    /// Forgets what waits, but for a frame that is out in part: without its rest the reader could read
    /// nothing that follows.
    fn discard(&mut self) {
        let begun = self.frames.pop_front().filter(|_| self.begun > 0);
        self.bytes = begun.as_ref().map_or(0, Frame::len);
        self.frames = begun.into_iter().collect();
    }
}

/// How far frames were handed over.
#[derive(Default)]
struct Handed {
    /// Frames that are out.
    whole: usize,
    /// Bytes of the next one that are out.
    begun: usize,
}

/// Hands frames to a line as far as it takes them now. Of the first one, `begun` bytes are out already.
fn hand_over(line: &dyn Line, frames: &[Frame], begun: usize) -> io::Result<Handed> {
    let mut handed = Handed { whole: 0, begun };
    while handed.whole < frames.len() {
        let waiting = &frames[handed.whole..];
        let mut slices = [IoSlice::new(&[]); FRAMES_AT_ONCE];
        for (slice, frame) in slices.iter_mut().zip(waiting) {
            *slice = IoSlice::new(frame.encoded());
        }
        slices[0] = IoSlice::new(&waiting[0].encoded()[handed.begun..]);
        let count = waiting.len().min(FRAMES_AT_ONCE);
        let mut taken = match line.write(&slices[..count]) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(taken) => handed.begun + taken,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        };
        while let Some(frame) = frames.get(handed.whole)
            && taken >= frame.len()
        {
            taken -= frame.len();
            handed.whole += 1;
        }
        handed.begun = taken;
    }
    Ok(handed)
}

/// Wakes the connection, once for each time that it waits, and not under the lock that it takes first.
fn wake(mut state: MutexGuard<'_, State>) {
    let waiting = state.waiting.take();
    drop(state);
    if let Some(waker) = waiting {
        waker.wake();
    }
}

#[cfg(test)]
mod tests;
