//! Links that lead into a group: made, listed, revoked. It does not know who comes with them.

use leptos::prelude::*;
use parley_shared::api::people::{Invitation, Invitations, MakeInvitation};
use parley_shared::refusal::Refusal;

use super::frame::title;
use super::group::Desk;
use crate::clock::now_ms;
use crate::components::account::choice::{choice, shown_once};
use crate::components::account::field::{Field, Kind};
use crate::components::account::form::{Form, Label, kept, part, say, sure_button};
use crate::components::account::frame::paragraph;
use crate::components::account::listing::{Listing, entries, entry, fact};
use crate::dates;
use crate::dom::address;
use crate::route::group_invitation_link;
use crate::text::texts;

/// How long a link holds, in days.
const EXPIRIES: &[(&str, Label)] = &[
    ("1", |t| t.one_day),
    ("7", |t| t.one_week),
    ("30", |t| t.one_month),
];

/// The section of links.
pub fn links(desk: Desk) -> AnyView {
    let listing: Listing<Invitations> = Listing::new(move || desk.groups.invitations(desk.id));
    let made = RwSignal::new(None::<String>);
    let form = Form::new();
    let show = move |found: Invitations| {
        let all = found.invitations.into_iter();
        let all = all.map(|invitation| one(invitation, desk, form, listing));
        entries(all.collect(), |t| t.groups().no_links)
    };
    let once = move || {
        let made = made.get();
        made.map(|link| shown_once("group-link", |t| t.groups().link_made, link))
            .into_any()
    };
    let is_archived = kept(move || desk.is_archived());
    let maker = part(move || {
        if is_archived.get() {
            ().into_any()
        } else {
            maker(desk, listing, made)
        }
    });
    let open = view! { <h3 class="panel__subtitle">{say(|t| t.groups().open_links)}</h3> };
    let parts = vec![
        title(|t| t.groups().links),
        paragraph("panel__intro", |t| t.groups().links_intro),
        maker,
        part(once),
        open.into_any(),
        listing.view(show),
        form.news(),
    ];
    parts.into_any()
}

fn maker(desk: Desk, listing: Listing<Invitations>, made: RwSignal<Option<String>>) -> AnyView {
    let uses = RwSignal::new("10".to_owned());
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
            let invitation = desk.groups.invite(desk.id, &asked).await?;
            let link = group_invitation_link(&address::origin(), &invitation.code.0);
            made.try_set(Some(link));
            listing.reload().await;
            Ok(None)
        });
    };
    let uses = Field {
        id: "link-uses",
        label: |t| t.groups().link_uses,
        hint: None,
        kind: Kind::Number,
        autocomplete: "off",
        value: uses,
        blame: |r| matches!(r, Refusal::UsesOutOfRange { .. }),
    };
    let pair = vec![
        uses.of(form),
        choice("link-expiry", |t| t.expiry, EXPIRIES, expiry),
    ];
    let fields = vec![view! { <div class="form__pair">{pair}</div> }.into_any()];
    form.view("link-form", fields, |t| t.groups().make_link, false, send)
}

fn one(invitation: Invitation, desk: Desk, form: Form, listing: Listing<Invitations>) -> AnyView {
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
            desk.groups.revoke(desk.id, id).await?;
            listing.reload().await;
            Ok(None)
        });
    };
    let button = sure_button("revoke-link", |t| t.revoke, String::new(), revoke);
    entry(title, facts, vec![button])
}

/// The time that lies this many days ahead; `None` for a text that is no number.
fn days_ahead(days: &str) -> Option<u64> {
    let days: u64 = days.parse().ok()?;
    Some(now_ms() + days * 86_400_000)
}
