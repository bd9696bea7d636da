//! Keeps the reader's place in what scrolls, whatever grows or shrinks around it. It does not know why it does.
//!
//! There is one rule. A reader at the end stays at the end. For every other reader, the first
//! message that they see stays where it is on the screen, to the pixel: it is remembered on every
//! scroll, and put back after every change of size. Sizes are observed after layout and before
//! paint, so nothing is ever seen in the wrong place.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, HtmlCollection, HtmlElement, ResizeObserver, ScrollBehavior, ScrollToOptions,
};

/// Pixels from the end within which a reader counts as being there.
const END_PX: i32 = 100;
/// Pixels from the beginning within which older content is wanted.
const BEGINNING_PX: i32 = 900;
/// Screens within which the way to the end is shown as a movement; from further away it is a jump.
const SMOOTH_SCREENS_MAX: i32 = 3;

/// Where the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// At the end, or so near that new content should follow.
    pub at_end: bool,
    /// So near to the beginning that older content should come.
    pub near_beginning: bool,
}

/// Keeps the reader's place in one scroller.
pub struct PlaceKeeper {
    scroller: HtmlElement,
    /// What a place is remembered by, one below the other; each has an attribute `data-id`. The browser collects them anew
    /// when what scrolls has changed, and not at every scroll.
    landmarks: HtmlCollection,
    /// Whether what the reader came for is there. Until then they are nowhere.
    begun: Cell<bool>,
    at_end: Cell<bool>,
    landmark: RefCell<Option<Landmark>>,
    height: Cell<i32>,
    moved: Box<dyn Fn(Place)>,
    observer: RefCell<Option<Observer>>,
}

/// What the reader sees first, and how far below the scroller's upper edge.
struct Landmark {
    element: Element,
    id: String,
    offset: f64,
}

struct Observer {
    sizes: ResizeObserver,
    _resized: Closure<dyn Fn()>,
    scrolled: Closure<dyn Fn()>,
}

impl PlaceKeeper {
    /// Begins at the end. A place is remembered by the elements of the class `landmarks`. `moved` is called after each
    /// scroll and each change of size, once the visit began.
    pub fn new(
        scroller: HtmlElement,
        content: &Element,
        landmarks: &str,
        moved: impl Fn(Place) + 'static,
    ) -> Rc<Self> {
        let keeper = Rc::new(Self {
            height: Cell::new(scroller.scroll_height()),
            landmarks: scroller.get_elements_by_class_name(landmarks),
            scroller,
            begun: Cell::new(false),
            at_end: Cell::new(true),
            landmark: RefCell::new(None),
            moved: Box::new(moved),
            observer: RefCell::new(None),
        });
        keeper.observe(content);
        keeper.settle();
        keeper
    }

    /// What the reader came for is there. The visit begins where an element stands that matches the selector,
    /// if there is one that cannot be seen from the end; else at the end.
    pub fn begin(&self, at: &str) {
        if self.begun.replace(true) {
            return;
        }
        self.put_back();
        if let Some(element) = self.scroller.query_selector(at).ok().flatten() {
            let offset = self.offset_of(&element);
            if offset < 0.0 {
                self.at_end.set(false);
                // A little of what was read stays in view.
                let above = f64::from(self.scroller.client_height()) / 4.0;
                self.scroller.scroll_by_with_x_and_y(0.0, offset - above);
            }
        }
        self.remember();
        self.tell();
    }

    /// Takes the reader to the end, and keeps them there.
    pub fn go_to_end(&self, smooth: bool) {
        self.at_end.set(true);
        let screens = self.distance_to_end() / self.scroller.client_height().max(1);
        if smooth && screens <= SMOOTH_SCREENS_MAX {
            let options = ScrollToOptions::new();
            options.set_top(f64::from(self.scroller.scroll_height()));
            options.set_behavior(ScrollBehavior::Smooth);
            self.scroller.scroll_to_with_scroll_to_options(&options);
        } else {
            self.settle();
        }
    }

    fn observe(self: &Rc<Self>, content: &Element) {
        let call = |weak: Weak<Self>, call: fn(&Self)| {
            Closure::<dyn Fn()>::new(move || {
                if let Some(keeper) = weak.upgrade() {
                    call(&keeper);
                }
            })
        };
        let resized = call(Rc::downgrade(self), Self::settle);
        let scrolled = call(Rc::downgrade(self), Self::scrolled);
        let sizes = ResizeObserver::new(resized.as_ref().unchecked_ref())
            .expect("every browser that runs WebAssembly observes sizes");
        sizes.observe(&self.scroller);
        sizes.observe(content);
        self.scroller
            .add_event_listener_with_callback("scroll", scrolled.as_ref().unchecked_ref())
            .expect("an element can be listened to");
        *self.observer.borrow_mut() = Some(Observer {
            sizes,
            _resized: resized,
            scrolled,
        });
    }

    /// The reader moved, or the browser did.
    fn scrolled(&self) {
        // A scroll in the same frame as a change of size is measured after that change is settled.
        if self.scroller.scroll_height() != self.height.get() {
            self.put_back();
        }
        self.at_end.set(self.distance_to_end() <= END_PX);
        self.remember();
        self.tell();
    }

    /// Something grew or shrank.
    fn settle(&self) {
        self.put_back();
        self.remember();
        self.tell();
    }

    fn put_back(&self) {
        self.height.set(self.scroller.scroll_height());
        if self.at_end.get() {
            self.scroller.set_scroll_top(self.scroller.scroll_height());
            return;
        }
        let landmark = self.landmark.borrow();
        let Some(landmark) = landmark.as_ref() else {
            return;
        };
        // A row may have been made anew meanwhile; it is still the same message.
        let element = if landmark.element.is_connected() {
            Some(landmark.element.clone())
        } else {
            let selector = format!("[data-id=\"{}\"]", landmark.id);
            self.scroller.query_selector(&selector).ok().flatten()
        };
        if let Some(element) = element {
            let moved = self.offset_of(&element) - landmark.offset;
            if moved.abs() >= 0.5 {
                self.scroller.scroll_by_with_x_and_y(0.0, moved);
            }
        }
    }

    fn remember(&self) {
        let at = |index| self.landmarks.item(index);
        // They stand one below the other: the first that reaches into view is found by halving.
        let (mut low, mut high) = (0, self.landmarks.length());
        while low < high {
            let middle = low + (high - low) / 2;
            let above = at(middle).is_some_and(|element| {
                self.offset_of(&element) + element.get_bounding_client_rect().height() <= 0.0
            });
            if above {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        *self.landmark.borrow_mut() = at(low).map(|element| Landmark {
            id: element.get_attribute("data-id").unwrap_or_default(),
            offset: self.offset_of(&element),
            element,
        });
    }

    fn tell(&self) {
        if !self.begun.get() {
            return;
        }
        (self.moved)(Place {
            at_end: self.at_end.get(),
            near_beginning: self.scroller.scroll_top() < BEGINNING_PX,
        });
    }

    fn offset_of(&self, element: &Element) -> f64 {
        element.get_bounding_client_rect().top() - self.scroller.get_bounding_client_rect().top()
    }

    fn distance_to_end(&self) -> i32 {
        self.scroller.scroll_height() - self.scroller.scroll_top() - self.scroller.client_height()
    }
}

impl Drop for PlaceKeeper {
    fn drop(&mut self) {
        if let Some(observer) = self.observer.take() {
            observer.sizes.disconnect();
            let scrolled = observer.scrolled.as_ref().unchecked_ref();
            drop(
                self.scroller
                    .remove_event_listener_with_callback("scroll", scrolled),
            );
        }
    }
}
