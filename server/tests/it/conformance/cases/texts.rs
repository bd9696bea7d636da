//! What is text and what is not, case by case (section 8.1): whole, in fragments, and cut off. UTF-8 is RFC 3629.

use super::{
    BINARY, Case, End, PING, TEXT, Told, WORD, binary, case, first, last, more, pong, text, whole,
};

pub(super) fn all() -> Vec<Case> {
    let mut cases = vec![
        case(
            "5.6",
            "bytes need not be UTF-8",
            [whole(BINARY, b"\xc0\xff")],
            vec![binary(b"\xc0\xff")],
            End::Lives,
        ),
        case(
            "8.1",
            "a control frame within a character",
            [
                first(TEXT, b"\xe2\x82"),
                whole(PING, b"\xac"),
                last(b"\xac"),
            ],
            vec![pong(b"\xac"), text("€")],
            End::Lives,
        ),
    ];
    let valid = [
        ("characters of each length", WORD),
        ("the first of each length", "\0\u{80}\u{800}\u{10000}"),
        ("the last of each length", "\u{7f}\u{7ff}\u{ffff}\u{10ffff}"),
        ("those around the surrogates", "\u{d7ff}\u{e000}"),
        ("those that mean nothing", "\u{fffe}\u{1fffe}\u{fdd0}"),
        ("a mark of the byte order", "\u{feff}a"),
    ];
    for (name, valid) in valid {
        cases.push(case(
            "8.1",
            name,
            [whole(TEXT, valid.as_bytes())],
            vec![text(valid)],
            End::Lives,
        ));
        cases.extend(cuts(valid.as_bytes()).map(|(start, end)| {
            case(
                "8.1",
                name,
                [first(TEXT, start), last(end)],
                vec![text(valid)],
                End::Lives,
            )
        }));
    }
    for (name, invalid) in invalid() {
        cases.push(failed(name, [whole(TEXT, invalid)]));
        cases.push(failed(
            name,
            [whole(TEXT, &[b"aaaa", invalid, b"aaaa"].concat())],
        ));
        cases.push(failed(
            name,
            [whole(TEXT, &[WORD.as_bytes(), invalid].concat())],
        ));
        cases.extend(
            cuts(invalid).map(|(start, end)| failed(name, [first(TEXT, start), last(end)])),
        );
        cases.extend(cuts(invalid).map(|(start, end)| {
            failed(
                name,
                [first(TEXT, start), more(b""), whole(PING, b""), last(end)],
            )
        }));
    }
    // Nothing is waited for that cannot make it right (section 8.1, "upon detection").
    let never = "at once, whatever else would come";
    cases.push(failed(never, [first(TEXT, b"a\xffb")]));
    let cut_off = whole(TEXT, b"a\xf4\x90").with(|frame| frame.length = 100);
    cases.push(failed(never, [cut_off]));
    cases
}

fn invalid() -> Vec<(&'static str, &'static [u8])> {
    vec![
        ("a byte that never occurs", b"\xff"),
        ("another that never occurs", b"\xfe"),
        ("a tail alone", b"\x80"),
        ("a tail too many", b"\xc3\xa9\xa9"),
        ("a slash in two bytes", b"\xc0\xaf"),
        ("a zero in two bytes", b"\xc0\x80"),
        ("a slash in three bytes", b"\xe0\x80\xaf"),
        ("a slash in four bytes", b"\xf0\x80\x80\xaf"),
        ("the first surrogate", b"\xed\xa0\x80"),
        ("the last surrogate", b"\xed\xbf\xbf"),
        ("a pair of surrogates", b"\xed\xa0\xb4\xed\xb4\x9e"),
        ("the first beyond all", b"\xf4\x90\x80\x80"),
        ("a character of five bytes", b"\xf8\x88\x80\x80\x80"),
        ("cut off after one byte of two", b"\xc3"),
        ("cut off after one byte of three", b"\xe2"),
        ("cut off after two bytes of three", b"\xe2\x82"),
        ("cut off after three bytes of four", b"\xf0\x9d\x84"),
        ("a character that is broken off by another", b"\xe2\x82a"),
    ]
}

/// All ways to cut some bytes in two.
fn cuts(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    (0..=bytes.len()).map(|at| bytes.split_at(at))
}

fn failed<const N: usize>(name: &'static str, said: [super::Sent; N]) -> Case {
    // A ping before the fault may be answered; nothing else is.
    let has_ping = said.iter().any(|frame| frame.first == 0x80 | PING);
    let is_seen_before = said
        .first()
        .is_some_and(|it| super::is_never_text(&it.payload));
    let told = (has_ping && !is_seen_before).then(|| Told::Pong(Vec::new()));
    case(
        "8.1",
        name,
        said,
        told.into_iter().collect(),
        End::Failed(1007),
    )
}
