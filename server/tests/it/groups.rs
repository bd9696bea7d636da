//! Groups as people use them: making, finding, joining and changing them, and what their members hear.

use std::time::Duration;

use parley_shared::ids::{ConversationId, UserId};
use parley_shared::limits::{
    ABOUT_CHARS_MAX, GROUPS_OWNED_MAX, MEMBERS_MAX, NAME_CHARS_MAX, PAGE_GROUPS_MAX,
    PEOPLE_ADDED_MAX,
};
use parley_shared::model::{Conversation, Group, Message};
use parley_shared::protocol::{ChatMessage, Refusal, ServerEvent};
use serde_json::{Value, json};

use crate::accounts::open_app;
use crate::browser::{Browser, Reply};
use crate::contacts::{Someone, keep, make_friends, numbered};
use crate::scene::TestApp;

mod accounts;
mod coming;
mod invitations;
mod large;
mod members;
mod property;
mod races;
mod roles;

/// A server of a team, where everyone may bring everyone into groups.
pub(crate) async fn team_app() -> (TestApp, Browser) {
    let (app, mut owner) = open_app().await;
    let policy = json!({"registration": "open", "guests": true, "contact": "team"});
    owner.put("/server/policy", policy).await.ok();
    (app, owner)
}

/// A server of a team, with these people on it.
pub(crate) async fn team<const N: usize>(names: [&str; N]) -> (TestApp, [Someone; N]) {
    let (app, _) = team_app().await;
    let mut people = Vec::new();
    for name in names {
        people.push(Someone::new(&app, name).await);
    }
    let people = people.try_into();
    (app, people.unwrap_or_else(|_| panic!("as many as names")))
}

impl Someone {
    /// Makes a group, and says which it is.
    pub(crate) async fn make_group(&mut self, public: bool, people: &[&str]) -> String {
        let ask = json!({"name": "Garden", "public": public, "people": people});
        let made = self.browser.post("/groups", ask).await.ok();
        made["id"].as_str().unwrap().to_owned()
    }

    /// Makes a group with an administrator and a member in it.
    pub(crate) async fn make_staffed(&mut self, administrator: &str, member: &str) -> String {
        let group = self.make_group(false, &[administrator, member]).await;
        self.give_role(&group, administrator, "administrator")
            .await
            .ok();
        group
    }

    pub(crate) async fn join(&mut self, group: &str) -> Reply {
        let path = format!("/groups/{group}/join");
        self.browser.post(&path, json!({})).await
    }

    pub(crate) async fn add(&mut self, group: &str, people: &[&str]) -> Reply {
        let path = format!("/groups/{group}/members");
        self.browser.post(&path, json!({"people": people})).await
    }

    pub(crate) async fn remove(&mut self, group: &str, person: &str) -> Reply {
        let path = format!("/groups/{group}/members/{person}");
        self.browser.delete(&path).await
    }

    pub(crate) async fn leave(&mut self, group: &str) -> Reply {
        let me = self.id.clone();
        self.remove(group, &me).await
    }

    pub(crate) async fn give_role(&mut self, group: &str, person: &str, role: &str) -> Reply {
        let path = format!("/groups/{group}/members/{person}/role");
        self.browser.put(&path, json!({"role": role})).await
    }

    pub(crate) async fn ban(&mut self, group: &str, person: &str) -> Reply {
        let path = format!("/groups/{group}/bans/{person}");
        self.browser.put(&path, json!({})).await
    }

    pub(crate) async fn change(&mut self, group: &str, ask: Value) -> Reply {
        self.browser.patch(&format!("/groups/{group}"), ask).await
    }

    pub(crate) async fn card(&mut self, group: &str) -> Reply {
        self.browser.get(&format!("/groups/{group}")).await
    }

    /// The members of a group as the first page has them: who, and their role.
    pub(crate) async fn members(&mut self, group: &str) -> Vec<(String, String)> {
        let page = self.browser.get(&format!("/groups/{group}/members")).await;
        let page = page.ok();
        let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
        let members = page["members"].as_array().unwrap().iter();
        members
            .map(|member| (text(&member["person"]["id"]), text(&member["role"])))
            .collect()
    }

    /// What stands in a conversation, or why it cannot be read.
    pub(crate) async fn read(&mut self, group: &str) -> Result<Vec<Message>, Refusal> {
        let ask = json!({"type": "history", "conversation": group});
        self.wire.say(&ask.to_string()).await;
        self.wire
            .expect("a page or a refusal", |event| match event {
                ServerEvent::History { messages, .. } => Some(Ok(messages.clone())),
                ServerEvent::Refused { reason, .. } => Some(Err(reason.clone())),
                _ => None,
            })
            .await
    }

    /// Writes into a conversation; says why it was refused.
    pub(crate) async fn write(&mut self, group: &str, text: &str) -> Result<(), Refusal> {
        let id = crate::client::mint();
        let body = json!({"type": "text", "text": text});
        let ask = json!({"type": "send", "id": id, "conversation": group, "body": body});
        self.wire.say(&ask.to_string()).await;
        self.wire
            .expect(
                "the message to be accepted or refused",
                |event| match event {
                    ServerEvent::Accepted { id: told, .. } if *told == id => Some(Ok(())),
                    ServerEvent::Refused { reason, .. } => Some(Err(reason.clone())),
                    _ => None,
                },
            )
            .await
    }

    /// The conversation as it is told next.
    pub(crate) async fn hears_conversation(&mut self, group: &str) -> Conversation {
        let group = id(group);
        self.wire
            .expect("a changed conversation", |event| match event {
                ServerEvent::ConversationChanged { conversation, .. }
                    if conversation.id == group =>
                {
                    Some(conversation.clone())
                }
                _ => None,
            })
            .await
    }

    /// What a group is, when that is told next.
    pub(crate) async fn hears_group(&mut self, group: &str) -> Group {
        let about = id(group);
        self.wire
            .expect("a changed group", |event| match event {
                ServerEvent::GroupChanged {
                    conversation,
                    group,
                } if *conversation == about => Some(group.clone()),
                _ => None,
            })
            .await
    }

    /// The next message of a group that is told, as JSON of its body.
    pub(crate) async fn hears_message(&mut self, group: &str) -> Value {
        let group = id(group);
        self.wire
            .expect("a message", |event| match event {
                ServerEvent::MessageChanged { message, .. } if message.conversation == group => {
                    Some(serde_json::to_value(&message.body).unwrap())
                }
                _ => None,
            })
            .await
    }

    /// That they are told to be out of a group.
    pub(crate) async fn hears_left(&mut self, group: &str) {
        let group = id(group);
        self.wire
            .expect("to have left", |event| match event {
                ServerEvent::ConversationLeft { conversation } if *conversation == group => {
                    Some(())
                }
                _ => None,
            })
            .await;
    }

    /// That nothing of a group was told before this.
    pub(crate) async fn hears_nothing_of(&mut self, group: &str) {
        let group = id(group);
        self.wire.say(r#"{"type":"ping"}"#).await;
        self.wire
            .expect("a pong and nothing of the group", |event| {
                let named = match event {
                    ServerEvent::Pong { .. } => return Some(()),
                    ServerEvent::MessageChanged { message, .. } => message.conversation,
                    ServerEvent::GroupChanged { conversation, .. }
                    | ServerEvent::PresenceChanged { conversation, .. }
                    | ServerEvent::TypingChanged { conversation, .. } => *conversation,
                    ServerEvent::ConversationChanged { conversation, .. } => conversation.id,
                    _ => return None,
                };
                assert_ne!(named, group, "{event:?}");
                None
            })
            .await;
    }
}

pub(crate) fn id(text: &str) -> ConversationId {
    text.parse().unwrap()
}

fn person(text: &str) -> UserId {
    text.parse().unwrap()
}

/// Notices as they stand in a group: by whom, and what.
pub(crate) fn notices(messages: &[Message]) -> Vec<(UserId, Value)> {
    let mut found = Vec::new();
    for message in messages {
        if let ChatMessage::Notice { notice } = &message.body {
            found.push((message.author, serde_json::to_value(notice).unwrap()));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_made_with_its_people_and_each_of_them_hears_how_it_is() {
    let (_app, [mut ming, mut hua, mut outsider]) = team(["ming", "hua", "outsider"]).await;
    let ask = json!({"name": "  Garden ", "about": "Beans", "public": false,
        "people": [hua.id, hua.id, ming.id]});
    let made = ming.browser.post("/groups", ask).await;
    assert_eq!(made.status, 201);
    let made = made.ok();
    let group = made["id"].as_str().unwrap().to_owned();
    assert_eq!(made["kind"], "group");
    assert_eq!(made["role"], "owner");
    assert_eq!(made["group"]["name"], "Garden");
    assert_eq!(made["group"]["about"], "Beans");
    assert_eq!(made["group"]["members"], 2);
    assert_eq!(made["last"], 2);
    let heard = hua.hears_conversation(&group).await;
    assert_eq!(heard.role.unwrap().to_string(), "member");
    assert_eq!(heard.last.0, 2);
    let heard = ming.hears_conversation(&group).await;
    assert_eq!(heard.role.unwrap().to_string(), "owner");
    let written = hua.read(&group).await.unwrap();
    let by = person(&ming.id);
    assert_eq!(
        notices(&written),
        [
            (by, json!({"type": "created", "name": "Garden"})),
            (by, json!({"type": "added", "people": [hua.id]})),
        ]
    );
    ming.write(&group, "hello").await.unwrap();
    assert_eq!(hua.hears_message(&group).await["text"], "hello");
    outsider.hears_nothing_of(&group).await;
    assert_eq!(
        outsider.read(&group).await,
        Err(Refusal::UnknownConversation)
    );
    assert_eq!(
        outsider.write(&group, "me too").await,
        Err(Refusal::UnknownConversation)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_group_is_called_and_about_is_checked() {
    let (_app, [mut ming]) = team(["ming"]).await;
    let long = "x".repeat(NAME_CHARS_MAX + 1);
    let group = ming.make_group(true, &[]).await;
    for (name, code) in [
        ("", "name_blank"),
        (" \u{200B} ", "name_has_control"),
        ("Gar\nden", "name_has_control"),
        ("\u{202E}nedraG", "name_has_control"),
        ("Garden\u{7}", "name_has_control"),
        (long.as_str(), "name_too_long"),
    ] {
        let ask = json!({"name": name, "public": true});
        ming.browser.post("/groups", ask).await.refused(400, code);
        let changed = ming.change(&group, json!({"name": name})).await;
        changed.refused(400, code);
    }
    let about = "x".repeat(ABOUT_CHARS_MAX + 1);
    for (about, code) in [
        (about.as_str(), "about_too_long"),
        ("Be\u{202E}ans", "profile_has_control"),
    ] {
        let ask = json!({"name": "Garden", "about": about, "public": true});
        ming.browser.post("/groups", ask).await.refused(400, code);
        let changed = ming.change(&group, json!({"about": about})).await;
        changed.refused(400, code);
    }
    for name in ["حديقة", "גן", "花园", "🌻 & 🐝"] {
        let changed = ming.change(&group, json!({"name": name})).await.ok();
        assert_eq!(changed["name"], name);
    }
    let people = vec![ming.id.clone(); PEOPLE_ADDED_MAX + 1];
    let ask = json!({"name": "Garden", "public": true, "people": people});
    let refused = ming.browser.post("/groups", ask).await;
    refused.refused(400, "too_many_people");
    let ask = json!({"name": "Garden", "public": true, "color": "green"});
    ming.browser
        .post("/groups", ask)
        .await
        .refused(400, "malformed");
}

#[tokio::test(flavor = "multi_thread")]
async fn public_groups_are_found_by_how_their_name_begins_page_by_page() {
    let (_app, [mut ming, mut hua]) = team(["ming", "hua"]).await;
    let count = PAGE_GROUPS_MAX + 3;
    for number in 0..count {
        let ask = json!({"name": format!("Café {number:03}"), "public": true});
        ming.browser.post("/groups", ask).await.ok();
    }
    for (name, public) in [
        ("Bar", true),
        ("cafe", true),
        ("Cafés", true),
        ("Café X", false),
    ] {
        let ask = json!({"name": name, "public": public});
        ming.browser.post("/groups", ask).await.ok();
    }
    let ask = json!({"name": "Café old", "public": true});
    let old = ming.browser.post("/groups", ask).await.ok();
    let old = old["id"].as_str().unwrap();
    ming.change(old, json!({"archived": true})).await.ok();
    let mut names = Vec::new();
    let mut after = String::new();
    let mut pages = 0;
    loop {
        let path = format!("/groups?name=%20cAFE%CC%81%200%20&after={after}");
        let page = hua.browser.get(&path).await.ok();
        let groups = page["groups"].as_array().unwrap();
        assert!(groups.len() <= PAGE_GROUPS_MAX);
        names.extend(groups.iter().map(|card| {
            assert_eq!(card["role"], Value::Null);
            card["name"].as_str().unwrap().to_owned()
        }));
        pages += 1;
        let Some(next) = page["next"].as_str() else {
            break;
        };
        after = encoded(next);
    }
    let expected: Vec<String> = (0..count)
        .map(|number| format!("Café {number:03}"))
        .collect();
    assert_eq!(names, expected);
    assert_eq!(pages, 2);
    let all = ming.browser.get("/groups").await.ok();
    assert_eq!(all["groups"][0]["name"], "Bar");
    assert_eq!(all["groups"][0]["role"], "owner");
    let none = hua.browser.get("/groups?name=zzz").await.ok();
    assert_eq!(none, json!({"groups": []}));
    for query in ["after=x", "after=zz", "name=a&colour=b"] {
        let refused = hua.browser.get(&format!("/groups?{query}")).await;
        refused.refused(400, "malformed");
    }
}

/// A text as it stands in an address.
pub(crate) fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut encoded, byte| {
        write!(encoded, "%{byte:02X}").unwrap();
        encoded
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_group_looks_as_if_it_were_not_there() {
    let (_app, [mut ming, mut outsider]) = team(["ming", "outsider"]).await;
    let group = ming.make_group(false, &[]).await;
    let nothing = "1".repeat(32);
    let me = outsider.id.clone();
    let mut answers = Vec::new();
    for group in [group.as_str(), nothing.as_str()] {
        let paths = [
            ("GET", "", Value::Null),
            ("PATCH", "", json!({"name": "Mine"})),
            ("POST", "/join", json!({})),
            ("GET", "/members", Value::Null),
            ("POST", "/members", json!({"people": [me]})),
            ("DELETE", "/members/$", Value::Null),
            ("PUT", "/members/$/role", json!({"role": "member"})),
            ("GET", "/bans", Value::Null),
            ("PUT", "/bans/$", json!({})),
            ("DELETE", "/bans/$", Value::Null),
            ("GET", "/invitations", Value::Null),
            (
                "POST",
                "/invitations",
                json!({"uses": 1, "expires_ms": parley_server::clock::now_ms() + 60_000}),
            ),
            ("DELETE", "/invitations/$", Value::Null),
            ("DELETE", "/picture", Value::Null),
        ];
        let mut told = Vec::new();
        for (method, path, body) in paths {
            let path = format!("/groups/{group}{}", path.replace('$', &me));
            let body = Some(body).filter(|body| !body.is_null());
            let reply = outsider.browser.ask(method, &path, body).await;
            reply.refused(404, "not_found");
            told.push(reply.json);
        }
        answers.push(told);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn anyone_joins_a_public_group_and_reads_all_that_was_said_before() {
    let (_app, [mut ming, mut hua, mut outsider]) = team(["ming", "hua", "outsider"]).await;
    let group = ming.make_group(true, &[]).await;
    ming.write(&group, "before you").await.unwrap();
    let card = hua.card(&group).await.ok();
    assert_eq!((&card["role"], &card["members"]), (&Value::Null, &json!(1)));
    // Being seen is not being in.
    assert_eq!(hua.read(&group).await, Err(Refusal::UnknownConversation));
    let page = hua.browser.get(&format!("/groups/{group}/members")).await;
    page.refused(403, "role_too_small");
    let joined = hua.join(&group).await.ok();
    assert_eq!(joined["role"], "member");
    assert_eq!(joined["group"]["members"], 2);
    let again = hua.join(&group).await.ok();
    assert_eq!(
        again["last"], joined["last"],
        "joining twice is joining once"
    );
    let read = hua.read(&group).await.unwrap();
    assert_eq!(read.len(), 3);
    assert_eq!(
        notices(&read)[1],
        (person(&hua.id), json!({"type": "joined"}))
    );
    ming.hears_message(&group).await;
    ming.write(&group, "welcome").await.unwrap();
    loop {
        let heard = hua.hears_message(&group).await;
        if heard["text"] == "welcome" {
            break;
        }
    }
    outsider.hears_nothing_of(&group).await;
    // Taken from the list, it cannot be joined any more.
    ming.change(&group, json!({"public": false})).await.ok();
    outsider.join(&group).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_whom_one_may_write_to_are_brought_in_and_all_of_them_or_none() {
    let (app, _) = open_app().await;
    let mut ming = Someone::new(&app, "ming").await;
    let mut hua = Someone::new(&app, "hua").await;
    let mut stranger = Someone::new(&app, "stranger").await;
    make_friends(&mut ming, &mut hua).await;
    let people = [hua.id.clone(), stranger.id.clone()];
    let ask = json!({"name": "Garden", "public": false, "people": people});
    let refused = ming.browser.post("/groups", ask).await;
    refused.refused(403, "not_friends");
    let group = ming.make_group(false, &[]).await;
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    ming.add(&group, &people).await.refused(403, "not_friends");
    hua.hears_nothing_of(&group).await;
    assert_eq!(ming.members(&group).await.len(), 1);
    let nobody = "2".repeat(32);
    ming.add(&group, &[&nobody])
        .await
        .refused(403, "not_friends");
    ming.add(&group, &[&hua.id]).await.ok();
    // A member brings in friends of their own, and nobody else's.
    hua.add(&group, &[&stranger.id])
        .await
        .refused(403, "not_friends");
    make_friends(&mut hua, &mut stranger).await;
    let added = hua.add(&group, &[&stranger.id, &ming.id]).await.ok();
    assert_eq!(added["members"], 3);
    let heard = stranger.hears_conversation(&group).await;
    assert_eq!(heard.role.unwrap().to_string(), "member");
    // Whoever blocked someone is not brought in by them, friends or not.
    let mut wary = Someone::new(&app, "wary").await;
    make_friends(&mut ming, &mut wary).await;
    let ming_id = ming.id.clone();
    wary.block(&ming_id).await;
    ming.add(&group, &[&wary.id])
        .await
        .refused(403, "not_friends");
    wary.hears_nothing_of(&group).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archived_group_is_read_and_nothing_else_until_it_is_restored() {
    let (_app, [mut ming, mut hua, mut carl]) = team(["ming", "hua", "carl"]).await;
    let group = ming.make_staffed(&hua.id, &carl.id).await;
    let archived = ming.change(&group, json!({"archived": true})).await.ok();
    assert_eq!(archived["archived"], true);
    carl.wire
        .expect("an archived group", |event| match event {
            ServerEvent::GroupChanged { group, .. } if group.archived => Some(()),
            _ => None,
        })
        .await;
    assert_eq!(carl.write(&group, "hello?").await, Err(Refusal::Archived));
    assert_eq!(ming.write(&group, "hello?").await, Err(Refusal::Archived));
    assert!(!carl.read(&group).await.unwrap().is_empty());
    assert_eq!(carl.members(&group).await.len(), 3);
    let id = hua.id.clone();
    for reply in [
        ming.change(&group, json!({"name": "Meadow"})).await,
        ming.change(&group, json!({"public": true})).await,
        hua.add(&group, &[&id]).await,
        hua.remove(&group, &carl.id).await,
        hua.ban(&group, &carl.id).await,
        ming.give_role(&group, &carl.id, "administrator").await,
        hua.browser
            .delete(&format!("/groups/{group}/picture"))
            .await,
    ] {
        reply.refused(409, "archived");
    }
    hua.change(&group, json!({"archived": false}))
        .await
        .refused(403, "role_too_small");
    // Whoever wants to may still go.
    carl.leave(&group).await.ok();
    let restored = json!({"archived": false, "name": "Meadow"});
    let restored = ming.change(&group, restored).await.ok();
    assert_eq!(restored["name"], "Meadow");
    assert_eq!(restored["archived"], Value::Null);
    ming.write(&group, "here we are again").await.unwrap();
    let said = notices(&ming.read(&group).await.unwrap());
    let said: Vec<&str> = said
        .iter()
        .map(|(_, n)| n["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        said,
        [
            "created",
            "added",
            "role_changed",
            "archived",
            "left",
            "restored",
            "renamed"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_owns_more_groups_than_the_bound() {
    let (mut app, [mut ming, mut hua]) = team(["ming", "hua"]).await;
    let group = hua.make_group(false, &[&ming.id]).await;
    let owner = person(&ming.id);
    keep(&mut app, |connection| {
        for number in 0..GROUPS_OWNED_MAX {
            keep_group(connection, number, owner)?;
        }
        Ok(())
    })
    .await;
    let ask = json!({"name": "One more", "public": false});
    let refused = ming.browser.post("/groups", ask).await;
    refused.refused(409, "too_many");
    assert_eq!(refused.json["limit"], GROUPS_OWNED_MAX);
    let handed = hua.give_role(&group, &ming.id, "owner").await;
    handed.refused(409, "too_many");
    assert_eq!(hua.members(&group).await[0].0, hua.id);
    let first = ConversationId::from_bytes(*numbered(0).as_bytes());
    ming.leave(&first.to_string()).await.ok();
    hua.give_role(&group, &ming.id, "owner").await.ok();
    let page = hua.browser.get("/me/export").await.ok();
    assert_eq!(page["groups"][0]["role"], "administrator");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_into_a_group_that_is_full() {
    let (mut app, [mut ming, mut hua, carl]) = team(["ming", "hua", "carl"]).await;
    let group = ming.make_group(true, &[]).await;
    let code = ming.invite(&group, 5).await;
    let full = id(&group);
    keep(&mut app, move |connection| {
        // As if all but one of the places were taken.
        let others = i64::try_from(MEMBERS_MAX - 2).unwrap();
        parley_server::store::groups::count_members(connection, full, others)
    })
    .await;
    let hua_id = hua.id.clone();
    let both = [hua_id.as_str(), carl.id.as_str()];
    let refused = ming.add(&group, &both).await;
    refused.refused(409, "too_many");
    assert_eq!(refused.json["limit"], MEMBERS_MAX);
    let added = ming.add(&group, &both[1..]).await.ok();
    assert_eq!(added["members"], MEMBERS_MAX);
    hua.join(&group).await.refused(409, "too_many");
    hua.accept(&code).await.refused(409, "too_many");
    ming.add(&group, &both[..1]).await.refused(409, "too_many");
    // Whoever is in it already is no one more.
    ming.join(&group).await.ok();
    ming.remove(&group, &carl.id).await.ok();
    hua.accept(&code).await.ok();
}

/// Keeps a group of a number, with its owner.
pub(crate) fn keep_group(
    connection: &mut parley_server::store::sqlite::Connection,
    number: usize,
    owner: UserId,
) -> parley_server::store::Result<ConversationId> {
    use parley_server::store::{conversations, groups};
    use parley_shared::model::{ConversationKind, Role};
    let id = ConversationId::from_bytes(*numbered(number).as_bytes());
    conversations::insert_conversation(connection, id, ConversationKind::Group, 1)?;
    groups::insert(connection, id, "Kept", "", false)?;
    conversations::add_member(connection, id, owner, Role::Owner, 1)?;
    groups::count_members(connection, id, 1)?;
    Ok(id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_survives_a_restart_with_everyone_in_it() {
    let (mut app, [mut ming, mut hua]) = team(["ming", "hua"]).await;
    let group = ming.make_group(false, &[&hua.id]).await;
    ming.write(&group, "remember").await.unwrap();
    app.restart().await;
    for person in [&mut ming, &mut hua] {
        person.wire = person.browser.connect().await.unwrap();
    }
    hua.write(&group, "I do").await.unwrap();
    assert_eq!(ming.hears_message(&group).await["text"], "I do");
    let export = hua.browser.get("/me/export").await.ok();
    assert_eq!(export["groups"][0]["id"], group);
    app.clock().advance(Duration::from_millis(1));
    app.stop().await;
    let (store, writer) = parley_server::store::Store::open(app.data_dir()).unwrap();
    assert!(crate::ledger::chain::verify(app.data_dir(), &store).await >= 4);
    drop((store, writer));
}
