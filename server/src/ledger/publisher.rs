//! Tells what was made durable: first everyone, in order, then who asked. It does not know how it became durable.

use parley_shared::ids::ConversationId;
use parley_shared::protocol::ServerEvent;
use tokio::sync::mpsc;

use super::{Publication, Settled, Told};
use crate::hub::{Frame, Hub};

/// Publishes until the ledger ends.
///
/// It is a task of its own, so that the next batch is on its way to the disk while this one is told.
pub(super) async fn publish(mut publications: mpsc::Receiver<Publication>, hub: Hub) {
    while let Some(publication) = publications.recv().await {
        match publication {
            Publication::Settled(settled) => tell(settled, &hub),
            // An error means that who drained has gone meanwhile.
            Publication::Drained(done) => done.send(()).unwrap_or(()),
        }
    }
}

fn tell(settled: Vec<Settled>, hub: &Hub) {
    let mut frames = Frames::default();
    let mut answers = Vec::with_capacity(settled.len());
    for Settled {
        told,
        outcome,
        receipt,
    } in settled
    {
        match told {
            Some(Told::MessageChanged { message, author }) => {
                let conversation = message.conversation;
                hub.typed(conversation, author.id);
                frames.add(
                    conversation,
                    Frame::new(&ServerEvent::MessageChanged { message, author }),
                );
            }
            Some(Told::PersonChanged(person)) => {
                frames.publish(hub);
                hub.rename(&person);
            }
            Some(Told::SignedOut { who, person }) => {
                frames.publish(hub);
                who.iter().for_each(|who| hub.sign_out(who));
                if let Some(person) = person {
                    hub.rename(&person);
                }
            }
            None => {}
        }
        answers.push((outcome, receipt));
    }
    frames.publish(hub);
    for (outcome, receipt) in answers {
        receipt(outcome);
    }
}

/// Frames of one batch, gathered by conversation: each listener is woken once for all of them.
#[derive(Default)]
struct Frames {
    gathered: Vec<(ConversationId, Vec<Frame>)>,
}

impl Frames {
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
