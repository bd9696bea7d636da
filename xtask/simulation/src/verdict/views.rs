//! What every page must show when everyone has come to rest: what a page of the same person shows that was never there
//! before, and that one what the store has. It does not know what was written.

use std::sync::Arc;

use leptos::prelude::ReadUntracked as _;
use parley_shared::model::{Conversation, Message};
use parley_shared::timeline::PendingState;

use super::store::Talk;
use crate::page::Page;
use crate::play::Play;

/// Every page shows what a fresh page of the same person does.
pub(super) async fn views(
    play: &mut Play<'_>,
    talks: &[Talk],
    faults: &mut Vec<String>,
) -> Result<(), String> {
    let count = play.pages.len();
    // In the order of the pages, and not in that of ids, which are others each time.
    let mut accounts: Vec<_> = play.pages.iter().map(|page| page.account).collect();
    accounts.dedup();
    for account in accounts {
        let of: Vec<usize> = (0..count)
            .filter(|at| play.pages[*at].account == account)
            .collect();
        let fresh = play.add(account, play.pages[of[0]].shown);
        play.come_to_rest().await?;
        for at in &of {
            lists(&play.pages[*at], &play.pages[fresh], faults);
        }
        for conversation in play.listed(fresh) {
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
        // Now that all is read, each knows so of the others.
        for at in &of {
            lists(&play.pages[*at], &play.pages[fresh], faults);
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
        let counted = (known.read, known.unread, known.mentions);
        let counted = (!is_guest && !is_open).then_some(counted);
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
