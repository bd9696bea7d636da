//! The rows of a day in stretches: what comes above or below touches the rows of its own stretch alone, and a browser
//! lays out no other. It does not know how a row looks.

use super::super::keyed::Key;
use super::{DIVIDES, FIRST, NOTICE};

/// One row in so many that begin a run begins a stretch as well.
const RUNS: u8 = 16;
/// One row in so many within a run does: there are runs of hundreds.
const ROWS: u8 = 32;

/// Consecutive rows of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Tells it apart from the others of its day, for as long as it is there.
    pub(super) key: Key,
    pub(super) rows: Vec<Key>,
}

/// The stretches of these rows, of which those that were there before keep their keys.
pub(super) fn stretches(rows: &[Key], before: &[Stretch]) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    for row in rows {
        match all.last_mut() {
            Some(stretch) if !begins(*row) => stretch.rows.push(*row),
            _ => all.push(Stretch {
                key: *row,
                rows: vec![*row],
            }),
        }
    }
    let mut left: Vec<&Stretch> = before.iter().collect();
    for at in 0..all.len() {
        // Rows come and go at both of its ends, and at both at once where the window moves on.
        let is_same = |old: &&Stretch| {
            let [old, new] = [&old.rows[..], &all[at].rows[..]];
            has_end_of(old, new) || has_end_of(new, old)
        };
        // In their order: the next is mostly the first that is left.
        let known = left.iter().position(is_same).map(|old| left.remove(old));
        all[at].key = known.map_or_else(|| unused(&all[..at], before, all[at].key), |old| old.key);
    }
    all
}

/// Whether one of the outermost of some rows is among others.
fn has_end_of(rows: &[Key], others: &[Key]) -> bool {
    let has = |end: Option<&Key>| end.is_some_and(|end| rows.iter().any(|row| row.0 == end.0));
    has(others.first()) || has(others.last())
}

/// A key like this one that no stretch has.
fn unused(done: &[Stretch], before: &[Stretch], mut key: Key) -> Key {
    while done.iter().chain(before).any(|other| other.key == key) {
        key.1 = key.1.wrapping_add(DIVIDES);
    }
    key
}

/// Whether a stretch begins with a row. It hangs on nothing but the row, so that the same rows make the same stretches
/// whatever else is there; ids end in chance.
fn begins((id, mark): Key) -> bool {
    let chance = id[id.len() - 1];
    match mark {
        DIVIDES => false,
        mark if mark & (FIRST | NOTICE) != 0 => chance.is_multiple_of(RUNS),
        _ => chance.is_multiple_of(ROWS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u8, chance: u8) -> Key {
        let mut id = [number; 16];
        id[15] = chance;
        (id, FIRST)
    }

    /// So many rows, of which every fourth begins a stretch.
    fn many(numbers: std::ops::Range<u8>) -> Vec<Key> {
        numbers
            .map(|number| row(number, if number.is_multiple_of(4) { 16 } else { 1 }))
            .collect()
    }

    fn keys(stretches: &[Stretch]) -> Vec<Key> {
        stretches.iter().map(|stretch| stretch.key).collect()
    }

    fn joined(stretches: &[Stretch]) -> Vec<Key> {
        stretches
            .iter()
            .flat_map(|stretch| stretch.rows.clone())
            .collect()
    }

    #[test]
    fn a_stretch_begins_where_its_row_says() {
        let found = stretches(&many(2..10), &[]);
        let lengths: Vec<usize> = found.iter().map(|stretch| stretch.rows.len()).collect();
        assert_eq!(lengths, [2, 4, 2]);
        assert_eq!(joined(&found), many(2..10));
        assert!(!begins(([16; 16], 0)), "within a run");
        assert!(begins(([32; 16], 0)), "within a long one");
        assert!(!begins(([0; 16], DIVIDES)));
        assert!(begins(([16; 16], NOTICE)));
    }

    #[test]
    fn what_comes_above_and_below_leaves_the_others_as_they_were() {
        let before = stretches(&many(6..15), &[]);
        let older = stretches(&many(1..15), &before);
        assert_eq!(keys(&older)[1..], keys(&before)[..]);
        let newer = stretches(&many(6..22), &before);
        assert_eq!(keys(&newer)[..3], keys(&before)[..]);
        let fewer = stretches(&many(7..15), &before);
        assert_eq!(keys(&fewer), keys(&before), "the oldest is gone");
        let one = stretches(&many(9..11), &[]);
        let moved = stretches(&many(10..12), &one);
        assert_eq!(keys(&moved)[0], keys(&one)[0], "the window moved on");
    }

    #[test]
    fn no_two_have_one_key_however_they_fall_apart_and_come_together() {
        let apart = stretches(&many(2..10), &[]);
        // The same rows as one run: its rows begin nothing.
        let run: Vec<Key> = many(2..10).into_iter().map(|(id, _)| (id, 0)).collect();
        let mut before = apart;
        for rows in [&run[..], &many(2..10), &run[..4], &many(1..12), &many(3..9)] {
            before = stretches(rows, &before);
            assert_eq!(joined(&before), rows);
            let mut all = keys(&before);
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), before.len());
        }
    }
}
