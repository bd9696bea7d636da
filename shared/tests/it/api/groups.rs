//! Groups and their members, as they are asked and answered. It does not know who may do what.

use parley_shared::api::groups::{
    AddMembers, ChangeGroup, GroupCard, Groups, MakeGroup, Member, Members,
};
use parley_shared::model::{Group, Role};

use super::{answers, asked, requests};
use crate::sample::{ALICE, BOB, alice, bob, club, group, picture_id, user};

fn card() -> GroupCard {
    GroupCard {
        id: club(),
        group: group(),
        role: None,
    }
}

#[test]
fn a_group_is_made_with_a_name_and_with_saying_whether_it_is_listed() {
    let made = MakeGroup {
        name: "Tea".to_owned(),
        about: String::new(),
        public: false,
        people: vec![],
    };
    requests(&[
        (
            made.clone(),
            r#"{"name":"Tea","about":"","public":false,"people":[]}"#,
        ),
        (
            MakeGroup {
                about: "Black and green".to_owned(),
                public: true,
                people: vec![user(ALICE), user(BOB)],
                ..made.clone()
            },
            r#"{"name":"Tea","about":"Black and green","public":true,"people":["a11ce000a11ce000a11ce000a11ce000","b0b00000b0b00000b0b00000b0b00000"]}"#,
        ),
    ]);
    assert_eq!(asked(r#"{"name":"Tea","public":false}"#), Some(made));
    for wrong in [
        "{}",
        r#"{"name":"Tea"}"#,
        r#"{"public":true}"#,
        r#"{"name":null,"public":true}"#,
        r#"{"name":"Tea","public":"yes"}"#,
        r#"{"name":"Tea","public":true,"people":["bob"]}"#,
        r#"{"name":"Tea","public":true,"members":5}"#,
    ] {
        assert_eq!(asked::<MakeGroup>(wrong), None, "{wrong}");
    }
}

#[test]
fn what_a_change_of_a_group_leaves_out_stays_as_it_is() {
    requests(&[
        (ChangeGroup::default(), "{}"),
        (
            ChangeGroup {
                name: Some("Coffee".to_owned()),
                about: Some(String::new()),
                public: Some(true),
                archived: Some(false),
            },
            r#"{"name":"Coffee","about":"","public":true,"archived":false}"#,
        ),
    ]);
    let nothing = r#"{"name":null,"about":null,"public":null,"archived":null}"#;
    assert_eq!(asked(nothing), Some(ChangeGroup::default()));
    assert_eq!(asked::<ChangeGroup>(r#"{"archived":1}"#), None);
    assert_eq!(asked::<ChangeGroup>(r#"{"role":"owner"}"#), None);
}

#[test]
fn a_card_is_a_group_with_its_id_and_the_role_of_whoever_is_in_it() {
    answers(&[
        (
            card(),
            r#"{"id":"c1b00000c1b00000c1b00000c1b00000","name":"Tea","about":"","public":false,"members":3}"#,
        ),
        (
            GroupCard {
                role: Some(Role::Owner),
                group: Group {
                    picture: Some(picture_id()),
                    archived: true,
                    ..group()
                },
                ..card()
            },
            r#"{"id":"c1b00000c1b00000c1b00000c1b00000","name":"Tea","about":"","picture":"91c70000000000000000000000000001","public":false,"members":3,"archived":true,"role":"owner"}"#,
        ),
    ]);
}

#[test]
fn a_page_of_groups_says_where_the_next_begins_unless_it_is_the_last() {
    answers(&[
        (
            Groups {
                groups: vec![],
                next: None,
            },
            r#"{"groups":[]}"#,
        ),
        (
            Groups {
                groups: vec![card()],
                next: Some("tea".to_owned()),
            },
            r#"{"groups":[{"id":"c1b00000c1b00000c1b00000c1b00000","name":"Tea","about":"","public":false,"members":3}],"next":"tea"}"#,
        ),
    ]);
}

#[test]
fn a_member_has_a_role_and_someone_who_is_banned_has_none() {
    let members = vec![
        Member {
            person: alice(),
            user_name: Some("alice".to_owned()),
            role: Some(Role::Owner),
            since_ms: 1,
        },
        Member {
            person: bob(),
            user_name: None,
            role: None,
            since_ms: 2,
        },
    ];
    answers(&[
        (
            Members {
                members,
                next: None,
            },
            r#"{"members":[{"person":{"id":"a11ce000a11ce000a11ce000a11ce000","name":"Alice"},"user_name":"alice","role":"owner","since_ms":1},{"person":{"id":"b0b00000b0b00000b0b00000b0b00000"},"since_ms":2}]}"#,
        ),
        (
            Members {
                members: vec![],
                next: Some("7".to_owned()),
            },
            r#"{"members":[],"next":"7"}"#,
        ),
    ]);
}

#[test]
fn people_are_brought_in_by_their_ids() {
    requests(&[
        (AddMembers { people: vec![] }, r#"{"people":[]}"#),
        (
            AddMembers {
                people: vec![user(BOB)],
            },
            r#"{"people":["b0b00000b0b00000b0b00000b0b00000"]}"#,
        ),
    ]);
    for wrong in ["{}", r#"{"people":null}"#, r#"{"people":["bob"]}"#] {
        assert_eq!(asked::<AddMembers>(wrong), None, "{wrong}");
    }
}
