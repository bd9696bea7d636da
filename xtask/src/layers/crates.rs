//! Checks what the crates depend on, by asking cargo. It does not know the modules inside them.

use anyhow::{Result, bail};

use super::Violation;
use crate::process::answer;
use crate::workspace::Workspace;

/// What one crate must not depend on.
#[derive(Debug)]
pub(super) struct CrateRule {
    pub(super) name: &'static str,
    /// The compilation target whose dependencies count, or `all`.
    pub(super) target: &'static str,
    pub(super) forbidden: &'static [&'static str],
    pub(super) because: &'static str,
}

/// Compares the normal dependencies of every crate, also the indirect ones, with the rules.
///
/// # Errors
/// When cargo can not tell them.
pub(super) fn check(workspace: &Workspace, rules: &[CrateRule]) -> Result<Vec<Violation>> {
    let mut violations = Vec::new();
    for rule in rules {
        let mut cargo = workspace.command("cargo");
        // Procedural macros run in the compiler and are no part of the program.
        cargo.args([
            "tree",
            "--edges",
            "normal,no-proc-macro",
            "--prefix",
            "depth",
            "--format",
            " {p}",
        ]);
        cargo.args(["--package", rule.name, "--target", rule.target]);
        let Some(tree) = answer(&mut cargo) else {
            bail!(
                "cargo could not tell the dependencies: {}",
                crate::process::shown(&cargo)
            );
        };
        violations.extend(compare(&tree, rule));
    }
    Ok(violations)
}

/// Finds the forbidden names in what `cargo tree` printed: the depth, the name and the version in each line.
fn compare(tree: &str, rule: &CrateRule) -> Vec<Violation> {
    let mut way: Vec<&str> = Vec::new();
    let mut violations: Vec<Violation> = Vec::new();
    for line in tree.lines() {
        let mut words = line.split_whitespace();
        let (Some(depth), Some(name)) = (
            words.next().and_then(|depth| depth.parse::<usize>().ok()),
            words.next(),
        ) else {
            continue;
        };
        way.truncate(depth);
        way.push(name);
        if depth > 0 && rule.forbidden.contains(&name) {
            let message = format!(
                "must not depend on {name} ({}): {}",
                rule.because,
                way.join(" -> ")
            );
            violations.push(Violation::new(rule.name, 0, message));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: CrateRule = CrateRule {
        name: "parley-shared",
        target: "all",
        forbidden: &["rand", "tokio"],
        because: "no chance",
    };

    #[test]
    fn a_forbidden_dependency_is_found_with_the_way_to_it() {
        let tree =
            "0 parley-shared v0.1.0 (/somewhere)\n1 serde v1.0.0\n1 uuid v1.0.0\n2 rand v0.9.0\n";
        let violations = compare(tree, &RULE);
        assert_eq!(violations.len(), 1);
        assert!(
            violations[0]
                .message
                .ends_with("parley-shared -> uuid -> rand"),
            "{violations:?}"
        );
    }

    #[test]
    fn a_name_that_only_contains_a_forbidden_one_is_fine() {
        assert_eq!(
            compare(
                "0 parley-shared v0.1.0\n1 rand_core v0.9.0\n1 tokio-util v0.7.0 (*)\n",
                &RULE
            ),
            []
        );
    }
}
