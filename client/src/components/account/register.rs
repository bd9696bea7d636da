//! Making an account: openly, with an invitation, or not at all. It does not know who owns the server.

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_shared::api::Secret;
use parley_shared::api::account::Register as Asked;
use parley_shared::api::people::CheckInvitation;
use parley_shared::api::server::Registration;
use parley_shared::content::{check_email, check_name, check_password, check_user_name};
use parley_shared::refusal::Refusal;

use super::field::{Field, Kind};
use super::form::{Form, Label, kept, part};
use super::frame::{aside, entrance, paragraph};
use super::listing::waiting;
use crate::account::{Failure, accounts};
use crate::dom::address;
use crate::route::{Route, invitation_code, pages};
use crate::state::Chat;

/// What was entered so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entered {
    user_name: RwSignal<String>,
    password: RwSignal<String>,
    name: RwSignal<String>,
    email: RwSignal<String>,
    invitation: RwSignal<String>,
}

impl Entered {
    pub(super) fn new(invitation: String) -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            user_name: empty(),
            password: empty(),
            name: empty(),
            email: empty(),
            invitation: RwSignal::new(invitation),
        }
    }

    /// What to ask the server.
    ///
    /// # Errors
    /// What is wrong with it, as far as a page can tell.
    pub(super) fn asked(self) -> Result<Asked, Failure> {
        let filled = |field: RwSignal<String>| {
            let text = field.get_untracked().trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let asked = Asked {
            user_name: filled(self.user_name).unwrap_or_default(),
            password: Secret(self.password.get_untracked()),
            email: filled(self.email),
            name: filled(self.name),
            invitation: filled(self.invitation).map(Secret),
        };
        check(&asked).map_err(Failure::Refused)?;
        Ok(asked)
    }

    pub(super) fn fields(self, form: Form) -> Vec<AnyView> {
        vec![
            Field::user_name(self.user_name, Some(|t| t.own().user_name_hint)).of(form),
            Field::new_password(self.password, |t| t.own().password).of(form),
            Field::name(
                self.name,
                |t| t.own().display_name,
                |t| t.own().display_name_hint,
            )
            .of(form),
            Field::email(self.email).of(form),
        ]
    }
}

fn check(asked: &Asked) -> Result<(), Refusal> {
    check_user_name(&asked.user_name)?;
    check_password(&asked.password.0)?;
    if let Some(name) = &asked.name {
        check_name(name)?;
    }
    asked.email.as_deref().map_or(Ok(()), check_email)
}

/// How one may register here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    /// It is not known yet.
    Unknown,
    Open,
    /// With the invitation that the address brought.
    Invited,
    /// The invitation that the address brought does not hold.
    NotInvited,
    /// With an invitation that is to be entered.
    NeedsInvitation,
    Closed,
    /// The server has no owner: whoever comes becomes it.
    Unclaimed,
}

/// The page for making an account.
pub fn register() -> AnyView {
    let accounts = accounts();
    let code = invitation_code(&address::fragment());
    let holds = RwSignal::new(None::<bool>);
    if let Some(code) = code.clone() {
        spawn_local(async move {
            let code = Secret(code);
            let held = accounts.check_invitation(&CheckInvitation { code }).await;
            // Only the server's word makes an invitation one that does not hold.
            let refused = held == Err(Failure::Refused(Refusal::UnknownInvitation));
            holds.try_set(Some(!refused));
        });
    }
    let is_invited = code.is_some();
    let door = kept(move || match accounts.server() {
        None => Door::Unknown,
        Some(server) if !server.claimed => Door::Unclaimed,
        Some(server) => match (server.policy.registration, is_invited, holds.get()) {
            (Registration::Closed, ..) => Door::Closed,
            (_, true, None) => Door::Unknown,
            (_, true, Some(true)) => Door::Invited,
            (Registration::Invitation, true, Some(false)) => Door::NotInvited,
            (Registration::Invitation, false, _) => Door::NeedsInvitation,
            (Registration::Open, ..) => Door::Open,
        },
    });
    let entered = Entered::new(code.unwrap_or_default());
    entrance(
        |t| t.register,
        "page-title",
        vec![
            (move || behind(door.get(), entered)).into_any(),
            aside(
                |t| t.own().have_account,
                Route::SignIn,
                "to-sign-in",
                |t| t.sign_in,
            ),
        ],
    )
}

fn behind(door: Door, entered: Entered) -> AnyView {
    let intro: Label = match door {
        Door::Unknown => return waiting(),
        Door::Unclaimed => {
            return aside(|t| t.unclaimed, Route::Setup, "to-setup", |t| t.claim);
        }
        Door::Closed => return paragraph("card__intro", |t| t.own().register_closed),
        Door::NotInvited => return paragraph("card__intro", |t| t.own().register_not_invited),
        Door::Open => |t| t.own().register_intro,
        Door::Invited => |t| t.own().register_invited,
        Door::NeedsInvitation => |t| t.own().register_invitation,
    };
    let form = Form::new();
    let (accounts, pages) = (accounts(), pages());
    let send = move || match entered.asked() {
        Ok(asked) => form.run(async move {
            accounts.register(asked).await?;
            pages.go_on();
            Ok(None)
        }),
        Err(failure) => form.fail(failure),
    };
    let mut fields = entered.fields(form);
    if door == Door::NeedsInvitation {
        let invitation = Field {
            id: "invitation",
            label: |t| t.own().invitation_code,
            hint: None,
            kind: Kind::Exact,
            autocomplete: "off",
            value: entered.invitation,
            blame: |r| matches!(r, Refusal::UnknownInvitation | Refusal::InvitationNeeded),
        };
        fields.insert(0, invitation.of(form));
    }
    let form = form.view(
        "register-form",
        fields,
        |t| t.own().register_action,
        false,
        send,
    );
    let parts = vec![paragraph("card__intro", intro), guest_note(), form];
    parts.into_any()
}

/// What becomes of a guest who makes an account.
pub(super) fn guest_note() -> AnyView {
    let chat = expect_context::<Chat>();
    let is_guest =
        kept(move || chat.me.with(Option::is_some) && chat.standing.with(Option::is_none));
    part(move || {
        is_guest
            .get()
            .then(|| paragraph("card__note", |t| t.own().register_guest))
            .into_any()
    })
}
