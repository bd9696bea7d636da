//! RFC 6455, section 4.2: which requests become a WebSocket and which do not, of the echo and of the server.

use std::net::SocketAddr;

use super::echo;
use crate::plain;
use crate::scene::TestApp;

/// The lines of a request that asks for a WebSocket.
const LINES: [&str; 5] = [
    "Host: localhost",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
];

/// Asks with the usual lines, but for those whose header one of `lines` names; `Name:` alone leaves one out.
async fn ask(address: SocketAddr, first: &str, lines: &[&str]) -> plain::Answer {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let name = |line: &str| line.split(':').next().unwrap_or_default().to_owned();
    let named: Vec<String> = lines.iter().map(|line| name(line)).collect();
    let usual = LINES.iter().filter(|line| !named.contains(&name(line)));
    let own = lines.iter().filter(|line| !line.ends_with(':'));
    let head: String = usual.chain(own).map(|line| format!("{line}\r\n")).collect();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("{first}\r\n{head}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.windows(4).any(|four| four == b"\r\n\r\n") {
        let read = tokio::time::timeout(
            std::time::Duration::from_secs(20),
            stream.read_buf(&mut answer),
        );
        assert!(read.await.unwrap().unwrap() > 0, "there is an answer");
    }
    plain::parse(&answer)
}

/// What is asked for differently than usual, with the section that says what becomes of it.
const CASES: &[(&str, &str, &[&str], u16)] = &[
    ("4.2.1", "as usual", &[], 101),
    ("4.2.1 5", "no key", &["Sec-WebSocket-Key:"], 400),
    ("4.2.1 5", "an empty key", &["Sec-WebSocket-Key: "], 400),
    (
        "4.2.1 5",
        "a key of 15 bytes",
        &["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j"],
        400,
    ),
    (
        "4.2.1 5",
        "a key of 17 bytes",
        &["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZWU="],
        400,
    ),
    (
        "4.2.1 5",
        "a key that is no base64",
        &["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j*Q=="],
        400,
    ),
    (
        "4.2.1 5",
        "a key without its end",
        &["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ"],
        400,
    ),
    (
        "4.2.1 5",
        "a key with blanks around it",
        &["Sec-WebSocket-Key:   dGhlIHNhbXBsZSBub25jZQ==  "],
        101,
    ),
    (
        "11.3.1",
        "two keys",
        &[
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC==",
        ],
        400,
    ),
    ("4.2.2 4", "no version", &["Sec-WebSocket-Version:"], 426),
    (
        "4.2.2 4",
        "a version of before",
        &["Sec-WebSocket-Version: 8"],
        426,
    ),
    (
        "4.2.2 4",
        "a version that is to come",
        &["Sec-WebSocket-Version: 14"],
        426,
    ),
    (
        "4.2.2 4",
        "a version that is none",
        &["Sec-WebSocket-Version: 13.0"],
        426,
    ),
    (
        "11.3.5",
        "two versions",
        &["Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13"],
        426,
    ),
    ("4.2.1 3", "no upgrade", &["Upgrade:"], 400),
    (
        "4.2.1 3",
        "an upgrade to something else",
        &["Upgrade: h2c"],
        400,
    ),
    (
        "4.2.1 3",
        "a name that only begins so",
        &["Upgrade: websockets"],
        400,
    ),
    (
        "4.2.1 3",
        "in letters of any size",
        &["Upgrade: WebSocket"],
        101,
    ),
    (
        "4.2.1 3",
        "one of several",
        &["Upgrade: h2c , WEBSOCKET"],
        101,
    ),
    (
        "4.2.1 3",
        "in several lines",
        &["Upgrade: h2c", "Upgrade: websocket"],
        101,
    ),
    ("4.2.1 4", "no connection", &["Connection:"], 400),
    (
        "4.2.1 4",
        "a connection that is kept only",
        &["Connection: keep-alive"],
        400,
    ),
    (
        "4.2.1 4",
        "two names in one",
        &["Connection: keep-alive Upgrade"],
        400,
    ),
    (
        "4.2.1 4",
        "a name that only ends so",
        &["Connection: noupgrade"],
        400,
    ),
    (
        "4.2.1 4",
        "in letters of any size",
        &["Connection: uPGRADE"],
        101,
    ),
    (
        "4.2.1 4",
        "as browsers say it",
        &["Connection: keep-alive, Upgrade"],
        101,
    ),
    (
        "4.2.1 4",
        "with empty places",
        &["Connection: ,keep-alive,,\tupgrade ,"],
        101,
    ),
    (
        "4.2.1 4",
        "in several lines",
        &["Connection: keep-alive", "Connection: upgrade"],
        101,
    ),
    ("4.2.1 2", "no host", &["Host:"], 400),
    (
        "9.1",
        "an extension that nobody agreed on",
        &["Sec-WebSocket-Extensions: permessage-deflate"],
        101,
    ),
    (
        "1.9",
        "a language that nobody agreed on",
        &["Sec-WebSocket-Protocol: chat, superchat"],
        101,
    ),
    (
        "RFC 9112, 6.3",
        "a body of no bytes",
        &["Content-Length: 0"],
        101,
    ),
    ("RFC 9112, 6.3", "a body", &["Content-Length: 5"], 400),
    (
        "RFC 9112, 6.3",
        "a body in chunks",
        &["Transfer-Encoding: chunked"],
        400,
    ),
];

async fn hold(address: SocketAddr, path: &str) {
    for (section, name, lines, status) in CASES {
        let answer = ask(address, &format!("GET {path} HTTP/1.1"), lines).await;
        assert_eq!(answer.status, *status, "{section} {name}: {answer:?}");
        let accept = answer.header("sec-websocket-accept");
        assert_eq!(accept.is_some(), *status == 101, "{section} {name}");
        // What was not offered or is not spoken is not agreed on (section 4.2.2, 5).
        assert_eq!(
            answer.header("sec-websocket-extensions"),
            None,
            "{section} {name}"
        );
        assert_eq!(
            answer.header("sec-websocket-protocol"),
            None,
            "{section} {name}"
        );
        let version = answer.header("sec-websocket-version");
        assert_eq!(
            version,
            (*status == 426).then_some("13"),
            "{section} {name}"
        );
        if *status == 426 {
            // RFC 9110, section 15.5.22.
            assert_eq!(
                answer.header("upgrade"),
                Some("websocket"),
                "{section} {name}"
            );
        }
    }
    for method in ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"] {
        let answer = ask(address, &format!("{method} {path} HTTP/1.1"), &[]).await;
        assert_eq!(answer.status, 405, "4.2.1 1 {method}: {answer:?}");
        assert!(answer.header("allow").is_some(), "{method}: {answer:?}");
    }
    let answer = ask(address, &format!("GET {path} HTTP/1.0"), &[]).await;
    assert_eq!(answer.status, 400, "4.2.1 1: {answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_echo_upgrades_what_asks_properly_and_nothing_else() {
    hold(echo().await, "/").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_upgrades_what_asks_properly_and_nothing_else() {
    let mut app = TestApp::start(|_| {}).await;
    hold(app.address, "/ws").await;
    app.stop().await;
}
