//! A part of the program that is fetched when it is first shown: the wait for it, its failing, trying again. It does not
//! know what is in it.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;

pub use leptos::wasm_split::SplitLoaderError as NotFetched;

use super::account::form::{button, part, say};
use super::account::listing::waiting;
use crate::dom;

/// How something is drawn by a chunk that is there.
pub type Draw<T> = fn(T) -> AnyView;

/// A chunk on its way.
pub type Fetching<T> = Pin<Box<dyn Future<Output = Result<Draw<T>, NotFetched>>>>;

/// Makes a function that fetches a chunk and returns what it draws with. What only that can reach is no part of the
/// program that every visitor loads.
///
/// In a page that is not split the function returns at once. Two functions that name the same chunk share it.
macro_rules! chunk {
    ($(#[$meta:meta])* $vis:vis fn $name:ident() -> fn($what:ty) in $chunk:ident { $draw:path }) => {
        $(#[$meta])*
        $vis fn $name() -> $crate::components::chunk::Fetching<$what> {
            type Fetched = Result<
                $crate::components::chunk::Draw<$what>,
                $crate::components::chunk::NotFetched,
            >;

            #[cfg_attr(
                feature = "split",
                leptos::wasm_split::wasm_split($chunk, wasm_split_path = leptos::wasm_split, fallible)
            )]
            fn fetched() -> Fetched {
                Ok($draw)
            }

            #[cfg(feature = "split")]
            return Box::pin(fetched());
            #[cfg(not(feature = "split"))]
            Box::pin(std::future::ready(fetched()))
        }
    };
}
pub(crate) use chunk;

#[derive(Debug, Clone, Copy)]
enum State<T: 'static> {
    Absent,
    Fetching,
    Failed,
    Here(Draw<T>),
}

/// A chunk, and how far it is. It is fetched once, and then stays.
///
/// Each type that is drawn is code in the first part: what is not a page takes what it needs out of the context, and is
/// shown with any route.
#[derive(Debug)]
pub struct Chunk<T: 'static> {
    state: RwSignal<State<T>>,
    fetch: fn() -> Fetching<T>,
}

impl<T> Clone for Chunk<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Chunk<T> {}

impl<T: Copy + Send + 'static> Chunk<T> {
    /// A chunk that nobody needed yet. `fetch` is made by `chunk!`.
    pub fn new(fetch: fn() -> Fetching<T>) -> Self {
        Self {
            state: RwSignal::new(State::Absent),
            fetch,
        }
    }

    /// Draws `what`, as soon as the chunk is there. `around` draws what stands around the wait and around the failure.
    pub fn show(self, what: T, around: fn(AnyView) -> AnyView) -> AnyView {
        self.fetch();
        part(move || match self.state.get() {
            State::Here(draw) => draw(what),
            State::Failed => around(failed(move || self.fetch())),
            State::Absent | State::Fetching => around(waiting()),
        })
    }

    /// Draws `what` once the chunk is there. Until then, and when it does not come, there is nothing: for what helps and
    /// is not waited for.
    pub fn show_or_nothing(self, what: T) -> AnyView {
        self.fetch();
        part(move || match self.state.get() {
            State::Here(draw) => draw(what),
            State::Absent | State::Fetching | State::Failed => ().into_any(),
        })
    }

    /// Fetches the chunk, unless it is there or on its way.
    pub fn fetch(self) {
        let is_needed = self
            .state
            .with_untracked(|state| matches!(state, State::Absent | State::Failed));
        if !is_needed {
            return;
        }
        self.state.set(State::Fetching);
        let fetching = (self.fetch)();
        spawn_local(async move {
            self.state.set(match fetching.await {
                Ok(draw) => State::Here(draw),
                Err(_told_in_the_console) => State::Failed,
            });
        });
    }
}

/// A chunk that did not come. A server that was renewed meanwhile has no chunks for an older page any more: hence
/// the second button.
fn failed(try_again: impl Fn() + 'static) -> AnyView {
    // The button that was pressed for it may be gone.
    dom::focus_soon("page-title");
    view! {
        <div class="absent" role="alert" data-testid="chunk-failed">
            <h1 class="card__title" id="page-title" tabindex="-1">
                {say(|t| t.absent)}
            </h1>
            <p class="card__intro">{say(|t| t.absent_hint)}</p>
            <div class="absent__actions">
                {button("button button--primary", "fetch-again", |t| t.retry, try_again)}
                {button("button", "load-page-again", |t| t.reload, dom::reload)}
            </div>
        </div>
    }
    .into_any()
}
