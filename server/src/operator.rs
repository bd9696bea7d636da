//! What whoever runs the server can do about accounts from the command line. It knows no network.
//!
//! It opens the store as the server does, under the same lock, and changes it through a ledger of its
//! own: so it works while the server is stopped, and says so when it is not. What it prints is its answer.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use parley_shared::model::Role;
use parley_shared::protocol::Refusal;

use crate::actions::registered as actions;
use crate::clock::Clock;
use crate::config::UserCommand;
use crate::hub::Hub;
use crate::ledger::{By, Ledger, Options};
use crate::store::{FILE, Store, StoreError};

/// Does what a command says, and gives what is to be printed.
///
/// # Errors
/// When the server runs, when there is no data, when there is nobody of this name, and why the change
/// cannot be made.
pub async fn run(data_dir: &Path, command: &UserCommand) -> anyhow::Result<String> {
    if !data_dir.join(FILE).exists() {
        bail!(
            "there is no data in {}; name its directory with --data-dir",
            data_dir.display()
        );
    }
    let (store, writer) = match Store::open(data_dir) {
        Ok(opened) => opened,
        Err(StoreError::Locked) => bail!(
            "the server is running on {}. Stop it first, or do this on the page, signed in as owner",
            data_dir.display()
        ),
        Err(error) => return Err(error.into()),
    };
    let (ledger, running) = Ledger::start(writer, Hub::default(), Options::default())?;
    let done = obey(&store, &ledger, command).await;
    drop(ledger);
    running.end().await;
    done
}

async fn obey(store: &Store, ledger: &Ledger, command: &UserCommand) -> anyhow::Result<String> {
    let name = match command {
        UserCommand::List => return list(store).await,
        UserCommand::ResetCode { name }
        | UserCommand::MakeOwner { name }
        | UserCommand::Deactivate { name } => name,
    };
    let person = match actions::named(store, name).await {
        Err(Refusal::NotFound) => bail!("nobody here has the user name {name:?}"),
        found => found?,
    };
    match command {
        UserCommand::List => list(store).await,
        UserCommand::ResetCode { .. } => {
            let clock = Clock::default();
            let issued = actions::issue_reset_code(ledger, &clock, By::Operator, person)
                .await
                .context("no code was issued")?;
            Ok(format!(
                "The code for {name} is\n\n    {}\n\nIt holds for an hour and once. With it a new password is set on the page: \
                 Sign in, Forgot your password.\n",
                issued.code.0
            ))
        }
        UserCommand::MakeOwner { .. } => {
            actions::set_role(ledger, By::Operator, person, Role::Owner).await?;
            Ok(format!("{name} is an owner now.\n"))
        }
        UserCommand::Deactivate { .. } => {
            actions::set_active(ledger, By::Operator, person, false).await?;
            Ok(format!(
                "{name} can no longer sign in, and is signed out everywhere.\n"
            ))
        }
    }
}

async fn list(store: &Store) -> anyhow::Result<String> {
    let mut text = String::new();
    let mut after = String::new();
    loop {
        let page = actions::list(store, after).await?;
        for someone in page.people {
            let name = someone.standing.user_name;
            let role = someone.standing.role;
            let state = someone.deactivated_ms.map_or("", |_| "  deactivated");
            writeln!(text, "{role:<14} {name}{state}")?;
        }
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    if text.is_empty() {
        text.push_str("Nobody has registered yet: whoever does first becomes owner.\n");
    }
    Ok(text)
}
