//! The header of a client's frame (RFC 6455, section 5.2), and what can be wrong with it by itself. It knows no message.

use super::Fault;
use crate::hub::Opcode;

/// Bytes of the longest header: two, a length in eight, and the mask.
pub(super) const HEADER_BYTES_MAX: usize = 14;
/// The bits that only an extension may set; we agree on none.
const RESERVED: u8 = 0x70;
const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;
/// Bytes that a control frame may hold (section 5.5): as many as need no longer length.
const CONTROL_BYTES_MAX: u8 = 125;

/// What a client's frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) opcode: Opcode,
    pub(super) is_final: bool,
    /// Bytes of the payload.
    pub(super) length: u64,
    pub(super) mask: [u8; 4],
}

impl Header {
    /// Reads the header with which some bytes begin, and says how long it is; `None` while it is not whole.
    ///
    /// # Errors
    /// As soon as the bytes that are there can be the beginning of no header.
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, Fault> {
        let [first, second, rest @ ..] = bytes else {
            return Ok(None);
        };
        if first & RESERVED != 0 {
            return Err(Fault::Protocol("a reserved bit is set"));
        }
        let Some(opcode) = Opcode::from_bits(first & 0x0f) else {
            return Err(Fault::Protocol("the opcode is unknown"));
        };
        if second & MASKED == 0 {
            return Err(Fault::Protocol("a frame is not masked"));
        }
        let is_final = first & FINAL != 0;
        let short = second & !MASKED;
        if opcode.is_control() {
            if !is_final {
                return Err(Fault::Protocol("a control frame is in fragments"));
            }
            if short > CONTROL_BYTES_MAX {
                return Err(Fault::Protocol("a control frame is too long"));
            }
        }
        let Some((length, rest)) = length(short, rest)? else {
            return Ok(None);
        };
        let Some((&mask, rest)) = rest.split_first_chunk() else {
            return Ok(None);
        };
        let header = Self {
            opcode,
            is_final,
            length,
            mask,
        };
        Ok(Some((header, bytes.len() - rest.len())))
    }
}

/// The length that a header tells, and the bytes after it; `None` while it is not whole.
fn length(short: u8, rest: &[u8]) -> Result<Option<(u64, &[u8])>, Fault> {
    let (length, rest, least) = match short {
        126 => {
            let Some((bytes, rest)) = rest.split_first_chunk() else {
                return Ok(None);
            };
            (u64::from(u16::from_be_bytes(*bytes)), rest, 126)
        }
        127 => {
            let Some((bytes, rest)) = rest.split_first_chunk() else {
                return Ok(None);
            };
            (u64::from_be_bytes(*bytes), rest, 1 << 16)
        }
        short => (u64::from(short), rest, 0),
    };
    if length < least {
        return Err(Fault::Protocol(
            "a length is not written as short as it can be",
        ));
    }
    if length >> 63 != 0 {
        return Err(Fault::Protocol("the first bit of a length is set"));
    }
    Ok(Some((length, rest)))
}
