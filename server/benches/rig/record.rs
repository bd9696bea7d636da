//! What was sent in one conversation and what everyone heard: the check of every delivery. It knows no
//! connection and no encoding.
//!
//! The first connection that hears a message reads it in full, and it must be the next of its
//! sender, with the very text that was sent. Everyone else must hear the same bytes at the same
//! place. So a message that is missing, doubled, altered or out of order shows at once, and
//! checking costs a comparison of memory. What everyone has heard is forgotten.

use std::collections::VecDeque;
use std::time::Instant;

/// A message as a listener understood it.
pub(crate) struct Heard {
    pub(crate) text: String,
    /// The number that the server gave it, if it numbers messages.
    pub(crate) seq: Option<u64>,
}

/// A delivery that was as it had to be.
pub(crate) struct Delivery {
    pub(crate) sender: usize,
    /// When the message was to be sent, whenever it was.
    pub(crate) planned: Instant,
}

#[derive(Default)]
struct Sender {
    sent: usize,
    told: usize,
    /// When those were to be sent that nobody heard yet.
    waiting: VecDeque<Instant>,
}

struct Told {
    frame: Box<[u8]>,
    sender: usize,
    planned: Instant,
    /// How many have not heard it yet.
    left: usize,
}

pub(crate) struct Record {
    senders: Vec<Sender>,
    listeners: usize,
    text_bytes: usize,
    sent: usize,
    told: VecDeque<Told>,
    /// How many stood before the first of these, and everyone heard them.
    forgotten: usize,
    /// The number that the server gave the message before the first.
    seq_before: Option<u64>,
}

impl Record {
    /// Of a conversation with so many who write and so many who hear each message, of at least so many bytes.
    pub(crate) fn new(senders: usize, listeners: usize, text_bytes: usize) -> Self {
        Self {
            senders: (0..senders).map(|_| Sender::default()).collect(),
            listeners,
            text_bytes,
            sent: 0,
            told: VecDeque::new(),
            forgotten: 0,
            seq_before: None,
        }
    }

    /// Takes note of the number from which the server counts on.
    pub(crate) fn counts_from(&mut self, seq_before: Option<u64>) {
        self.seq_before = seq_before;
    }

    /// Takes note of a sender's next message, and says what its text is to be.
    pub(crate) fn send(&mut self, sender: usize, planned: Instant) -> String {
        let line = &mut self.senders[sender];
        let text = text_of(sender, line.sent, self.text_bytes);
        line.sent += 1;
        line.waiting.push_back(planned);
        self.sent += 1;
        text
    }

    /// Whether a frame is the message that the others heard at this place; then it counts.
    pub(crate) fn hear_again(&mut self, place: usize, frame: &[u8]) -> Option<Delivery> {
        let told = self.told.get(place.checked_sub(self.forgotten)?)?;
        if *told.frame != *frame || told.left == 0 {
            return None;
        }
        let (sender, planned) = (told.sender, told.planned);
        self.count(place);
        Some(Delivery { sender, planned })
    }

    /// Hears a message that nobody heard before.
    pub(crate) fn hear_first(
        &mut self,
        place: usize,
        frame: &[u8],
        heard: &Heard,
    ) -> anyhow::Result<Delivery> {
        anyhow::ensure!(
            place == self.forgotten + self.told.len(),
            "message {place} is not the one that others heard there: {:?}",
            heard.text
        );
        let sender = sender_of(&heard.text).filter(|sender| *sender < self.senders.len());
        let Some(sender) = sender else {
            anyhow::bail!("nobody sent {:?}", heard.text);
        };
        let line = &mut self.senders[sender];
        let expected = text_of(sender, line.told, self.text_bytes);
        anyhow::ensure!(
            heard.text == expected,
            "heard {:?} where {expected:?} was to come",
            heard.text
        );
        let Some(planned) = line.waiting.pop_front() else {
            anyhow::bail!("{expected:?} was heard before it was sent");
        };
        if let Some(before) = self.seq_before {
            let seq = before + place as u64 + 1;
            anyhow::ensure!(
                heard.seq == Some(seq),
                "a message has number {:?} where {seq} was to come",
                heard.seq
            );
        }
        line.told += 1;
        self.told.push_back(Told {
            frame: frame.into(),
            sender,
            planned,
            left: self.listeners,
        });
        self.count(place);
        Ok(Delivery { sender, planned })
    }

    /// How many messages were sent since the beginning.
    pub(crate) fn sent(&self) -> usize {
        self.sent
    }

    /// Whether everyone heard everything that was sent.
    pub(crate) fn is_settled(&self) -> bool {
        self.forgotten == self.sent
    }

    fn count(&mut self, place: usize) {
        self.told[place - self.forgotten].left -= 1;
        while self.told.front().is_some_and(|told| told.left == 0) {
            self.told.pop_front();
            self.forgotten += 1;
        }
    }
}

/// A text that names the sender and the number, and differs throughout.
fn text_of(sender: usize, number: usize, bytes: usize) -> String {
    let mix = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ sender as u64;
    let mut text = format!(
        "{sender:04} {number:08} {mix:016x} a line of a chat has about as many letters as this."
    );
    while text.len() < bytes {
        text.push_str(" And a long one has more.");
    }
    text
}

fn sender_of(text: &str) -> Option<usize> {
    text.get(..4)?.parse().ok()
}
