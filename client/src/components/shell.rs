//! The page as a whole: what stands where, and the handles that its parts share. It does not know what they show.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;

use super::announcer::Announcer;
use super::composer::Composer;
use super::conversations::keep_keys;
use super::dialog::{Dialog, DialogRef};
use super::empty::{Closed, Missing};
use super::header::Header;
use super::link_banner::{LinkBanner, provide_link_news};
use super::log::Log;
use super::notices::Notices;
use super::proof::proof;
use super::said::shown_name;
use super::settings::Settings;
use super::sidebar::Sidebar;
use super::talk::{Talk, talk_slot};
use super::when::When;
use crate::clock::now_ms;
use crate::dates;
use crate::dom;
use crate::preferences::preferences;
use crate::state::Chat;
use crate::text::texts;

const MINUTE: Duration = Duration::from_secs(60);

/// Handles that parts of the page share. In context.
#[derive(Debug, Clone, Copy)]
pub struct Handles {
    /// The field where one writes.
    pub composer: NodeRef<html::Textarea>,
    /// The settings.
    pub settings: DialogRef,
    /// Whether the settings were opened, so that what stands in them is needed.
    pub settings_wanted: RwSignal<bool>,
    /// The field for one's name, in the settings.
    pub name: NodeRef<html::Input>,
    /// Whether they were opened for that field.
    pub name_wanted: StoredValue<bool>,
    /// The drawer with the sidebar, where there is no room for it.
    pub drawer: DialogRef,
    /// The log's way to its end, once it is there; true for a way that is seen.
    pub to_end: StoredValue<Option<Callback<bool>>>,
    /// Whether there is room for the sidebar.
    pub wide: ReadSignal<bool>,
    /// The day that it is, in days since 1970 where the reader is.
    pub today: Memo<i32>,
}

impl Handles {
    /// Gives the focus to the field where one writes.
    pub fn focus_composer(self) {
        if let Some(field) = self.composer.get_untracked() {
            dom::focus(&field);
        }
    }
}

/// The parts' shared handles, from context.
pub fn handles() -> Handles {
    expect_context::<Handles>()
}

/// The conversation's page. Needs `Chat`, `Actions`, `Accounts` and `Preferences` in context.
#[component]
pub fn Shell() -> impl IntoView {
    provide_link_news();
    let handles = Handles {
        composer: NodeRef::new(),
        settings: NodeRef::new(),
        settings_wanted: RwSignal::new(false),
        name: NodeRef::new(),
        name_wanted: StoredValue::new(false),
        drawer: NodeRef::new(),
        to_end: StoredValue::new(None),
        wide: dom::media_query("(width > 768px)"),
        today: today(),
    };
    provide_context(handles);
    Talk::provide();
    let texts = texts();
    keep_title();
    keep_keys();
    let chat = expect_context::<Chat>();
    view! {
        <div class="app" data-testid="app">
            <a
                class="skip-link"
                href="#composer"
                hidden=move || chat.missing.get() || chat.conversation().is_some_and(|it| it.closed)
                on:click=move |event| {
                    event.prevent_default();
                    handles.focus_composer();
                }
            >
                {move || texts.get().skip_to_composer}
            </a>
            <When
                holds=handles.wide
                otherwise=move || {
                    view! {
                        <Dialog node_ref=handles.drawer class="drawer" labelled_by="sidebar-title">
                            <Sidebar in_drawer=true />
                        </Dialog>
                    }
                }
            >
                <Sidebar />
            </When>
            <main class="conversation">
                <Header />
                <div class="news">
                    <LinkBanner />
                    {proof()}
                </div>
                {shown()}
            </main>
            <Notices />
            {talk_slot()}
            <Settings />
        </div>
    }
}

/// The messages and the field, of the conversation that is shown. Each has a log of its own: a place in one
/// means nothing in another.
fn shown() -> AnyView {
    let chat = expect_context::<Chat>();
    let log = move || {
        let _each = chat.open.get();
        view! {
            <Log />
            <Announcer />
        }
        .into_any()
    };
    let is_closed = Memo::new(move |_| chat.conversation().is_some_and(|shown| shown.closed));
    // Said again, it is no other field.
    let is_missing = Memo::new(move |_| chat.missing.get());
    let field = move || match (is_missing.get(), is_closed.get()) {
        (true, _) => ().into_any(),
        (false, true) => view! { <Closed /> }.into_any(),
        (false, false) => view! { <Composer /> }.into_any(),
    };
    view! {
        <When holds=chat.missing otherwise=move || view! { {log} }>
            <Missing />
        </When>
        {field}
    }
    .into_any()
}

/// The day that it is: at midnight "Today" becomes "Yesterday".
fn today() -> Memo<i32> {
    let (now, set_now) = signal(now_ms());
    let minute = set_interval_with_handle(move || set_now.set(now_ms()), MINUTE);
    on_cleanup(move || {
        if let Ok(minute) = minute {
            minute.clear();
        }
    });
    Memo::new(move |_| dates::local_day(now.get()))
}

/// The window's title and the colour of its frame follow what is shown.
fn keep_title() {
    let chat = expect_context::<Chat>();
    let texts = texts();
    let unread = Memo::new(move |_| chat.list.with(|list| (list.unread(), list.mentions())));
    Effect::new(move |_| {
        let texts = texts.get();
        let name = match chat.missing.get() {
            true => texts.missing_title.to_owned(),
            false => shown_name(chat, texts),
        };
        let (unread, mentions) = unread.get();
        dom::set_title(&(texts.window_title)(unread, mentions, &name));
    });
    let preferences = preferences();
    let dark = dom::media_query("(prefers-color-scheme: dark)");
    Effect::new(move |_| {
        let _followed = (preferences.theme(), dark.get());
        // The attribute that the theme hangs on is set by an effect as well; one task later it is.
        request_animation_frame(|| dom::match_theme_color(".header"));
    });
}
