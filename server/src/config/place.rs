//! Where the data is, for what is done beside the server from the command line: copying it and bringing it back. It does
//! not know how.

use std::path::PathBuf;

use clap::Args;

use super::data_dir;

/// Where the data is, as the server is told as well.
#[derive(Debug, Args)]
pub struct Place {
    /// Read the server's settings from this TOML file
    #[arg(long, env = "PARLEY_CONFIG", value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,

    /// The server's data directory [default: data]
    #[arg(long, env = "PARLEY_DATA_DIR", value_name = "DIR", global = true)]
    pub data_dir: Option<PathBuf>,
}

impl Place {
    /// The directory that the server keeps its data in.
    ///
    /// # Errors
    /// When the file cannot be read or has an unknown key.
    pub fn data_dir(&self) -> anyhow::Result<PathBuf> {
        data_dir(self.config.as_deref(), self.data_dir.as_deref())
    }
}

/// Copying everything.
#[derive(Debug, Args)]
pub struct BackupLine {
    /// The file that is made; none of this name may be there
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,

    /// Where the data is.
    #[command(flatten)]
    pub place: Place,
}

/// Bringing everything back.
#[derive(Debug, Args)]
pub struct RestoreLine {
    /// The backup
    #[arg(long, value_name = "FILE")]
    pub from: PathBuf,

    /// Only look whether the backup is whole, and change nothing
    #[arg(long)]
    pub check: bool,

    /// Where the data comes to lie.
    #[command(flatten)]
    pub place: Place,
}
