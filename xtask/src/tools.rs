//! The build tools of the page: wasm target, trunk, wasm-bindgen, wasm-opt. Finds them in the versions that fit,
//! installs what is missing, and changes nothing that the user installed. It does not know what is built with them.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::print;
use crate::process::{self, answer};
use crate::workspace::Workspace;

/// The newest trunk that Rust 1.95 compiles: 0.22 asks for 1.96.
pub(crate) const TRUNK_VERSION: &str = "0.21.14";

/// The npm release of binaryen, of which wasm-opt is a part.
const BINARYEN_VERSION: &str = "132";

/// The npm release of esbuild, which takes spaces and long names out of the page's scripts.
const ESBUILD_VERSION: &str = "0.28.2";

/// The npm package `node`, which brings Node itself, for systems whose own Node is too old.
const NODE_VERSION: &str = "20";

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A program from crates.io that must have one exact version.
#[derive(Debug)]
struct CargoTool {
    package: &'static str,
    version: String,
    /// The programs of the package that are used; all of them must have the version.
    programs: &'static [&'static str],
    /// What compiling it costs on two cores, in minutes.
    minutes: u32,
}

/// Finds or installs everything that building the page needs; whether wasm-opt is among it comes back.
///
/// # Errors
/// When something is missing and can not be installed; the message says what to run.
pub(crate) fn for_page(workspace: &mut Workspace) -> Result<bool> {
    wasm_target(workspace)?;
    trunk(workspace)?;
    wasm_bindgen(workspace)?;
    Ok(wasm_opt(workspace))
}

/// Makes sure that Rust can compile for the browser.
///
/// # Errors
/// When the target is missing and rustup is absent or fails.
pub(crate) fn wasm_target(workspace: &Workspace) -> Result<()> {
    let mut question = workspace.command("rustc");
    question.args(["--print", "target-libdir", "--target", WASM_TARGET]);
    let has_libraries =
        |dir: String| fs::read_dir(dir.trim()).is_ok_and(|mut files| files.next().is_some());
    if answer(&mut question).is_some_and(has_libraries) {
        return Ok(());
    }
    with_rustup(workspace, &["target", "add", WASM_TARGET])
}

/// Makes sure that `cargo fmt` and `cargo clippy` exist.
///
/// # Errors
/// When one is missing and rustup is absent or fails.
pub(crate) fn component(workspace: &Workspace, name: &str) -> Result<()> {
    let subcommand = name.trim_start_matches("rust");
    if answer(workspace.command("cargo").args([subcommand, "--version"])).is_some() {
        return Ok(());
    }
    with_rustup(workspace, &["component", "add", name])
}

/// Makes sure that the right trunk is on the children's search path.
///
/// # Errors
/// When it can not be installed.
pub(crate) fn trunk(workspace: &mut Workspace) -> Result<()> {
    let version = TRUNK_VERSION.to_owned();
    cargo_tool(
        workspace,
        &CargoTool {
            package: "trunk",
            version,
            programs: &["trunk"],
            minutes: 9,
        },
    )
}

/// Makes sure that the wasm-bindgen programs of the locked version are on the children's search path.
///
/// # Errors
/// When Cargo.lock does not name wasm-bindgen, or the programs can not be installed.
pub(crate) fn wasm_bindgen(workspace: &mut Workspace) -> Result<()> {
    let version = workspace.locked_version("wasm-bindgen")?;
    let programs = &["wasm-bindgen", "wasm-bindgen-test-runner"];
    cargo_tool(
        workspace,
        &CargoTool {
            package: "wasm-bindgen-cli",
            version,
            programs,
            minutes: 3,
        },
    )
}

/// Looks for wasm-opt, installs it through npm where that exists, and says whether there is one now. It is not
/// worth a failure: without it the page works and is larger.
fn wasm_opt(workspace: &mut Workspace) -> bool {
    if answer(workspace.command("wasm-opt").arg("--version")).is_some() {
        return true;
    }
    let Err(failure) = npm_tool(workspace, "binaryen", BINARYEN_VERSION, "wasm-opt") else {
        return true;
    };
    print::note(&format!("going on without wasm-opt: {failure:#}"));
    false
}

/// Installs esbuild through npm where that exists, and says whether it is there now. It is not worth a failure either.
pub(crate) fn esbuild(workspace: &mut Workspace) -> bool {
    let Err(failure) = npm_tool(workspace, "esbuild", ESBUILD_VERSION, "esbuild") else {
        return true;
    };
    print::note(&format!("going on without esbuild: {failure:#}"));
    false
}

/// Puts a Node of our own on the children's search path, for a system whose Node is absent or too old.
///
/// # Errors
/// When npm is absent or fails.
pub(crate) fn own_node(workspace: &mut Workspace) -> Result<()> {
    npm_tool(workspace, "node", NODE_VERSION, "node")
}

/// Installs an npm package into the tool folder, unless it is there, and puts its programs on the search path.
fn npm_tool(workspace: &mut Workspace, package: &str, version: &str, program: &str) -> Result<()> {
    let folder = workspace.tools().join(format!("{package}-{version}"));
    let programs = folder.join("node_modules").join(".bin");
    let is_there = || answer(Command::new(programs.join(program)).arg("--version")).is_some();
    if !is_there() {
        if workspace.program("npm").is_none() {
            bail!("there is no npm to install {package} with");
        }
        print::step(&format!(
            "installing {package} {version} with npm into {}",
            folder.display()
        ));
        fs::create_dir_all(&folder)
            .with_context(|| format!("could not make {}", folder.display()))?;
        let mut install = workspace.command("npm");
        install.args([
            "install",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--prefix",
        ]);
        install.arg(&folder).arg(format!("{package}@{version}"));
        process::run(&mut install)?;
        if !is_there() {
            bail!("npm installed {package} {version}, but its {program} does not run");
        }
    }
    workspace.prefer_tools_in(programs);
    Ok(())
}

/// Finds a tool on the search path or in the tool folder, or installs it there.
fn cargo_tool(workspace: &mut Workspace, tool: &CargoTool) -> Result<()> {
    if has_version(workspace, tool) {
        return Ok(());
    }
    let folder = workspace
        .tools()
        .join(format!("{}-{}", tool.package, tool.version));
    workspace.prefer_tools_in(folder.join("bin"));
    if has_version(workspace, tool) {
        return Ok(());
    }
    let named = format!("{} {}", tool.package, tool.version);
    let root = folder.to_string_lossy().into_owned();
    if workspace.program("cargo-binstall").is_some() {
        print::step(&format!(
            "downloading {named} with cargo binstall into {root}"
        ));
        let package = format!("{}@{}", tool.package, tool.version);
        let mut download = workspace.command("cargo");
        download.args([
            "binstall",
            "--no-confirm",
            "--disable-strategies",
            "compile",
            "--root",
            &root,
            &package,
        ]);
        match process::run(&mut download) {
            Ok(()) if has_version(workspace, tool) => return Ok(()),
            _ if process::is_stopping() => bail!("stopped"),
            _ => print::note("that did not work, so it is compiled here instead"),
        }
    }
    print::step(&format!(
        "compiling {named} into {root}: once, some {} minutes on two cores",
        tool.minutes
    ));
    // A folder that stays lets an interrupted installation go on where it was.
    let build = workspace.tools().join("building").join(tool.package);
    let mut install = workspace.command("cargo");
    install.args([
        "install",
        "--locked",
        "--root",
        &root,
        "--version",
        &tool.version,
        "--target-dir",
    ]);
    install.arg(&build).arg(tool.package);
    process::run(&mut install)?;
    fs::remove_dir_all(&build).ok();
    if !has_version(workspace, tool) {
        bail!("{named} was installed into {root}, but does not run");
    }
    Ok(())
}

/// Whether every program of the tool answers with its version.
fn has_version(workspace: &Workspace, tool: &CargoTool) -> bool {
    tool.programs.iter().all(|program| {
        answer(workspace.command(program).arg("--version"))
            .is_some_and(|line| names_version(&line, &tool.version))
    })
}

fn names_version(line: &str, version: &str) -> bool {
    line.split_whitespace().any(|word| word == version)
}

fn with_rustup(workspace: &Workspace, words: &[&str]) -> Result<()> {
    let line = format!("rustup {}", words.join(" "));
    if workspace.program("rustup").is_none() {
        bail!(
            "this Rust lacks a part, and there is no rustup to add it. Install https://rustup.rs, then run: {line}"
        );
    }
    print::step(&line);
    process::run(workspace.command("rustup").args(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_counts_only_as_a_whole_word() {
        assert!(names_version("wasm-bindgen 0.2.126\n", "0.2.126"));
        assert!(names_version(
            "wasm-bindgen 0.2.126 (3a5c1b2d 2026-01-01)",
            "0.2.126"
        ));
        assert!(!names_version("trunk 0.21.140", "0.21.14"));
    }
}
