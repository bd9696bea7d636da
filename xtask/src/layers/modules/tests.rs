//! Plants violations of module rules and looks whether they are found. It does not know the real table.

use super::*;

const RULES: ModuleRules = ModuleRules {
    folder: "server/src",
    library: "parley_server",
    edges: &[
        ("main", &["lib", "config"]),
        ("lib", &[EVERYTHING]),
        ("config", &[]),
        ("session", &["actions"]),
        ("actions", &["store"]),
        ("store", &[]),
        ("error", &[]),
    ],
    leaves: &["error"],
    strangers: &["actions"],
    fences: &[
        Fence {
            names: &[Name::Path("axum")],
            inside: &[],
            except: &["session", "lib"],
            because: "doors",
        },
        Fence {
            names: &[Name::Path("tokio")],
            inside: &["store"],
            except: &["store/readers"],
            because: "it blocks",
        },
        Fence {
            names: &[
                Name::Word("Instant"),
                Name::Call("document"),
                Name::Family("gloo"),
            ],
            inside: &["config"],
            except: &[],
            because: "as an example",
        },
    ],
};

/// A crate in which every module exists and obeys, with one file added or replaced.
fn found(path: &str, text: &str) -> Vec<String> {
    let base = [
        (
            "server/src/main.rs",
            "use parley_server::config::Config; fn main() { parley_server::run(); }",
        ),
        (
            "server/src/lib.rs",
            "mod store; use session::Session; use axum::Router;",
        ),
        ("server/src/config.rs", ""),
        (
            "server/src/session.rs",
            "use crate::actions::messages; use axum::extract::ws;",
        ),
        (
            "server/src/actions.rs",
            "pub mod messages; pub mod members;",
        ),
        (
            "server/src/actions/messages.rs",
            "use crate::{error::Error, store::Store};",
        ),
        ("server/src/actions/members.rs", "use super::Seat;"),
        (
            "server/src/store.rs",
            "mod readers; use self::readers::Readers;",
        ),
        ("server/src/store/readers.rs", "use tokio::task;"),
        ("server/src/error.rs", ""),
    ];
    let mut files: Vec<(&str, &str)> = base
        .into_iter()
        .filter(|(known, _)| *known != path)
        .collect();
    files.push((path, text));
    let violations = check(&Tree::of(&files), &RULES);
    violations
        .into_iter()
        .map(|v| format!("{}:{}: {}", v.path, v.line, v.message))
        .collect()
}

/// Exactly one violation, in this place, and its message names this.
fn assert_found(path: &str, text: &str, line: usize, message: &str) {
    let found = found(path, text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with(&format!("{path}:{line}: ")) && found[0].contains(message),
        "{found:?}"
    );
}

#[test]
fn a_crate_that_obeys_has_no_violation() {
    assert_eq!(
        found("server/src/config.rs", "use crate::error::Error;"),
        Vec::<String>::new()
    );
}

#[test]
fn an_edge_that_is_not_in_the_table_is_found() {
    assert_found(
        "server/src/session.rs",
        "\nuse crate::store::Store;",
        2,
        "may not know `store`",
    );
    assert_found(
        "server/src/store.rs",
        "fn f() { crate::actions::messages::send() }",
        1,
        "it may know: nothing",
    );
    assert_found(
        "server/src/store/rows.rs",
        "use super::super::session;",
        1,
        "may not know `session`",
    );
    assert_found(
        "server/src/main.rs",
        "use parley_server::store;",
        1,
        "may not know `store`",
    );
}

#[test]
fn the_root_of_the_crate_is_no_way_round() {
    assert_found(
        "server/src/store.rs",
        "use crate::*;",
        1,
        "may not know `lib`",
    );
    assert_found(
        "server/src/store.rs",
        "use crate as all;",
        1,
        "may not know `lib`",
    );
    assert_found(
        "server/src/store.rs",
        "use crate::Everything;",
        1,
        "may not know `lib`",
    );
}

#[test]
fn files_that_are_strangers_may_not_meet() {
    assert_found(
        "server/src/actions/members.rs",
        "use super::messages::send;",
        1,
        "may not know each other",
    );
    assert_found(
        "server/src/actions/members.rs",
        "use crate::actions::messages;",
        1,
        "may not know each other",
    );
    assert_eq!(
        found(
            "server/src/actions/members.rs",
            "use super::Seat; use self::rules::x;"
        ),
        Vec::<String>::new()
    );
}

#[test]
fn a_module_without_a_row_is_found() {
    assert_found("server/src/gadgets.rs", "", 0, "add one");
}

#[test]
fn fenced_names_are_found_outside_their_places_only() {
    assert_found(
        "server/src/actions.rs",
        "use axum::Json;",
        1,
        "`axum` does not belong here",
    );
    assert_found(
        "server/src/store.rs",
        "async fn f() { tokio::spawn(g()); }",
        1,
        "it blocks",
    );
    assert_found(
        "server/src/config.rs",
        "use std::time::Instant;",
        1,
        "Instant",
    );
    assert_found(
        "server/src/config.rs",
        "fn f() { leptos::document() }",
        1,
        "document()",
    );
    assert_found(
        "server/src/config.rs",
        "use gloo_timers::callback;",
        1,
        "gloo",
    );
    assert_eq!(
        found(
            "server/src/actions.rs",
            "use tokio::spawn; struct A { axum: u8 }"
        ),
        Vec::<String>::new()
    );
}

#[test]
fn test_code_is_free() {
    let text = "#[cfg(test)] mod tests { use crate::session; }";
    assert_eq!(found("server/src/store.rs", text), Vec::<String>::new());
    assert_eq!(
        found("server/src/store/tests.rs", "use crate::session;"),
        Vec::<String>::new()
    );
}
