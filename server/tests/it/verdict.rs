//! What can be wrong with what people saw, by name. It does not know how it came about.
//!
//! The names follow those of Jepsen's workloads for queues and logs. The reader who reads everything
//! at the end is the truth: a run without that reader proves nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use parley_shared::ids::{MessageId, Seq};
use parley_shared::protocol::{ChatMessage, Refusal};
use parley_shared::timeline::PendingState;

use crate::client::{Seen, TestClient, text_of};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anomaly {
    pub(crate) kind: Kind,
    detail: String,
}

/// Its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// It was acknowledged and is not there.
    Lost,
    /// It is there and someone who should have it does not.
    Unseen,
    /// It is there twice.
    Duplicate,
    /// An author's messages changed their order, or changes were told in another than that of their numbers.
    Reordered,
    /// Two people have it at different places or in different words, or it stands elsewhere than was said.
    Inconsistent,
    /// A number is missing.
    Gap,
    /// It was refused and is there, or nobody wrote it.
    Phantom,
    /// What is stored does not hold together: the chain, a number, the content.
    Broken,
}

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.detail)
    }
}

impl Anomaly {
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { kind, detail }
    }
}

/// How many anomalies of each name there are, for a report.
pub(crate) fn tally(anomalies: &[Anomaly]) -> String {
    let count = |kind| anomalies.iter().filter(|found| found.kind == kind).count();
    format!(
        "lost {}, unseen {}, duplicate {}, reordered {}, inconsistent {}, gap {}, phantom {}, broken {}",
        count(Kind::Lost),
        count(Kind::Unseen),
        count(Kind::Duplicate),
        count(Kind::Reordered),
        count(Kind::Inconsistent),
        count(Kind::Gap),
        count(Kind::Phantom),
        count(Kind::Broken),
    )
}

/// Compares what people saw and were promised with what a fresh reader of everything sees.
pub(crate) fn anomalies(truth: &Seen, people: &[&TestClient]) -> Vec<Anomaly> {
    let mut found = Found::default();
    let places = found.places(truth, people);
    for person in people {
        let seen = person.seen();
        found.promises(&person.name, &seen, &places);
        found.own_order(&person.name, &seen, &places);
        found.view(&person.name, &seen, truth);
        found.changes(&person.name, &seen, truth);
    }
    found.anomalies
}

/// What people wrote that stands there once more, under an id that none of them gave it. Nobody writes the same twice.
pub(crate) fn copies(truth: &Seen, people: &[&TestClient]) -> Vec<Anomaly> {
    let mut ids = BTreeSet::new();
    let mut texts = BTreeSet::new();
    for person in people {
        for (id, body) in &person.seen().written {
            ids.insert(*id);
            texts.insert(text_of(body).to_owned());
        }
    }
    let said = truth.timeline.messages();
    said.filter(|message| !ids.contains(&message.id))
        .filter(|message| texts.contains(text_of(&message.body)))
        .map(|message| {
            let text: String = text_of(&message.body).chars().take(60).collect();
            let detail = format!("{text:?} stands once more at {}", message.seq);
            Anomaly::new(Kind::Duplicate, detail)
        })
        .collect()
}

#[derive(Default)]
struct Found {
    anomalies: Vec<Anomaly>,
}

impl Found {
    fn add(&mut self, kind: Kind, detail: String) {
        self.anomalies.push(Anomaly { kind, detail });
    }

    /// Where each message stands, each once. Every number is that of a message or of a change of one.
    fn places(&mut self, truth: &Seen, people: &[&TestClient]) -> BTreeMap<MessageId, Seq> {
        let mut places = BTreeMap::new();
        let mut numbers = BTreeSet::new();
        for message in truth.timeline.messages() {
            numbers.extend([message.seq, message.changed]);
            if let Some(other) = places.insert(message.id, message.seq) {
                self.add(
                    Kind::Duplicate,
                    format!("{:?} at {other} and {}", message.id, message.seq),
                );
            }
        }
        // Of a change that a later one has overtaken, only whoever made it knows.
        for person in people {
            let seen = person.seen();
            numbers.extend(seen.changes.iter().filter_map(|change| change.seq));
        }
        let mut expected = Seq::ZERO.next();
        for number in numbers {
            if number > expected {
                self.add(
                    Kind::Gap,
                    format!("{number} stands where {expected} should"),
                );
            }
            expected = number.next();
        }
        let through = truth.timeline.through();
        if through.next() != expected {
            let detail = format!("{expected} is the next, and {through} was the last");
            self.add(Kind::Gap, detail);
        }
        places
    }

    /// What was acknowledged is there, where it was said to be; what was refused is not.
    fn promises(&mut self, name: &str, seen: &Seen, places: &BTreeMap<MessageId, Seq>) {
        for (id, seq) in &seen.accepted {
            match places.get(id) {
                None => self.add(
                    Kind::Lost,
                    format!("{name}'s {id:?}, acknowledged at {seq}"),
                ),
                Some(place) if place != seq => self.add(
                    Kind::Inconsistent,
                    format!("{name}'s {id:?} was acknowledged at {seq} and stands at {place}"),
                ),
                Some(_) => {}
            }
        }
        for (id, reason) in &seen.refused {
            // The one stands elsewhere; the other may have been said again since, and arrived unnoticed.
            let is_open = matches!(reason, Refusal::IdTaken | Refusal::Unavailable);
            if !is_open && !seen.accepted.contains_key(id) && places.contains_key(id) {
                self.add(
                    Kind::Phantom,
                    format!("{name}'s {id:?} was refused: {reason}"),
                );
            }
        }
        for pending in seen.timeline.pending() {
            if !matches!(pending.state, PendingState::Failed(_)) {
                self.add(
                    Kind::Unseen,
                    format!("{name} still waits for {:?}", pending.id),
                );
            }
        }
    }

    /// What someone wrote first stands first, unless it was refused in between.
    fn own_order(&mut self, name: &str, seen: &Seen, places: &BTreeMap<MessageId, Seq>) {
        let own = seen
            .written
            .iter()
            .filter(|(id, _)| !seen.refused.contains_key(id))
            .filter_map(|(id, _)| Some((id, places.get(id)?)));
        let mut last = Seq::ZERO;
        for (id, place) in own {
            if *place < last {
                self.add(
                    Kind::Reordered,
                    format!("{name}'s {id:?} at {place} was written after {last}"),
                );
            }
            last = last.max(*place);
        }
    }

    /// A person sees what everyone sees.
    fn view(&mut self, name: &str, seen: &Seen, truth: &Seen) {
        for disorder in &seen.disorder {
            self.add(Kind::Reordered, format!("{name}: {disorder}"));
        }
        // A window may start late; from its start on it must hold everything.
        let start = match seen.timeline.messages().next() {
            Some(first) if seen.timeline.has_more() => first.seq,
            _ => Seq::ZERO,
        };
        let theirs: BTreeMap<Seq, _> = seen.timeline.messages().map(|m| (m.seq, m)).collect();
        let true_ones = truth
            .timeline
            .messages()
            .filter(|message| message.seq >= start);
        let mut known = BTreeSet::new();
        for message in true_ones {
            known.insert(message.seq);
            match theirs.get(&message.seq) {
                None => self.add(Kind::Unseen, format!("{name} lacks {}", message.seq)),
                Some(other) if *other != message => self.add(
                    Kind::Inconsistent,
                    format!("at {} {name} has {other:?} for {message:?}", message.seq),
                ),
                Some(_) => {}
            }
        }
        for place in theirs.keys().filter(|place| !known.contains(place)) {
            self.add(
                Kind::Phantom,
                format!("{name} alone has something at {place}"),
            );
        }
        let changed: BTreeSet<MessageId> =
            seen.changes.iter().map(|change| change.message).collect();
        let texts = seen
            .written
            .iter()
            .filter(|(id, _)| seen.accepted.contains_key(id))
            .filter(|(id, _)| !changed.contains(id));
        for (id, body) in texts {
            if truth
                .timeline
                .message(*id)
                .is_some_and(|message| message.body != *body)
            {
                self.add(
                    Kind::Phantom,
                    format!("{name} never wrote what {id:?} says"),
                );
            }
        }
    }

    /// A change that was acknowledged holds until a later one, and one that was not is to be asked for again.
    fn changes(&mut self, name: &str, seen: &Seen, truth: &Seen) {
        for change in &seen.changes {
            let (id, message) = (change.id, truth.timeline.message(change.message));
            let Some(seq) = change.seq else {
                self.add(
                    Kind::Unseen,
                    format!("{name} still waits for the change {id:?}"),
                );
                continue;
            };
            let holds = message.is_some_and(|message| {
                let says = match &change.body {
                    Some(body) => message.body == *body,
                    None => matches!(message.body, ChatMessage::Deleted { .. }),
                };
                message.changed > seq || (message.changed == seq && says)
            });
            if !holds {
                self.add(
                    Kind::Lost,
                    format!("{name}'s change {id:?}, acknowledged at {seq}"),
                );
            }
        }
    }
}
