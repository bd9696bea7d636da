//! The second factor: set up, shown to work, turned off. It does not know how codes are made.

use leptos::prelude::*;
use parley_shared::api::Secret;
use parley_shared::api::account::{Confirm, EnableSecondFactor, SecondFactorBegun};
use parley_shared::refusal::Refusal;

use super::choice::shown_once;
use super::field::{Field, Kind};
use super::form::{Form, button, done, kept, part, say};
use super::frame::paragraph;
use super::qr::qr;
use crate::account::accounts;
use crate::text::texts;

/// How far it is set up on this page.
#[derive(Clone)]
enum Stage {
    /// As the account says.
    Settled,
    /// The secret is shown.
    Begun(SecondFactorBegun),
    /// It is on, and the recovery codes are shown.
    Codes(Vec<Secret>),
}

/// The second factor.
pub fn second_factor() -> AnyView {
    let accounts = accounts();
    let stage = RwSignal::new(Stage::Settled);
    let is_on = kept(move || {
        let account = accounts.me().and_then(|me| me.account);
        account.is_some_and(|account| account.second_factor)
    });
    part(move || match stage.get() {
        Stage::Settled if is_on.get() => on(),
        Stage::Settled => off(stage),
        Stage::Begun(begun) => begun_view(begun, stage),
        Stage::Codes(codes) => codes_view(&codes, stage),
    })
}

fn off(stage: RwSignal<Stage>) -> AnyView {
    let accounts = accounts();
    let password = RwSignal::new(String::new());
    let form = Form::new();
    let send = move || {
        let password = Secret(password.get_untracked());
        form.run(async move {
            let begun = accounts.begin_second_factor(&Confirm { password }).await?;
            stage.try_set(Stage::Begun(begun));
            crate::dom::focus_soon("factor-code");
            Ok(None)
        });
    };
    let field = Field::password("factor-password", password, |t| t.own().confirm_password);
    let parts = vec![
        paragraph("panel__intro", |t| t.own().factor_off),
        form.view(
            "factor-form",
            vec![field.of(form)],
            |t| t.own().factor_begin,
            false,
            send,
        ),
    ];
    parts.into_any()
}

fn begun_view(begun: SecondFactorBegun, stage: RwSignal<Stage>) -> AnyView {
    let accounts = accounts();
    let code = RwSignal::new(String::new());
    let form = Form::new();
    let send = move || {
        let code = Secret(code.get_untracked().trim().to_owned());
        form.run(async move {
            let codes = accounts
                .enable_second_factor(&EnableSecondFactor { code })
                .await?;
            stage.try_set(Stage::Codes(codes.recovery_codes));
            drop(accounts.load_me().await);
            Ok(None)
        });
    };
    let field = Field {
        id: "factor-code",
        label: |t| t.code,
        hint: Some(|t| t.own().code_hint),
        kind: Kind::Digits,
        autocomplete: "one-time-code",
        value: code,
        blame: |r| matches!(r, Refusal::SecondFactorWrong),
    };
    let parts = vec![
        qr(&begun.uri.0),
        shown_once(
            "factor-secret",
            |t| t.own().factor_scan,
            in_groups(&begun.secret.0),
        ),
        form.view(
            "factor-code-form",
            vec![field.of(form)],
            |t| t.own().factor_enable,
            false,
            send,
        ),
    ];
    parts.into_any()
}

fn codes_view(codes: &[Secret], stage: RwSignal<Stage>) -> AnyView {
    let codes: Vec<&str> = codes.iter().map(|code| code.0.as_str()).collect();
    let text = codes.join("\n");
    // Codes are letters, digits and hyphens: only the ends of lines need another form in an address.
    let file = format!("data:text/plain,{}", codes.join("%0A"));
    view! {
        {shown_once("recovery-codes", |t| t.own().factor_codes, text)}
        <div class="form__actions">
            <a class="button" href=file download="parley-recovery-codes.txt">
                {say(|t| t.own().factor_download)}
            </a>
            {button("button button--primary", "codes-kept", |t| t.own().factor_kept, move || stage.set(Stage::Settled))}
        </div>
    }
    .into_any()
}

fn on() -> AnyView {
    let accounts = accounts();
    let texts = texts();
    let password = RwSignal::new(String::new());
    let form = Form::new();
    let send = move || {
        let password = Secret(password.get_untracked());
        form.run(async move {
            accounts
                .disable_second_factor(&Confirm { password })
                .await?;
            drop(accounts.load_me().await);
            done(|t| t.own().factor_disabled)
        });
    };
    let left = move || {
        let account = accounts.me().and_then(|me| me.account);
        let left = account.map_or(0, |account| account.recovery_codes_left);
        (texts.get().account.own().codes_left)(left)
    };
    let field = Field::password("factor-password", password, |t| t.own().confirm_password);
    view! {
        <p class="panel__intro" data-testid="factor-on">
            {say(|t| t.own().factor_on)} " " {left}
        </p>
        {form.view("factor-form", vec![field.of(form)], |t| t.own().factor_disable, true, send)}
    }
    .into_any()
}

/// A long text in groups of four, as people type it.
fn in_groups(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::in_groups;

    #[test]
    fn a_secret_is_shown_in_groups_of_four() {
        assert_eq!(in_groups("ABCDEFGHIJ"), "ABCD EFGH IJ");
        assert_eq!(in_groups(""), "");
    }
}
