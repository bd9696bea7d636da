//! Many small conversations: people in sixes, who write long messages at a pace. It does not know the limits of others.

use crate::crowd::Crowd;
use crate::figure::Figure;
use crate::figures;
use crate::plan::{Plan, newcomer, pace};
use crate::rig::usage::Usage;
use crate::talk::Talk;
use crate::town::{Town, group_id};

const TOGETHER: usize = 6;
const TEXT_BYTES: usize = 1_024;
/// What is due in four milliseconds is sent at once: the load would else wake for each message.
const TICKS_PER_SECOND: f64 = 250.0;

pub(crate) fn measure(plan: &Plan) -> anyhow::Result<Vec<Figure>> {
    // 3,996 people, and 28,000 deliveries a second.
    let circles = plan.pick(100, 666);
    let per_second = plan.pick(4_200.0, 28_000.0) / TOGETHER as f64;
    let duration = plan.seconds(3.0, 20.0);
    let town = Town::in_circles(circles, TOGETHER);
    let dir = figures::scratch()?;
    let data_dir = dir.path().join("data");
    town.settle(&data_dir)?;
    let server = plan.start(&data_dir, dir.path())?;
    let talks = (0..circles).map(|circle| {
        let members = town.groups[circle].clone();
        Talk::new(group_id(circle), members, TOGETHER, TEXT_BYTES)
    });
    let mut crowd = Crowd::new(server.address, talks.collect())?;
    crowd.gather((0..town.people).map(|person| newcomer(person, [person / TOGETHER])))?;
    crowd.linger(plan.seconds(0.5, 3.0))?;

    let before = Usage::now(&server)?;
    let mut said = 0;
    pace(
        &mut crowd,
        TICKS_PER_SECOND,
        duration,
        |crowd, tick, planned| {
            let due = ((tick + 1) as f64 * per_second / TICKS_PER_SECOND) as usize;
            for number in said..due {
                let writer = number / circles % TOGETHER;
                crowd.send(number % circles, writer, planned)?;
            }
            said = due;
            Ok(())
        },
    )?;
    let used = before.until_now(&server)?;
    // What is told twice comes after what was told once.
    crowd.linger(plan.seconds(0.2, 1.0))?;
    let tally = &crowd.tally;
    let per_delivery = used.server * 1e6 / tally.deliveries.max(1) as f64;
    Ok(vec![
        Figure::plain(
            "small: deliveries/s, as planned",
            per_second * TOGETHER as f64,
            0,
        ),
        Figure::less(
            "small: latency p50, ms",
            tally.latencies.quantile_ms(0.5),
            2,
        )
        .must(5.0),
        Figure::less(
            "small: latency p99, ms",
            tally.latencies.quantile_ms(0.99),
            2,
        )
        .must(40.0)
        .hoped(20.0),
        Figure::less("small: server CPU per delivery, µs", per_delivery, 2),
        Figure::plain(
            "small: the load's own CPU, % of a core",
            used.load_part_of_core * 100.0,
            0,
        ),
    ])
}
