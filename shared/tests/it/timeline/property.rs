//! Whatever happens, a reader never believes what is not so, and in the end has what everyone has. It knows no single case.

use std::collections::{BTreeMap, BTreeSet};

use parley_shared::ids::{MessageId, Seq};
use parley_shared::model::Message;
use parley_shared::timeline::{PendingState, Timeline};
use proptest::prelude::*;

use super::server::{Server, fresh, load_all, window};
use super::world::{Step, World};

/// Enough for every run to find what goes wrong often; what goes wrong seldom stands among the examples.
const CASES: u32 = 1_000;

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => Just(Step::Write),
        3 => any::<usize>().prop_map(Step::Edit),
        3 => (0_usize..3).prop_map(Step::Edit),
        2 => any::<usize>().prop_map(Step::Delete),
        6 => (1_usize..5).prop_map(Step::Live),
        1 => Just(Step::LoseLive),
        1 => any::<usize>().prop_map(Step::RepeatLive),
        3 => Just(Step::AskNewest),
        3 => Just(Step::AskChanges),
        4 => Just(Step::AskOlder),
        5 => any::<usize>().prop_map(Step::Read),
        7 => any::<usize>().prop_map(Step::Answer),
        3 => Just(Step::WriteOwn),
        3 => Just(Step::Store),
        1 => Just(Step::Refuse),
        3 => Just(Step::Acknowledge),
        1 => any::<usize>().prop_map(Step::Retry),
        1 => any::<usize>().prop_map(Step::Discard),
        1 => (0_usize..3).prop_map(Step::Drop),
        4 => (0_u64..4).prop_map(Step::Connect),
        2 => Just(Step::Restart),
        2 => (0_usize..9).prop_map(Step::Trim),
    ]
}

/// What is so at every moment.
#[derive(Default)]
struct Watch {
    ended: BTreeSet<MessageId>,
    /// What the reader knew when it was looked at last.
    through: Seq,
    held: BTreeMap<MessageId, Seq>,
}

impl Watch {
    fn look(&mut self, world: &World, step: Option<&Step>) {
        let World { reader, server, .. } = world;
        if matches!(step, Some(Step::Restart)) {
            self.held.clear();
            self.through = Seq::ZERO;
        }
        assert!(reader.through() <= server.last());
        let messages: Vec<&Message> = reader.messages().map(AsRef::as_ref).collect();
        assert_eq!(messages.len(), reader.len());
        assert!(
            messages.windows(2).all(|pair| pair[0].seq < pair[1].seq),
            "places are strictly increasing: {:?}",
            window(reader)
        );
        let ids: BTreeSet<MessageId> = messages.iter().map(|message| message.id).collect();
        assert_eq!(ids.len(), messages.len(), "no message stands twice");
        for message in &messages {
            assert_eq!(
                **message,
                server.change(message.changed),
                "it was like this once"
            );
            assert_eq!(
                reader.message(message.id).map(AsRef::as_ref),
                Some(*message)
            );
        }
        self.look_back(reader);
        self.look_at_what_is_known(world, &messages);
        self.look_at_pending(world, &ids);
    }

    /// Nobody knows less than before, and no message goes back to an earlier state.
    fn look_back(&mut self, reader: &Timeline) {
        assert!(self.through <= reader.through());
        self.through = reader.through();
        let held = reader
            .messages()
            .map(|message| (message.id, message.changed));
        let held: BTreeMap<MessageId, Seq> = held.collect();
        for (id, changed) in &held {
            let before = self.held.get(id).copied().unwrap_or_default();
            assert!(
                before <= *changed,
                "{id:?} goes back from {before} to {changed}"
            );
        }
        self.held = held;
    }

    /// Everything up to `through` is known: from the window's first message on, each message of
    /// that time is there, as it was then or later; and there is nothing before if nothing is said
    /// to be. A message that changed again after `through` may be missing or old until that change
    /// is known, because a page of changes has each message once, as it stands when it is read.
    fn look_at_what_is_known(&self, world: &World, messages: &[&Message]) {
        let World { reader, server, .. } = world;
        let through = reader.through();
        let now = server.state(server.last());
        let start = if reader.has_more() {
            messages.first().map_or(Seq(u64::MAX), |first| first.seq)
        } else {
            Seq::ZERO
        };
        let settled = now
            .range(start..)
            .filter(|(_, message)| message.changed <= through);
        for (place, known) in settled {
            let held = messages.iter().find(|message| message.seq == *place);
            assert_eq!(
                held,
                Some(known),
                "through {through} includes this, the window has {:?}",
                window(reader),
            );
        }
    }

    /// A message is pending from when it is written until it is known or given up, and never again.
    fn look_at_pending(&mut self, world: &World, window: &BTreeSet<MessageId>) {
        let mut pending = BTreeSet::new();
        for one in world.reader.pending() {
            assert!(pending.insert(one.id), "{:?} is pending twice", one.id);
            assert!(!window.contains(&one.id), "{:?} is shown twice", one.id);
            assert!(!self.ended.contains(&one.id), "{:?} came back", one.id);
            if one.state == PendingState::Stored {
                assert!(
                    world.server.place(one.id).is_some(),
                    "{:?} is not stored",
                    one.id
                );
            }
        }
        let gone = world.own.iter().filter(|id| !pending.contains(id));
        for id in gone {
            if !self.ended.insert(*id) || world.discarded.contains(id) {
                continue;
            }
            let place = world.server.place(*id);
            assert!(
                place.is_some_and(|place| place <= world.reader.through() || window.contains(id)),
                "{id:?} is neither pending nor known"
            );
        }
    }
}

/// What is so in the end.
fn judge(world: &mut World, page_size: usize) {
    let World { reader, server, .. } = world;
    let last = server.last();
    assert_eq!(reader.through(), last);
    assert_eq!(reader.missing(), None);

    let everything: Vec<&Message> = server.state(last).into_values().collect();
    let held: Vec<&Message> = reader.messages().map(AsRef::as_ref).collect();
    assert!(everything.ends_with(&held), "{:?}", window(reader));
    assert_eq!(reader.has_more(), held.len() < everything.len());

    let mut other = fresh(server, page_size);
    load_until(&mut other, server, page_size, reader.len());
    other.trim(reader.len());
    assert_eq!(window(reader), window(&other), "two readers of one window");

    assert_eq!(reader.pending(), [], "everything of one's own has ended");
    for id in &world.own {
        assert!(server.place(*id).is_some() || world.discarded.contains(id));
    }

    load_all(reader, server, page_size);
    assert!(!reader.has_more());
    let held: Vec<&Message> = reader.messages().map(AsRef::as_ref).collect();
    assert_eq!(held, everything, "every message can be reached");
}

fn load_until(timeline: &mut Timeline, server: &Server, size: usize, len: usize) {
    for _ in 0..=server.last().0 {
        if timeline.len() >= len {
            return;
        }
        let before = timeline.ask_older().expect("there are so many");
        let page = server.history(Some(before), size, server.last());
        timeline.apply_older(before, page.messages, page.more);
    }
    panic!("there is always more before {:?}", window(timeline));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: CASES,
        max_shrink_iters: 20_000,
        // A case that was found becomes an example beside these files, where it can be read.
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_reader_ends_with_what_everyone_has(
        page_size in 3_usize..=5,
        before in prop::collection::vec(prop_oneof![2 => Just(Step::Write), 2 => any::<usize>().prop_map(Step::Edit), 1 => any::<usize>().prop_map(Step::Delete)], 0..15),
        // Most readers begin with an open window, or most cases would be over before they have one.
        opened in prop::bool::weighted(0.8),
        steps in prop::collection::vec(step(), 0..60),
        live_first in any::<bool>(),
    ) {
        let mut world = World::new(page_size);
        let mut watch = Watch::default();
        let opening = [Step::Connect(0), Step::AskNewest, Step::Answer(0)];
        let opening = opening.iter().filter(|_| opened);
        for step in before.iter().chain(opening).chain(&steps) {
            world.step(step);
            watch.look(&world, Some(step));
        }
        world.settle(live_first);
        watch.look(&world, None);
        judge(&mut world, page_size);
    }
}
