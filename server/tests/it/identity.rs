//! Who a visitor is: the guest's cookie, its forgery, the name. It does not know how cookies are signed.

use parley_shared::protocol::{ClientCommand, ServerEvent};

use crate::plain;
use crate::scene::{Scene, scene};

fn rename(name: &str) -> ClientCommand {
    ClientCommand::Rename {
        name: name.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_is_128_random_bits_in_hex_and_the_same_after_coming_back() {
    scene(async |scene| {
        let Scene {
            app, alice, bob, ..
        } = scene;
        let id = alice.id();
        let written = id.to_string();
        assert_eq!(written.len(), 32);
        assert!(
            written
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        );
        assert_ne!(id, bob.id());
        let cookie = alice.cookie().unwrap().to_owned();
        assert!(
            cookie.starts_with(&format!("parley_guest={written}.")),
            "{cookie}"
        );
        alice.drop_connection();
        alice.reconnect().await;
        assert_eq!(alice.id(), id);
        app.restart().await;
        alice.reconnect().await;
        assert_eq!(alice.id(), id, "the key that signs cookies is kept");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_comes_with_the_upgrade_and_scripts_cannot_read_it() {
    scene(async |scene| {
        let address = scene.app.address;
        let upgrade = [
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        let head = |origin: &str| {
            let mut head =
                format!("GET /ws HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\n");
            for (name, value) in upgrade {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            format!("{head}origin: {origin}://{address}\r\n\r\n")
        };
        for (origin, secure) in [("http", false), ("https", true)] {
            let answer = upgrade_answer(address, &head(origin)).await;
            assert_eq!(answer.status, 101);
            let cookie = answer.header("set-cookie").expect("a cookie is set");
            for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
                assert!(cookie.contains(attribute), "{attribute} in {cookie}");
            }
            assert_eq!(cookie.contains("Secure"), secure, "{cookie}");
        }
    })
    .await;
}

/// The head of the answer to an upgrade; what follows are frames.
async fn upgrade_answer(address: std::net::SocketAddr, head: &str) -> plain::Answer {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.windows(4).any(|four| four == b"\r\n\r\n") {
        assert!(
            stream.read_buf(&mut answer).await.unwrap() > 0,
            "the head has an end"
        );
    }
    plain::parse(&answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_cookie_makes_a_new_guest() {
    scene(async |scene| {
        let Scene {
            app, alice, bob, ..
        } = scene;
        let (id, bobs) = (alice.id(), bob.cookie().unwrap().to_owned());
        let signature = bobs.split_once('.').unwrap().1;
        let forgeries = [
            format!("parley_guest={id}"),
            format!("parley_guest={id}."),
            format!("parley_guest={id}.{}", "0".repeat(32)),
            format!("parley_guest={id}.{signature}"),
            "parley_guest=".to_owned(),
            "parley_guest=%00; ;;=".to_owned(),
            "x".repeat(4_000),
        ];
        for forgery in forgeries {
            let mut forger = app.stranger("a forger");
            forger.set_cookie(Some(forgery.clone()));
            forger.reconnect().await;
            assert_ne!(forger.id(), id, "{forgery}");
            assert_ne!(forger.id(), bob.id(), "{forgery}");
            let minted = format!("parley_guest={}.", forger.id());
            assert!(forger.cookie().unwrap().starts_with(&minted), "{forgery}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_name_is_seen_by_others_and_kept_over_a_restart() {
    scene(async |scene| {
        let Scene {
            app, alice, bob, ..
        } = scene;
        let id = alice.id();
        alice.send("before I had a name").await;
        bob.expect_message("before I had a name").await;
        assert_eq!(bob.seen().names.get(&id), Some(&None));
        alice.say(&rename("  Alice Liddell ")).await;
        for person in [&*bob, alice] {
            person
                .wait("the new name", |seen| {
                    (seen.names.get(&id)? == &Some("Alice Liddell".to_owned())).then_some(())
                })
                .await;
        }
        alice.send("and after").await;
        bob.expect_message("and after").await;
        assert_eq!(bob.seen().names[&id].as_deref(), Some("Alice Liddell"));
        app.restart().await;
        alice.reconnect().await;
        let named = alice.seen().me.clone().unwrap().name;
        assert_eq!(named.as_deref(), Some("Alice Liddell"));
        let dave = app.person("Dave").await;
        assert_eq!(dave.seen().names[&id].as_deref(), Some("Alice Liddell"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_may_have_the_same_name_and_the_last_of_many_names_holds() {
    scene(async |scene| {
        let Scene {
            alice, bob, carol, ..
        } = scene;
        for number in 0..20 {
            alice.say(&rename(&format!("Name {number}"))).await;
        }
        bob.say(&rename("Name 19")).await;
        let ids = [alice.id(), bob.id()];
        carol
            .wait("both names", |seen| {
                ids.iter()
                    .all(|id| seen.names.get(id).and_then(Option::as_deref) == Some("Name 19"))
                    .then_some(())
            })
            .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_refused_changes_nothing() {
    scene(async |scene| {
        let Scene { alice, bob, .. } = scene;
        let id = alice.id();
        alice.say(&rename("Alice")).await;
        let named = |event: &ServerEvent| match event {
            ServerEvent::PeopleChanged { people } => Some(people[0].name.clone()),
            _ => None,
        };
        assert_eq!(
            bob.expect("the first name", named).await.as_deref(),
            Some("Alice")
        );
        alice.say(&rename("Ali\u{202E}ce")).await;
        alice.expect_refusal().await;
        alice.send("still Alice").await;
        bob.expect_message("still Alice").await;
        assert_eq!(bob.seen().names[&id].as_deref(), Some("Alice"));
    })
    .await;
}
