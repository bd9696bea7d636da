//! Streams that chance makes: mostly such as a client may send, often with something wrong in them. It does not know what is
//! made of them.

use super::chance::Chance;

/// A frame as a client may send it, or may not.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) first: u8,
    pub(crate) mask: Option<[u8; 4]>,
    /// How the length is written: in the second byte, or in two or eight bytes after it.
    pub(crate) width: usize,
    pub(crate) length: u64,
    pub(crate) payload: Vec<u8>,
}

impl Sent {
    /// A whole message, or a control frame.
    pub(crate) fn whole(opcode: u8, payload: &[u8]) -> Self {
        let length = payload.len() as u64;
        Self {
            first: 0x80 | opcode,
            mask: Some([0x37, 0xfa, 0x21, 0x3d]),
            width: match length {
                0..=125 => 0,
                126..=0xffff => 2,
                _ => 8,
            },
            length,
            payload: payload.to_vec(),
        }
    }

    /// The first fragment of a message.
    pub(crate) fn first(opcode: u8, payload: &[u8]) -> Self {
        Self::whole(opcode, payload).with(|frame| frame.first &= 0x7f)
    }

    /// A fragment after the first.
    pub(crate) fn more(payload: &[u8]) -> Self {
        Self::first(0, payload)
    }

    pub(crate) fn masked(self, mask: [u8; 4]) -> Self {
        self.with(|frame| frame.mask = Some(mask))
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Writes a length that is shorter than it is written.
    fn widen(&mut self, width: usize, length: usize) {
        self.payload.resize(length, b'w');
        (self.width, self.length) = (width, length as u64);
    }

    /// The frame as it goes over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let masked = u8::from(self.mask.is_some()) << 7;
        let short = match self.width {
            2 => 126,
            8 => 127,
            _ => self.length as u8 & 0x7f,
        };
        let mut bytes = vec![self.first, masked | short];
        bytes.extend(&self.length.to_be_bytes()[8 - self.width..]);
        bytes.extend(self.mask.iter().flatten());
        let mask = self.mask.unwrap_or_default();
        let payload = self.payload.iter().enumerate();
        bytes.extend(payload.map(|(index, byte)| byte ^ mask[index % 4]));
        bytes
    }
}

/// A stream of some messages.
pub(crate) fn any(chance: &mut Chance, bytes_max: usize) -> Vec<u8> {
    let mut frames = Vec::new();
    for _ in 0..=chance.below(6) {
        message(chance, bytes_max, &mut frames);
    }
    if chance.percent(30) {
        frames.push(goodbye(chance));
        // What comes after the last is nobody's.
        for _ in 0..chance.below(3) {
            message(chance, bytes_max, &mut frames);
        }
    }
    if chance.percent(30) {
        let at = chance.index(frames.len());
        spoil(chance, &mut frames[at]);
    }
    if chance.percent(5) {
        let at = chance.index(frames.len());
        frames.remove(at);
    }
    let mut bytes: Vec<u8> = frames.iter().flat_map(Sent::bytes).collect();
    if chance.percent(30) {
        for _ in 0..=chance.below(3) {
            mutate(chance, &mut bytes);
        }
    }
    bytes
}

/// A message in some fragments, perhaps with control frames between them.
fn message(chance: &mut Chance, bytes_max: usize, frames: &mut Vec<Sent>) {
    let payload = match chance.below(100) {
        0 => bytes(chance, bytes_max),
        1 => bytes(chance, bytes_max + 1),
        2..=4 => vec![b'x'; [125, 126, 127, 65_535, 65_536][chance.index(5)].min(bytes_max)],
        5..=50 => text(chance),
        _ => {
            let length = chance.index(40);
            bytes(chance, length)
        }
    };
    let is_text = std::str::from_utf8(&payload).is_ok() || chance.percent(3);
    let opcode = if is_text { 1 } else { 2 };
    let mut rest = &payload[..];
    let mut opcode = opcode;
    while chance.percent(45) {
        let (piece, after) = rest.split_at(chance.index(rest.len() + 1));
        rest = after;
        frames.push(Sent::first(opcode, piece).masked(mask(chance)));
        opcode = 0;
        while chance.percent(25) {
            let longest = [3, 128][chance.index(2)];
            let length = chance.index(longest);
            let payload = bytes(chance, length);
            let opcode = [9, 10][chance.index(2)];
            frames.push(Sent::whole(opcode, &payload).masked(mask(chance)));
        }
    }
    frames.push(Sent::whole(opcode, rest).masked(mask(chance)));
}

fn goodbye(chance: &mut Chance) -> Sent {
    let code = match chance.below(10) {
        0..=5 => [1000, 1001, 1011, 1014, 3000, 4999][chance.index(6)],
        6 => [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535][chance.index(9)],
        _ => chance.below(5_100) as u16,
    };
    let mut payload = code.to_be_bytes().to_vec();
    let reason = if chance.percent(10) {
        let length = chance.index(20);
        bytes(chance, length)
    } else {
        text(chance)
    };
    payload.extend(reason);
    payload.truncate(if chance.percent(15) {
        chance.index(3)
    } else {
        125
    });
    Sent::whole(8, &payload).masked(mask(chance))
}

/// Makes a frame one that may not be sent, or not at that moment.
fn spoil(chance: &mut Chance, frame: &mut Sent) {
    match chance.below(10) {
        0 => frame.first ^= 0x10 << chance.below(3),
        1 => frame.first = (frame.first & 0xf0) | chance.below(16) as u8,
        2 => frame.first ^= 0x80,
        3 => frame.mask = None,
        4 => frame.widen(2, [0, 124, 125][chance.index(3)]),
        5 => frame.widen(8, [125, 126, 65_535][chance.index(3)]),
        6 => {
            frame.width = 8;
            frame.length |= 1 << 63;
        }
        7 => {
            frame.width = 8;
            frame.length = chance.number() >> chance.below(50);
        }
        _ if frame.payload.is_empty() => frame.payload.push(0xff),
        _ => {
            let at = chance.index(frame.payload.len());
            frame.payload[at] = chance.number() as u8;
        }
    }
}

/// Changes bytes without knowing what they are.
fn mutate(chance: &mut Chance, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    // The beginning is where headers are.
    let bound = if chance.percent(50) {
        bytes.len().min(40)
    } else {
        bytes.len()
    };
    let at = chance.index(bound);
    match chance.below(6) {
        0 | 1 => bytes[at] ^= 1 << chance.below(8),
        2 => bytes[at] = chance.number() as u8,
        3 => drop(bytes.remove(at)),
        4 => bytes.insert(at, chance.number() as u8),
        _ => bytes.truncate(at),
    }
}

/// Cuts a stream into pieces: one, or single bytes, or by chance.
pub(crate) fn cut<'a>(chance: &mut Chance, mut bytes: &'a [u8]) -> Vec<&'a [u8]> {
    let longest = match chance.below(4) {
        0 => bytes.len(),
        1 => 1,
        2 => 7,
        _ => 300,
    };
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let length = 1 + chance.index(longest);
        let (piece, rest) = bytes.split_at(length.min(bytes.len()));
        pieces.push(piece);
        bytes = rest;
    }
    pieces
}

/// Characters of one to four bytes, at the edges of what there is.
fn text(chance: &mut Chance) -> Vec<u8> {
    let edges = [
        'a',
        '\0',
        '\u{7f}',
        '\u{80}',
        '\u{7ff}',
        '\u{800}',
        '\u{d7ff}',
        '\u{e000}',
        '\u{ffff}',
        '\u{10000}',
        '\u{10ffff}',
    ];
    let length = chance.index(30);
    let text: String = (0..length)
        .map(|_| edges[chance.index(edges.len())])
        .collect();
    text.into_bytes()
}

fn bytes(chance: &mut Chance, length: usize) -> Vec<u8> {
    (0..length).map(|_| chance.number() as u8).collect()
}

fn mask(chance: &mut Chance) -> [u8; 4] {
    match chance.below(10) {
        0 => [0; 4],
        1 => [0xff; 4],
        _ => (chance.number() as u32).to_be_bytes(),
    }
}
