//! Which pages may connect. It does not know who the visitor is.

use crate::plain;
use crate::scene::{scene, scene_with};

const FORBIDDEN: &str = "HTTP 403";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_may_not_connect_and_the_servers_own_may() {
    scene(async |scene| {
        let app = &scene.app;
        let own = format!("http://{}", app.address);
        app.outsider_connects(&own).await.unwrap();
        let port = app.address.port();
        for foreign in [
            "https://evil.example",
            "null",
            "http://127.0.0.1",
            &format!("http://127.0.0.1:{}", port ^ 1),
            &format!("http://localhost:{port}"),
            &format!("http://127.0.0.1:{port}.evil.example"),
            &format!("file://127.0.0.1:{port}"),
        ] {
            let refused = app.outsider_connects(foreign).await.unwrap_err();
            assert_eq!(refused, FORBIDDEN, "{foreign}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_page_is_told_no_more_than_that_and_gets_no_cookie() {
    scene(async |scene| {
        let headers = [
            ("origin", "https://evil.example"),
            ("upgrade", "websocket"),
            ("connection", "upgrade"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        let answer = plain::ask(scene.app.address, "GET", "/ws", &headers, b"").await;
        assert_eq!(answer.status, 403);
        assert_eq!(answer.header("set-cookie"), None);
        assert_eq!(answer.header("access-control-allow-origin"), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_origin_that_the_operator_named_may_and_others_still_may_not() {
    scene_with(
        |config| config.allowed_origins = vec!["https://app.example".to_owned()],
        async |scene| {
            let app = &scene.app;
            app.outsider_connects("https://app.example").await.unwrap();
            for foreign in [
                "http://app.example",
                "https://app.example:8443",
                "https://other.example",
            ] {
                let refused = app.outsider_connects(foreign).await.unwrap_err();
                assert_eq!(refused, FORBIDDEN, "{foreign}");
            }
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_star_lets_every_page_connect() {
    scene_with(
        |config| config.allowed_origins = vec!["*".to_owned()],
        async |scene| {
            for origin in ["https://evil.example", "null"] {
                scene.app.outsider_connects(origin).await.unwrap();
            }
        },
    )
    .await;
}
