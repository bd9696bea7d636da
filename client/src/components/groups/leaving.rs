//! Leaving a group: what it means, and why an owner cannot. It does not know who is left.

use leptos::prelude::*;
use parley_shared::model::Role;

use super::confirm::Confirm;
use super::group::Desk;
use crate::components::account::form::{Form, button, kept, part, say};
use crate::dom;
use crate::route::{Route, pages};
use crate::text::texts;

/// The button that leaves. `to_members` leads to where an owner hands the group on.
pub fn leaving(desk: Desk, to_members: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
    let must_stay = kept(move || desk.is(Role::Owner) && desk.members() > 1);
    part(move || {
        if must_stay.get() {
            staying(to_members)
        } else {
            going(desk)
        }
    })
}

fn going(desk: Desk) -> AnyView {
    let (pages, texts) = (pages(), texts());
    let form = Form::new();
    let leave = move || {
        let Some(me) = desk.me else {
            return;
        };
        form.run(async move {
            desk.groups.remove(desk.id, me).await?;
            pages.go_instead(Route::Home);
            Ok(None)
        });
    };
    let warning = move || {
        let texts = texts.get().account.groups();
        let warning = if desk.members() > 1 {
            texts.leave_warning
        } else {
            texts.leave_alone_warning
        };
        warning.to_owned()
    };
    let confirm = Confirm {
        test_id: "leave-group",
        label: |t| t.groups().leave,
        class: "button button--danger",
        warning: Box::new(warning),
    };
    view! { {confirm.view(leave)} <div class="wide">{form.news()}</div> }.into_any()
}

/// An owner is told first what to do.
fn staying(to_members: impl Fn() + Copy + Send + 'static) -> AnyView {
    let is_told = RwSignal::new(false);
    let told = move || {
        if !is_told.get() {
            return ().into_any();
        }
        view! {
            <p class="confirm confirm__words" role="status" data-testid="owner-stays">
                {say(|t| t.groups().owner_stays)}
            </p>
        }
        .into_any()
    };
    let press = move || {
        is_told.set(true);
        to_members();
        dom::focus_soon("group-section");
    };
    vec![
        button(
            "button button--danger",
            "leave-group",
            |t| t.groups().leave,
            press,
        ),
        part(told),
    ]
    .into_any()
}
