//! What a browser keeps for its tabs. It outlives them, may take its time, and carries what they tell each other. It does not
//! know what is done with it.

use std::cell::{RefCell, RefMut};
use std::collections::BTreeMap;
use std::rc::Rc;

use parley_client::outbox::{KeptMessage, Shelf};
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};

/// One tab's way to what its browser keeps.
#[derive(Clone)]
pub(crate) struct Keeping {
    browser: Rc<RefCell<Browser>>,
    tab: usize,
}

/// A browser.
#[derive(Default)]
struct Browser {
    outbox: BTreeMap<MessageId, KeptMessage>,
    cached: BTreeMap<String, String>,
    /// Whether a message is kept, and the turn to send had, only when the play says so.
    is_slow: bool,
    /// Which tab has the turn to send.
    turn: Option<usize>,
    tabs: Vec<Tab>,
}

/// What a tab has in hand.
#[derive(Default)]
struct Tab {
    /// What waits to be sent, as far as it knows.
    known: BTreeMap<MessageId, KeptMessage>,
    /// Messages on their way to where they are kept.
    on_their_way: Vec<KeptMessage>,
    /// What was cached since the page began to save last, with what stood there before: each text is written by itself, and
    /// a page that ends meanwhile leaves some of them as they were.
    lately: Vec<(String, Option<String>)>,
    wants_turn: bool,
    /// What it is to be told.
    told: Vec<News>,
}

/// What a tab is told.
#[derive(Debug, Clone)]
pub(crate) enum News {
    /// Its message is kept.
    Done(MessageId),
    /// The turn to send is its own, or no longer.
    Turn(bool),
    /// Another tab keeps a message.
    Kept(KeptMessage),
    /// The server has a message of another tab.
    Passed(MessageId, ConversationId, Seq),
    /// Another tab gave a message up.
    Forgotten(MessageId),
}

impl Keeping {
    /// A browser with one tab.
    pub(crate) fn new(is_slow: bool) -> Self {
        let browser = Browser {
            is_slow,
            tabs: vec![Tab::default()],
            ..Browser::default()
        };
        Self {
            browser: Rc::new(RefCell::new(browser)),
            tab: 0,
        }
    }

    /// Another tab of the same browser.
    pub(crate) fn another_tab(&self) -> Self {
        let mut browser = self.browser.borrow_mut();
        browser.tabs.push(Tab::default());
        Self {
            browser: Rc::clone(&self.browser),
            tab: browser.tabs.len() - 1,
        }
    }

    /// The tab has a page from now on, which reads what is kept.
    pub(crate) fn begin_page(&self) -> Vec<(String, String)> {
        let mut browser = self.browser.borrow_mut();
        browser.tabs[self.tab].known = browser.outbox.clone();
        let cached = browser.cached.iter();
        cached
            .map(|(key, text)| (key.clone(), text.clone()))
            .collect()
    }

    /// What it was asked to do is done, and what is told is heard. With `steals`, whoever waits for the turn takes it
    /// from who has it.
    pub(crate) fn get_on(&self, steals: bool) -> Vec<News> {
        let mut browser = self.browser.borrow_mut();
        let mut news = std::mem::take(&mut browser.tabs[self.tab].told);
        let kept = std::mem::take(&mut browser.tabs[self.tab].on_their_way);
        for message in kept {
            news.push(News::Done(message.id));
            self.put(&mut browser, message);
        }
        for one in &news {
            let known = &mut browser.tabs[self.tab].known;
            match one {
                News::Kept(message) => drop(known.insert(message.id, message.clone())),
                News::Passed(id, ..) | News::Forgotten(id) => drop(known.remove(id)),
                News::Done(_) | News::Turn(_) => {}
            }
        }
        let wants_turn = browser.tabs[self.tab].wants_turn;
        if wants_turn && (browser.turn.is_none() || steals) {
            browser.tabs[self.tab].wants_turn = false;
            if let Some(former) = browser.turn.replace(self.tab) {
                browser.tabs[former].told.push(News::Turn(false));
            }
            news.push(News::Turn(true));
        }
        news
    }

    /// Keeps a message, and tells the other tabs.
    fn put(&self, browser: &mut RefMut<'_, Browser>, message: KeptMessage) {
        browser.outbox.insert(message.id, message.clone());
        self.tell_others(browser, &News::Kept(message));
    }

    fn tell_others(&self, browser: &mut RefMut<'_, Browser>, news: &News) {
        let others = browser.tabs.iter_mut().enumerate();
        for (_, other) in others.filter(|(tab, _)| *tab != self.tab) {
            other.told.push(news.clone());
        }
    }

    fn take_down(&self, id: MessageId, news: &News) {
        let mut browser = self.browser.borrow_mut();
        let tab = &mut browser.tabs[self.tab];
        tab.on_their_way.retain(|message| message.id != id);
        if tab.known.remove(&id).is_some() {
            browser.outbox.remove(&id);
            self.tell_others(&mut browser, news);
        }
    }

    /// Whether a message outlives the page.
    pub(crate) fn has(&self, id: MessageId) -> bool {
        self.browser.borrow().outbox.contains_key(&id)
    }

    /// The tab's page is gone: so is what was on its way, which is named, and so are the last texts that were cached, as many
    /// as this.
    pub(crate) fn end_page(&self, torn: usize) -> Vec<MessageId> {
        let mut browser = self.browser.borrow_mut();
        let tab = std::mem::take(&mut browser.tabs[self.tab]);
        for (key, before) in tab.lately.into_iter().rev().take(torn) {
            put(&mut browser.cached, key, before);
        }
        browser.turn.take_if(|turn| *turn == self.tab);
        tab.on_their_way.iter().map(|message| message.id).collect()
    }

    /// The page begins to save: what it cached before is where it belongs.
    pub(crate) fn begin_save(&self) {
        self.browser.borrow_mut().tabs[self.tab].lately.clear();
    }

    /// How many texts may still be on their way.
    pub(crate) fn saved_lately(&self) -> usize {
        self.browser.borrow().tabs[self.tab].lately.len()
    }
}

fn put(cached: &mut BTreeMap<String, String>, key: String, text: Option<String>) -> Option<String> {
    match text {
        Some(text) => cached.insert(key, text),
        None => cached.remove(&key),
    }
}

impl Shelf for Keeping {
    fn keep(&self, message: &KeptMessage) -> bool {
        let mut browser = self.browser.borrow_mut();
        let is_slow = browser.is_slow;
        let tab = &mut browser.tabs[self.tab];
        if tab.known.insert(message.id, message.clone()).as_ref() == Some(message) {
            return true;
        }
        if is_slow {
            tab.on_their_way.push(message.clone());
        } else {
            self.put(&mut browser, message.clone());
        }
        !is_slow
    }

    fn forget(&self, id: MessageId) {
        self.take_down(id, &News::Forgotten(id));
    }

    fn pass(&self, id: MessageId, conversation: ConversationId, seq: Seq) {
        self.take_down(id, &News::Passed(id, conversation, seq));
    }

    fn all(&self) -> Vec<KeptMessage> {
        let browser = self.browser.borrow();
        let known = browser.tabs[self.tab].known.values();
        known.cloned().collect()
    }

    fn take_turn(&self) -> bool {
        let mut browser = self.browser.borrow_mut();
        // Where there are several tabs, it comes after whatever they have told each other.
        let is_had = !browser.is_slow && browser.tabs.len() == 1;
        if is_had {
            browser.turn = Some(self.tab);
        }
        browser.tabs[self.tab].wants_turn = !is_had;
        is_had
    }

    fn leave_turn(&self) {
        let mut browser = self.browser.borrow_mut();
        browser.tabs[self.tab].wants_turn = false;
        browser.turn.take_if(|turn| *turn == self.tab);
    }

    fn cache(&self, key: String, text: Option<String>) {
        let mut browser = self.browser.borrow_mut();
        let before = put(&mut browser.cached, key.clone(), text);
        browser.tabs[self.tab].lately.push((key, before));
    }

    fn wipe(&self, _with_drafts: bool) {
        let mut browser = self.browser.borrow_mut();
        browser.cached.clear();
        browser.tabs[self.tab].lately.clear();
    }

    fn belong_to(&self, _reader: UserId, _is_first: bool) {}
}
