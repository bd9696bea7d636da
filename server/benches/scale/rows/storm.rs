//! Whether memory comes back: everyone connects, much is said, half of them leave. It does not know who keeps it.

use crate::crowd::Crowd;
use crate::figure::Figure;
use crate::figures;
use crate::plan::{Plan, newcomer, pace};
use crate::talk::Talk;
use crate::town::{LOBBY, Town};

const WRITERS: usize = 20;
const BROADCASTS: f64 = 100.0;

pub(crate) fn measure(plan: &Plan) -> anyhow::Result<Vec<Figure>> {
    let people = plan.pick(400, 4_000);
    let per_second = plan.pick(50.0, 10.0);
    let dir = figures::scratch()?;
    let data_dir = dir.path().join("data");
    Town::of_one_lobby(people).settle(&data_dir)?;
    let server = plan.start(&data_dir, dir.path())?;
    let writers = (0..WRITERS).map(|writer| writer * (people / 2 / WRITERS));
    let lobby = Talk::new(LOBBY, writers.collect(), people, 0);
    let mut crowd = Crowd::new(server.address, vec![lobby])?;
    let half = people / 2;

    // Those who stay are there before the storm as well: the same connections, before and after.
    crowd.gather((0..half).map(|person| newcomer(person, [0])))?;
    crowd.linger(plan.seconds(1.0, 10.0))?;
    let idle = server.resident_bytes()?;
    crowd.gather((half..people).map(|person| newcomer(person, [0])))?;
    let duration = std::time::Duration::from_secs_f64(BROADCASTS / per_second);
    pace(
        &mut crowd,
        per_second,
        duration,
        |crowd, number, planned| crowd.send(0, number % WRITERS, planned),
    )?;
    let full = server.resident_bytes()?;
    crowd.leave(people - half);
    crowd.linger(plan.seconds(3.0, 15.0))?;
    let after = server.resident_bytes()?;
    let mib = |bytes: f64| bytes / 1_048_576.0;
    Ok(vec![
        Figure::less(
            "storm: memory afterwards, of the same while idle",
            after / idle,
            2,
        )
        .must(1.5)
        .hoped(1.2),
        Figure::less("storm: memory while idle, MiB", mib(idle), 1),
        Figure::less("storm: memory in the storm, MiB", mib(full), 1),
    ])
}
