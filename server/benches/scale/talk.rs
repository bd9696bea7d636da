//! One conversation as the load follows it: who writes there, and what everyone heard. It knows no connection.

use parley_shared::codec::{decode_event, encode_command};
use parley_shared::ids::{ConversationId, MessageId};
use parley_shared::protocol::{ChatMessage, ClientCommand, ServerEvent};

use crate::rig::record::{Delivery, Heard, Record};

pub(crate) struct Talk {
    pub(crate) id: ConversationId,
    /// Those of the crowd who write there, by their number in it.
    pub(crate) writers: Vec<usize>,
    pub(crate) record: Record,
}

impl Talk {
    pub(crate) fn new(
        id: ConversationId,
        writers: Vec<usize>,
        listeners: usize,
        text_bytes: usize,
    ) -> Self {
        let mut record = Record::new(writers.len(), listeners, text_bytes);
        record.counts_from(Some(0));
        Self {
            id,
            writers,
            record,
        }
    }

    /// The command that says a text there, and the message's id.
    pub(crate) fn command(&self, text: String) -> anyhow::Result<(MessageId, String)> {
        let mut random = [0; 10];
        getrandom::fill(&mut random)
            .map_err(|error| anyhow::anyhow!("the system has no randomness: {error}"))?;
        let id = MessageId::from_time_and_randomness(parley_server::clock::now_ms(), random);
        let command = encode_command(&ClientCommand::Send {
            id,
            conversation: self.id,
            body: ChatMessage::Text { text },
        });
        Ok((id, command))
    }

    /// Hears what may be the message that has this place.
    pub(crate) fn hear(&mut self, place: usize, frame: &[u8]) -> anyhow::Result<Delivery> {
        if let Some(delivery) = self.record.hear_again(place, frame) {
            return Ok(delivery);
        }
        let event = decode_event(std::str::from_utf8(frame)?)?;
        let ServerEvent::MessageChanged { message, .. } = event else {
            anyhow::bail!("no message: {event:?}");
        };
        anyhow::ensure!(
            message.changed == message.seq,
            "a message was changed that nobody changed"
        );
        let ChatMessage::Text { text } = message.body else {
            anyhow::bail!("a message of another type: {:?}", message.body);
        };
        let seq = Some(message.seq.0);
        self.record.hear_first(place, frame, &Heard { text, seq })
    }
}
