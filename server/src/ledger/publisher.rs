//! Tells what was made durable: first everyone, in order, then who asked. It does not know how it became durable.

use parley_shared::ids::{ConversationId, Stamp};
use parley_shared::limits::{LEDGER_BATCH_MAX, MEMBERS_TOLD_AT_ONCE_MAX};
use parley_shared::protocol::ServerEvent;
use tokio::sync::mpsc;

use super::{Publication, Settled, Told};
use crate::hub::{Frame, Hub};

/// Publishes until the ledger ends.
///
/// It is a thread of its own, so that the next batch is on its way to the disk while this one is told,
/// and so that telling thousands keeps nobody else from their turn.
pub(super) fn publish(mut publications: mpsc::Receiver<Publication>, hub: &Hub) {
    while let Some(first) = publications.blocking_recv() {
        // While one batch was told the next ones came; together they cost each listener one call.
        let mut settled = Vec::new();
        let mut through = None;
        let mut drained = Vec::new();
        let mut next = Some(first);
        while let Some(publication) = next {
            match publication {
                Publication::Settled(more, stamp) => {
                    settled.extend(more);
                    through = Some(stamp);
                }
                Publication::Drained(done) => drained.push(done),
            }
            next = (settled.len() < LEDGER_BATCH_MAX)
                .then(|| publications.try_recv().ok())
                .flatten();
        }
        tell(settled, through, hub);
        for done in drained {
            // An error means that who drained has gone meanwhile.
            done.send(()).unwrap_or(());
        }
    }
}

fn tell(settled: Vec<Settled>, through: Option<Stamp>, hub: &Hub) {
    let mut frames = Frames::default();
    let mut answers = Vec::with_capacity(settled.len());
    for Settled {
        told,
        outcome,
        receipt,
    } in settled
    {
        if let Some(told) = told {
            frames.tell(told, hub);
        }
        answers.push((outcome, receipt));
    }
    frames.publish(hub);
    if let Some(stamp) = through {
        hub.told_through(stamp);
    }
    for (outcome, receipt) in answers {
        receipt(outcome);
    }
}

/// Tells what changes who is who, and who hears what.
fn tell_of_people(told: Told, hub: &Hub) {
    match told {
        Told::PersonChanged(person) => hub.rename(&person),
        Told::SignedOut { who, person } => {
            who.iter().for_each(|who| hub.sign_out(who));
            if let Some(person) = person {
                hub.rename(&person);
            }
        }
        Told::Entered {
            person,
            conversation,
            people,
        } => {
            let id = conversation.id;
            let frame = Frame::new(&ServerEvent::ConversationChanged {
                conversation: *conversation,
                people,
            });
            hub.enter(person, id, &frame);
        }
        Told::Left {
            conversation,
            person,
        } => hub.remove(person, conversation),
        Told::ToPerson { person, event } => hub.tell_person(person, &Frame::new(&event)),
        Told::Acquainted(one, other) => {
            hub.doubt(one);
            hub.doubt(other);
        }
        Told::Blocked {
            by,
            person,
            blocked: true,
        } => hub.hide(by, person),
        Told::Blocked { by, person, .. } => hub.show(by, person),
        Told::GuestsAdmitted(admitted) => hub.admit_guests(admitted),
        Told::ContactsChanged(stamp) => {
            hub.untold_since(stamp);
            hub.doubt_all();
        }
        Told::MessageChanged { .. }
        | Told::GroupChanged { .. }
        | Told::Reached(_)
        | Told::Several(_) => {}
    }
}

/// Frames of one batch, gathered by conversation: each listener is woken once for all of them.
#[derive(Default)]
struct Frames {
    gathered: Vec<(ConversationId, Vec<Frame>)>,
}

impl Frames {
    fn tell(&mut self, told: Told, hub: &Hub) {
        match told {
            Told::MessageChanged { message, author } => {
                let conversation = message.conversation;
                // Who says something has typed it; who mends something may still type something else.
                if message.changed == message.seq {
                    hub.typed(conversation, author.id);
                }
                self.add(
                    conversation,
                    Frame::new(&ServerEvent::MessageChanged { message, author }),
                );
            }
            Told::GroupChanged {
                conversation,
                group,
                members_only,
            } => {
                let is_gathered = members_only && group.members > MEMBERS_TOLD_AT_ONCE_MAX;
                let frame = Frame::new(&ServerEvent::GroupChanged {
                    conversation,
                    group,
                });
                if is_gathered {
                    // What the group was before is heard before.
                    self.publish(hub);
                    hub.count(conversation, frame);
                } else {
                    hub.overtake_count(conversation);
                    self.add(conversation, frame);
                }
            }
            Told::Reached(reached) => {
                for (conversation, receipt) in reached {
                    hub.reached(conversation, receipt);
                }
            }
            Told::Several(several) => {
                for told in several {
                    self.tell(told, hub);
                }
            }
            told => {
                // What came before is heard before.
                self.publish(hub);
                tell_of_people(told, hub);
            }
        }
    }

    fn add(&mut self, conversation: ConversationId, frame: Frame) {
        match self.gathered.iter_mut().find(|(id, _)| *id == conversation) {
            Some((_, frames)) => frames.push(frame),
            None => self.gathered.push((conversation, vec![frame])),
        }
    }

    fn publish(&mut self, hub: &Hub) {
        for (conversation, frames) in self.gathered.drain(..) {
            hub.publish(conversation, &frames);
        }
    }
}
