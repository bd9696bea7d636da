//! An event as the bytes of one text frame. It does not know who hears it.

use bytes::Bytes;
use parley_shared::codec::encode_event;
use parley_shared::protocol::ServerEvent;

/// An event as one whole text frame of a server (RFC 6455, section 5.2), header and payload. A
/// server masks nothing, so everyone gets the same bytes: they are made once, and cloning shares them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame(Bytes);

/// A final frame of text.
const FINAL_TEXT: u8 = 0x81;
/// The longest payload whose length stands in the header's second byte.
const SHORT_MAX: usize = 125;
/// "The length follows in two bytes."
const LENGTH_IN_TWO: u8 = 126;
/// "The length follows in eight bytes."
const LENGTH_IN_EIGHT: u8 = 127;
/// Bytes of the longest header.
const HEADER_BYTES_MAX: usize = 10;

impl Frame {
    /// Encodes an event, once for all who hear it.
    pub fn new(event: &ServerEvent) -> Self {
        let text = encode_event(event);
        let mut bytes = Vec::with_capacity(HEADER_BYTES_MAX + text.len());
        bytes.push(FINAL_TEXT);
        match (u8::try_from(text.len()), u16::try_from(text.len())) {
            (Ok(length), _) if text.len() <= SHORT_MAX => bytes.push(length),
            (_, Ok(length)) => {
                bytes.push(LENGTH_IN_TWO);
                bytes.extend(length.to_be_bytes());
            }
            _ => {
                bytes.push(LENGTH_IN_EIGHT);
                bytes.extend((text.len() as u64).to_be_bytes());
            }
        }
        bytes.extend(text.as_bytes());
        Self(Bytes::from(bytes))
    }

    /// A frame that is whole already: one of the protocol's own.
    pub fn from_encoded(bytes: &[u8]) -> Self {
        Self(Bytes::copy_from_slice(bytes))
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
    use tungstenite::protocol::frame::FrameHeader;
    use tungstenite::protocol::frame::coding::{Data, OpCode};

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
