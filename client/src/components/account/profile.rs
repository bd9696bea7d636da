//! What one says of oneself. It does not know who reads it.

use leptos::prelude::*;
use parley_shared::api::account::ChangeProfile;
use parley_shared::content::{check_about, check_email, check_name, check_status};
use parley_shared::refusal::Refusal;

use super::choice::toggle;
use super::field::{Field, Kind};
use super::form::{Form, done};
use super::picture::picture;
use crate::account::{Failure, accounts};

/// The section of the profile.
pub fn profile() -> AnyView {
    let accounts = accounts();
    let me = untrack(|| accounts.me());
    let account = me.as_ref().and_then(|me| me.account.clone());
    let of_account = |read: fn(&parley_shared::api::account::Account) -> String| {
        RwSignal::new(account.as_ref().map(read).unwrap_or_default())
    };
    let name = RwSignal::new(me.and_then(|me| me.person.name).unwrap_or_default());
    let status = of_account(|account| account.status.clone());
    let about = of_account(|account| account.about.clone());
    let email = of_account(|account| account.email.clone().unwrap_or_default());
    let tells_read = RwSignal::new(account.as_ref().is_none_or(|account| account.tells_read));
    let form = Form::new();
    let send = move || {
        let trimmed = |field: RwSignal<String>| Some(field.get_untracked().trim().to_owned());
        let asked = ChangeProfile {
            name: trimmed(name),
            status: trimmed(status),
            about: trimmed(about),
            email: trimmed(email),
            tells_read: Some(tells_read.get_untracked()),
        };
        if let Err(refusal) = check(&asked) {
            form.fail(Failure::Refused(refusal));
            return;
        }
        form.run(async move {
            accounts.change_profile(asked).await?;
            done(|t| t.saved)
        });
    };
    let status = Field {
        id: "status",
        label: |t| t.status,
        hint: Some(|t| t.own().status_hint),
        kind: Kind::Words,
        autocomplete: "off",
        value: status,
        blame: |r| matches!(r, Refusal::StatusTooLong { .. }),
    };
    let about = Field {
        id: "about",
        label: |t| t.about,
        hint: Some(|t| t.about_hint),
        kind: Kind::Lines,
        autocomplete: "off",
        value: about,
        blame: |r| {
            matches!(
                r,
                Refusal::AboutTooLong { .. } | Refusal::ProfileHasControl { .. }
            )
        },
    };
    let fields = vec![
        Field::name(name, |t| t.own().profile_name, |_| "").of(form),
        status.of(form),
        about.of(form),
        Field::email(email).of(form),
        toggle(
            "tells-read",
            |t| t.own().tells_read,
            |t| t.own().tells_read_hint,
            tells_read,
        ),
    ];
    let form = form.view("profile-form", fields, |t| t.save, false, send);
    vec![picture(), form].into_any()
}

fn check(asked: &ChangeProfile) -> Result<(), Refusal> {
    check_name(asked.name.as_deref().unwrap_or_default())?;
    check_status(asked.status.as_deref().unwrap_or_default())?;
    check_about(asked.about.as_deref().unwrap_or_default())?;
    match asked.email.as_deref() {
        None | Some("") => Ok(()),
        Some(email) => check_email(email),
    }
}
