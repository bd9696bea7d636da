//! The log that an earlier run left behind, when it had no chance to empty it.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use parley_server::store::Store;
use parley_server::store::conversations::lobby_seats;

use super::{ALICE, LOBBY};

#[tokio::test]
async fn what_an_earlier_run_left_in_the_log_is_written_again_before_it_counts() {
    let (running, left) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (_store, mut writer) = Store::open(running.path()).unwrap();
    writer.ensure_lobby(LOBBY, 1).unwrap();
    // Who is killed leaves the files as they are while it runs.
    for name in ["parley.sqlite", "parley.sqlite-wal"] {
        fs::copy(running.path().join(name), left.path().join(name)).unwrap();
    }
    let log = left.path().join("parley.sqlite-wal");
    let content = fs::read(&log).unwrap();
    assert!(!content.is_empty(), "what was committed is in the log");
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(86_400);
    let file = File::options().write(true).open(&log).unwrap();
    file.set_modified(long_ago).unwrap();

    let (store, _writer) = Store::open(left.path()).unwrap();
    let written = fs::metadata(&log).unwrap().modified().unwrap();
    assert!(written > long_ago, "it was written again");
    assert_eq!(fs::read(&log).unwrap(), content, "as it was");
    let seats = store.read(|connection| lobby_seats(connection, ALICE));
    assert_eq!(seats.await.unwrap().len(), 1, "and it counts");
}
