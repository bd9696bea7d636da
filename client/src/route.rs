//! Which page is shown, and at which address. It does not know what a page looks like.
//!
//! The addresses are real ones: "back", "forward" and "reload" work, and a link can be kept.

use leptos::prelude::*;
use parley_shared::ids::ConversationId;

use crate::dom::address;
use crate::storage;

/// A page that has an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// The conversation that one begins with, the Lobby.
    Home,
    /// A conversation.
    Conversation(ConversationId),
    /// What a group is and who is in it.
    Group(ConversationId),
    /// The groups that are listed.
    Groups,
    /// Making a group.
    NewGroup,
    /// Coming into a group by an invitation; its code stands in the fragment.
    GroupInvitation,
    /// Friends, requests, and finding people.
    Contacts,
    /// Signing in.
    SignIn,
    /// Making an account; the code of an invitation stands in the fragment.
    Register,
    /// Setting a new password with a code that an administrator issued.
    Reset,
    /// Becoming the owner of a server that has none.
    Setup,
    /// One's own account, and what one looks after.
    Settings(Section),
}

/// A part of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Name, status, about, e-mail.
    Profile,
    /// Password and second factor.
    Security,
    /// Where one is signed in.
    Devices,
    /// Tokens of programs.
    Tokens,
    /// Export and deletion.
    Data,
    /// Who may come in.
    Server,
    /// Invitations to register.
    Invitations,
    /// Everyone who has an account.
    People,
}

impl Section {
    /// Every section, in the order in which they are listed: one's own, then the server's.
    pub const ALL: [Self; 8] = [
        Self::Profile,
        Self::Security,
        Self::Devices,
        Self::Tokens,
        Self::Data,
        Self::Server,
        Self::Invitations,
        Self::People,
    ];

    /// Whether it is about the server, and not about oneself.
    pub const fn is_of_server(self) -> bool {
        matches!(self, Self::Server | Self::Invitations | Self::People)
    }
}

/// Every page with its address, but those of which there are many.
const ADDRESSES: [(Route, &str); 17] = [
    (Route::Home, "/"),
    (Route::Groups, "/groups"),
    (Route::NewGroup, "/groups/new"),
    (Route::GroupInvitation, "/join"),
    (Route::Contacts, "/contacts"),
    (Route::SignIn, "/sign-in"),
    (Route::Register, "/register"),
    (Route::Reset, "/new-password"),
    (Route::Setup, "/setup"),
    (Route::Settings(Section::Profile), "/settings/profile"),
    (Route::Settings(Section::Security), "/settings/security"),
    (Route::Settings(Section::Devices), "/settings/devices"),
    (Route::Settings(Section::Tokens), "/settings/tokens"),
    (Route::Settings(Section::Data), "/settings/data"),
    (Route::Settings(Section::Server), "/settings/server"),
    (
        Route::Settings(Section::Invitations),
        "/settings/invitations",
    ),
    (Route::Settings(Section::People), "/settings/people"),
];

/// What stands before the id of a conversation, and of a group of which the page speaks.
const CONVERSATION: &str = "/c/";
const GROUP: &str = "/g/";

/// What stands before the code in the fragment of an invitation's address.
const INVITATION: &str = "invitation=";

impl Route {
    /// The page at a path; `None` where there is none.
    pub fn of_path(path: &str) -> Option<Self> {
        let path = match path.trim_end_matches('/') {
            "" => "/",
            "/settings" => "/settings/profile",
            path => path,
        };
        if let Some(id) = path.strip_prefix(CONVERSATION) {
            return id.parse().ok().map(Self::Conversation);
        }
        if let Some(id) = path.strip_prefix(GROUP) {
            return id.parse().ok().map(Self::Group);
        }
        let found = ADDRESSES.iter().find(|(_, address)| *address == path);
        found.map(|(route, _)| *route)
    }

    /// Its address.
    pub fn address(self) -> String {
        match self {
            Self::Conversation(id) => format!("{CONVERSATION}{id}"),
            Self::Group(id) => format!("{GROUP}{id}"),
            _ => {
                let found = ADDRESSES.iter().find(|(route, _)| *route == self);
                found.map_or("/", |(_, address)| address).to_owned()
            }
        }
    }
}

/// The address that brings someone who has this code into a group, on a server at `origin`.
pub fn group_invitation_link(origin: &str, code: &str) -> String {
    let address = Route::GroupInvitation.address();
    format!("{origin}{address}#{code}")
}

/// Where this window keeps the code that brings its reader into a group.
const GROUP_CODE: &str = "parley.join";

/// The code that the address brings, or that it brought before the reader went to sign in.
pub fn group_code() -> Option<String> {
    let fragment = address::fragment();
    let code = fragment.trim();
    if code.is_empty() {
        return storage::recall(GROUP_CODE);
    }
    storage::remember(GROUP_CODE, code);
    Some(code.to_owned())
}

/// The code was used, or leads nowhere.
pub fn forget_group_code() {
    storage::forget(GROUP_CODE);
}

/// The address that invites someone who has this code, on a server at `origin`.
///
/// The code is in the fragment, which browsers keep to themselves: it stands in no server's log.
pub fn invitation_link(origin: &str, code: &str) -> String {
    format!("{origin}{}#{INVITATION}{code}", Route::Register.address())
}

/// The code of an invitation in a fragment, if there is one.
pub fn invitation_code(fragment: &str) -> Option<String> {
    let code = fragment.strip_prefix(INVITATION)?.trim();
    (!code.is_empty()).then(|| code.to_owned())
}

/// The page that is shown. In context; get it with [`pages`].
#[derive(Debug, Clone, Copy)]
pub struct Pages {
    shown: RwSignal<Route>,
    after: RwSignal<Option<Route>>,
}

impl Pages {
    /// The page of the browser's address, and from now on of every address that it goes to.
    pub fn load() -> Self {
        let shown = RwSignal::new(Self::here());
        address::on_move(move || {
            let here = Self::here();
            if shown.try_get_untracked().is_some_and(|route| route != here) {
                shown.set(here);
            }
        });
        // Whoever came by a link into a group comes back to it, also when they load a page on the way.
        let after = storage::recall(GROUP_CODE).map(|_| Route::GroupInvitation);
        Self {
            shown,
            after: RwSignal::new(after),
        }
    }

    fn here() -> Route {
        Route::of_path(&address::path()).unwrap_or_else(|| {
            address::replace(&Route::Home.address());
            Route::Home
        })
    }

    /// The page of now. Tracked.
    pub fn shown(self) -> Route {
        self.shown.get()
    }

    /// Whether this page is shown.
    pub fn is_shown(self, route: Route) -> bool {
        self.shown.try_get_untracked() == Some(route)
    }

    /// Goes to a page.
    pub fn go(self, route: Route) {
        if self.shown.get_untracked() == route {
            address::stay();
        } else {
            address::go(&route.address());
            self.shown.set(route);
        }
    }

    /// Goes to a page in place of the one that is shown: "back" does not lead here again.
    pub fn go_instead(self, route: Route) {
        address::replace(&route.address());
        self.shown.set(route);
    }

    /// Goes to sign in, and remembers where the reader wanted to go.
    pub fn sign_in_first(self) {
        self.after.set(Some(self.shown.get_untracked()));
        self.go_instead(Route::SignIn);
    }

    /// Goes to a page on which one signs in, and comes back from it to this one.
    pub fn go_first(self, first: Route) {
        self.after.set(Some(self.shown.get_untracked()));
        self.go(first);
    }

    /// Goes on after signing in, to where the reader wanted to go.
    pub fn go_on(self) {
        let wanted = self.after.get_untracked().unwrap_or(Route::Home);
        self.after.set(None);
        self.go_instead(wanted);
    }
}

/// The page that is shown, from context.
pub fn pages() -> Pages {
    expect_context::<Pages>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_one_address_that_leads_to_it() {
        for (route, address) in ADDRESSES {
            assert_eq!(Route::of_path(address), Some(route));
            assert_eq!(route.address(), address);
        }
        for section in Section::ALL {
            let route = Route::Settings(section);
            assert_eq!(Route::of_path(&route.address()), Some(route));
        }
    }

    #[test]
    fn every_conversation_and_group_has_an_address_of_its_own() {
        let id = ConversationId::from_bytes([7; 16]);
        for route in [Route::Conversation(id), Route::Group(id)] {
            assert_eq!(Route::of_path(&route.address()), Some(route));
            assert_eq!(
                Route::of_path(&format!("{}/", route.address())),
                Some(route)
            );
        }
        assert_eq!(Route::of_path("/c/"), None);
        assert_eq!(Route::of_path("/c/not-an-id"), None);
        assert_eq!(Route::of_path("/g/"), None);
    }

    #[test]
    fn a_path_is_read_with_a_slash_at_its_end_and_an_unknown_one_leads_nowhere() {
        assert_eq!(Route::of_path("/sign-in/"), Some(Route::SignIn));
        assert_eq!(Route::of_path(""), Some(Route::Home));
        let profile = Route::Settings(Section::Profile);
        assert_eq!(Route::of_path("/settings"), Some(profile));
        assert_eq!(Route::of_path("/sign-in/more"), None);
        assert_eq!(Route::of_path("/settings/unknown"), None);
    }

    #[test]
    fn an_invitation_goes_into_a_link_and_comes_out_again() {
        let link = invitation_link("https://chat.example", "AB-12");
        assert_eq!(link, "https://chat.example/register#invitation=AB-12");
        let (_, fragment) = link.split_once('#').unwrap();
        assert_eq!(invitation_code(fragment).as_deref(), Some("AB-12"));
        let link = group_invitation_link("https://chat.example", "AB-12");
        assert_eq!(link, "https://chat.example/join#AB-12");
        assert_eq!(invitation_code("invitation="), None);
        assert_eq!(invitation_code("AB-12"), None);
        assert_eq!(invitation_code(""), None);
    }
}
