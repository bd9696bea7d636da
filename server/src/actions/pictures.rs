//! Pictures of people, and what groups need for theirs. It does not know how they are received.

use bytes::Bytes;
use parley_shared::ids::{PictureId, UserId};
use parley_shared::protocol::Refusal;

use super::unavailable;
use crate::app::App;
use crate::ledger::{Change, pictures};
use crate::store;

/// Makes of a file a picture that can be kept, with its image.
///
/// # Errors
/// [`Refusal::PictureUnreadable`], [`Refusal::PictureTooLarge`], [`Refusal::Busy`].
pub async fn prepare(app: &App, file: Bytes) -> Result<(PictureId, Vec<u8>), Refusal> {
    let kept = app.pictures().prepare(file).await?;
    Ok((kept.id, kept.image))
}

/// Gives a person the picture in a file; without one, none.
///
/// # Errors
/// Those of [`prepare`], [`Refusal::TooFast`].
pub async fn set(app: &App, person: UserId, file: Option<Bytes>) -> Result<(), Refusal> {
    // Told to everyone, like a message, and counts like one; before it is worked on.
    app.count_message(person)?;
    let picture = match file {
        Some(file) => Some(prepare(app, file).await?),
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
