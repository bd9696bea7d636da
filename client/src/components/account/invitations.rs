//! Invitations: made, listed, revoked. It does not know who comes with them.

use leptos::prelude::*;
use parley_shared::api::people::{Invitation, Invitations, MakeInvitation};
use parley_shared::refusal::Refusal;

use super::choice::{choice, shown_once};
use super::field::{Field, Kind};
use super::form::{Form, Label, part, sure_button};
use super::frame::paragraph;
use super::listing::{Listing, entries, entry, fact, panel};
use super::tokens::days_ahead;
use crate::account::accounts;
use crate::dates;
use crate::dom::address;
use crate::route::invitation_link;
use crate::text::texts;

/// How long an invitation holds, in days.
const EXPIRIES: &[(&str, Label)] = &[
    ("1", |t| t.one_day),
    ("7", |t| t.one_week),
    ("30", |t| t.one_month),
];

/// The section of invitations.
pub fn invitations() -> AnyView {
    let accounts = accounts();
    let listing: Listing<Invitations> = Listing::new(move || accounts.invitations());
    let made = RwSignal::new(None::<String>);
    let form = Form::new();
    let show = move |found: Invitations| {
        let all = found.invitations.into_iter();
        let all = all.map(|invitation| one(invitation, form, listing));
        entries(all.collect(), |t| t.own().no_invitations)
    };
    let once = move || {
        let made = made.get();
        made.map(|link| shown_once("invitation-link", |t| t.own().invitation_made, link))
            .into_any()
    };
    let parts = vec![
        paragraph("panel__intro", |t| t.own().invitations_intro),
        maker(listing, made),
        part(once),
        panel(|t| t.invitations, vec![listing.view(show), form.news()]),
    ];
    parts.into_any()
}

fn maker(listing: Listing<Invitations>, made: RwSignal<Option<String>>) -> AnyView {
    let accounts = accounts();
    let uses = RwSignal::new("1".to_owned());
    let expiry = RwSignal::new("7".to_owned());
    let form = Form::new();
    let send = move || {
        let asked = MakeInvitation {
            // What is no number is none that the server takes, and it says which are.
            uses: uses.with_untracked(|uses| uses.trim().parse().unwrap_or(0)),
            expires_ms: expiry
                .with_untracked(|days| days_ahead(days))
                .unwrap_or_default(),
        };
        form.run(async move {
            let invitation = accounts.make_invitation(&asked).await?;
            made.try_set(Some(invitation_link(
                &address::origin(),
                &invitation.code.0,
            )));
            listing.reload().await;
            Ok(None)
        });
    };
    let uses = Field {
        id: "invitation-uses",
        label: |t| t.uses,
        hint: None,
        kind: Kind::Number,
        autocomplete: "off",
        value: uses,
        blame: |r| matches!(r, Refusal::UsesOutOfRange { .. }),
    };
    let pair = vec![
        uses.of(form),
        choice("invitation-expiry", |t| t.expiry, EXPIRIES, expiry),
    ];
    let fields = vec![view! { <div class="form__pair">{pair}</div> }.into_any()];
    form.view(
        "invitation-form",
        fields,
        |t| t.own().make_invitation,
        false,
        send,
    )
}

fn one(invitation: Invitation, form: Form, listing: Listing<Invitations>) -> AnyView {
    let accounts = accounts();
    let texts = texts();
    let Invitation {
        id,
        created_ms,
        expires_ms,
        uses_left,
        ..
    } = invitation;
    let title = fact(move || (texts.get().account.uses_left)(uses_left));
    let facts = vec![
        fact(move || {
            let texts = texts.get();
            (texts.account.until)(&dates::short(expires_ms, texts))
        }),
        fact(move || {
            let texts = texts.get();
            (texts.account.since)(&dates::short(created_ms, texts))
        }),
    ];
    let revoke = move || {
        form.run(async move {
            accounts.revoke_invitation(id).await?;
            listing.reload().await;
            Ok(None)
        });
    };
    let button = sure_button("revoke-invitation", |t| t.revoke, String::new(), revoke);
    entry(title, facts, vec![button])
}
