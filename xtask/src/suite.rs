//! `cargo xtask test`: prepares the machine, runs the steps of the suite in order, and sums up.
//! It does not know what a single test looks at.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use clap::ValueEnum;

use crate::fault;
use crate::layers;
use crate::npm;
use crate::page;
use crate::print;
use crate::process;
use crate::server;
use crate::system::{self, Browser};
use crate::tools;
use crate::workspace::Workspace;

/// How long the tests of the page's parts may take together, in seconds, on a machine that does other things too.
const DOM_SECS_MAX: u32 = 900;

/// How the driver starts the browser, and the place in it where the browser's options begin.
const WEBDRIVER: &str = "client/webdriver.json";
const CHROME_OPTIONS: &str = "\"goog:chromeOptions\": {";

/// The folder of the end-to-end tests.
pub(crate) const E2E: &str = "client/e2e";

/// A part of the suite. The order here is the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    /// The sources are formatted
    Fmt,
    /// Clippy has nothing to say, for the host and for the browser
    Clippy,
    /// Every module keeps to its layer, every file to its form
    Layers,
    /// The tests that run without a browser
    Host,
    /// The server killed, out of power, off the network and out of disk, in short
    Faults,
    /// The tests of the page's parts, in a headless Chromium
    Dom,
    /// The built program under test by people in a real browser
    E2e,
}

impl Step {
    fn name(self) -> String {
        self.to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default()
    }
}

/// How one step ended.
struct Outcome {
    step: Step,
    took: Duration,
    failure: Option<String>,
}

/// Runs the named steps, or all of them. The exit code tells whether all passed.
///
/// # Errors
/// When something that a step needs is missing and can not be installed: no step is ever skipped in silence.
pub(crate) fn run(workspace: &mut Workspace, named: &[Step]) -> Result<ExitCode> {
    let steps: Vec<Step> = Step::value_variants()
        .iter()
        .copied()
        .filter(|step| named.is_empty() || named.contains(step))
        .collect();
    print::step("preparing what the steps need");
    let browser = prepare(workspace, &steps)?;

    let mut outcomes = Vec::new();
    for step in steps {
        print::step(&format!("test {}", step.name()));
        let start = Instant::now();
        // No step needs another one to have passed, so a failure stops nothing.
        let failure = pass(workspace, step, browser.as_ref())
            .err()
            .map(|failure| format!("{failure:#}"));
        if let Some(failure) = &failure {
            print::note(&format!("{} failed: {failure}", step.name()));
        }
        outcomes.push(Outcome {
            step,
            took: start.elapsed(),
            failure,
        });
        if process::is_stopping() {
            bail!("stopped");
        }
    }
    print::text(&summary(&outcomes));
    Ok(
        if outcomes.iter().all(|outcome| outcome.failure.is_none()) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        },
    )
}

/// Installs what the chosen steps need. The browser comes back when one of them drives it.
fn prepare(workspace: &mut Workspace, steps: &[Step]) -> Result<Option<Browser>> {
    let has = |step| steps.contains(&step);
    if has(Step::Fmt) {
        tools::component(workspace, "rustfmt")?;
    }
    if has(Step::Clippy) {
        tools::component(workspace, "clippy")?;
    }
    if has(Step::Clippy) || has(Step::Dom) {
        tools::wasm_target(workspace)?;
    }
    if has(Step::Dom) {
        tools::wasm_bindgen(workspace)?;
    }
    if has(Step::Faults) {
        system::strace(workspace)?;
    }
    if has(Step::E2e) {
        system::node(workspace)?;
        if page::is_stale(workspace)? {
            tools::for_page(workspace)?;
        }
    }
    if has(Step::Dom) || has(Step::E2e) {
        system::browser(workspace).map(Some)
    } else {
        Ok(None)
    }
}

fn pass(workspace: &mut Workspace, step: Step, browser: Option<&Browser>) -> Result<()> {
    let cargo = |words: &[&str]| {
        let mut command = workspace.command("cargo");
        command.args(words);
        command
    };
    match step {
        Step::Fmt => process::run(&mut cargo(&["fmt", "--all", "--check"])),
        Step::Clippy => {
            let host = [
                "clippy",
                "--workspace",
                "--exclude",
                "parley-client",
                "--all-targets",
                "--features",
                fault::FEATURE,
                "--",
                "-D",
                "warnings",
            ];
            let page = [
                "clippy",
                "--package",
                "parley-client",
                "--target",
                "wasm32-unknown-unknown",
            ];
            let page = [&page[..], &["--all-targets", "--", "-D", "warnings"]].concat();
            all(&mut [cargo(&host), cargo(&page)])
        }
        Step::Layers => layers::check(workspace),
        Step::Host => process::run(&mut cargo(&["test", "--workspace"])),
        // One after the other: each of them keeps the machine busy.
        Step::Faults => process::run(&mut cargo(&[
            "test",
            "--package",
            "parley-server",
            "--test",
            "faults",
            "--features",
            fault::FEATURE,
            "--",
            "--test-threads=1",
        ])),
        Step::Dom => {
            let mut test = cargo(&[
                "test",
                "--package",
                "parley-client",
                "--target",
                "wasm32-unknown-unknown",
            ]);
            with_browser(workspace, &mut test, browser)?;
            process::run(&mut test)
        }
        Step::E2e => end_to_end(workspace, browser),
    }
}

/// Runs commands that do not build on each other, all of them, and fails with every failure.
fn all(commands: &mut [Command]) -> Result<()> {
    let failures: Vec<String> = commands
        .iter_mut()
        .filter_map(|command| process::run(command).err())
        .map(|e| format!("{e:#}"))
        .collect();
    if failures.is_empty() {
        Ok(())
    } else {
        bail!("{}", failures.join("\n"))
    }
}

/// Hands the browser to wasm-bindgen-test-runner, with the flags of client/webdriver.json.
fn with_browser(
    workspace: &Workspace,
    test: &mut Command,
    browser: Option<&Browser>,
) -> Result<()> {
    let browser = browser.ok_or_else(|| anyhow!("the browser was not prepared"))?;
    let flags =
        fs::read_to_string(WEBDRIVER).with_context(|| format!("could not read {WEBDRIVER}"))?;
    let settings = naming_browser(&flags, &browser.chromium)
        .with_context(|| format!("{WEBDRIVER} has no {CHROME_OPTIONS}"))?;
    let path = workspace.notes().join("webdriver.json");
    fs::create_dir_all(workspace.notes()).context("could not make xtask's folder for notes")?;
    fs::write(&path, settings).with_context(|| format!("could not write {}", path.display()))?;

    let patience = env::var("WASM_BINDGEN_TEST_TIMEOUT");
    let patience = patience.unwrap_or_else(|_| DOM_SECS_MAX.to_string());
    test.env("CHROMEDRIVER", &browser.driver)
        .env("WASM_BINDGEN_TEST_TIMEOUT", patience)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", path);
    Ok(())
}

/// The driver's settings with the program that it must start, rather than one that it finds by itself.
fn naming_browser(settings: &str, chromium: &Path) -> Option<String> {
    let (before, after) = settings.split_once(CHROME_OPTIONS)?;
    let chromium = chromium
        .to_string_lossy()
        .replace('\\', r"\\")
        .replace('"', r#"\""#);
    Some(format!(
        "{before}{CHROME_OPTIONS}\n    \"binary\": \"{chromium}\",{after}"
    ))
}

fn end_to_end(workspace: &mut Workspace, browser: Option<&Browser>) -> Result<()> {
    let browser = browser.ok_or_else(|| anyhow!("the browser was not prepared"))?;
    server::build_release(workspace)?;
    npm::ci(workspace, E2E)?;
    print::step("npm test in client/e2e");
    let mut tests = workspace.command("npm");
    tests.arg("test").current_dir(E2E);
    tests
        .env("PARLEY_BIN", workspace.release_server())
        .env("CHROMIUM", &browser.chromium);
    process::run(&mut tests)
}

/// The table of all steps, and after it what to repeat.
fn summary(outcomes: &[Outcome]) -> String {
    let mut lines = vec![String::new()];
    for Outcome {
        step,
        took,
        failure,
    } in outcomes
    {
        let verdict = if failure.is_none() { "ok" } else { "FAILED" };
        lines.push(format!(
            "  {:<8} {verdict:<7} {:>8}",
            step.name(),
            print::seconds(*took)
        ));
    }
    for outcome in outcomes {
        if let Some(failure) = &outcome.failure {
            lines.push(format!("\n{} failed:\n{failure}", outcome.step.name()));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_driver_is_told_which_browser_to_start() {
        let settings = naming_browser(
            include_str!("../../client/webdriver.json"),
            Path::new("/opt/a \"b\""),
        );
        let settings = settings.expect("the project's own file has options for the browser");
        assert!(
            settings.contains(r#""binary": "/opt/a \"b\"","#),
            "{settings}"
        );
        assert!(settings.contains("--headless"), "{settings}");
        assert_eq!(naming_browser("{}", Path::new("/opt/a")), None);
    }

    #[test]
    fn the_summary_ends_with_the_command_that_failed() {
        let took = Duration::from_millis(1200);
        let failure = Some("cargo clippy (exit status: 101)".to_owned());
        let outcomes = [
            Outcome {
                step: Step::Fmt,
                took,
                failure: None,
            },
            Outcome {
                step: Step::Clippy,
                took,
                failure,
            },
        ];
        let text = summary(&outcomes);
        assert!(text.contains("fmt      ok"), "{text}");
        assert!(text.ends_with("cargo clippy (exit status: 101)"), "{text}");
    }
}
