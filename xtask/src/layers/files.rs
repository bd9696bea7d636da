//! Checks the form of the files: opening line, length, name, and that what belongs together is together.
//! It does not know what modules name; that is the neighbour's matter.

use std::collections::{BTreeMap, BTreeSet};

use super::Violation;
use super::source;
use super::table::{BANNED_NAMES, FILE_LINES_MAX, LIMIT_USERS, LIMITS, MIGRATIONS, PAGE, STYLES};
use super::tree::{File, Tree};

/// Every difference between the files and the rules for files.
pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in &tree.files {
        check_form(file, &mut violations);
    }
    check_styles(tree, &mut violations);
    check_limits(tree, &mut violations);
    check_migrations(tree, &mut violations);
    violations
}

fn check_form(file: &File, violations: &mut Vec<Violation>) {
    let mut complain =
        |line, message: String| violations.push(Violation::new(&file.path, line, message));
    if !file.path.ends_with(".rs") {
        return;
    }
    let opening = file
        .text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("//!"))
        .unwrap_or_default();
    if opening.trim().is_empty() {
        complain(
            1,
            "the first line must begin with `//!` and say what the file is".to_owned(),
        );
    }
    let lines = file.text.lines().count();
    if lines > FILE_LINES_MAX && !file.is_test() {
        complain(
            0,
            format!(
                "{lines} lines are more than {FILE_LINES_MAX}: divide it by what its parts know"
            ),
        );
    }
    if file.stem() == "mod" {
        complain(
            0,
            "no mod.rs: a module `foo` is `foo.rs` with its parts in `foo/`".to_owned(),
        );
    } else if BANNED_NAMES.contains(&file.stem()) {
        complain(
            0,
            format!("`{}` says nothing about what is inside", file.stem()),
        );
    }
    for folder in file
        .path
        .split('/')
        .rev()
        .skip(1)
        .filter(|folder| BANNED_NAMES.contains(folder))
    {
        complain(
            0,
            format!("the folder's name `{folder}` says nothing about what is inside"),
        );
    }
}

/// Trunk copies stylesheets only when the page links them, and fails on links to nowhere only when it runs.
fn check_styles(tree: &Tree, violations: &mut Vec<Violation>) {
    let Some(page) = tree.file(PAGE) else {
        return;
    };
    let linked = stylesheet_links(&page.text);
    let is_style =
        |file: &&File| file.path.starts_with(&format!("{STYLES}/")) && file.path.ends_with(".css");
    let present: BTreeSet<&str> = tree
        .files
        .iter()
        .filter(is_style)
        .map(|file| file.path.as_str())
        .collect();
    for path in present.difference(&linked.keys().copied().collect()) {
        violations.push(Violation::new(
            path,
            0,
            format!("{PAGE} does not link this stylesheet"),
        ));
    }
    for (path, line) in linked
        .into_iter()
        .filter(|(path, _)| !present.contains(path))
    {
        violations.push(Violation::new(
            PAGE,
            line,
            format!("there is no stylesheet {path}"),
        ));
    }
}

/// The stylesheets in our folder that a page links, each with its line.
fn stylesheet_links(page: &str) -> BTreeMap<&str, usize> {
    let mut links = BTreeMap::new();
    let mut is_comment = false;
    for (number, line) in page.lines().enumerate() {
        is_comment |= line.contains("<!--");
        for value in line.split("href=\"").skip(1).filter(|_| !is_comment) {
            let path = value
                .split('"')
                .next()
                .unwrap_or_default()
                .trim_start_matches("./");
            if path.starts_with(STYLES) {
                links.insert(path, number + 1);
            }
        }
        is_comment &= !line.contains("-->");
    }
    links
}

/// A limit that nothing names binds nobody.
fn check_limits(tree: &Tree, violations: &mut Vec<Violation>) {
    let Some(limits) = tree.file(LIMITS) else {
        return;
    };
    let mut used = BTreeSet::new();
    for (_, file) in LIMIT_USERS
        .iter()
        .flat_map(|folder| tree.rust_below(folder))
    {
        if file.path != LIMITS && !file.is_test() {
            used.extend(
                source::paths(&file.text, &[])
                    .into_iter()
                    .flat_map(|named| named.segments),
            );
        }
    }
    for (number, line) in limits.text.lines().enumerate() {
        let name = line
            .trim_start()
            .strip_prefix("pub const ")
            .and_then(|rest| rest.split(':').next());
        if let Some(name) = name.filter(|name| !used.contains(*name)) {
            violations.push(Violation::new(
                LIMITS,
                number + 1,
                format!("nothing outside this file uses {name}"),
            ));
        }
    }
}

/// Migrations run in the order of their numbers, and every database must have the same ones.
fn check_migrations(tree: &Tree, violations: &mut Vec<Violation>) {
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in &tree.files {
        let inside = file
            .path
            .strip_prefix(MIGRATIONS)
            .and_then(|rest| rest.strip_prefix('/'));
        let Some((folder, name)) = inside.and_then(|inside| inside.split_once('/')) else {
            continue;
        };
        folders.entry(folder).or_default().insert(name);
        if !is_migration_name(name) {
            violations.push(Violation::new(
                &file.path,
                0,
                "a migration is named NNNN_what_it_does.sql",
            ));
        }
    }
    let all: BTreeSet<&str> = folders.values().flatten().copied().collect();
    for (folder, names) in &folders {
        for name in all.difference(names) {
            let path = format!("{MIGRATIONS}/{folder}/{name}");
            violations.push(Violation::new(
                &path,
                0,
                "missing: another database has this migration",
            ));
        }
    }
}

fn is_migration_name(name: &str) -> bool {
    let Some((number, rest)) = name.split_once('_') else {
        return false;
    };
    let Some(words) = rest.strip_suffix(".sql") else {
        return false;
    };
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    number.len() == 4
        && number.chars().all(|c| c.is_ascii_digit())
        && !words.is_empty()
        && words.chars().all(is_word)
}

#[cfg(test)]
mod tests;
