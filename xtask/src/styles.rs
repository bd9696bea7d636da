//! Makes two stylesheets of those that a built page links: one that every visitor loads, and one that comes with the first
//! part of the program that needs it. It does not know what they say, and page and links may be written by whoever builds
//! the page.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// By this attribute a link says that its sheet belongs to parts that come later.
const LATER: &str = "data-later";

/// The element of the second sheet. Without an address a browser leaves it alone: one that is only switched off would be
/// fetched before anything else.
pub(crate) const LATER_ID: &str = "later-styles";

/// Joins the stylesheets of the page in `dist`, in their order, which is the cascade.
///
/// # Errors
/// When the page links none for every visitor, or files can not be read, written or removed.
pub(crate) fn join(dist: &Path) -> Result<()> {
    let page = dist.join("index.html");
    let html = fs::read_to_string(&page).context("could not read the built page")?;
    let (later, first): (Vec<Link>, Vec<Link>) =
        links(&html).into_iter().partition(|link| link.is_later);
    if first.is_empty() {
        bail!("{} links no stylesheet", page.display());
    }
    let name = one_of(dist, &first, "styles")?;
    let html = with_one_link(&html, &first, &format!("href=\"/{name}\""));
    let html = if later.is_empty() {
        html
    } else {
        let name = one_of(dist, &later, LATER_ID)?;
        let address = format!("id=\"{LATER_ID}\" data-href=\"/{name}\"");
        with_one_link(&html, &later, &address)
    };
    fs::write(&page, html).context("could not write the page")
}

/// Writes one file in the place of those that are linked, and returns its name.
fn one_of(dist: &Path, links: &[Link], stem: &str) -> Result<String> {
    let mut joined = String::new();
    for link in links {
        let path = dist.join(&link.file);
        let style = fs::read_to_string(&path)
            .with_context(|| format!("could not read {}", path.display()))?;
        joined.push_str(&style);
        fs::remove_file(&path).with_context(|| format!("could not remove {}", path.display()))?;
    }
    // Browsers keep it for good: another content needs another name.
    let mut hash = DefaultHasher::new();
    joined.hash(&mut hash);
    let name = format!("{stem}-{:016x}.css", hash.finish());
    fs::write(dist.join(&name), joined).with_context(|| format!("could not write {name}"))?;
    Ok(name)
}

/// A link to a stylesheet in a page.
#[derive(Debug, PartialEq, Eq)]
struct Link {
    /// The whole element.
    element: String,
    /// What it links.
    file: String,
    /// Whether only later parts need it.
    is_later: bool,
}

fn links(html: &str) -> Vec<Link> {
    let elements = html.match_indices("<link ").filter_map(|(start, _)| {
        let rest = &html[start..];
        Some(&rest[..=rest.find('>')?])
    });
    elements
        .filter(|element| {
            element.contains("rel=stylesheet") || element.contains("rel=\"stylesheet\"")
        })
        .filter_map(|element| {
            let address = element.split_once(" href=")?.1.trim_start_matches('"');
            let end = address.find(['"', ' ', '>'])?;
            Some(Link {
                element: element.to_owned(),
                file: address[..end].trim_start_matches('/').to_owned(),
                is_later: element.contains(LATER),
            })
        })
        .collect()
}

/// The page with a link that has `attributes` in the place of the first of its links, and without the others.
fn with_one_link(html: &str, links: &[Link], attributes: &str) -> String {
    let mut html = html.to_owned();
    for (index, link) in links.iter().enumerate() {
        let element = match index {
            0 => format!("<link {attributes} rel=\"stylesheet\">"),
            _ => String::new(),
        };
        html = html.replacen(&link.element, &element, 1);
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_with_quotes_and_without_and_others_are_left_alone() {
        let html = "<link rel=icon href=/icon.svg><link href=/a-1.css integrity=sha384-x rel=stylesheet>\
                    <link rel=\"stylesheet\" href=\"/b-2.css\"/><p>";
        let links = links(html);
        let files: Vec<&str> = links.iter().map(|link| link.file.as_str()).collect();
        assert_eq!(files, ["a-1.css", "b-2.css"]);
        assert_eq!(
            with_one_link(html, &links, "href=\"/all.css\""),
            "<link rel=icon href=/icon.svg><link href=\"/all.css\" rel=\"stylesheet\"><p>"
        );
    }

    #[test]
    fn the_joined_stylesheet_keeps_the_order_and_is_all_that_is_left() {
        let dist = std::env::temp_dir().join(format!("xtask-styles-{}", std::process::id()));
        fs::create_dir_all(&dist).expect("a temporary folder can be made");
        let write = |name: &str, text: &str| fs::write(dist.join(name), text).expect("writable");
        write(
            "index.html",
            "<link href=/z.css rel=stylesheet><link href=/a.css rel=stylesheet>",
        );
        write("z.css", "b{}");
        write("a.css", "a{}");
        join(&dist).expect("it can be joined");

        let html = fs::read_to_string(dist.join("index.html")).expect("readable");
        let [link] = &links(&html)[..] else {
            panic!("one link: {html}");
        };
        let joined = fs::read_to_string(dist.join(&link.file)).expect("the link leads somewhere");
        assert_eq!(joined, "b{}a{}");
        assert!(!dist.join("z.css").exists() && !dist.join("a.css").exists());
        assert!(join(&dist).is_ok(), "joining one is no harm");
        fs::write(dist.join("index.html"), "<p>").expect("writable");
        assert!(join(&dist).is_err());
        fs::remove_dir_all(&dist).expect("removable");
    }

    #[test]
    fn what_only_later_parts_need_is_a_sheet_that_nobody_fetches_yet() {
        let dist = std::env::temp_dir().join(format!("xtask-later-{}", std::process::id()));
        fs::create_dir_all(&dist).expect("a temporary folder can be made");
        let write = |name: &str, text: &str| fs::write(dist.join(name), text).expect("writable");
        write(
            "index.html",
            "<link href=/a.css rel=stylesheet><link data-later href=/b.css rel=stylesheet>\
             <link data-later href=/c.css rel=stylesheet><p>",
        );
        write("a.css", "a{}");
        write("b.css", "b{}");
        write("c.css", "c{}");
        join(&dist).expect("it can be joined");

        let html = fs::read_to_string(dist.join("index.html")).expect("readable");
        let [link] = &links(&html)[..] else {
            panic!("one link with an address: {html}");
        };
        let read = |name: &str| fs::read_to_string(dist.join(name)).expect("it is there");
        assert_eq!(read(&link.file), "a{}");
        let later = html.split_once("data-href=\"/").expect("an address").1;
        assert_eq!(read(&later[..later.find('"').expect("an end")]), "b{}c{}");
        assert!(html.contains("<link id=\"later-styles\""), "{html}");
        fs::remove_dir_all(&dist).expect("removable");
    }
}
