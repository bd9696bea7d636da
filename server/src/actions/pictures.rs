//! Pictures of people. It does not know how they are received.

use bytes::Bytes;
use parley_shared::ids::{PictureId, UserId};
use parley_shared::protocol::Refusal;

use super::unavailable;
use crate::app::App;
use crate::ledger::{Change, pictures};
use crate::store;

/// Gives a person the picture in a file; without one, none.
///
/// # Errors
/// [`Refusal::PictureUnreadable`], [`Refusal::PictureTooLarge`], [`Refusal::Busy`], [`Refusal::TooFast`].
pub async fn set(app: &App, person: UserId, file: Option<Bytes>) -> Result<(), Refusal> {
    // Told to everyone, like a message, and counts like one; before it is worked on.
    app.count_message(person)?;
    let picture = match file {
        Some(file) => {
            let kept = app.pictures().prepare(file).await?;
            Some((kept.id, kept.image))
        }
        None => None,
    };
    let change = pictures::Change { person, picture };
    app.ledger().make(Change::Picture(Box::new(change))).await?;
    Ok(())
}

/// The image of a picture that someone or a group shows.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn image(app: &App, id: PictureId) -> Result<Vec<u8>, Refusal> {
    app.store()
        .read(move |connection| store::pictures::image(connection, id))
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(Refusal::NotFound)
}
