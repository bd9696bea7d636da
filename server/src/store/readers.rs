//! A few read-only connections that questions share. They do not know what is asked.

use std::path::Path;
use std::sync::{Arc, Mutex};

use tokio::sync::Semaphore;

use super::sqlite::Connection;
use super::{Result, StoreError};

#[derive(Debug, Clone)]
pub(super) struct Readers {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    idle: Mutex<Vec<Connection>>,
    /// One permit for each idle connection, so that who waits, waits without a thread.
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn open(path: &Path, count: usize) -> Result<Self> {
        let idle = (0..count)
            .map(|_| Connection::open_reader(path))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self {
            shared: Arc::new(Shared {
                idle: Mutex::new(idle),
                permits: Arc::new(Semaphore::new(count)),
            }),
        })
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = Arc::clone(&self.shared.permits)
            .acquire_owned()
            .await
            .map_err(|_| StoreError::Closed)?;
        let shared = Arc::clone(&self.shared);
        let answer = tokio::task::spawn_blocking(move || {
            let mut connection = shared.take();
            let answer = in_snapshot(&mut connection, question);
            shared.give_back(connection);
            drop(permit);
            answer
        });
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

impl Shared {
    fn take(&self) -> Connection {
        self.idle
            .lock()
            .expect("nothing panics while it is held")
            .pop()
            .expect("a permit stands for a connection")
    }

    fn give_back(&self, connection: Connection) {
        self.idle
            .lock()
            .expect("nothing panics while it is held")
            .push(connection);
    }
}

fn in_snapshot<T>(
    connection: &mut Connection,
    question: impl FnOnce(&mut Connection) -> Result<T>,
) -> Result<T> {
    connection.begin_snapshot()?;
    let answer = question(connection);
    connection.roll_back();
    answer
}
