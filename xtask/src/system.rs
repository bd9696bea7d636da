//! The programs that tests and benchmarks need from the operating system: a browser with its driver, fonts, Node, strace, libuv.
//! Installs them where it may, otherwise says what to type. It does not know what is tested.

use std::env;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use crate::print;
use crate::process::{self, answer};
use crate::tools;
use crate::workspace::Workspace;

/// The oldest Node that the end-to-end tests run on.
const NODE_MAJOR_MIN: u32 = 20;

const CHROMIUM_NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const CHROMIUM_ON_MAC: &str = "/Applications/Chromium.app/Contents/MacOS/Chromium";

/// A browser and the program that drives it, of the same version.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Finds Chromium and its driver, or installs both with a font that shows Chinese.
///
/// The variables CHROMIUM and CHROMEDRIVER come before everything else.
///
/// # Errors
/// When one is missing and can not be installed; the message says what to run.
pub(crate) fn browser(workspace: &Workspace) -> Result<Browser> {
    let mut missing = Vec::new();
    if chromium(workspace).is_none() {
        missing.push("chromium");
    }
    if driver(workspace).is_none() {
        missing.push("chromium-driver");
    }
    if cfg!(target_os = "linux") && !has_font(workspace, ":lang=zh-cn") {
        missing.extend(["fontconfig", "fonts-noto-cjk"]);
    }
    // The pictures that the tests take show people who write with emoji.
    if cfg!(target_os = "linux") && !has_font(workspace, ":lang=und-zsye") {
        missing.extend(["fontconfig", "fonts-noto-color-emoji"]);
    }
    if !missing.is_empty() {
        apt_install(workspace, &missing)
            .context("the browser tests need Chromium, its driver and a font for Chinese (elsewhere than on Debian: install them, and set CHROMIUM and CHROMEDRIVER to the two programs)")?;
    }
    let chromium =
        chromium(workspace).context("there is still no Chromium: set CHROMIUM to its program")?;
    let driver = driver(workspace)
        .context("there is still no chromedriver: set CHROMEDRIVER to its program")?;
    Ok(Browser { chromium, driver })
}

/// Finds Node and npm in a version that is new enough, or installs them.
///
/// # Errors
/// When they are missing and can not be installed; the message says what to run.
pub(crate) fn node(workspace: &mut Workspace) -> Result<()> {
    if workspace.program("npm").is_none() {
        apt_install(workspace, &["nodejs", "npm"]).with_context(|| {
            format!("the tests need Node {NODE_MAJOR_MIN} or newer, with npm: https://nodejs.org")
        })?;
    }
    if node_major(workspace).is_some_and(|major| major >= NODE_MAJOR_MIN) {
        return Ok(());
    }
    tools::own_node(workspace).with_context(|| {
        format!("install Node {NODE_MAJOR_MIN} or newer, with npm: https://nodejs.org")
    })?;
    match node_major(workspace) {
        Some(major) if major >= NODE_MAJOR_MIN => Ok(()),
        found => bail!(
            "Node {NODE_MAJOR_MIN} or newer is needed, and found is {found:?}: https://nodejs.org"
        ),
    }
}

/// Finds strace, by which the harnesses see and spoil what the server does to its files, or installs it.
///
/// # Errors
/// When it is missing and can not be installed; the message says what to run.
pub(crate) fn strace(workspace: &Workspace) -> Result<()> {
    if cfg!(target_os = "linux") && workspace.program("strace").is_none() {
        apt_install(workspace, &["strace"]).context("the faults of the disk need strace")?;
    }
    Ok(())
}

/// Installs libuv, which uWebSockets is linked against.
///
/// # Errors
/// When it can not be installed.
pub(crate) fn libuv(workspace: &Workspace) -> Result<()> {
    apt_install(workspace, &["libuv1"]).context("uWebSockets needs libuv")
}

fn node_major(workspace: &Workspace) -> Option<u32> {
    major(&answer(workspace.command("node").arg("--version"))?)
}

/// The first number of what `node --version` prints, such as `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

fn chromium(workspace: &Workspace) -> Option<PathBuf> {
    named_by("CHROMIUM")
        .or_else(|| {
            CHROMIUM_NAMES
                .iter()
                .find_map(|name| workspace.program(name))
        })
        .or_else(|| Some(PathBuf::from(CHROMIUM_ON_MAC)).filter(|path| path.is_file()))
}

fn driver(workspace: &Workspace) -> Option<PathBuf> {
    named_by("CHROMEDRIVER").or_else(|| workspace.program("chromedriver"))
}

fn named_by(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_file())
}

fn has_font(workspace: &Workspace, pattern: &str) -> bool {
    answer(workspace.command("fc-list").arg(pattern)).is_some_and(|fonts| !fonts.trim().is_empty())
}

/// Installs Debian packages, as root or through a sudo that asks for no password.
fn apt_install(workspace: &Workspace, packages: &[&str]) -> Result<()> {
    let line = format!("sudo apt-get install -y {}", packages.join(" "));
    if workspace.program("apt-get").is_none() {
        bail!(
            "missing: {}, and there is no apt-get to install them with",
            packages.join(", ")
        );
    }
    let is_root = answer(workspace.command("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    let may_sudo = || answer(workspace.command("sudo").args(["-n", "true"])).is_some();
    let prefix: &[&str] = if is_root {
        &["env"]
    } else if may_sudo() {
        &["sudo", "-n", "env"]
    } else {
        bail!("missing: {}. Run: {line}", packages.join(", "));
    };
    let apt = |words: &[&str]| {
        let mut command = workspace.command(prefix[0]);
        command
            .args(&prefix[1..])
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"])
            .args(words);
        process::run(&mut command)
    };
    print::step(&format!("installing {} with apt-get", packages.join(", ")));
    apt(&["update"])?;
    apt(&[&["install", "-y", "--no-install-recommends"], packages].concat())
        .with_context(|| format!("try: {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_its_first_number() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("20"), None);
    }
}
