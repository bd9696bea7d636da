//! What each person of a test saw, for the message of a failure. It does not know what should have been seen.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex};

/// Lines that are kept for each person.
const LINES_MAX: usize = 25;
/// Characters of a line that are kept.
const LINE_CHARS_MAX: usize = 180;

/// The last lines of everyone in one test. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Journal {
    people: Arc<Mutex<BTreeMap<String, VecDeque<String>>>>,
}

impl Journal {
    /// Notes what happened to a person.
    pub(crate) fn note(&self, person: &str, line: &str) {
        let mut people = self.people.lock().expect("nothing panics while it is held");
        let lines = people.entry(person.to_owned()).or_default();
        if lines.len() == LINES_MAX {
            lines.pop_front();
        }
        lines.push_back(line.chars().take(LINE_CHARS_MAX).collect());
    }
}

impl fmt::Display for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let people = self.people.lock().expect("nothing panics while it is held");
        for (person, lines) in &*people {
            writeln!(f, "--- {person} (the last {} lines)", lines.len())?;
            for line in lines {
                writeln!(f, "    {line}")?;
            }
        }
        Ok(())
    }
}
