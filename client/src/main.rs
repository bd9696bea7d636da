//! Starts the page in the document that it came with. It knows that document's ids and nothing of the chat.

use leptos::prelude::*;
use parley_client::app::App;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::HtmlElement;

/// Smaller than the standard library's.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&JsValue::from_str(&panic.to_string()));
        show_failure();
    }));
    let root = element("app").expect("index.html has a place for the page");
    mount_to(root, App).forget();
    if let Some(skeleton) = element("skeleton") {
        skeleton.remove();
    }
}

/// Covers the page, which is not to be trusted any more, with the offer to load it again.
fn show_failure() {
    if let Some(failure) = element("failure") {
        failure.set_hidden(false);
    }
}

fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
