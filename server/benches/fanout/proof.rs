//! Whether the load would notice a server that does wrong: each kind of wrong is done before anything is
//! measured. It does not know what is measured.

use std::time::Duration;

use crate::crowd::Crowd;
use crate::figures;
use crate::floor::Conduct;
use crate::peer::Peer as _;
use crate::peer::floor::Floor;
use crate::phases;
use crate::rig::planted;
use crate::rig::process::Server;

const CONNECTIONS: usize = 40;
const DURATION: Duration = Duration::from_millis(150);

/// Has a server do wrong in every way, and one do right.
///
/// # Errors
/// When a wrong is not noticed, or a right is not taken for one.
pub(crate) fn prove() -> anyhow::Result<()> {
    planted::prove()?;
    listen(Conduct::Honest)?;
    for conduct in Conduct::WRONG {
        let found = listen(conduct).map_err(|error| format!("{error:#}"));
        anyhow::ensure!(
            found.as_ref().is_err_and(|why| names_a_message(why)),
            "nobody noticed that a server does wrong ({conduct:?}): {found:?}"
        );
    }
    Ok(())
}

fn listen(conduct: Conduct) -> anyhow::Result<()> {
    let dir = figures::scratch()?;
    let floor = Floor::new(conduct);
    let server = Server::start(floor.command(dir.path())?, dir.path())?;
    let mut crowd = Crowd::gather(server.address, CONNECTIONS, floor.wire())?;
    phases::burst(&mut crowd, DURATION)?;
    Ok(())
}

/// Whether that is what was wrong, and not that the server fell over.
fn names_a_message(why: &str) -> bool {
    why.contains("was to come") || why.contains("that others heard")
}
