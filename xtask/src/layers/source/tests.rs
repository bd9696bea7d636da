//! What the scanner must see, and what must not fool it. It does not know the rules.

use super::*;

/// The paths of more than one segment, as text.
fn seen(text: &str, module: &[&str]) -> Vec<String> {
    let long = |named: &Named| named.is_use || named.segments.len() > 1;
    paths(text, module)
        .into_iter()
        .filter(long)
        .map(|named| named.segments.join("::"))
        .collect()
}

#[test]
fn a_use_tree_names_each_of_its_leaves() {
    let text = "use crate::{hub::{self, Hub as H, mailbox::*}, store};\nuse ::axum::Router;";
    let expected = [
        "crate::hub",
        "crate::hub::Hub",
        "crate::hub::mailbox::*",
        "crate::store",
        "axum::Router",
    ];
    assert_eq!(seen(text, &["http"]), expected);
}

#[test]
fn inline_paths_and_attributes_count() {
    let text = "#[tokio::main]\nfn f() { let x = crate::store::open::<u8>(); axum::serve(x); }";
    assert_eq!(
        seen(text, &["http"]),
        ["tokio::main", "crate::store::open", "axum::serve"]
    );
}

#[test]
fn super_and_self_are_resolved_through_inline_modules() {
    assert_eq!(
        seen("use super::members;", &["actions", "messages"]),
        ["crate::actions::members"]
    );
    assert_eq!(
        seen("use self::listeners::Listener;", &["hub"]),
        ["crate::hub::listeners::Listener"]
    );
    let text = "mod inner { use super::super::store; } use super::hub;";
    assert_eq!(seen(text, &["ledger"]), ["crate::store", "crate::hub"]);
}

#[test]
fn comments_and_literals_do_not_count() {
    let text = r####"
        // use crate::one;
        /* crate::two /* crate::three */ crate::four */
        const A: &str = "crate::five \" crate::six";
        const B: &str = r#"crate::seven " crate::eight"#;
        const C: &[u8] = b"crate::nine";
        fn f<'a>(x: &'a str) -> char { if x == "\\" { '"' } else { '\'' } }
        use crate::seen;
    "####;
    assert_eq!(seen(text, &["http"]), ["crate::seen"]);
}

#[test]
fn test_items_do_not_count_and_what_follows_them_does() {
    let text = "
        #[cfg(test)]
        #[path = \"x.rs\"]
        mod tests { use crate::one; fn f() { crate::two::g() } }
        #[cfg(test)]
        use crate::three;
        #[cfg(test)]
        const N: [u8; 2] = [crate::four::X; 2];
        #[cfg(not(test))]
        use crate::seen;
    ";
    assert_eq!(seen(text, &["http"]), ["crate::seen"]);
}

#[test]
fn lines_are_counted_through_comments_and_strings() {
    let text = "/*\n\n*/ const A: &str = \"\n\";\nuse crate::hub;";
    let found = paths(text, &[]);
    assert_eq!(
        found
            .last()
            .map(|named| (named.segments.join("::"), named.line)),
        Some(("crate::hub".to_owned(), 5))
    );
}

#[test]
fn a_call_is_told_from_a_mention() {
    let calls = |text| {
        paths(text, &[])
            .into_iter()
            .filter(|named| named.is_call)
            .count()
    };
    assert_eq!(calls("let d = document();"), 1);
    assert_eq!(calls("let d = document;"), 0);
}

#[test]
fn captured_lifetimes_and_broken_sources_end_the_scan() {
    assert_eq!(
        seen(
            "fn f<'a>() -> impl Sized + use<'a> { crate::hub::x() }",
            &[]
        ),
        ["crate::hub::x"]
    );
    assert_eq!(seen("use crate::{hub, ;", &[]), ["crate::hub"]);
    assert!(seen("use = ; /* \" '", &[]).is_empty());
}
