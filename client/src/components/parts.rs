//! Which part of the program draws a page, for those that not every visitor needs. It does not know what they look like.

use super::account::pages::account_pages;
use super::chunk::Chunk;
use super::contacts::pages::people_pages;
use super::settings::fields::settings_fields;
use crate::route::Route;

/// The parts that are fetched when they are needed. In context: `expect_context::<Parts>()`.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    account: Chunk<Route>,
    people: Chunk<Route>,
    settings: Chunk<Route>,
}

impl Default for Parts {
    /// Parts that nobody needed yet.
    fn default() -> Self {
        Self {
            account: Chunk::new(account_pages),
            people: Chunk::new(people_pages),
            settings: Chunk::new(settings_fields),
        }
    }
}

impl Parts {
    /// The part that draws a page; `None` for what every visitor has at once.
    pub fn of(self, route: Route) -> Option<Chunk<Route>> {
        match route {
            Route::Home | Route::Conversation(_) => None,
            Route::Contacts
            | Route::Groups
            | Route::NewGroup
            | Route::Group(_)
            | Route::GroupInvitation => Some(self.people),
            Route::SignIn | Route::Register | Route::Reset | Route::Setup | Route::Settings(_) => {
                Some(self.account)
            }
        }
    }

    /// The part that draws what stands in the settings, whichever page they are opened over.
    pub fn settings(self) -> Chunk<Route> {
        self.settings
    }
}
