//! What else there is in the browser: its database and its locks, for which a test waits, and another tab, which it plays.

use parley_client::storage::database;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(inline_js = r#"
const NAME = "parley";

export function lock() {
  return navigator.locks ? navigator.locks.request("test", () => {}) : Promise.resolve();
}

export function hideLocks() {
  Object.defineProperty(navigator, "locks", { value: undefined, configurable: true });
}

export function showLocks() {
  delete navigator.locks;
}

export function renewDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1_000);
    request.onsuccess = () => resolve(request.result.close());
    request.onerror = () => reject(request.error);
  });
}

export function deleteDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = resolve;
    request.onerror = () => reject(request.error);
  });
}

export class Tab {
  constructor() {
    this.heard = [];
    this.isRobbed = false;
    this.channel = new BroadcastChannel(NAME);
    this.channel.onmessage = ({ data }) => this.heard.push(data);
  }
  tell(text) {
    this.channel.postMessage(text);
  }
  takeTurn() {
    return new Promise((taken) => {
      const hold = () => new Promise((end) => {
        this.end = end;
        taken();
      });
      navigator.locks.request(NAME, hold).catch(() => (this.isRobbed = true));
    });
  }
  leaveTurn() {
    this.end();
  }
  close() {
    this.end?.();
    this.channel.close();
  }
}
"#)]
extern "C" {
    fn lock() -> js_sys::Promise;
    /// The browser has no locks from now on, as where a page came without TLS.
    #[wasm_bindgen(js_name = hideLocks)]
    pub(crate) fn hide_locks();
    /// The browser has locks again.
    #[wasm_bindgen(js_name = showLocks)]
    pub(crate) fn show_locks();
    #[wasm_bindgen(js_name = renewDatabase)]
    fn renew_now() -> js_sys::Promise;
    #[wasm_bindgen(js_name = deleteDatabase)]
    fn delete_now() -> js_sys::Promise;

    type Tab;
    #[wasm_bindgen(constructor)]
    fn new() -> Tab;
    #[wasm_bindgen(method, getter)]
    fn heard(this: &Tab) -> js_sys::Array;
    #[wasm_bindgen(method)]
    fn tell(this: &Tab, text: &str);
    #[wasm_bindgen(method, js_name = takeTurn)]
    fn take_turn(this: &Tab) -> js_sys::Promise;
    #[wasm_bindgen(method, js_name = leaveTurn)]
    fn leave_turn(this: &Tab);
    #[wasm_bindgen(method)]
    fn close(this: &Tab);
    #[wasm_bindgen(method, getter, js_name = isRobbed)]
    fn is_robbed(this: &Tab) -> bool;
}

/// Waits until the browser has done what it was asked to: what is asked of its database and of its locks it does in turn.
pub(crate) async fn quiet() {
    database::load().await;
    JsFuture::from(lock()).await.unwrap();
}

/// A page of a later version puts the database into another form.
pub(crate) async fn renew_database() {
    JsFuture::from(renew_now()).await.unwrap();
}

/// The database is gone, with all that is in it.
pub(crate) async fn delete_database() {
    JsFuture::from(delete_now()).await.unwrap();
}

/// Another tab with the page. It goes with the test.
pub(crate) struct OtherTab(Tab);

impl Drop for OtherTab {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl OtherTab {
    pub(crate) fn open() -> Self {
        Self(Tab::new())
    }

    /// It tells the others something.
    pub(crate) fn tell(&self, news: &Value) {
        self.0.tell(&news.to_string());
    }

    /// What the others told it, from the beginning on.
    pub(crate) fn heard(&self) -> Vec<Value> {
        let heard = self.0.heard().into_iter();
        heard
            .map(|text| serde_json::from_str(&text.as_string().unwrap()).unwrap())
            .collect()
    }

    /// It has the turn to send, and keeps it.
    pub(crate) async fn take_turn(&self) {
        JsFuture::from(self.0.take_turn()).await.unwrap();
    }

    pub(crate) fn leave_turn(&self) {
        self.0.leave_turn();
    }

    /// Whether the turn was taken from it.
    pub(crate) fn is_robbed(&self) -> bool {
        self.0.is_robbed()
    }
}
