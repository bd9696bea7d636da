//! That someone types: told to those who are there, kept nowhere. It does not know what is typed.

use crate::app::App;
use crate::clock;
use crate::store::conversations::Seat;

/// Takes note that a person types.
pub fn typing(app: &App, seat: &Seat) {
    app.hub()
        .typing(seat.conversation(), seat.person(), clock::now_ms());
}
