//! What only the browser can do: focus, measure, copy, reload. It does not know what is on the page.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, Event, EventTarget, File, FocusOptions, HtmlElement, HtmlInputElement,
    HtmlTextAreaElement, KeyboardEvent, MouseEvent, Url, Window,
};

pub mod address;
pub mod dialog;
pub mod field;
pub mod found;
pub mod listen;
pub mod place;
pub mod sight;

/// The browser's window.
pub(crate) fn window() -> Window {
    web_sys::window().expect("the page runs in a window")
}

/// Whether a media query holds, now and whenever that changes.
pub fn media_query(query: &str) -> ReadSignal<bool> {
    let list = window().match_media(query).ok().flatten();
    let (holds, set_holds) = signal(list.as_ref().is_some_and(web_sys::MediaQueryList::matches));
    if let Some(list) = list {
        let asked = list.clone();
        let changed = Closure::<dyn Fn()>::new(move || {
            set_holds.try_set(asked.matches());
        });
        list.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref())
            .expect("a media query can be listened to");
        // It lives as long as the page does: one is made for each query that the page asks.
        changed.forget();
    }
    holds
}

/// Whether the reader touches rather than points: then a keyboard covers half of the page.
pub fn is_touch_first() -> bool {
    let list = window().match_media("(pointer: coarse) and (hover: none)");
    list.ok().flatten().is_some_and(|list| list.matches())
}

/// Sets an attribute of the document's root, which the style sheets look at.
pub fn mark_document(attribute: &str, value: &str) {
    if let Some(root) = document().document_element() {
        root.set_attribute(attribute, value)
            .expect("the attribute's name is a valid one");
    }
}

/// Gives an element the focus.
pub fn focus(element: &HtmlElement) {
    // It fails for an element that cannot have it, and then nothing changes.
    drop(element.focus());
}

/// Gives the element with this id the focus, once what was drawn just now stands in the page.
pub fn focus_soon(id: &'static str) {
    request_animation_frame(move || {
        let element = document().get_element_by_id(id);
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            focus(&element);
        }
    });
}

/// Gives the element with this id the focus, if what had it is gone with the next drawing. The page stays where it is.
pub fn focus_if_lost(id: &'static str) {
    request_animation_frame(move || {
        let document = document();
        let is_lost = match (document.active_element(), document.body()) {
            (Some(active), Some(body)) => active == *body,
            _ => true,
        };
        let element = document.get_element_by_id(id).filter(|_| is_lost);
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            drop(element.focus_with_options(&options));
        }
    });
}

/// The file that the reader chose in a field for files, which is empty again afterwards.
pub fn chosen_file(event: &Event) -> Option<File> {
    let field: HtmlInputElement = target_of(event)?.dyn_into().ok()?;
    let file = field.files().and_then(|files| files.get(0));
    // Else the same file could not be chosen again.
    field.set_value("");
    file
}

/// An address under which the page shows a file, until [`forget_shown`] is called with it.
pub fn show_file(file: &File) -> Option<String> {
    Url::create_object_url_with_blob(file).ok()
}

/// Ends the showing of a file.
pub fn forget_shown(address: &str) {
    drop(Url::revoke_object_url(address));
}

/// Makes a field as high as its text; the style sheet says how high it may get.
pub fn autosize(field: &HtmlTextAreaElement) {
    let style = (**field).style();
    // Without its height first, it would never shrink.
    drop(style.set_property("block-size", "auto"));
    let height = field.scroll_height();
    drop(style.set_property("block-size", &format!("{height}px")));
}

/// Whether a key writes a character and nobody else on the page wants it.
pub fn is_free_to_type(event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
        return false;
    }
    let key = event.key();
    // Space scrolls and presses buttons.
    if key.chars().count() != 1 || key == " " {
        return false;
    }
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    target.is_none_or(|target| {
        let busy = target.closest("input, textarea, select, dialog, [contenteditable]");
        busy.ok().flatten().is_none()
    })
}

/// Where the focus goes among the messages of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To the one before.
    Back,
    /// To the one after.
    On,
    /// To the first.
    First,
    /// To the last.
    Last,
}

impl Step {
    /// The step that a key asks for (WAI-ARIA Authoring Practices, "Feed" and "Listbox").
    pub fn of_key(key: &str) -> Option<Self> {
        match key {
            "ArrowUp" => Some(Self::Back),
            "ArrowDown" => Some(Self::On),
            "Home" => Some(Self::First),
            "End" => Some(Self::Last),
            _ => None,
        }
    }
}

/// Moves the focus among the elements of `container` that match `selector`.
///
/// `from` is where the focus is; when that is none of them, a step back leads to the last.
pub fn step(container: &Element, selector: &str, from: Option<EventTarget>, step: Step) {
    let Ok(all) = container.query_selector_all(selector) else {
        return;
    };
    let at = |index: u32| {
        all.get(index)
            .and_then(|n| n.dyn_into::<HtmlElement>().ok())
    };
    let from = from
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|element| element.closest(selector).ok().flatten());
    let here = (0..all.length()).find(|index| {
        let element = at(*index).map(Element::from);
        element.is_some() && element == from
    });
    let last = all.length().saturating_sub(1);
    let to = match (step, here) {
        (Step::First, _) => 0,
        (Step::Last, _) | (Step::Back, None) => last,
        (Step::Back, Some(here)) => here.saturating_sub(1),
        (Step::On, Some(here)) => (here + 1).min(last),
        (Step::On, None) => return,
    };
    if let Some(element) = at(to) {
        focus(&element);
    }
}

/// Whether a scroller stands within so many pixels of its end, or has nothing to scroll.
pub fn is_near_end(scroller: &Element, pixels: i32) -> bool {
    scroller.scroll_height() - scroller.scroll_top() - scroller.client_height() < pixels
}

/// What is done when something is pressed: one type for every button, so that it is compiled once.
pub type Pressed = Box<dyn FnMut(MouseEvent)>;

/// Does something whenever an element is pressed: `on:click=pressed(move || …)`.
pub fn pressed(act: impl Fn() + 'static) -> Pressed {
    Box::new(move |_| act())
}

/// The element that an event came from.
pub fn target_of<E: AsRef<web_sys::Event>>(event: &E) -> Option<EventTarget> {
    event.as_ref().target()
}

/// Sets the title of the window.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Colours the browser's own bars like an element of the page, whatever theme the system has.
pub fn match_theme_color(selector: &str) {
    let element = document().query_selector(selector).ok().flatten();
    let style = element.and_then(|element| window().get_computed_style(&element).ok().flatten());
    let color = style.and_then(|style| style.get_property_value("background-color").ok());
    let metas = document().query_selector_all("meta[name=theme-color]");
    let (Some(color), Ok(metas)) = (color, metas) else {
        return;
    };
    for index in 0..metas.length() {
        if let Some(meta) = metas.get(index).and_then(|n| n.dyn_into::<Element>().ok()) {
            drop(meta.set_attribute("content", &color));
        }
    }
}

/// A text in small letters. The browser has the tables for it; Rust's own are a twentieth of the page.
pub fn lower_case(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// Loads the page again.
pub fn reload() {
    // Forbidden only in frames that the page is not shown in.
    drop(window().location().reload());
}

/// Copies a text.
pub fn copy(text: &str) {
    if window().is_secure_context() {
        // Whether it succeeds is known later, and the reader sees it when they paste.
        drop(window().navigator().clipboard().write_text(text));
        return;
    }
    // A page that is served without TLS to another machine has no clipboard but this one.
    let document = document();
    let field = document.create_element("textarea").ok();
    let field = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok());
    if let (Some(field), Some(body)) = (field, document.body()) {
        field.set_value(text);
        field.set_class_name("heard-only");
        drop(body.append_child(&field));
        field.select();
        if let Some(document) = document.dyn_ref::<web_sys::HtmlDocument>() {
            drop(document.exec_command("copy"));
        }
        field.remove();
    }
}

/// Calls for every key that is pressed anywhere on the page, as long as the component lives.
pub fn on_page_key(call: impl Fn(KeyboardEvent) + 'static) {
    let handle = window_event_listener(ev::keydown, call);
    on_cleanup(move || handle.remove());
}
