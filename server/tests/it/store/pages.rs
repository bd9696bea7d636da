//! Pages of history and of changes: none is too large, and together they miss nothing.

use parley_shared::ids::Seq;
use parley_shared::limits::{PAGE_BYTES_MAX, PAGE_MESSAGES_MAX, TEXT_BYTES_MAX};

use super::{Kept, places, texts};

#[tokio::test(flavor = "multi_thread")]
async fn history_comes_in_pages_from_the_newest_to_the_first() {
    let mut kept = Kept::new().await;
    let empty = kept.history(None).await;
    assert_eq!(
        (places(&empty), empty.through, empty.more),
        (vec![], Seq(0), false)
    );
    let count = PAGE_MESSAGES_MAX as u64 * 2 + 1;
    kept.add(1, &texts(count as usize));
    let mut before = None;
    let mut all = Vec::new();
    for expected in [PAGE_MESSAGES_MAX, PAGE_MESSAGES_MAX, 1] {
        let page = kept.history(before).await;
        assert_eq!((page.messages.len(), page.through), (expected, Seq(count)));
        assert!(
            page.messages.is_sorted_by_key(|message| message.seq),
            "oldest first"
        );
        assert_eq!(page.people.len(), 1, "each author once");
        before = places(&page).first().copied();
        assert_eq!(page.more, before != Some(1));
        all.splice(0..0, places(&page));
    }
    assert_eq!(all, (1..=count).collect::<Vec<_>>());
    assert!(places(&kept.history(Some(1)).await).is_empty());
    assert!(!kept.history(Some(1)).await.more);
    assert_eq!(
        places(&kept.history(Some(PAGE_MESSAGES_MAX as u64 + 1)).await).len(),
        PAGE_MESSAGES_MAX
    );
    assert!(
        !kept.history(Some(PAGE_MESSAGES_MAX as u64 + 1)).await.more,
        "exactly one page"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_come_in_pages_from_a_number_to_the_newest() {
    let mut kept = Kept::new().await;
    let count = PAGE_MESSAGES_MAX as u64 * 2;
    kept.add(1, &texts(count as usize));
    let mut since = 0;
    let mut all = Vec::new();
    loop {
        let page = kept.changes(since).await;
        all.extend(places(&page));
        assert!(page.through > Seq(since) || !page.more, "it goes on");
        since = page.through.0;
        if !page.more {
            break;
        }
    }
    assert_eq!(all, (1..=count).collect::<Vec<_>>());
    assert_eq!(since, count);
    let none = kept.changes(count).await;
    assert_eq!(
        (places(&none), none.through, none.more),
        (vec![], Seq(count), false)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_a_later_one_overtook_is_passed_over() {
    let mut kept = Kept::new().await;
    kept.add(1, &texts(3));
    kept.change(4, 1);
    kept.change(5, 2);
    kept.change(6, 1);
    let page = kept.changes(0).await;
    let changed: Vec<_> = page
        .messages
        .iter()
        .map(|m| (m.seq.0, m.changed.0))
        .collect();
    assert_eq!(
        changed,
        [(3, 3), (2, 5), (1, 6)],
        "each once, as it stands now, by change"
    );
    assert_eq!((page.through, page.more), (Seq(6), false));
    assert_eq!(places(&kept.changes(4).await), [2, 1]);
    assert_eq!(places(&kept.changes(5).await), [1]);
    // Its place is where it was written.
    assert_eq!(places(&kept.history(None).await), [1, 2, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_changes_ends_before_one_that_was_overtaken_without_losing_its_place() {
    let mut kept = Kept::new().await;
    let count = PAGE_MESSAGES_MAX as u64 + 5;
    kept.add(1, &texts(count as usize));
    // The very message at which the first page would end, and the one after it.
    kept.change(count + 1, PAGE_MESSAGES_MAX as u64);
    kept.change(count + 2, PAGE_MESSAGES_MAX as u64 + 1);
    let mut since = 0;
    let mut newest = std::collections::BTreeMap::new();
    loop {
        let page = kept.changes(since).await;
        newest.extend(page.messages.iter().map(|m| (m.seq.0, m.changed.0)));
        since = page.through.0;
        if !page.more {
            break;
        }
    }
    assert_eq!(newest.len() as u64, count);
    assert_eq!(newest[&(PAGE_MESSAGES_MAX as u64)], count + 1);
    assert_eq!(newest[&(PAGE_MESSAGES_MAX as u64 + 1)], count + 2);
    assert_eq!(since, count + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_ends_early_rather_than_be_too_large() {
    let mut kept = Kept::new().await;
    let large = vec!["x".repeat(TEXT_BYTES_MAX); 20];
    kept.add(1, &large);
    for page in [kept.history(None).await, kept.changes(0).await] {
        let bytes: usize = page
            .messages
            .iter()
            .map(|message| serde_json::to_string(&message.body).unwrap().len())
            .sum();
        assert!(bytes <= PAGE_BYTES_MAX, "{bytes}");
        assert!(
            bytes > PAGE_BYTES_MAX / 2,
            "{bytes}: it is not cut more than it must"
        );
        assert!(page.more);
    }
    let mut before = None;
    let mut all = Vec::new();
    loop {
        let page = kept.history(before).await;
        all.splice(0..0, places(&page));
        before = places(&page).first().copied();
        if !page.more {
            break;
        }
    }
    assert_eq!(all, (1..=20).collect::<Vec<_>>());
    let changes = kept.changes(0).await;
    assert_eq!(changes.through.0, *places(&changes).last().unwrap());
}
