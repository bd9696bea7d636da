//! Where a text may mention someone, and by which names. Who there is, it does not know.

use parley_shared::limits::{MENTIONS_MAX, TEXT_BYTES_MAX, USER_NAME_CHARS_MAX};
use parley_shared::mentions::mentions;
use proptest::prelude::*;

/// The names of each place, the longest first.
fn names(text: &str) -> Vec<Vec<&str>> {
    let found = mentions(text);
    found.map(|mention| mention.names().collect()).collect()
}

/// The longest name of each place.
fn longest(text: &str) -> Vec<&str> {
    names(text).into_iter().map(|names| names[0]).collect()
}

#[test]
fn a_name_after_an_at_sign_mentions_whoever_has_it() {
    for (text, found) in [
        ("@alice", vec!["alice"]),
        ("hello @alice and @bob", vec!["alice", "bob"]),
        (
            "(@alice) [@bob] \"@carl\" «@dan»",
            vec!["alice", "bob", "carl", "dan"],
        ),
        ("cc:@alice,@bob;@carl", vec!["alice", "bob", "carl"]),
        ("@Ming.Li_2-x", vec!["Ming.Li_2-x"]),
        (
            "@мария @عمر @अमित @josé",
            vec!["мария", "عمر", "अमित", "josé"],
        ),
        ("@cafe\u{301}", vec!["cafe\u{301}"]),
        ("＠alice", vec!["alice"]),
        ("line\n@alice\tand", vec!["alice"]),
        ("- @alice\n-@bob", vec!["alice", "bob"]),
        ("Done.@alice", vec!["alice"]),
    ] {
        assert_eq!(longest(text), found, "{text:?}");
    }
}

#[test]
fn punctuation_after_a_name_is_no_part_of_it() {
    for after in [
        ".", ",", "!", "?", ":", ";", "...", "-", "--", "_", ")", "\"", "'s", "。", "，", "！",
        "？", "、", "：", "…", "”", "）", "🙂", " ", "\n", "/", "@", "’",
    ] {
        let text = format!("@alice{after}");
        assert_eq!(names(&text), [["alice"]], "{text:?}");
    }
    // Within a name these may stand, so that the longer name comes first.
    assert_eq!(names("@alice’s"), [["alice’s", "alice"]]);
    assert_eq!(names("@alice...wait"), [["alice...wait", "alice"]]);
    assert_eq!(names("@小明·李"), [["小明·李", "小明"]]);
    assert_eq!(
        names("@ming.li"),
        [["ming.li"]],
        "what looks like one name is one"
    );
}

#[test]
fn where_no_space_ends_a_name_it_may_end_anywhere() {
    assert_eq!(
        names("请@小明看一下"),
        [["小明看一下", "小明看一", "小明看", "小明"]]
    );
    assert_eq!(names("请@小明，看一下"), [["小明"]]);
    assert_eq!(names("你好@alice你好"), [["alice你好", "alice你", "alice"]]);
    assert_eq!(names("@小明2号"), [["小明2号", "小明2", "小明"]]);
    assert_eq!(
        names("@ひろ子さん"),
        [["ひろ子さん", "ひろ子さ", "ひろ子", "ひろ"]]
    );
    assert_eq!(names("@민수는 어디"), [["민수는", "민수"]]);
    assert_eq!(names("@小明@小红 来"), [["小明"], ["小红"]]);
    assert_eq!(longest("@小明/@小红/@小李"), ["小明", "小红", "小李"]);
    assert_eq!(names("@小明.你好"), [["小明.你好", "小明.你", "小明"]]);
}

#[test]
fn what_is_within_a_word_an_address_or_a_path_mentions_nobody() {
    for text in [
        "write to alice@example.com",
        "alice+tag@example.com, a.b_c-@example.com",
        "@alice@example.com",
        "ssh root@host:/srv",
        "git@example.com:tea/cake.git",
        "https://example.com/@alice",
        "https://example.com/@alice/1",
        "@types/node and @scope/name@1.2.3",
        "C:\\@alice",
        "curl -d data=@alice",
        "@@alice",
        "a@b",
        "@",
        "@ alice",
        "@.alice @-alice @_alice",
        "@a",
        "@明",
        "@!",
        "小明2@example",
    ] {
        assert_eq!(longest(text), Vec::<&str>::new(), "{text:?}");
    }
}

#[test]
fn code_is_read_as_any_text_is() {
    assert_eq!(longest("`@alice`"), ["alice"], "there is no markup");
    assert_eq!(longest("foo(@bar, [@baz])"), ["bar", "baz"]);
    assert_eq!(longest("@media (min-width: 1px) {}"), ["media"]);
    assert_eq!(longest("@app.route(\"/\")"), ["app.route"]);
    assert_eq!(longest("x = a@b; y @= c"), Vec::<&str>::new());
}

#[test]
fn names_that_are_too_long_are_none_and_cut_only_where_they_may_end() {
    let just = "a".repeat(USER_NAME_CHARS_MAX);
    assert_eq!(names(&format!("@{just}")), [[&just]]);
    assert!(names(&format!("@{just}a")).is_empty());
    let long = format!("@{}", "明".repeat(USER_NAME_CHARS_MAX * 3));
    let found = names(&long);
    assert_eq!(found[0].len(), USER_NAME_CHARS_MAX - 1);
    assert_eq!(found[0][0].chars().count(), USER_NAME_CHARS_MAX);
}

#[test]
fn only_the_first_of_many_mentions_count() {
    let mut text = String::new();
    for number in 0..MENTIONS_MAX + 10 {
        text.push_str(&format!("@n{number:03} "));
    }
    let found = longest(&text);
    assert_eq!(found.len(), MENTIONS_MAX);
    assert_eq!(found[MENTIONS_MAX - 1], format!("n{:03}", MENTIONS_MAX - 1));
    // What mentions nobody takes no place.
    let text = format!("{}@alice", "a@b ".repeat(MENTIONS_MAX + 1));
    assert_eq!(longest(&text), ["alice"]);
}

#[test]
fn the_parts_of_a_name_make_up_its_names() {
    let text = "@小明-li’s好";
    let mention = mentions(text).next().expect("there is one");
    let mut built = String::new();
    let mut built_up: Vec<String> = mention
        .parts()
        .map(|part| {
            built.push_str(part);
            built.clone()
        })
        .collect();
    built_up.reverse();
    assert_eq!(built_up, mention.names().collect::<Vec<_>>());
}

proptest! {
    #[test]
    fn no_text_is_read_outside_itself(
        text in "([@＠a-z.’·_\\-/ ]|[明好ひ]|\u{301}|\u{3099}|[@]|é|\\PC){0,60}"
    ) {
        for mention in mentions(&text) {
            let mut shorter = usize::MAX;
            for name in mention.names() {
                let place = &text[mention.range_of(name)];
                prop_assert!(place.ends_with(name) && place.starts_with(['@', '＠']));
                prop_assert!(name.len() < shorter);
                prop_assert!(!name.ends_with(['.', '_', '-']));
                shorter = name.len();
            }
        }
    }
}

#[test]
fn the_longest_text_is_read_once() {
    // Each would take minutes if what was read were read again for every sign.
    for piece in ["@", "@a", "@明", "_@", "@a@a.", "a_", "@明/"] {
        let text = piece.repeat(TEXT_BYTES_MAX / piece.len());
        for _ in 0..20 {
            assert!(mentions(&text).count() <= MENTIONS_MAX);
        }
    }
}
