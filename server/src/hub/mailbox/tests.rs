//! The mailbox's own tests, with a line that takes what it is told to take.

use std::io::Write as _;
use std::time::Duration;

use parley_shared::protocol::ServerEvent;
use tokio::time::timeout;

use super::*;

/// A line that takes so many bytes, then none until it is given more room.
#[derive(Debug, Default)]
struct Pipe {
    state: Mutex<PipeState>,
}

#[derive(Debug, Default)]
struct PipeState {
    room: usize,
    out: Vec<u8>,
    calls: usize,
    cut: bool,
}

impl Line for Pipe {
    fn write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut state = self.state.lock().unwrap();
        state.calls += 1;
        if state.cut {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let before = state.out.len();
        for slice in slices {
            let count = slice.len().min(state.room);
            state.room -= count;
            state.out.write_all(&slice[..count]).unwrap();
        }
        match state.out.len() - before {
            0 => Err(ErrorKind::WouldBlock.into()),
            taken => Ok(taken),
        }
    }
}

impl Pipe {
    fn with_room(room: usize) -> Arc<Self> {
        let pipe = Arc::new(Self::default());
        pipe.make_room(room);
        pipe
    }

    fn make_room(&self, bytes: usize) {
        self.state.lock().unwrap().room = bytes;
    }

    fn cut(&self) {
        self.state.lock().unwrap().cut = true;
    }

    fn out(&self) -> Vec<u8> {
        self.state.lock().unwrap().out.clone()
    }

    fn calls(&self) -> usize {
        self.state.lock().unwrap().calls
    }
}

/// A frame that differs from those of other numbers.
fn frame(number: u64) -> Frame {
    Frame::new(&ServerEvent::GoingAway {
        retry_after_ms: number,
    })
}

fn frames(numbers: std::ops::Range<u64>) -> Vec<Frame> {
    numbers.map(frame).collect()
}

fn bytes(frames: &[Frame]) -> Vec<u8> {
    frames
        .iter()
        .flat_map(|one| one.encoded().to_vec())
        .collect()
}

fn open(pipe: &Arc<Pipe>) -> Mailbox {
    let mailbox = Mailbox::default();
    mailbox.open(Arc::clone(pipe) as Arc<dyn Line>, &[]);
    mailbox
}

#[tokio::test]
async fn what_the_line_takes_goes_out_at_once_and_wakes_nobody() {
    let pipe = Pipe::with_room(usize::MAX);
    let mailbox = open(&pipe);
    mailbox.push(&frames(0..3));
    assert_eq!(pipe.out(), bytes(&frames(0..3)));
    assert_eq!(
        pipe.calls(),
        1,
        "frames that are told together go out in one call"
    );
    tokio::select! {
        biased;
        () = mailbox.changed() => panic!("there is nothing to do"),
        () = std::future::ready(()) => {}
    }
}

#[test]
fn a_batch_of_any_size_goes_out_whole() {
    let pipe = Pipe::with_room(usize::MAX);
    let mailbox = open(&pipe);
    let many = frames(0..3 * FRAMES_AT_ONCE as u64 + 1);
    mailbox.push(&many);
    assert_eq!(pipe.out(), bytes(&many));
    assert_eq!(pipe.calls(), 4);
}

#[test]
fn wherever_the_line_stops_the_rest_follows_in_order() {
    let all = frames(0..4);
    let whole = bytes(&all);
    for stop in 0..whole.len() {
        for step in [1, 7, whole.len()] {
            let pipe = Pipe::with_room(stop);
            let mailbox = open(&pipe);
            mailbox.push(&all[..2]);
            mailbox.push(&all[2..3]);
            mailbox.enqueue(&all[3..]);
            while mailbox.flush() == Flushed::Part {
                pipe.make_room(step);
            }
            assert_eq!(
                pipe.out(),
                whole,
                "stopped at {stop}, then {step} at a time"
            );
        }
    }
}

#[test]
fn the_first_frame_of_a_line_goes_before_what_was_told_meanwhile() {
    let mailbox = Mailbox::default();
    mailbox.push(&frames(1..3));
    let pipe = Pipe::with_room(usize::MAX);
    assert_eq!(mailbox.open(pipe.clone(), &[frame(0)]), Flushed::All);
    mailbox.push(&[frame(3)]);
    assert_eq!(pipe.out(), bytes(&frames(0..4)));
}

#[test]
fn what_is_in_no_hurry_waits_for_the_connection_and_what_is_told_later_waits_behind_it() {
    let pipe = Pipe::with_room(usize::MAX);
    let mailbox = open(&pipe);
    mailbox.enqueue(&[frame(0)]);
    mailbox.push(&[frame(1)]);
    assert!(pipe.out().is_empty());
    assert_eq!(mailbox.flush(), Flushed::All);
    assert_eq!(pipe.out(), bytes(&frames(0..2)));
}

#[test]
fn frames_come_out_before_the_end_and_nothing_after_it_but_the_last_words() {
    let pipe = Pipe::with_room(0);
    let mailbox = open(&pipe);
    mailbox.push(&[frame(0)]);
    mailbox.close(Ending::Restart);
    mailbox.close(Ending::Over);
    mailbox.push(&[frame(1)]);
    mailbox.push_last(frame(2));
    assert_eq!(mailbox.flush(), Flushed::Part);
    pipe.make_room(usize::MAX);
    assert_eq!(mailbox.flush(), Flushed::End(Ending::Restart));
    assert_eq!(pipe.out(), bytes(&[frame(0), frame(2)]));
}

#[test]
fn a_full_mailbox_ends_with_resync_and_keeps_only_what_is_begun() {
    for begun in [0, 5] {
        let pipe = Pipe::with_room(begun);
        let mailbox = open(&pipe);
        let many = frames(0..MAILBOX_EVENTS_MAX as u64);
        mailbox.push(&many);
        assert_eq!(
            mailbox.flush(),
            Flushed::Part,
            "the bound itself still fits"
        );
        mailbox.push(&[frame(0)]);
        pipe.make_room(usize::MAX);
        mailbox.push(&[frame(1)]);
        mailbox.push_last(frame(2));
        assert_eq!(mailbox.flush(), Flushed::End(Ending::Resync));
        let kept = if begun > 0 { &many[..1] } else { &[] };
        assert_eq!(pipe.out(), [bytes(kept), bytes(&[frame(2)])].concat());
    }
}

#[test]
fn a_batch_that_is_larger_than_the_bound_waits_for_a_reader_who_had_taken_the_last() {
    let pipe = Pipe::with_room(0);
    let mailbox = open(&pipe);
    let batch = frames(0..2 * MAILBOX_EVENTS_MAX as u64);
    for _ in 0..3 {
        mailbox.push(&[frame(0)]);
        mailbox.push(&batch);
        assert_eq!(mailbox.flush(), Flushed::Part);
        pipe.make_room(usize::MAX);
        assert_eq!(mailbox.flush(), Flushed::All);
        pipe.make_room(0);
    }
    assert_eq!(
        pipe.out().len(),
        3 * bytes(&[vec![frame(0)], batch].concat()).len()
    );
}

#[tokio::test]
async fn a_line_that_breaks_is_noticed_by_whoever_waits() {
    let pipe = Pipe::with_room(usize::MAX);
    let mailbox = open(&pipe);
    pipe.cut();
    mailbox.push(&[frame(0)]);
    timeout(Duration::from_secs(5), mailbox.changed())
        .await
        .expect("the connection hears of it");
    assert_eq!(mailbox.flush(), Flushed::Broken);
}

#[test]
fn a_mailbox_that_was_shut_writes_nothing_and_keeps_nothing() {
    let pipe = Pipe::with_room(0);
    let mailbox = open(&pipe);
    mailbox.push(&frames(0..3));
    mailbox.shut();
    pipe.make_room(usize::MAX);
    mailbox.push(&[frame(3)]);
    assert_eq!(mailbox.flush(), Flushed::Broken);
    assert!(pipe.out().is_empty());
    assert_eq!(Arc::strong_count(&pipe), 1, "the line is given back");
}

#[tokio::test]
async fn a_connection_that_waits_hears_of_every_change() {
    let changes: [fn(&Mailbox); 6] = [
        |mailbox| mailbox.push(&[frame(0)]),
        |mailbox| mailbox.enqueue(&[frame(0)]),
        |mailbox| mailbox.close(Ending::Restart),
        Mailbox::nudge,
        Mailbox::stop_reading,
        Mailbox::shut,
    ];
    for change in changes {
        for change_first in [true, false] {
            let mailbox = open(&Pipe::with_room(0));
            let wait = timeout(Duration::from_secs(5), mailbox.changed());
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

#[tokio::test]
async fn whoever_waits_for_the_line_hears_that_its_reader_fell_behind() {
    let mailbox = Arc::new(open(&Pipe::with_room(0)));
    let waiting = tokio::spawn({
        let mailbox = Arc::clone(&mailbox);
        async move { mailbox.cut_off().await }
    });
    mailbox.push(&frames(0..MAILBOX_EVENTS_MAX as u64));
    mailbox.push(&[frame(0)]);
    let told = timeout(Duration::from_secs(5), waiting)
        .await
        .expect("it is told");
    assert_eq!(told.unwrap(), Ending::Resync);
}

#[tokio::test]
async fn who_was_signed_out_gets_nothing_of_what_waits_for_them_but_the_rest_of_a_frame() {
    for begun in [0, 5] {
        let pipe = Pipe::with_room(begun);
        let mailbox = open(&pipe);
        mailbox.push(&frames(0..3));
        mailbox.sign_out();
        mailbox.push(&[frame(3)]);
        assert!(mailbox.is_reading_stopped());
        assert_eq!(mailbox.cut_off().await, Ending::SignedOut);
        pipe.make_room(usize::MAX);
        assert_eq!(mailbox.flush(), Flushed::End(Ending::SignedOut));
        let kept = if begun > 0 {
            bytes(&[frame(0)])
        } else {
            Vec::new()
        };
        assert_eq!(pipe.out(), kept);
    }
}
