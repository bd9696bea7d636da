//! The way from the server to one page, which takes what the play lets it take. It does not know who reads.

use std::io::{self, ErrorKind, IoSlice};
use std::sync::Mutex;

use parley_server::hub::mailbox::Line;

/// A line whose reader may stop, or take a few bytes at a time.
#[derive(Debug)]
pub(crate) struct SlowLine {
    state: Mutex<State>,
    /// Whether what is not taken at once is said to be taken, and gone.
    loses: bool,
}

#[derive(Debug, Default)]
struct State {
    /// What is on its way, in bytes of the wire.
    taken: Vec<u8>,
    /// How many bytes it takes before it takes no more; `None` for any.
    room: Option<usize>,
    broken: bool,
}

impl SlowLine {
    pub(crate) fn new(loses: bool) -> Self {
        let state = Mutex::default();
        Self { state, loses }
    }

    /// From now on it takes so many bytes, or any.
    pub(crate) fn set_room(&self, room: Option<usize>) {
        self.lock().room = room;
    }

    /// From now on it takes nothing ever again.
    pub(crate) fn break_off(&self) {
        self.lock().broken = true;
    }

    /// The whole frames that were taken since it was last asked, as text.
    pub(crate) fn frames(&self) -> Vec<String> {
        let mut state = self.lock();
        let mut frames = Vec::new();
        let mut begin = 0;
        while let Some((text, length)) = frame(&state.taken[begin..]) {
            frames.push(text);
            begin += length;
        }
        state.taken.drain(..begin);
        frames
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it is held")
    }
}

impl Line for SlowLine {
    fn write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut state = self.lock();
        if state.broken {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let offered: usize = slices.iter().map(|slice| slice.len()).sum();
        let taken = state.room.map_or(offered, |room| room.min(offered));
        if let Some(room) = &mut state.room {
            *room -= taken;
        }
        if self.loses && taken < offered {
            // Whole frames are gone, so that what follows can still be read.
            return Ok(offered);
        }
        if taken == 0 {
            return Err(ErrorKind::WouldBlock.into());
        }
        let mut left = taken;
        for slice in slices {
            let part = &slice[..slice.len().min(left)];
            state.taken.extend_from_slice(part);
            left -= part.len();
        }
        Ok(taken)
    }
}

/// The first frame in these bytes, with its length on the wire, if it is whole. A server masks nothing and
/// splits nothing (RFC 6455, section 5.2).
fn frame(bytes: &[u8]) -> Option<(String, usize)> {
    let (header, length) = match *bytes.get(1)? {
        126 => (
            4,
            u64::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?)),
        ),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)),
        short => (2, u64::from(short)),
    };
    let end = header + usize::try_from(length).ok()?;
    let text = bytes.get(header..end)?;
    Some((String::from_utf8(text.to_vec()).ok()?, end))
}
