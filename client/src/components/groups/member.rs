//! One member of a group, and what the reader's role lets them do with them. It does not know the others.

use leptos::prelude::*;
use parley_shared::api::groups::Member;
use parley_shared::ids::UserId;
use parley_shared::model::{Person, Role};

use super::confirm::{Confirm, Sentence};
use super::emblem::role_mark;
use super::group::Desk;
use super::paged::{Entry, Paged};
use super::row::{more_button, name_now, portrait, row, text};
use crate::actions::actions;
use crate::components::account::form::{Form, Label, kept, part};
use crate::components::account::listing::{fact, mark};
use crate::dates;
use crate::dom;
use crate::state::Chat;
use crate::text::groups::GroupTexts;
use crate::text::texts;

/// A member as an entry of the list.
pub fn entry(member: Member, desk: Desk, paged: Paged) -> Entry {
    let id = member.person.id.to_string();
    let version = format!("{member:?}");
    Entry::new(id, version, move || one(&member, desk, paged))
}

/// Someone, with what is needed to act upon them.
#[derive(Clone, Copy)]
struct Target {
    id: UserId,
    person: StoredValue<Person>,
    role: RwSignal<Role>,
    form: Form,
    desk: Desk,
    paged: Paged,
    chat: Chat,
}

impl Target {
    /// A sentence with their name.
    fn saying(self, of: fn(&GroupTexts) -> fn(&str) -> String) -> Sentence {
        let texts = texts();
        Box::new(move || {
            let texts = texts.get();
            let name = self
                .person
                .with_value(|person| name_now(self.chat, person, texts));
            of(texts.account.groups())(&name)
        })
    }

    /// They are not in the group any more.
    fn gone(self) {
        self.paged.remove(&self.id.to_string());
        self.desk.reload();
        dom::focus_soon("group-section");
    }
}

fn one(member: &Member, desk: Desk, paged: Paged) -> AnyView {
    let texts = texts();
    let (chat, actions) = (expect_context::<Chat>(), actions());
    let id = member.person.id;
    let target = Target {
        id,
        person: StoredValue::new(member.person.clone()),
        role: RwSignal::new(member.role.unwrap_or(Role::Member)),
        form: Form::new(),
        desk,
        paged,
        chat,
    };
    let is_open = RwSignal::new(false);
    let is_me = desk.me == Some(id);
    // Whoever has the same role, or a higher one, is nobody's to act upon.
    let is_mine = kept(move || {
        let may = desk.is(Role::Administrator) && !desk.is_archived();
        may && !is_me && desk.role() > Some(target.role.get())
    });
    let named = member.person.clone();
    let title = view! {
        <button
            type="button"
            class="record__link"
            data-testid="member-name"
            aria-haspopup="dialog"
            on:click=move |_| actions.show_person(Some(id))
        >
            {move || name_now(chat, &named, texts.get())}
        </button>
        {is_me.then(|| mark(move || texts.get().you))}
        {part(move || role_mark(target.role.get()).into_any())}
    }
    .into_any();
    let since_ms = member.since_ms;
    let since = fact(move || {
        let texts = texts.get();
        (texts.account.groups().here_since)(&dates::short(since_ms, texts))
    });
    let more = part(move || {
        if is_mine.get() {
            more_button(is_open, target.saying(|t| t.more_of))
        } else {
            ().into_any()
        }
    });
    let panel = part(move || {
        if is_mine.get() && is_open.get() {
            acts(target)
        } else {
            ().into_any()
        }
    });
    row(
        "member",
        portrait(&member.person),
        text(title, vec![since]),
        vec![more, panel].into_any(),
    )
}

/// What can be done with someone.
fn acts(target: Target) -> AnyView {
    let mut acts = Vec::new();
    if untrack(|| target.desk.is(Role::Owner)) {
        acts.push(role_button(target));
        acts.push(hand_on(target));
    }
    acts.push(remove(target));
    acts.push(ban(target));
    view! {
        <div class="record__acts" data-testid="member-acts">
            {acts}
            <div class="wide">{target.form.news()}</div>
        </div>
    }
    .into_any()
}

fn role_button(target: Target) -> AnyView {
    let Target {
        id,
        role,
        form,
        desk,
        ..
    } = target;
    let label = move || -> (Label, Role) {
        match role.get() {
            Role::Member => (|t| t.groups().make_administrator, Role::Administrator),
            _ => (|t| t.groups().make_member, Role::Member),
        }
    };
    let texts = texts();
    let press = move || {
        let (_, next) = untrack(label);
        form.run(async move {
            let member = desk.groups.set_role(desk.id, id, next).await?;
            role.try_set(member.role.unwrap_or(Role::Member));
            Ok(None)
        });
    };
    // It stays the same button, which keeps the focus.
    view! {
        <button type="button" class="button" data-testid="set-role" on:click=move |_| press()>
            {move || label().0(&texts.get().account)}
        </button>
    }
    .into_any()
}

fn hand_on(target: Target) -> AnyView {
    let Target {
        id,
        form,
        desk,
        paged,
        ..
    } = target;
    let confirm = Confirm {
        test_id: "hand-on",
        label: |t| t.groups().hand_on,
        class: "button",
        warning: target.saying(|t| t.hand_on_warning),
    };
    confirm.view(move || {
        form.run(async move {
            desk.groups.set_role(desk.id, id, Role::Owner).await?;
            desk.reload();
            paged.reload();
            dom::focus_soon("group-section");
            Ok(None)
        });
    })
}

fn remove(target: Target) -> AnyView {
    let Target { id, form, desk, .. } = target;
    let confirm = Confirm {
        test_id: "remove-member",
        label: |t| t.groups().remove,
        class: "button button--danger",
        warning: target.saying(|t| t.remove_warning),
    };
    confirm.view(move || {
        form.run(async move {
            desk.groups.remove(desk.id, id).await?;
            target.gone();
            Ok(None)
        });
    })
}

fn ban(target: Target) -> AnyView {
    let Target { id, form, desk, .. } = target;
    let confirm = Confirm {
        test_id: "ban-member",
        label: |t| t.groups().ban,
        class: "button button--danger",
        warning: target.saying(|t| t.ban_warning),
    };
    confirm.view(move || {
        form.run(async move {
            desk.groups.ban(desk.id, id).await?;
            target.gone();
            Ok(None)
        });
    })
}
