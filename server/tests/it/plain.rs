//! HTTP by hand over a plain connection, so that tests see exactly what is sent. It does not know the routes.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_secs(20);

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header, by its name in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    /// The values of a header that may come several times.
    pub(crate) fn headers(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(found, _)| found == name);
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// The body as text.
    pub(crate) fn text(&self) -> std::borrow::Cow<'_, str> {
        if self.header("transfer-encoding") == Some("chunked") {
            return unchunked(&self.body).into();
        }
        std::str::from_utf8(&self.body)
            .expect("the body is text")
            .into()
    }
}

/// A body that came in chunks, which must have come to their end.
fn unchunked(mut body: &[u8]) -> String {
    let mut whole = Vec::new();
    loop {
        let line = body.windows(2).position(|two| two == b"\r\n");
        let line = line.expect("a chunk begins with its length");
        let length = std::str::from_utf8(&body[..line]).expect("a length is ASCII");
        let length = usize::from_str_radix(length, 16).expect("a length is a number");
        if length == 0 {
            return String::from_utf8(whole).expect("the body is text");
        }
        let start = line + 2;
        whole.extend_from_slice(&body[start..start + length]);
        body = &body[start + length + 2..];
    }
}

/// Gets a path.
pub(crate) async fn get(address: SocketAddr, path: &str) -> Answer {
    ask(address, "GET", path, &[], b"").await
}

/// Asks with a method, headers and a body.
pub(crate) async fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\n");
    if !headers.iter().any(|(name, _)| *name == "connection") {
        head.push_str("connection: close\r\n");
    }
    if !body.is_empty() {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let mut request = head.into_bytes();
    request.extend_from_slice(body);
    let stream = TcpStream::connect(address)
        .await
        .expect("the server takes connections");
    let answer = tokio::time::timeout(PATIENCE, talk(stream, request))
        .await
        .expect("the server answers");
    parse(&answer)
}

async fn talk(mut stream: TcpStream, request: Vec<u8>) -> Vec<u8> {
    // A server that has heard enough may answer before it has read everything.
    stream.write_all(&request).await.ok();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok();
    answer
}

/// Takes an answer apart.
pub(crate) fn parse(answer: &[u8]) -> Answer {
    let shown = String::from_utf8_lossy(&answer[..answer.len().min(400)]).into_owned();
    let head_end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer with a head: {shown:?}"));
    let head = std::str::from_utf8(&answer[..head_end]).expect("a head is ASCII");
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1)?.parse().ok())
        .expect("the first line has a status");
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Answer {
        status,
        headers,
        body: answer[head_end + 4..].to_vec(),
    }
}
