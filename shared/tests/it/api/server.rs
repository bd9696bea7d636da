//! What a server says of itself, and the policy that is both asked and answered. It does not know what follows from it.

use parley_shared::api::server::{ContactPolicy, Policy, Registration};
use parley_shared::json::read;

use super::{answers, asked, requests};
use crate::wire::wire;

const TEAM: &str = r#"{"registration":"open","guests":false,"contact":"team"}"#;
const FRIENDS: &str = r#"{"registration":"invitation","guests":true,"contact":"friends"}"#;

#[test]
fn a_policy_is_asked_strictly_and_answered_leniently() {
    let team = Policy {
        registration: Registration::Open,
        guests: false,
        contact: ContactPolicy::Team,
    };
    let table = [(team, TEAM), (Policy::default(), FRIENDS)];
    requests(&table);
    answers(&table);
}

#[test]
fn a_policy_without_a_word_on_contact_is_not_asked_and_keeps_strangers_apart_where_it_was_kept() {
    let older = r#"{"registration":"invitation","guests":true}"#;
    assert_eq!(asked::<Policy>(older), None);
    assert_eq!(read::<Policy>(older).ok(), Some(Policy::default()));
    assert_eq!(Policy::default().contact, ContactPolicy::Friends);
    for wrong in [
        TEAM.replace("team", "everyone"),
        TEAM.replace(r#""team""#, "7"),
        TEAM.replace(r#","guests":false"#, ""),
    ] {
        assert_eq!(asked::<Policy>(&wrong), None, "{wrong}");
        assert!(read::<Policy>(&wrong).is_err(), "{wrong}");
    }
}

#[test]
fn every_policy_of_contact_has_its_name() {
    wire(&[
        (ContactPolicy::Friends, r#""friends""#),
        (ContactPolicy::Team, r#""team""#),
    ]);
}
