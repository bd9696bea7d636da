//! The browser's storage, which may be full, forbidden or absent. It does not know what is kept in it.
//!
//! Nothing here fails: in a private window the page works as well and forgets when it is closed.

use web_sys::Storage;

pub mod database;

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What is kept for this window alone, until it is closed.
fn of_window() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

/// What this window keeps under a key.
pub fn recall(key: &str) -> Option<String> {
    of_window()?.get_item(key).ok().flatten()
}

/// Keeps a text under a key for this window, if the browser lets it.
pub fn remember(key: &str, text: &str) {
    if let Some(storage) = of_window() {
        // As with what outlives a window: the page goes on without it.
        drop(storage.set_item(key, text));
    }
}

/// Forgets what this window keeps under a key.
pub fn forget(key: &str) {
    if let Some(storage) = of_window() {
        drop(storage.remove_item(key));
    }
}

/// What is kept under a key.
pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a text under a key, if the browser lets it.
pub fn write(key: &str, text: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden storage: the page goes on without its memory.
        drop(storage.set_item(key, text));
    }
}

/// Forgets what is kept under a key.
pub fn erase(key: &str) {
    if let Some(storage) = storage() {
        drop(storage.remove_item(key));
    }
}

/// Everything that is kept under keys that begin with `prefix`: the rest of the key, and the text.
pub fn read_all(prefix: &str) -> Vec<(String, String)> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    (0..storage.length().unwrap_or(0))
        .filter_map(|index| storage.key(index).ok().flatten())
        .filter_map(|key| {
            let text = storage.get_item(&key).ok().flatten()?;
            Some((key.strip_prefix(prefix)?.to_owned(), text))
        })
        .collect()
}
