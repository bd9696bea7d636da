//! A server with everyone who may stand in some way to a group and to a talk of two. It knows no rule.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::Browser;
use crate::contacts::{Someone, make_friends};
use crate::scene::TestApp;

/// Everyone who asks. Those with an account are the owner's friends, but for the outsider and who is
/// blocked; tokens are the owner's. The owner has it in their own group and in their own talks.
pub(super) const WHO: [&str; 14] = [
    "stranger",
    "guest",
    "outsider",
    "friend",
    "blocked",
    "former member",
    "banned",
    "member",
    "administrator",
    "owner",
    "deactivated",
    "read token",
    "write token",
    "manage token",
];

/// The server, who asks there, and what of.
pub(super) struct World {
    pub(super) app: TestApp,
    /// In the order of [`WHO`].
    pub(super) people: Vec<Browser>,
    /// What stands in addresses and bodies, by the name that the tables have for it.
    pub(super) names: Vec<(&'static str, String)>,
    /// The data as it was at first.
    kept: TempDir,
}

/// Those with an account besides the owner, in the order in which they come.
const OTHERS: [&str; 9] = [
    "outsider",
    "friend",
    "blocked",
    "former",
    "banned",
    "member",
    "admin",
    "deactivated",
    "target",
];

/// The owner, and everyone of [`OTHERS`].
struct Cast {
    owner: Someone,
    others: Vec<Someone>,
}

impl Cast {
    /// All but the outsider are the owner's friends.
    async fn gather(app: &TestApp) -> Self {
        let mut owner = Someone::new(app, "host").await;
        let mut others = Vec::new();
        for name in OTHERS {
            others.push(Someone::new(app, name).await);
        }
        for other in &mut others[1..] {
            make_friends(&mut owner, other).await;
        }
        Self { owner, others }
    }

    fn id(&self, name: &str) -> String {
        let at = OTHERS.iter().position(|other| *other == name);
        self.others[at.expect("they have an account")].id.clone()
    }

    async fn make_group(&mut self) -> String {
        let people = [
            "former",
            "banned",
            "member",
            "admin",
            "deactivated",
            "target",
        ];
        let ids = people.map(|name| self.id(name));
        let asked = ids.each_ref().map(String::as_str);
        let group = self.owner.make_group(false, &asked).await;
        let [former, banned, _, admin, ..] = &ids;
        let owner = &mut self.owner;
        owner.give_role(&group, admin, "administrator").await.ok();
        owner.remove(&group, former).await.ok();
        owner.ban(&group, banned).await.ok();
        group
    }

    /// A group, another one that is archived, and an invitation into the first.
    async fn make_groups(&mut self) -> Vec<(&'static str, String)> {
        let (group, archived) = (self.make_group().await, self.make_group().await);
        let said = [self.say(&group).await, self.say(&archived).await];
        let archive = json!({"archived": true});
        self.owner.change(&archived, archive).await.ok();
        let ask = json!({"uses": 100, "expires_ms": parley_server::clock::now_ms() + 3_600_000});
        let path = format!("/groups/{group}/invitations");
        let made = self.owner.browser.post(&path, ask).await.ok();
        let [in_group, in_archived] = said;
        vec![
            ("group", group),
            ("archived", archived),
            ("said in group", in_group),
            ("said in archived", in_archived),
            ("invitation", text(&made["invitation"]["id"])),
            ("code", text(&made["code"])),
        ]
    }

    /// Has the owner say something somewhere, and gives the message's id.
    async fn say(&mut self, conversation: &str) -> String {
        let said = self.owner.write(conversation, "hello").await;
        said.expect("they may write there");
        let messages = self.owner.read(conversation).await.expect("they may read");
        messages.last().expect("they wrote").id.to_string()
    }

    /// The owner's talks with a friend and with someone whom they then block, and their notes.
    async fn make_talks(&mut self) -> Vec<(&'static str, String)> {
        let blocked = self.id("blocked");
        let mut talks = Vec::new();
        for (name, said, with) in [
            ("direct", "said in direct", self.id("friend")),
            ("apart", "said in apart", blocked.clone()),
            ("notes", "said in notes", self.owner.id.clone()),
        ] {
            let path = format!("/direct/{with}");
            let made = self.owner.browser.put(&path, json!({})).await.ok();
            let id = text(&made["id"]);
            talks.push((said, self.say(&id).await));
            talks.push((name, id));
        }
        self.owner.block(&blocked).await;
        talks
    }

    /// Everyone who asks, in the order of [`WHO`].
    async fn askers(mut self, app: &TestApp) -> Vec<Browser> {
        let mut guest = Browser::at(app);
        drop(guest.enter_as_guest().await);
        let mut askers = vec![Browser::at(app), guest];
        let browser_of = |other: &Someone| other.browser.clone();
        askers.extend(self.others[..7].iter().map(browser_of));
        askers.push(self.owner.browser.clone());
        askers.push(self.others[7].browser.clone());
        for scope in ["read", "write", "manage"] {
            let ask = json!({"name": scope, "scope": scope});
            let made = self.owner.browser.post("/tokens", ask).await.ok();
            askers.push(Browser::program(app, &text(&made["secret"])));
        }
        assert_eq!(askers.len(), WHO.len());
        askers
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("it is a text").to_owned()
}

impl World {
    pub(super) async fn new() -> Self {
        let (app, mut boss) = crate::accounts::open_app().await;
        let mut cast = Cast::gather(&app).await;
        let mut names = cast.make_groups().await;
        names.extend(cast.make_talks().await);
        let path = format!("/people/{}/active", cast.id("deactivated"));
        boss.put(&path, json!({"active": false})).await.ok();
        names.push(("owner", cast.owner.id.clone()));
        names.push(("administrator", cast.id("admin")));
        for name in ["outsider", "friend", "banned", "target"] {
            names.push((name, cast.id(name)));
        }
        let people = cast.askers(&app).await;
        let kept = tempfile::tempdir().expect("there is room for a directory");
        let mut world = Self {
            app,
            people,
            names,
            kept,
        };
        world.app.stop().await;
        copy(world.app.data_dir(), world.kept.path());
        world.app.resume().await;
        world
    }

    /// Makes everything as it was at first.
    pub(super) async fn restore(&mut self) {
        self.app.stop().await;
        copy(self.kept.path(), self.app.data_dir());
        self.app.resume().await;
    }

    /// A text of the tables, with everything in it that has a name: `{group}`.
    pub(super) fn spelled(&self, text: &str) -> String {
        self.names.iter().fold(text.to_owned(), |text, (name, id)| {
            text.replace(&format!("{{{name}}}"), id)
        })
    }

    /// What has this name.
    pub(super) fn named(&self, name: &str) -> &str {
        let found = self.names.iter().find(|(known, _)| *known == name);
        &found.expect("it has been named").1
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(to).expect("it is a directory") {
        std::fs::remove_file(entry.expect("it can be read").path()).expect("it is a file");
    }
    for entry in std::fs::read_dir(from).expect("it is a directory") {
        let entry = entry.expect("it can be read");
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("there is room");
    }
}
