//! Tests of where settings come from and which are refused.

use super::*;

fn line(arguments: &[&str]) -> Settings {
    let line = CommandLine::try_parse_from(["parley", "serve"].iter().chain(arguments));
    match line.unwrap().command {
        Command::Serve(settings) => *settings,
        other => panic!("it says serve and not {other:?}"),
    }
}

#[test]
fn without_settings_the_defaults_hold() {
    let config = Config::load(line(&[])).unwrap();
    assert_eq!(config.listen, "127.0.0.1:3000");
    assert_eq!(config.messages_per_second, MESSAGES_PER_SECOND_MAX);
    assert!(config.allowed_origins.is_empty());
    assert!(config.trusted_proxies.is_empty());
}

#[test]
fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("parley.toml");
    std::fs::write(
        &path,
        "listen = \"[::1]:1\"\nmax_connections = 7\nallowed_origins = [\"*\"]\n",
    )
    .unwrap();
    let path = path.to_str().unwrap();
    let config = Config::load(line(&["--config", path, "--listen", "[::1]:2"])).unwrap();
    assert_eq!(config.listen, "[::1]:2");
    assert_eq!(config.max_connections, 7);
    assert_eq!(config.allowed_origins, ["*"]);
}

#[test]
fn an_unknown_key_in_the_file_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("parley.toml");
    std::fs::write(&path, "lisen = \"[::1]:1\"\n").unwrap();
    let error = Config::load(line(&["--config", path.to_str().unwrap()])).unwrap_err();
    assert!(format!("{error:#}").contains("lisen"), "{error:#}");
}

#[test]
fn an_unknown_flag_is_refused() {
    assert!(CommandLine::try_parse_from(["parley", "serve", "--lisen", "x"]).is_err());
}

#[test]
fn proxies_are_named_by_flags_or_in_the_file_and_what_is_no_network_is_refused() {
    let both = ["::1".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
    for flags in [
        &["--trusted-proxy", "::1", "--trusted-proxy", "10.0.0.0/8"] as &[&str],
        &["--trusted-proxy", "::1,10.0.0.0/8"],
    ] {
        let config = Config::load(line(flags)).unwrap();
        assert_eq!(config.trusted_proxies, both);
    }
    let file = "trusted_proxies = [\"::1\", \"10.0.0.0/8\"]";
    let file: Settings = toml::from_str(file).unwrap();
    let config = Config::from_settings(line(&[]), file).unwrap();
    assert_eq!(config.trusted_proxies, both);

    let bad = ["parley", "serve", "--trusted-proxy", "10.0.0.0/33"];
    let error = CommandLine::try_parse_from(bad).unwrap_err();
    assert!(error.to_string().contains("10.0.0.0/33"), "{error}");
    let bad = "trusted_proxies = [\"localhost\"]";
    let error = toml::from_str::<Settings>(bad).unwrap_err();
    assert!(error.to_string().contains("localhost"), "{error}");
}

#[test]
fn letters_need_who_carries_them_and_whom_they_come_from() {
    let through = ["--smtp-url", "smtp://localhost"];
    let from = ["--mail-from", "parley@example.org"];
    for half in [&through, &from] {
        let error = Config::load(line(half)).unwrap_err();
        assert!(error.to_string().contains("mail_from"), "{error}");
    }
    let page = ["--public-url", "https://chat.example.org/"];
    let whole = [through, from, page].concat();
    let config = Config::load(line(&whole)).unwrap();
    assert_eq!(config.smtp_url, Some("smtp://localhost".into()));
    assert_eq!(
        config.public_url.as_deref(),
        Some("https://chat.example.org")
    );
    let file = "smtp_url = \"smtp://user:hush@localhost\"\nmail_from = \"parley@example.org\"";
    let file: Settings = toml::from_str(file).unwrap();
    assert!(!format!("{file:?}").contains("hush"));
    assert!(Config::from_settings(line(&[]), file).is_ok());
    let bad = line(&["--public-url", "https://chat.example.org/chat"]);
    let error = Config::load(bad).unwrap_err();
    assert!(error.to_string().contains("public_url"), "{error}");
}

#[test]
fn what_is_no_origin_is_refused() {
    for bad in ["chat.example.org", "https://", "https://a/b", "ftp://a"] {
        let error = Config::load(line(&["--allowed-origin", bad])).unwrap_err();
        assert!(error.to_string().contains(bad), "{error}");
    }
}
