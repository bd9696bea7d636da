//! A list by its keys: what stays, what is put in, moved and taken out. It does not know the page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use leptos::html;
use leptos::mount::mount_to;
use leptos::prelude::*;
use parley_client::components::keyed::{Key, keyed, listed};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, MutationObserver, MutationObserverInit, MutationRecord};

/// A list in the page.
struct List {
    keys: RwSignal<Vec<u8>>,
    container: HtmlElement,
    /// Whose owners have ended.
    ended: Rc<RefCell<Vec<u8>>>,
    /// How many elements were put in and taken out since this was last asked.
    touched: Rc<Cell<(u32, u32)>>,
}

impl List {
    fn of(keys: &[u8]) -> Self {
        let keys = RwSignal::new(keys.to_vec());
        let ended = Rc::new(RefCell::new(Vec::new()));
        let noted = StoredValue::new_local(Rc::clone(&ended));
        let container = NodeRef::<html::Ul>::new();
        let view = move || {
            let all = move |_: Option<&Vec<Key>>| {
                keys.with(|keys| keys.iter().map(|key| ([*key; 16], 0)).collect())
            };
            let draw = move |(id, _): Key| {
                on_cleanup(move || noted.with_value(|ended| ended.borrow_mut().push(id[0])));
                view! { <li>{id[0]}</li> }.into_any()
            };
            view! { <ul node_ref=container use:keyed=listed(Memo::new(all), draw)></ul> }
        };
        mount_to(document().body().unwrap().unchecked_into(), view).forget();
        let container: HtmlElement = container.get_untracked().unwrap().unchecked_into();
        let touched = Rc::new(Cell::new((0, 0)));
        let told = Rc::clone(&touched);
        let note =
            Closure::<dyn Fn(Vec<MutationRecord>)>::new(move |records: Vec<MutationRecord>| {
                told.set(records.iter().fold(told.get(), |(added, removed), record| {
                    let added = added + record.added_nodes().length();
                    (added, removed + record.removed_nodes().length())
                }));
            });
        let observer = MutationObserver::new(note.into_js_value().unchecked_ref()).unwrap();
        let children = MutationObserverInit::new();
        children.set_child_list(true);
        observer
            .observe_with_options(&container, &children)
            .unwrap();
        Self {
            keys,
            container,
            ended,
            touched,
        }
    }

    /// Has these stand in it; how many elements were put in, and how many taken out. What is moved is both.
    async fn becomes(&self, keys: &[u8]) -> (u32, u32) {
        self.keys.set(keys.to_vec());
        // Effects and the observer wait for the end of the turn.
        TimeoutFuture::new(0).await;
        let texts: Vec<String> = (0..self.container.children().length())
            .filter_map(|index| self.container.children().item(index)?.text_content())
            .collect();
        let expected: Vec<String> = keys.iter().map(u8::to_string).collect();
        assert_eq!(texts, expected);
        self.touched.take()
    }
}

#[wasm_bindgen_test]
async fn what_is_put_in_moves_nothing_that_stands_there() {
    let list = List::of(&[5, 6, 7]);
    assert_eq!(list.becomes(&[1, 2, 3, 5, 6, 7]).await, (3, 0), "above");
    assert_eq!(list.becomes(&[1, 2, 3, 5, 6, 7, 8, 9]).await, (2, 0));
    assert_eq!(list.becomes(&[1, 2, 3, 4, 5, 6, 7, 8, 9]).await, (1, 0));
    assert_eq!(list.ended.borrow().len(), 0);
}

#[wasm_bindgen_test]
async fn what_is_gone_is_taken_out_and_its_owner_ends() {
    let list = List::of(&[1, 2, 3, 4, 5]);
    assert_eq!(
        list.becomes(&[3, 4, 5, 6]).await,
        (1, 2),
        "a window moved on"
    );
    list.ended.borrow_mut().sort_unstable();
    assert_eq!(*list.ended.borrow(), [1, 2]);
    assert_eq!(list.becomes(&[]).await, (0, 4));
    assert_eq!(list.ended.borrow().len(), 6);
    assert_eq!(list.becomes(&[1]).await, (1, 0), "it came back");
}

#[wasm_bindgen_test]
async fn what_rises_to_the_top_moves_alone() {
    let list = List::of(&[1, 2, 3, 4]);
    assert_eq!(list.becomes(&[4, 1, 2, 3]).await, (1, 1));
    assert_eq!(
        list.becomes(&[3, 9, 4, 1]).await,
        (2, 2),
        "one goes, one comes"
    );
    list.becomes(&[1, 4, 9, 3]).await;
    assert_eq!(*list.ended.borrow(), [2]);
}
