//! Where requests come from behind a proxy, and that nobody else says so. It does not know what is attempted.

use parley_shared::limits::ADDRESS_ATTEMPTS_BURST_MAX;
use serde_json::json;

use crate::browser::{Browser, Reply};
use crate::scene::TestApp;

/// A server that believes what the machine it runs on says.
async fn behind_proxy() -> TestApp {
    TestApp::start(|config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await
}

/// One attempt to sign in, forwarded for this address, at an account that nobody else tries.
async fn attempt(app: &TestApp, forwarded_for: &str, count: u32) -> Reply {
    let mut browser = Browser::at(app);
    browser.forwarded_for = Some(forwarded_for.to_owned());
    let name = format!("nobody{count}");
    let ask = json!({"user_name": name, "password": "not the password"});
    browser.post("/sessions", ask).await
}

/// Attempts until one is refused, and says how many were not.
async fn attempts_accepted(app: &TestApp, forwarded_for: &str) -> u32 {
    // On a slow machine the rate lets a few more in meanwhile.
    for count in 0..ADDRESS_ATTEMPTS_BURST_MAX * 2 {
        let reply = attempt(app, forwarded_for, count).await;
        if reply.status == 429 {
            reply.refused(429, "too_many_attempts");
            return count;
        }
        reply.refused(401, "wrong_credentials");
    }
    panic!("attempts for {forwarded_for} are not limited");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_trusted_proxy_each_visitor_has_a_bound_of_their_own() {
    let mut app = behind_proxy().await;
    let accepted = attempts_accepted(&app, "192.0.2.1").await;
    assert!(accepted >= ADDRESS_ATTEMPTS_BURST_MAX, "{accepted}");
    // Whatever they write before what the proxy adds, they stay who they are.
    let pretended = attempt(&app, "192.0.2.2, 192.0.2.1", 1_000).await;
    pretended.refused(429, "too_many_attempts");
    let other = attempt(&app, "192.0.2.2", 1_001).await;
    other.refused(401, "wrong_credentials");
    // The machine itself, with no proxy in between.
    let own = Browser::at(&app).sign_in("nobody").await;
    own.refused(401, "wrong_credentials");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_trusted_proxy_the_header_changes_nothing() {
    let mut app = TestApp::start(|_| {}).await;
    for count in 0..ADDRESS_ATTEMPTS_BURST_MAX + 5 {
        let reply = attempt(&app, "192.0.2.1", count).await;
        reply.refused(401, "wrong_credentials");
    }
    app.stop().await;
}
