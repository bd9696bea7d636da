//! A picture that a phone's camera reads (ISO/IEC 18004). It does not know what it says.

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

use super::form::say;

/// Modules of white around the picture, without which cameras do not find it.
const QUIET_ZONE: i32 = 4;

/// The picture of a text; nothing for a text that is too long for one.
pub fn qr(text: &str) -> AnyView {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else {
        return ().into_any();
    };
    let size = code.size();
    let side = size + 2 * QUIET_ZONE;
    // Dark on white in both themes: many cameras do not read the reverse.
    view! {
        <svg
            class="qr"
            viewBox=format!("0 0 {side} {side}")
            role="img"
            aria-label=say(|t| t.own().factor_picture)
            data-testid="factor-picture"
        >
            <path d=outline(size, |x, y| code.get_module(x, y))></path>
        </svg>
    }
    .into_any()
}

/// The dark modules as one path: a stroke of width one for each run in a row.
fn outline(size: i32, is_dark: impl Fn(i32, i32) -> bool) -> String {
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let end = (x..size).find(|at| !is_dark(*at, y)).unwrap_or(size);
            if end > x {
                let (left, top, run) = (x + QUIET_ZONE, y + QUIET_ZONE, end - x);
                path.push_str(&format!("M{left} {top}h{run}v1h-{run}z"));
            }
            x = end + 1;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_drawn_as_its_runs() {
        let row = [true, true, false, true];
        let path = outline(4, |x, y| y == 0 && row[usize::try_from(x).unwrap()]);
        assert_eq!(path, "M4 4h2v1h-2zM7 4h1v1h-1z");
    }
}
