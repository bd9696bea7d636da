//! The list of conversations, with the ways to friends and to a new group. It does not know what an entry looks like.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::entry::{ENTRIES, counted, entry, go};
use super::icon::{Drawing, Icon};
use super::keyed::{Key, keyed, listed};
use super::said::conversation_name;
use super::shell::handles;
use super::talk::{Surface, talk};
use super::when::When;
use crate::actions::actions;
use crate::dom::{self, Step, address};
use crate::route::{Route, pages};
use crate::state::Chat;
use crate::text::{Texts, texts};

/// With more conversations than these, one may look for one by its name.
const FILTERED_FROM: usize = 10;
/// Pixels from the end of the list within which the next page of it is wanted.
const END_PX: i32 = 600;

/// The ways to friends and to a new group, for those who have an account.
pub fn tools() -> AnyView {
    let chat = expect_context::<Chat>();
    view! {
        <When holds=move || chat.standing.with(Option::is_some)>
            <div class="sidebar__tools">
                {tool(
                    Route::Contacts,
                    Drawing::Contacts,
                    "to-contacts",
                    |texts, chat| (texts.contacts)(chat.requests.get()),
                )} {tool(Route::NewGroup, Drawing::Plus, "to-new-group", |texts, _| texts.new_group.to_owned())}
            </div>
        </When>
    }
    .into_any()
}

fn tool(
    route: Route,
    drawing: Drawing,
    test_id: &'static str,
    label: fn(&Texts, Chat) -> String,
) -> AnyView {
    let chat = expect_context::<Chat>();
    let (pages, texts) = (pages(), texts());
    let label = Memo::new(move |_| label(texts.get(), chat));
    let waiting = move || match route {
        Route::Contacts => chat.requests.get(),
        _ => 0,
    };
    let badge = move || {
        let waiting = waiting();
        (waiting > 0).then(|| {
            view! {
                <span class="badge badge--over" aria-hidden="true">
                    {counted(waiting)}
                </span>
            }
            .into_any()
        })
    };
    view! {
        <a
            class="icon-button"
            href=route.address()
            data-testid=test_id
            aria-label=move || label.get()
            title=move || label.get()
            on:click=move |event| {
                if address::is_plain(&event) {
                    event.prevent_default();
                    pages.go(route);
                }
            }
        >
            <Icon of=drawing />
            {badge}
        </a>
    }
    .into_any()
}

/// The list of conversations.
pub fn conversations() -> AnyView {
    let chat = expect_context::<Chat>();
    let texts = texts();
    let (actions, talk) = (actions(), talk());
    let scroller = NodeRef::<html::Nav>::new();
    let filter = RwSignal::new(String::new());
    let shown = shown(chat, filter);
    let is_long = Memo::new(move |_| chat.list.with(|list| list.order().len() > FILTERED_FROM));
    let load = move || {
        if let Some(scroller) = scroller.get_untracked()
            && dom::is_near_end(&scroller, END_PX)
        {
            actions.load_conversations();
        }
    };
    // A page that is longer than the list, or a name that few have, leaves nothing to scroll.
    Effect::new(move |_| {
        let _longer = shown.with(Vec::len);
        request_animation_frame(load);
    });
    let on_key = move |event: ev::KeyboardEvent| {
        if let Some(step) = Step::of_key(&event.key())
            && let Some(scroller) = scroller.get_untracked()
        {
            event.prevent_default();
            dom::step(&scroller, ENTRIES, dom::target_of(&event), step);
        }
    };
    view! {
        <When holds=is_long>
            <div class="sidebar__filter">
                <input
                    type="search"
                    class="input"
                    data-testid="filter"
                    autocomplete="off"
                    aria-label=move || texts.get().filter
                    placeholder=move || texts.get().filter
                    prop:value=move || filter.get()
                    on:input=move |event| filter.set(event_target_value(&event))
                />
            </div>
        </When>
        <nav
            node_ref=scroller
            class="sidebar__conversations"
            aria-label=move || texts.get().conversations
            on:scroll=move |_| load()
            on:keydown=on_key
            on:pointerover=move |_| talk.want()
            on:focusin=move |_| talk.want()
            on:click=move |event| {
                talk.happened(Surface::List, &event);
            }
            on:contextmenu=move |event| {
                talk.happened(Surface::List, &event);
            }
        >
            <ul data-testid="conversations" use:keyed=listed(shown, entry)></ul>
            {hint(shown, filter)}
        </nav>
    }
    .into_any()
}

/// Those whose names have what is looked for in them.
fn shown(chat: Chat, filter: RwSignal<String>) -> Memo<Vec<Key>> {
    let texts = texts();
    Memo::new(move |_| {
        let wanted = filter.with(|filter| dom::lower_case(filter.trim()));
        let texts = texts.get();
        chat.list.with(|list| {
            if wanted.is_empty() {
                return list.order().iter().map(|id| (*id.as_bytes(), 0)).collect();
            }
            let found = list.all().filter(|known| {
                dom::lower_case(&conversation_name(chat, known, texts)).contains(&wanted)
            });
            found.map(|known| (*known.id.as_bytes(), 0)).collect()
        })
    })
}

/// What is said below a list that has little in it.
fn hint(shown: Memo<Vec<Key>>, filter: RwSignal<String>) -> AnyView {
    let chat = expect_context::<Chat>();
    let (pages, texts) = (pages(), texts());
    let finds_nothing =
        move || filter.with(|filter| !filter.is_empty()) && shown.with(Vec::is_empty);
    // Only the Lobby is there.
    let is_alone = move || {
        chat.standing.with(Option::is_some)
            && chat
                .list
                .with(|list| list.order().len() == 1 && !list.has_more())
    };
    view! {
        <When holds=finds_nothing>
            <p class="sidebar__hint" role="status">
                {move || texts.get().filter_empty}
            </p>
        </When>
        <When holds=is_alone>
            <div class="sidebar__hint" data-testid="list-empty">
                <p>{move || texts.get().list_empty}</p>
                <button
                    type="button"
                    class="button button--small"
                    on:click=dom::pressed(move || pages.go(Route::Contacts))
                >
                    {move || texts.get().list_empty_action}
                </button>
            </div>
        </When>
    }
    .into_any()
}

/// Alt and an arrow lead to the conversation above or below the one that is shown.
pub fn keep_keys() {
    let chat = expect_context::<Chat>();
    let (actions, handles, pages) = (actions(), handles(), pages());
    dom::on_page_key(move |event| {
        if !event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        let Some(step @ (Step::Back | Step::On)) = Step::of_key(&event.key()) else {
            return;
        };
        let neighbour = chat.list.with_untracked(|list| {
            let order = list.order();
            let here = order
                .iter()
                .position(|id| Some(*id) == chat.open.get_untracked())?;
            let there = match step {
                Step::Back => here.checked_sub(1)?,
                _ => here + 1,
            };
            order.get(there).copied()
        });
        if let Some(neighbour) = neighbour {
            event.prevent_default();
            go(chat, actions, pages, handles, neighbour);
        }
    });
}
