//! Pictures of people: what is kept of a file, what is refused, and who sees it.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use parley_server::store::Store;
use parley_shared::api::ROOT;
use parley_shared::limits::{PICTURE_BYTES_MAX, PICTURE_PIXELS_MAX};
use parley_shared::protocol::ServerEvent;
use serde_json::Value;

use crate::accounts::open_app;
use crate::browser::{Browser, PASSWORD, Reply};
use crate::plain::{self, Answer};
use crate::scene::TestApp;

const RED: Rgb<u8> = Rgb([220, 0, 0]);
const BLUE: Rgb<u8> = Rgb([0, 0, 220]);

async fn send(browser: &mut Browser, content_type: &str, file: &[u8]) -> Reply {
    browser
        .ask_raw("PUT", "/me/picture", Some(content_type), file)
        .await
}

/// The id of the picture that was taken.
fn picture_of(reply: Reply) -> String {
    let me = reply.ok();
    me["person"]["picture"].as_str().unwrap().to_owned()
}

async fn show(browser: &Browser, id: &str) -> Answer {
    let cookies = browser.cookie_header();
    let mut headers = Vec::new();
    if !cookies.is_empty() {
        headers.push(("cookie", cookies.as_str()));
    }
    let path = format!("{ROOT}/pictures/{id}");
    plain::ask(browser.address, "GET", &path, &headers, b"").await
}

/// A picture whose left half is red and whose right half is blue.
fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE })
}

/// A file with a picture in it.
pub(crate) fn red() -> Vec<u8> {
    encoded(RgbImage::from_pixel(16, 16, RED), ImageFormat::Png)
}

fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.into().write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// Where a pixel is nearly of a colour.
fn is_like(pixel: Rgb<u8>, colour: Rgb<u8>) -> bool {
    let pairs = pixel.0.iter().zip(colour.0);
    pairs
        .into_iter()
        .all(|(one, other)| one.abs_diff(other) < 40)
}

/// What is kept of a picture that is there.
async fn kept(browser: &Browser, id: &str) -> RgbImage {
    let answer = show(browser, id).await;
    assert_eq!(answer.status, 200);
    let image = image::load_from_memory_with_format(&answer.body, ImageFormat::Jpeg).unwrap();
    assert_eq!((image.width(), image.height()), (256, 256));
    image.into_rgb8()
}

async fn ming() -> (TestApp, Browser) {
    let (app, _) = open_app().await;
    let ming = Browser::registered(&app, "ming").await;
    (app, ming)
}

/// How many pictures are kept.
async fn count(app: &mut TestApp) -> u64 {
    app.stop().await;
    let (store, writer) = Store::open(app.data_dir()).unwrap();
    let count = store
        .read(|connection| {
            connection.query_one("SELECT COUNT(*) FROM pictures", &[], |row| row.number(0))
        })
        .await
        .unwrap();
    drop((store, writer));
    app.resume().await;
    count.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_every_kind_becomes_a_small_square_that_everyone_hears_of() {
    let (app, mut ming) = ming().await;
    let mut guest = Browser::at(&app);
    let mut wire = guest.enter_as_guest().await;
    let mut before = None;
    for (format, content_type) in [
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Gif, "image/gif"),
        (ImageFormat::WebP, "image/webp"),
    ] {
        let file = encoded(halves(800, 300), format);
        let id = picture_of(send(&mut ming, content_type, &file).await);
        if before.replace(id.clone()) == Some(id.clone()) {
            // The same picture is the same picture, and nobody needs to hear of it.
            continue;
        }
        let told = wire.expect("the picture", |event| match event {
            ServerEvent::PeopleChanged { people } => people[0].picture,
            _ => None,
        });
        assert_eq!(told.await.to_string(), id);
        let image = kept(&guest, &id).await;
        assert!(is_like(*image.get_pixel(30, 128), RED), "{format:?}");
        assert!(is_like(*image.get_pixel(226, 128), BLUE), "{format:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_told_as_a_picture_and_as_nothing_else() {
    let (app, mut ming) = ming().await;
    let file = encoded(halves(40, 40), ImageFormat::Png);
    let id = picture_of(send(&mut ming, "image/png", &file).await);
    let answer = show(&ming, &id).await;
    for (header, value) in [
        ("content-type", "image/jpeg"),
        ("cache-control", "private, max-age=31536000, immutable"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.headers(header), [value], "{header}");
    }
    let stranger = show(&Browser::at(&app), &id).await;
    assert_eq!(stranger.status, 401);
    assert_eq!(stranger.header("cache-control"), Some("no-store"));
    for nothing in ["1".repeat(32), "x".to_owned(), format!("{id}.jpg")] {
        assert_eq!(show(&ming, &nothing).await.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transparent_picture_stands_on_white() {
    let (_app, mut ming) = ming().await;
    let clear = RgbaImage::from_fn(64, 64, |x, _| {
        if x < 32 {
            Rgba([0, 0, 0, 0])
        } else {
            Rgba([0, 0, 220, 255])
        }
    });
    let file = encoded(clear, ImageFormat::Png);
    let id = picture_of(send(&mut ming, "image/png", &file).await);
    let image = kept(&ming, &id).await;
    assert!(is_like(*image.get_pixel(30, 128), Rgb([255; 3])));
    assert!(is_like(*image.get_pixel(226, 128), BLUE));
}

/// A JPEG that says where it was taken, and that its top is at the right.
fn from_a_camera() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, 95);
    encoder.encode_image(&halves(200, 200)).unwrap();
    let mut exif = b"Exif\0\0MM\0\x2A\0\0\0\x08".to_vec();
    exif.extend(2_u16.to_be_bytes());
    // A description of eighteen letters, which stands after the directory.
    for (tag, kind, count, value) in [(0x010E_u16, 2_u16, 18_u32, 38_u32), (0x0112, 3, 1, 6 << 16)]
    {
        exif.extend(tag.to_be_bytes());
        exif.extend(kind.to_be_bytes());
        exif.extend(count.to_be_bytes());
        exif.extend(value.to_be_bytes());
    }
    exif.extend([0; 4]);
    exif.extend(b"48.8584N 002.2945E");
    let mut segment = vec![0xFF, 0xE1];
    segment.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    segment.extend(exif);
    file.splice(2..2, segment);
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_turned_the_right_way_and_where_it_was_taken_is_gone() {
    let (_app, mut ming) = ming().await;
    let file = from_a_camera();
    let place = b"48.8584N";
    let has = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|at| at == part);
    assert!(has(&file, place) && has(&file, b"Exif"));
    let id = picture_of(send(&mut ming, "image/jpeg", &file).await);
    let answer = show(&ming, &id).await;
    assert!(!has(&answer.body, place) && !has(&answer.body, b"Exif"));
    // What was at the left is at the top.
    let image = kept(&ming, &id).await;
    assert!(is_like(*image.get_pixel(128, 30), RED));
    assert!(is_like(*image.get_pixel(128, 226), BLUE));
}

/// A PNG that says how large it is, in a few bytes.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1A\n".to_vec();
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    head.extend([8, 2, 0, 0, 0]);
    // Nothing but zeros, of which deflate makes next to nothing: here the beginning of such a stream.
    let body = b"\x78\xDA\xED\xC1\x01\x01\x00\x00\x00\x80\x90\xFE\xAF\xEE\x08\x0A".to_vec();
    for (kind, chunk) in [(b"IHDR", head), (b"IDAT", body), (b"IEND", Vec::new())] {
        file.extend(u32::try_from(chunk.len()).unwrap().to_be_bytes());
        let named = [&kind[..], &chunk].concat();
        file.extend(&named);
        file.extend(crc(&named).to_be_bytes());
    }
    file
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let mask = (crc & 1).wrapping_neg();
            crc = (crc >> 1) ^ (0xEDB8_8320 & mask);
        }
    }
    !crc
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_file_that_would_be_a_giant_picture_is_refused_before_it_is_one() {
    let (_app, mut ming) = ming().await;
    for (width, height, limit) in [
        (30_000, 30_000, PICTURE_PIXELS_MAX),
        (u32::MAX >> 1, 1, PICTURE_PIXELS_MAX),
        (1, PICTURE_PIXELS_MAX + 1, PICTURE_PIXELS_MAX),
        (PICTURE_PIXELS_MAX, PICTURE_PIXELS_MAX, 5_000),
    ] {
        let file = png_of(width, height);
        assert!(file.len() < 100);
        let reply = send(&mut ming, "image/png", &file).await;
        reply.refused(413, "picture_too_large");
        assert_eq!(reply.json["limit_pixels"], limit);
    }
    // A GIF says it in its first ten bytes.
    let mut gif = b"GIF89a\xFF\xFF\xFF\xFF\x80\0\0\0\0\0\xFF\xFF\xFF".to_vec();
    gif.extend(b"\x2C\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\x02\x44\x01\0\x3B");
    send(&mut ming, "image/gif", &gif)
        .await
        .refused(413, "picture_too_large");
    // The server lives, and the longest picture that fits is taken.
    let file = encoded(halves(PICTURE_PIXELS_MAX, 3), ImageFormat::Png);
    send(&mut ming, "image/png", &file).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_or_half_of_one_or_too_much_is_refused() {
    let (_app, mut ming) = ming().await;
    let mut half = encoded(halves(300, 300), ImageFormat::Png);
    half.truncate(half.len() / 2);
    let page = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    for file in [
        b"".as_slice(),
        b"x",
        page,
        b"BM not a bitmap that we read",
        &half,
        &png_of(0, 5),
    ] {
        let reply = send(&mut ming, "image/png", file).await;
        reply.refused(400, "picture_unreadable");
    }
    let giant = vec![0; PICTURE_BYTES_MAX + 1];
    let reply = send(&mut ming, "image/png", &giant).await;
    reply.refused(413, "body_too_large");
    assert_eq!(reply.json["limit_bytes"], PICTURE_BYTES_MAX);
    let small = encoded(halves(4, 4), ImageFormat::Png);
    for content_type in [
        "application/json",
        "image/svg+xml",
        "text/plain",
        "multipart/form-data",
    ] {
        let reply = send(&mut ming, content_type, &small).await;
        reply.refused(415, "unsupported_media_type");
    }
    let reply = ming.ask_raw("PUT", "/me/picture", None, &small).await;
    reply.refused(415, "unsupported_media_type");
    let reply = ming
        .ask_raw("PATCH", "/me", Some("image/png"), br#"{"name":"x"}"#)
        .await;
    reply.refused(415, "unsupported_media_type");
    assert!(ming.get("/me").await.ok()["person"]["picture"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_has_no_picture_and_a_stranger_sends_none() {
    let (app, _) = ming().await;
    let file = encoded(halves(40, 40), ImageFormat::Png);
    let mut guest = Browser::at(&app);
    drop(guest.enter_as_guest().await);
    for mut browser in [guest, Browser::at(&app)] {
        let reply = send(&mut browser, "image/png", &file).await;
        reply.refused(401, "sign_in_needed");
        let reply = browser.delete("/me/picture").await;
        reply.refused(401, "sign_in_needed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_kept_as_long_as_somebody_shows_it() {
    let (mut app, mut ming) = ming().await;
    let mut hua = Browser::registered(&app, "hua").await;
    let one = encoded(halves(40, 40), ImageFormat::Png);
    let other = encoded(RgbImage::from_pixel(40, 40, BLUE), ImageFormat::Png);
    let id = picture_of(send(&mut ming, "image/png", &one).await);
    assert_eq!(picture_of(send(&mut hua, "image/png", &one).await), id);
    assert_eq!(count(&mut app).await, 1);
    // The first takes another; the second still shows it.
    let next = picture_of(send(&mut ming, "image/png", &other).await);
    assert_eq!(show(&ming, &id).await.status, 200);
    assert_eq!(count(&mut app).await, 2);
    let me = hua.delete("/me/picture").await.ok();
    assert_eq!(me["person"]["picture"], Value::Null);
    assert_eq!(show(&ming, &id).await.status, 404);
    assert_eq!(count(&mut app).await, 1);
    // Who deletes their account takes theirs along.
    let confirm = serde_json::json!({"password": PASSWORD});
    ming.ask("DELETE", "/me", Some(confirm)).await.ok();
    assert_eq!(show(&hua, &next).await.status, 404);
    assert_eq!(count(&mut app).await, 0);
}
