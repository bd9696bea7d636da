//! Listens to elements that someone else drew. It does not know what is done then.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, Event, EventTarget};

/// Calls for each event of a kind, as long as the component lives that asks for it.
pub fn until_gone(target: &EventTarget, kind: &'static str, call: impl Fn(Event) + 'static) {
    add(target, kind, false, Box::new(call));
}

/// The same, before whatever is inside of the element hears of the event.
pub fn before_inside(target: &EventTarget, kind: &'static str, call: impl Fn(Event) + 'static) {
    add(target, kind, true, Box::new(call));
}

fn add(target: &EventTarget, kind: &'static str, is_before: bool, call: Box<dyn Fn(Event)>) {
    let call = Closure::<dyn Fn(Event)>::new(call);
    let options = AddEventListenerOptions::new();
    options.set_capture(is_before);
    let function = call.as_ref().unchecked_ref();
    // It fails for no kind of event that there is.
    drop(
        target.add_event_listener_with_callback_and_add_event_listener_options(
            kind, function, &options,
        ),
    );
    let kept = StoredValue::new_local((target.clone(), call));
    on_cleanup(move || {
        kept.try_with_value(|(target, call)| {
            let function = call.as_ref().unchecked_ref();
            drop(target.remove_event_listener_with_callback_and_bool(kind, function, is_before));
        });
    });
}
