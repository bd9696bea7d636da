//! A disk that may lose what was not synced. It does not know what is written on it.
//!
//! What a sync found written is there for good when the sync has ended. Of all later writes any may be missing,
//! whole or in pieces of 512 bytes. Names of files are the directory's content and need its sync.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::trace::{DIRECTORY, Event};
use crate::chance::Chance;

/// What a disk writes whole or not at all.
const SECTOR_BYTES: u64 = 512;

/// The disk.
#[derive(Debug, Default)]
pub(super) struct Platter {
    files: Vec<File>,
    /// Names whose entry in the directory is there for good.
    names: BTreeMap<String, usize>,
    /// What was done to names since.
    named: Vec<Naming>,
    /// How many of these were dropped because a sync has kept them.
    named_before: usize,
    /// Syncs that have begun: of which file, and how far it had come.
    syncs: HashMap<usize, (Synced, usize)>,
}

#[derive(Debug, Clone, Copy)]
enum Synced {
    File(usize),
    Directory,
}

#[derive(Debug, Clone)]
struct Naming {
    name: String,
    /// Absent where the name went.
    file: Option<usize>,
}

#[derive(Debug, Default)]
struct File {
    kept: Vec<u8>,
    /// Writes since, oldest first.
    loose: Vec<Write>,
    loose_before: usize,
}

#[derive(Debug, Clone)]
enum Write {
    Bytes(u64, Vec<u8>),
    Length(u64),
}

/// How the disk behaves when the power goes.
#[derive(Debug, Clone, Copy)]
enum Loss {
    /// Nothing that was not synced is there.
    All,
    /// Everything is there.
    Nothing,
    /// Each write is there or not, with this chance in a hundred.
    Writes(u64),
    /// Each sector of each write.
    Sectors(u64),
    /// The first so many in a hundred are there, and of the next one some sectors.
    Tail(u64),
}

impl Platter {
    /// Takes the next event of a trace.
    pub(super) fn take(&mut self, event: &Event) {
        match event {
            Event::Write {
                file,
                offset,
                bytes,
            } => self.write(file, Write::Bytes(*offset, bytes.clone())),
            Event::Truncate { file, length } => self.write(file, Write::Length(*length)),
            Event::Create { file } => {
                if self.find(file).is_none() {
                    self.files.push(File::default());
                    let new = Some(self.files.len() - 1);
                    self.name(file, new);
                }
            }
            Event::Remove { file } => {
                if self.find(file).is_some() {
                    self.name(file, None);
                }
            }
            Event::SyncBegins { file, number } => {
                let begun = if file == DIRECTORY {
                    Some((Synced::Directory, self.named_before + self.named.len()))
                } else {
                    self.find(file).map(|index| {
                        let file = &self.files[index];
                        (Synced::File(index), file.loose_before + file.loose.len())
                    })
                };
                self.syncs.extend(begun.map(|begun| (*number, begun)));
            }
            Event::SyncEnds { number } => match self.syncs.remove(number) {
                Some((Synced::File(index), through)) => self.files[index].keep(through),
                Some((Synced::Directory, through)) => self.keep_names(through),
                None => {}
            },
            Event::Told { .. } | Event::Nothing => {}
        }
    }

    /// Writes what may be there after the power went into a directory.
    pub(super) fn image(&self, into: &Path, chance: &mut Chance) {
        let loss = match chance.below(10) {
            0 => Loss::All,
            1 => Loss::Nothing,
            2..=4 => Loss::Writes(chance.below(101)),
            5..=7 => Loss::Sectors(chance.below(101)),
            _ => Loss::Tail(chance.below(101)),
        };
        let mut names = self.names.clone();
        for naming in &self.named {
            if loss.keeps(chance) {
                rename(&mut names, naming);
            }
        }
        for (name, index) in names {
            let content = self.files[index].after(loss, chance);
            std::fs::write(into.join(name), content).expect("there is room for an image");
        }
    }

    fn write(&mut self, name: &str, write: Write) {
        // A file that has no name any more is nobody's.
        if let Some(index) = self.find(name) {
            self.files[index].loose.push(write);
        }
    }

    fn name(&mut self, name: &str, file: Option<usize>) {
        let name = name.to_owned();
        self.named.push(Naming { name, file });
    }

    /// The file that has a name now, on the disk or not.
    fn find(&self, name: &str) -> Option<usize> {
        let newest = self.named.iter().rev().find(|naming| naming.name == name);
        match newest {
            Some(naming) => naming.file,
            None => self.names.get(name).copied(),
        }
    }

    fn keep_names(&mut self, through: usize) {
        let count = through.saturating_sub(self.named_before);
        for naming in self.named.drain(..count) {
            rename(&mut self.names, &naming);
        }
        self.named_before += count;
    }
}

fn rename(names: &mut BTreeMap<String, usize>, naming: &Naming) {
    match naming.file {
        Some(file) => {
            names.insert(naming.name.clone(), file);
        }
        None => {
            names.remove(&naming.name);
        }
    }
}

impl File {
    fn keep(&mut self, through: usize) {
        let count = through.saturating_sub(self.loose_before);
        for write in self.loose.drain(..count) {
            write.reach(&mut self.kept, |_| true);
        }
        self.loose_before += count;
    }

    fn after(&self, loss: Loss, chance: &mut Chance) -> Vec<u8> {
        let mut content = self.kept.clone();
        let tail = match loss {
            Loss::Tail(percent) => self.loose.len() * usize::try_from(percent).unwrap() / 100,
            _ => 0,
        };
        for (number, write) in self.loose.iter().enumerate() {
            match loss {
                Loss::Sectors(_) => write.reach(&mut content, |_| loss.keeps(chance)),
                Loss::Tail(_) if number == tail => {
                    write.reach(&mut content, |_| chance.percent(50));
                }
                Loss::Tail(_) if number < tail => write.reach(&mut content, |_| true),
                Loss::Tail(_) => {}
                _ if loss.keeps(chance) => write.reach(&mut content, |_| true),
                _ => {}
            }
        }
        content
    }
}

impl Loss {
    fn keeps(self, chance: &mut Chance) -> bool {
        match self {
            Self::All => false,
            Self::Nothing => true,
            Self::Writes(percent) | Self::Sectors(percent) | Self::Tail(percent) => {
                chance.percent(percent)
            }
        }
    }
}

impl Write {
    /// Puts the sectors that are kept where they belong.
    fn reach(&self, content: &mut Vec<u8>, mut keeps: impl FnMut(u64) -> bool) {
        match self {
            Self::Length(length) => {
                if keeps(0) {
                    content.resize(usize::try_from(*length).unwrap(), 0);
                }
            }
            Self::Bytes(offset, bytes) => {
                let end = offset + bytes.len() as u64;
                let mut from = *offset;
                while from < end {
                    let sector = from / SECTOR_BYTES;
                    let to = end.min((sector + 1) * SECTOR_BYTES);
                    if keeps(sector) {
                        let place = usize::try_from(from).unwrap()..usize::try_from(to).unwrap();
                        if content.len() < place.end {
                            content.resize(place.end, 0);
                        }
                        let start = usize::try_from(from - offset).unwrap();
                        let piece = &bytes[start..start + place.len()];
                        content[place].copy_from_slice(piece);
                    }
                    from = to;
                }
            }
        }
    }
}
