//! What a message said before, as it is answered. It does not know who may read it.

use parley_shared::api::versions::{Version, Versions};
use parley_shared::ids::Seq;

use super::answers;
use crate::sample::text;

#[test]
fn a_page_of_versions_says_where_to_go_on_or_nothing() {
    let version = |seq, words| Version {
        seq: Seq(seq),
        at_ms: 1_700_000_000_000,
        body: text(words),
    };
    answers(&[
        (
            Versions {
                versions: vec![version(11, "helo"), version(12, "hello")],
                next: None,
            },
            r#"{"versions":[{"seq":11,"at_ms":1700000000000,"body":{"type":"text","text":"helo"}},{"seq":12,"at_ms":1700000000000,"body":{"type":"text","text":"hello"}}]}"#,
        ),
        (
            Versions {
                versions: vec![],
                next: Some("12".to_owned()),
            },
            r#"{"versions":[],"next":"12"}"#,
        ),
    ]);
}
