//! What a client says, read out of bytes as they come, strictly (RFC 6455, sections 5 to 8). It knows no socket.
//!
//! It takes any bytes, in pieces of any size, and makes the same of them however they are cut. What is
//! wrong shows with the first byte that makes it wrong, and no longer claim than what has come takes memory.

use super::header::{HEADER_BYTES_MAX, Header};
use super::{Farewell, Fault, Heard};
use crate::hub::Opcode;

/// Reads one client's frames.
#[derive(Debug)]
pub(super) struct Reader {
    /// Bytes that a message may have.
    bytes_max: usize,
    /// The header that comes, as far as it was cut off: a whole one is read where it lies.
    head: [u8; HEADER_BYTES_MAX],
    head_bytes: usize,
    /// The frame whose payload comes.
    frame: Option<Coming>,
    /// The message whose fragments come.
    message: Option<Message>,
    /// The payload of a control frame: one may come between the fragments of a message.
    control: Vec<u8>,
    /// The client said its last, or something after which nothing can be read.
    is_over: bool,
}

/// A frame whose payload comes.
#[derive(Debug)]
struct Coming {
    opcode: Opcode,
    is_final: bool,
    left: usize,
    /// The mask for the byte that comes next, and for those after it.
    mask: [u8; 4],
}

/// A message that is not whole yet.
#[derive(Debug)]
struct Message {
    is_text: bool,
    bytes: Vec<u8>,
    /// How many of them are known to be UTF-8.
    checked: usize,
}

impl Reader {
    /// A reader for messages of at most so many bytes.
    pub(super) fn new(bytes_max: usize) -> Self {
        Self {
            bytes_max,
            head: [0; HEADER_BYTES_MAX],
            head_bytes: 0,
            frame: None,
            message: None,
            control: Vec::new(),
            is_over: false,
        }
    }

    /// Takes bytes up to the end of the next thing that they say; `None` when they say nothing whole.
    ///
    /// # Errors
    /// When they are no such frames, or when the client said goodbye before.
    pub(super) fn take(&mut self, input: &mut &[u8]) -> Result<Option<Heard>, Fault> {
        if self.is_over {
            return Err(Fault::Gone);
        }
        let taken = self.advance(input);
        self.is_over = matches!(taken, Err(_) | Ok(Some(Heard::Close(_))));
        taken
    }

    fn advance(&mut self, input: &mut &[u8]) -> Result<Option<Heard>, Fault> {
        loop {
            if self.frame.is_none() {
                let Some(header) = self.header(input)? else {
                    return Ok(None);
                };
                self.frame = Some(self.begin(header)?);
            }
            self.payload(input)?;
            let Some(frame) = self.frame.take_if(|frame| frame.left == 0) else {
                return Ok(None);
            };
            if let Some(heard) = self.end(&frame)? {
                return Ok(Some(heard));
            }
        }
    }

    /// Takes the next header, once it is whole.
    fn header(&mut self, input: &mut &[u8]) -> Result<Option<Header>, Fault> {
        if self.head_bytes == 0
            && let Some((header, length)) = Header::parse(input)?
        {
            *input = &input[length..];
            return Ok(Some(header));
        }
        while let Some((&byte, rest)) = input.split_first() {
            *input = rest;
            self.head[self.head_bytes] = byte;
            self.head_bytes += 1;
            if let Some((header, _)) = Header::parse(&self.head[..self.head_bytes])? {
                self.head_bytes = 0;
                return Ok(Some(header));
            }
        }
        Ok(None)
    }

    /// Whether a frame may come now, and all that it claims to bring.
    fn begin(&mut self, header: Header) -> Result<Coming, Fault> {
        match (header.opcode, &self.message) {
            (Opcode::Continuation, None) => {
                return Err(Fault::Protocol("there is nothing to be continued"));
            }
            (Opcode::Text | Opcode::Binary, Some(_)) => {
                return Err(Fault::Protocol("a message begins within another"));
            }
            _ => {}
        }
        let too_large = Fault::TooLarge {
            bytes_max: self.bytes_max,
        };
        let left = usize::try_from(header.length).map_err(|_| too_large)?;
        if !header.opcode.is_control() {
            let is_text = header.opcode == Opcode::Text;
            let message = self.message.get_or_insert(Message {
                is_text,
                bytes: Vec::new(),
                checked: 0,
            });
            if left > self.bytes_max.saturating_sub(message.bytes.len()) {
                return Err(too_large);
            }
        }
        Ok(Coming {
            opcode: header.opcode,
            is_final: header.is_final,
            left,
            mask: header.mask,
        })
    }

    /// Takes what is there of the frame's payload.
    fn payload(&mut self, input: &mut &[u8]) -> Result<(), Fault> {
        let Some(frame) = &mut self.frame else {
            return Ok(());
        };
        let (piece, rest) = input.split_at(input.len().min(frame.left));
        *input = rest;
        frame.left -= piece.len();
        match &mut self.message {
            Some(message) if !frame.opcode.is_control() => {
                unmask_into(&mut message.bytes, piece, &mut frame.mask);
                let is_whole = frame.is_final && frame.left == 0;
                if message.is_text && !is_whole {
                    message.check()?;
                }
            }
            _ => unmask_into(&mut self.control, piece, &mut frame.mask),
        }
        Ok(())
    }

    /// What a frame says now that it is whole.
    fn end(&mut self, frame: &Coming) -> Result<Option<Heard>, Fault> {
        match frame.opcode {
            Opcode::Ping => Ok(Some(Heard::Ping(std::mem::take(&mut self.control)))),
            Opcode::Pong => {
                self.control = Vec::new();
                Ok(Some(Heard::Pong))
            }
            Opcode::Close => goodbye(&std::mem::take(&mut self.control)).map(Some),
            Opcode::Continuation | Opcode::Text | Opcode::Binary => {
                let whole = self.message.take_if(|_| frame.is_final);
                whole.map(Message::whole).transpose()
            }
        }
    }
}

impl Message {
    /// Looks at the bytes that are new. The last few may be the beginning of a character whose rest
    /// comes with the next fragment.
    fn check(&mut self) -> Result<(), Fault> {
        match std::str::from_utf8(&self.bytes[self.checked..]) {
            Ok(_) => self.checked = self.bytes.len(),
            Err(error) if error.error_len().is_none() => self.checked += error.valid_up_to(),
            Err(_) => return Err(Fault::NotText),
        }
        Ok(())
    }

    fn whole(self) -> Result<Heard, Fault> {
        if !self.is_text {
            return Ok(Heard::Binary(self.bytes));
        }
        let text = String::from_utf8(self.bytes);
        text.map(Heard::Text).map_err(|_| Fault::NotText)
    }
}

/// Adds a piece of payload without its mask (section 5.3), and turns the mask to where it stands after that.
fn unmask_into(bytes: &mut Vec<u8>, piece: &[u8], mask: &mut [u8; 4]) {
    let start = bytes.len();
    bytes.extend_from_slice(piece);
    // Sixteen at a time, which the compiler makes one instruction of.
    let wide: [u8; 16] = std::array::from_fn(|at| mask[at % 4]);
    let (chunks, rest) = bytes[start..].as_chunks_mut::<16>();
    for chunk in chunks {
        for (byte, key) in chunk.iter_mut().zip(wide) {
            *byte ^= key;
        }
    }
    for (byte, key) in rest.iter_mut().zip(wide) {
        *byte ^= key;
    }
    mask.rotate_left(piece.len() % 4);
}

/// What a closing frame says (sections 5.5.1 and 7.4).
fn goodbye(payload: &[u8]) -> Result<Heard, Fault> {
    let (code, reason) = match payload {
        [] => return Ok(Heard::Close(None)),
        [_] => return Err(Fault::Protocol("a closing code is cut off")),
        [high, low, reason @ ..] => (u16::from_be_bytes([*high, *low]), reason),
    };
    if !may_be_said(code) {
        return Err(Fault::Protocol("a closing code must not be said"));
    }
    let reason = std::str::from_utf8(reason).map_err(|_| Fault::NotText)?;
    Ok(Heard::Close(Some(Farewell {
        code,
        reason: reason.to_owned().into(),
    })))
}

/// Whether a closing code may stand in a frame: those that the RFC and its registry define, but for those
/// that only say what became of a connection without one (1005, 1006, 1015), and all that are left to programs.
fn may_be_said(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

#[cfg(test)]
mod tests;
