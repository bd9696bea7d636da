//! What stands in the log, from top to bottom: messages, days, the "new" divider. It does not know how a row looks.

use parley_shared::ids::{MessageId, UserId};
use parley_shared::protocol::ChatMessage;
use parley_shared::timeline::Timeline;

use crate::state::Unread;

/// Milliseconds between two messages of one author that still belong together.
const RUN_GAP_MAX_MS: u64 = 5 * 60 * 1_000;

/// Milliseconds of a quarter of an hour: wherever one is, days begin with one, and so do other offsets.
const QUARTER_MS: u64 = 15 * 60 * 1_000;

/// One row of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// A day begins.
    Day {
        /// Days since 1970 where the reader is.
        day: i32,
        /// A moment of that day: the time of its first message, in milliseconds since 1970.
        at_ms: u64,
    },
    /// What follows is new to the reader.
    Unread,
    /// Something that happened to the conversation.
    Notice {
        /// The message that tells it.
        id: MessageId,
    },
    /// A message, confirmed or still on its way.
    Message {
        /// Which message.
        id: MessageId,
        /// Whether the reader wrote it.
        mine: bool,
        /// Whether it begins a run: messages of one author on one day, each within five minutes of the one before.
        first: bool,
    },
}

/// A message as far as the layout is concerned.
struct Entry {
    id: MessageId,
    author: Option<UserId>,
    mine: bool,
    /// Whether it says what happened, and not what someone said.
    notice: bool,
    at_ms: u64,
    day: i32,
    /// Whether it stands below the divider.
    new: bool,
}

/// The rows of a timeline: confirmed messages by place, then the reader's own that are on their way.
///
/// `local_day` gives the days since 1970 of a time, where the reader is.
pub fn rows(
    timeline: &Timeline,
    me: Option<UserId>,
    unread: &Unread,
    local_day: impl Fn(u64) -> i32,
) -> Vec<Row> {
    let entries = entries(timeline, me, unread, local_day);
    let mut rows = Vec::with_capacity(entries.len() + 8);
    for (index, entry) in entries.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| &entries[before]);
        if before.is_none_or(|before| before.day != entry.day) {
            rows.push(Row::Day {
                day: entry.day,
                at_ms: entry.at_ms,
            });
        }
        if entry.new && before.is_none_or(|before| !before.new) {
            rows.push(Row::Unread);
        }
        if entry.notice {
            rows.push(Row::Notice { id: entry.id });
            continue;
        }
        rows.push(Row::Message {
            id: entry.id,
            mine: entry.mine,
            first: before.is_none_or(|before| !same_run(before, entry)),
        });
    }
    rows
}

fn entries(
    timeline: &Timeline,
    me: Option<UserId>,
    unread: &Unread,
    local_day: impl Fn(u64) -> i32,
) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::with_capacity(timeline.len() + timeline.pending().len());
    let mut known = (u64::MAX, 0);
    let mut local_day = |at_ms: u64| {
        let quarter = at_ms / QUARTER_MS;
        if known.0 != quarter {
            known = (quarter, local_day(at_ms));
        }
        known.1
    };
    for message in timeline.messages() {
        entries.push(Entry {
            id: message.id,
            author: Some(message.author),
            mine: me == Some(message.author),
            notice: matches!(message.body, ChatMessage::Notice { .. }),
            at_ms: message.sent_ms,
            day: local_day(message.sent_ms),
            new: unread.divider.is_some_and(|place| message.seq > place),
        });
    }
    for pending in timeline.pending().iter().filter(|p| p.of.is_none()) {
        // Pending messages stand last, also when the reader's clock is behind the server's. Only
        // confirmed messages bring the divider: it says what others wrote.
        let (earliest_ms, new) = entries.last().map_or((0, false), |e| (e.at_ms, e.new));
        let at_ms = pending.written_ms.max(earliest_ms);
        entries.push(Entry {
            id: pending.id,
            author: me,
            mine: true,
            notice: false,
            at_ms,
            day: local_day(at_ms),
            new,
        });
    }
    entries
}

fn same_run(before: &Entry, after: &Entry) -> bool {
    !before.notice
        && !after.notice
        && before.author == after.author
        && before.mine == after.mine
        && before.day == after.day
        && before.new == after.new
        && after.at_ms.saturating_sub(before.at_ms) <= RUN_GAP_MAX_MS
}

#[cfg(test)]
mod tests {
    use parley_shared::ids::{ConversationId, Seq};
    use parley_shared::model::{Message, Notice};

    use super::*;

    const MINUTE: u64 = 60_000;
    const DAY: u64 = 24 * 60 * MINUTE;

    fn user(number: u8) -> UserId {
        UserId::from_bytes([number; 16])
    }

    fn id(number: u64) -> MessageId {
        MessageId::from_time_and_randomness(number, [1; 10])
    }

    fn text() -> ChatMessage {
        ChatMessage::Text { text: "hi".into() }
    }

    /// A timeline with these messages: author and time, the places counted from 1.
    fn timeline(messages: &[(u8, u64)]) -> Timeline {
        let mut timeline = Timeline::new();
        let messages: Vec<Message> = (1..)
            .zip(messages)
            .map(|(place, (author, sent_ms))| Message {
                id: id(place),
                conversation: ConversationId::from_bytes([9; 16]),
                author: user(*author),
                seq: Seq(place),
                changed: Seq(place),
                sent_ms: *sent_ms,
                edited_ms: None,
                salt: None,
                body: text(),
            })
            .collect();
        let through = Seq(messages.len() as u64);
        timeline.apply_newest(messages, through, false);
        timeline
    }

    /// The rows in short: "=1" a day, "--" the divider, "[1]" a run of one message.
    fn drawn(timeline: &Timeline, divider: Option<u64>) -> String {
        let unread = Unread {
            divider: divider.map(Seq),
            count: 0,
        };
        let day = |ms| i32::try_from(ms / DAY).expect("a day near 1970");
        let rows = rows(timeline, Some(user(1)), &unread, day);
        let goes_on = |at: usize| matches!(rows.get(at), Some(Row::Message { first: false, .. }));
        let draw = |(at, row): (usize, &Row)| match *row {
            Row::Day { day, .. } => format!("={day}"),
            Row::Unread => "--".to_owned(),
            Row::Notice { .. } => "*".to_owned(),
            Row::Message { mine, first, .. } => format!(
                "{}{}{}",
                if first { "[" } else { "" },
                if mine { "me" } else { "they" },
                if goes_on(at + 1) { "" } else { "]" },
            ),
        };
        rows.iter()
            .enumerate()
            .map(draw)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn an_empty_timeline_has_no_rows() {
        assert_eq!(drawn(&timeline(&[]), Some(0)), "");
    }

    #[test]
    fn messages_of_one_author_within_five_minutes_are_a_run() {
        let timeline = timeline(&[
            (1, 0),
            (1, 5 * MINUTE),
            (2, 5 * MINUTE),
            (2, 10 * MINUTE + 1),
        ]);
        assert_eq!(drawn(&timeline, None), "=0 [me me] [they] [they]");
    }

    #[test]
    fn a_day_ends_a_run_and_is_announced_once() {
        let timeline = timeline(&[(2, DAY - 1), (2, DAY), (2, DAY + 1)]);
        assert_eq!(drawn(&timeline, None), "=0 [they] =1 [they they]");
    }

    #[test]
    fn the_day_is_asked_for_once_in_a_quarter_of_an_hour() {
        let timeline = timeline(&[(1, 0), (2, 14 * MINUTE), (1, 15 * MINUTE), (2, 16 * MINUTE)]);
        let asked = std::cell::RefCell::new(Vec::new());
        let day = |at_ms| {
            asked.borrow_mut().push(at_ms / MINUTE);
            0
        };
        rows(&timeline, None, &Unread::default(), day);
        assert_eq!(asked.into_inner(), [0, 15]);
    }

    #[test]
    fn the_divider_stands_before_the_first_new_message_and_ends_a_run() {
        let timeline = timeline(&[(2, 0), (2, 1), (2, 2)]);
        assert_eq!(drawn(&timeline, Some(1)), "=0 [they] -- [they they]");
        assert_eq!(drawn(&timeline, Some(0)), "=0 -- [they they they]");
        assert_eq!(drawn(&timeline, Some(3)), "=0 [they they they]");
    }

    #[test]
    fn what_happened_stands_by_itself_and_ends_a_run() {
        let mut timeline = timeline(&[(2, 0), (2, 1), (2, 3)]);
        timeline.apply_live(Message {
            id: id(4),
            conversation: ConversationId::from_bytes([9; 16]),
            author: user(2),
            seq: Seq(4),
            changed: Seq(4),
            sent_ms: 4,
            edited_ms: None,
            salt: None,
            body: ChatMessage::Notice {
                notice: Notice::Left,
            },
        });
        timeline.push_pending(id(50), text(), 5);
        assert_eq!(drawn(&timeline, None), "=0 [they they they] * [me]");
    }

    #[test]
    fn pending_messages_stand_last_and_bring_no_divider() {
        let mut timeline = timeline(&[(1, 10 * MINUTE)]);
        timeline.push_pending(id(50), text(), 0);
        timeline.push_pending(id(51), text(), 11 * MINUTE);
        assert_eq!(drawn(&timeline, Some(1)), "=0 [me me me]");
    }

    #[test]
    fn a_row_stays_what_it_is_when_its_message_is_confirmed() {
        let mut timeline = timeline(&[(2, 0)]);
        timeline.push_pending(id(2), text(), MINUTE);
        let all = |timeline: &Timeline| rows(timeline, Some(user(1)), &Unread::default(), |_| 0);
        let before = all(&timeline);
        timeline.apply_live(Message {
            id: id(2),
            conversation: ConversationId::from_bytes([9; 16]),
            author: user(1),
            seq: Seq(2),
            changed: Seq(2),
            sent_ms: MINUTE + 40,
            edited_ms: None,
            salt: None,
            body: text(),
        });
        assert!(timeline.pending().is_empty());
        assert_eq!(all(&timeline), before);
    }
}
