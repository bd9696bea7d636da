//! What is kept of oneself: taking it along, and deleting the account. It does not know what is kept.

use leptos::prelude::*;
use parley_shared::api::account::Confirm;
use parley_shared::api::{ROOT, Secret};

use super::field::Field;
use super::form::{Form, say};
use super::frame::paragraph;
use super::listing::panel;
use crate::account::accounts;
use crate::route::{Route, pages};

/// The section of one's data.
pub fn data() -> AnyView {
    let export = view! {
        <p>
            <a
                class="button"
                href=format!("{ROOT}/me/export")
                download="parley-export.json"
                data-testid="export"
            >
                {say(|t| t.own().export_action)}
            </a>
        </p>
    };
    let parts = vec![
        panel(
            |t| t.own().export,
            vec![
                paragraph("panel__intro", |t| t.own().export_intro),
                export.into_any(),
            ],
        ),
        panel(
            |t| t.own().delete,
            vec![
                paragraph("panel__intro", |t| t.own().delete_intro),
                deletion(),
            ],
        ),
    ];
    parts.into_any()
}

fn deletion() -> AnyView {
    let (accounts, pages) = (accounts(), pages());
    let password = RwSignal::new(String::new());
    let form = Form::new();
    let send = move || {
        let password = Secret(password.get_untracked());
        form.run(async move {
            accounts.delete_account(Confirm { password }).await?;
            pages.go_instead(Route::Home);
            Ok(None)
        });
    };
    let field = Field::password("delete-password", password, |t| t.own().confirm_password);
    form.view(
        "delete-form",
        vec![field.of(form)],
        |t| t.own().delete,
        true,
        send,
    )
}
