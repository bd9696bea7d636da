//! What RFC 6455 says about frames, case by case, with what may be sent beside what may not. They do not know who is asked.

#![expect(
    clippy::too_many_lines,
    reason = "a table is as long as what stands in it"
)]

use super::ECHO_BYTES_MAX;
use super::peer::Told;
use super::stream::Sent;

/// A case.
#[derive(Debug)]
pub(crate) struct Case {
    /// The section of RFC 6455 that it holds to.
    pub(crate) section: &'static str,
    pub(crate) name: &'static str,
    /// What the client says.
    pub(crate) said: Vec<u8>,
    /// What an echo says to that.
    pub(crate) told: Vec<Told>,
    pub(crate) end: End,
}

/// What becomes of the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// It goes on.
    Lives,
    /// The server answers a closing frame with this payload.
    Answered(Vec<u8>),
    /// The server fails it with this code.
    Failed(u16),
}

pub(super) const TEXT: u8 = 1;
pub(super) const BINARY: u8 = 2;
pub(super) const CLOSE: u8 = 8;
pub(super) const PING: u8 = 9;
pub(super) const PONG: u8 = 10;

/// The word in which characters have one, two, three and four bytes.
pub(super) const WORD: &str = "aé€𝄞";

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = headers();
    cases.extend(lengths());
    cases.extend(fragments());
    cases.extend(controls());
    cases.extend(sizes());
    cases.extend(closing::all());
    cases.extend(texts::all());
    cases
}

mod closing;
mod texts;

pub(super) fn case<const N: usize>(
    section: &'static str,
    name: &'static str,
    said: [Sent; N],
    told: Vec<Told>,
    end: End,
) -> Case {
    Case {
        section,
        name,
        said: said.iter().flat_map(Sent::bytes).collect(),
        told,
        end,
    }
}

pub(super) fn whole(opcode: u8, payload: &[u8]) -> Sent {
    Sent::whole(opcode, payload)
}

pub(super) fn first(opcode: u8, payload: &[u8]) -> Sent {
    Sent::first(opcode, payload)
}

pub(super) fn more(payload: &[u8]) -> Sent {
    Sent::more(payload)
}

pub(super) fn last(payload: &[u8]) -> Sent {
    Sent::whole(0, payload)
}

pub(super) fn text(text: &str) -> Told {
    Told::Text(text.as_bytes().to_vec())
}

fn binary(bytes: &[u8]) -> Told {
    Told::Binary(bytes.to_vec())
}

fn pong(bytes: &[u8]) -> Told {
    Told::Pong(bytes.to_vec())
}

const WRONG: End = End::Failed(1002);

fn headers() -> Vec<Case> {
    let bare = |mut frame: Sent| {
        frame.mask = None;
        frame
    };
    let hello = || whole(TEXT, b"Hello");
    let mut cases = vec![
        case(
            "5.7",
            "the masked text of the RFC",
            [hello()],
            vec![text("Hello")],
            End::Lives,
        ),
        case(
            "5.1",
            "a text without a mask",
            [bare(hello())],
            vec![],
            WRONG,
        ),
        case(
            "5.1",
            "a ping without a mask",
            [bare(whole(PING, b""))],
            vec![],
            WRONG,
        ),
        case(
            "5.3",
            "a mask of zeros",
            [hello().masked([0; 4])],
            vec![text("Hello")],
            End::Lives,
        ),
        case(
            "5.3",
            "a mask of ones",
            [hello().masked([0xff; 4])],
            vec![text("Hello")],
            End::Lives,
        ),
        case(
            "5.3",
            "a mask for each fragment",
            [
                first(TEXT, b"Hel").masked([1, 2, 3, 4]),
                last(b"lo").masked([9, 8, 7, 6]),
            ],
            vec![text("Hello")],
            End::Lives,
        ),
        case(
            "5.2",
            "what came before something wrong is heard",
            [hello(), bare(hello()), hello()],
            vec![text("Hello")],
            WRONG,
        ),
    ];
    let bits = [
        ("the first reserved bit", 0x40),
        ("the second reserved bit", 0x20),
        ("the third reserved bit", 0x10),
        ("all reserved bits", 0x70),
    ];
    for (name, bit) in bits {
        cases.push(case(
            "5.2",
            name,
            [hello().with(|it| it.first |= bit)],
            vec![],
            WRONG,
        ));
        let ping = whole(PING, b"").with(|it| it.first |= bit);
        cases.push(case("5.2", name, [ping], vec![], WRONG));
        let more = more(b"lo").with(|it| it.first |= bit);
        cases.push(case(
            "5.2",
            name,
            [first(TEXT, b"Hel"), more],
            vec![],
            WRONG,
        ));
    }
    for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
        let name = "an opcode that means nothing yet";
        cases.push(case("5.2", name, [whole(opcode, b"")], vec![], WRONG));
        cases.push(case("5.2", name, [whole(opcode, b"some")], vec![], WRONG));
    }
    cases
}

fn lengths() -> Vec<Case> {
    let wide = |length: usize, width: usize| {
        whole(BINARY, &vec![b'*'; length]).with(|frame| frame.width = width)
    };
    let mut cases = Vec::new();
    for (length, width) in [
        (0, 0),
        (125, 0),
        (126, 2),
        (127, 2),
        (65_535, 2),
        (65_536, 8),
    ] {
        let told = vec![binary(&vec![b'*'; length])];
        let name = "a length as short as it can be";
        cases.push(case("5.2", name, [wide(length, width)], told, End::Lives));
    }
    for (length, width) in [(0, 2), (125, 2), (0, 8), (125, 8), (126, 8), (65_535, 8)] {
        let name = "a length longer than it must be";
        cases.push(case("5.2", name, [wide(length, width)], vec![], WRONG));
    }
    let claims = |length: u64| wide(0, 8).with(|frame| frame.length = length);
    let name = "the first bit of a length in eight bytes";
    cases.push(case("5.2", name, [claims(1 << 63)], vec![], WRONG));
    cases.push(case("5.2", name, [claims(u64::MAX)], vec![], WRONG));
    let name = "the largest length that can be said";
    cases.push(case(
        "10.4",
        name,
        [claims(u64::MAX >> 1)],
        vec![],
        End::Failed(1009),
    ));
    cases
}

fn fragments() -> Vec<Case> {
    let hello = || vec![text("Hello")];
    vec![
        case(
            "5.4",
            "two fragments",
            [first(TEXT, b"Hel"), last(b"lo")],
            hello(),
            End::Lives,
        ),
        case(
            "5.4",
            "many fragments, some of them empty",
            [
                first(TEXT, b""),
                more(b"He"),
                more(b""),
                more(b"llo"),
                last(b""),
            ],
            hello(),
            End::Lives,
        ),
        case(
            "5.4",
            "only empty fragments",
            [first(TEXT, b""), last(b"")],
            vec![text("")],
            End::Lives,
        ),
        case(
            "5.4",
            "fragments of bytes",
            [first(BINARY, b"\xff"), more(b"\0"), last(b"\xfe")],
            vec![binary(b"\xff\0\xfe")],
            End::Lives,
        ),
        case(
            "5.4",
            "one message in fragments after the other",
            [
                first(TEXT, b"He"),
                last(b"llo"),
                first(BINARY, b"1"),
                last(b"2"),
                whole(TEXT, b"3"),
            ],
            vec![text("Hello"), binary(b"12"), text("3")],
            End::Lives,
        ),
        case(
            "5.4",
            "a ping between fragments is answered before the message",
            [first(TEXT, b"Hel"), whole(PING, b"now"), last(b"lo")],
            vec![pong(b"now"), text("Hello")],
            End::Lives,
        ),
        case(
            "5.4",
            "all sorts of control frames between fragments",
            [
                first(TEXT, b"H"),
                whole(PONG, b"x"),
                more(b"el"),
                whole(PING, b"1"),
                whole(PING, b"2"),
                last(b"lo"),
            ],
            vec![pong(b"1"), pong(b"2"), text("Hello")],
            End::Lives,
        ),
        case(
            "5.4",
            "the last fragment of nothing",
            [last(b"lo")],
            vec![],
            WRONG,
        ),
        case(
            "5.4",
            "a fragment in the middle of nothing",
            [more(b"l")],
            vec![],
            WRONG,
        ),
        case(
            "5.4",
            "a fragment after a message that was whole",
            [whole(TEXT, b"Hello"), last(b"o")],
            hello(),
            WRONG,
        ),
        case(
            "5.4",
            "a fragment after the last one",
            [first(TEXT, b"Hel"), last(b"lo"), last(b"o")],
            hello(),
            WRONG,
        ),
        case(
            "5.4",
            "a whole message within another",
            [first(TEXT, b"He"), whole(TEXT, b"x")],
            vec![],
            WRONG,
        ),
        case(
            "5.4",
            "a message of another kind within one",
            [first(TEXT, b"He"), whole(BINARY, b"x")],
            vec![],
            WRONG,
        ),
        case(
            "5.4",
            "a message that begins within another",
            [first(TEXT, b"He"), first(TEXT, b"x")],
            vec![],
            WRONG,
        ),
    ]
}

fn controls() -> Vec<Case> {
    let long = [b'p'; 126];
    let longest = &long[..125];
    vec![
        case(
            "5.5.2",
            "an empty ping",
            [whole(PING, b"")],
            vec![pong(b"")],
            End::Lives,
        ),
        case(
            "5.5.2",
            "a ping with bytes",
            [whole(PING, b"\0\xff\xfe")],
            vec![pong(b"\0\xff\xfe")],
            End::Lives,
        ),
        case(
            "5.5",
            "the longest ping",
            [whole(PING, longest)],
            vec![pong(longest)],
            End::Lives,
        ),
        case(
            "5.5.2",
            "many pings are answered in their order",
            [
                whole(PING, b"1"),
                whole(PING, b"2"),
                whole(PING, b"3"),
                whole(PING, b"4"),
            ],
            vec![pong(b"1"), pong(b"2"), pong(b"3"), pong(b"4")],
            End::Lives,
        ),
        case(
            "5.5.3",
            "a pong that nobody asked for",
            [whole(PONG, b"I am")],
            vec![],
            End::Lives,
        ),
        case(
            "5.5.3",
            "an empty pong",
            [whole(PONG, b"")],
            vec![],
            End::Lives,
        ),
        case(
            "5.5",
            "a ping that is too long",
            [whole(PING, &long)],
            vec![],
            WRONG,
        ),
        case(
            "5.5",
            "a pong that is too long",
            [whole(PONG, &long)],
            vec![],
            WRONG,
        ),
        case(
            "5.5",
            "a closing frame that is too long",
            [whole(CLOSE, &long)],
            vec![],
            WRONG,
        ),
        case(
            "5.5",
            "a ping of which the length alone came",
            [whole(PING, b"").with(|it| (it.width, it.length) = (8, 1 << 40))],
            vec![],
            WRONG,
        ),
        case(
            "5.5",
            "a ping in fragments",
            [first(PING, b"a"), last(b"b")],
            vec![],
            WRONG,
        ),
        case(
            "5.5",
            "a pong in fragments",
            [first(PONG, b"a")],
            vec![],
            WRONG,
        ),
        case(
            "5.5",
            "a closing frame in fragments",
            [first(CLOSE, b"\x03\xe8")],
            vec![],
            WRONG,
        ),
        case(
            "5.5",
            "a ping in fragments between fragments",
            [first(TEXT, b"He"), first(PING, b"a"), last(b"llo")],
            vec![],
            WRONG,
        ),
    ]
}

fn sizes() -> Vec<Case> {
    let most = vec![b'*'; ECHO_BYTES_MAX];
    let (half, rest) = most.split_at(ECHO_BYTES_MAX / 2);
    let too_many = [&most[..], b"*"].concat();
    let claims =
        |frame: Sent, length: u64| frame.with(|frame| (frame.width, frame.length) = (8, length));
    let too_large = End::Failed(1009);
    vec![
        case(
            "10.4",
            "the largest message",
            [whole(BINARY, &most)],
            vec![binary(&most)],
            End::Lives,
        ),
        case(
            "10.4",
            "the largest message in fragments",
            [first(BINARY, half), more(rest), last(b"")],
            vec![binary(&most)],
            End::Lives,
        ),
        case(
            "7.4.1",
            "a message that is too large",
            [whole(BINARY, &too_many)],
            vec![],
            too_large.clone(),
        ),
        case(
            "7.4.1",
            "a message that fragments make too large",
            [first(BINARY, half), more(rest), last(b"*")],
            vec![],
            too_large.clone(),
        ),
        case(
            "10.4",
            "a message of which only a claim came",
            [claims(whole(BINARY, b""), 1 << 40)],
            vec![],
            too_large.clone(),
        ),
        case(
            "10.4",
            "a fragment of which only a claim came",
            [first(TEXT, b"a"), claims(more(b""), ECHO_BYTES_MAX as u64)],
            vec![],
            too_large,
        ),
    ]
}

/// Whether bytes cannot be text whatever follows them.
fn is_never_text(bytes: &[u8]) -> bool {
    matches!(std::str::from_utf8(bytes), Err(error) if error.error_len().is_some())
}
