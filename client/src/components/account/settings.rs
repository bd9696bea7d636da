//! The settings of an account and of a server: their sections, and which is shown. It does not know what is in them.

use leptos::prelude::*;
use parley_shared::model::Role;

use super::devices::devices;
use super::form::{Label, kept, part, say};
use super::frame::{head, keep_title, members_only};
use super::invitations::invitations;
use super::listing::waiting;
use super::personal::data;
use super::policy::policy;
use super::profile::profile;
use super::registered::registered;
use super::security::security;
use super::tokens::tokens;
use crate::account::accounts;
use crate::dom::{self, address};
use crate::route::{Route, Section, pages};

const fn name_of(section: Section) -> Label {
    match section {
        Section::Profile => |t| t.profile,
        Section::Security => |t| t.own().security,
        Section::Devices => |t| t.own().devices,
        Section::Tokens => |t| t.own().programs,
        Section::Data => |t| t.own().data,
        Section::Server => |t| t.server,
        Section::Invitations => |t| t.invitations,
        Section::People => |t| t.own().registered,
    }
}

/// Whether a section is for someone of this role.
fn is_open_to(section: Section, role: Role) -> bool {
    match section {
        Section::Server => role >= Role::Owner,
        Section::Invitations | Section::People => role >= Role::Administrator,
        _ => true,
    }
}

fn draw(section: Section) -> AnyView {
    match section {
        Section::Profile => profile(),
        Section::Security => security(),
        Section::Devices => devices(),
        Section::Tokens => tokens(),
        Section::Data => data(),
        Section::Server => policy(|t| t.save, || ()),
        Section::Invitations => invitations(),
        Section::People => registered(),
    }
}

/// The settings.
pub fn settings() -> AnyView {
    let (accounts, pages) = (accounts(), pages());
    members_only();
    let role = kept(move || accounts.me().and_then(|me| Some(me.account?.standing.role)));
    let section = kept(move || match pages.shown() {
        Route::Settings(section) => section,
        _ => Section::Profile,
    });
    let shown = move || match role.get() {
        None => waiting(),
        Some(role) if is_open_to(section.get(), role) => draw(section.get()),
        Some(_) => {
            pages.go_instead(Route::Settings(Section::Profile));
            waiting()
        }
    };
    keep_title(|t| t.settings, "section-title");
    // A section that is chosen is what the reader hears and sees first.
    Effect::new(move |before: Option<Section>| {
        let section = section.get();
        if before.is_some_and(|before| before != section) {
            dom::focus_soon("section-title");
        }
        section
    });
    view! {
        <div class="page" data-testid="settings-page">
            {head()}
            <div class="settings">
                <nav class="settings__nav" aria-label=say(|t| t.settings)>
                    {group(|t| t.own().your_account, section, role, false)}
                    {group(|t| t.own().this_server, section, role, true)}
                </nav>
                <main class="settings__main">
                    <h1 class="settings__title" id="section-title" tabindex="-1">
                        {move || say(name_of(section.get()))}
                    </h1>
                    {shown}
                </main>
            </div>
        </div>
    }
    .into_any()
}

/// Some sections under one heading; nothing when none of them is for the reader.
fn group(
    heading: Label,
    chosen: Memo<Section>,
    role: Memo<Option<Role>>,
    is_of_server: bool,
) -> AnyView {
    part(move || {
        let role = role.get().unwrap_or(Role::Member);
        let sections = Section::ALL
            .into_iter()
            .filter(|section| section.is_of_server() == is_of_server && is_open_to(*section, role));
        let entries: Vec<AnyView> = sections.map(|section| entry(section, chosen)).collect();
        if entries.is_empty() {
            return ().into_any();
        }
        view! {
            <section class="settings__group">
                <h2 class="settings__heading">{say(heading)}</h2>
                <ul class="settings__list">{entries}</ul>
            </section>
        }
        .into_any()
    })
}

fn entry(section: Section, chosen: Memo<Section>) -> AnyView {
    let pages = pages();
    let route = Route::Settings(section);
    view! {
        <li>
            <a
                class="settings__link"
                href=route.address()
                data-testid=format!("section-{}", route.address().trim_start_matches("/settings/"))
                aria-current=move || (chosen.get() == section).then_some("page")
                on:click=move |event| {
                    if address::is_plain(&event) {
                        event.prevent_default();
                        pages.go(route);
                    }
                }
            >
                {say(name_of(section))}
            </a>
        </li>
    }
    .into_any()
}
