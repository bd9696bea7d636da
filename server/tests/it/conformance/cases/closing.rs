//! Closing, case by case (sections 5.5.1 and 7): which codes and reasons may be said, and what is answered.

use super::super::stream::Sent;
use super::{CLOSE, Case, End, PING, TEXT, WRONG, case, first, text, whole};

pub(super) fn all() -> Vec<Case> {
    let mut cases = handshakes();
    for code in [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
    ] {
        let name = "a code that is defined";
        cases.push(answered("7.4.1", name, code, b""));
    }
    for code in [3000, 3999, 4000, 4401, 4999] {
        let name = "a code that is left to libraries and programs";
        cases.push(answered("7.4.2", name, code, b""));
    }
    for code in [0, 1, 999] {
        let name = "a code that is not used";
        cases.push(failed("7.4.2", name, code, WRONG));
    }
    for code in [1005, 1006, 1015] {
        let name = "a code that is never said";
        cases.push(failed("7.4.1", name, code, WRONG));
    }
    for code in [1004, 1016, 1100, 2000, 2999] {
        let name = "a code that is kept for later";
        cases.push(failed("7.4.2", name, code, WRONG));
    }
    for code in [5000, 32_768, 65_535] {
        let name = "a code beyond all";
        cases.push(failed("7.4.2", name, code, WRONG));
    }
    cases
}

fn handshakes() -> Vec<Case> {
    let goodbye = |code: u16, reason: &[u8]| Sent::whole(CLOSE, &payload(code, reason));
    let one_byte = Sent::whole(CLOSE, b"\x03");
    vec![
        case(
            "5.5.1",
            "no code",
            [whole(CLOSE, b"")],
            vec![],
            End::Answered(Vec::new()),
        ),
        case("5.5.1", "half a code", [one_byte], vec![], WRONG),
        answered("5.5.1", "a code and a reason", 1000, "bye, aé€𝄞".as_bytes()),
        answered("5.5", "the longest reason", 1000, &[b'r'; 123]),
        case(
            "5.5",
            "a reason that is too long",
            [goodbye(1000, &[b'r'; 124])],
            vec![],
            WRONG,
        ),
        failed_with("8.1", "a reason that is not UTF-8", b"\xff"),
        failed_with(
            "8.1",
            "a reason with half a surrogate pair",
            b"\xed\xa0\x80",
        ),
        failed_with("8.1", "a reason that ends within a character", b"caf\xc3"),
        case(
            "5.5.1",
            "what comes after the last is not heard",
            [goodbye(1000, b""), whole(TEXT, b"Hello"), whole(PING, b"?")],
            vec![],
            End::Answered(payload(1000, b"")),
        ),
        case(
            "5.5.1",
            "not even what is wrong",
            [
                goodbye(1000, b""),
                whole(15, b"").with(|frame| frame.mask = None),
            ],
            vec![],
            End::Answered(payload(1000, b"")),
        ),
        case(
            "5.5.1",
            "what came before the last is answered",
            [whole(TEXT, b"Hello"), goodbye(1001, b"going")],
            vec![text("Hello")],
            End::Answered(payload(1001, b"going")),
        ),
        case(
            "5.4",
            "a closing frame between fragments",
            [first(TEXT, b"Hel"), goodbye(1000, b"")],
            vec![],
            End::Answered(payload(1000, b"")),
        ),
    ]
}

fn payload(code: u16, reason: &[u8]) -> Vec<u8> {
    [&code.to_be_bytes(), reason].concat()
}

/// The server says the same goodbye.
fn answered(section: &'static str, name: &'static str, code: u16, reason: &[u8]) -> Case {
    let payload = payload(code, reason);
    case(
        section,
        name,
        [whole(CLOSE, &payload)],
        vec![],
        End::Answered(payload),
    )
}

fn failed(section: &'static str, name: &'static str, code: u16, end: End) -> Case {
    case(
        section,
        name,
        [whole(CLOSE, &payload(code, b"why"))],
        vec![],
        end,
    )
}

fn failed_with(section: &'static str, name: &'static str, reason: &[u8]) -> Case {
    let frame = whole(CLOSE, &payload(1000, reason));
    case(section, name, [frame], vec![], End::Failed(1007))
}
