//! The page of contacts: finding people, requests, friends, those who are blocked. It does not know what is said to them.

use leptos::prelude::*;
use parley_shared::api::contacts::ContactList;
use parley_shared::limits::{FIND_AFTER_MS, PEOPLE_WATCHED_MAX};
use parley_shared::model::Person;

use super::deeds::{Desk, is_team, to_talk};
use super::roll::Roll;
use crate::account::accounts;
use crate::actions::actions;
use crate::clock;
use crate::components::account::field::{Field, Kind};
use crate::components::account::form::{Form, Label, NOTHING, kept, part, say};
use crate::components::account::frame::{head, keep_title, members_only};
use crate::components::account::listing::{panel, waiting};
use crate::components::icon::{Drawing, Icon};
use crate::state::Chat;

/// The lists of one's contacts.
#[derive(Clone, Copy)]
struct Rolls {
    friends: Roll,
    incoming: Roll,
    outgoing: Roll,
    blocked: Roll,
}

impl Rolls {
    fn new() -> Self {
        let accounts = accounts();
        let roll = |list| Roll::new(Some(list), move |after| accounts.contacts(list, after));
        let rolls = Self {
            friends: roll(ContactList::Friends),
            incoming: roll(ContactList::Incoming),
            outgoing: roll(ContactList::Outgoing),
            blocked: roll(ContactList::Blocked),
        };
        rolls.friends.fetch();
        rolls.incoming.fetch();
        rolls.outgoing.fetch();
        rolls
    }
}

/// The page of contacts.
pub fn contacts() -> AnyView {
    members_only();
    keep_title(|t| t.people().contacts, "contacts-title");
    let desk = Desk::new("contacts-title");
    let rolls = Rolls::new();
    let typed = RwSignal::new(String::new());
    let (found, is_sought) = find(typed);
    watch(rolls, found);
    let shown = part(move || {
        if is_sought.get() {
            results(found, desk)
        } else {
            lists(rolls, desk)
        }
    });
    view! {
        <div class="page" data-testid="contacts-page">
            {head()}
            <main class="contacts">
                <h1 class="settings__title" id="contacts-title" tabindex="-1">
                    {say(|t| t.people().contacts)}
                </h1>
                {search(typed)}
                {desk.news()}
                {shown}
            </main>
        </div>
    }
    .into_any()
}

/// Whether these people are there is asked for as long as the page is shown.
fn watch(rolls: Rolls, found: Roll) {
    let actions = actions();
    let people = kept(move || {
        let mut people = found.people();
        people.extend(rolls.friends.people());
        people.truncate(PEOPLE_WATCHED_MAX);
        people
    });
    Effect::new(move |_| actions.watch_besides(people.get()));
    on_cleanup(move || actions.watch_besides(Vec::new()));
}

/// Looks for whoever is called as typed, once nothing more is typed for a moment; and whether anyone is looked for.
fn find(typed: RwSignal<String>) -> (Roll, Memo<bool>) {
    let accounts = accounts();
    let sought = RwSignal::new(String::new());
    let found = Roll::new(None, move |after| {
        let name = sought.get_untracked();
        accounts.found(&name, after)
    });
    let trimmed = kept(move || typed.with(|typed| typed.trim().to_owned()));
    Effect::new(move |_| {
        let name = trimmed.get();
        if name.is_empty() {
            sought.set(name);
            found.forget();
            return;
        }
        clock::after_ms(FIND_AFTER_MS, move || {
            let is_typed = trimmed.try_with_untracked(|now| *now == name) == Some(true);
            let is_new = sought.try_with_untracked(|sought| *sought != name) == Some(true);
            if is_typed && is_new {
                sought.set(name);
                found.fetch();
            }
        });
    });
    (
        found,
        kept(move || sought.with(|sought| !sought.is_empty())),
    )
}

fn search(typed: RwSignal<String>) -> AnyView {
    let accounts = accounts();
    let is_team = kept(move || accounts.server().is_some_and(|_| is_team(accounts)));
    let field = move || {
        let hint: Label = if is_team.get() {
            |t| t.people().find_in_team
        } else {
            |t| t.people().find_among_friends
        };
        let field = Field {
            id: "find",
            label: |t| t.people().find,
            hint: Some(hint),
            kind: Kind::Search,
            autocomplete: "off",
            value: typed,
            blame: NOTHING,
        };
        field.of(Form::new())
    };
    view! {
        <search class="form" role="search">
            {part(field)}
        </search>
    }
    .into_any()
}

fn results(found: Roll, desk: Desk) -> AnyView {
    let none: Label = if is_team(accounts()) {
        |t| t.people().none_in_team
    } else {
        |t| t.people().none_among_friends
    };
    // Whoever listens hears that nobody was found; whoever was, they find as a list.
    Effect::new(move |_| {
        let is_nobody = found.is_settled() && !found.has_any();
        desk.say(is_nobody.then_some(none));
    });
    panel(|t| t.people().found, vec![found.view(desk, none)])
}

fn lists(rolls: Rolls, desk: Desk) -> AnyView {
    let Rolls {
        friends,
        incoming,
        outgoing,
        blocked,
    } = rolls;
    // Nothing moves when one of them comes later.
    let is_settled =
        kept(move || friends.is_settled() && incoming.is_settled() && outgoing.is_settled());
    let has_failed = kept(move || friends.has_failed());
    Effect::new(move |before: Option<bool>| {
        let has_failed = has_failed.get();
        if before == Some(true) && !has_failed {
            // Whoever tried again wants all of it.
            let others = [incoming, outgoing].into_iter();
            let failed = others.filter(|roll| untrack(|| roll.has_failed()));
            failed.for_each(Roll::fetch);
        }
        has_failed
    });
    part(move || {
        if !is_settled.get() {
            return waiting();
        }
        let parts = vec![
            notes(),
            requests(|t| t.people().incoming, incoming, friends, desk),
            requests(|t| t.people().outgoing, outgoing, friends, desk),
            panel(
                |t| t.people().friends,
                vec![friends.view(desk, |t| t.people().no_friends)],
            ),
            blocked_people(blocked, desk),
        ];
        parts.into_any()
    })
}

/// A list that is shown when there is anyone in it. Where all have failed, one says so.
fn requests(heading: Label, roll: Roll, friends: Roll, desk: Desk) -> AnyView {
    let is_shown = kept(move || roll.has_any() || (roll.has_failed() && !friends.has_failed()));
    part(move || {
        if is_shown.get() {
            panel(heading, vec![roll.view(desk, |_| "")])
        } else {
            ().into_any()
        }
    })
}

/// The way to what one writes for oneself.
fn notes() -> AnyView {
    let chat = expect_context::<Chat>();
    let me = kept(move || chat.me.with(|me| me.as_ref().map(|me: &Person| me.id)));
    part(move || {
        let Some(me) = me.get() else {
            return ().into_any();
        };
        let form = Form::new();
        let go = to_talk(me, form);
        view! {
            <div class="records">
                <button type="button" class="notes" data-testid="notes" on:click=move |_| go()>
                    <span class="notes__picture">
                        <Icon of=Drawing::Notes />
                    </span>
                    <span class="contact__text">
                        <span class="contact__name">{say(|t| t.people().notes)}</span>
                        <span class="contact__facts">{say(|t| t.people().notes_hint)}</span>
                    </span>
                </button>
                {form.news()}
            </div>
        }
        .into_any()
    })
}

/// Those who are blocked, when the reader wants to see them.
fn blocked_people(blocked: Roll, desk: Desk) -> AnyView {
    let is_wanted = RwSignal::new(blocked.is_settled());
    let shown = part(move || {
        if is_wanted.get() {
            blocked.view(desk, |t| t.people().no_blocked)
        } else {
            ().into_any()
        }
    });
    view! {
        <details
            class="panel blocked"
            data-testid="blocked"
            on:toggle=move |_| {
                if !is_wanted.get_untracked() {
                    is_wanted.set(true);
                    blocked.fetch();
                }
            }
        >
            <summary class="blocked__title">
                <Icon of=Drawing::Chevron />
                {say(|t| t.people().blocked)}
            </summary>
            {shown}
        </details>
    }
    .into_any()
}
