//! Times as people write them, by the browser's own knowledge of calendars. It does not know what happened when.

use std::cell::RefCell;
use std::collections::HashMap;

use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::preferences::Language;
use crate::text::Texts;

const MINUTE_MS: f64 = 60_000.0;
const DAY_MS: f64 = 86_400_000.0;

/// The days since 1970 of a time, where the reader is.
pub fn local_day(at_ms: u64) -> i32 {
    let offset_ms = date(at_ms).get_timezone_offset() * MINUTE_MS;
    // A clock that is off by millions of years is off in any case; the cast saturates.
    ((at_ms as f64 - offset_ms) / DAY_MS).floor() as i32
}

/// The time of day, as in "14:05" or "2:05 PM".
pub fn time(at_ms: u64, texts: &Texts) -> String {
    write(Form::Time, texts.language, at_ms)
}

/// Day and time in full, for those who want to know exactly.
pub fn exact(at_ms: u64, texts: &Texts) -> String {
    write(Form::Exact, texts.language, at_ms)
}

/// Day and time in short, for lists.
pub fn short(at_ms: u64, texts: &Texts) -> String {
    write(Form::Short, texts.language, at_ms)
}

/// A day as it is called today: "Today", "Yesterday", a weekday within the week, else the date.
pub fn day(at_ms: u64, now_ms: u64, texts: &Texts) -> String {
    match local_day(now_ms) - local_day(at_ms) {
        0 => texts.today.to_owned(),
        1 => texts.yesterday.to_owned(),
        2..=6 => write(Form::Weekday, texts.language, at_ms),
        _ if year(at_ms) == year(now_ms) => write(Form::DayOfYear, texts.language, at_ms),
        _ => write(Form::Date, texts.language, at_ms),
    }
}

/// When something was, as a list says it: the time today, then "Yesterday", a weekday within the week, else
/// the date in numbers.
pub fn listed(at_ms: u64, now_ms: u64, texts: &Texts) -> String {
    match local_day(now_ms) - local_day(at_ms) {
        ..=0 => write(Form::Time, texts.language, at_ms),
        1 => texts.yesterday.to_owned(),
        2..=6 => write(Form::ShortWeekday, texts.language, at_ms),
        _ => write(Form::Numbers, texts.language, at_ms),
    }
}

/// The time for programs, as in "2026-11-22T14:05:00.000Z".
pub fn machine(at_ms: u64) -> String {
    date(at_ms).to_iso_string().into()
}

fn year(at_ms: u64) -> u32 {
    date(at_ms).get_full_year()
}

fn date(at_ms: u64) -> Date {
    Date::new(&JsValue::from_f64(at_ms as f64))
}

/// How a time is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Form {
    Time,
    Exact,
    Short,
    Weekday,
    ShortWeekday,
    DayOfYear,
    Date,
    Numbers,
}

impl Form {
    /// The options of `Intl.DateTimeFormat` (ECMA-402).
    const fn options(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Time => &[("hour", "numeric"), ("minute", "2-digit")],
            Self::Exact => &[("dateStyle", "full"), ("timeStyle", "medium")],
            Self::Short => &[("dateStyle", "medium"), ("timeStyle", "short")],
            Self::Weekday => &[("weekday", "long")],
            Self::ShortWeekday => &[("weekday", "short")],
            Self::Numbers => &[
                ("year", "numeric"),
                ("month", "numeric"),
                ("day", "numeric"),
            ],
            Self::DayOfYear => &[("weekday", "long"), ("month", "long"), ("day", "numeric")],
            Self::Date => &[("year", "numeric"), ("month", "long"), ("day", "numeric")],
        }
    }
}

thread_local! {
    /// To make a format costs a hundred times what it costs to use one.
    static FORMATS: RefCell<HashMap<(Form, Language), Intl::DateTimeFormat>> = RefCell::default();
}

fn write(form: Form, language: Language, at_ms: u64) -> String {
    FORMATS.with_borrow_mut(|formats| {
        let format = formats
            .entry((form, language))
            .or_insert_with(|| make(form, language));
        let written = format
            .format()
            .call1(&JsValue::UNDEFINED, &date(at_ms))
            .expect("every time of the page's clock is one of the calendar");
        written.as_string().unwrap_or_default()
    })
}

fn make(form: Form, language: Language) -> Intl::DateTimeFormat {
    let options = Object::new();
    for (name, value) in form.options() {
        Reflect::set(&options, &(*name).into(), &(*value).into())
            .expect("a new object takes every property");
    }
    let locales = Array::of1(&locale(language).into());
    Intl::DateTimeFormat::new(&locales, &options)
}

/// The browser's own variety of English: it knows in which order day and month stand, and whether the
/// reader counts the hours to twelve. The Chinese texts are simplified, and so are the dates.
fn locale(language: Language) -> String {
    let languages = web_sys::window()
        .map(|window| window.navigator().languages())
        .unwrap_or_default();
    let own = languages.iter().filter_map(|tag| tag.as_string());
    let mut fitting = own.filter(|tag| language == Language::En && tag.starts_with("en-"));
    fitting.next().unwrap_or_else(|| language.tag().to_owned())
}
