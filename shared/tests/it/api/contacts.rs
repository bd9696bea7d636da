//! Contacts, profiles and remarks, as they are asked and answered. It does not know who may see whom.

use parley_shared::api::contacts::{ContactList, Contacts, Profile, Remark, Remarks, SetRemark};
use parley_shared::json::read;
use parley_shared::model::{Contact, Relation, Role};

use super::{answers, asked, requests};
use crate::sample::{BOB, contact, user};
use crate::wire::wire;

#[test]
fn a_page_of_contacts_says_where_the_next_begins_unless_it_is_the_last() {
    answers(&[
        (
            Contacts {
                contacts: vec![],
                next: None,
            },
            r#"{"contacts":[]}"#,
        ),
        (
            Contacts {
                contacts: vec![contact()],
                next: Some("bob".to_owned()),
            },
            r#"{"contacts":[{"person":{"id":"b0b00000b0b00000b0b00000b0b00000"},"user_name":"bob","relation":"friend","since_ms":1700000000000,"remark":"Bobby"}],"next":"bob"}"#,
        ),
    ]);
}

#[test]
fn a_profile_is_a_contact_with_what_the_other_shows() {
    answers(&[
        (
            Profile {
                contact: contact(),
                role: Some(Role::Member),
                about: "Drinks tea".to_owned(),
                status: "at tea".to_owned(),
                direct: true,
            },
            r#"{"person":{"id":"b0b00000b0b00000b0b00000b0b00000"},"user_name":"bob","relation":"friend","since_ms":1700000000000,"remark":"Bobby","role":"member","about":"Drinks tea","status":"at tea","direct":true}"#,
        ),
        (
            Profile {
                contact: Contact {
                    user_name: None,
                    relation: Relation::None,
                    since_ms: None,
                    blocked: true,
                    remark: None,
                    ..contact()
                },
                role: None,
                about: String::new(),
                status: String::new(),
                direct: false,
            },
            r#"{"person":{"id":"b0b00000b0b00000b0b00000b0b00000"},"relation":"none","blocked":true,"about":"","status":"","direct":false}"#,
        ),
    ]);
}

#[test]
fn a_relation_of_which_the_reader_knows_nothing_is_not_taken_for_another() {
    let json = format!(r#"{{"person":{{"id":"{BOB}"}},"relation":"rival"}}"#);
    assert!(read::<Contact>(&json).is_err());
}

#[test]
fn every_list_of_contacts_has_its_name_and_there_are_no_others() {
    wire(&[
        (ContactList::Friends, r#""friends""#),
        (ContactList::Incoming, r#""incoming""#),
        (ContactList::Outgoing, r#""outgoing""#),
        (ContactList::Blocked, r#""blocked""#),
    ]);
    for other in [r#""none""#, r#""Friends""#, r#""""#, "null", "0"] {
        assert_eq!(asked::<ContactList>(other), None, "{other}");
    }
}

#[test]
fn a_remark_is_set_by_its_text_and_an_empty_one_takes_it_away() {
    requests(&[
        (
            SetRemark {
                remark: "Bobby".to_owned(),
            },
            r#"{"remark":"Bobby"}"#,
        ),
        (
            SetRemark {
                remark: String::new(),
            },
            r#"{"remark":""}"#,
        ),
    ]);
    for wrong in ["{}", r#"{"remark":null}"#, r#"{"remark":7}"#] {
        assert_eq!(asked::<SetRemark>(wrong), None, "{wrong}");
    }
}

#[test]
fn remarks_are_told_by_person() {
    let remarks = vec![Remark {
        person: user(BOB),
        remark: "Bobby".to_owned(),
    }];
    answers(&[(
        Remarks { remarks },
        r#"{"remarks":[{"person":"b0b00000b0b00000b0b00000b0b00000","remark":"Bobby"}]}"#,
    )]);
}
