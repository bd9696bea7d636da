//! The log: days of messages, what is new among them, the way back to the newest. It does not know how a message looks.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::{ev, html};
use parley_shared::ids::MessageId;

use super::empty::{Bones, Empty};
use super::icon::{Drawing, Icon};
use super::keyed::{Key, keyed, listed};
use super::message_row::{MessageRow, happening};
use super::message_state::AllShown;
use super::said::shown_name;
use super::shell::handles;
use super::talk::{Surface, talk};
use super::when::When;
use crate::actions::actions;
use crate::clock::now_ms;
use crate::dates;
use crate::dom::place::{Place, PlaceKeeper};
use crate::dom::{self, Step, pressed};
use crate::rows::{Row, rows};
use crate::state::{Chat, Unread};
use crate::text::texts;

mod stretches;

use stretches::{Stretch, stretches};

const MESSAGES: &str = "[data-testid=message]";
/// The class of the same.
const MESSAGE: &str = "message";
const DIVIDER: &str = "[data-testid=divider-unread]";

/// Where in a day's key the language stands in which it is drawn. A day's number ends before.
const LANGUAGE_AT: usize = 15;

/// What tells days apart, besides how often each was in the log before, as happens around midnight when a clock was set.
fn day_key(day: i32) -> [u8; 16] {
    let mut key = [0; 16];
    key[..4].copy_from_slice(&day.to_le_bytes());
    key
}

/// A day and what stands below its separator.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Day {
    key: Key,
    at_ms: u64,
    stretches: Vec<Stretch>,
}

/// The log.
#[component]
pub fn Log() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let (handles, talk) = (handles(), talk());
    let texts = texts();
    let scroller = NodeRef::<html::Div>::new();
    let content = NodeRef::<html::Div>::new();
    let is_loaded = Memo::new(move |_| chat.timeline.with(|timeline| timeline.is_loaded()));
    let at_end = keep_place(scroller, content, is_loaded);
    AllShown::provide(chat);
    let days = days(chat);
    let is_empty = Memo::new(move |_| days.with(Vec::is_empty));
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            handles.focus_composer();
        } else if talk.happened(Surface::Log, &event) {
            event.prevent_default();
        } else if let Some(step) = Step::of_key(&event.key())
            && let Some(scroller) = scroller.get_untracked()
        {
            event.prevent_default();
            dom::step(&scroller, MESSAGES, dom::target_of(&event), step);
        }
    };
    view! {
        <div class="log">
            <div
                node_ref=scroller
                class="log__scroller"
                data-testid="log"
                role="log"
                aria-live="off"
                aria-label=move || (texts.get().log_label)(&shown_name(chat, texts.get()))
                aria-busy=move || (!is_loaded.get()).to_string()
                tabindex="0"
                on:keydown=on_key
                on:pointerover=move |_| talk.want()
                on:focusin=move |_| talk.want()
                on:click=move |event| {
                    talk.happened(Surface::Log, &event);
                }
                on:contextmenu=move |event| {
                    talk.happened(Surface::Log, &event);
                }
            >
                <div node_ref=content class="log__content column">
                    {move || match (is_loaded.get(), is_empty.get()) {
                        (false, true) => view! { <Bones /> }.into_any(),
                        (true, true) => view! { <Empty /> }.into_any(),
                        (_, false) => view! { <Edge /> }.into_any(),
                    }}
                    <Days days />
                </div>
            </div>
            <Jump at_end />
        </div>
    }
}

/// Watches where the reader is, and tells whether that is at the end.
fn keep_place(
    scroller: NodeRef<html::Div>,
    content: NodeRef<html::Div>,
    is_loaded: Memo<bool>,
) -> ReadSignal<bool> {
    let actions = actions();
    let handles = handles();
    let (at_end, set_at_end) = signal(true);
    let keeper = StoredValue::new_local(None::<Rc<PlaceKeeper>>);
    let moved = move |place: Place| {
        if at_end.try_get_untracked() != Some(place.at_end) {
            set_at_end.try_set(place.at_end);
        }
        actions.set_at_bottom(place.at_end);
        if place.near_beginning {
            actions.load_older();
        }
    };
    Effect::new(move |_| {
        if let (Some(scroller), Some(content)) = (scroller.get(), content.get()) {
            let watching = PlaceKeeper::new(scroller.into(), &content, MESSAGE, moved);
            keeper.set_value(Some(watching));
        }
    });
    // The rows stand in the page when the browser draws next, and nothing was seen of them.
    Effect::new(move |_| {
        if is_loaded.get() {
            request_animation_frame(move || {
                if let Some(Some(keeper)) = keeper.try_get_value() {
                    keeper.begin(DIVIDER);
                }
            });
        }
    });
    let to_end = Callback::new(move |smooth| {
        if let Some(Some(keeper)) = keeper.try_get_value() {
            keeper.go_to_end(smooth);
        }
    });
    handles.to_end.set_value(Some(to_end));
    // Nobody reads what is not on the page.
    on_cleanup(move || actions.set_at_bottom(false));
    at_end
}

/// The rows of the timeline, day by day.
fn days(chat: Chat) -> Memo<Vec<Day>> {
    let me = Memo::new(move |_| chat.me.with(|me| me.as_ref().map(|me| me.id)));
    let divider = Memo::new(move |_| chat.unread.with(|unread| unread.divider));
    Memo::new(move |before: Option<&Vec<Day>>| {
        let unread = Unread {
            divider: divider.get(),
            count: 0,
        };
        let rows = chat
            .timeline
            .with(|timeline| rows(timeline, me.get(), &unread, dates::local_day));
        by_day(&rows, before.map_or(&[], Vec::as_slice))
    })
}

fn by_day(rows: &[Row], before: &[Day]) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    let is_day = |row: &Row| matches!(row, Row::Day { .. });
    for of_day in rows.chunk_by(|_, next| !is_day(next)) {
        // Every other row stands below a day.
        let Some((Row::Day { day, at_ms }, of_day)) = of_day.split_first() else {
            continue;
        };
        let day = day_key(*day);
        let times = days.iter().filter(|other| other.key.0 == day).count();
        let key = (day, u8::try_from(times).unwrap_or(u8::MAX));
        let of_day: Vec<Key> = of_day.iter().map(row_key).collect();
        let before = before.iter().find(|before| before.key == key);
        let before = before.map_or(&[][..], |before| &before.stretches);
        days.push(Day {
            key,
            at_ms: *at_ms,
            stretches: stretches(&of_day, before),
        });
    }
    days
}

#[component]
fn Days(days: Memo<Vec<Day>>) -> impl IntoView {
    let texts = texts();
    // Rows do not follow the language by themselves: in another one a day is another, and drawn anew.
    let keys = Memo::new(move |_| {
        let language = texts.get().language as u8;
        let in_language = |(mut day, times): Key| {
            day[LANGUAGE_AT] = language;
            (day, times)
        };
        days.with(|days| days.iter().map(|day| in_language(day.key)).collect())
    });
    let draw = move |(mut day, times): Key| {
        day[LANGUAGE_AT] = 0;
        section(days, (day, times))
    };
    view! { <div class="days" use:keyed=listed(keys, draw)></div> }
}

/// A day that is in the log.
fn section(days: Memo<Vec<Day>>, key: Key) -> AnyView {
    let texts = texts();
    let today = handles().today;
    let at_ms = days.with_untracked(|days| found(days, key).map_or(0, |day| day.at_ms));
    let keys = Memo::new(move |_| {
        days.with(|days| {
            let all = found(days, key).map(|day| day.stretches.iter());
            all.map_or_else(Vec::new, |all| all.map(|stretch| stretch.key).collect())
        })
    });
    let label = move || {
        let _midnight = today.get();
        dates::day(at_ms, now_ms(), texts.get())
    };
    view! {
        <section class="day">
            <h2 class="divider-day" data-testid="divider-day">
                {move || label()}
            </h2>
            <div class="stretches" use:keyed=listed(keys, move |of| stretch(days, key, of))></div>
        </section>
    }
    .into_any()
}

fn found(days: &[Day], key: Key) -> Option<&Day> {
    days.iter().find(|day| day.key == key)
}

/// A stretch of a day's rows.
fn stretch(days: Memo<Vec<Day>>, day: Key, key: Key) -> AnyView {
    let rows = Memo::new(move |_| {
        days.with(|days| {
            let mut all = found(days, day).into_iter().flat_map(|day| &day.stretches);
            let of_key = all.find(|stretch| stretch.key == key);
            of_key.map_or_else(Vec::new, |stretch| stretch.rows.clone())
        })
    });
    view! { <div class="stretch" use:keyed=listed(rows, draw)></div> }.into_any()
}

/// The marks of rows, as far as they are drawn anew when those change.
const MINE: u8 = 1;
const FIRST: u8 = 2;
const NOTICE: u8 = 4;
const DIVIDES: u8 = 8;

/// Tells rows apart. Whether a message ends a run is not part of it: the style sheet sees that by
/// what follows, so a message that arrives leaves the one before it, and what is selected in it, alone.
fn row_key(row: &Row) -> Key {
    match *row {
        Row::Message {
            id, mine, first, ..
        } => {
            let mine = if mine { MINE } else { 0 };
            let first = if first { FIRST } else { 0 };
            (*id.as_bytes(), mine | first)
        }
        Row::Notice { id } => (*id.as_bytes(), NOTICE),
        Row::Day { .. } | Row::Unread => ([0; 16], DIVIDES),
    }
}

fn draw((id, mark): Key) -> AnyView {
    let id = MessageId::from_bytes(id);
    match mark {
        NOTICE => happening(id),
        DIVIDES => view! { <UnreadDivider /> }.into_any(),
        _ => view! { <MessageRow id mine=mark & MINE != 0 first=mark & FIRST != 0 /> }.into_any(),
    }
}

#[component]
fn UnreadDivider() -> impl IntoView {
    let texts = texts();
    view! {
        <div class="divider-unread" data-testid="divider-unread" role="separator">
            {move || texts.get().new_messages}
        </div>
    }
}

/// Above the oldest message that is here: whether there are older ones.
#[component]
fn Edge() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let texts = texts();
    let has_more = Memo::new(move |_| chat.timeline.with(|timeline| timeline.has_more()));
    view! {
        <div class="log__edge">
            <When
                holds=has_more
                otherwise=move || view! { <p>{move || texts.get().beginning}</p> }
            >
                <span class="spinner" role="img" aria-label=move || texts.get().loading></span>
            </When>
        </div>
    }
}

/// The way to the newest message, with how many there are that were not seen.
#[component]
fn Jump(at_end: ReadSignal<bool>) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let handles = handles();
    let texts = texts();
    let unread = Memo::new(move |_| chat.unread.with(|unread| unread.count));
    let has_unread = Memo::new(move |_| unread.get() > 0);
    view! {
        <When holds=move || !at_end.get()>
            <button
                type="button"
                class="jump"
                data-testid="jump"
                data-unread=move || has_unread.get()
                aria-label=move || (texts.get().jump)(unread.get())
                on:click=pressed(move || {
                    if let Some(to_end) = handles.to_end.get_value() {
                        to_end.run(true);
                    }
                    if !dom::is_touch_first() {
                        handles.focus_composer();
                    }
                })
            >
                <Icon of=Drawing::Down />
                {move || has_unread.get().then(|| unread.get().to_string())}
            </button>
        </When>
    }
}
