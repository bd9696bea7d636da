//! `cargo xtask bench sign-in`: whether the time of a refused sign-in tells that a user name is known.
//!
//! Names that are known and names that are not are tried with a wrong password, one of each in turn and
//! in an order that chance decides, so that whatever else the machine does meets both alike. The two
//! samples are compared by rank (Mann and Whitney): nothing is assumed of how times are spread.

use std::io::Write as _;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Parser;
use parley_server::config::Config;
use parley_shared::limits::ACCOUNT_ATTEMPTS_BURST_MAX;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

#[path = "../figures/config.rs"]
mod config;
#[path = "../figures/figures.rs"]
#[expect(
    dead_code,
    reason = "no latencies are gathered here: they are compared"
)]
mod figures;
mod ranks;

use config::config;
use figures::{median, scratch, table};
use ranks::{Comparison, compare};

/// Attempts on each side.
const ATTEMPTS: usize = 1_000;
const ATTEMPTS_QUICK: usize = 200;

/// Attempts on each side before anything is measured.
const WARM_UP: usize = ACCOUNT_ATTEMPTS_BURST_MAX as usize;

#[derive(Parser)]
struct Options {
    /// A fifth of the attempts
    #[arg(long)]
    quick: bool,
    /// Said by cargo, and without a meaning here
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let attempts = if options.quick {
        ATTEMPTS_QUICK
    } else {
        ATTEMPTS
    };
    let folder = scratch()?;
    let config = Config {
        log: "error".to_owned(),
        ..config(folder.path())
    };
    let listener = parley_server::listen(&config).await?;
    let address = listener.local_addr()?;
    let shutdown = CancellationToken::new();
    let server = tokio::spawn(parley_server::run(listener, config, shutdown.clone()));
    let measured = measure(address, attempts).await;
    shutdown.cancel();
    server.await??;
    report(&measured?)
}

/// Times in milliseconds of the three kinds of attempts.
struct Measured {
    known: Vec<f64>,
    unknown: Vec<f64>,
    /// Other names that are known: what two samples of the same kind differ by.
    known_too: Vec<f64>,
}

async fn measure(address: SocketAddr, attempts: usize) -> anyhow::Result<Measured> {
    // An account takes so many attempts at once, so there are as many accounts as it takes.
    let names = (WARM_UP + attempts).div_ceil(ACCOUNT_ATTEMPTS_BURST_MAX as usize);
    let cookie = register(address, "owner", None).await?;
    let policy = r#"{"registration":"open","guests":true,"contact":"friends"}"#;
    ask(address, "PUT", "/server/policy", policy, Some(&cookie)).await?;
    for number in 0..names {
        register(address, &format!("known-{number}"), None).await?;
        register(address, &format!("other-{number}"), None).await?;
    }
    let mut times = [const { Vec::new() }; 3];
    for attempt in 0..WARM_UP + attempts {
        let number = attempt % names;
        let mut order = [0, 1, 2];
        shuffle(&mut order)?;
        for kind in order {
            let name = ["known", "nobody", "other"][kind];
            let elapsed = sign_in(address, &format!("{name}-{number}")).await?;
            if attempt >= WARM_UP {
                times[kind].push(elapsed.as_secs_f64() * 1_000.0);
            }
        }
    }
    let [known, unknown, known_too] = times;
    Ok(Measured {
        known,
        unknown,
        known_too,
    })
}

fn shuffle(order: &mut [usize; 3]) -> anyhow::Result<()> {
    let chance = getrandom::u32().context("the operating system gives no chance")?;
    order.swap(0, chance as usize % 3);
    order.swap(1, 1 + (chance >> 16) as usize % 2);
    Ok(())
}

/// Tries to sign in with a wrong password, and says how long the refusal took.
async fn sign_in(address: SocketAddr, name: &str) -> anyhow::Result<Duration> {
    let body = format!(r#"{{"user_name":"{name}","password":"not the password"}}"#);
    let since = Instant::now();
    let answer = ask(address, "POST", "/sessions", &body, None).await?;
    let elapsed = since.elapsed();
    anyhow::ensure!(answer.starts_with("HTTP/1.1 401"), "{name}: {answer}");
    Ok(elapsed)
}

/// Makes an account, and gives the cookie of its session.
async fn register(address: SocketAddr, name: &str, cookie: Option<&str>) -> anyhow::Result<String> {
    let body = format!(r#"{{"user_name":"{name}","password":"correct horse battery"}}"#);
    let answer = ask(address, "POST", "/accounts", &body, cookie).await?;
    anyhow::ensure!(answer.starts_with("HTTP/1.1 201"), "{name}: {answer}");
    let cookie = answer.split("set-cookie: ").nth(1);
    let cookie = cookie.and_then(|rest| rest.split(';').next());
    cookie.map(str::to_owned).context("no cookie came")
}

async fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    body: &str,
    cookie: Option<&str>,
) -> anyhow::Result<String> {
    let cookie = cookie.map_or_else(String::new, |cookie| format!("cookie: {cookie}\r\n"));
    let request = format!(
        "{method} /api/v1{path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\n{cookie}\
         connection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

fn report(measured: &Measured) -> anyhow::Result<()> {
    let Measured {
        known,
        unknown,
        known_too,
    } = measured;
    let middle = median(known.iter().copied()).context("nothing was measured")?;
    let row = |name: &str, one: &[f64], other: &[f64]| {
        let Comparison {
            shift,
            low,
            high,
            larger,
            p,
        } = compare(one, other);
        vec![
            name.to_owned(),
            format!("{:.3} ms", median(one.iter().copied()).unwrap_or_default()),
            format!(
                "{:.3} ms",
                median(other.iter().copied()).unwrap_or_default()
            ),
            format!("{:+.1} µs", shift * 1_000.0),
            format!("{:+.1} … {:+.1} µs", low * 1_000.0, high * 1_000.0),
            format!("{larger:.3}"),
            format!("{p:.3}"),
        ]
    };
    let heading = [
        "Compared",
        "median of the first",
        "of the second",
        "shift",
        "95 % of it within",
        "first slower",
        "p",
    ]
    .map(str::to_owned);
    let rows = [
        row("known : unknown", known, unknown),
        row("known : other known ones", known, known_too),
    ];
    let mut out = std::io::stdout();
    writeln!(out, "{} attempts of each kind.\n", known.len())?;
    writeln!(out, "{}", table(&heading, &rows))?;
    let found = compare(known, unknown);
    // A name that shows must not pass for noise: a twentieth of a password's time is much.
    let tells = found.low > middle / 20.0 || found.high < -middle / 20.0;
    anyhow::ensure!(
        !tells,
        "the time of a refusal tells whether a name is known"
    );
    Ok(())
}
