//! What the menu's contents are made of: a list of what can be done, and a panel with more to say. It does not know what is done.

use leptos::prelude::*;

use super::menu;
use crate::components::icon::{Drawing, Icon};
use crate::dom::{self, Step, pressed};
use crate::text::{Texts, texts};

/// One thing that can be done.
pub(super) struct Deed {
    pub(super) test_id: &'static str,
    pub(super) drawing: Drawing,
    pub(super) label: fn(&Texts) -> &'static str,
    pub(super) is_danger: bool,
    pub(super) act: Box<dyn Fn()>,
}

impl Deed {
    pub(super) fn new(
        test_id: &'static str,
        drawing: Drawing,
        label: fn(&Texts) -> &'static str,
        act: impl Fn() + 'static,
    ) -> Self {
        Self {
            test_id,
            drawing,
            label,
            is_danger: false,
            act: Box::new(act),
        }
    }
}

/// One thing that can be done, in the list of them.
pub(super) fn item(deed: Deed) -> AnyView {
    let texts = texts();
    let Deed {
        test_id,
        drawing,
        label,
        is_danger,
        act,
    } = deed;
    view! {
        <button
            type="button"
            role="menuitem"
            class="menu__item"
            data-testid=test_id
            data-tone=is_danger.then_some("danger")
            on:click=pressed(act)
        >
            <Icon of=drawing />
            {move || label(texts.get())}
        </button>
    }
    .into_any()
}

/// A list of what can be done, and below it what may come later. Arrows lead through it.
pub(super) fn list(deeds: Vec<Deed>, later: AnyView) -> AnyView {
    let list = NodeRef::<leptos::html::Div>::new();
    // The dialog gave the focus to itself when nothing was in it yet.
    list.on_load(|list| {
        request_animation_frame(move || {
            dom::step(&list, "[role=menuitem]", None, Step::First);
        });
    });
    view! {
        <div
            node_ref=list
            class="menu__list"
            role="menu"
            aria-labelledby="menu-title"
            data-testid="menu"
            on:keydown=move |event| {
                if let Some(step) = Step::of_key(&event.key())
                    && let Some(list) = list.get_untracked()
                {
                    event.prevent_default();
                    dom::step(&list, "[role=menuitem]", dom::target_of(&event), step);
                }
            }
        >
            {deeds.into_iter().map(item).collect_view()}
            {later}
        </div>
    }
    .into_any()
}

/// What stands in the dialog when it is more than a list: a heading, and the way out.
pub(super) fn panel(
    test_id: &'static str,
    title: fn(&Texts) -> &'static str,
    body: Vec<AnyView>,
) -> AnyView {
    let (menu, texts) = (menu(), texts());
    dom::focus_soon("menu-heading");
    view! {
        <div class="menu__panel" data-testid=test_id>
            <div class="dialog__head">
                <h2 class="dialog__title" id="menu-heading" tabindex="-1">
                    {move || title(texts.get())}
                </h2>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=move || texts.get().close
                    title=move || texts.get().close
                    on:click=pressed(move || menu.close())
                >
                    <Icon of=Drawing::Close />
                </button>
            </div>
            <div class="dialog__body">{body}</div>
        </div>
    }
    .into_any()
}
