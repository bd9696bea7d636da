//! Plants violations of the rules for files and looks whether they are found.
//! It does not know the project's own files.

use super::*;

fn found(files: &[(&str, &str)]) -> Vec<String> {
    check(&Tree::of(files))
        .into_iter()
        .map(|v| format!("{}:{}: {}", v.path, v.line, v.message))
        .collect()
}

#[test]
fn a_file_opens_by_saying_what_it_is() {
    assert_eq!(
        found(&[("server/src/hub.rs", "//! Who listens to what.\n")]),
        Vec::<String>::new()
    );
    for text in ["", "//!\n", "use x;\n//! Too late.\n"] {
        assert!(
            found(&[("server/src/hub.rs", text)])[0].contains("first line"),
            "{text:?}"
        );
    }
}

#[test]
fn a_long_file_is_found_unless_it_is_a_test() {
    let long = format!("//! Long.\n{}", "//\n".repeat(FILE_LINES_MAX));
    assert!(found(&[("server/src/hub.rs", &long)])[0].contains("401 lines"));
    assert_eq!(
        found(&[("server/tests/it/hub.rs", &long)]),
        Vec::<String>::new()
    );
    let short = format!("//! Long.\n{}", "//\n".repeat(FILE_LINES_MAX - 1));
    assert_eq!(
        found(&[("server/src/hub.rs", &short)]),
        Vec::<String>::new()
    );
}

#[test]
fn names_that_say_nothing_are_found() {
    assert!(found(&[("server/src/hub/mod.rs", "//! x")])[0].contains("no mod.rs"));
    assert!(found(&[("client/src/utils.rs", "//! x")])[0].contains("`utils`"));
    assert!(found(&[("client/src/common/text.rs", "//! x")])[0].contains("folder's name `common`"));
}

#[test]
fn stylesheets_and_links_belong_together() {
    let page = "<link data-trunk rel=\"css\" href=\"client/styles/base.css\">\n<!-- \nhref=\"client/styles/old.css\" -->\n\
                <link href=\"client/styles/gone.css\">";
    let files = [
        ("index.html", page),
        ("client/styles/base.css", ""),
        ("client/styles/new.css", ""),
    ];
    assert_eq!(
        found(&files),
        [
            "client/styles/new.css:0: index.html does not link this stylesheet",
            "index.html:4: there is no stylesheet client/styles/gone.css"
        ]
    );
}

#[test]
fn a_limit_that_nobody_uses_is_found() {
    let limits = "//! Limits.\npub const NAME_BYTES_MAX: usize = 64;\npub const BODY_BYTES_MAX: usize = 8;\n";
    let user =
        "//! Checks.\n// BODY_BYTES_MAX is only mentioned.\nfn f() { g(limits::NAME_BYTES_MAX) }\n";
    let files = [
        ("shared/src/limits.rs", limits),
        ("server/src/session.rs", user),
    ];
    assert_eq!(
        found(&files),
        ["shared/src/limits.rs:3: nothing outside this file uses BODY_BYTES_MAX"]
    );
}

#[test]
fn migrations_are_numbered_and_paired() {
    let files = [
        ("server/migrations/sqlite/0001_init.sql", ""),
        ("server/migrations/sqlite/2_More.sql", ""),
        ("server/migrations/postgres/0001_init.sql", ""),
    ];
    assert_eq!(
        found(&files),
        [
            "server/migrations/sqlite/2_More.sql:0: a migration is named NNNN_what_it_does.sql",
            "server/migrations/postgres/2_More.sql:0: missing: another database has this migration"
        ]
    );
}
