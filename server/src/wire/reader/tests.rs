//! The reader against chance and against an independent model of what the RFC says, and what it keeps. The cases of the RFC, one
//! by one, are in `server/tests/it/conformance/`, where they go over a real connection.

use std::ops::Range;

use super::*;

#[path = "../../../tests/it/chance.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod chance;
pub(crate) mod model;
pub(crate) mod stream;

use chance::Chance;
use model::{End, Said};

/// Streams that are read when nothing else is said. `docs/conformance.md` says how to have more.
const SEEDS: Range<u64> = 0..4_000;

/// The seeds that were asked for, as `from..to`.
fn seeds() -> Range<u64> {
    let Ok(asked) = std::env::var("PARLEY_FRAME_SEEDS") else {
        return SEEDS;
    };
    let (from, to) = asked.split_once("..").expect("seeds are said as from..to");
    from.parse().unwrap()..to.parse().unwrap()
}

/// What a reader makes of a stream that comes in pieces.
fn read(pieces: &[&[u8]], bytes_max: usize) -> (Vec<Said>, End) {
    let mut reader = Reader::new(bytes_max);
    let mut heard = Vec::new();
    for piece in pieces {
        let mut input = *piece;
        loop {
            match reader.take(&mut input) {
                Ok(None) => break,
                Ok(Some(Heard::Close(farewell))) => {
                    let said = farewell.map(|it| (it.code, it.reason.into_owned().into_bytes()));
                    heard.push(Said::Close(said));
                    assert_eq!(reader.take(&mut input), Err(Fault::Gone), "after the last");
                    return (heard, End::Closed);
                }
                Ok(Some(Heard::Text(text))) => heard.push(Said::Text(text.into_bytes())),
                Ok(Some(Heard::Binary(bytes))) => heard.push(Said::Binary(bytes)),
                Ok(Some(Heard::Ping(payload))) => heard.push(Said::Ping(payload)),
                Ok(Some(Heard::Pong)) => heard.push(Said::Pong),
                Err(fault) => {
                    let code = fault.farewell().expect("it is no end of a connection").code;
                    assert_eq!(reader.take(&mut input), Err(Fault::Gone), "after a fault");
                    return (heard, End::Wrong(code));
                }
            }
        }
        assert!(input.is_empty(), "what says nothing whole is taken");
    }
    (heard, End::Open)
}

#[test]
fn any_stream_is_read_as_the_model_reads_it_however_it_is_cut() {
    let mut ends = std::collections::BTreeMap::new();
    let mut messages = 0;
    let seeds = seeds();
    for seed in seeds.clone() {
        let mut chance = Chance::new(seed);
        let bytes_max = [125, 1_000, 66_000][chance.index(3)];
        let bytes = stream::any(&mut chance, bytes_max);
        let expected = model::read(&bytes, bytes_max);
        for _ in 0..3 {
            let pieces = stream::cut(&mut chance, &bytes);
            assert_eq!(
                read(&pieces, bytes_max),
                expected,
                "seed {seed}: {bytes:02x?}"
            );
        }
        messages += expected.0.len();
        *ends.entry(expected.1).or_insert(0_u64) += 1;
    }
    println!("{seeds:?}: {messages} things said, {ends:?}");
    let wrong = [1002, 1007, 1009].map(End::Wrong);
    let all = [&[End::Open, End::Closed], &wrong[..]].concat();
    for end in all {
        let often = ends.get(&end).copied().unwrap_or_default();
        assert!(
            often * 50 > seeds.end - seeds.start,
            "{end:?} came {often} times"
        );
    }
}

#[test]
fn every_mask_is_taken_off_wherever_the_payload_is_cut() {
    let payload: Vec<u8> = (0..=255).collect();
    for mask in 0..=u8::MAX {
        let mask = [mask, mask.wrapping_add(85), !mask, mask.rotate_left(3)];
        let frame = stream::Sent::whole(2, &payload).masked(mask).bytes();
        for cut in 1..40 {
            let (first, second) = frame.split_at(cut * 6);
            let heard = read(&[first, second], 1_000);
            assert_eq!(heard.0, [Said::Binary(payload.clone())], "{mask:?} {cut}");
        }
    }
}

impl Reader {
    /// Bytes of memory that it keeps besides itself.
    fn kept(&self) -> usize {
        let message = self
            .message
            .as_ref()
            .map_or(0, |message| message.bytes.capacity());
        message + self.control.capacity()
    }
}

#[test]
fn a_claim_takes_no_memory_before_it_comes_true() {
    let mut reader = Reader::new(256 * 1024);
    let frame = stream::Sent::whole(2, &vec![7; 256 * 1024]).bytes();
    let mut input = &frame[..100];
    assert_eq!(reader.take(&mut input), Ok(None));
    assert!(reader.kept() < 200, "{}", reader.kept());
    let mut input = &frame[100..];
    assert!(matches!(
        reader.take(&mut input),
        Ok(Some(Heard::Binary(_)))
    ));
    assert_eq!(reader.kept(), 0, "nothing stays behind");
}

#[test]
fn fragments_without_end_take_no_more_than_a_message_may_have() {
    let mut reader = Reader::new(1_000);
    let first = stream::Sent::first(1, b"").bytes();
    let empty = stream::Sent::more(b"").bytes().repeat(1_000);
    let tiny = stream::Sent::more(b"x").bytes().repeat(999);
    assert_eq!(reader.take(&mut &first[..]), Ok(None));
    for _ in 0..1_000 {
        assert_eq!(reader.take(&mut &empty[..]), Ok(None));
    }
    assert_eq!(reader.kept(), 0);
    assert_eq!(reader.take(&mut &tiny[..]), Ok(None));
    assert!(reader.kept() < 2_100, "{}", reader.kept());
    assert_eq!(reader.take(&mut &empty[..]), Ok(None));
    let too_large = Err(Fault::TooLarge { bytes_max: 1_000 });
    assert_eq!(reader.take(&mut &tiny[..]), too_large);
}
