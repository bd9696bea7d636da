//! WebSocket frames (RFC 6455, section 5), as far as a client needs them that must cost less than its server. It knows no payload.

/// What a server's frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Close,
    Ping,
    Pong,
}

/// Takes the first whole frame off the front of `bytes`. `None` when it is not all there yet.
///
/// # Errors
/// When the server sends what a server of text frames does not.
pub(crate) fn take<'a>(bytes: &mut &'a [u8]) -> anyhow::Result<Option<(Kind, &'a [u8])>> {
    let &[first, second, ..] = *bytes else {
        return Ok(None);
    };
    let kind = match first {
        0x81 => Kind::Text,
        0x88 => Kind::Close,
        0x89 => Kind::Ping,
        0x8a => Kind::Pong,
        other => anyhow::bail!("a frame starts with {other:#04x}"),
    };
    let (head, length) = match second {
        0..=125 => (2, usize::from(second)),
        126 => match bytes.get(2..4) {
            Some(&[a, b]) => (4, usize::from(u16::from_be_bytes([a, b]))),
            _ => return Ok(None),
        },
        127 => match bytes.get(2..10).and_then(|wide| wide.try_into().ok()) {
            Some(wide) => (10, usize::try_from(u64::from_be_bytes(wide))?),
            None => return Ok(None),
        },
        _ => anyhow::bail!("a server's frame is masked"),
    };
    match bytes.get(head..head + length) {
        Some(payload) => {
            *bytes = &bytes[head + length..];
            Ok(Some((kind, payload)))
        }
        None => Ok(None),
    }
}

/// A client's frame. The mask is zero, which is a mask as good as any to a server.
pub(crate) fn masked(kind: Kind, payload: &[u8]) -> Vec<u8> {
    let opcode = match kind {
        Kind::Text => 0x81,
        Kind::Close => 0x88,
        Kind::Ping => 0x89,
        Kind::Pong => 0x8a,
    };
    let mut frame = Vec::with_capacity(payload.len() + 14);
    frame.push(opcode);
    match u8::try_from(payload.len()) {
        Ok(length) if length <= 125 => frame.push(0x80 | length),
        _ => {
            let length = u16::try_from(payload.len()).expect("what is sent here is a short text");
            frame.push(0x80 | 126);
            frame.extend(length.to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

/// What a close frame says: its code and its words.
pub(crate) fn reason(close: &[u8]) -> String {
    match close {
        [a, b, why @ ..] => {
            let code = u16::from_be_bytes([*a, *b]);
            format!("{code} {}", String::from_utf8_lossy(why))
        }
        _ => "without a reason".to_owned(),
    }
}
