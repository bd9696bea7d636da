//! Where one is signed in. It does not know how one signs in.

use leptos::prelude::*;
use parley_shared::api::account::{Session, Sessions};

use super::form::{Form, done, say, sure_button};
use super::frame::paragraph;
use super::listing::{Listing, entries, entry, fact, mark};
use crate::account::accounts;
use crate::dates;
use crate::text::texts;

/// The section of devices.
pub fn devices() -> AnyView {
    let accounts = accounts();
    let listing: Listing<Sessions> = Listing::new(move || accounts.sessions());
    let form = Form::new();
    let end_others = move || {
        form.run(async move {
            accounts.end_other_sessions().await?;
            listing.reload().await;
            done(|t| t.own().ended_others)
        });
    };
    let show = move |found: Sessions| {
        let is_alone = found.sessions.len() < 2;
        let all = found.sessions.into_iter();
        let all = all.map(|session| device(session, form, listing)).collect();
        let others = (!is_alone).then(|| {
            let button = sure_button(
                "end-others",
                |t| t.own().end_others,
                String::new(),
                end_others,
            );
            view! { <div class="form__actions">{button}</div> }.into_any()
        });
        view! { {entries(all, |_| "")} {others} }.into_any()
    };
    let parts = vec![
        paragraph("panel__intro", |t| t.own().devices_intro),
        listing.view(show),
        form.news(),
    ];
    parts.into_any()
}

fn device(session: Session, form: Form, listing: Listing<Sessions>) -> AnyView {
    let accounts = accounts();
    let texts = texts();
    let Session {
        id,
        device,
        created_ms,
        last_used_ms,
        current,
    } = session;
    let title = view! {
        <span data-testid="device">{device.clone()}</span>
        {current.then(|| mark(say(|t| t.own().this_device)))}
    }
    .into_any();
    let facts = vec![
        fact(move || {
            let texts = texts.get();
            (texts.account.own().last_used)(&dates::short(last_used_ms, texts))
        }),
        fact(move || {
            let texts = texts.get();
            (texts.account.since)(&dates::short(created_ms, texts))
        }),
    ];
    let end = move || {
        form.run(async move {
            accounts.end_session(id).await?;
            listing.reload().await;
            Ok(None)
        });
    };
    // Here one signs out by signing out, which forgets what the browser keeps.
    let actions = if current {
        Vec::new()
    } else {
        vec![sure_button("end-session", |t| t.sign_out, device, end)]
    };
    entry(title, facts, actions)
}
