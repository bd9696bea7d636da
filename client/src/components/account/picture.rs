//! A picture, one's own or a group's: chosen, looked at, taken or taken away. It does not know how it is kept.

use leptos::ev;
use leptos::prelude::*;
use parley_shared::limits::PICTURE_BYTES_MAX;
use parley_shared::model::Person;
use parley_shared::refusal::Refusal;
use web_sys::File;

use super::form::{Form, button, done, kept, part, say, sure_button};
use super::frame::paragraph;
use crate::account::{Asked, Failure, accounts};
use crate::components::person::Portrait;
use crate::dom;

/// The types of files that can be a picture.
const TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// Whose picture it is, and how it is changed.
pub struct Pictured {
    /// Draws them as they are.
    pub face: Box<dyn Fn() -> AnyView>,
    /// Whether there is a picture.
    pub has_picture: Memo<bool>,
    /// Gives them another one.
    pub set: Box<dyn Fn(File) -> Asked<()>>,
    /// Takes it away.
    pub remove: Box<dyn Fn() -> Asked<()>>,
    /// Where the focus goes when the button that was pressed is gone.
    pub focus: &'static str,
}

impl std::fmt::Debug for Pictured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pictured")
    }
}

/// A file that was chosen and not taken yet.
#[derive(Clone, Copy)]
struct Chosen {
    of: StoredValue<Pictured, LocalStorage>,
    has_picture: Memo<bool>,
    focus: &'static str,
    file: StoredValue<Option<File>, LocalStorage>,
    /// Where the page shows it.
    address: RwSignal<Option<String>>,
}

impl Chosen {
    fn new(of: Pictured) -> Self {
        let chosen = Self {
            has_picture: of.has_picture,
            focus: of.focus,
            of: StoredValue::new_local(of),
            file: StoredValue::new_local(None),
            address: RwSignal::new(None),
        };
        on_cleanup(move || chosen.put(None));
        chosen
    }

    fn put(self, file: Option<File>) {
        if let Some(Some(shown)) = self.address.try_get_untracked() {
            dom::forget_shown(&shown);
        }
        let address = file.as_ref().and_then(dom::show_file);
        self.file.try_update_value(|chosen| *chosen = file);
        self.address.try_set(address);
    }
}

/// The part of the profile with one's picture.
pub fn picture() -> AnyView {
    let accounts = accounts();
    let me = kept(move || accounts.me().map(|me| me.person));
    let face = move || {
        me.get()
            .map(|me: Person| view! { <Portrait of=me /> })
            .into_any()
    };
    picture_of(Pictured {
        face: Box::new(face),
        has_picture: kept(move || me.get().is_some_and(|me| me.picture.is_some())),
        set: Box::new(move |file| Box::pin(accounts.set_picture(file))),
        remove: Box::new(move || Box::pin(accounts.remove_picture())),
        focus: "section-title",
    })
}

/// A picture with what changes it.
pub fn picture_of(of: Pictured) -> AnyView {
    let chosen = Chosen::new(of);
    let form = Form::new();
    let parts = vec![
        view! {
            <div class="picture">
                {shown(chosen)}
                <div class="picture__side">
                    {part(move || {
                        if chosen.address.with(Option::is_some) {
                            taking(chosen, form)
                        } else {
                            choosing(chosen, form)
                        }
                    })}
                    {paragraph("field__hint", |t| t.own().picture_hint)}
                </div>
            </div>
        }
        .into_any(),
        form.news(),
    ];
    parts.into_any()
}

/// What was chosen, else the picture that there is.
fn shown(chosen: Chosen) -> AnyView {
    part(move || {
        if let Some(address) = chosen.address.get() {
            return view! {
                <img class="picture__chosen" src=address alt="" data-testid="picture-chosen" />
            }
            .into_any();
        }
        chosen.of.with_value(|of| (of.face)())
    })
}

fn choosing(chosen: Chosen, form: Form) -> AnyView {
    let has_picture = chosen.has_picture;
    let choose = move |event: ev::Event| {
        let Some(file) = dom::chosen_file(&event) else {
            return;
        };
        match check(&file) {
            Ok(()) => {
                form.touched();
                chosen.put(Some(file));
                dom::focus_soon("picture-use");
            }
            Err(refusal) => form.fail(Failure::Refused(refusal)),
        }
    };
    let remove = move || {
        let removed = chosen.of.with_value(|of| (of.remove)());
        form.run(async move {
            removed.await?;
            dom::focus_if_lost(chosen.focus);
            done(|t| t.own().picture_removed)
        });
    };
    let words = say(|t| t.own().choose_picture);
    let other_words = say(|t| t.own().other_picture);
    view! {
        <div class="form__actions">
            <label class="button picture__choose">
                <input
                    type="file"
                    class="heard-only"
                    data-testid="picture-file"
                    accept=TYPES.join(",")
                    on:change=choose
                />
                {move || if has_picture.get() { other_words() } else { words() }}
            </label>
            {part(move || {
                if has_picture.get() {
                    sure_button("remove-picture", |t| t.remove_picture, String::new(), remove)
                } else {
                    ().into_any()
                }
            })}
        </div>
    }
    .into_any()
}

fn taking(chosen: Chosen, form: Form) -> AnyView {
    let take = move || {
        let Some(Some(file)) = chosen.file.try_get_value() else {
            return;
        };
        let set = chosen.of.with_value(|of| (of.set)(file));
        form.run(async move {
            set.await?;
            chosen.put(None);
            dom::focus_if_lost(chosen.focus);
            done(|t| t.own().picture_set)
        });
    };
    let words = say(|t| t.own().use_picture);
    view! {
        <div class="form__actions">
            <button
                type="button"
                id="picture-use"
                class="button button--primary button--busy"
                data-testid="picture-use"
                aria-disabled=move || form.is_busy().to_string()
                on:click=move |_| take()
            >
                <span class="button__words">{words}</span>
                <span class="spinner" aria-hidden="true"></span>
            </button>
            {button("button", "picture-cancel", |t| t.cancel, move || chosen.put(None))}
        </div>
    }
    .into_any()
}

/// What can be seen of a file before it is sent.
fn check(file: &File) -> Result<(), Refusal> {
    let kind = file.type_();
    if !TYPES.contains(&kind.as_str()) {
        return Err(Refusal::PictureUnreadable);
    }
    // A size is a whole number, however the browser counts.
    if file.size() > PICTURE_BYTES_MAX as f64 {
        return Err(Refusal::BodyTooLarge {
            limit_bytes: PICTURE_BYTES_MAX as u64,
        });
    }
    Ok(())
}
