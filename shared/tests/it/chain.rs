//! The chain of a conversation's history, against a second computation of it. It does not know who keeps it.

use parley_shared::chain::{
    EMPTY_HEAD, Entry, EntryKind, Hash, Hex, HexHash, SALT_BYTES, digest, head,
};
use parley_shared::ids::{MessageId, Seq, UserId};
use parley_shared::json::FromJson as _;
use sha2::{Digest as _, Sha256};

const BODY: &str = r#"{"type":"text","text":"hello"}"#;

fn entry<'a>(message: &'a MessageId, author: &'a UserId, content: &'a Hash) -> Entry<'a> {
    Entry {
        seq: Seq(1),
        kind: EntryKind::Sent as u8,
        message,
        author,
        at_ms: 1_700_000_000_000,
        content,
    }
}

fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_head_is_sha_256_over_fields_of_fixed_width() {
    let mut bytes = b"parley ledger entry 1\0".to_vec();
    bytes.extend([0; 32]);
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 1]);
    bytes.push(1);
    bytes.extend([0x22; 16]);
    bytes.extend([0x33; 16]);
    bytes.extend([0, 0, 0x01, 0x8b, 0xcf, 0xe5, 0x68, 0]);
    bytes.extend(Sha256::digest(BODY));
    let expected: Hash = Sha256::digest(&bytes).into();

    let message = MessageId::from_bytes([0x22; 16]);
    let author = UserId::from_bytes([0x33; 16]);
    let content = digest(None, BODY);
    let computed = head(&EMPTY_HEAD, &entry(&message, &author, &content));
    assert_eq!(hex(&computed), hex(&expected));
    // Computed once with another program, so that a change of both computations shows as well.
    assert_eq!(
        hex(&computed),
        "5019ee09710f98edd3a009dee25fcb5d17fb86f4143eea89276edb6370a953bb"
    );
}

#[test]
fn a_change_of_any_field_changes_the_head() {
    let message = MessageId::from_bytes([0x22; 16]);
    let author = UserId::from_bytes([0x33; 16]);
    let content = digest(None, BODY);
    let original = entry(&message, &author, &content);
    let expected = head(&EMPTY_HEAD, &original);

    let mut bits = [0x22; 16];
    bits[15] ^= 1;
    let other_message = MessageId::from_bytes(bits);
    let other_author = UserId::from_bytes([0x22; 16]);
    let other_content = digest(None, r#"{"type":"text","text":"hello!"}"#);
    let altered = [
        head(&[1; 32], &original),
        head(
            &EMPTY_HEAD,
            &Entry {
                seq: Seq(2),
                ..original
            },
        ),
        head(
            &EMPTY_HEAD,
            &Entry {
                message: &other_message,
                ..original
            },
        ),
        head(
            &EMPTY_HEAD,
            &Entry {
                author: &other_author,
                ..original
            },
        ),
        head(
            &EMPTY_HEAD,
            &Entry {
                at_ms: original.at_ms + 1,
                ..original
            },
        ),
        head(
            &EMPTY_HEAD,
            &Entry {
                content: &other_content,
                ..original
            },
        ),
    ];
    for (n, one) in altered.iter().enumerate() {
        assert_ne!(*one, expected, "alteration {n} does not show");
        assert!(
            !altered[n + 1..].contains(one),
            "two alterations look the same"
        );
    }
    // A kind never changes its number: it is part of every head that was ever remembered.
    assert_eq!(EntryKind::Sent as u8, 1);
    assert_eq!(EntryKind::Edited as u8, 2);
    assert_eq!(EntryKind::Deleted as u8, 3);
    for number in 0..=u8::MAX {
        assert!(EntryKind::of(number).is_none_or(|kind| kind as u8 == number));
    }
    assert_eq!(EntryKind::of(3), Some(EntryKind::Deleted));
}

/// The heads after each entry, for authors in this order.
fn heads(authors: &[u8]) -> Vec<Hash> {
    let content = digest(None, BODY);
    let mut heads = vec![EMPTY_HEAD];
    for (n, author) in authors.iter().enumerate() {
        let message = MessageId::from_bytes([*author; 16]);
        let author = UserId::from_bytes([*author; 16]);
        let seq = Seq(n as u64 + 1);
        let entry = Entry {
            seq,
            ..entry(&message, &author, &content)
        };
        heads.push(head(&heads[n], &entry));
    }
    heads
}

#[test]
fn order_omission_and_insertion_change_every_later_head() {
    let original = heads(&[1, 2, 3, 4]);
    for other in [
        heads(&[1, 3, 2, 4]),
        heads(&[1, 3, 4]),
        heads(&[1, 9, 2, 3, 4]),
    ] {
        assert_eq!(original[..2], other[..2]);
        for head in &other[2..] {
            assert!(!original.contains(head));
        }
    }
    assert_eq!(original, heads(&[1, 2, 3, 4]));
}

#[test]
fn erased_content_keeps_the_head_and_altered_content_does_not() {
    let message = MessageId::from_bytes([0x22; 16]);
    let author = UserId::from_bytes([0x33; 16]);
    let remembered = head(&EMPTY_HEAD, &entry(&message, &author, &digest(None, BODY)));
    // What is kept of an erased message is the digest, and nothing else of it is needed.
    let kept: Hash = Sha256::digest(BODY).into();
    assert_eq!(
        head(&EMPTY_HEAD, &entry(&message, &author, &kept)),
        remembered
    );
    let altered = digest(None, r#"{"text":"hello","type":"text"}"#);
    assert_ne!(
        head(&EMPTY_HEAD, &entry(&message, &author, &altered)),
        remembered
    );
}

#[test]
fn a_salted_digest_is_sha_256_over_a_one_the_salt_and_the_content() {
    let salt = Hex([0x44; SALT_BYTES]);
    let mut bytes = vec![1];
    bytes.extend([0x44; 16]);
    bytes.extend(BODY.as_bytes());
    let expected: Hash = Sha256::digest(&bytes).into();
    assert_eq!(digest(Some(&salt), BODY), expected);
    assert_ne!(digest(None, BODY), expected);
    assert_ne!(digest(Some(&Hex([0x45; SALT_BYTES])), BODY), expected);
}

#[test]
fn a_hash_is_written_as_digits_and_read_back_and_nothing_else_is_read() {
    let written = serde_json::to_value(Hex([0xa5; 32])).expect("it can be written");
    assert_eq!(written, "a5".repeat(32));
    let read = HexHash::from_json(written).expect("it was just written");
    assert_eq!(read, Hex([0xa5; 32]));
    for other in [
        "",
        "a5",
        &"a5".repeat(31),
        &"a5".repeat(33),
        &"g5".repeat(32),
        &"+5".repeat(32),
    ] {
        assert!(HexHash::from_json(other.into()).is_err(), "{other}");
    }
}
