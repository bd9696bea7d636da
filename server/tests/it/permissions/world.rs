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

impl World {
    pub(super) async fn new() -> Self {
        let (app, mut boss) = crate::accounts::open_app().await;
        let mut owner = Someone::new(&app, "host").await;
        let mut others = Vec::new();
        for name in [
            "outsider",
            "friend",
            "blocked",
            "former",
            "banned",
            "member",
            "admin",
            "deactivated",
            "target",
        ] {
            others.push(Someone::new(&app, name).await);
        }
        for other in &mut others[1..] {
            make_friends(&mut owner, other).await;
        }
        let ids: Vec<String> = others.iter().map(|other| other.id.clone()).collect();
        let [
            outsider,
            friend,
            blocked,
            former,
            banned,
            member,
            admin,
            deactivated,
            target,
        ] = ids.try_into().expect("as many as names");
        let mut names = Vec::new();
        for (name, public) in [("group", false), ("archived", false)] {
            let people = [&former, &banned, &member, &admin, &deactivated, &target];
            let group = owner.make_group(public, &people.map(String::as_str)).await;
            owner.give_role(&group, &admin, "administrator").await.ok();
            owner.remove(&group, &former).await.ok();
            owner.ban(&group, &banned).await.ok();
            if name == "archived" {
                owner.change(&group, json!({"archived": true})).await.ok();
            }
            names.push((name, group));
        }
        let group = names[0].1.clone();
        let ask = json!({"uses": 100, "expires_ms": parley_server::clock::now_ms() + 3_600_000});
        let path = format!("/groups/{group}/invitations");
        let made = owner.browser.post(&path, ask).await.ok();
        let text = |value: &Value| value.as_str().expect("an id is a text").to_owned();
        names.push(("invitation", text(&made["invitation"]["id"])));
        names.push(("code", text(&made["code"])));
        for (name, with) in [
            ("direct", &friend),
            ("apart", &blocked),
            ("notes", &owner.id.clone()),
        ] {
            let path = format!("/direct/{with}");
            let made = owner.browser.put(&path, json!({})).await.ok();
            let id = text(&made["id"]);
            owner
                .write(&id, "hello")
                .await
                .expect("the two are friends");
            names.push((name, id));
        }
        owner.block(&blocked).await;
        let path = format!("/people/{deactivated}/active");
        boss.put(&path, json!({"active": false})).await.ok();
        names.extend([
            ("owner", owner.id.clone()),
            ("outsider", outsider),
            ("friend", friend),
            ("banned", banned),
            ("administrator", admin),
            ("target", target),
        ]);
        let mut guest = Browser::at(&app);
        drop(guest.enter_as_guest().await);
        let mut people = vec![Browser::at(&app), guest];
        people.extend(others[..7].iter().map(|other| other.browser.clone()));
        people.extend([owner.browser.clone(), others[7].browser.clone()]);
        for scope in ["read", "write", "manage"] {
            let ask = json!({"name": scope, "scope": scope});
            let made = owner.browser.post("/tokens", ask).await.ok();
            people.push(Browser::program(&app, &text(&made["secret"])));
        }
        assert_eq!(people.len(), WHO.len());
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
