//! Tokens of programs: made, listed, revoked. It does not know what programs do with them.

use leptos::prelude::*;
use parley_shared::api::program::{MakeToken, Token, Tokens};
use parley_shared::content::check_name;
use parley_shared::model::Scope;
use parley_shared::refusal::Refusal;

use super::choice::{choice, shown_once};
use super::field::{Field, Kind};
use super::form::{Form, Label, part, sure_button};
use super::frame::paragraph;
use super::listing::{Listing, entries, entry, fact, panel};
use crate::account::{Failure, accounts};
use crate::clock::now_ms;
use crate::dates;
use crate::text::texts;

const SCOPES: &[(&str, Label)] = &[
    ("read", |t| t.own().scope_read),
    ("write", |t| t.own().scope_write),
    ("manage", |t| t.own().scope_manage),
];

/// How long a token holds, in days.
const EXPIRIES: &[(&str, Label)] = &[
    ("30", |t| t.one_month),
    ("90", |t| t.own().one_quarter),
    ("365", |t| t.own().one_year),
    ("", |t| t.own().never),
];

const fn scope_label(scope: Scope) -> Label {
    match scope {
        Scope::Read => |t| t.own().scope_read,
        Scope::Write => |t| t.own().scope_write,
        Scope::Manage => |t| t.own().scope_manage,
    }
}

/// The time that lies this many days ahead; `None` for a text that is no number.
pub(super) fn days_ahead(days: &str) -> Option<u64> {
    let days: u64 = days.parse().ok()?;
    Some(now_ms() + days * 86_400_000)
}

/// The section of tokens.
pub fn tokens() -> AnyView {
    let accounts = accounts();
    let listing: Listing<Tokens> = Listing::new(move || accounts.tokens());
    let made = RwSignal::new(None::<String>);
    let form = Form::new();
    let show = move |found: Tokens| {
        let all = found.tokens.into_iter();
        entries(all.map(|token| one(token, form, listing)).collect(), |t| {
            t.own().no_tokens
        })
    };
    let once = move || {
        let made = made.get();
        made.map(|secret| shown_once("token-secret", |t| t.own().token_made, secret))
            .into_any()
    };
    let parts = vec![
        paragraph("panel__intro", |t| t.own().tokens_intro),
        maker(listing, made),
        part(once),
        panel(|t| t.own().programs, vec![listing.view(show), form.news()]),
    ];
    parts.into_any()
}

fn maker(listing: Listing<Tokens>, made: RwSignal<Option<String>>) -> AnyView {
    let accounts = accounts();
    let name = RwSignal::new(String::new());
    let scope = RwSignal::new("write".to_owned());
    let expiry = RwSignal::new("90".to_owned());
    let form = Form::new();
    let send = move || {
        let asked = MakeToken {
            name: name.get_untracked().trim().to_owned(),
            scope: scope.with_untracked(|scope| match scope.as_str() {
                "read" => Scope::Read,
                "manage" => Scope::Manage,
                _ => Scope::Write,
            }),
            expires_ms: expiry.with_untracked(|days| days_ahead(days)),
        };
        if let Err(refusal) = check_name(&asked.name) {
            form.fail(Failure::Refused(refusal));
            return;
        }
        form.run(async move {
            let token = accounts.make_token(&asked).await?;
            made.try_set(Some(token.secret.0));
            name.try_set(String::new());
            listing.reload().await;
            Ok(None)
        });
    };
    let name = Field {
        id: "token-name",
        label: |t| t.own().token_name,
        hint: None,
        kind: Kind::Words,
        autocomplete: "off",
        value: name,
        blame: |r| {
            matches!(
                r,
                Refusal::NameBlank | Refusal::NameTooLong { .. } | Refusal::NameHasControl { .. }
            )
        },
    };
    let pair = vec![
        choice("token-scope", |t| t.own().token_scope, SCOPES, scope),
        choice("token-expiry", |t| t.expiry, EXPIRIES, expiry),
    ];
    let fields = vec![
        name.of(form),
        view! { <div class="form__pair">{pair}</div> }.into_any(),
    ];
    form.view("token-form", fields, |t| t.own().make_token, false, send)
}

fn one(token: Token, form: Form, listing: Listing<Tokens>) -> AnyView {
    let accounts = accounts();
    let texts = texts();
    let Token {
        id,
        name,
        scope,
        last_used_ms,
        expires_ms,
        ..
    } = token;
    let mut facts = vec![fact(move || {
        scope_label(scope)(&texts.get().account).to_owned()
    })];
    if let Some(at_ms) = last_used_ms {
        facts.push(fact(move || {
            let texts = texts.get();
            (texts.account.own().last_used)(&dates::short(at_ms, texts))
        }));
    }
    facts.push(fact(move || {
        let texts = texts.get();
        match expires_ms {
            Some(at_ms) => (texts.account.until)(&dates::short(at_ms, texts)),
            None => texts.account.own().never.to_owned(),
        }
    }));
    let revoke = move || {
        form.run(async move {
            accounts.revoke_token(id).await?;
            listing.reload().await;
            Ok(None)
        });
    };
    let button = sure_button("revoke-token", |t| t.revoke, name.clone(), revoke);
    entry(name.into_any(), facts, vec![button])
}
