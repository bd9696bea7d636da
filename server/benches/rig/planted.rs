//! Whether the check of deliveries finds what it is there for: it is shown every kind of fault before
//! anything is measured. It does not know what is measured.

use std::time::Instant;

use super::record::{Heard, Record};

/// What a server would tell: the frame, and what it says.
#[derive(Clone)]
struct Frame {
    text: String,
    seq: u64,
}

/// Messages that one sender writes. Two listen.
const MESSAGES: usize = 4;

/// A fault: what it is called, and what becomes of what the second listener hears.
type Fault = (&'static str, fn(&mut Vec<Frame>));

const FAULTS: [Fault; 7] = [
    ("lost", |frames| drop(frames.remove(1))),
    ("lost at the end", |frames| drop(frames.pop())),
    ("doubled", |frames| frames.insert(1, frames[1].clone())),
    ("doubled at the end", |frames| {
        frames.extend(frames.last().cloned());
    }),
    ("out of order", |frames| frames.swap(1, 2)),
    ("altered", |frames| frames[2].text.push('.')),
    ("numbered with a hole", |frames| frames[3].seq += 1),
];

/// Shows the check each fault, to whoever hears first and to whoever hears what others heard before.
///
/// # Errors
/// When one of them is not found, or something is found where nothing is wrong.
pub(crate) fn prove() -> anyhow::Result<()> {
    anyhow::ensure!(
        listen(&[|_| (), |_| ()]).is_ok(),
        "the check finds a fault where there is none"
    );
    for (name, plant) in FAULTS {
        for listeners in [[plant, |_| ()], [|_| (), plant]] {
            anyhow::ensure!(
                listen(&listeners).is_err(),
                "the check of deliveries does not find a message that is {name}"
            );
        }
    }
    Ok(())
}

fn listen(listeners: &[fn(&mut Vec<Frame>)]) -> anyhow::Result<()> {
    let mut record = Record::new(1, listeners.len(), 0);
    record.counts_from(Some(0));
    let said: Vec<Frame> = (1..=MESSAGES)
        .map(|seq| Frame {
            text: record.send(0, Instant::now()),
            seq: seq as u64,
        })
        .collect();
    for plant in listeners {
        let mut frames = said.clone();
        plant(&mut frames);
        for (place, frame) in frames.iter().enumerate() {
            let bytes = format!("{} {}", frame.seq, frame.text);
            if record.hear_again(place, bytes.as_bytes()).is_none() {
                let heard = Heard {
                    text: frame.text.clone(),
                    seq: Some(frame.seq),
                };
                record.hear_first(place, bytes.as_bytes(), &heard)?;
            }
        }
    }
    anyhow::ensure!(record.is_settled(), "messages are missing");
    Ok(())
}
