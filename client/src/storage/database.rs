//! The browser's database, and what the page's tabs share: news and a turn. It does not know what the texts say.
//!
//! It is called through `database.js`, which stands beside this file. Nothing here fails: where nothing can be kept, nothing is.

use js_sys::{Array, Promise};
use parley_shared::limits::{KEPT_WITHIN_MS, TURN_PATIENCE_MS};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Where messages are kept that the server does not have.
pub const OUTBOX: &str = "outbox";
/// Where is kept what the server has as well.
pub const CACHE: &str = "cache";

/// Calls of the browser: with the text that another tab told, or whether the turn has come.
pub type Heard = Closure<dyn FnMut(JsValue)>;

#[wasm_bindgen(module = "/src/storage/database.js")]
extern "C" {
    #[wasm_bindgen(js_name = load)]
    fn load_in(within_ms: u32) -> Promise;
    #[wasm_bindgen(js_name = keep)]
    fn keep_in(store: &str, key: &str, text: Option<&str>, within_ms: u32) -> Promise;
    #[wasm_bindgen(js_name = wipe)]
    fn wipe_now() -> Promise;
    #[wasm_bindgen(js_name = takeTurn)]
    fn take_turn_in(told: &Heard, patience_ms: u32) -> Promise;

    /// Tells the other tabs.
    pub fn tell(text: &str);
    /// Hears what the other tabs tell, in the place of whoever heard it until now. It must live for as long as the page.
    pub fn listen(hear: &Heard);
    /// Lets other tabs have the turn.
    #[wasm_bindgen(js_name = leaveTurn)]
    pub fn leave_turn();
}

/// Everything that is kept.
#[derive(Debug, Default)]
pub struct Found {
    /// What waits to be sent, with its keys.
    pub outbox: Vec<(String, String)>,
    /// What is cached, with its keys.
    pub cache: Vec<(String, String)>,
}

/// Reads everything that is kept; `None` where nothing can be.
pub async fn load() -> Option<Found> {
    let lists: Array = JsFuture::from(load_in(KEPT_WITHIN_MS))
        .await
        .ok()?
        .dyn_into()
        .ok()?;
    let [outbox_keys, outbox, cache_keys, cache] =
        [0, 1, 2, 3].map(|at| Array::from(&lists.get(at)));
    Some(Found {
        outbox: texts(&outbox_keys, &outbox),
        cache: texts(&cache_keys, &cache),
    })
}

/// Of what is no text, the text is an empty one, which nobody can read.
fn texts(keys: &Array, values: &Array) -> Vec<(String, String)> {
    let text = |at| {
        Some((
            keys.get(at).as_string()?,
            values.get(at).as_string().unwrap_or_default(),
        ))
    };
    (0..keys.length()).filter_map(text).collect()
}

/// Keeps a text under a key, or nothing any more. Whether that is on disk then.
pub async fn keep(store: &str, key: &str, text: Option<&str>) -> bool {
    let kept = JsFuture::from(keep_in(store, key, text, KEPT_WITHIN_MS)).await;
    kept.is_ok_and(|kept| kept.is_truthy())
}

/// Drops everything that is cached.
pub async fn wipe() {
    drop(JsFuture::from(wipe_now()).await);
}

/// Asks for the turn, which one tab has at a time. `told` hears whether it has come or was taken away; it must
/// live for as long as the page.
pub fn take_turn(told: &Heard) {
    // What becomes of it, `told` hears.
    drop(take_turn_in(told, TURN_PATIENCE_MS));
}
