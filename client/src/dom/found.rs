//! What an event is about: the element around it that says so, and where it was. It does not know what is done about it.

use wasm_bindgen::JsCast as _;
use web_sys::{
    Element, Event, HtmlDialogElement, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent,
    ScrollIntoViewOptions, ScrollLogicalPosition,
};

use super::{target_of, window};
use leptos::prelude::document;

/// The element that an event is about: the nearest around where it happened that matches a selector.
pub fn around(event: &impl AsRef<Event>, selector: &str) -> Option<Element> {
    let target: Element = target_of(event)?.dyn_into().ok()?;
    target.closest(selector).ok().flatten()
}

/// The id that an element carries for the page, if it is one.
pub fn id_of<T: std::str::FromStr>(element: &Element) -> Option<T> {
    element.get_attribute("data-id")?.parse().ok()
}

/// Whether a context menu was asked for by a finger that rests, or by a key.
pub fn is_held_or_keyed(event: &MouseEvent) -> bool {
    let pointer = event.dyn_ref::<PointerEvent>();
    match pointer.map(PointerEvent::pointer_type).as_deref() {
        Some(pointer) => pointer != "mouse",
        // Some browsers do not say what pointed; a mouse has a second button for it.
        None => event.button() != 2,
    }
}

/// Whether an element has what is pressed, and nothing within it.
pub fn is_on(event: &KeyboardEvent, element: &Element) -> bool {
    target_of(event).is_some_and(|target| &target == AsRef::<web_sys::EventTarget>::as_ref(element))
}

/// Has a dialog open beside an element: below it, or above it where there is more room. The style sheet reads
/// where that is.
pub fn place_beside(dialog: &HtmlDialogElement, element: &Element) {
    let at = element.get_bounding_client_rect();
    let height = window()
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64())
        .unwrap_or_default();
    let style = dialog.style();
    let is_below = at.bottom() < height / 2.0;
    let (side, other, room) = match is_below {
        true => ("--menu-top", "--menu-bottom", at.bottom()),
        false => ("--menu-bottom", "--menu-top", height - at.top()),
    };
    // Whole ones: to write fractions of numbers takes some kilobytes of the program, and nothing else does it.
    let pixels = |length: f64| format!("{}px", length as i32);
    // A style that is not taken leaves the dialog in the middle.
    drop(style.set_property(side, &pixels(room.max(0.0) + 4.0)));
    drop(style.set_property(other, "auto"));
    drop(style.set_property("--menu-left", &pixels(at.left())));
}

/// Brings the message of an id into view, and gives it the focus.
pub fn show_in_log(id: &str) {
    let selector = format!("[data-testid=log] [data-id=\"{id}\"]");
    let found = document().query_selector(&selector).ok().flatten();
    if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Center);
        element.scroll_into_view_with_scroll_into_view_options(&options);
        super::focus(&element);
    }
}
