//! The page as its reader has it: what is seen, what is typed, what is clicked. It does not know how that works.

use futures_util::SinkExt as _;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use parley_client::app::{ConnectedApp, ConnectedAppProps};
use parley_client::socket::{PageEnds, SocketCommand, SocketEvent, channels};
use parley_client::storage::database;
use parley_shared::ids::MessageId;
use parley_shared::protocol::{ChatMessage, ClientCommand, ServerEvent};
use wasm_bindgen::JsCast as _;
use web_sys::{
    CompositionEvent, DataTransfer, Element, Event, EventInit, File, FilePropertyBag, HtmlElement,
    HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, KeyboardEvent,
    KeyboardEventInit,
};

use crate::browser;
use crate::desk::Desk;
use crate::server;

/// What makes the log one that scrolls; the rest of the style is of no importance here.
const STYLE: &str = "
    .app { block-size: 400px; display: flex; flex-direction: column; }
    .conversation { display: flex; flex-direction: column; min-block-size: 0; flex: 1; }
    .log { display: flex; flex-direction: column; min-block-size: 0; flex: 1; }
    .log__scroller { overflow-y: auto; overflow-anchor: none; min-block-size: 0; flex: 1; }
    .sidebar { max-block-size: 100px; overflow: auto; flex: none; }
    dialog:not([open]) { display: none; }
    svg { inline-size: 1rem; block-size: 1rem; }
";

/// A page that is shown, and the server's end of its connection.
pub(crate) struct Page {
    root: HtmlElement,
    server: PageEnds,
    /// What it told the socket before it was ready.
    early: Vec<SocketCommand>,
    /// Takes the page down when it is dropped.
    _mounted: Box<dyn std::any::Any>,
}

impl Drop for Page {
    fn drop(&mut self) {
        self.root.remove();
        // The next test begins at the beginning.
        go("/");
    }
}

impl Page {
    /// A page that was just opened by someone who was never here.
    pub(crate) async fn open() -> Self {
        forget_everything().await;
        Self::open_again().await
    }

    /// A page of someone who was never here, at this address, on a server whose desk is played.
    pub(crate) async fn at(address: &str, desk: &Desk) -> Self {
        forget_everything().await;
        let of_window = window().session_storage().unwrap().unwrap();
        of_window.clear().unwrap();
        arrive(address).await;
        Self::mount(desk).await
    }

    /// A page of someone who was here before.
    pub(crate) async fn open_again() -> Self {
        arrive("/").await;
        Self::mount(&Desk::claimed()).await
    }

    async fn mount(desk: &Desk) -> Self {
        let api = desk.api();
        // A test that failed took nothing down, and would have the next ones fail.
        while let Some(left) = document().query_selector("body > .tested").unwrap() {
            left.remove();
        }
        let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        root.set_class_name("tested");
        let style = document().create_element("style").unwrap();
        style.set_text_content(Some(STYLE));
        document().body().unwrap().append_child(&root).unwrap();
        let (ends, server) = channels();
        let mounted = mount_to(root.clone(), move || {
            ConnectedApp(ConnectedAppProps { ends, api })
        });
        root.append_child(&style).unwrap();
        let mut page = Self {
            root,
            server,
            early: Vec::new(),
            _mounted: Box::new(mounted),
        };
        // It hears nothing before it has looked at what is kept.
        page.settle().await;
        while !page.is_ready() {
            page.settle().await;
        }
        page.settle().await;
        page
    }

    /// Whether it told the socket how much it knows.
    fn is_ready(&mut self) -> bool {
        self.early = self.told_all();
        let knows = |told: &SocketCommand| matches!(told, SocketCommand::Since(_));
        self.early.iter().any(knows)
    }

    /// A page that is connected to a conversation with this many messages of Alice.
    pub(crate) async fn with_history(count: u64) -> Self {
        let mut page = Self::open().await;
        page.tell(SocketEvent::Opened).await;
        page.hear(server::welcome(count)).await;
        page.hear(server::history(count)).await;
        page.said();
        page
    }

    /// A page of someone who is in a group with one unread message and talks with Alice; at this address.
    pub(crate) async fn among(address: &str) -> Self {
        let mut page = Self::at(address, &Desk::claimed()).await;
        page.tell(SocketEvent::Opened).await;
        let others = vec![server::in_group(3, 1), server::with_alice(2)];
        page.hear(server::welcome_among(others)).await;
        page
    }

    // ---- The connection ----

    /// The server says something, and the page has time to show it.
    pub(crate) async fn hear(&mut self, event: ServerEvent) {
        self.tell(SocketEvent::Heard(Box::new(event))).await;
    }

    /// Something happens to the connection, and the page has time to show it.
    pub(crate) async fn tell(&mut self, event: SocketEvent) {
        self.server.events.send(event).await.unwrap();
        self.settle().await;
    }

    /// What the page told the socket since it was last asked.
    pub(crate) fn told_all(&mut self) -> Vec<SocketCommand> {
        let mut told = std::mem::take(&mut self.early);
        told.extend(std::iter::from_fn(|| self.server.commands.try_recv().ok()));
        told
    }

    /// What the page told the socket since it was last asked, but how much it knows and what it proves.
    pub(crate) fn told(&mut self) -> Vec<SocketCommand> {
        let told = self.told_all().into_iter();
        told.filter(|told| {
            !matches!(
                told,
                SocketCommand::Since(_) | SocketCommand::Say(ClientCommand::Entries { .. })
            )
        })
        .collect()
    }

    /// What the page said to the server since it was last asked.
    pub(crate) fn said(&mut self) -> Vec<ClientCommand> {
        let told = self.told().into_iter();
        told.filter_map(|command| match command {
            SocketCommand::Say(command) => Some(command),
            SocketCommand::Nudge
            | SocketCommand::Renew
            | SocketCommand::Since(_)
            | SocketCommand::Rest => None,
        })
        .collect()
    }

    /// The messages that the page sent since it was last asked, and their words.
    pub(crate) fn sent(&mut self) -> Vec<(MessageId, String)> {
        let said = self.said().into_iter();
        said.filter_map(|command| match command {
            ClientCommand::Send {
                id,
                body: ChatMessage::Text { text },
                ..
            } => Some((id, text)),
            _ => None,
        })
        .collect()
    }

    // ---- What is seen ----

    /// The first element with this `data-testid`.
    pub(crate) fn find(&self, test_id: &str) -> Option<HtmlElement> {
        let selector = format!("[data-testid={test_id}]");
        let found = self.root.query_selector(&selector).unwrap();
        found.map(|element| element.unchecked_into())
    }

    /// The element with this `data-testid`.
    pub(crate) fn get(&self, test_id: &str) -> HtmlElement {
        self.find(test_id)
            .unwrap_or_else(|| panic!("the page shows no {test_id}"))
    }

    /// The text of the element with this `data-testid`.
    pub(crate) fn text_of(&self, test_id: &str) -> String {
        self.get(test_id).text_content().unwrap_or_default()
    }

    /// How many elements have this `data-testid`.
    pub(crate) fn count(&self, test_id: &str) -> usize {
        self.count_of(&format!("[data-testid={test_id}]"))
    }

    /// How many elements match a selector.
    pub(crate) fn count_of(&self, selector: &str) -> usize {
        self.root.query_selector_all(selector).unwrap().length() as usize
    }

    /// The texts of all elements with this `data-testid`, from top to bottom.
    pub(crate) fn all_texts(&self, test_id: &str) -> Vec<String> {
        let found = self
            .root
            .query_selector_all(&format!("[data-testid={test_id}]"));
        let found = found.unwrap();
        let text = |index| found.get(index).and_then(|node| node.text_content());
        (0..found.length()).filter_map(text).collect()
    }

    /// The elements of the messages, from top to bottom.
    pub(crate) fn messages(&self) -> Vec<Element> {
        self.all("message")
    }

    /// The elements with this `data-testid`, in their order.
    pub(crate) fn all(&self, test_id: &str) -> Vec<Element> {
        let selector = format!("[data-testid={test_id}]");
        let found = self.root.query_selector_all(&selector).unwrap();
        let at = |index| found.get(index).map(|node| node.unchecked_into());
        (0..found.length()).filter_map(at).collect()
    }

    /// The words of the messages, from top to bottom.
    pub(crate) fn words(&self) -> Vec<String> {
        let words = |message: &Element| {
            let text = message.query_selector("[data-testid=message-text]");
            text.unwrap().and_then(|text| text.text_content())
        };
        self.messages().iter().filter_map(words).collect()
    }

    /// The last message.
    pub(crate) fn last_message(&self) -> Element {
        let messages = self.messages();
        messages.last().expect("the page shows a message").clone()
    }

    /// Whether the log stands at its end, to within a line.
    pub(crate) fn is_at_end(&self) -> bool {
        let log = self.get("log");
        log.scroll_height() - log.client_height() - log.scroll_top() < 20
    }

    // ---- What is done ----

    /// Types a text into the field, in place of what stood there.
    pub(crate) async fn write(&self, text: &str) {
        let field: HtmlTextAreaElement = self.get("composer").unchecked_into();
        field.set_value(text);
        dispatch(&field, "input");
        self.settle().await;
    }

    /// What stands in the field.
    pub(crate) fn written(&self) -> String {
        let field: HtmlTextAreaElement = self.get("composer").unchecked_into();
        field.value()
    }

    /// Presses a key in the field; whether its own effect was prevented.
    pub(crate) async fn press(&self, key: Key) -> bool {
        let field = self.get("composer");
        let is_prevented = !field.dispatch_event(&key.event()).unwrap();
        self.settle().await;
        is_prevented
    }

    /// An input method finishes, and in the same task tells of the key that finished it, as Safari does.
    pub(crate) async fn finish_composing_with(&self, key: Key) -> bool {
        let field = self.get("composer");
        let end = CompositionEvent::new("compositionend").unwrap();
        field.dispatch_event(&end).unwrap();
        self.press(key).await
    }

    /// Writes a text and sends it with Enter.
    pub(crate) async fn send(&self, text: &str) {
        self.write(text).await;
        self.press(Key::ENTER).await;
    }

    /// Types a text into a field of a form, in place of what stood there.
    pub(crate) async fn enter(&self, test_id: &str, text: &str) {
        let field: HtmlInputElement = self.get(test_id).unchecked_into();
        field.set_value(text);
        dispatch(&field, "input");
        self.settle().await;
    }

    /// Sends a form as Enter does.
    pub(crate) async fn submit(&self, test_id: &str) {
        let form: HtmlFormElement = self.get(test_id).unchecked_into();
        form.request_submit().unwrap();
        self.settle().await;
    }

    /// Goes a page back.
    pub(crate) async fn back(&self) {
        window().history().unwrap().back().unwrap();
        self.settle().await;
    }

    /// Goes a page forward.
    pub(crate) async fn forward(&self) {
        window().history().unwrap().forward().unwrap();
        self.settle().await;
    }

    /// Clicks the element with this `data-testid`.
    pub(crate) async fn click(&self, test_id: &str) {
        self.get(test_id).click();
        self.settle().await;
    }

    /// Clicks one of the elements with this `data-testid`.
    pub(crate) async fn click_at(&self, test_id: &str, index: usize) {
        let element: HtmlElement = self.all(test_id)[index].clone().unchecked_into();
        element.click();
        self.settle().await;
    }

    /// Chooses an option.
    pub(crate) async fn choose(&self, test_id: &str, value: &str) {
        let select: HtmlSelectElement = self.get(test_id).unchecked_into();
        select.set_value(value);
        dispatch(&select, "change");
        self.settle().await;
    }

    /// Chooses a file of a few bytes in a field for files.
    pub(crate) async fn choose_file(&self, test_id: &str, name: &str, kind: &str) {
        let options = FilePropertyBag::new();
        options.set_type(kind);
        let parts = js_sys::Array::of1(&"few".into());
        let file = File::new_with_str_sequence_and_options(&parts, name, &options).unwrap();
        let choice = DataTransfer::new().unwrap();
        choice.items().add_with_file(&file).unwrap();
        let field: HtmlInputElement = self.get(test_id).unchecked_into();
        field.set_files(choice.files().as_ref());
        dispatch(&field, "change");
        self.settle().await;
    }

    /// Scrolls the log to this distance from its beginning, in pixels.
    pub(crate) async fn scroll_to(&self, top: i32) {
        self.get("log").set_scroll_top(top);
        self.settle().await;
    }

    /// Waits until something holds of the page; fails when it never does.
    pub(crate) async fn wait_for(&self, holds: impl Fn(&Self) -> bool) {
        for _ in 0..50 {
            if holds(self) {
                return;
            }
            self.settle().await;
        }
        panic!("what was waited for never came");
    }

    /// Waits until what was done shows: effects run after the task, scrolling is told with the next frames, and what
    /// waits for the browser's database or for a lock goes on after that.
    pub(crate) async fn settle(&self) {
        TimeoutFuture::new(80).await;
        browser::quiet().await;
        TimeoutFuture::new(0).await;
    }
}

/// The browser is one in which nobody was here.
async fn forget_everything() {
    let storage = window().local_storage().unwrap().unwrap();
    storage.clear().unwrap();
    browser::show_locks();
    database::wipe().await;
    for (key, _) in database::load().await.unwrap_or_default().outbox {
        database::keep(database::OUTBOX, &key, None).await;
    }
}

fn dispatch(element: &HtmlElement, event: &str) {
    let init = EventInit::new();
    init.set_bubbles(true);
    let event = Event::new_with_event_init_dict(event, &init).unwrap();
    element.dispatch_event(&event).unwrap();
}

/// A key that is pressed.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    pub(crate) alt: bool,
    pub(crate) name: &'static str,
    pub(crate) shift: bool,
    pub(crate) is_composing: bool,
    pub(crate) code: u32,
}

impl Key {
    /// Enter, with nothing else.
    pub(crate) const ENTER: Self = Self {
        alt: false,
        name: "Enter",
        shift: false,
        is_composing: false,
        code: 13,
    };

    fn event(self) -> KeyboardEvent {
        let init = KeyboardEventInit::new();
        init.set_key(self.name);
        init.set_alt_key(self.alt);
        init.set_bubbles(true);
        init.set_cancelable(true);
        init.set_shift_key(self.shift);
        init.set_is_composing(self.is_composing);
        init.set_key_code(self.code);
        KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap()
    }
}

/// The path of the address.
pub(crate) fn path() -> String {
    window().location().pathname().unwrap()
}

/// Goes to an address, once a dialog of the page before has taken its step back in the history.
async fn arrive(address: &str) {
    TimeoutFuture::new(30).await;
    go(address);
}

fn go(address: &str) {
    let history = window().history().unwrap();
    history
        .replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(address))
        .unwrap();
}

/// An attribute of the document's root.
pub(crate) fn root_attribute(name: &str) -> Option<String> {
    document().document_element().unwrap().get_attribute(name)
}
