//! Letters to those who forgot their password, through a mail server that the tests are.

use std::time::{Duration, Instant};

use data_encoding::BASE64;
use parley_shared::limits::{LETTERS_BURST_MAX, RESET_CODE_HOLDS_MS};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::accounts::open_app;
use crate::browser::{Browser, Reply};
use crate::scene::TestApp;

const PATIENCE: Duration = Duration::from_secs(20);

/// A mail server.
struct Post {
    letters: mpsc::Receiver<Letter>,
    address: String,
}

/// A letter as it arrived.
#[derive(Debug)]
struct Letter {
    to: String,
    head: String,
    text: String,
}

impl Post {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, letters) = mpsc::channel(100);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(take(stream, sender.clone()));
            }
        });
        Self { letters, address }
    }

    async fn letter(&mut self) -> Letter {
        let letter = tokio::time::timeout(PATIENCE, self.letters.recv()).await;
        letter.expect("a letter comes").expect("the post is open")
    }
}

/// Speaks as much SMTP (RFC 5321) as a letter needs.
async fn take(stream: TcpStream, letters: mpsc::Sender<Letter>) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 post\r\n").await?;
    let mut to = String::new();
    while let Some(line) = lines.next_line().await? {
        let verb = line.get(..4).unwrap_or_default().to_uppercase();
        let answer: &[u8] = match verb.as_str() {
            "RCPT" => {
                let address = line.split(['<', '>']).nth(1);
                to = address.unwrap_or_default().to_owned();
                b"250 ok\r\n"
            }
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await?;
                let mut whole = Vec::new();
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        break;
                    }
                    whole.push(line);
                }
                let to = std::mem::take(&mut to);
                letters.send(read(to, &whole)).await.ok();
                b"250 taken\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => b"250 ok\r\n",
        };
        writer.write_all(answer).await?;
    }
    Ok(())
}

fn read(to: String, lines: &[String]) -> Letter {
    let empty = lines.iter().position(String::is_empty).unwrap();
    let head = lines[..empty].join("\n");
    let body = &lines[empty + 1..];
    let lower = head.to_lowercase();
    let text = if lower.contains("content-transfer-encoding: base64") {
        let bytes = BASE64.decode(body.concat().as_bytes()).unwrap();
        String::from_utf8(bytes).unwrap()
    } else if lower.contains("quoted-printable") {
        unquoted(body)
    } else {
        body.join("\n")
    };
    Letter { to, head, text }
}

/// A text in quoted-printable (RFC 2045, section 6.7).
fn unquoted(lines: &[String]) -> String {
    let mut bytes = Vec::new();
    for line in lines {
        let (line, goes_on) = match line.strip_suffix('=') {
            Some(line) => (line, true),
            None => (line.as_str(), false),
        };
        let mut rest = line.as_bytes();
        while let Some((first, after)) = rest.split_first() {
            if *first == b'=' {
                let digits = std::str::from_utf8(&after[..2]).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                rest = &after[2..];
            } else {
                bytes.push(*first);
                rest = after;
            }
        }
        if !goes_on {
            bytes.push(b'\n');
        }
    }
    String::from_utf8(bytes).unwrap()
}

impl Letter {
    /// The code that stands on a line of its own.
    fn code(&self) -> String {
        let mut codes = self.text.lines().filter_map(|line| {
            let code = line.strip_prefix("    ")?;
            (code.len() == 19 && code.matches('-').count() == 3).then(|| code.to_owned())
        });
        let code = codes.next().unwrap_or_else(|| panic!("no code: {self:?}"));
        assert!(
            codes.all(|other| other == code),
            "the same in both languages"
        );
        code
    }
}

async fn ask(app: &TestApp, name: &str) -> Reply {
    let ask = json!({"name": name});
    Browser::at(app).post("/password-resets/mail", ask).await
}

/// A server that sends letters, with Ming who has an address.
async fn app_with(post: &Post) -> TestApp {
    let through = format!("smtp://{}", post.address);
    let app = TestApp::start(move |config| {
        config.smtp_url = Some(through.as_str().into());
        config.mail_from = Some("Parley <parley@example.org>".to_owned());
        config.public_url = Some("https://chat.example".to_owned());
    })
    .await;
    let mut ming = Browser::registered(&app, "ming").await;
    let policy = json!({"registration": "open", "guests": true, "contact": "friends"});
    ming.put("/server/policy", policy).await.ok();
    let address = json!({"email": "Ming@Example.org"});
    ming.patch("/me", address).await.ok();
    app
}

async fn reset(app: &TestApp, user_name: &str, code: &str, password: &str) -> Reply {
    let ask = json!({"user_name": user_name, "code": code, "password": password});
    Browser::at(app).post("/password-resets", ask).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_has_a_code_in_both_languages_that_sets_a_new_password_once() {
    let mut post = Post::open().await;
    let app = app_with(&post).await;
    assert_eq!(Browser::at(&app).get("/server").await.ok()["mail"], true);
    for name in ["MING", " ming@example.org "] {
        let reply = ask(&app, name).await;
        assert_eq!((reply.status, &reply.json), (202, &Value::Null));
        let letter = post.letter().await;
        assert_eq!(letter.to, "Ming@Example.org");
        assert!(
            letter.head.contains("parley@example.org"),
            "{}",
            letter.head
        );
        let code = letter.code();
        for part in [
            "wants to set a new password for \"ming\"",
            "“ming”设置新密码",
            &format!("https://chat.example/new-password#code={code}&name=ming"),
        ] {
            assert!(letter.text.contains(part), "{part}: {}", letter.text);
        }
        reset(&app, "ming", "aaaa-bbbb-cccc-dddd", "another password")
            .await
            .refused(404, "unknown_reset_code");
        reset(&app, "ming", &code, "another password").await.ok();
        reset(&app, "ming", &code, "another password")
            .await
            .refused(404, "unknown_reset_code");
        let ask = json!({"user_name": "ming", "password": "another password"});
        Browser::at(&app).post("/sessions", ask).await.ok();
    }
    // After an hour it is too late.
    ask(&app, "ming").await.ok();
    let code = post.letter().await.code();
    app.clock()
        .advance(Duration::from_millis(RESET_CODE_HOLDS_MS + 1));
    reset(&app, "ming", &code, "a third password")
        .await
        .refused(404, "unknown_reset_code");
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_there_is_an_account_shows_neither_in_the_answer_nor_in_letters() {
    let mut post = Post::open().await;
    let app = app_with(&post).await;
    let mut owner = Browser::at(&app);
    owner.sign_in("ming").await.ok();
    // One without an address, one that is deactivated, one that is not there.
    Browser::registered(&app, "hua").await;
    let mut gone = Browser::registered(&app, "gone").await;
    let me = gone
        .patch("/me", json!({"email": "gone@example.org"}))
        .await
        .ok();
    let path = format!("/people/{}/active", me["person"]["id"].as_str().unwrap());
    owner.put(&path, json!({"active": false})).await.ok();
    let mut answers = Vec::new();
    for name in [
        "hua",
        "gone",
        "gone@example.org",
        "nobody",
        "nobody@example.org",
        "",
        "ming",
    ] {
        let reply = ask(&app, name).await;
        answers.push((reply.status, reply.json.to_string()));
    }
    answers.dedup();
    assert_eq!(answers, [(202, "null".to_owned())]);
    // The last one asked is the only one that is written to.
    assert_eq!(post.letter().await.to, "Ming@Example.org");
    assert!(post.letters.try_recv().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_are_few_for_each_name_known_or_not_and_for_each_account() {
    let mut post = Post::open().await;
    let app = app_with(&post).await;
    for name in ["ming", "nobody", "ming@example.org"] {
        for _ in 0..LETTERS_BURST_MAX {
            assert_eq!(ask(&app, name).await.status, 202, "{name}");
        }
        let reply = ask(&app, name).await;
        reply.refused(429, "too_many_attempts");
        assert!(reply.answer.header("retry-after").is_some());
    }
    for _ in 0..LETTERS_BURST_MAX {
        post.letter().await;
    }
    // Asked for by name and by address they are as few.
    ask(&app, "last@example.org").await.ok();
    tokio::time::timeout(Duration::from_millis(500), post.letters.recv())
        .await
        .expect_err("no more letters come");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_says_nothing_keeps_nobody_waiting_nor_the_server_from_stopping() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (_, letters) = mpsc::channel(100);
    let post = Post {
        letters,
        address: silent.local_addr().unwrap().to_string(),
    };
    let mut app = app_with(&post).await;
    for name in ["ming", "nobody"] {
        let since = Instant::now();
        assert_eq!(ask(&app, name).await.status, 202);
        assert!(since.elapsed() < Duration::from_secs(5), "{name}");
    }
    // It was asked, and is still expected to speak.
    let connected = tokio::time::timeout(PATIENCE, silent.accept()).await;
    let _connection = connected.unwrap().unwrap();
    // Another server takes the data over while the letter still waits.
    app.restart().await;
    assert_eq!(Browser::at(&app).get("/server").await.ok()["claimed"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_letters_are_sent_it_is_said_to_everyone() {
    let (app, _) = open_app().await;
    assert_eq!(Browser::at(&app).get("/server").await.ok()["mail"], false);
    for name in ["owner", "nobody"] {
        ask(&app, name).await.refused(409, "no_mail");
    }
    let reply = Browser::at(&app)
        .post("/password-resets/mail", json!({"user_name": "owner"}))
        .await;
    reply.refused(400, "malformed");
}
