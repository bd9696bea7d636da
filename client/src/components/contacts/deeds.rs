//! What one can do about someone, by how one stands to them. It does not know where the buttons stand.

use leptos::prelude::*;
use parley_shared::api::server::ContactPolicy;
use parley_shared::ids::UserId;
use parley_shared::model::{Contact, Relation};

use crate::account::{Accounts, Asked, accounts};
use crate::components::account::form::{Form, Label, button_about, sure_button};
use crate::dom;
use crate::route::{Route, pages};
use crate::text::texts;

/// Where those who listen hear what was done, and where the focus goes when a button is gone with it.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    said: RwSignal<Option<Label>>,
    focus: &'static str,
}

impl Desk {
    /// A desk for a part of the page whose heading has this id.
    pub fn new(focus: &'static str) -> Self {
        Self {
            said: RwSignal::new(None),
            focus,
        }
    }

    /// What was done last, for those who listen.
    pub fn news(self) -> AnyView {
        let texts = texts();
        let said = move || {
            self.said
                .get()
                .map_or("", |label| label(&texts.get().account))
        };
        view! {
            <p class="heard-only" role="status" data-testid="said">
                {said}
            </p>
        }
        .into_any()
    }

    /// Says something to those who listen.
    pub fn say(self, label: Option<Label>) {
        self.said.try_set(label);
    }

    /// Does something about someone. What goes wrong is the form's to say.
    pub fn run(self, form: Form, work: Asked<()>, done: Label) {
        form.run(async move {
            work.await?;
            self.say(Some(done));
            dom::focus_if_lost(self.focus);
            Ok(None)
        });
    }
}

/// A way to change how one stands to someone.
type Work = fn(Accounts, UserId) -> Asked<()>;

const PLAIN: &str = "button";
const PRIMARY: &str = "button button--primary";

/// The buttons for what is next between the two. `name` is how the other is called.
pub fn deeds(contact: &Contact, name: &str, form: Form, desk: Desk) -> Vec<AnyView> {
    let accounts = accounts();
    let id = contact.person.id;
    let deed = |class, test_id, label: Label, work: Work, done: Label| {
        let press = move || desk.run(form, work(accounts, id), done);
        button_about(class, test_id, label, name.to_owned(), press)
    };
    if contact.blocked {
        return vec![deed(
            PLAIN,
            "unblock",
            |t| t.people().unblock,
            Accounts::unblock,
            |t| t.people().was_unblocked,
        )];
    }
    match contact.relation {
        Relation::Friend => vec![talk(PLAIN, id, name, form)],
        Relation::Incoming => vec![
            deed(
                PRIMARY,
                "accept",
                |t| t.people().accept,
                Accounts::befriend,
                |t| t.people().accepted,
            ),
            deed(
                PLAIN,
                "decline",
                |t| t.people().decline,
                Accounts::part,
                |t| t.people().declined,
            ),
        ],
        Relation::Outgoing => vec![deed(
            PLAIN,
            "withdraw",
            |t| t.people().withdraw,
            Accounts::part,
            |t| t.people().withdrawn,
        )],
        // Without an account nobody is anybody's friend.
        Relation::None if contact.user_name.is_none() => Vec::new(),
        Relation::None => {
            let befriend = deed(
                PLAIN,
                "befriend",
                |t| t.people().befriend,
                Accounts::befriend,
                |t| t.people().asked,
            );
            if is_team(accounts) {
                vec![talk(PLAIN, id, name, form), befriend]
            } else {
                vec![befriend]
            }
        }
    }
}

/// The buttons for what cannot be undone.
pub fn hard_deeds(contact: &Contact, name: &str, form: Form, desk: Desk) -> Vec<AnyView> {
    let accounts = accounts();
    let id = contact.person.id;
    let deed = |test_id, label: Label, work: Work, done: Label| {
        let press = move || desk.run(form, work(accounts, id), done);
        sure_button(test_id, label, name.to_owned(), press)
    };
    let mut all = Vec::new();
    if contact.relation == Relation::Friend {
        all.push(deed(
            "end-friendship",
            |t| t.people().end_friendship,
            Accounts::part,
            |t| t.people().ended,
        ));
    }
    if !contact.blocked && contact.user_name.is_some() {
        all.push(deed(
            "block",
            |t| t.people().block,
            Accounts::block,
            |t| t.people().was_blocked,
        ));
    }
    all
}

/// The button that leads to the conversation with someone.
pub fn talk(class: &'static str, id: UserId, name: &str, form: Form) -> AnyView {
    let press = to_talk(id, form);
    button_about(
        class,
        "talk",
        |t| t.people().message,
        name.to_owned(),
        press,
    )
}

/// Goes to the conversation with someone; with oneself, to one's notes.
pub fn to_talk(id: UserId, form: Form) -> impl Fn() + Copy + 'static {
    let (accounts, pages) = (accounts(), pages());
    move || {
        form.run(async move {
            let conversation = accounts.talk_with(id).await?;
            pages.go(Route::Conversation(conversation));
            Ok(None)
        });
    }
}

/// Whether everyone here may write to everyone.
pub fn is_team(accounts: Accounts) -> bool {
    let server = untrack(|| accounts.server());
    server.is_some_and(|server| server.policy.contact == ContactPolicy::Team)
}
