//! Secrets show nowhere: whatever is logged at the finest level, answered, stored or told.

use std::io::Write;
use std::sync::{Arc, Mutex};

use super::support::{Desk, Place, noise};
use crate::{Limits, Scope};

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_token_is_in_no_log_no_file_and_no_error() {
    let heard = Heard::default();
    let to = heard.clone();
    let log = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || to.clone())
        .finish();
    // For all threads: nothing else in these tests asks for a log.
    tracing::subscriber::set_global_default(log).unwrap();
    let place = Place::new();
    let server = place.serve(Limits::default());
    let (_, token) = place.token(&[Scope::Read, Scope::Push], "ferry");
    let secret = token.rsplit('_').next().unwrap().to_owned();
    let remote = server.remote(&token, "ferry");
    let desk = Desk::new();
    let first = desk.commit(None, &[("a", noise(100_000, 4))]);
    desk.push(&remote, false).unwrap();
    desk.commit(None, &[("a", noise(100, 4))]);
    let mut told = format!("{remote:?}");
    told += &desk.push(&remote, false).unwrap_err().to_string();
    told += &desk.push(&remote, true).unwrap_err().to_string();
    told += &format!(
        "{:?}",
        desk.push(&server.remote(&token, "other"), true)
            .unwrap_err()
    );
    drop(server);
    told += &format!("{:?}", desk.push(&remote, true).unwrap_err());
    let log = String::from_utf8(heard.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("answered") && log.contains("/commit"), "{log}");
    assert!(!log.contains(&secret), "in the log");
    assert!(!told.contains(&secret), "{told}");
    assert!(!told.contains(&first.to_hex()[12..]));
    // Nor in what the server keeps.
    let mut folders = vec![place.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                let found = bytes
                    .windows(secret.len())
                    .any(|part| part == secret.as_bytes());
                assert!(!found, "{}", path.display());
            }
        }
    }
}
