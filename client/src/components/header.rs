//! The head of the conversation: who or what it is with, who is there, who types. It does not know the messages.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use parley_shared::ids::ConversationId;
use parley_shared::model::{Conversation, ConversationKind};

use super::dialog;
use super::entry::{counted, picture};
use super::icon::{Drawing, Icon};
use super::link_banner::{LinkNews, link_news};
use super::said::{name_now, shown_name};
use super::shell::handles;
use super::when::When;
use crate::actions::actions;
use crate::dom::{address, pressed};
use crate::route::{Route, pages};
use crate::state::{Chat, List};
use crate::text::{Texts, texts};

/// The head of the conversation.
#[component]
pub fn Header() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let texts = texts();
    let name = Memo::new(move |_| shown_name(chat, texts.get()));
    // Whoever has a page or a card is drawn with the way to it. A conversation stays of its kind.
    let faced = move || {
        let id = chat.open.get()?;
        let kind = untrack(|| chat.conversation())?.kind;
        matches!(kind, ConversationKind::Direct | ConversationKind::Group).then_some((id, kind))
    };
    view! {
        <header class="header">
            {list_button()} <div class="header__who">
                {move || faced().map(|(id, _)| picture(chat, id))}
                <div class="header__text">
                    <h1 class="header__title truncate" dir="auto">
                        {move || match faced() {
                            None => (move || name.get()).into_any(),
                            Some((id, ConversationKind::Group)) => group_name(id, name),
                            Some(_) => person_name(name),
                        }}
                    </h1>
                    <Status />
                </div>
            </div> <PeopleButton />
        </header>
    }
}

/// A group's name, which leads to what the group is.
fn group_name(id: ConversationId, name: Memo<String>) -> AnyView {
    let (pages, texts) = (pages(), texts());
    let go = move |event: ev::MouseEvent| {
        if address::is_plain(&event) {
            event.prevent_default();
            pages.go(Route::Group(id));
        }
    };
    view! {
        <a
            class="header__name truncate"
            href=Route::Group(id).address()
            data-testid="to-group"
            title=move || (texts.get().show_group)(&name.get())
            on:click=go
        >
            {move || name.get()}
        </a>
    }
    .into_any()
}

/// The name of the other one of two, which leads to who that is.
fn person_name(name: Memo<String>) -> AnyView {
    let chat = expect_context::<Chat>();
    let (actions, texts) = (actions(), texts());
    let show = move || {
        let shown = untrack(|| chat.conversation());
        let with = shown.and_then(|shown| shown.with.clone());
        actions.show_person(with.map(|with| with.id));
    };
    view! {
        <button
            type="button"
            class="header__name truncate"
            data-testid="to-person"
            title=move || (texts.get().show_person)(&name.get())
            on:click=pressed(show)
        >
            {move || name.get()}
        </button>
    }
    .into_any()
}

/// Whether the Lobby is shown, or will be as far as is known.
fn is_lobby(chat: Chat) -> bool {
    let shown = chat.conversation();
    shown.is_none_or(|shown| shown.kind == ConversationKind::Lobby) && !chat.missing.get()
}

/// How it stands with a conversation while nothing is wrong: how many or whether the other one is there.
fn standing(chat: Chat, shown: Option<Arc<Conversation>>, texts: &Texts) -> (&'static str, String) {
    let online = chat.presence.with(|presence| presence.online);
    let Some(shown) = shown else {
        if chat.missing.get() {
            return ("none", String::new());
        }
        return ("present", (texts.online)(online));
    };
    match (shown.kind, &shown.with, &shown.group) {
        (ConversationKind::Notes, ..) => ("none", texts.notes_status.to_owned()),
        (_, Some(with), _) => {
            let is_here = chat.online.with(|online| online.contains(&with.id));
            match is_here {
                true => ("present", texts.here.to_owned()),
                false => ("waiting", texts.away.to_owned()),
            }
        }
        (_, _, Some(group)) => ("none", (texts.members)(group.members, online)),
        _ => ("present", (texts.online)(online)),
    }
}

/// The line below the name: how the connection stands, else who types, else who is there.
#[component]
fn Status() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let texts = texts();
    let news = link_news();
    let typing = Memo::new(move |_| {
        let texts = texts.get();
        chat.typing.with(|people| {
            let names: Vec<String> = people.iter().map(|p| name_now(chat, p.id, texts)).collect();
            (!names.is_empty()).then(|| (texts.typing)(&names))
        })
    });
    let status = move || {
        let texts = texts.get();
        match news.get() {
            LinkNews::Connecting => ("waiting", texts.connecting.to_owned()),
            LinkNews::Lost { .. } | LinkNews::Outdated | LinkNews::SignedOut => {
                ("waiting", texts.offline.to_owned())
            }
            LinkNews::None => standing(chat, chat.conversation(), texts),
        }
    };
    let status = Memo::new(move |_| status());
    let shown_typing = move || typing.get().filter(|_| news.get() == LinkNews::None);
    view! {
        <div class="header__status">
            // Who types takes the place of the number, which stays for those who listen.
            <span class:heard-only=move || shown_typing().is_some() class="header__status">
                <span class="header__dot" data-tone=move || status.get().0></span>
                <span class="truncate" data-testid="people-count">{move || status.get().1}</span>
            </span>
            {move || {
                shown_typing()
                    .map(|names| {
                        view! {
                            <span class="typing" data-testid="typing">
                                <span class="typing__dots" aria-hidden="true"><i></i><i></i><i></i></span>
                                <span class="truncate">{names}</span>
                            </span>
                        }
                            .into_any()
                    })
            }}
        </div>
    }
}

/// Where there is no sidebar: the way to the list, for those who have one.
fn list_button() -> AnyView {
    let chat = expect_context::<Chat>();
    let handles = handles();
    let texts = texts();
    let unread = Memo::new(move |_| chat.list.with(List::unread));
    let badge = move || {
        let unread = unread.get();
        (unread > 0).then(|| {
            view! {
                <span class="badge badge--over" aria-hidden="true">
                    {counted(unread)}
                </span>
            }
            .into_any()
        })
    };
    view! {
        <When holds=move || !handles.wide.get() && chat.standing.with(Option::is_some)>
            <button
                type="button"
                class="icon-button"
                data-testid="list-button"
                aria-haspopup="dialog"
                aria-label=move || (texts.get().show_list)(unread.get())
                on:click=pressed(move || dialog::open(handles.drawer))
            >
                <Icon of=Drawing::List />
                {badge}
            </button>
        </When>
    }
    .into_any()
}

/// Where there is no sidebar: the way to those who are in the Lobby.
#[component]
fn PeopleButton() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let handles = handles();
    let texts = texts();
    let online = Memo::new(move |_| chat.presence.with(|presence| presence.online));
    view! {
        <When holds=move || !handles.wide.get() && is_lobby(chat)>
            <button
                type="button"
                class="header__people"
                data-testid="people-button"
                aria-haspopup="dialog"
                aria-label=move || (texts.get().show_people)(online.get())
                on:click=pressed(move || dialog::open(handles.drawer))
            >
                <Icon of=Drawing::People />
                <span aria-hidden="true">{move || online.get().to_string()}</span>
            </button>
        </When>
    }
}
