//! One number for the contents of many files, to see whether anything changed since the last time.
//! It does not know what the files are for.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};

/// Hashes names and contents of the files at `paths`, which are relative to `root`, folders with all that is in
/// them except what `skip` answers true for. Contents and not times, so that switching branches forth and back
/// rebuilds nothing. A path that does not exist counts as such.
///
/// # Errors
/// When a file that exists can not be read.
pub(crate) fn of(root: &Path, paths: &[&str], skip: impl Fn(&Path) -> bool) -> io::Result<u64> {
    let mut files = Vec::new();
    for path in paths {
        collect(&root.join(path), &skip, &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(root).unwrap_or(&file).hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

fn collect(path: &Path, skip: &impl Fn(&Path) -> bool, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if skip(path) {
        return Ok(());
    }
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), skip, files)?;
        }
    } else if path.is_file() {
        files.push(path.to_path_buf());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own for one test, empty at the start.
    fn scratch(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        fs::remove_dir_all(&dir).ok();
        fs::create_dir_all(dir.join("client/e2e")).expect("a temporary folder can be made");
        dir
    }

    #[test]
    fn contents_and_names_count_and_skipped_folders_do_not() {
        let dir = scratch("fingerprint");
        let look =
            || of(&dir, &["client", "absent"], |path| path.ends_with("e2e")).expect("readable");
        fs::write(dir.join("client/app.rs"), "one").expect("writable");
        let first = look();
        assert_eq!(first, look());

        fs::write(dir.join("client/e2e/test.mjs"), "not part of the page").expect("writable");
        assert_eq!(first, look());

        fs::write(dir.join("client/app.rs"), "two").expect("writable");
        let second = look();
        assert_ne!(first, second);

        fs::rename(dir.join("client/app.rs"), dir.join("client/main.rs")).expect("writable");
        assert_ne!(second, look());
        fs::remove_dir_all(&dir).expect("removable");
    }
}
