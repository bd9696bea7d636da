//! The log: days of messages, what is new among them, the way back to the newest. It does not know how a message looks.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::{ev, html};
use parley_shared::ids::MessageId;

use super::empty::{Bones, Empty};
use super::icon::{Drawing, Icon};
use super::message_row::{MessageRow, happening};
use super::said::shown_name;
use super::shell::handles;
use super::when::When;
use crate::actions::actions;
use crate::clock::now_ms;
use crate::dates;
use crate::dom::place::{Place, PlaceKeeper};
use crate::dom::{self, Step, pressed};
use crate::rows::{Row, rows};
use crate::state::{Chat, Unread};
use crate::text::texts;

const MESSAGES: &str = "[data-testid=message]";
const DIVIDER: &str = "[data-testid=divider-unread]";

/// A day and what stands below its separator. The number tells days apart that are in the log
/// twice, as happens around midnight when a clock was set.
type DayKey = (i32, usize);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Day {
    key: DayKey,
    at_ms: u64,
    rows: Arc<Vec<Row>>,
}

/// The log.
#[component]
pub fn Log() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let handles = handles();
    let texts = texts();
    let scroller = NodeRef::<html::Div>::new();
    let content = NodeRef::<html::Div>::new();
    let is_loaded = Memo::new(move |_| chat.timeline.with(|timeline| timeline.is_loaded()));
    let at_end = keep_place(scroller, content, is_loaded);
    let days = days(chat);
    let is_empty = Memo::new(move |_| days.with(Vec::is_empty));
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            handles.focus_composer();
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
            let watching = PlaceKeeper::new(scroller.into(), &content, MESSAGES, moved);
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
    Memo::new(move |_| {
        let unread = Unread {
            divider: divider.get(),
            count: 0,
        };
        let rows = chat
            .timeline
            .with(|timeline| rows(timeline, me.get(), &unread, dates::local_day));
        by_day(rows)
    })
}

fn by_day(rows: Vec<Row>) -> Vec<Day> {
    let mut days: Vec<(DayKey, u64, Vec<Row>)> = Vec::new();
    for row in rows {
        match (row, days.last_mut()) {
            (Row::Day { day, at_ms }, _) => {
                let times = days.iter().filter(|((other, _), ..)| *other == day).count();
                days.push(((day, times), at_ms, Vec::new()));
            }
            (row, Some((_, _, rows))) => rows.push(row),
            // Every other row stands below a day.
            (_, None) => {}
        }
    }
    let day = |(key, at_ms, rows)| Day {
        key,
        at_ms,
        rows: Arc::new(rows),
    };
    days.into_iter().map(day).collect()
}

#[component]
fn Days(days: Memo<Vec<Day>>) -> impl IntoView {
    let texts = texts();
    let today = handles().today;
    let rows_of = Memo::new(move |_| {
        days.with(|days| {
            let rows = days.iter().map(|day| (day.key, day.rows.clone()));
            rows.collect::<HashMap<DayKey, Arc<Vec<Row>>>>()
        })
    });
    let section = move |day: Day| {
        let Day { key, at_ms, .. } = day;
        let rows =
            Memo::new(move |_| rows_of.with(|all| all.get(&key).cloned().unwrap_or_default()));
        let label = move || {
            let _midnight = today.get();
            dates::day(at_ms, now_ms(), texts.get())
        };
        view! {
            <section class="day">
                <h2 class="divider-day" data-testid="divider-day">
                    {move || label()}
                </h2>
                <For each=move || rows.with(|rows| rows.to_vec()) key=row_key children=draw />
            </section>
        }
    };
    view! { <For each=move || days.get() key=|day| day.key children=section /> }
}

/// Tells rows apart. Whether a message ends a run is not part of it: the style sheet sees that by
/// what follows, so a message that arrives leaves the one before it, and what is selected in it, alone.
fn row_key(row: &Row) -> Option<(MessageId, bool, bool)> {
    match *row {
        Row::Message {
            id, mine, first, ..
        } => Some((id, mine, first)),
        Row::Notice { id } => Some((id, false, false)),
        Row::Day { .. } | Row::Unread => None,
    }
}

fn draw(row: Row) -> AnyView {
    match row {
        Row::Message {
            id, mine, first, ..
        } => view! { <MessageRow id mine first /> }.into_any(),
        Row::Notice { id } => happening(id),
        Row::Unread => view! { <UnreadDivider /> }.into_any(),
        Row::Day { .. } => ().into_any(),
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
