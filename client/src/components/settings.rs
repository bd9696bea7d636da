//! The settings as a dialog. It does not know what stands in it: that comes when it is first opened.

use leptos::prelude::*;

use super::account::form::part;
use super::dialog::{self, CloseButton, Dialog};
use super::parts::Parts;
use super::shell::{Handles, handles};
use crate::dom;
use crate::route::Route;
use crate::text::texts;

mod account;
pub mod fields;

/// Opens the settings.
pub fn open(handles: Handles) {
    handles.name_wanted.set_value(false);
    if !handles.settings_wanted.get_untracked() {
        handles.settings_wanted.set(true);
    }
    dialog::open(handles.settings);
}

/// Opens the settings at one's name.
pub fn open_name(handles: Handles) {
    open(handles);
    handles.name_wanted.set_value(true);
    if let Some(field) = handles.name.get_untracked() {
        dom::focus(&field);
        field.select();
    }
}

/// The settings.
#[component]
pub fn Settings() -> impl IntoView {
    let handles = handles();
    let texts = texts();
    let fields = expect_context::<Parts>().settings();
    let body = part(move || match handles.settings_wanted.get() {
        true => fields.show(Route::Home, |body| body),
        false => ().into_any(),
    });
    view! {
        <Dialog node_ref=handles.settings class="dialog" labelled_by="settings-title">
            <div class="dialog__head">
                <h2 id="settings-title">{move || texts.get().settings}</h2>
                <CloseButton dialog=handles.settings />
            </div>
            <div class="dialog__body dialog__body--settings">{body}</div>
        </Dialog>
    }
}
