//! Pictures: read, cut to a square, and encoded anew, a few at a time. It does not know whose they are.
//!
//! What is kept is always a JPEG of [`PICTURE_KEPT_PIXELS`] along each side: small for what cameras
//! take, read by every browser, and one content type for all. Where a picture is transparent it is
//! white. Of the file nothing is kept but what is seen: no place, no camera, no comment.
//!
//! A file says how large its picture is before it shows it, so what would take too much memory is
//! refused before it takes any.

use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder as _, ImageError, ImageReader, Limits, RgbImage,
    Rgba,
};
use parley_shared::ids::PictureId;
use parley_shared::limits::{
    PICTURE_AREA_MAX, PICTURE_KEPT_PIXELS, PICTURE_PIXELS_MAX, PICTURE_WAIT_MAX_MS,
    PICTURE_WORK_BYTES_MAX, PICTURES_AT_ONCE_MAX, PICTURES_RECEIVED_MAX,
};
use parley_shared::protocol::Refusal;
use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a picture that is kept is told as.
pub const CONTENT_TYPE: &str = "image/jpeg";

/// Of a hundred: above it a portrait only grows.
const QUALITY: u8 = 85;

/// A picture as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// A digest of the image.
    pub id: PictureId,
    /// The image: a JPEG.
    pub image: Vec<u8>,
}

/// Works on pictures. Cheap to share.
#[derive(Debug)]
pub struct Pictures {
    turns: Arc<Semaphore>,
    receiving: Arc<Semaphore>,
}

impl Default for Pictures {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(PICTURES_AT_ONCE_MAX)),
            receiving: Arc::new(Semaphore::new(PICTURES_RECEIVED_MAX)),
        }
    }
}

impl Pictures {
    /// Room for one more file while it comes in.
    ///
    /// # Errors
    /// [`Refusal::Busy`].
    pub fn receive(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.receiving)
            .try_acquire_owned()
            .map_err(|_| busy())
    }

    /// Makes of a file what is kept.
    ///
    /// # Errors
    /// [`Refusal::PictureUnreadable`], [`Refusal::PictureTooLarge`], [`Refusal::Busy`].
    pub async fn prepare(&self, file: Bytes) -> Result<Kept, Refusal> {
        let wait = Duration::from_millis(PICTURE_WAIT_MAX_MS);
        let turn = Arc::clone(&self.turns).acquire_owned();
        let turn = tokio::time::timeout(wait, turn).await;
        let Ok(Ok(turn)) = turn else {
            return Err(busy());
        };
        let prepared = tokio::task::spawn_blocking(move || {
            let kept = keep(&file);
            // Held until here, also when nobody waits any more: the work goes on.
            drop(turn);
            kept
        });
        // A decoder that panics met a file that it cannot read.
        prepared.await.unwrap_or(Err(Refusal::PictureUnreadable))
    }
}

fn busy() -> Refusal {
    Refusal::Busy {
        retry_after_ms: PICTURE_WAIT_MAX_MS,
    }
}

fn keep(file: &[u8]) -> Result<Kept, Refusal> {
    let image = encode(&square(read(file)?)).map_err(|error| unreadable(&error))?;
    let mut id = [0; 16];
    id.copy_from_slice(&Sha256::digest(&image)[..16]);
    Ok(Kept {
        id: PictureId::from_bytes(id),
        image,
    })
}

/// The picture in a file, shrunk to what is needed of it, the right way up.
fn read(file: &[u8]) -> Result<DynamicImage, Refusal> {
    let mut reader = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .map_err(|error| unreadable(&error.into()))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(PICTURE_PIXELS_MAX);
    limits.max_image_height = Some(PICTURE_PIXELS_MAX);
    limits.max_alloc = Some(PICTURE_WORK_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| unreadable(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PICTURE_AREA_MAX {
        let limit_pixels = u32::try_from(PICTURE_AREA_MAX.isqrt()).unwrap_or(PICTURE_PIXELS_MAX);
        return Err(Refusal::PictureTooLarge { limit_pixels });
    }
    if width == 0 || height == 0 {
        return Err(Refusal::PictureUnreadable);
    }
    let orientation = decoder.orientation().map_err(|error| unreadable(&error))?;
    let whole = DynamicImage::from_decoder(decoder).map_err(|error| unreadable(&error))?;
    // Shrunk roughly at first, which is quick, to twice what is needed, so that the rest is quick too.
    let shorter = u64::from(width.min(height));
    let enough = u64::from(2 * PICTURE_KEPT_PIXELS);
    let mut small = if shorter > enough {
        let scaled =
            |side: u32| u32::try_from(u64::from(side) * enough / shorter).unwrap_or(u32::MAX);
        whole.thumbnail_exact(scaled(width), scaled(height))
    } else {
        whole
    };
    small.apply_orientation(orientation);
    Ok(small)
}

/// The middle of a picture, on white.
fn square(image: DynamicImage) -> RgbImage {
    let side = image.width().min(image.height());
    let (left, top) = ((image.width() - side) / 2, (image.height() - side) / 2);
    let middle = image.crop_imm(left, top, side, side).into_rgba8();
    let mut on_white = image::RgbaImage::from_pixel(side, side, Rgba([255; 4]));
    imageops::overlay(&mut on_white, &middle, 0, 0);
    let opaque = DynamicImage::from(on_white).into_rgb8();
    let kept = PICTURE_KEPT_PIXELS;
    imageops::resize(&opaque, kept, kept, FilterType::CatmullRom)
}

fn encode(image: &RgbImage) -> Result<Vec<u8>, ImageError> {
    let mut encoded = Vec::new();
    JpegEncoder::new_with_quality(&mut encoded, QUALITY).encode(
        image.as_raw(),
        image.width(),
        image.height(),
        ExtendedColorType::Rgb8,
    )?;
    Ok(encoded)
}

fn unreadable(error: &ImageError) -> Refusal {
    match error {
        ImageError::Limits(_) => Refusal::PictureTooLarge {
            limit_pixels: PICTURE_PIXELS_MAX,
        },
        _ => Refusal::PictureUnreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Bytes {
        let mut file = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(300, 200)
            .write_to(&mut file, image::ImageFormat::Png)
            .unwrap();
        file.into_inner().into()
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_too_long_for_a_turn_is_told_so() {
        let pictures = Pictures::default();
        let all = u32::try_from(PICTURES_AT_ONCE_MAX).unwrap();
        let turns = pictures.turns.acquire_many(all).await.unwrap();
        let refused = pictures.prepare(picture()).await;
        assert_eq!(refused, Err(busy()));
        drop(turns);
        assert!(pictures.prepare(picture()).await.is_ok());
    }

    #[test]
    fn only_so_many_are_received_at_one_time() {
        let pictures = Pictures::default();
        let all: Vec<_> = (0..PICTURES_RECEIVED_MAX)
            .map(|_| pictures.receive().unwrap())
            .collect();
        assert_eq!(pictures.receive().err(), Some(busy()));
        drop(all);
        assert!(pictures.receive().is_ok());
    }

    #[test]
    fn the_same_picture_is_kept_under_the_same_id() {
        let (one, again) = (keep(&picture()).unwrap(), keep(&picture()).unwrap());
        assert_eq!(one, again);
        assert!(one.image.len() < 8 * 1024);
    }
}
