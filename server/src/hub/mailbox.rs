//! What waits to be written to one connection, with a bound. It does not know the connection.
//!
//! The hub never waits for a reader. Frames wait here; when they are too many or too large, the
//! mailbox empties and closes itself with [`Ending::Resync`]: the reader comes back and catches up,
//! which costs less than what it would have to read, and nothing is skipped without being noticed.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use parley_shared::limits::{MAILBOX_BYTES_MAX, MAILBOX_EVENTS_MAX};

use super::Frame;

/// Why a connection ends from our side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The reader fell behind.
    Resync,
    /// The server stops.
    Restart,
    /// The reader is no longer who it was: nothing more is for it.
    SignedOut,
}

/// What waits to be written to one connection. Only that connection waits for it.
#[derive(Debug, Default)]
pub struct Mailbox {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    frames: VecDeque<Frame>,
    bytes: usize,
    reading_stopped: bool,
    ending: Option<Ending>,
    /// Something other than frames changed since the connection last looked.
    nudged: bool,
    /// The connection, when it waits.
    waiting: Option<Waker>,
}

/// What a mailbox has for its connection.
#[derive(Debug, PartialEq, Eq)]
pub enum Delivery {
    /// There are frames to be written.
    Frames,
    /// There is nothing more to come, for this reason.
    End(Ending),
}

impl Mailbox {
    /// Adds frames, in this order. Never waits.
    pub fn push(&self, frames: &[Frame]) {
        let mut state = self.lock();
        if state.ending.is_some() {
            return;
        }
        // Judged by what waits already: one batch may be larger than the bound, and that alone does not
        // mean that the reader does not read.
        if state.frames.len() >= MAILBOX_EVENTS_MAX || state.bytes >= MAILBOX_BYTES_MAX {
            state.frames = VecDeque::new();
            state.bytes = 0;
            state.ending = Some(Ending::Resync);
        } else {
            for frame in frames {
                state.bytes += frame.len();
                state.frames.push_back(frame.clone());
            }
        }
        wake(state);
    }

    /// Takes all that waits into `frames`, without waiting; see [`Mailbox::changed`].
    ///
    /// Frames come before the end; after [`Delivery::End`] nothing comes any more.
    pub fn try_take(&self, frames: &mut Vec<Frame>) -> Option<Delivery> {
        let mut state = self.lock();
        if !state.frames.is_empty() {
            frames.extend(state.frames.drain(..));
            state.bytes = 0;
            // A burst must not leave its room behind on each of thousands of connections.
            if state.frames.capacity() > 32 {
                state.frames = VecDeque::new();
            }
            return Some(Delivery::Frames);
        }
        state.ending.map(Delivery::End)
    }

    /// Waits until the connection is to end without what it is being written: the reader fell behind,
    /// or nothing more is for it. For whoever is busy writing.
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
        state.frames = VecDeque::new();
        state.bytes = 0;
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

    /// Waits for a reason to look again: frames, the end, a nudge.
    pub async fn changed(&self) {
        self.wait(|state| {
            std::mem::take(&mut state.nudged) || !state.frames.is_empty() || state.ending.is_some()
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

/// Wakes the connection, once for each time that it waits, and not under the lock that it takes first.
fn wake(mut state: MutexGuard<'_, State>) {
    let waiting = state.waiting.take();
    drop(state);
    if let Some(waker) = waiting {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parley_shared::protocol::ServerEvent;

    fn frame() -> Frame {
        Frame::new(&ServerEvent::Pong)
    }

    #[test]
    fn frames_come_out_in_order_and_before_the_end() {
        let mailbox = Mailbox::default();
        let second = Frame::new(&ServerEvent::GoingAway { retry_after_ms: 1 });
        let first = frame();
        mailbox.push(&[first.clone(), second.clone()]);
        mailbox.close(Ending::Restart);
        let mut frames = Vec::new();
        assert_eq!(mailbox.try_take(&mut frames), Some(Delivery::Frames));
        assert_eq!(frames, [first, second]);
        assert_eq!(
            mailbox.try_take(&mut frames),
            Some(Delivery::End(Ending::Restart))
        );
    }

    #[test]
    fn a_full_mailbox_ends_with_resync_and_keeps_nothing() {
        let mailbox = Mailbox::default();
        let many = vec![frame(); MAILBOX_EVENTS_MAX];
        mailbox.push(&many);
        let mut frames = Vec::new();
        assert_eq!(mailbox.try_take(&mut frames), Some(Delivery::Frames));
        assert_eq!(
            frames.len(),
            MAILBOX_EVENTS_MAX,
            "the bound itself still fits"
        );
        frames.clear();
        mailbox.push(&many);
        mailbox.push(&[frame()]);
        assert_eq!(
            mailbox.try_take(&mut frames),
            Some(Delivery::End(Ending::Resync))
        );
        mailbox.push(&[frame()]);
        assert!(frames.is_empty());
    }

    #[tokio::test]
    async fn a_connection_that_waits_hears_of_every_change() {
        let changes: [fn(&Mailbox); 4] = [
            |mailbox| mailbox.push(&[frame()]),
            |mailbox| mailbox.close(Ending::Restart),
            Mailbox::nudge,
            Mailbox::stop_reading,
        ];
        for change in changes {
            for change_first in [true, false] {
                let mailbox = Mailbox::default();
                let wait =
                    tokio::time::timeout(std::time::Duration::from_secs(5), mailbox.changed());
                let heard = if change_first {
                    change(&mailbox);
                    wait.await
                } else {
                    tokio::join!(biased; wait, async { change(&mailbox) }).0
                };
                heard.expect("the change is told");
            }
        }
    }

    #[tokio::test]
    async fn a_nudge_is_told_once() {
        let mailbox = Mailbox::default();
        mailbox.nudge();
        mailbox.changed().await;
        tokio::select! {
            biased;
            () = mailbox.changed() => panic!("it was told before"),
            () = std::future::ready(()) => {}
        }
    }

    #[test]
    fn a_batch_that_is_larger_than_the_bound_waits_for_a_reader_who_had_taken_the_last() {
        let mailbox = Mailbox::default();
        let batch = vec![frame(); MAILBOX_EVENTS_MAX * 2];
        for _ in 0..3 {
            mailbox.push(&[frame()]);
            mailbox.push(&batch);
            let mut frames = Vec::new();
            assert_eq!(mailbox.try_take(&mut frames), Some(Delivery::Frames));
            assert_eq!(frames.len(), batch.len() + 1);
        }
    }

    #[tokio::test]
    async fn who_was_signed_out_gets_nothing_of_what_waits_for_them() {
        let mailbox = Mailbox::default();
        mailbox.push(&[frame()]);
        mailbox.sign_out();
        mailbox.push(&[frame()]);
        let mut frames = Vec::new();
        let end = Delivery::End(Ending::SignedOut);
        assert_eq!(mailbox.try_take(&mut frames), Some(end));
        assert!(frames.is_empty());
        assert!(mailbox.is_reading_stopped());
        assert_eq!(mailbox.cut_off().await, Ending::SignedOut);
    }

    #[tokio::test]
    async fn whoever_writes_hears_that_its_reader_fell_behind() {
        let mailbox = std::sync::Arc::new(Mailbox::default());
        let writer = tokio::spawn({
            let mailbox = std::sync::Arc::clone(&mailbox);
            async move { mailbox.cut_off().await }
        });
        mailbox.push(&vec![frame(); MAILBOX_EVENTS_MAX]);
        mailbox.push(&[frame()]);
        let told = tokio::time::timeout(std::time::Duration::from_secs(5), writer)
            .await
            .expect("the writer is told");
        assert_eq!(told.unwrap(), Ending::Resync);
    }
}
