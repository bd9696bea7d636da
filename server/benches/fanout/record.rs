//! What was sent and what everyone heard: the check of every delivery. It knows no connection and no encoding.
//!
//! The first connection that hears a message reads it in full, and it must be the next of its
//! sender, with the very text that was sent. Everyone else must hear the same bytes at the same
//! place. So a message that is missing, doubled, altered or out of order shows at once, and
//! checking costs a comparison of memory.

use std::time::{Duration, Instant};

use crate::figures::Latencies;

/// A message as a listener understood it.
pub(crate) struct Heard {
    pub(crate) text: String,
    /// The number that the server gave it, if it numbers messages.
    pub(crate) seq: Option<u64>,
}

struct Sent {
    /// When it was to be sent, whenever it was.
    planned: Instant,
}

struct Told {
    frame: Box<[u8]>,
    sender: usize,
    planned: Instant,
}

pub(crate) struct Record {
    sent: Vec<Vec<Sent>>,
    /// How many of each sender's messages were told.
    told_of: Vec<usize>,
    told: Vec<Told>,
    /// The number that the server gave the message before the first.
    seq_before: Option<u64>,
    deliveries: u64,
    last_delivery: Option<Instant>,
    latencies: Latencies,
}

impl Record {
    pub(crate) fn new(senders: usize) -> Self {
        Self {
            sent: (0..senders).map(|_| Vec::new()).collect(),
            told_of: vec![0; senders],
            told: Vec::new(),
            seq_before: None,
            deliveries: 0,
            last_delivery: None,
            latencies: Latencies::new(),
        }
    }

    /// Starts to count anew. What was sent and told stays known.
    pub(crate) fn start_phase(&mut self) {
        self.deliveries = 0;
        self.last_delivery = None;
        self.latencies = Latencies::new();
    }

    /// Takes note of the number from which the server counts on.
    pub(crate) fn counts_from(&mut self, seq_before: Option<u64>) {
        self.seq_before = seq_before;
    }

    /// Takes note of a sender's next message, and says what its text is to be.
    pub(crate) fn send(&mut self, sender: usize, planned: Instant) -> String {
        let text = text_of(sender, self.sent[sender].len());
        self.sent[sender].push(Sent { planned });
        text
    }

    /// Whether a frame is the message that the others heard at this place; then it counts, and its
    /// sender comes back.
    pub(crate) fn hear_again(&mut self, place: usize, frame: &[u8], now: Instant) -> Option<usize> {
        let told = self.told.get(place)?;
        if *told.frame != *frame {
            return None;
        }
        let (sender, planned) = (told.sender, told.planned);
        self.count(planned, now);
        Some(sender)
    }

    /// Hears a message that nobody heard before. Its sender comes back.
    pub(crate) fn hear_first(
        &mut self,
        place: usize,
        frame: &[u8],
        heard: &Heard,
        now: Instant,
    ) -> anyhow::Result<usize> {
        anyhow::ensure!(
            place == self.told.len(),
            "message {place} is not the one that others heard there: {:?}",
            heard.text
        );
        let sender = sender_of(&heard.text).filter(|sender| *sender < self.sent.len());
        let Some(sender) = sender else {
            anyhow::bail!("nobody sent {:?}", heard.text);
        };
        let number = self.told_of[sender];
        let expected = text_of(sender, number);
        anyhow::ensure!(
            heard.text == expected,
            "heard {:?} where {expected:?} was to come",
            heard.text
        );
        let Some(sent) = self.sent[sender].get(number) else {
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
        let planned = sent.planned;
        self.told_of[sender] += 1;
        self.told.push(Told {
            frame: frame.into(),
            sender,
            planned,
        });
        self.count(planned, now);
        Ok(sender)
    }

    /// How many messages were sent since the beginning.
    pub(crate) fn sent(&self) -> usize {
        self.sent.iter().map(Vec::len).sum()
    }

    pub(crate) fn deliveries(&self) -> u64 {
        self.deliveries
    }

    pub(crate) fn last_delivery(&self) -> Option<Instant> {
        self.last_delivery
    }

    pub(crate) fn latencies(&self) -> &Latencies {
        &self.latencies
    }

    fn count(&mut self, planned: Instant, now: Instant) {
        self.deliveries += 1;
        self.last_delivery = Some(now);
        let latency = now.checked_duration_since(planned);
        self.latencies.record(latency.unwrap_or(Duration::ZERO));
    }
}

/// Eighty characters that name the sender and the number, and differ throughout.
fn text_of(sender: usize, number: usize) -> String {
    let mix = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ sender as u64;
    format!(
        "{sender:04} {number:08} {mix:016x} a line of a chat has about as many letters as this."
    )
}

fn sender_of(text: &str) -> Option<usize> {
    text.get(..4)?.parse().ok()
}
