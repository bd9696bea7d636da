//! Splits the page's program into the part that every visitor loads and chunks that are fetched when they are needed.
//! It does not know what is in them, nor why it is there.
//!
//! Trunk 0.21 cannot split, and what it makes can not be split any more: wasm-bindgen drops what tells which function
//! needs which. So what the linker wrote is split here, the first part goes through wasm-bindgen as it did at trunk,
//! and the files take the places of those that trunk left in dist/.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use wasm_split_cli_support::Options;

use crate::names;
use crate::print;
use crate::process;
use crate::styles::LATER_ID;
use crate::workspace::Workspace;

/// What trunk calls the program, before the hash.
const PROGRAM: &str = "parley-client";

/// Where wasm-bindgen lays the scripts that stand beside the program's sources.
const SNIPPETS: &str = "snippets";

/// The script that fetches chunks, as the program asks for it.
const LOADER: &str = "chunks";

/// How wasm-opt makes a part smaller. The features are those of the browsers that the page supports. The bounds on
/// inlining: whole components in one function compress worse than each in its own, the smallest functions better in place.
const WASM_OPT: [&str; 14] = [
    // What one round leaves, another finds.
    "-Oz",
    "-Oz",
    // The linker lays the stack there, which grows towards it: what is found at an address plus an offset is never below.
    "--low-memory-unused",
    "--quiet",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--one-caller-inline-max-function-size=30",
    "--always-inline-max-function-size=4",
    // Functions of one kind lie beside each other then, and compress better; after that nobody needs their names.
    "--reorder-functions-by-name",
    "--strip-debug",
];

/// Splits the program that trunk has just built into `dist`.
///
/// # Errors
/// When the program was not linked for it, a tool fails, or files can not be read or written.
pub(crate) fn split(workspace: &Workspace, dist: &Path, has_wasm_opt: bool) -> Result<()> {
    let work = workspace.notes().join("chunks");
    fs::remove_dir_all(&work).ok();
    let (first, chunks) = separate(workspace, &work)?;
    bind(workspace, &first, &work)?;
    let bound = work.join(format!("{PROGRAM}_bg.wasm"));
    shorten_names(&work.join(format!("{PROGRAM}.js")), &bound)?;
    if has_wasm_opt {
        for part in chunks.iter().chain([&bound]) {
            let mut wasm_opt = workspace.command("wasm-opt");
            wasm_opt.args(WASM_OPT).arg(part).arg("-o").arg(part);
            process::run(&mut wasm_opt)?;
        }
    } else {
        print::note(
            "the page will be larger than it could be: with npm, wasm-opt makes it smaller",
        );
    }
    let mut files = vec![
        work.join(format!("{PROGRAM}.js")),
        bound,
        work.join(format!("{LOADER}.js")),
    ];
    files.extend(chunks);
    files.extend(snippets(&work.join(SNIPPETS))?);
    let loader = work.join(format!("{LOADER}.js"));
    let script = String::from_utf8(read(&loader)?).context("the loader is not text")?;
    let script = with_styles(&script).context("the loader fetches no chunk")?;
    fs::write(&loader, script).context("could not write the loader")?;
    // Trunk's own copies, under names without a hash.
    fs::remove_dir_all(dist.join(SNIPPETS)).ok();
    take_over(&files, dist)
}

/// The loader, which starts no chunk before the stylesheet is there that chunks share. A sheet that does not come is a
/// chunk that does not come, and is asked for again with the next try.
fn with_styles(loader: &str) -> Option<String> {
    const START: &str = "return async (imports) => (";
    loader.contains(START).then(|| {
        let wait = format!(
            "let styles;
const laterStyles = () => (styles ??= new Promise((resolve, reject) => {{
  const link = document.getElementById(\"{LATER_ID}\");
  if (!link) return resolve();
  link.onload = resolve;
  link.onerror = () => {{
    styles = undefined;
    link.removeAttribute(\"href\");
    reject(new Error(\"the stylesheet did not come\"));
  }};
  link.href = link.dataset.href;
}}));
"
        );
        // Both are on their way at once, and what fails while the other is awaited is no news of its own.
        let start = "laterStyles().catch(() => {});
    return async (imports) => (await laterStyles(), ";
        wait + &loader.replace(START, start)
    })
}

/// The scripts of the program's own that wasm-bindgen laid below a folder.
fn snippets(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(found);
    };
    for entry in entries {
        let path = entry
            .context("could not read what wasm-bindgen wrote")?
            .path();
        if path.is_dir() {
            found.extend(snippets(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

/// Splits what the linker wrote into the folder `work`: the first part, and the chunks.
fn separate(workspace: &Workspace, work: &Path) -> Result<(PathBuf, Vec<PathBuf>)> {
    let linked = workspace
        .target
        .join("wasm32-unknown-unknown/wasm-release")
        .join(format!("{PROGRAM}.wasm"));
    let program =
        fs::read(&linked).with_context(|| format!("could not read {}", linked.display()))?;
    let first = work.join(format!("{PROGRAM}.wasm"));
    let (script, loader) = (format!("./{PROGRAM}.js"), format!("./{LOADER}.js"));
    let mut options = Options::new(&program);
    options.output_dir = work;
    options.main_out_path = &first;
    options.main_module = &script;
    options.link_name = &loader;
    let split = wasm_split_cli_support::transform(options)
        .map_err(|failure| anyhow!("could not split the program: {failure:#}"))?;
    Ok((first, split.split_modules))
}

/// Writes the script that joins the first part to the browser.
fn bind(workspace: &Workspace, first: &Path, work: &Path) -> Result<()> {
    let mut bindgen = workspace.command("wasm-bindgen");
    bindgen
        // The chunks look for what they share under the names that the splitter gave it.
        .args(["--target", "web", "--no-typescript", "--keep-lld-exports"])
        .args(["--no-demangle", "--out-name", PROGRAM, "--out-dir"])
        .arg(work)
        .arg(first);
    process::run(&mut bindgen)
}

/// Has script and program call what they share by short names.
fn shorten_names(script: &Path, program: &Path) -> Result<()> {
    let text = String::from_utf8(read(script)?).context("a script is not text")?;
    let (text, module) = names::shorten(&text, &read(program)?)?;
    fs::write(script, text).context("could not write the script")?;
    fs::write(program, module).context("could not write the program")
}

/// Puts the files into `dist` in the place of those that trunk wrote. One hash stands in all their names, since all
/// of them are of one build and fit no other.
fn take_over(files: &[PathBuf], dist: &Path) -> Result<()> {
    let mut hash = DefaultHasher::new();
    for file in files {
        read(file)?.hash(&mut hash);
    }
    let hash = format!("{:016x}", hash.finish());
    let names: Vec<(String, String)> = files
        .iter()
        .map(|file| names(file, &hash))
        .collect::<Option<_>>()
        .context("the splitter wrote a file without a name")?;

    let page = dist.join("index.html");
    let html = fs::read_to_string(&page).context("could not read the built page")?;
    let old = name_by_trunk(&html).context("the built page names no program")?;
    for file in [format!("{old}.js"), format!("{old}_bg.wasm")] {
        fs::remove_file(dist.join(&file)).with_context(|| format!("could not remove {file}"))?;
    }
    for (file, (_, name)) in files.iter().zip(&names) {
        let content = read(file)?;
        let content = if is_script(name) {
            let script = String::from_utf8(content).context("a script is not text")?;
            with_names(&beside(&script), &names).into_bytes()
        } else {
            content
        };
        fs::write(dist.join(name), content).with_context(|| format!("could not write {name}"))?;
    }
    let html = html.replace(&old, &format!("{PROGRAM}-{hash}"));
    let html = names
        .iter()
        .filter(|(old, _)| is_script(old))
        .fold(beside(&html), |html, (old, new)| {
            html.replace(&format!("/{old}"), &format!("/{new}"))
        });
    let html = loading_early(&html, &format!("{LOADER}-{hash}.js"))
        .context("the built page loads no script early")?;
    fs::write(&page, html).context("could not write the page")
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("could not read {}", file.display()))
}

fn is_script(name: &str) -> bool {
    name.ends_with(".js")
}

/// A file's name, and the one that it gets: with the hash where the server looks for it.
fn names(file: &Path, hash: &str) -> Option<(String, String)> {
    let (stem, extension) = (file.file_stem()?.to_str()?, file.extension()?.to_str()?);
    let name = if let Some(stem) = stem.strip_suffix("_bg") {
        format!("{stem}-{hash}_bg.{extension}")
    } else {
        let stem = stem.strip_prefix("split_").unwrap_or(stem);
        format!("{stem}-{hash}.{extension}")
    };
    Some((format!("{stem}.{extension}"), name))
}

/// A script that finds the others under their new names. What the program itself calls them stays as it is.
fn with_names(script: &str, names: &[(String, String)]) -> String {
    names.iter().fold(script.to_owned(), |script, (old, new)| {
        if is_script(old) {
            let new = format!("from \"./{new}\"");
            script
                .replace(&format!("from \"./{old}\""), &new)
                .replace(&format!("from './{old}'"), &new)
        } else {
            script.replace(old, new)
        }
    })
}

/// A page or a script that looks for what wasm-bindgen laid below its folder beside everything else.
fn beside(text: &str) -> String {
    let mut rest = text;
    let mut flat = String::new();
    while let Some((before, found)) = rest.split_once(&format!("{SNIPPETS}/")) {
        flat.push_str(before);
        let end = found.find(['"', '\'', ' ', '>']).unwrap_or(found.len());
        let name = found[..end].rsplit('/').next().unwrap_or_default();
        rest = &found[end..];
        // By this name the program itself asks for what the script imported.
        if rest.starts_with("\":") {
            flat.push_str(SNIPPETS);
            flat.push('/');
            flat.push_str(&found[..end]);
        } else {
            flat.push_str(name);
        }
    }
    flat + rest
}

/// What trunk called the program in its page.
fn name_by_trunk(html: &str) -> Option<String> {
    let start = html.find(&format!("{PROGRAM}-"))?;
    let rest = &html[start..];
    Some(rest[..rest.find(".js")?].to_owned())
}

/// The page with one more script that is fetched while the program's own is on its way.
fn loading_early(html: &str, script: &str) -> Option<String> {
    let (before, after) = html.split_once("rel=modulepreload>")?;
    Some(format!(
        "{before}rel=modulepreload><link crossorigin href=/{script} rel=modulepreload>{after}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<script type=module>import init from '/parley-client-1f.js';\
        init('/parley-client-1f_bg.wasm')</script>\
        <link crossorigin href=/parley-client-1f.js rel=modulepreload><link rel=preload>";

    fn all() -> Vec<(String, String)> {
        [
            "parley-client.js",
            "parley-client_bg.wasm",
            "chunks.js",
            "split_account.wasm",
            "chunk_2.wasm",
        ]
        .map(|file| names(Path::new(file), "ab12").expect("it has a name"))
        .to_vec()
    }

    #[test]
    fn every_file_gets_a_name_with_the_hash_where_the_server_looks_for_it() {
        let new: Vec<String> = all().into_iter().map(|(_, new)| new).collect();
        assert_eq!(
            new,
            [
                "parley-client-ab12.js",
                "parley-client-ab12_bg.wasm",
                "chunks-ab12.js",
                "account-ab12.wasm",
                "chunk_2-ab12.wasm",
            ]
        );
    }

    #[test]
    fn scripts_find_each_other_and_the_program_finds_what_it_asks_for() {
        let first =
            r#"import * as import1 from "./chunks.js"; const all = { "./chunks.js": import1 };"#;
        let loader = r#"import { initSync } from "./parley-client.js"; fetch(new URL("./split_account.wasm"));"#;
        assert_eq!(
            with_names(first, &all()),
            r#"import * as import1 from "./chunks-ab12.js"; const all = { "./chunks.js": import1 };"#
        );
        assert_eq!(
            with_names(loader, &all()),
            r#"import { initSync } from "./parley-client-ab12.js"; fetch(new URL("./account-ab12.wasm"));"#
        );
    }

    #[test]
    fn a_chunk_waits_for_the_stylesheet_that_chunks_share() {
        let loader = "() => {
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}";
        let waiting = with_styles(loader).expect("it fetches a chunk");
        assert!(waiting.contains("getElementById(\"later-styles\")"));
        assert!(waiting.contains("(imports) => (await laterStyles(), WebAssembly."));
        assert_eq!(with_styles("export {};"), None);
    }

    #[test]
    fn a_script_of_the_programs_own_is_found_beside_the_others() {
        let first = "import { load } from './snippets/parley-client-1f/src/storage/database.js';";
        let flat = beside(first);
        assert_eq!(flat, "import { load } from './database.js';");
        let asked =
            "const all = { \"./snippets/parley-client-1f/src/storage/database.js\": import1 };";
        assert_eq!(beside(asked), asked);
        let names = [("database.js".to_owned(), "database-ab12.js".to_owned())];
        assert_eq!(
            with_names(&flat, &names),
            "import { load } from \"./database-ab12.js\";"
        );
        let page =
            "<link href=/snippets/parley-client-1f/src/storage/database.js rel=modulepreload>";
        assert_eq!(beside(page), "<link href=/database.js rel=modulepreload>");
    }

    #[test]
    fn the_page_loads_the_second_script_beside_the_first() {
        assert_eq!(name_by_trunk(PAGE).as_deref(), Some("parley-client-1f"));
        let page = loading_early(PAGE, "chunks-ab12.js").expect("it loads one already");
        assert!(
            page.ends_with(
                "rel=modulepreload><link crossorigin href=/chunks-ab12.js rel=modulepreload><link rel=preload>"
            ),
            "{page}"
        );
    }
}
