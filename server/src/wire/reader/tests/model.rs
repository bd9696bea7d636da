//! What the RFC makes of a stream, written from its text and not from the reader: whole, from its first byte on,
//! with a UTF-8 of its own (RFC 3629, section 4). It knows nothing of how a stream comes.

/// Something that a stream says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    Text(Vec<u8>),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong,
    Close(Option<(u16, Vec<u8>)>),
}

/// How a stream ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    /// More may come.
    Open,
    /// The last was said.
    Closed,
    /// It must be failed with this code.
    Wrong(u16),
}

/// What stands before a payload.
struct Head {
    fin: bool,
    opcode: u8,
    length: u128,
    mask: [u8; 4],
    payload_at: usize,
}

/// The header at some place of a stream, or how the stream ends there.
fn head(stream: &[u8], at: usize) -> Result<Head, End> {
    if stream.len() - at < 2 {
        return Err(End::Open);
    }
    let (one, two) = (stream[at], stream[at + 1]);
    let (fin, opcode, length) = (one >> 7 == 1, one & 15, two & 127);
    let is_control = opcode >= 8;
    let is_known = [0, 1, 2, 8, 9, 10].contains(&opcode);
    let is_bare = two < 128;
    if (one & 112) > 0 || !is_known || is_bare || (is_control && (!fin || length > 125)) {
        return Err(End::Wrong(1002));
    }
    let extended = match length {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    let mask_at = at + 2 + extended;
    if stream.len() < mask_at {
        return Err(End::Open);
    }
    let told = stream[at + 2..mask_at].iter();
    let told = told.fold(0_u128, |length, byte| length * 256 + u128::from(*byte));
    let is_allowed = match extended {
        2 => told > 125,
        8 => told > 65_535 && told < 1 << 63,
        _ => true,
    };
    if !is_allowed {
        return Err(End::Wrong(1002));
    }
    let payload_at = mask_at + 4;
    if stream.len() < payload_at {
        return Err(End::Open);
    }
    Ok(Head {
        fin,
        opcode,
        length: if extended == 0 {
            u128::from(length)
        } else {
            told
        },
        mask: stream[mask_at..payload_at].try_into().unwrap(),
        payload_at,
    })
}

/// Everything that a stream says, and how it ends.
pub(crate) fn read(stream: &[u8], bytes_max: usize) -> (Vec<Said>, End) {
    let mut said = Vec::new();
    // The message under way: its opcode, and its bytes up to here.
    let mut message: Option<(u8, Vec<u8>)> = None;
    let mut at = 0;
    loop {
        let Head {
            fin,
            opcode,
            length,
            mask,
            payload_at,
        } = match head(stream, at) {
            Ok(head) => head,
            Err(end) => return (said, end),
        };
        let is_control = opcode >= 8;
        let is_start = opcode == 1 || opcode == 2;
        let is_out_of_turn = match message {
            Some(_) => is_start,
            None => opcode == 0,
        };
        if is_out_of_turn {
            return (said, End::Wrong(1002));
        }
        let before = message.as_ref().map_or(0, |(_, bytes)| bytes.len());
        if !is_control && before as u128 + length > bytes_max as u128 {
            return (said, End::Wrong(1009));
        }
        let there = (stream.len() - payload_at).min(length as usize);
        let is_whole = there as u128 == length;
        let payload: Vec<u8> = (0..there)
            .map(|index| stream[payload_at + index] ^ mask[index % 4])
            .collect();
        at = payload_at + there;
        if !is_control {
            let (kind, bytes) = message.get_or_insert((opcode, Vec::new()));
            bytes.extend(&payload);
            let needed = if *kind == 1 { utf_8(bytes) } else { Some(0) };
            match needed {
                Some(0) => {}
                // A character may go on in what comes yet, if anything does.
                Some(_) if !(fin && is_whole) => {}
                _ => return (said, End::Wrong(1007)),
            }
        }
        if !is_whole {
            return (said, End::Open);
        }
        match opcode {
            8 => return close(said, &payload),
            9 => said.push(Said::Ping(payload)),
            10 => said.push(Said::Pong),
            _ if fin => said.extend(message.take().map(|(kind, bytes)| match kind {
                1 => Said::Text(bytes),
                _ => Said::Binary(bytes),
            })),
            _ => {}
        }
    }
}

fn close(mut said: Vec<Said>, payload: &[u8]) -> (Vec<Said>, End) {
    if payload.is_empty() {
        said.push(Said::Close(None));
        return (said, End::Closed);
    }
    if payload.len() == 1 {
        return (said, End::Wrong(1002));
    }
    let code = u16::from(payload[0]) * 256 + u16::from(payload[1]);
    // Below 1000 unused; 1004 and from 1015 on reserved; 1005 and 1006 never in a frame; above 4999 nothing.
    let defined = [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
    ];
    if !defined.contains(&code) && !(3000..5000).contains(&code) {
        return (said, End::Wrong(1002));
    }
    if utf_8(&payload[2..]) != Some(0) {
        return (said, End::Wrong(1007));
    }
    said.push(Said::Close(Some((code, payload[2..].to_vec()))));
    (said, End::Closed)
}

/// How many bytes the last character still needs; `None` when this can be no UTF-8, whatever comes.
fn utf_8(bytes: &[u8]) -> Option<usize> {
    let mut needed = 0;
    // The next byte must lie between these; any but the first of a character's tail lies between 80 and BF.
    let mut range = (0x80, 0xbf);
    for &byte in bytes {
        if needed > 0 {
            if byte < range.0 || byte > range.1 {
                return None;
            }
            range = (0x80, 0xbf);
            needed -= 1;
            continue;
        }
        (needed, range) = match byte {
            0x00..=0x7f => (0, (0x80, 0xbf)),
            0xc2..=0xdf => (1, (0x80, 0xbf)),
            0xe0 => (2, (0xa0, 0xbf)),
            0xe1..=0xec | 0xee | 0xef => (2, (0x80, 0xbf)),
            0xed => (2, (0x80, 0x9f)),
            0xf0 => (3, (0x90, 0xbf)),
            0xf1..=0xf3 => (3, (0x80, 0xbf)),
            0xf4 => (3, (0x80, 0x8f)),
            _ => return None,
        };
    }
    Some(needed)
}
