//! What must hold when everyone has come to rest. It does not know how they came there.
//!
//! The store is the truth of what is there, and a page that was never there before the truth of how it is shown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use leptos::prelude::ReadUntracked as _;
use parley_server::store::sqlite::Connection;
use parley_server::store::{Result, conversations};
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::model::{Conversation, Message};
use parley_shared::timeline::PendingState;

use crate::page::Page;
use crate::play::Play;

/// A message as the store has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kept {
    id: MessageId,
    seq: Seq,
    is_notice: bool,
}

/// A conversation as the store has it.
#[derive(Debug)]
struct Talk {
    id: ConversationId,
    last: Seq,
    entries: u64,
    messages: Vec<Kept>,
}

/// Everything that must hold and does not, in words.
pub(crate) async fn faults(play: &mut Play<'_>) -> anyhow::Result<Vec<String>> {
    let talks = play.server.app().store().read(talks).await?;
    let mut faults = Vec::new();
    whole(&talks, &mut faults);
    let mut places = BTreeMap::new();
    for talk in &talks {
        places.extend(
            talk.messages
                .iter()
                .map(|kept| (kept.id, (talk.id, kept.seq))),
        );
    }
    play.figures.messages += places.len() as u64;
    for page in &play.pages {
        // What somebody had on its way to where they sit no longer goes nowhere.
        let unseated = page
            .account
            .filter(|account| play.removed.contains(account));
        let unseated = unseated.map(|_| play.template.group);
        promises(page, unseated, &places, &mut faults);
    }
    phantoms(play, &talks, &mut faults);
    if let Err(unrest) = views(play, &talks, &mut faults).await {
        faults.push(unrest);
    }
    Ok(faults)
}

fn talks(connection: &mut Connection) -> Result<Vec<Talk>> {
    let mut talks = Vec::new();
    let mut place = None;
    while let Some(id) = conversations::next(connection, place)? {
        place = Some(id);
        let Some(progress) = conversations::progress_of(connection, id)? else {
            continue;
        };
        let entries = connection.query_one(
            "SELECT COUNT(*) FROM entries WHERE conversation_id = $1",
            &[id.as_bytes().into()],
            |row| row.number(0),
        )?;
        let messages = connection.query(
            "SELECT id, seq, body FROM messages WHERE conversation_id = $1 ORDER BY seq",
            &[id.as_bytes().into()],
            |row| {
                Ok(Kept {
                    id: MessageId::from_bytes(row.bytes(0)?),
                    seq: Seq(row.number(1)?),
                    is_notice: row.text(2)?.starts_with("{\"type\":\"notice\""),
                })
            },
        )?;
        talks.push(Talk {
            id,
            last: progress.last,
            entries: entries.unwrap_or(0),
            messages,
        });
    }
    Ok(talks)
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
    places: &BTreeMap<MessageId, (ConversationId, Seq)>,
    faults: &mut Vec<String>,
) {
    let (name, record) = (&page.name, &page.record);
    for (id, promised) in &record.accepted {
        match places.get(id) {
            None => faults.push(format!(
                "lost: {id:?} of {name}, acknowledged at {promised:?}"
            )),
            Some(place) if place != promised => faults.push(format!(
                "moved: {id:?} of {name}, acknowledged at {promised:?}, is at {place:?}"
            )),
            Some(_) => {}
        }
    }
    let mut newest: BTreeMap<ConversationId, Seq> = BTreeMap::new();
    for written in &record.written {
        let id = written.id;
        let Some((conversation, seq)) = places.get(&id) else {
            let was_to_go_there =
                unseated.is_some() && (written.shown.is_none() || written.shown == unseated);
            let may_be_lost = written.is_forgiven || was_to_go_there;
            if !record.refused.contains_key(&id) && !may_be_lost {
                faults.push(format!("lost: {id:?} of {name}, written and never refused"));
            }
            continue;
        };
        if record.refused.contains_key(&id) && written.reached == 1 {
            faults.push(format!("phantom: {id:?} of {name}, refused, is there"));
        }
        if let Some(before) = newest
            .insert(*conversation, *seq)
            .filter(|before| before > seq)
        {
            faults.push(format!(
                "reordered: {id:?} of {name} is at {seq}, after one at {before}"
            ));
        }
    }
}

/// Nothing is there that nobody wrote, and nothing twice.
fn phantoms(play: &Play<'_>, talks: &[Talk], faults: &mut Vec<String>) {
    let written = play.pages.iter().flat_map(|page| &page.record.written);
    let mut texts = BTreeMap::new();
    for written in written {
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
        if !kept.is_notice && !known.contains(&kept.id) {
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

/// Every page shows what a fresh page of the same person does.
async fn views(
    play: &mut Play<'_>,
    talks: &[Talk],
    faults: &mut Vec<String>,
) -> std::result::Result<(), String> {
    let count = play.pages.len();
    let accounts: BTreeSet<Option<UserId>> = play.pages.iter().map(|page| page.account).collect();
    for account in accounts {
        let of: Vec<usize> = (0..count)
            .filter(|at| play.pages[*at].account == account)
            .collect();
        let fresh = play.add(account, play.pages[of[0]].shown);
        play.come_to_rest().await?;
        for at in &of {
            lists(&play.pages[*at], &play.pages[fresh], faults);
        }
        for conversation in play.pages[fresh].listed() {
            play.visit(fresh, conversation).await?;
            play.read_back(fresh).await?;
            let truth = shown(&play.pages[fresh]);
            let talk = talks.iter().find(|talk| talk.id == conversation);
            ends_alike(&play.pages[fresh], &truth, talk, faults);
            for at in &of {
                play.visit(*at, conversation).await?;
                agrees(&play.pages[*at], &truth, faults);
            }
        }
    }
    Ok(())
}

fn shown(page: &Page) -> Vec<Arc<Message>> {
    page.chat
        .timeline
        .read_untracked()
        .messages()
        .cloned()
        .collect()
}

/// A fresh page ends with what the store has.
fn ends_alike(page: &Page, shown: &[Arc<Message>], talk: Option<&Talk>, faults: &mut Vec<String>) {
    let Some(talk) = talk else {
        faults.push(format!(
            "phantom: {} is in a conversation that is not there",
            page.name
        ));
        return;
    };
    let kept: Vec<_> = talk
        .messages
        .iter()
        .map(|kept| (kept.id, kept.seq))
        .collect();
    let shown: Vec<_> = shown
        .iter()
        .map(|message| (message.id, message.seq))
        .collect();
    let has_more = page.chat.timeline.read_untracked().has_more();
    if !kept.ends_with(&shown) || (!has_more && kept.len() != shown.len()) {
        faults.push(format!(
            "unseen: {} does not show what is kept of {}",
            page.name, talk.id
        ));
    }
}

/// A page shows the same messages as a fresh one, none missing, and none of its own still waits.
fn agrees(page: &Page, truth: &[Arc<Message>], faults: &mut Vec<String>) {
    let (name, timeline) = (&page.name, page.chat.timeline.read_untracked());
    let shown: Vec<_> = timeline.messages().cloned().collect();
    let common = shown.len().min(truth.len());
    let (mine, others) = (
        &shown[shown.len() - common..],
        &truth[truth.len() - common..],
    );
    if let Some((mine, other)) = mine.iter().zip(others).find(|(mine, other)| mine != other) {
        faults.push(format!(
            "unlike: {name} shows {mine:?}, and it is {other:?}"
        ));
    }
    if common == 0 && !truth.is_empty() {
        faults.push(format!("unseen: {name} shows nothing"));
    }
    if !timeline.has_more() && shown.len() < truth.len() {
        faults.push(format!(
            "unseen: {name} shows {} of {}",
            shown.len(),
            truth.len()
        ));
    }
    if let Some(since) = timeline.missing() {
        faults.push(format!(
            "unseen: {name} knows that it misses what follows {since}"
        ));
    }
    for pending in timeline.pending() {
        if pending.state == PendingState::Waiting {
            faults.push(format!("stuck: {:?} of {name} waits for ever", pending.id));
        }
    }
}

/// Two pages of one person list the same conversations in the same state.
fn lists(page: &Page, fresh: &Page, faults: &mut Vec<String>) {
    let (mine, truth) = (
        page.chat.list.read_untracked(),
        fresh.chat.list.read_untracked(),
    );
    let is_guest = page.account.is_none();
    let looks = |known: &Conversation| {
        let is_open = page.open_id() == Some(known.id) || fresh.open_id() == Some(known.id);
        let counted = (!is_guest && !is_open).then_some((known.read, known.unread));
        (
            known.id,
            known.last,
            known.latest.clone(),
            known.closed,
            counted,
        )
    };
    let (mine, truth): (Vec<_>, Vec<_>) = (
        mine.all().map(|k| looks(k)).collect(),
        truth.all().map(|k| looks(k)).collect(),
    );
    for (mine, truth) in mine.iter().zip(&truth) {
        if mine != truth {
            faults.push(format!(
                "list: {} has {mine:?}, and it is {truth:?}",
                page.name
            ));
        }
    }
    if mine.len() != truth.len() {
        faults.push(format!(
            "list: {} has {} of {}",
            page.name,
            mine.len(),
            truth.len()
        ));
    }
}
