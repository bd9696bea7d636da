//! The command line of `parley`: options, logs, signals. It does not know how a chat works.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Parser as _;
use parley_server::Server;
use parley_server::config::{
    Command, CommandLine, Config, LogFormat, Settings, UserLine, VerifyLine,
};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// Gives back what a storm of connections took; decision 17 has the figures.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let command = CommandLine::parse().command;
    // Whoever runs it by a clock tells "broken" from "could not look".
    let failure = match command {
        Command::Verify(_) => ExitCode::from(2),
        _ => ExitCode::FAILURE,
    };
    match start(command) {
        Ok(code) => code,
        Err(error) => {
            // The log may not be there yet, and a person at a terminal should see this in any case.
            say(&format!("parley: {error:#}\n"));
            failure
        }
    }
}

fn start(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(settings) => serve(*settings).map(|()| ExitCode::SUCCESS),
        Command::User(line) => look_after(&line).map(|()| ExitCode::SUCCESS),
        Command::Verify(line) => verify(&line),
        Command::Backup(line) => told(&parley_server::backup::back_up(&line)?),
        Command::Restore(line) => told(&parley_server::backup::restore(&line)?),
    }
}

fn told(text: &str) -> anyhow::Result<ExitCode> {
    answer(text);
    Ok(ExitCode::SUCCESS)
}

fn verify(line: &VerifyLine) -> anyhow::Result<ExitCode> {
    let file = line.file(parley_server::verify::FILE)?;
    let report = parley_server::verify::verify(&file, |done, all| {
        say(&format!("{done} of {all} entries\n"));
    })?;
    answer(&report.to_string());
    Ok(if report.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Tells the person at the terminal something that is not the program's answer.
#[expect(
    clippy::print_stderr,
    reason = "there is no log where a person waits for an answer"
)]
fn say(text: &str) {
    eprint!("{text}");
}

#[expect(
    clippy::print_stdout,
    reason = "it is the program's answer, not a log line"
)]
fn answer(text: &str) {
    print!("{text}");
}

fn look_after(line: &UserLine) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let data_dir = line.place.data_dir()?;
    answer(&runtime.block_on(parley_server::operator::run(&data_dir, &line.command))?);
    Ok(())
}

fn serve(settings: Settings) -> anyhow::Result<()> {
    let config = Config::load(settings)?;
    start_log(&config)?;
    // Every connection is a file; the usual soft limit of 1,024 is meant for other programs.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let shutdown = CancellationToken::new();
            tokio::spawn(cancel_on_signal(shutdown.clone()));
            let listener = parley_server::listen(&config).await?;
            let address = listener.local_addr()?;
            let server = Server::open(listener, config).await?;
            parley_server::announce(address);
            server.run(shutdown).await
        })
}

fn start_log(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log)?;
    let log = tracing_subscriber::fmt()
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}

async fn cancel_on_signal(shutdown: CancellationToken) {
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::warn!(%error, "cannot listen for the signal to terminate");
                std::future::pending().await
            }
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
    tracing::info!("asked to stop");
    shutdown.cancel();
}
