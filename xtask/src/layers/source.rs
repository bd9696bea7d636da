//! Reads the paths that a Rust file names, without comments, strings and test modules.
//! It does not know which of them are allowed.
//!
//! A scanner and not a parser: it understands tokens, `use` trees, inline modules and `#[cfg(test)]`, which is all
//! that a path can hide in, and it compiles in no time.

use std::iter;

/// A piece of Rust that is not a comment, literal or lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Token<'a> {
    /// An identifier, `::`, or one other character.
    text: &'a str,
    line: usize,
}

/// A path such as `crate::hub::Hub` that the source names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Its segments; `crate`, `self` and `super` at its head are resolved to `crate` and full module names.
    pub(super) segments: Vec<String>,
    /// The line, from 1.
    pub(super) line: usize,
    /// Whether it stands in a `use`, where one segment alone is a path too.
    pub(super) is_use: bool,
    /// Whether an opening parenthesis follows.
    pub(super) is_call: bool,
}

/// The paths that a file names outside its `#[cfg(test)]` items. `module` is the file's own place in its crate:
/// empty for lib.rs and main.rs.
pub(super) fn paths(text: &str, module: &[&str]) -> Vec<Named> {
    let tokens = tokens(text);
    let mut reader = Reader {
        tokens: &tokens,
        module,
        inline: Vec::new(),
        depth: 0,
        found: Vec::new(),
    };
    reader.read();
    reader.found
}

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    module: &'a [&'a str],
    /// The inline modules around the current place, each with the depth of its braces.
    inline: Vec<(&'a str, usize)>,
    depth: usize,
    found: Vec<Named>,
}

impl<'a> Reader<'a> {
    fn read(&mut self) {
        let mut at = 0;
        while at < self.tokens.len() {
            at = self.step(at);
        }
    }

    /// Reads what begins at `at` and returns where the next thing begins.
    fn step(&mut self, at: usize) -> usize {
        match self.text(at) {
            "#" if self.is_test_attribute(at) => self.end_of_item(at),
            "{" => {
                self.depth += 1;
                at + 1
            }
            "}" => {
                self.depth = self.depth.saturating_sub(1);
                if self
                    .inline
                    .last()
                    .is_some_and(|(_, depth)| *depth > self.depth)
                {
                    self.inline.pop();
                }
                at + 1
            }
            "mod" if self.text(at + 2) == "{" => {
                self.inline.push((self.text(at + 1), self.depth + 1));
                at + 2
            }
            // `use<'a>` in a type captures lifetimes and names nothing.
            "use" if self.text(at + 1) != "<" => self.use_tree(at + 1, &mut Vec::new()),
            text if is_identifier(text) => self.path(at),
            _ => at + 1,
        }
    }

    fn path(&mut self, start: usize) -> usize {
        let mut segments = vec![self.text(start).to_owned()];
        let mut at = start + 1;
        while self.text(at) == "::" && is_identifier(self.text(at + 1)) {
            segments.push(self.text(at + 1).to_owned());
            at += 2;
        }
        self.add(segments, start, false, self.text(at) == "(");
        at
    }

    /// Reads a `use` tree from `at` on, below the segments that stand before it.
    fn use_tree(&mut self, mut at: usize, before: &mut Vec<String>) -> usize {
        let start = at;
        let kept = before.len();
        if self.text(at) == "::" {
            at += 1;
        }
        loop {
            match self.text(at) {
                "{" => {
                    at += 1;
                    while !matches!(self.text(at), "}" | "") {
                        at = self.use_tree(at, before);
                        if self.text(at) == "," {
                            at += 1;
                        }
                    }
                    at += 1;
                    break;
                }
                // `a::{self}` names a itself.
                "self" if before.len() > kept || kept > 0 => at += 1,
                text if is_identifier(text) || text == "*" => {
                    before.push(text.to_owned());
                    at += 1;
                }
                _ => break,
            }
            if self.text(at) == "::" {
                at += 1;
                continue;
            }
            if self.text(at) == "as" {
                at += 2;
            }
            self.add(before.clone(), start, true, false);
            break;
        }
        before.truncate(kept);
        // A token that fits nothing must not hold the reader up.
        if at == start { at + 1 } else { at }
    }

    fn add(&mut self, segments: Vec<String>, at: usize, is_use: bool, is_call: bool) {
        let line = self.tokens.get(at).map_or(0, |token| token.line);
        self.found.push(Named {
            segments: self.resolved(segments),
            line,
            is_use,
            is_call,
        });
    }

    /// Replaces `self` and `super` by the modules they stand for.
    fn resolved(&self, segments: Vec<String>) -> Vec<String> {
        let ups = segments
            .iter()
            .take_while(|segment| *segment == "super" || *segment == "self")
            .count();
        if ups == 0 || (segments.len() == 1 && segments[0] == "self") {
            return segments;
        }
        let mut here: Vec<&str> = self
            .module
            .iter()
            .copied()
            .chain(self.inline.iter().map(|(name, _)| *name))
            .collect();
        for _ in segments[..ups].iter().filter(|segment| *segment == "super") {
            here.pop();
        }
        let here = iter::once("crate").chain(here).map(str::to_owned);
        here.chain(segments[ups..].iter().cloned()).collect()
    }

    fn is_test_attribute(&self, at: usize) -> bool {
        ["#", "[", "cfg", "(", "test", ")", "]"]
            .iter()
            .enumerate()
            .all(|(i, text)| self.text(at + i) == *text)
    }

    /// The place after the item that the attributes from `at` on belong to.
    fn end_of_item(&self, at: usize) -> usize {
        let mut at = at;
        while self.text(at) == "#" {
            at = self.end_of_brackets(at + 1);
        }
        loop {
            match self.text(at) {
                "" => return at,
                ";" => return at + 1,
                "{" => return self.end_of_brackets(at),
                "(" | "[" => at = self.end_of_brackets(at),
                _ => at += 1,
            }
        }
    }

    /// The place after the bracket that closes the one at `at`.
    fn end_of_brackets(&self, at: usize) -> usize {
        let mut depth = 0_usize;
        let mut at = at;
        loop {
            match self.text(at) {
                "" => return at,
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
            if depth == 0 {
                return at;
            }
        }
    }

    /// The token at a place, or nothing after the end.
    fn text(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.text)
    }
}

fn is_identifier(text: &str) -> bool {
    text.chars()
        .next()
        .is_some_and(|c| c.is_alphabetic() || c == '_')
}

/// Splits Rust into tokens and leaves out comments, literals and lifetimes.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let word = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        let length = literal(rest, word)
            .or_else(|| comment(rest))
            .unwrap_or_else(|| {
                let length = match word {
                    0 if rest.starts_with("::") => 2,
                    0 => first.len_utf8(),
                    word => word,
                };
                if !first.is_whitespace() && !first.is_ascii_digit() {
                    tokens.push(Token {
                        text: &rest[..length],
                        line,
                    });
                }
                length
            });
        line += rest[..length].matches('\n').count();
        at += length;
    }
    tokens
}

/// The length of the comment that the text begins with.
fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if !rest.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    Some(rest.len())
}

/// The length of the string, character or lifetime that the text begins with, after a prefix of `word` bytes.
fn literal(rest: &str, word: usize) -> Option<usize> {
    let (prefix, after) = rest.split_at(word);
    match prefix {
        "r" | "br" | "cr" => raw_string(after).map(|length| word + length),
        "" | "b" | "c" if after.starts_with('"') => Some(word + quoted(after, '"')),
        "" | "b" if after.starts_with('\'') => Some(word + character_or_lifetime(after)),
        _ => None,
    }
}

/// The length of `#"…"#` with any number of `#`, or nothing when it is a raw identifier.
fn raw_string(after: &str) -> Option<usize> {
    let hashes = after.find(|c| c != '#')?;
    let body = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(
        body.find(&end)
            .map_or(after.len(), |length| hashes + 1 + length + end.len()),
    )
}

fn character_or_lifetime(after: &str) -> usize {
    let mut characters = after.chars().skip(1);
    let (second, third) = (characters.next(), characters.next());
    if second == Some('\\') || third == Some('\'') {
        return quoted(after, '\'');
    }
    let name = after[1..]
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(after.len() - 1);
    1 + name
}

/// The length of a literal up to and with the quote that ends it; a backslash protects what follows.
fn quoted(after: &str, quote: char) -> usize {
    let mut characters = after.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        if c == '\\' {
            characters.next();
        } else if c == quote {
            return at + c.len_utf8();
        }
    }
    after.len()
}

#[cfg(test)]
mod tests;
