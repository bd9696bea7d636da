//! `cargo xtask dev`: trunk serves the page and rebuilds it, and the server beside it is rebuilt and restarted.
//! It does not know what a source says, only that it changed.

use std::fs;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, bail};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::page;
use crate::print;
use crate::process::{self, Running};
use crate::tools;
use crate::workspace::Workspace;

/// What the server is made of. Folders that hold more than that are watched without their subfolders.
const WATCHED: [(&str, RecursiveMode); 6] = [
    ("", RecursiveMode::NonRecursive),
    ("server", RecursiveMode::NonRecursive),
    ("server/src", RecursiveMode::Recursive),
    ("server/migrations", RecursiveMode::Recursive),
    ("shared", RecursiveMode::NonRecursive),
    ("shared/src", RecursiveMode::Recursive),
];

/// The options of the server: behind trunk's port, whose pages may talk to it.
const SERVER_ARGS: [&str; 7] = [
    "serve",
    "--listen",
    "127.0.0.1:3000",
    "--allowed-origin",
    "http://localhost:8080",
    "--allowed-origin",
    "http://127.0.0.1:8080",
];

/// How long the sources must lie still before a rebuild: an editor that saves several files counts as one change.
const QUIET: Duration = Duration::from_millis(300);

/// How often the children are looked after.
const GLANCE: Duration = Duration::from_millis(250);

/// Serves until Ctrl-C, or until trunk ends by itself.
///
/// # Errors
/// When tools can not be installed, the sources can not be watched, or trunk ends.
pub(crate) fn run(workspace: &mut Workspace) -> Result<()> {
    tools::wasm_target(workspace)?;
    tools::trunk(workspace)?;
    tools::wasm_bindgen(workspace)?;
    let workspace: &Workspace = workspace;
    // Watching begins before the first build, so that no change is missed while it runs.
    let (_watcher, changes) = watch(&workspace.root)?;

    let mut server = DevServer {
        workspace,
        running: None,
        started_from: None,
    };
    server.refresh()?;
    print::step("page: trunk serve, at http://localhost:8080 as soon as it is built");
    let mut trunk = page::trunk(workspace);
    // A folder of its own: the release page in dist/ is not to be replaced by a debug page.
    trunk
        .args(["serve", "--dist"])
        .arg(workspace.target.join("dev-dist"));
    let mut trunk = Running::start(&mut trunk)?;

    loop {
        if process::is_stopping() {
            print::step("stopping");
            return Ok(());
        }
        if let Some(status) = trunk.ended()? {
            if process::is_stopping() {
                return Ok(());
            }
            bail!("trunk serve ended ({status})");
        }
        server.look_after()?;
        match changes.recv_timeout(GLANCE) {
            Ok(()) => {
                wait_for_quiet(&changes);
                server.refresh()?;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => bail!("the sources are not watched any more"),
        }
    }
}

/// The debug build of the server, running or waiting for a change that makes it run.
struct DevServer<'a> {
    workspace: &'a Workspace,
    running: Option<Running>,
    /// When the program that runs was built.
    started_from: Option<SystemTime>,
}

impl DevServer<'_> {
    /// Builds the server, and restarts it when that made a new program. A failed build changes nothing.
    fn refresh(&mut self) -> Result<()> {
        print::step("server: cargo build");
        let mut build = self.workspace.command("cargo");
        if let Err(failure) = process::run(build.args(["build", "--package", "parley-server"])) {
            if process::is_stopping() {
                return Ok(());
            }
            let consequence = if self.running.is_some() {
                "the old server goes on"
            } else {
                "waiting for a change"
            };
            print::step(&format!("server: {failure:#}; {consequence}"));
            return Ok(());
        }
        let program = self.workspace.debug_server();
        let built = fs::metadata(&program)
            .and_then(|about| about.modified())
            .ok();
        if self.running.is_some() && built == self.started_from {
            print::step("server: unchanged");
            return Ok(());
        }
        // The old one must have left its port and its data before the new one starts.
        drop(self.running.take());
        print::step(&format!("server: parley {}", SERVER_ARGS.join(" ")));
        let mut serve = self.workspace.command(&program.to_string_lossy());
        self.running = Some(Running::start(serve.args(SERVER_ARGS))?);
        self.started_from = built;
        Ok(())
    }

    /// Notices a server that ended by itself.
    fn look_after(&mut self) -> Result<()> {
        let ended = self
            .running
            .as_mut()
            .map(Running::ended)
            .transpose()?
            .flatten();
        if let Some(status) = ended
            && !process::is_stopping()
        {
            print::step(&format!(
                "server: it ended ({status}); waiting for a change"
            ));
            self.running = None;
        }
        Ok(())
    }
}

/// Watches what the server is made of. The queue holds one entry: "something changed" needs no repetition.
fn watch(root: &Path) -> Result<(RecommendedWatcher, Receiver<()>)> {
    let (tell, changes) = sync_channel(1);
    let told_root = root.to_path_buf();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        // After an error of the watcher something may have been missed, so it counts as a change.
        if event.map_or(true, |event| concerns_server(&told_root, &event)) {
            // A full queue already says what this would say.
            tell.try_send(()).ok();
        }
    })
    .context("could not watch the sources")?;
    for (folder, mode) in WATCHED {
        let path = root.join(folder);
        if path.is_dir() {
            watcher
                .watch(&path, mode)
                .with_context(|| format!("could not watch {}", path.display()))?;
        }
    }
    Ok((watcher, changes))
}

/// Whether an event can change the server: a write, not a mere look, of Rust, SQL or a manifest.
fn concerns_server(root: &Path, event: &Event) -> bool {
    let is_write = matches!(
        event.kind,
        EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_)
    );
    let is_source = |path: &Path| {
        let is_rust_or_sql = path
            .extension()
            .is_some_and(|end| end == "rs" || end == "sql");
        is_rust_or_sql || path.file_name().is_some_and(|name| name == "Cargo.toml")
    };
    is_write
        && event
            .paths
            .iter()
            .any(|path| path.starts_with(root) && is_source(path))
}

/// Returns when no change came for the time of `QUIET`.
fn wait_for_quiet(changes: &Receiver<()>) {
    while changes.recv_timeout(QUIET).is_ok() {}
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, ModifyKind};

    use super::*;

    #[test]
    fn only_writes_of_sources_concern_the_server() {
        let root = Path::new("project");
        let write =
            |path: &str| Event::new(EventKind::Modify(ModifyKind::Any)).add_path(root.join(path));
        assert!(concerns_server(root, &write("server/src/hub.rs")));
        assert!(concerns_server(
            root,
            &write("server/migrations/sqlite/0001_init.sql")
        ));
        assert!(concerns_server(root, &write("shared/Cargo.toml")));
        assert!(!concerns_server(root, &write("Cargo.lock")));
        assert!(!concerns_server(root, &write("server/src/.hub.rs.swp")));

        let look =
            Event::new(EventKind::Access(AccessKind::Any)).add_path(root.join("server/src/hub.rs"));
        assert!(!concerns_server(root, &look));
    }
}
