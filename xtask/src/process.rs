//! Starts other programs, waits for them, and stops them all when xtask is told to stop.
//! It does not know what any of them is for.
//!
//! Every child leads a process group of its own. A Ctrl-C in the terminal therefore reaches xtask only, which
//! passes it on to whole groups: cargo's compilers and npm's scripts stop with their parents, once, and the
//! server gets its chance to close its files.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// How long a child may take to end after it was asked to, before it is killed.
const STOP_SECS_MAX: u64 = 10;

/// How often a wait with a time limit looks again.
const POLL: Duration = Duration::from_millis(50);

/// The children that run now, by process id, which is also the id of their group.
static CHILDREN: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// When xtask was first told to stop.
static STOPPED: OnceLock<Instant> = OnceLock::new();

/// A signal this long after the first one means impatience: children are killed then. Sooner it is the same stop
/// told twice, as `timeout` and some shells do.
const IMPATIENCE: Duration = Duration::from_secs(1);

/// Passes Ctrl-C, SIGTERM and SIGHUP on to every child from now on.
///
/// # Errors
/// When the operating system refuses the handler.
pub(crate) fn pass_signals_on() -> Result<()> {
    ctrlc::set_handler(|| {
        let urgent = STOPPED.get_or_init(Instant::now).elapsed() > IMPATIENCE;
        for &id in children().iter() {
            signal(id, urgent);
        }
    })
    .context("could not listen for Ctrl-C")
}

/// Whether xtask was told to stop.
pub(crate) fn is_stopping() -> bool {
    STOPPED.get().is_some()
}

/// Runs a program to its end, showing its output.
///
/// # Errors
/// When it can not be started, or ends with anything but success; the message holds the command to repeat.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = Running::start(command)?.wait()?;
    if is_stopping() {
        bail!("stopped");
    }
    if !status.success() {
        bail!("{} ({status})", shown(command));
    }
    Ok(())
}

/// What a program prints on its standard output, or nothing when it is absent or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A child that runs beside xtask. Dropping it stops it.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
}

impl Running {
    /// Starts a program in a process group of its own, with the terminal's output and no input.
    ///
    /// # Errors
    /// When it can not be started, or xtask is already stopping.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::null());
        lead_a_group(command);
        // The list stays locked over the start, so that no signal can fall between start and entry.
        let mut children = children();
        if is_stopping() {
            bail!("stopped");
        }
        let child = command
            .spawn()
            .with_context(|| format!("could not start: {}", shown(command)))?;
        children.push(child.id());
        Ok(Self { child })
    }

    /// Waits for the end.
    ///
    /// # Errors
    /// When the operating system can not tell.
    pub(crate) fn wait(mut self) -> Result<ExitStatus> {
        let status = self
            .child
            .wait()
            .context("could not wait for a child process")?;
        forget(self.child.id());
        Ok(status)
    }

    /// The exit status when the program has ended, nothing while it runs.
    ///
    /// # Errors
    /// When the operating system can not tell.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child
            .try_wait()
            .context("could not look after a child process")
    }

    /// Asks the program to end, waits for it, and kills it when it takes longer than `STOP_SECS_MAX`.
    fn stop(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(STOP_SECS_MAX);
        if matches!(self.child.try_wait(), Ok(None)) {
            signal(self.child.id(), false);
        }
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > deadline || !cfg!(unix) {
                signal(self.child.id(), true);
                // An error here means that it ended by itself in between.
                self.child.kill().ok();
                self.child.wait().ok();
                break;
            }
            std::thread::sleep(POLL);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
        forget(self.child.id());
    }
}

/// A command as one would type it in the project's folder: folder, variables that matter, words.
pub(crate) fn shown(command: &Command) -> String {
    let mut words = Vec::new();
    for (name, value) in command.get_envs() {
        // The search path is long and the same for every child; removed variables are cargo's own.
        if let Some(value) = value
            && name != "PATH"
        {
            words.push(format!(
                "{}={}",
                name.to_string_lossy(),
                quoted(&value.to_string_lossy())
            ));
        }
    }
    words.push(quoted(&command.get_program().to_string_lossy()));
    words.extend(
        command
            .get_args()
            .map(|word| quoted(&word.to_string_lossy())),
    );
    let line = words.join(" ");
    match command.get_current_dir() {
        Some(dir) => format!("(cd {} && {line})", quoted(&dir.to_string_lossy())),
        None => line,
    }
}

/// The code with which xtask ends when it stood in for a child that ended so.
pub(crate) fn exit_code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        // The shell's convention for a program that a signal ended.
        return u8::try_from(128 + signal).unwrap_or(1);
    }
    status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1)
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn children() -> MutexGuard<'static, Vec<u32>> {
    // The list is whole between any two of its operations, so a panic elsewhere does not spoil it.
    CHILDREN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn forget(id: u32) {
    children().retain(|&child| child != id);
}

#[cfg(unix)]
fn lead_a_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn lead_a_group(_command: &mut Command) {}

/// Asks a child's whole group to end, or kills it. A group that is gone already is no error.
#[cfg(unix)]
fn signal(id: u32, kill: bool) {
    use nix::sys::signal::{Signal, killpg};
    use nix::unistd::Pid;

    let signal = if kill {
        Signal::SIGKILL
    } else {
        Signal::SIGTERM
    };
    if let Ok(id) = i32::try_from(id) {
        killpg(Pid::from_raw(id), signal).ok();
    }
}

/// Elsewhere the console hands Ctrl-C to every program by itself.
#[cfg(not(unix))]
fn signal(_id: u32, _kill: bool) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let mut command = Command::new("npm");
        command
            .arg("run")
            .arg("two words")
            .current_dir("client/e2e")
            .env("CHROMIUM", "/usr/bin/chromium");
        assert_eq!(
            shown(&command),
            "(cd client/e2e && CHROMIUM=/usr/bin/chromium npm run 'two words')"
        );
    }

    #[test]
    fn a_failing_command_is_named_with_its_status() {
        let failure = run(Command::new("cargo").arg("no-such-command-at-all"))
            .expect_err("it does not exist");
        assert!(
            failure.to_string().contains("cargo no-such-command-at-all"),
            "{failure}"
        );
        assert!(run(Command::new("cargo").arg("--version")).is_ok());
    }
}
