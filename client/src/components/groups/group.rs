//! A group's page: what it is, and the sections of which one's role has some. It does not know what is in them.

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_shared::api::groups::GroupCard;
use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::{Conversation, Group, Role};
use parley_shared::refusal::Refusal;

use super::bans::bans;
use super::describe::describe;
use super::emblem::{emblem, marks};
use super::frame::{for_accounts, sheet};
use super::leaving::leaving;
use super::links::links;
use super::members::members;
use crate::account::{Failure, accounts};
use crate::components::account::form::{Form, Label, button, in_words, kept, part, say};
use crate::components::account::frame::link;
use crate::components::account::listing::waiting;
use crate::dom;
use crate::groups::{Groups, groups};
use crate::route::{Route, pages};
use crate::state::Chat;
use crate::text::texts;

/// What the sections of a group's page share: which group, what it is, who the reader is in it.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    /// Which group.
    pub id: ConversationId,
    /// Who the reader is.
    pub me: Option<UserId>,
    /// What can be asked.
    pub groups: Groups,
    found: RwSignal<Option<Result<GroupCard, Failure>>>,
}

/// How far the page is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    Waiting,
    Absent,
    Failed(Failure),
    Here,
}

impl Desk {
    fn open(id: ConversationId) -> Self {
        let me = untrack(|| accounts().me());
        let desk = Self {
            id,
            me: me.map(|me| me.person.id),
            groups: groups(),
            found: RwSignal::new(None),
        };
        desk.reload();
        desk.follow(expect_context());
        desk
    }

    /// Asks what the group is now. What is shown stays until the answer is there.
    pub fn reload(self) {
        let asked = self.groups.card(self.id);
        spawn_local(async move {
            let found = asked.await;
            // A moment without a connection takes nothing from the page.
            let is_shown = self
                .found
                .try_with_untracked(|found| matches!(found, Some(Ok(_))));
            if found != Err(Failure::NotReached) || is_shown == Some(false) {
                self.found.try_set(Some(found));
            }
        });
    }

    /// Follows what the page hears of the group meanwhile, for those who are in it.
    fn follow(self, chat: Chat) {
        let heard = Memo::new(move |_| chat.list.with(|list| list.get(self.id).cloned()));
        Effect::new(move |was_known: Option<bool>| {
            let heard = heard.get();
            let is_known = heard.is_some();
            match heard.as_deref() {
                Some(Conversation {
                    group: Some(group),
                    role,
                    ..
                }) => {
                    let (id, role, group) = (self.id, *role, group.clone());
                    self.set(GroupCard { id, group, role });
                }
                // They left or were removed; of a public group something can still be seen.
                None if was_known == Some(true) => self.reload(),
                _ => {}
            }
            is_known
        });
    }

    /// Takes what was answered for what the group is now.
    pub fn set(self, card: GroupCard) {
        let is_new = self
            .found
            .try_with_untracked(|found| found.as_ref() != Some(&Ok(card.clone())));
        if is_new == Some(true) {
            self.found.try_set(Some(Ok(card)));
        }
    }

    fn stage(self) -> Stage {
        self.found.with(|found| match found {
            None => Stage::Waiting,
            Some(Ok(_)) => Stage::Here,
            Some(Err(Failure::Refused(Refusal::NotFound))) => Stage::Absent,
            Some(Err(failure)) => Stage::Failed(failure.clone()),
        })
    }

    fn read<T>(self, read: impl FnOnce(&GroupCard) -> T) -> Option<T> {
        self.found.with(|found| match found {
            Some(Ok(card)) => Some(read(card)),
            _ => None,
        })
    }

    /// What the group is. Tracked.
    pub fn group(self) -> Option<Group> {
        self.read(|card| card.group.clone())
    }

    /// The reader's role in it. Tracked.
    pub fn role(self) -> Option<Role> {
        self.read(|card| card.role).flatten()
    }

    /// Whether the reader has at least this role. Tracked.
    pub fn is(self, role: Role) -> bool {
        self.role() >= Some(role)
    }

    /// How many members it has. Tracked.
    pub fn members(self) -> u32 {
        self.read(|card| card.group.members).unwrap_or_default()
    }

    /// Whether it is kept to be read. Tracked.
    pub fn is_archived(self) -> bool {
        self.read(|card| card.group.archived).unwrap_or_default()
    }
}

/// A part of a group's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Members,
    Links,
    Bans,
    Settings,
}

impl Section {
    const ALL: [Self; 4] = [Self::Members, Self::Links, Self::Bans, Self::Settings];

    const fn label(self) -> Label {
        match self {
            Self::Members => |t| t.groups().members,
            Self::Links => |t| t.groups().links,
            Self::Bans => |t| t.groups().bans,
            Self::Settings => |t| t.groups().settings,
        }
    }

    const fn test_id(self) -> &'static str {
        match self {
            Self::Members => "tab-members",
            Self::Links => "tab-links",
            Self::Bans => "tab-bans",
            Self::Settings => "tab-settings",
        }
    }

    /// Whether it has something for the reader. Tracked.
    fn is_open(self, desk: Desk) -> bool {
        match self {
            Self::Members => desk.is(Role::Member),
            Self::Links | Self::Bans => desk.is(Role::Administrator),
            // What is archived can be opened again, and nothing else.
            Self::Settings if desk.is_archived() => desk.is(Role::Owner),
            Self::Settings => desk.is(Role::Administrator),
        }
    }

    fn draw(self, desk: Desk) -> AnyView {
        match self {
            Self::Members => members(desk),
            Self::Links => links(desk),
            Self::Bans => bans(desk),
            Self::Settings => describe(desk),
        }
    }
}

/// The page of a group.
pub fn group(id: ConversationId) -> AnyView {
    sheet("group-page", for_accounts(move || whole(Desk::open(id))))
}

fn whole(desk: Desk) -> AnyView {
    let stage = kept(move || desk.stage());
    let texts = texts();
    Effect::new(move |_| {
        let texts = &texts.get().account;
        let name = desk.read(|card| card.group.name.clone());
        let name = name.unwrap_or_else(|| texts.groups().groups.to_owned());
        dom::set_title(&(texts.title)(&name));
    });
    Effect::new(move |_| {
        if stage.get() != Stage::Waiting {
            dom::focus_soon("page-title");
        }
    });
    part(move || match stage.get() {
        Stage::Waiting => waiting(),
        Stage::Absent => absent(),
        Stage::Failed(failure) => failed(failure, desk),
        Stage::Here => here(desk),
    })
}

fn failed(failure: Failure, desk: Desk) -> AnyView {
    let texts = texts();
    view! {
        <div class="listing__failed" role="alert">
            <p>{move || in_words(&failure, texts.get())}</p>
            {button("button", "retry-listing", |t| t.retry, move || desk.reload())}
        </div>
    }
    .into_any()
}

/// What is said of a group that is not there, or not for the reader.
fn absent() -> AnyView {
    view! {
        <div class="absent" data-testid="group-absent">
            <h1 class="card__title" id="page-title" tabindex="-1">
                {say(|t| t.groups().not_there)}
            </h1>
            <p class="card__intro">{say(|t| t.groups().not_there_hint)}</p>
            <div class="absent__actions">
                {link(Route::Groups, "button", "to-groups", |t| t.groups().groups)}
            </div>
        </div>
    }
    .into_any()
}

fn here(desk: Desk) -> AnyView {
    let is_in = kept(move || desk.role().is_some());
    let group = kept(move || desk.group());
    let card = part(move || group.get().map(|group| card(desk.id, &group)).into_any());
    let body = part(move || {
        if is_in.get() {
            inside(desk)
        } else {
            outside(desk)
        }
    });
    vec![card, body].into_any()
}

/// What the group is.
pub(super) fn card(id: ConversationId, group: &Group) -> AnyView {
    let texts = texts();
    let members = group.members;
    let about = (!group.about.is_empty()).then(|| {
        let about = group.about.clone();
        view! { <p class="group__about">{about}</p> }
    });
    view! {
        <header class="group">
            {emblem(id, group, true)}
            <div class="group__text">
                <h1 class="group__name" id="page-title" tabindex="-1" data-testid="group-title">
                    {group.name.clone()}
                </h1>
                <p class="group__facts">
                    <span>{move || (texts.get().account.groups().members_number)(members)}</span>
                    {marks(group)}
                </p>
            </div>
            {about}
        </header>
    }
    .into_any()
}

/// A group that the reader is in.
fn inside(desk: Desk) -> AnyView {
    let pages = pages();
    let shown = RwSignal::new(Section::Members);
    let sections = kept(move || {
        let all = Section::ALL.into_iter();
        all.filter(|section| section.is_open(desk))
            .collect::<Vec<_>>()
    });
    // Whoever's role is another has other sections.
    let section = kept(move || {
        let chosen = shown.get();
        let is_there = sections.with(|sections| sections.contains(&chosen));
        if is_there { chosen } else { Section::Members }
    });
    let open = button(
        "button button--primary",
        "open-conversation",
        |t| t.groups().open_conversation,
        move || pages.go(Route::Conversation(desk.id)),
    );
    let archived = kept(move || desk.is_archived());
    let note = part(move || {
        let note = archived
            .get()
            .then(|| view! { <p class="card__note">{say(|t| t.groups().archived_note)}</p> });
        note.into_any()
    });
    let to_members = move || shown.set(Section::Members);
    view! {
        {note}
        <div class="group__actions">{open} {leaving(desk, to_members)}</div>
        {tabs(sections, section, shown)}
        <section class="panel" aria-labelledby="group-section">
            {part(move || section.get().draw(desk))}
        </section>
    }
    .into_any()
}

fn tabs(sections: Memo<Vec<Section>>, section: Memo<Section>, shown: RwSignal<Section>) -> AnyView {
    let tab = move |of: Section| {
        view! {
            <button
                type="button"
                class="tab"
                data-testid=of.test_id()
                aria-current=move || (section.get() == of).then_some("true")
                on:click=move |_| shown.set(of)
            >
                {say(of.label())}
            </button>
        }
        .into_any()
    };
    part(move || {
        let sections = sections.get();
        if sections.len() < 2 {
            return ().into_any();
        }
        let tabs: Vec<AnyView> = sections.into_iter().map(tab).collect();
        view! {
            <nav class="tabs" aria-label=say(|t| t.groups().settings)>
                {tabs}
            </nav>
        }
        .into_any()
    })
}

/// A group that is listed, and the reader is not in it.
fn outside(desk: Desk) -> AnyView {
    let pages = pages();
    let form = Form::new();
    let join = move || {
        form.run(async move {
            desk.groups.join(desk.id).await?;
            pages.go(Route::Conversation(desk.id));
            Ok(None)
        });
    };
    if untrack(|| desk.is_archived()) {
        return view! { <p class="card__note">{say(|t| t.groups().archived_note)}</p> }.into_any();
    }
    let join = button(
        "button button--primary",
        "join-group",
        |t| t.groups().join_group,
        join,
    );
    view! {
        {form.news()}
        <div class="group__actions">{join}</div>
    }
    .into_any()
}
