//! Which keys do what where one writes. They do not know what is sent or changed.

use leptos::ev;
use leptos::prelude::*;

use crate::dom;

/// The code of keys that an input method took for itself (UI Events, section 7.3.1).
const TAKEN_BY_INPUT_METHOD: u32 = 229;
/// Milliseconds between the end of a composition and the key that ended it, where the end is told first.
const SAME_PRESS_MS: f64 = 1.5;

/// The handlers of keys and of the end of a composition.
///
/// `escape` and `up` say whether they did anything; without, the browser does what it does.
pub(super) fn on_key(
    send: impl Fn() + Copy + 'static,
    escape: impl Fn() -> bool + Copy + 'static,
    up: impl Fn() -> bool + Copy + 'static,
) -> (
    impl Fn(ev::KeyboardEvent) + Copy,
    impl Fn(ev::CompositionEvent) + Copy,
) {
    let composed_at = StoredValue::new(f64::NEG_INFINITY);
    let composed = move |event: ev::CompositionEvent| composed_at.set_value(event.time_stamp());
    // Safari ends the composition before it tells of the key that ended it. That key is the same
    // press, so it comes at the same time, and it comes once: the next Enter is the writer's own.
    let ended_composition = move |event: &ev::KeyboardEvent| {
        let after_ms = event.time_stamp() - composed_at.get_value();
        composed_at.set_value(f64::NEG_INFINITY);
        after_ms <= SAME_PRESS_MS
    };
    let pressed = move |event: ev::KeyboardEvent| {
        let key = Key {
            is_enter: event.key() == "Enter",
            breaks_line: event.shift_key() || event.alt_key(),
            with_command: event.ctrl_key() || event.meta_key(),
            composes: event.is_composing()
                || event.key_code() == TAKEN_BY_INPUT_METHOD
                || ended_composition(&event),
        };
        if key.sends(dom::is_touch_first()) {
            event.prevent_default();
            send();
            return;
        }
        let is_alone = !key.composes && !key.breaks_line && !key.with_command;
        let is_done = match event.key().as_str() {
            "Escape" if is_alone => escape(),
            "ArrowUp" if is_alone => up(),
            _ => false,
        };
        if is_done {
            event.prevent_default();
        }
    };
    (pressed, composed)
}

/// A key as far as sending is concerned.
#[derive(Debug, Clone, Copy)]
struct Key {
    is_enter: bool,
    breaks_line: bool,
    with_command: bool,
    composes: bool,
}

impl Key {
    /// Whether it sends. On a phone Enter breaks the line, as everywhere there.
    fn sends(self, touch_first: bool) -> bool {
        self.is_enter && !self.composes && (self.with_command || !self.breaks_line && !touch_first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTER: Key = Key {
        is_enter: true,
        breaks_line: false,
        with_command: false,
        composes: false,
    };

    #[test]
    fn enter_sends_and_shift_enter_breaks_the_line() {
        assert!(ENTER.sends(false));
        let shift = Key {
            breaks_line: true,
            ..ENTER
        };
        assert!(!shift.sends(false));
        let letter = Key {
            is_enter: false,
            ..ENTER
        };
        assert!(!letter.sends(false));
    }

    #[test]
    fn on_a_phone_enter_breaks_the_line_and_a_command_key_sends() {
        assert!(!ENTER.sends(true));
        let command = Key {
            with_command: true,
            ..ENTER
        };
        assert!(command.sends(true));
    }

    #[test]
    fn an_input_methods_enter_never_sends() {
        for with_command in [false, true] {
            let key = Key {
                composes: true,
                with_command,
                ..ENTER
            };
            assert!(!key.sends(false));
        }
    }
}
