//! What the reader is told of the connection, and only when it matters. It does not know how it is mended.

use std::time::Duration;

use leptos::prelude::*;
use parley_shared::limits::LINK_LOSS_SHOWN_AFTER_MS;

use super::account::door::back_in;
use super::icon::{Drawing, Icon};
use super::when::When;
use crate::actions::actions;
use crate::clock::now_ms;
use crate::dom::{self, pressed};
use crate::state::{Chat, Link};
use crate::text::texts;

/// What there is to say of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkNews {
    /// Nothing: it is there, or it was gone for a moment only.
    None,
    /// The page was just opened.
    Connecting,
    /// It is gone.
    Lost {
        /// Seconds until the next attempt; `None` while one is being made.
        retry_in_secs: Option<u64>,
    },
    /// The page must be loaded again.
    Outdated,
    /// The reader has to sign in.
    SignedOut,
}

#[derive(Debug, Clone, Copy)]
struct News(Memo<LinkNews>);

/// Puts the news of the connection into context, for [`link_news`].
pub fn provide_link_news() {
    let chat = expect_context::<Chat>();
    let (now, set_now) = signal(now_ms());
    let is_lost = Memo::new(move |_| matches!(chat.link.get(), Link::Lost { .. }));
    // The clock runs only while somebody looks at it.
    Effect::new(move |_| {
        if is_lost.get() {
            let tick = move || set_now.set(now_ms());
            let running = set_interval_with_handle(tick, Duration::from_millis(250));
            on_cleanup(move || {
                if let Ok(running) = running {
                    running.clear();
                }
            });
        }
    });
    provide_context(News(Memo::new(move |_| match chat.link.get() {
        Link::Connecting => LinkNews::Connecting,
        Link::Live => LinkNews::None,
        Link::Outdated => LinkNews::Outdated,
        Link::SignedOut => LinkNews::SignedOut,
        Link::Lost {
            since_ms,
            retry_at_ms,
        } => {
            let now = now.get();
            if now < since_ms + u64::from(LINK_LOSS_SHOWN_AFTER_MS) {
                return LinkNews::None;
            }
            // "In 0 seconds" would be said of an attempt that is due: then it is being made.
            let retry_in_secs = retry_at_ms
                .map(|at_ms| at_ms.saturating_sub(now).div_ceil(1000))
                .filter(|seconds| *seconds > 0);
            LinkNews::Lost { retry_in_secs }
        }
    })));
}

/// The news of the connection, from context.
pub fn link_news() -> Memo<LinkNews> {
    expect_context::<News>().0
}

/// Which banner is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    Lost,
    Outdated,
    SignedOut,
}

/// The banner above the log.
#[component]
pub fn LinkBanner() -> impl IntoView {
    let news = link_news();
    // The banner itself stays while the seconds in it run.
    let kind = Memo::new(move |_| match news.get() {
        LinkNews::None | LinkNews::Connecting => Kind::None,
        LinkNews::Lost { .. } => Kind::Lost,
        LinkNews::Outdated => Kind::Outdated,
        LinkNews::SignedOut => Kind::SignedOut,
    });
    view! {
        <div class="link-news" role="status">
            {move || match kind.get() {
                Kind::None => None,
                Kind::Lost => Some(view! { <Lost /> }.into_any()),
                Kind::Outdated => Some(view! { <Outdated /> }.into_any()),
                Kind::SignedOut => Some(back_in()),
            }}
        </div>
    }
}

#[component]
fn Lost() -> impl IntoView {
    let actions = actions();
    let texts = texts();
    let news = link_news();
    let retry_in_secs = move || match news.get() {
        LinkNews::Lost { retry_in_secs } => retry_in_secs,
        _ => None,
    };
    view! {
        <div class="link-banner" data-testid="link-banner">
            <Icon of=Drawing::Offline />
            // Those who listen hear of the loss once and not of every second.
            <span class="heard-only">{move || (texts.get().lost)(None)}</span>
            <span class="link-banner__text" aria-hidden="true">
                {move || (texts.get().lost)(retry_in_secs())}
            </span>
            <When holds=move || retry_in_secs().is_some()>
                <button
                    type="button"
                    class="link-banner__action"
                    data-testid="retry-now"
                    on:click=pressed(move || actions.reconnect_now())
                >
                    {move || texts.get().retry_now}
                </button>
            </When>
        </div>
    }
}

#[component]
fn Outdated() -> impl IntoView {
    let texts = texts();
    view! {
        <div class="link-banner" data-testid="link-banner">
            <Icon of=Drawing::Alert />
            <span class="link-banner__text">{move || texts.get().outdated}</span>
            <button type="button" class="link-banner__action" on:click=pressed(dom::reload)>
                {move || texts.get().reload}
            </button>
        </div>
    }
}
