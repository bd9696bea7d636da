//! How far everything was told, which a pong says: never further than it was.

use parley_server::store::{conversations, groups};
use parley_shared::ids::Stamp;
use parley_shared::limits::MEMBERS_TOLD_AT_ONCE_MAX;
use parley_shared::model::Role;
use parley_shared::protocol::ServerEvent;

use super::World;
use super::memory::Memory;
use crate::contacts::{keep, keep_people, numbered};
use crate::groups::{id, team};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stays_and_then_comes_back_is_told_nothing_twice_and_misses_nothing() {
    let mut world = World::new().await;
    let mut memory = Memory::fresh(&world.anna.browser).await;
    let arrived = memory.stamp;
    world.bert.write(&world.garden, "beans").await.unwrap();
    world.carl.rename("Carla").await;
    world.anna.leave(&world.club).await.ok();
    memory.ping().await;
    assert!(memory.stamp > arrived, "what was accepted was told before");
    memory.expect_true("heard live").await;
    memory.come_back().await;
    assert_eq!(memory.told.len(), 1, "the Lobby alone");
    assert!(memory.left.is_empty());
    memory.expect_true("come back").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pong_says_the_stamp_of_the_welcome_at_least_and_a_later_one_after_each_change() {
    let mut world = World::new().await;
    let mut last = Stamp::default();
    for number in 0..20 {
        world
            .bert
            .write(&world.garden, &number.to_string())
            .await
            .unwrap();
        world.bert.wire.say(r#"{"type":"ping"}"#).await;
        let told = world
            .bert
            .wire
            .expect("a pong", |event| match event {
                ServerEvent::Pong { stamp } => Some(stamp.expect("it is known")),
                _ => None,
            })
            .await;
        assert!(told > last, "{told} after {last}");
        last = told;
        let fresh = Memory::fresh(&world.bert.browser).await;
        assert!(fresh.stamp >= told);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_number_of_a_large_groups_members_waits_no_stamp_passes_over_it() {
    let (mut app, [mut ming, anna, mut bert]) = team(["ming", "anna", "bert"]).await;
    let group = ming.make_group(true, &[&anna.id]).await;
    let (large, count) = (id(&group), MEMBERS_TOLD_AT_ONCE_MAX as usize);
    keep(&mut app, move |connection| {
        keep_people(connection, count)?;
        for number in 0..count {
            conversations::add_member(connection, large, numbered(number), Role::Member, 1)?;
        }
        groups::count_members(connection, large, i64::from(MEMBERS_TOLD_AT_ONCE_MAX))
    })
    .await;
    let mut memory = Memory::fresh(&anna.browser).await;
    // The first is told at once, and then they are gathered.
    for _ in 0..3 {
        bert.join(&group).await.ok();
        memory.ping().await;
        let mut away = Memory::fresh(&anna.browser).await;
        away.stamp = memory.stamp;
        away.conversations = memory.conversations.clone();
        away.come_back().await;
        away.expect_true("before the number was told, or after")
            .await;
        bert.leave(&group).await.ok();
    }
}
