//! Caches in files of their own: a header, a body, and a hash by which what cannot be relied on is
//! known.
//!
//! ```text
//! magic:[u8; 8] version:u32 body BLAKE3 of all the above
//! ```
//! Little-endian. What is damaged, of another version or too large is no cache, and that is all.

use std::io::{self, Read as _};

use super::atomic;
use super::folder::Folder;

/// Bytes before the body.
const HEADER: usize = 12;
/// Bytes behind it.
pub const SEAL: usize = 32;

/// Which cache it is.
#[derive(Debug, Clone, Copy)]
pub struct Sort {
    /// First bytes of its file.
    pub magic: [u8; 8],
    /// Of the body's form.
    pub version: u32,
    /// The largest file that is read, in bytes.
    pub most_bytes: u64,
}

impl Sort {
    /// A file to be, with room for a body of so many bytes to be added.
    #[must_use]
    pub fn begin(&self, capacity: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + capacity + SEAL);
        bytes.extend_from_slice(&self.magic);
        bytes.extend_from_slice(&self.version.to_le_bytes());
        bytes
    }

    /// The body of a file's bytes, if they are what was once sealed.
    #[must_use]
    pub fn open<'b>(&self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        let (sealed, seal) = bytes.split_last_chunk::<SEAL>()?;
        let rest = sealed.strip_prefix(&self.magic)?;
        let body = rest.strip_prefix(&self.version.to_le_bytes())?;
        (blake3::hash(sealed) == *seal).then_some(body)
    }

    /// Reads a file; none when there is none that can be relied on.
    #[must_use]
    pub fn read(&self, folder: &Folder, name: &str) -> Option<Vec<u8>> {
        let mut file = folder.read(name).ok()?;
        let length = file.metadata().ok()?.len();
        if length > self.most_bytes {
            return None;
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length).ok()?);
        file.read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// Adds the hash to what [`Sort::begin`] began.
#[must_use]
pub fn seal(mut bytes: Vec<u8>) -> Vec<u8> {
    let seal = *blake3::hash(&bytes).as_bytes();
    bytes.extend_from_slice(&seal);
    bytes
}

/// Writes what [`Sort::begin`] began, without waiting for the disk.
///
/// # Errors
/// Any I/O error; the file then is what it was.
pub fn write(folder: &Folder, name: &str, bytes: Vec<u8>) -> io::Result<()> {
    atomic::write_cache_in(folder, name, &seal(bytes))
}

/// The next `N` bytes of a body.
pub fn take<const N: usize>(body: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = body.split_first_chunk::<N>()?;
    *body = rest;
    Some(*head)
}

/// A text of up to 64 KiB with its length before it. A longer one is entered as an empty one:
/// nothing that can be opened has such a path.
pub fn put_text(bytes: &mut Vec<u8>, text: &str) {
    let length = u16::try_from(text.len()).unwrap_or(0);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&text.as_bytes()[..usize::from(length)]);
}

/// Reads what [`put_text`] put.
pub fn take_text<'b>(body: &mut &'b [u8]) -> Option<&'b str> {
    let length = usize::from(u16::from_le_bytes(take(body)?));
    let (text, rest) = body.split_at_checked(length)?;
    *body = rest;
    std::str::from_utf8(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SORT: Sort = Sort {
        magic: *b"aiuttest",
        version: 7,
        most_bytes: 100,
    };

    #[test]
    fn what_was_sealed_opens_and_nothing_else_does() {
        let mut bytes = SORT.begin(9);
        put_text(&mut bytes, "Ærø");
        let bytes = seal(bytes);
        let mut body = SORT.open(&bytes).unwrap();
        assert_eq!(take_text(&mut body), Some("Ærø"));
        assert!(body.is_empty() && take::<1>(&mut body).is_none());
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(SORT.open(&damaged), None, "a flipped bit at {at}");
            assert_eq!(SORT.open(&bytes[..at]), None, "cut at {at}");
        }
        let newer = Sort { version: 8, ..SORT };
        assert_eq!(newer.open(&bytes), None);
    }

    #[test]
    fn a_file_beyond_the_limit_is_not_read() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let read = || SORT.read(&folder, "cache");
        write(&folder, "cache", SORT.begin(0)).unwrap();
        assert!(read().is_some_and(|read| SORT.open(&read) == Some(&[])));
        let mut large = SORT.begin(100);
        large.resize(100, 0);
        write(&folder, "cache", large).unwrap();
        assert_eq!(read(), None);
    }
}
