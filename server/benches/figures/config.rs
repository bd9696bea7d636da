//! The settings of a server that runs inside a measurement. It does not know what is measured.

use std::path::Path;

use parley_server::clock::Clock;
use parley_server::config::{Config, LogFormat};

/// A server on a free port of this machine that lets everyone in and logs next to nothing.
pub(crate) fn config(data_dir: &Path) -> Config {
    Config {
        listen: "127.0.0.1:0".to_owned(),
        data_dir: data_dir.to_owned(),
        allowed_origins: Vec::new(),
        trusted_proxies: Vec::new(),
        max_connections: 10_000,
        max_connections_per_address: 10_000,
        messages_per_second: 0,
        smtp_url: None,
        mail_from: None,
        public_url: None,
        log: "warn".to_owned(),
        log_format: LogFormat::Text,
        clock: Clock::default(),
    }
}
