//! What stands in a field around the caret. It does not know what it means.

use web_sys::{Event, EventInit, HtmlTextAreaElement};

/// What stands before the caret, unless something is selected.
pub fn before_caret(field: &HtmlTextAreaElement) -> Option<String> {
    let start = field.selection_start().ok().flatten()?;
    let end = field.selection_end().ok().flatten()?;
    let units: Vec<u16> = field.value().encode_utf16().collect();
    let before = units.get(..usize::try_from(start).ok()?)?;
    (start == end).then(|| String::from_utf16_lossy(before))
}

/// Writes a text in place of what stands between a place, in UTF-16 units, and the caret, which stands after it then.
/// Whoever listens to the field hears of it as of what is typed.
pub fn replace_to_caret(field: &HtmlTextAreaElement, from: u32, text: &str) {
    let caret = field.selection_start().ok().flatten().unwrap_or(from);
    let units = u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
    let after = from.saturating_add(units);
    // It fails where the text became shorter meanwhile, and then nothing is written.
    if field
        .set_range_text_with_start_and_end(text, from, caret)
        .is_ok()
    {
        drop(field.set_selection_range(after, after));
        let init = EventInit::new();
        init.set_bubbles(true);
        if let Ok(event) = Event::new_with_event_init_dict("input", &init) {
            drop(field.dispatch_event(&event));
        }
    }
}

/// Sets an attribute, or takes it away.
pub fn set_attribute(field: &HtmlTextAreaElement, name: &str, value: Option<&str>) {
    // The names are ours, and good ones.
    drop(match value {
        Some(value) => field.set_attribute(name, value),
        None => field.remove_attribute(name),
    });
}
