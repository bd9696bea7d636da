//! What must hold when everyone has come to rest. It does not know how they came there.
//!
//! The store is the truth of what is there, and a page that was never there before the truth of how it is shown.

use std::collections::{BTreeMap, BTreeSet};

use parley_shared::ids::{ConversationId, MessageId, Seq};

use crate::page::{Page, Written};
use crate::play::Play;

mod store;
mod views;

use store::{Kept, Made, Says, Talk};

/// Everything that must hold and does not, in words.
pub(crate) async fn faults(play: &mut Play<'_>) -> anyhow::Result<Vec<String>> {
    let talks = play.server.app().store().read(store::talks).await?;
    let found = Found::of(&talks);
    let said = Said::of(&play.pages);
    let mut faults = Vec::new();
    whole(&talks, &mut faults);
    play.figures.messages += found.messages.len() as u64;
    for page in &play.pages {
        // What somebody had on its way to where they sit no longer goes nowhere.
        let unseated = page
            .account
            .filter(|account| play.removed.contains(account));
        let unseated = unseated.map(|_| play.template.group);
        promises(page, unseated, &said, &found, &mut faults);
    }
    phantoms(play, &talks, &mut faults);
    if let Err(unrest) = views::views(play, &talks, &mut faults).await {
        faults.push(unrest);
    }
    Ok(faults)
}

/// What the store has, by id.
struct Found<'a> {
    messages: BTreeMap<MessageId, (ConversationId, &'a Kept)>,
    changes: BTreeMap<MessageId, (ConversationId, &'a Made)>,
}

impl<'a> Found<'a> {
    fn of(talks: &'a [Talk]) -> Self {
        let messages = talks.iter().flat_map(|talk| {
            let kept = talk.messages.iter();
            kept.map(|kept| (kept.id, (talk.id, kept)))
        });
        let changes = talks.iter().flat_map(|talk| {
            let made = talk.changes.iter();
            made.map(|made| (made.id, (talk.id, made)))
        });
        Self {
            messages: messages.collect(),
            changes: changes.collect(),
        }
    }

    /// Where a message or a change stands.
    fn place(&self, id: MessageId) -> Option<(ConversationId, Seq)> {
        let message = self.messages.get(&id).map(|(at, kept)| (*at, kept.seq));
        message.or_else(|| self.changes.get(&id).map(|(at, made)| (*at, made.seq)))
    }

    /// Whether a message says nothing any more.
    fn is_erased(&self, id: MessageId) -> bool {
        let message = self.messages.get(&id);
        message.is_some_and(|(_, kept)| kept.says == Says::Nothing)
    }
}

/// What the server said of what was written: to the tab that sent it, which may be another than the one it was written in.
struct Said<'a> {
    accepted: BTreeMap<MessageId, &'a (ConversationId, Seq)>,
    refused: BTreeSet<MessageId>,
}

impl<'a> Said<'a> {
    fn of(pages: &'a [Page]) -> Self {
        let records = || pages.iter().map(|page| &page.record);
        let accepted = records().flat_map(|record| &record.accepted);
        let refused = records().flat_map(|record| record.refused.keys());
        Self {
            accepted: accepted.map(|(id, place)| (*id, place)).collect(),
            refused: refused.copied().collect(),
        }
    }
}

/// The numbers of each conversation have no hole.
fn whole(talks: &[Talk], faults: &mut Vec<String>) {
    for talk in talks {
        if talk.entries != talk.last.0 {
            let Talk {
                id, last, entries, ..
            } = talk;
            faults.push(format!(
                "gap: {id} has {entries} entries, and {last} is its last"
            ));
        }
    }
}

/// What was acknowledged is there, once and where it was said to be; what was refused is not; what was written is there
/// in the order in which it was, unless it was refused or may be lost.
fn promises(
    page: &Page,
    unseated: Option<ConversationId>,
    said: &Said<'_>,
    found: &Found<'_>,
    faults: &mut Vec<String>,
) {
    let (name, record) = (&page.name, &page.record);
    let mut newest: BTreeMap<ConversationId, Seq> = BTreeMap::new();
    for written in &record.written {
        let id = written.id;
        let place = found.place(id);
        // Whoever erases what is erased already has what they want, and it is not done twice.
        let is_done = written.text.is_none() && written.of.is_some_and(|of| found.is_erased(of));
        if let Some(promised) = said.accepted.get(&id) {
            match &place {
                None if is_done => {}
                None => faults.push(format!(
                    "lost: {id:?} of {name}, acknowledged at {promised:?}"
                )),
                Some(place) if place != *promised => faults.push(format!(
                    "moved: {id:?} of {name}, acknowledged at {promised:?}, is at {place:?}"
                )),
                Some(_) => {}
            }
        }
        let Some((conversation, seq)) = place else {
            let was_to_go_there =
                unseated.is_some() && (written.shown.is_none() || written.shown == unseated);
            let may_be_lost = written.is_forgiven || was_to_go_there || is_done;
            if !said.refused.contains(&id) && !may_be_lost {
                faults.push(format!("lost: {id:?} of {name}, written and never refused"));
            }
            continue;
        };
        if said.refused.contains(&id) && written.reached == 1 {
            faults.push(format!("phantom: {id:?} of {name}, refused, is there"));
        }
        says_what_was_written(page, written, found, faults);
        let before = newest.insert(conversation, seq);
        if let Some(before) = before.filter(|before| *before > seq) {
            faults.push(format!(
                "reordered: {id:?} of {name} is at {seq}, after one at {before}"
            ));
        }
    }
}

/// A message says what it was written to say, where nothing changed it, and what its newest change says.
fn says_what_was_written(
    page: &Page,
    written: &Written,
    found: &Found<'_>,
    faults: &mut Vec<String>,
) {
    let mut kept = found.messages.values().copied();
    let message = match (found.changes.get(&written.id), written.of) {
        (Some((at, made)), Some(of)) => {
            let changed = kept.find(|(its, kept)| its == at && kept.seq == made.of);
            if changed.is_none_or(|(_, kept)| kept.id != of) {
                let (id, name) = (written.id, &page.name);
                faults.push(format!(
                    "misled: {id:?} of {name} changed another than {of:?}"
                ));
            }
            changed.filter(|(_, kept)| kept.changed == made.seq)
        }
        _ => kept.find(|(_, kept)| kept.id == written.id && kept.changed == kept.seq),
    };
    let says = match &written.text {
        Some(text) => Says::Words(text.clone()),
        None => Says::Nothing,
    };
    if let Some((_, kept)) = message.filter(|(_, kept)| kept.says != says) {
        let name = &page.name;
        faults.push(format!("altered: {kept:?} of {name} was to say {says:?}"));
    }
}

/// Nothing is there that nobody wrote, and nothing twice.
fn phantoms(play: &Play<'_>, talks: &[Talk], faults: &mut Vec<String>) {
    let written = play.pages.iter().flat_map(|page| &page.record.written);
    let mut texts = BTreeMap::new();
    for written in written.filter(|written| written.of.is_none()) {
        texts
            .entry(&written.text)
            .or_insert_with(Vec::new)
            .push(written.id);
    }
    let known: BTreeSet<MessageId> = texts
        .values()
        .flatten()
        .chain(&play.flood)
        .copied()
        .collect();
    let kept: Vec<&Kept> = talks.iter().flat_map(|talk| &talk.messages).collect();
    for kept in &kept {
        if kept.says != Says::Notice && !known.contains(&kept.id) {
            faults.push(format!("phantom: nobody wrote {:?}", kept.id));
        }
    }
    for (text, ids) in texts {
        let there = kept.iter().filter(|kept| ids.contains(&kept.id)).count();
        if there > 1 {
            faults.push(format!("double: {text:?} is there {there} times"));
        }
    }
}
