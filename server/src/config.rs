//! What an operator can set, by flag, environment or file. It does not know what the settings do.
//!
//! A flag wins over the environment, the environment over the file, the file over the default. A key
//! that the file has and we do not is refused: a mistyped setting that is silently ignored is worse
//! than a server that does not start.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand, ValueEnum};
use parley_shared::api::Secret;
use parley_shared::limits::MESSAGES_PER_SECOND_MAX;
use serde::Deserialize;

use crate::address::Network;
use crate::clock::Clock;

mod place;

pub use place::{BackupLine, Place, RestoreLine};

/// Self-hosted chat: one program that serves the page and the conversation.
#[derive(Debug, Parser)]
#[command(name = "parley", version, arg_required_else_help = true)]
pub struct CommandLine {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the chat until told to stop
    #[command(after_help = SERVE_HELP)]
    Serve(Box<Settings>),
    /// Look after accounts while the server is stopped
    User(UserLine),
    /// Copy everything into one file, also while the server runs
    Backup(BackupLine),
    /// Bring back what a backup holds, or look whether it is whole
    Restore(RestoreLine),
    /// Say whether everything in the store is what was written: exit code 0 if it is, 1 if not
    #[command(after_help = VERIFY_HELP)]
    Verify(VerifyLine),
}

/// What is to be verified.
#[derive(Debug, Args)]
pub struct VerifyLine {
    /// Read the server's settings from this TOML file
    #[arg(long, env = "PARLEY_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The server's data directory [default: data]
    #[arg(long, env = "PARLEY_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// A copy of its database, instead of a data directory
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
}

impl VerifyLine {
    /// The file that the database is in, which has this name in a data directory.
    ///
    /// # Errors
    /// When the settings cannot be read.
    pub fn file(&self, name: &str) -> anyhow::Result<PathBuf> {
        if let Some(file) = &self.file {
            return Ok(file.clone());
        }
        let directory = data_dir(self.config.as_deref(), self.data_dir.as_deref())?;
        Ok(directory.join(name))
    }
}

fn data_dir(config: Option<&Path>, named: Option<&Path>) -> anyhow::Result<PathBuf> {
    let file = config.map(read_file).transpose()?;
    let named = named.map(Path::to_owned).or_else(|| file?.data_dir);
    Ok(named.unwrap_or_else(|| DATA_DIR.into()))
}

const VERIFY_HELP: &str = "\
Every message, earlier version and deletion is held against the chain of hashes that was written with
it. For each conversation in which something is not what was written, the first place is named. Nothing
is changed, and a server may go on running on the same data. What is erased is counted and not compared.

The exit code is 0 when everything is good, 1 when something is broken, 2 when it could not be read.";

/// What can be done about accounts from the command line.
#[derive(Debug, Args)]
pub struct UserLine {
    /// What to do.
    #[command(subcommand)]
    pub command: UserCommand,

    /// Where the data is.
    #[command(flatten)]
    pub place: Place,
}

/// One thing that can be done.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// List those who have an account
    List,
    /// Issue a code with which someone sets a new password
    ResetCode {
        /// Their user name
        name: String,
    },
    /// Make someone an owner
    MakeOwner {
        /// Their user name
        name: String,
    },
    /// Let someone no longer sign in
    Deactivate {
        /// Their user name
        name: String,
    },
}

/// Where data is kept unless another place is named.
const DATA_DIR: &str = "data";

const SERVE_HELP: &str = "\
Each option can also stand in the environment under the name shown, or in a TOML file under its
long name with underscores (listen, data_dir, allowed_origins ...). Flags win over the environment,
the environment over the file. The server is ready when GET /healthz answers 200.

Examples:
  parley serve                                     for yourself, at http://localhost:3000
  parley serve --listen 0.0.0.0:3000               for everyone who can reach this machine
  parley serve --config /etc/parley.toml           with the settings of a file

Behind a proxy that terminates TLS, keep the Host header as the browser sent it, or name the page's
origin with --allowed-origin. Name the proxy with --trusted-proxy, so that its visitors
are told apart.";

/// The settings as one source gives them: what it does not name is absent.
#[derive(Debug, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Read further settings from this TOML file
    #[arg(long, env = "PARLEY_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,

    /// Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:3000]
    #[arg(long, env = "PARLEY_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<String>,

    /// Directory for everything that must not be lost; it is made if it is missing [default: data]
    #[arg(long, env = "PARLEY_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// Origin of a page that may connect besides the server's own, such as https://chat.example.org;
    /// `*` lets every page connect [may be repeated; separated by commas in the environment]
    #[arg(
        long = "allowed-origin",
        env = "PARLEY_ALLOWED_ORIGINS",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    pub allowed_origins: Option<Vec<String>>,

    /// Address or network of a proxy, such as 127.0.0.1 or 10.0.0.0/8, whose X-Forwarded-For says where a
    /// request comes from; nobody else's is believed [may be repeated; separated by commas in the
    /// environment]
    #[arg(
        long = "trusted-proxy",
        env = "PARLEY_TRUSTED_PROXIES",
        value_name = "NETWORK",
        value_delimiter = ','
    )]
    pub trusted_proxies: Option<Vec<Network>>,

    /// Connections in all, at most [default: 16000]
    #[arg(long, env = "PARLEY_MAX_CONNECTIONS", value_name = "NUMBER")]
    pub max_connections: Option<usize>,

    /// Connections of one address, at most; 0 for no limit. Loopback and trusted proxies are not
    /// counted: that is you, or someone who speaks for everyone [default: 512]
    #[arg(
        long,
        env = "PARLEY_MAX_CONNECTIONS_PER_ADDRESS",
        value_name = "NUMBER"
    )]
    pub max_connections_per_address: Option<usize>,

    /// Messages that one person may write in a second; 0 for no limit [default: 50]
    #[arg(long, env = "PARLEY_MESSAGES_PER_SECOND", value_name = "NUMBER")]
    pub messages_per_second: Option<u32>,

    /// Mail server through which letters go to those who forgot their password, such as
    /// smtps://user:password@mail.example.org, or smtp://…?tls=required for STARTTLS. It has a password in
    /// it: better in the environment or the file than in a flag [default: no letters]
    #[arg(
        long,
        env = "PARLEY_SMTP_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub smtp_url: Option<Secret>,

    /// Address that letters come from, such as "Parley <parley@example.org>"
    #[arg(long, env = "PARLEY_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,

    /// Where people find the page, such as https://chat.example.org, for links in letters
    #[arg(long, env = "PARLEY_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// What to log: error, warn, info, debug or trace, also per module
    /// (info,parley_server::socket=debug) [default: info]
    #[arg(long, env = "PARLEY_LOG", value_name = "FILTER")]
    pub log: Option<String>,

    /// How to log: text for people, json for programs [default: text]
    #[arg(long, env = "PARLEY_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// The settings that hold.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: String,
    /// Directory for everything that must not be lost.
    pub data_dir: PathBuf,
    /// Origins of pages that may connect besides the server's own.
    pub allowed_origins: Vec<String>,
    /// Proxies that are believed when they say where a request comes from.
    pub trusted_proxies: Vec<Network>,
    /// Connections in all.
    pub max_connections: usize,
    /// Connections of one address; zero for no limit.
    pub max_connections_per_address: usize,
    /// Messages that one person may write in a second; zero for no limit.
    pub messages_per_second: u32,
    /// The mail server that letters go through.
    pub smtp_url: Option<Secret>,
    /// Where letters come from.
    pub mail_from: Option<String>,
    /// Where people find the page: an origin.
    pub public_url: Option<String>,
    /// Filter of the log.
    pub log: String,
    /// Format of the log.
    pub log_format: LogFormat,
    /// The clock by which sessions, codes and the like expire.
    pub clock: Clock,
}

impl Config {
    /// Puts the sources together.
    ///
    /// # Errors
    /// When the file cannot be read, has an unknown key, or a value is out of bounds.
    pub fn load(settings: Settings) -> anyhow::Result<Self> {
        let file = match &settings.config {
            Some(path) => read_file(path)?,
            None => Settings::default(),
        };
        Self::from_settings(settings, file)
    }

    fn from_settings(first: Settings, second: Settings) -> anyhow::Result<Self> {
        let config = Self {
            listen: first
                .listen
                .or(second.listen)
                .unwrap_or_else(|| "127.0.0.1:3000".to_owned()),
            data_dir: first
                .data_dir
                .or(second.data_dir)
                .unwrap_or_else(|| DATA_DIR.into()),
            allowed_origins: first
                .allowed_origins
                .or(second.allowed_origins)
                .unwrap_or_default(),
            trusted_proxies: first
                .trusted_proxies
                .or(second.trusted_proxies)
                .unwrap_or_default(),
            max_connections: first
                .max_connections
                .or(second.max_connections)
                .unwrap_or(16_000),
            max_connections_per_address: first
                .max_connections_per_address
                .or(second.max_connections_per_address)
                .unwrap_or(512),
            messages_per_second: first
                .messages_per_second
                .or(second.messages_per_second)
                .unwrap_or(MESSAGES_PER_SECOND_MAX),
            smtp_url: first.smtp_url.or(second.smtp_url),
            mail_from: first.mail_from.or(second.mail_from),
            public_url: first
                .public_url
                .or(second.public_url)
                .map(|url| url.trim_end_matches('/').to_owned()),
            // The library that serves the page's files names each of them at every start.
            log: first
                .log
                .or(second.log)
                .unwrap_or_else(|| "info,memory_serve=warn".to_owned()),
            log_format: first.log_format.or(second.log_format).unwrap_or_default(),
            clock: Clock::default(),
        };
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.max_connections > 0,
            "max_connections: a server without connections serves nobody"
        );
        anyhow::ensure!(
            self.smtp_url.is_some() == self.mail_from.is_some(),
            "smtp_url and mail_from: a letter needs both, who carries it and whom it comes from"
        );
        if let Some(url) = &self.public_url {
            anyhow::ensure!(
                is_origin(url),
                "public_url: {url:?} is no origin; one looks like https://chat.example.org, without a path"
            );
        }
        for origin in &self.allowed_origins {
            anyhow::ensure!(
                origin == "*" || is_origin(origin),
                "allowed_origins: {origin:?} is no origin; one looks like https://chat.example.org, without a path"
            );
        }
        Ok(())
    }
}

fn is_origin(text: &str) -> bool {
    text.strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .is_some_and(|host| !host.is_empty() && !host.contains('/'))
}

fn read_file(path: &Path) -> anyhow::Result<Settings> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the settings in {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("in the settings of {}", path.display()))
}

#[cfg(test)]
mod tests;
