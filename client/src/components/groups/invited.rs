//! Coming into a group by a link: what the group is, and joining it; who has no account gets one first. It does not know who
//! made the link.

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_shared::api::groups::GroupCard;
use parley_shared::refusal::Refusal;

use super::emblem::{emblem, marks};
use crate::account::{Accounts, Failure, accounts};
use crate::components::account::form::{Form, button, in_words, kept, part, say};
use crate::components::account::frame::{bare, keep_title, link, paragraph};
use crate::components::account::listing::waiting;
use crate::groups::{Groups, groups};
use crate::route::{Route, forget_group_code, group_code, pages};
use crate::text::texts;

/// How far the page is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    Waiting,
    /// The link does not hold.
    Unknown,
    Failed(Failure),
    Here(GroupCard),
    /// The group is there, and closed to the reader for good.
    Banned(GroupCard),
}

/// The page to which a link leads.
pub fn invited() -> AnyView {
    keep_title(|t| t.groups().invited, "page-title");
    let stage = RwSignal::new(Stage::Waiting);
    let code = group_code();
    let (accounts, groups) = (accounts(), groups());
    match code.clone() {
        Some(code) => look(code, stage, accounts, groups),
        None => stage.set(Stage::Unknown),
    }
    let code = StoredValue::new(code.unwrap_or_default());
    let body = part(move || match stage.get() {
        Stage::Waiting => waiting(),
        Stage::Unknown => unknown(),
        Stage::Failed(failure) => failed(failure, code, stage),
        Stage::Here(card) => {
            let below = below(card.clone(), code, stage);
            shown(&card, below)
        }
        Stage::Banned(card) => shown(
            &card,
            paragraph("card__note", |t| t.groups().you_are_banned),
        ),
    });
    bare(view! { <div class="invited" data-testid="invited">{body}</div> }.into_any())
}

/// Asks who the reader is and what the link leads to.
fn look(code: String, stage: RwSignal<Stage>, accounts: Accounts, groups: Groups) {
    spawn_local(async move {
        // Someone who is nobody yet is told what they need.
        drop(accounts.load_me().await);
        let found = match groups.shown(code).await {
            Ok(card) => Stage::Here(card),
            Err(failure) => ended(failure),
        };
        stage.try_set(found);
        crate::dom::focus_soon("page-title");
    });
}

/// What becomes of the page when something failed.
fn ended(failure: Failure) -> Stage {
    if failure == Failure::Refused(Refusal::UnknownInvitation) {
        forget_group_code();
        return Stage::Unknown;
    }
    Stage::Failed(failure)
}

fn unknown() -> AnyView {
    view! {
        <div class="absent" data-testid="unknown-link">
            <h1 class="card__title" id="page-title" tabindex="-1">
                {say(|t| t.groups().unknown_link)}
            </h1>
            <p class="card__intro">{say(|t| t.groups().unknown_link_hint)}</p>
            <div class="absent__actions">
                {link(Route::Home, "button", "to-home", |t| t.to_lobby)}
            </div>
        </div>
    }
    .into_any()
}

fn failed(failure: Failure, code: StoredValue<String>, stage: RwSignal<Stage>) -> AnyView {
    let texts = texts();
    let (accounts, groups) = (accounts(), groups());
    let again = move || {
        stage.set(Stage::Waiting);
        look(code.get_value(), stage, accounts, groups);
    };
    view! {
        <h1 class="card__title" id="page-title" tabindex="-1">
            {say(|t| t.groups().invited)}
        </h1>
        <div class="listing__failed" role="alert">
            <p>{move || in_words(&failure, texts.get())}</p>
            {button("button", "retry-listing", |t| t.retry, again)}
        </div>
    }
    .into_any()
}

/// The group, and below it what can be done.
fn shown(card: &GroupCard, below: AnyView) -> AnyView {
    let texts = texts();
    let GroupCard { id, group, .. } = card.clone();
    let members = group.members;
    let about = (!group.about.is_empty()).then(|| {
        let about = group.about.clone();
        view! { <p class="invited__about">{about}</p> }
    });
    view! {
        <div class="invited__group">
            {emblem(id, &group, true)}
            <p class="invited__kicker">{say(|t| t.groups().invited)}</p>
            <h1 class="card__title" id="page-title" tabindex="-1" data-testid="group-title">
                {group.name.clone()}
            </h1>
            <p class="group__facts">
                <span>{move || (texts.get().account.groups().members_number)(members)}</span>
                {marks(&group)}
            </p>
            {about}
        </div>
        {below}
    }
    .into_any()
}

fn below(card: GroupCard, code: StoredValue<String>, stage: RwSignal<Stage>) -> AnyView {
    let (accounts, pages) = (accounts(), pages());
    if card.role.is_some() {
        forget_group_code();
        let open = button(
            "button button--primary button--wide",
            "open-conversation",
            |t| t.groups().open_conversation,
            move || pages.go_instead(Route::Conversation(card.id)),
        );
        return vec![paragraph("card__note", |t| t.groups().in_it), open].into_any();
    }
    if card.group.archived {
        return paragraph("card__note", |t| t.groups().archived_note);
    }
    let has_account = kept(move || accounts.me().is_some_and(|me| me.account.is_some()));
    part(move || {
        if has_account.get() {
            join(card.clone(), code, stage)
        } else {
            ways_in()
        }
    })
}

fn join(card: GroupCard, code: StoredValue<String>, stage: RwSignal<Stage>) -> AnyView {
    let (groups, pages) = (groups(), pages());
    let form = Form::new();
    let send = move || {
        let card = card.clone();
        form.run(async move {
            match groups.accept(code.get_value()).await {
                Ok(conversation) => {
                    forget_group_code();
                    pages.go_instead(Route::Conversation(conversation.id));
                }
                Err(Failure::Refused(Refusal::Banned { .. })) => {
                    stage.try_set(Stage::Banned(card));
                }
                Err(failure @ Failure::Refused(Refusal::UnknownInvitation)) => {
                    stage.try_set(ended(failure));
                }
                Err(failure) => return Err(failure),
            }
            Ok(None)
        });
    };
    form.view(
        "join-form",
        Vec::new(),
        |t| t.groups().join_group,
        false,
        send,
    )
}

/// For someone without an account: it leads back here.
fn ways_in() -> AnyView {
    let pages = pages();
    view! {
        {paragraph("card__note", |t| t.groups().account_needed)}
        <div class="invited__ways">
            {button(
                "button button--primary",
                "to-sign-in",
                |t| t.sign_in,
                move || pages.go_first(Route::SignIn),
            )}
            {button(
                "button",
                "to-register",
                |t| t.register,
                move || pages.go_first(Route::Register),
            )}
        </div>
    }
    .into_any()
}
