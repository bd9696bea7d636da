//! Gives what the page's script lends its program one or two letters for a name. It does not know what is lent.
//!
//! wasm-bindgen ends each such name with a hash, so that nothing mistakes one version's for another's. Script and program
//! are of one build here, and a hash is what compresses worst: it would travel twice, in the script and in the program.

use std::collections::HashMap;
use std::ops::Range;

use anyhow::{Context as _, Result, anyhow};
use wasm_encoder::reencode::{Reencode as _, RoundtripReencoder};
use wasm_encoder::{ImportSection, Module, RawSection};
use wasmparser::{Import, Parser, Payload, TypeRef};

/// What the names of functions begin with that wasm-bindgen makes.
const LENT: [&str; 2] = ["__wbg_", "__wbindgen_"];

/// The script and the program of wasm-bindgen, which know each other's functions by short names.
///
/// # Errors
/// When the program is no module, or asks for something that the script does not name.
pub(crate) fn shorten(script: &str, program: &[u8]) -> Result<(String, Vec<u8>)> {
    let mut short = HashMap::new();
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(program) {
        let payload = payload.context("the program is no module")?;
        if let Payload::ImportSection(imports) = payload {
            let mut section = ImportSection::new();
            for import in imports.into_imports() {
                let import = import.context("the program's imports can not be read")?;
                let ty = RoundtripReencoder
                    .entity_type(import.ty)
                    .map_err(|failure| anyhow!("an import has no type: {failure}"))?;
                section.import(import.module, &name_of(&import, &mut short), ty);
            }
            module.section(&section);
        } else if let Some((id, range)) = payload.as_section() {
            let data = bytes(program, range).context("a section ends after the program")?;
            module.section(&RawSection { id, data });
        }
    }
    Ok((renamed(script, &mut short)?, module.finish()))
}

/// The name that an import gets.
fn name_of(import: &Import<'_>, short: &mut HashMap<String, Name>) -> String {
    let is_lent = LENT.iter().any(|begin| import.name.starts_with(begin));
    if !is_lent || !matches!(import.ty, TypeRef::Func(_)) {
        return import.name.to_owned();
    }
    let next = letters(short.len());
    let name = short.entry(import.name.to_owned()).or_insert(Name {
        letters: next,
        is_met: false,
    });
    name.letters.clone()
}

/// A short name, and whether the script has what it stands for.
struct Name {
    letters: String,
    is_met: bool,
}

/// The script with the short names. Only whole names are looked for.
fn renamed(script: &str, short: &mut HashMap<String, Name>) -> Result<String> {
    let mut renamed = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(start) = rest.find(is_of_name) {
        renamed.push_str(&rest[..start]);
        let found = &rest[start..];
        let end = found.find(|c| !is_of_name(c)).unwrap_or(found.len());
        match short.get_mut(&found[..end]) {
            Some(name) => {
                name.is_met = true;
                renamed.push_str(&name.letters);
            }
            None => renamed.push_str(&found[..end]),
        }
        rest = &found[end..];
    }
    renamed.push_str(rest);
    match short.iter().find(|(_, name)| !name.is_met) {
        Some((name, _)) => Err(anyhow!("the script has no {name}")),
        None => Ok(renamed),
    }
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$')
}

/// The name with a number: `a` to `z`, `aa`, `ba`, and so on.
fn letters(mut number: usize) -> String {
    let mut name = String::new();
    loop {
        name.extend(('a'..='z').nth(number % 26));
        if number < 26 {
            return name;
        }
        number = number / 26 - 1;
    }
}

fn bytes(program: &[u8], range: Range<u64>) -> Option<&[u8]> {
    let (start, end) = (range.start.try_into().ok()?, range.end.try_into().ok()?);
    program.get::<Range<usize>>(start..end)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use wasm_encoder::{EntityType, TypeSection};

    use super::*;

    const SCRIPT: &str = "const imports = { __wbg_log_0123456789abcdef: (a) => __wbg_log_0(a), \
        __wbindgen_init: function() {}, memory };";

    /// A program that asks for these.
    fn program(names: &[&str]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        for name in names {
            imports.import("./page_bg.js", name, EntityType::Function(0));
        }
        let mut module = Module::new();
        module.section(&types).section(&imports);
        module.finish()
    }

    fn imports(program: &[u8]) -> Vec<String> {
        let payloads = Parser::new(0).parse_all(program);
        let mut names = Vec::new();
        for payload in payloads {
            if let Payload::ImportSection(imports) = payload.expect("a module") {
                let found = imports.into_imports();
                names.extend(found.map(|import| import.expect("an import").name.to_owned()));
            }
        }
        names
    }

    #[test]
    fn script_and_program_name_what_is_lent_alike_and_nothing_else_is_renamed() {
        let asks = program(&["__wbg_log_0123456789abcdef", "__wbindgen_init", "own"]);
        let (script, program) = shorten(SCRIPT, &asks).expect("they fit");
        assert_eq!(imports(&program), ["a", "b", "own"]);
        assert_eq!(
            script,
            "const imports = { a: (a) => __wbg_log_0(a), b: function() {}, memory };"
        );
    }

    #[test]
    fn a_program_that_asks_for_more_than_the_script_has_is_refused() {
        let asks = program(&["__wbg_other_0123456789abcdef"]);
        assert!(shorten(SCRIPT, &asks).is_err());
        assert!(shorten(SCRIPT, b"no module").is_err());
    }

    #[test]
    fn no_two_names_are_alike() {
        let names: HashSet<String> = (0..2000).map(letters).collect();
        assert_eq!(names.len(), 2000);
        assert_eq!([letters(25), letters(26)], ["z", "aa"]);
    }
}
