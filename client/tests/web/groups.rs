//! Groups: making, finding, joining and looking after them. Forms reach the API, and its answers the reader.

use parley_client::api::Method;
use parley_client::socket::SocketEvent;
use parley_shared::ids::ConversationId;
use parley_shared::model::{ConversationKind, Group, Role};
use parley_shared::protocol::ServerEvent;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::{Desk, me, server};
use crate::page::{Page, path};
use crate::server as said;

/// The group of these tests.
fn id() -> String {
    "07".repeat(16)
}

fn at(rest: &str) -> String {
    format!("/groups/{}{rest}", id())
}

/// A group as the server shows it to someone of this role; to someone who is not in it, with null.
fn card(role: Value) -> Value {
    let mut card = json!({
        "id": id(), "name": "Hikers", "about": "We walk.", "public": true, "members": 3,
    });
    if !role.is_null() {
        card["role"] = role;
    }
    card
}

fn member(digit: &str, name: &str, role: &str) -> Value {
    json!({
        "person": { "id": digit.repeat(16), "name": name }, "role": role, "since_ms": 1,
    })
}

/// A desk of a group with its owner, an administrator and a member, of whom the reader is the one of this role.
fn desk_of(role: &str) -> Desk {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/me", 200, &me("member"));
    desk.answers(Method::Get, &at(""), 200, &card(role.into()));
    let digit = |of: &str, other: &'static str| if of == role { "01" } else { other };
    let members = json!({ "members": [
        member(digit("owner", "0a"), "Olu", "owner"),
        member(digit("administrator", "0b"), "Ana", "administrator"),
        member(digit("member", "0c"), "Mo", "member"),
    ] });
    desk.answers(Method::Get, &at("/members"), 200, &members);
    desk
}

/// The entry of the group's list in which someone is named.
fn conversation() -> Value {
    json!({
        "id": id(), "kind": "group", "last": 1, "active_ms": 1, "read": 0, "unread": 0,
        "role": "owner",
        "group": { "name": "Hikers", "about": "", "public": false, "members": 1 },
    })
}

#[wasm_bindgen_test]
async fn a_group_is_made_with_friends_and_leads_to_its_conversation() {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/me", 200, &me("member"));
    let friends = json!({ "contacts": [
        { "person": { "id": "0a".repeat(16), "name": "Ana" }, "user_name": "ana", "relation": "friend" },
        { "person": { "id": "0b".repeat(16), "name": "Bo" }, "user_name": "bo", "relation": "friend" },
    ] });
    desk.answers(Method::Get, "/contacts?list=friends", 200, &friends);
    desk.answers(Method::Post, "/groups", 201, &conversation());
    let page = Page::at("/groups/new", &desk).await;
    page.enter("group-name", " Hikers ").await;
    page.click("choose-person").await;
    assert!(page.text_of("chosen").contains("Ana"));
    page.submit("new-group-form").await;
    assert_eq!(
        desk.asked(Method::Post, "/groups"),
        json!({ "name": "Hikers", "about": "", "public": false, "people": ["0a".repeat(16)] })
    );
    assert_eq!(path(), format!("/c/{}", id()));
}

#[wasm_bindgen_test]
async fn a_group_without_a_name_is_not_asked_for() {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/me", 200, &me("member"));
    let page = Page::at("/groups/new", &desk).await;
    page.submit("new-group-form").await;
    let field = page.get("group-name");
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(desk.times(Method::Post, "/groups"), 0);
}

#[wasm_bindgen_test]
async fn only_friends_can_be_chosen_unless_everyone_may_write_to_everyone() {
    let found = json!({ "contacts": [
        { "person": { "id": "0a".repeat(16), "name": "Ana" }, "user_name": "ana", "relation": "none" },
    ] });
    for (contact, choices) in [("friends", 0), ("team", 1)] {
        let desk = Desk::claimed();
        let mut info = server(true, "invitation", true);
        info["policy"]["contact"] = contact.into();
        desk.answers(Method::Get, "/server", 200, &info);
        desk.answers(Method::Get, "/me", 200, &me("member"));
        desk.answers(
            Method::Get,
            "/contacts?list=friends",
            200,
            &json!({ "contacts": [] }),
        );
        desk.answers(Method::Get, "/people/found?name=ana", 200, &found);
        let page = Page::at("/groups/new", &desk).await;
        page.enter("find-person", "ana").await;
        page.wait_for(|_| desk.times(Method::Get, "/people/found?name=ana") == 1)
            .await;
        page.settle().await;
        assert_eq!(page.count("choose-person"), choices, "{contact}");
    }
}

#[wasm_bindgen_test]
async fn the_groups_that_are_listed_are_found_joined_and_opened() {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/me", 200, &me("member"));
    desk.answers(
        Method::Get,
        "/groups",
        200,
        &json!({ "groups": [card(Value::Null)] }),
    );
    desk.answers(Method::Get, "/groups?name=z", 200, &json!({ "groups": [] }));
    desk.answers(Method::Post, &at("/join"), 200, &conversation());
    let page = Page::at("/groups", &desk).await;
    assert!(page.text_of("group-row").contains("Hikers"));
    page.enter("find-group", "z").await;
    page.wait_for(|page| page.find("group-row").is_none()).await;
    page.enter("find-group", "").await;
    page.wait_for(|page| page.find("group-row").is_some()).await;
    page.click("join-group").await;
    assert_eq!(desk.times(Method::Post, &at("/join")), 1);
    assert_eq!(path(), format!("/c/{}", id()));
}

#[wasm_bindgen_test]
async fn a_list_says_that_it_is_empty_and_comes_again_after_it_failed() {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/me", 200, &me("member"));
    desk.refuses(
        Method::Get,
        "/groups",
        503,
        &json!({ "code": "unavailable" }),
    );
    let page = Page::at("/groups", &desk).await;
    desk.answers(Method::Get, "/groups", 200, &json!({ "groups": [] }));
    page.click("retry-listing").await;
    assert!(page.find("no-groups").is_some());
}

#[wasm_bindgen_test]
async fn further_members_come_when_they_are_scrolled_to() {
    let desk = desk_of("member");
    let first = json!({ "members": [member("0a", "Olu", "owner")], "next": "2-b" });
    let second =
        json!({ "members": [member("0b", "Ana", "member"), member("0a", "Olu", "owner")] });
    desk.answers(Method::Get, &at("/members"), 200, &first);
    desk.answers(Method::Get, &at("/members?after=2-b"), 200, &second);
    let page = Page::at(&format!("/g/{}", id()), &desk).await;
    page.wait_for(|page| page.count("member") == 2).await;
    assert_eq!(desk.times(Method::Get, &at("/members?after=2-b")), 1);
}

#[wasm_bindgen_test]
async fn everyone_sees_what_their_role_allows_and_nothing_else() {
    for (role, tabs, mine) in [("member", 0, 0), ("administrator", 4, 1), ("owner", 4, 2)] {
        let desk = desk_of(role);
        let page = Page::at(&format!("/g/{}", id()), &desk).await;
        assert_eq!(page.count("member"), 3, "{role}");
        assert!(page.find("add-people").is_some(), "{role}");
        assert_eq!(page.count_of(".tabs button"), tabs, "{role}");
        assert_eq!(page.count("row-more"), mine, "{role}");
        if mine > 0 {
            page.click("row-more").await;
            assert_eq!(page.find("set-role").is_some(), role == "owner", "{role}");
            assert!(page.find("ban-member").is_some(), "{role}");
        }
    }
}

#[wasm_bindgen_test]
async fn someone_is_removed_when_it_is_confirmed() {
    let desk = desk_of("administrator");
    let there = at(&format!("/members/{}", "0c".repeat(16)));
    desk.answers(Method::Delete, &there, 204, &Value::Null);
    let page = Page::at(&format!("/g/{}", id()), &desk).await;
    page.click("row-more").await;
    page.click("remove-member").await;
    assert_eq!(desk.times(Method::Delete, &there), 0, "it asks first");
    page.click("remove-member-cancel").await;
    page.click("remove-member").await;
    page.click("remove-member-sure").await;
    assert_eq!(desk.times(Method::Delete, &there), 1);
    assert_eq!(page.count("member"), 2);
}

#[wasm_bindgen_test]
async fn an_owner_gives_roles_and_hands_the_group_on() {
    let desk = desk_of("owner");
    let there = at(&format!("/members/{}/role", "0b".repeat(16)));
    desk.answers(Method::Put, &there, 200, &member("0b", "Ana", "member"));
    let page = Page::at(&format!("/g/{}", id()), &desk).await;
    page.click("row-more").await;
    page.click("set-role").await;
    assert_eq!(desk.asked(Method::Put, &there), json!({ "role": "member" }));
    desk.answers(Method::Put, &there, 200, &member("0b", "Ana", "owner"));
    desk.answers(Method::Get, &at(""), 200, &card("administrator".into()));
    page.click("hand-on").await;
    page.click("hand-on-sure").await;
    assert_eq!(desk.asked(Method::Put, &there), json!({ "role": "owner" }));
    page.click("tab-settings").await;
    assert!(
        page.find("archive-group").is_none(),
        "that is the new owner's"
    );
}

#[wasm_bindgen_test]
async fn who_owns_a_group_is_told_to_hand_it_on_before_they_leave() {
    let desk = desk_of("owner");
    let page = Page::at(&format!("/g/{}", id()), &desk).await;
    page.click("leave-group").await;
    assert!(page.find("owner-stays").is_some());
    assert!(page.find("leave-group-sure").is_none());
}

#[wasm_bindgen_test]
async fn who_leaves_is_gone_when_they_confirmed_it() {
    let desk = desk_of("member");
    let mine = at(&format!("/members/{}", "01".repeat(16)));
    desk.answers(Method::Delete, &mine, 204, &Value::Null);
    let page = Page::at(&format!("/g/{}", id()), &desk).await;
    page.click("leave-group").await;
    assert_eq!(desk.times(Method::Delete, &mine), 0, "it asks first");
    page.click("leave-group-sure").await;
    assert_eq!(desk.times(Method::Delete, &mine), 1);
    assert_eq!(path(), "/");
}

#[wasm_bindgen_test]
async fn a_link_is_shown_when_it_is_made_and_its_code_is_in_the_fragment() {
    let desk = desk_of("administrator");
    desk.answers(
        Method::Get,
        &at("/invitations"),
        200,
        &json!({ "invitations": [] }),
    );
    let invitation = json!({
        "id": "d".repeat(32), "made_by": "01".repeat(16), "created_ms": 1, "expires_ms": 2,
        "uses_left": 3,
    });
    let made = json!({ "code": "CODE", "invitation": invitation });
    desk.answers(Method::Post, &at("/invitations"), 201, &made);
    let page = Page::at(&format!("/g/{}", id()), &desk).await;
    page.click("tab-links").await;
    page.enter("link-uses", "3").await;
    page.submit("link-form").await;
    assert_eq!(desk.asked(Method::Post, &at("/invitations"))["uses"], 3);
    let link = page.text_of("group-link");
    assert!(link.ends_with("/join#CODE"), "{link}");
}

#[wasm_bindgen_test]
async fn only_what_is_new_of_a_group_is_told() {
    let desk = desk_of("owner");
    desk.answers(Method::Patch, &at(""), 200, &card("owner".into()));
    let page = Page::at(&format!("/g/{}", id()), &desk).await;
    page.click("tab-settings").await;
    page.enter("group-about", "We run.").await;
    page.submit("group-form").await;
    assert_eq!(
        desk.asked(Method::Patch, &at("")),
        json!({ "about": "We run." })
    );
    page.click("archive-group").await;
    page.click("archive-group-sure").await;
    assert_eq!(
        desk.asked(Method::Patch, &at("")),
        json!({ "archived": true })
    );
}

#[wasm_bindgen_test]
async fn a_link_shows_the_group_before_one_joins_it() {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/me", 200, &me("member"));
    desk.answers(
        Method::Post,
        "/group-invitations/shown",
        200,
        &card(Value::Null),
    );
    desk.answers(
        Method::Post,
        "/group-invitations/accepted",
        200,
        &conversation(),
    );
    let page = Page::at("/join#CODE", &desk).await;
    assert_eq!(page.text_of("group-title"), "Hikers");
    assert_eq!(desk.times(Method::Post, "/group-invitations/accepted"), 0);
    page.submit("join-form").await;
    let asked = desk.asked(Method::Post, "/group-invitations/accepted");
    assert_eq!(asked, json!({ "code": "CODE" }));
    assert_eq!(path(), format!("/c/{}", id()));
}

#[wasm_bindgen_test]
async fn who_has_no_account_gets_one_and_comes_back_to_the_link() {
    let desk = Desk::claimed();
    desk.answers(
        Method::Post,
        "/group-invitations/shown",
        200,
        &card(Value::Null),
    );
    let nobody = json!({ "person": { "id": "01".repeat(16) } });
    desk.answers(Method::Get, "/me", 200, &nobody);
    let page = Page::at("/join#CODE", &desk).await;
    assert!(page.find("join-form").is_none());
    page.click("to-sign-in").await;
    assert_eq!(path(), "/sign-in");
    desk.answers(Method::Post, "/sessions", 201, &me("member"));
    desk.answers(Method::Get, "/me", 200, &me("member"));
    page.submit("sign-in-form").await;
    assert_eq!(path(), "/join");
    assert!(page.find("join-form").is_some());
    let shown = desk.asked(Method::Post, "/group-invitations/shown");
    assert_eq!(shown, json!({ "code": "CODE" }));
}

#[wasm_bindgen_test]
async fn a_link_that_leads_nowhere_says_why() {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/me", 200, &me("member"));
    let unknown = json!({ "code": "unknown_invitation" });
    desk.refuses(Method::Post, "/group-invitations/shown", 404, &unknown);
    let page = Page::at("/join#OLD", &desk).await;
    assert!(page.find("unknown-link").is_some());
    drop(page);

    let mut archived = card(Value::Null);
    archived["archived"] = true.into();
    desk.answers(Method::Post, "/group-invitations/shown", 200, &archived);
    let page = Page::at("/join#CODE", &desk).await;
    assert!(page.find("join-form").is_none(), "it is archived");
    drop(page);

    desk.answers(
        Method::Post,
        "/group-invitations/shown",
        200,
        &card(Value::Null),
    );
    let banned = json!({ "code": "banned" });
    desk.refuses(Method::Post, "/group-invitations/accepted", 403, &banned);
    let page = Page::at("/join#CODE", &desk).await;
    page.submit("join-form").await;
    assert!(page.find("join-form").is_none(), "they are banned");
    assert!(page.find("group-title").is_some());
}

#[wasm_bindgen_test]
async fn an_open_page_follows_what_happens_to_the_group_and_to_the_reader() {
    let desk = desk_of("owner");
    let mut page = Page::at(&format!("/g/{}", id()), &desk).await;
    page.tell(SocketEvent::Opened).await;
    page.hear(said::welcome_account(0)).await;
    let conversation: ConversationId = id().parse().unwrap();
    let group = Group {
        name: "Climbers".into(),
        about: String::new(),
        picture: None,
        public: false,
        members: 2,
        archived: false,
    };
    let mut known = said::conversation(conversation, ConversationKind::Group, 1);
    known.group = Some(group.clone());
    known.role = Some(Role::Administrator);
    let people = Vec::new();
    page.hear(ServerEvent::ConversationChanged {
        conversation: known,
        people,
    })
    .await;
    assert_eq!(page.text_of("group-title"), "Climbers");
    page.click("tab-settings").await;
    assert!(
        page.find("archive-group").is_none(),
        "they own it no longer"
    );

    let group = Group {
        name: "Boulderers".into(),
        ..group
    };
    page.hear(ServerEvent::GroupChanged {
        conversation,
        group,
    })
    .await;
    assert_eq!(page.text_of("group-title"), "Boulderers");

    let not_found = json!({ "code": "not_found" });
    desk.refuses(Method::Get, &at(""), 404, &not_found);
    page.hear(ServerEvent::ConversationLeft { conversation })
        .await;
    assert!(page.find("group-absent").is_some());
}

#[wasm_bindgen_test]
async fn pages_of_groups_are_for_those_who_have_an_account() {
    let desk = Desk::claimed();
    let nobody = json!({ "person": { "id": "01".repeat(16) } });
    desk.answers(Method::Get, "/me", 200, &nobody);
    for address in ["/groups", "/groups/new", &format!("/g/{}", id())] {
        let page = Page::at(address, &desk).await;
        assert_eq!(path(), "/sign-in", "{address}");
        drop(page);
    }
}
