//! Watches whether an element comes into sight. It does not know what is done then.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// How far below the edge something counts as in sight already: there is time to fetch it.
const AHEAD: &str = "400px";

/// An element that is watched, until this is dropped.
pub struct Sight {
    observer: IntersectionObserver,
    _seen: Closure<dyn Fn(Vec<IntersectionObserverEntry>)>,
}

impl std::fmt::Debug for Sight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sight")
    }
}

impl Sight {
    /// Calls whenever the element comes into sight, and at once if it is.
    pub fn new(element: &Element, call: impl Fn() + 'static) -> Option<Self> {
        let seen = Closure::<dyn Fn(Vec<IntersectionObserverEntry>)>::new(
            move |entries: Vec<IntersectionObserverEntry>| {
                if entries
                    .iter()
                    .any(IntersectionObserverEntry::is_intersecting)
                {
                    call();
                }
            },
        );
        let options = IntersectionObserverInit::new();
        options.set_root_margin(AHEAD);
        let observer =
            IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options);
        // Where there is none, whoever looks presses the button that stands there.
        let observer = observer.ok()?;
        observer.observe(element);
        Some(Self {
            observer,
            _seen: seen,
        })
    }
}

impl Drop for Sight {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
