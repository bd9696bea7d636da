//! What is served over plain HTTP, header by header. It does not know the page's content.
//!
//! The page may not be built into the binary that is tested; then a small page says so in its place,
//! and the tests of its hashed files have nothing to look at.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use parley_shared::limits::{BODY_BYTES_MAX, HEADER_TIMEOUT_MS};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::plain::{self, Answer, ask, get};
use crate::scene::scene;

const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");

async fn with_server(look: impl AsyncFnOnce(SocketAddr)) {
    scene(async |scene| look(scene.app.address).await).await;
}

/// The files with hashed names that the page refers to; none when the page is not built.
fn hashed_files(page: &str) -> Vec<String> {
    let mut files: Vec<String> = page
        .split(['"', '\'', '=', ' ', '>'])
        .filter(|part| part.starts_with('/') && is_hashed(part))
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    files
}

/// Whether a name is like `name-0123456789abcdef.css`.
fn is_hashed(path: &str) -> bool {
    let stem = path.split('.').next().unwrap_or_default();
    let stem = stem.trim_end_matches("_bg");
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        hash.len() >= 10 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn assert_safe(answer: &Answer, what: &str) {
    let policy = answer
        .header("content-security-policy")
        .unwrap_or_else(|| panic!("{what} has no policy: {answer:?}"));
    for directive in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "script-src 'self'",
    ] {
        assert!(policy.contains(directive), "{what}: {policy}");
    }
    for unsafe_source in ["'unsafe-inline'", "'unsafe-eval'", " * ", "http:"] {
        assert!(!policy.contains(unsafe_source), "{what}: {policy}");
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{what}");
    }
    assert!(answer.header("permissions-policy").is_some(), "{what}");
    assert_eq!(
        answer.header("server"),
        None,
        "{what}: who attacks need not be told"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn health_says_that_the_server_works() {
    with_server(async |address| {
        let answer = get(address, "/healthz").await;
        assert_eq!(
            (answer.status, &*answer.text()),
            (200, r#"{"status":"ok"}"#)
        );
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("content-type"), Some("application/json"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_the_headers_that_protect_the_reader() {
    with_server(async |address| {
        let large = vec![b'x'; BODY_BYTES_MAX + 1];
        for (method, path, headers, body, status) in [
            ("GET", "/", &[HTML] as &[_], &[] as &[u8], 200),
            ("HEAD", "/", &[HTML], &[], 200),
            ("GET", "/index.html", &[], &[], 200),
            ("GET", "/healthz", &[], &[], 200),
            ("GET", "/deep/link", &[HTML], &[], 200),
            ("GET", "/deep/link", &[], &[], 404),
            ("GET", "/nothing.js", &[HTML], &[], 404),
            ("GET", "/api/nothing", &[HTML], &[], 404),
            ("GET", "/../../etc/passwd", &[], &[], 404),
            ("GET", "/%2e%2e/%2e%2e/etc/passwd", &[], &[], 404),
            ("POST", "/", &[], b"x", 405),
            ("POST", "/nothing", &[HTML], b"x", 404),
            ("POST", "/healthz", &[], b"x", 405),
            ("POST", "/healthz", &[], &large, 413),
            ("GET", "/ws", &[], &[], 400),
        ] {
            let what = format!("{method} {path} with {} bytes", body.len());
            let answer = ask(address, method, path, headers, body).await;
            assert_eq!(answer.status, status, "{what}: {answer:?}");
            assert_safe(&answer, &what);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deep_link_gets_the_page_and_a_missing_file_does_not() {
    with_server(async |address| {
        let page = ask(address, "GET", "/", &[HTML], b"").await;
        assert!(
            page.header("content-type")
                .unwrap()
                .starts_with("text/html")
        );
        assert!(page.text().contains("<title>Parley</title>"));
        for link in [
            "/lobby",
            "/c/0123456789abcdef0123456789abcdef",
            "/a/b/c?x=1",
        ] {
            let answer = ask(address, "GET", link, &[HTML], b"").await;
            assert_eq!((answer.status, &answer.body), (200, &page.body), "{link}");
        }
        for file in [
            "/parley-client-0123456789abcdef_bg.wasm",
            "/old-0123456789abcdef.js",
            "/x.css",
            "/favicon.ico",
        ] {
            for headers in [&[HTML] as &[_], &[("accept", "*/*")], &[]] {
                let answer = ask(address, "GET", file, headers, b"").await;
                assert_eq!(answer.status, 404, "{file}");
                assert!(
                    !answer.text().contains('<'),
                    "{file} is answered with a page"
                );
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_not_changed_is_not_sent_again() {
    with_server(async |address| {
        let page = get(address, "/").await;
        let etag = page.header("etag").expect("the page has an entity tag");
        assert_eq!(
            page.header("cache-control"),
            Some("no-cache"),
            "the page may change"
        );
        let again = ask(address, "GET", "/", &[("if-none-match", etag)], b"").await;
        assert_eq!((again.status, again.body.len()), (304, 0));
        let other = ask(address, "GET", "/", &[("if-none-match", "\"other\"")], b"").await;
        assert_eq!((other.status, &other.body), (200, &page.body));
        let files = hashed_files(&page.text());
        let is_built = page.text().contains("<script");
        assert_eq!(
            files.is_empty(),
            !is_built,
            "a page that is built has files"
        );
        for file in files {
            let answer = get(address, &file).await;
            assert_eq!(answer.status, 200, "{file}");
            let cache = answer.header("cache-control").unwrap_or_default();
            assert!(
                cache.contains("max-age=31536000") && cache.contains("immutable"),
                "{file}: {cache}"
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_compressed_for_whoever_can_read_that() {
    with_server(async |address| {
        let page = get(address, "/").await;
        assert_eq!(page.header("content-encoding"), None, "nobody asked for it");
        let mut files = hashed_files(&page.text());
        files.push("/".to_owned());
        for file in files {
            let plain = get(address, &file).await;
            let packed = ask(
                address,
                "GET",
                &file,
                &[("accept-encoding", "gzip, br")],
                b"",
            )
            .await;
            let compressible = plain.body.len() > 1_024;
            match packed.header("content-encoding") {
                Some("br") => {
                    assert!(packed.body.len() < plain.body.len(), "{file}");
                    let mut unpacked = Vec::new();
                    brotli_decompressor::BrotliDecompress(
                        &mut packed.body.as_slice(),
                        &mut unpacked,
                    )
                    .expect("it is brotli");
                    assert_eq!(unpacked, plain.body, "{file}");
                }
                encoding => {
                    // Compressing takes a minute, which only a release is worth.
                    let due = compressible && !cfg!(debug_assertions);
                    assert!(!due, "{file} is sent as {encoding:?}");
                    assert_eq!(packed.body, plain.body, "{file}");
                }
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_body_is_refused_before_it_is_read() {
    with_server(async |address| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST /healthz HTTP/1.1\r\nhost: {address}\r\ncontent-length: 9999999999\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4_096];
        let read = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut answer));
        let bytes = read
            .await
            .expect("the answer does not wait for the body")
            .unwrap();
        assert_eq!(plain::parse(&answer[..bytes]).status, 413);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_is_too_large_is_refused() {
    with_server(async |address| {
        let large = "x".repeat(64 * 1024);
        let answer = ask(address, "GET", "/", &[("x-large", &large)], b"").await;
        assert_eq!(answer.status, 431);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sends_headers_too_slowly_is_let_go() {
    with_server(async |address| {
        let bound = Duration::from_millis(HEADER_TIMEOUT_MS);
        let started = Instant::now();
        let (silent, slow) = tokio::join!(
            async { ended_after(TcpStream::connect(address).await.unwrap(), "").await },
            async {
                ended_after(
                    TcpStream::connect(address).await.unwrap(),
                    "GET / HTTP/1.1\r\nx: ",
                )
                .await
            },
        );
        for (who, took) in [("silent", silent), ("slow", slow)] {
            assert!(took < bound + Duration::from_secs(4), "{who}: {took:?}");
            assert!(took > bound / 2, "{who}: {took:?}");
        }
        assert!(started.elapsed() < bound * 2);
    })
    .await;
}

/// Says something and then a byte every half second, until the server has had enough.
async fn ended_after(mut stream: TcpStream, first: &str) -> Duration {
    let started = Instant::now();
    stream.write_all(first.as_bytes()).await.unwrap();
    let mut answer = [0; 1_024];
    loop {
        let heard =
            tokio::time::timeout(Duration::from_millis(500), stream.read(&mut answer)).await;
        match heard {
            // An answer such as 408 is a courtesy; the end is what counts.
            Ok(Ok(bytes)) if bytes > 0 => {}
            Ok(_) => return started.elapsed(),
            Err(_) if first.is_empty() => {}
            Err(_) => {
                stream.write_all(b"y").await.ok();
            }
        }
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "the connection is held for ever"
        );
    }
}
