//! What stands around a page of groups, and who may see it. It does not know what is on it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::account::{Failure, accounts};
use crate::components::account::form::{Label, part, say};
use crate::components::account::frame::head;
use crate::components::account::listing::waiting;
use crate::route::pages;

/// A page of one column.
pub fn sheet(test_id: &'static str, body: AnyView) -> AnyView {
    view! {
        <div class="page" data-testid=test_id>
            {head()}
            <main class="page__main page__main--sheet">
                <div class="sheet">{body}</div>
            </main>
        </div>
    }
    .into_any()
}

/// The heading of a page, with what can be done beside it.
pub fn heading(title: Label, action: AnyView) -> AnyView {
    view! {
        <div class="sheet__head">
            <h1 class="card__title" id="page-title" tabindex="-1">
                {say(title)}
            </h1>
            {action}
        </div>
    }
    .into_any()
}

/// The heading of a section of a group's page.
pub fn title(label: Label) -> AnyView {
    view! {
        <h2 class="panel__title" id="group-section" tabindex="-1">
            {say(label)}
        </h2>
    }
    .into_any()
}

/// Draws what is for those who have an account. Others sign in first, and come back.
pub fn for_accounts(draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let (accounts, pages) = (accounts(), pages());
    let is_known = RwSignal::new(false);
    spawn_local(async move {
        let is_nobody = match accounts.load_me().await {
            Ok(me) => me.account.is_none(),
            // Who is not reached will not answer what is asked next either, and that is said there.
            Err(failure) => matches!(failure, Failure::Refused(_)),
        };
        if is_nobody {
            pages.sign_in_first();
        } else {
            is_known.try_set(true);
        }
    });
    part(move || if is_known.get() { draw() } else { waiting() })
}
