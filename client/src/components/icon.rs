//! Icons from the sprite that `index.html` carries. They do not know what they mean; their neighbours say it.

use leptos::prelude::*;

/// A drawing of `client/public/icons.svg`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawing {
    Alert,
    Check,
    Checks,
    Chevron,
    Clock,
    Close,
    Copy,
    Delete,
    Down,
    Edit,
    List,
    Lobby,
    More,
    Notes,
    Offline,
    People,
    Plus,
    Contacts,
    Send,
    Settings,
    Unread,
}

impl Drawing {
    const fn address(self) -> &'static str {
        match self {
            Self::Alert => "#icon-alert",
            Self::Check => "#icon-check",
            Self::Checks => "#icon-checks",
            Self::Chevron => "#icon-chevron",
            Self::Clock => "#icon-clock",
            Self::Close => "#icon-close",
            Self::Copy => "#icon-copy",
            Self::Delete => "#icon-delete",
            Self::Down => "#icon-down",
            Self::Edit => "#icon-edit",
            Self::List => "#icon-list",
            Self::Lobby => "#icon-lobby",
            Self::More => "#icon-more",
            Self::Notes => "#icon-notes",
            Self::Plus => "#icon-plus",
            Self::Contacts => "#icon-contacts",
            Self::Offline => "#icon-offline",
            Self::People => "#icon-people",
            Self::Send => "#icon-send",
            Self::Settings => "#icon-settings",
            Self::Unread => "#icon-unread",
        }
    }
}

/// An icon of the usual size.
#[component]
pub fn Icon(of: Drawing) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=of.address()></use>
        </svg>
    }
}

/// An icon that stands among small letters.
#[component]
pub fn SmallIcon(of: Drawing) -> impl IntoView {
    view! {
        <svg class="icon icon--small" aria-hidden="true">
            <use href=of.address()></use>
        </svg>
    }
}

/// Parley's mark.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" aria-hidden="true">
            <use href="#icon-mark"></use>
        </svg>
    }
}
