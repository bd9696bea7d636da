//! Whom a message of one's own has reached: by name where that is told, else in numbers. It does not know what it says.

use leptos::prelude::*;
use parley_shared::api::receipts::Reached;
use parley_shared::ids::{MessageId, Seq, UserId};

use super::draw::panel;
use crate::account::accounts;
use crate::components::account::listing::Listing;
use crate::components::person::{Portrait, person_now};
use crate::components::said::name_now;
use crate::state::{Chat, Reach};
use crate::text::talk::TalkTexts;
use crate::text::texts;

/// A heading of these lists.
type Heading = fn(&TalkTexts) -> &'static str;

/// Whom a message has reached.
pub(super) fn reached(id: MessageId) -> AnyView {
    let chat = expect_context::<Chat>();
    let accounts = accounts();
    let texts = texts();
    let place = chat
        .timeline
        .with_untracked(|timeline| timeline.message(id).map(|message| message.seq));
    let (Some(conversation), Some(place)) = (chat.open.get_untracked(), place) else {
        return ().into_any();
    };
    let is_told = chat
        .receipts
        .with_untracked(|receipts| receipts.others().next().is_some());
    let body = if is_told {
        by_name(chat, place)
    } else {
        Listing::new(move || accounts.reached(conversation, id)).view(in_numbers)
    };
    let hint = view! { <p class="field__hint">{move || texts.get().talk().reached_hint}</p> };
    panel(
        "reached-panel",
        |texts| texts.talk().reached,
        vec![body, hint.into_any()],
    )
}

fn by_name(chat: Chat, place: Seq) -> AnyView {
    let all: [(Reach, Heading); 3] = [
        (Reach::Read, |texts| texts.reached_read),
        (Reach::Delivered, |texts| texts.reached_delivered),
        (Reach::Sent, |texts| texts.reached_not),
    ];
    let lists = all.map(|(reach, heading)| {
        let people = Memo::new(move |_| {
            let mut people: Vec<UserId> = chat.receipts.with(|receipts| {
                let others = receipts.others();
                let here = others.filter(|told| Reach::of(told, place) == reach);
                here.map(|told| told.person).collect()
            });
            people.sort_unstable();
            people
        });
        one_list(chat, reach == Reach::Read, heading, people)
    });
    lists.into_iter().collect_view().into_any()
}

/// Those whom it has reached so far. Of none it is said only where one looks for someone.
fn one_list(
    chat: Chat,
    is_said_of_none: bool,
    heading: Heading,
    people: Memo<Vec<UserId>>,
) -> AnyView {
    let texts = texts();
    let row = move |id: UserId| {
        view! {
            <li class="person">
                <Portrait of=Signal::derive(move || person_now(chat, id)) small=true />
                <span class="truncate">{move || name_now(chat, id, texts.get())}</span>
            </li>
        }
        .into_any()
    };
    let shown = move || {
        let people = people.get();
        if people.is_empty() && !is_said_of_none {
            return ().into_any();
        }
        let none = people.is_empty();
        let rows = people.into_iter().map(row).collect_view();
        view! {
            <section class="reached">
                <h3 class="reached__title">{move || heading(texts.get().talk())}</h3>
                <ul class="reached__people">{rows}</ul>
                {none
                    .then(|| {
                        view! { <p class="listing__none">{move || texts.get().talk().reached_nobody}</p> }
                            .into_any()
                    })}
            </section>
        }
        .into_any()
    };
    (move || shown()).into_any()
}

fn in_numbers(counts: Reached) -> AnyView {
    let texts = texts();
    let fact = move |test_id: &'static str, heading: Heading, count: u32| {
        view! {
            <div class="reached__fact">
                <dt>{move || heading(texts.get().talk())}</dt>
                <dd data-testid=test_id>
                    {move || (texts.get().talk().reached_of)(count, counts.of)}
                </dd>
            </div>
        }
        .into_any()
    };
    view! {
        <dl class="reached">
            {fact("reached-read", |texts| texts.reached_read, counts.read)}
            {fact("reached-delivered", |texts| texts.reached_delivered, counts.delivered)}
        </dl>
    }
    .into_any()
}
