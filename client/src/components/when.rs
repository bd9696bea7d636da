//! Shows what stands in it while something holds, else something other. It does not know what.

use leptos::children::ViewFn;
use leptos::prelude::*;

/// Shows its children while `holds` is true. It draws them anew only when that changes.
///
/// Leptos has a `Show` for this, which is compiled for each place that has one. This is compiled once.
#[component]
pub fn When(
    #[prop(into)] holds: Signal<bool>,
    /// What is shown else; nothing if it is absent.
    #[prop(optional, into)]
    otherwise: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let holds = Memo::new(move |_| holds.get());
    move || {
        if holds.get() {
            children()
        } else {
            otherwise.run()
        }
    }
}
