//! Lays the page down for the binary: compresses it and notes the hashes of its inline scripts. It does not build the page.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use sha2::{Digest as _, Sha256};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate lies in the workspace");
    let built = root.join("dist");
    let page = if built.join("index.html").is_file() {
        built
    } else {
        // The tests of the server need no page, and neither does whoever works on the server alone.
        println!("cargo::warning=the page is not built; `cargo xtask run` builds it");
        println!("cargo::rerun-if-changed={}", built.display());
        PathBuf::from("src/http/unbuilt")
    };
    println!("cargo::rerun-if-changed={}", page.display());
    let html = fs::read_to_string(page.join("index.html")).expect("it was just seen");
    println!(
        "cargo::rustc-env=PARLEY_SCRIPT_HASHES={}",
        script_hashes(&html)
    );
    memory_serve::load_names_directories([("page", page)], true);
}

/// The sources that a Content-Security-Policy needs to let the page's inline scripts run, and no others.
fn script_hashes(html: &str) -> String {
    let mut sources = String::new();
    let mut rest = html;
    while let Some(start) = rest.find("<script") {
        let Some(open_end) = rest[start..].find('>') else {
            break;
        };
        let tag = &rest[start..start + open_end];
        let body = &rest[start + open_end + 1..];
        let Some(end) = body.find("</script>") else {
            break;
        };
        if !tag.contains(" src=") && end > 0 {
            let hash = Sha256::digest(&body.as_bytes()[..end]);
            let hash = base64::engine::general_purpose::STANDARD.encode(hash);
            sources.push_str(&format!(" 'sha256-{hash}'"));
        }
        rest = &body[end..];
    }
    sources
}
