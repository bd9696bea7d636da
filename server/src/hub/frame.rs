//! An event as the bytes of one text frame, and what kinds of frames there are. It does not know who hears it.

use bytes::Bytes;
use parley_shared::codec::encode_event;
use parley_shared::protocol::ServerEvent;

/// One whole frame of a server (RFC 6455, section 5.2), header and payload; mostly an event as text. A
/// server masks nothing, so everyone gets the same bytes: they are made once, and cloning shares them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame(Bytes);

/// What a frame is (RFC 6455, section 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opcode {
    /// More of the message whose fragments come.
    Continuation = 0,
    /// A message of text.
    Text = 1,
    /// A message of bytes.
    Binary = 2,
    /// The last that is said.
    Close = 8,
    /// "Are you there?"
    Ping = 9,
    /// "I am."
    Pong = 10,
}

/// The bit that says that a frame is a whole message, or the last of one.
const FINAL: u8 = 0x80;
/// The longest payload whose length stands in the header's second byte.
const SHORT_MAX: usize = 125;
/// "The length follows in two bytes."
const LENGTH_IN_TWO: u8 = 126;
/// "The length follows in eight bytes."
const LENGTH_IN_EIGHT: u8 = 127;
/// Bytes of the longest header.
const HEADER_BYTES_MAX: usize = 10;

impl Opcode {
    /// The one with this number; `None` for those that mean nothing yet.
    pub fn from_bits(bits: u8) -> Option<Self> {
        Some(match bits {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            _ => return None,
        })
    }

    /// Whether it is about the connection, and no part of a message.
    pub fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }
}

impl Frame {
    /// Encodes an event, once for all who hear it.
    pub fn new(event: &ServerEvent) -> Self {
        Self::of(Opcode::Text, encode_event(event).as_bytes())
    }

    /// A whole message, or one of the protocol's own frames, of at most 125 bytes.
    pub fn of(opcode: Opcode, payload: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(HEADER_BYTES_MAX + payload.len());
        bytes.push(FINAL | opcode as u8);
        match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
            (Ok(length), _) if payload.len() <= SHORT_MAX => bytes.push(length),
            (_, Ok(length)) => {
                bytes.push(LENGTH_IN_TWO);
                bytes.extend(length.to_be_bytes());
            }
            _ => {
                bytes.push(LENGTH_IN_EIGHT);
                bytes.extend((payload.len() as u64).to_be_bytes());
            }
        }
        bytes.extend(payload);
        Self(Bytes::from(bytes))
    }

    /// The whole frame, as it goes over the wire.
    pub fn encoded(&self) -> &Bytes {
        &self.0
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parley_shared::ids::UserId;
    use parley_shared::model::Person;
    use std::io::Cursor;
    use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

    /// An event whose text has exactly this many bytes.
    fn event_of(bytes: usize) -> ServerEvent {
        let with_name = |name: String| ServerEvent::PeopleChanged {
            people: vec![Person {
                id: UserId::from_bytes([1; 16]),
                name: Some(name),
                picture: None,
                deleted: false,
            }],
        };
        let empty = encode_event(&with_name(String::new())).len();
        with_name("x".repeat(bytes - empty))
    }

    #[test]
    fn a_frame_of_any_length_is_read_as_the_text_that_it_holds() {
        for bytes in [124, 125, 126, 127, 255, 256, 65_535, 65_536, 70_000] {
            let event = event_of(bytes);
            let frame = Frame::new(&event);
            let mut cursor = Cursor::new(&frame.encoded()[..]);
            let (header, length) = FrameHeader::parse(&mut cursor).unwrap().unwrap();
            assert_eq!(header.opcode, OpCode::Data(Data::Text));
            assert!(header.is_final && header.mask.is_none());
            assert_eq!(length, bytes as u64);
            let payload = &frame.encoded()[usize::try_from(cursor.position()).unwrap()..];
            assert_eq!(payload, encode_event(&event).as_bytes());
        }
    }
}
