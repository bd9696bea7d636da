//! Compares what the modules of a crate name with the edges and fences of its table.
//! It does not know any particular module.

use std::collections::BTreeSet;

use super::Violation;
use super::source::{self, Named};
use super::table::EVERYTHING;
use super::tree::{File, Tree};

/// The rules of one crate. A module is a file directly in `src` with everything in the folder of its name.
#[derive(Debug)]
pub(super) struct ModuleRules {
    /// The crate's source folder.
    pub(super) folder: &'static str,
    /// The name by which main.rs calls the library beside it.
    pub(super) library: &'static str,
    /// Each module with the modules that it may name; empty where edges are free.
    pub(super) edges: &'static [(&'static str, &'static [&'static str])],
    /// Modules that every module may name.
    pub(super) leaves: &'static [&'static str],
    /// Modules whose files may not name each other.
    pub(super) strangers: &'static [&'static str],
    /// Names that belong into certain modules only.
    pub(super) fences: &'static [Fence],
}

/// Names that must not occur in some places. A place is a module or file path in `src` without `.rs`, with all below.
#[derive(Debug)]
pub(super) struct Fence {
    pub(super) names: &'static [Name],
    /// The places that are watched; empty for the whole crate.
    pub(super) inside: &'static [&'static str],
    /// The places among them where the names are at home.
    pub(super) except: &'static [&'static str],
    pub(super) because: &'static str,
}

/// A name that a fence keeps out.
#[derive(Clone, Copy, Debug)]
pub(super) enum Name {
    /// A path that begins like this, `axum` or `web_sys::window`.
    Path(&'static str),
    /// A path whose first segment begins like this.
    Family(&'static str),
    /// An identifier anywhere in a path.
    Word(&'static str),
    /// A call of a function or method of this name.
    Call(&'static str),
}

impl Name {
    fn matches(self, named: &Named) -> bool {
        let segments = &named.segments;
        // One segment alone is a path in a `use` only; elsewhere it is somebody's variable or field.
        let is_path = named.is_use || segments.len() > 1;
        match self {
            Self::Path(path) => {
                let path: Vec<&str> = path.split("::").collect();
                is_path
                    && segments.len() >= path.len()
                    && segments.iter().zip(&path).all(|(a, b)| a == b)
            }
            Self::Family(start) => is_path && segments[0].starts_with(start),
            Self::Word(word) => segments.iter().any(|segment| segment == word),
            Self::Call(function) => {
                named.is_call && segments.last().is_some_and(|segment| segment == function)
            }
        }
    }

    fn text(self) -> String {
        match self {
            Self::Path(text) | Self::Word(text) => text.to_owned(),
            Self::Family(text) => format!("{text}…"),
            Self::Call(text) => format!("{text}()"),
        }
    }
}

/// Every difference between a crate's modules and its rules. Modules that do not exist yet break none.
pub(super) fn check(tree: &Tree, rules: &ModuleRules) -> Vec<Violation> {
    let modules: BTreeSet<&str> = tree
        .rust_below(rules.folder)
        .map(|(inside, _)| module_of(inside))
        .collect();
    let mut violations = Vec::new();
    for (inside, file) in tree.rust_below(rules.folder) {
        if file.is_test() {
            continue;
        }
        let place = Place::new(inside);
        let own: Vec<&str> = place.path.split('/').filter(|_| !place.is_root()).collect();
        for mut named in source::paths(&file.text, &own) {
            if place.module == "main" && named.segments[0] == rules.library {
                "crate".clone_into(&mut named.segments[0]);
            }
            violations.extend(check_edge(&named, &place, file, &modules, rules));
            violations.extend(check_strangers(&named, &place, file, tree, rules));
            violations.extend(check_fences(&named, &place, file, rules));
        }
        if !rules.edges.is_empty() && row(rules, place.module).is_none() {
            let message = format!(
                "module `{}` has no row in the table of layers: add one",
                place.module
            );
            violations.push(Violation::new(&file.path, 0, message));
        }
    }
    violations.sort();
    violations.dedup();
    violations
}

/// Where a file stands in its crate.
struct Place<'a> {
    /// The path in `src` without `.rs`.
    path: &'a str,
    /// Its first part.
    module: &'a str,
}

impl<'a> Place<'a> {
    fn new(inside: &'a str) -> Self {
        Self {
            path: inside.strip_suffix(".rs").unwrap_or(inside),
            module: module_of(inside),
        }
    }

    fn is_root(&self) -> bool {
        self.path == "lib" || self.path == "main"
    }

    /// Whether this is the place, or below it.
    fn is_in(&self, place: &str) -> bool {
        self.path
            .strip_prefix(place)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

fn module_of(inside: &str) -> &str {
    let first = inside.split('/').next().unwrap_or(inside);
    first.strip_suffix(".rs").unwrap_or(first)
}

fn row(rules: &ModuleRules, module: &str) -> Option<&'static [&'static str]> {
    rules
        .edges
        .iter()
        .find(|(name, _)| *name == module)
        .map(|(_, allowed)| *allowed)
}

fn check_edge(
    named: &Named,
    place: &Place<'_>,
    file: &File,
    modules: &BTreeSet<&str>,
    rules: &ModuleRules,
) -> Option<Violation> {
    let allowed = row(rules, place.module)?;
    let is_path = named.is_use || named.segments.len() > 1;
    if named.segments[0] != "crate" || !is_path {
        return None;
    }
    // What is no module lies in the crate's root, and so does everything that a glob of the root brings in.
    let target = named.segments.get(1).map_or("lib", String::as_str);
    let target = if modules.contains(target) {
        target
    } else {
        "lib"
    };
    let is_own =
        target == place.module || (target == "lib" && place.is_root() && place.module == "lib");
    if is_own
        || allowed.contains(&EVERYTHING)
        || allowed.contains(&target)
        || rules.leaves.contains(&target)
    {
        return None;
    }
    let may = if allowed.is_empty() {
        "nothing".to_owned()
    } else {
        allowed.join(", ")
    };
    let message = format!(
        "`{}` may not know `{target}` ({}); it may know: {may}",
        place.module,
        named.segments.join("::")
    );
    Some(Violation::new(&file.path, named.line, message))
}

fn check_strangers(
    named: &Named,
    place: &Place<'_>,
    file: &File,
    tree: &Tree,
    rules: &ModuleRules,
) -> Option<Violation> {
    if !rules.strangers.contains(&place.module) || named.segments[0] != "crate" {
        return None;
    }
    let own = place.path.split('/').nth(1)?;
    let (module, other) = (named.segments.get(1)?, named.segments.get(2)?);
    let is_file = |path: String| tree.file(&format!("{}/{path}", rules.folder)).is_some();
    if module != place.module || other == own || !is_file(format!("{module}/{other}.rs")) {
        return None;
    }
    let message =
        format!("files of `{module}` may not know each other: what both need belongs below them");
    Some(Violation::new(&file.path, named.line, message))
}

fn check_fences(
    named: &Named,
    place: &Place<'_>,
    file: &File,
    rules: &ModuleRules,
) -> Option<Violation> {
    let watched = |fence: &&Fence| {
        let inside =
            fence.inside.is_empty() || fence.inside.iter().any(|inside| place.is_in(inside));
        inside && !fence.except.iter().any(|except| place.is_in(except))
    };
    let (fence, name) = rules.fences.iter().filter(watched).find_map(|fence| {
        fence
            .names
            .iter()
            .find(|name| name.matches(named))
            .map(|name| (fence, name))
    })?;
    let message = format!("`{}` does not belong here: {}", name.text(), fence.because);
    Some(Violation::new(&file.path, named.line, message))
}

#[cfg(test)]
mod tests;
