//! Where things lie: the project's folder, the build folder, the tool folder, the search path of children.
//! It does not know how any tool is installed.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

/// The project on this machine, and what its children find on their search path.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The folder of the workspace's Cargo.toml.
    pub(crate) root: PathBuf,
    /// Cargo's build folder: the one that xtask itself was built into, so every setting of it holds.
    pub(crate) target: PathBuf,
    /// Folders that stand before the user's search path for every child.
    tool_dirs: Vec<PathBuf>,
}

impl Workspace {
    /// Finds the project that this xtask belongs to and makes its folder the current one, from wherever xtask was
    /// called: every command is then shown as one types it there.
    ///
    /// # Errors
    /// When the folders of the project or of xtask itself can not be found.
    pub(crate) fn enter() -> Result<Self> {
        let manifest_dir =
            env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest_dir)
            .parent()
            .context("xtask lies in no workspace")?
            .to_path_buf();
        env::set_current_dir(&root)
            .with_context(|| format!("could not enter {}", root.display()))?;
        let own_program = env::current_exe().context("could not find the running xtask")?;
        let target = own_program
            .ancestors()
            .nth(2)
            .context("xtask lies in no build folder")?
            .to_path_buf();
        Ok(Self {
            root,
            target,
            tool_dirs: Vec::new(),
        })
    }

    /// A command that finds our tools first.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("PATH", self.search_path());
        // `cargo run` describes xtask in these. A nested cargo would take a change in them for a reason to build
        // again what a plain `cargo build` has built, and the other way round.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        command
    }

    /// Puts a folder before everything else on the search path of later children.
    pub(crate) fn prefer_tools_in(&mut self, dir: PathBuf) {
        if !self.tool_dirs.contains(&dir) {
            self.tool_dirs.insert(0, dir);
        }
    }

    /// The first program of this name on the children's search path.
    pub(crate) fn program(&self, name: &str) -> Option<PathBuf> {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        env::split_paths(&self.search_path())
            .map(|dir| dir.join(&file))
            .find(|path| path.is_file())
    }

    /// The folder for tools that this project needs in exact versions. It lies in the user's cache, so that a
    /// fresh clone does not build them again and the user's own tools are never replaced.
    pub(crate) fn tools(&self) -> PathBuf {
        let cache = env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .or_else(|| env::home_dir().map(|home| home.join(".cache")));
        match cache {
            Some(cache) => cache.join("parley").join("tools"),
            None => self.target.join("tools"),
        }
    }

    /// Where xtask keeps its own notes between runs.
    pub(crate) fn notes(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// The release build of the server.
    pub(crate) fn release_server(&self) -> PathBuf {
        self.target
            .join("release")
            .join(format!("parley{}", env::consts::EXE_SUFFIX))
    }

    /// The debug build of the server.
    pub(crate) fn debug_server(&self) -> PathBuf {
        self.target
            .join("debug")
            .join(format!("parley{}", env::consts::EXE_SUFFIX))
    }

    /// The version that Cargo.lock names for a package.
    ///
    /// # Errors
    /// When there is no Cargo.lock, or no such package in it.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String> {
        let path = self.root.join("Cargo.lock");
        let lock = fs::read_to_string(&path)
            .with_context(|| format!("could not read {}", path.display()))?;
        version_in_lock(&lock, package)
            .with_context(|| format!("Cargo.lock does not name {package}"))
    }

    fn search_path(&self) -> OsString {
        let own = env::var_os("PATH").unwrap_or_default();
        let dirs = self.tool_dirs.iter().cloned().chain(env::split_paths(&own));
        // Only a folder with a separator in its name can fail; then the user's own path must do.
        env::join_paths(dirs).unwrap_or(own)
    }
}

/// Reads one version out of a lock file, whose entries are a `name` line followed by a `version` line.
fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "\
[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n\n\
[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.126\"\nsource = \"registry\"\n";

    #[test]
    fn the_lock_file_tells_a_version_by_the_whole_name() {
        assert_eq!(
            version_in_lock(LOCK, "wasm-bindgen").as_deref(),
            Some("0.2.126")
        );
        assert_eq!(version_in_lock(LOCK, "wasm"), None);
    }
}
