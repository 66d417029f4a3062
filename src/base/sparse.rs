//! Files whose long runs of zeros take no room, where the file system can leave holes.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write};

/// Zeros are left out from so many on: several blocks of any file system.
const RUN: usize = 64 << 10;

/// Writes a new file from its beginning on.
#[derive(Debug)]
#[must_use = "zeros at the end are there only when it is finished"]
pub struct SparseWriter<'f> {
    file: &'f File,
    /// Bytes that the file is to have so far.
    length: u64,
    /// How many of them, at the end, are zeros that were left out.
    hole: u64,
}

impl<'f> SparseWriter<'f> {
    /// Into a file that is empty, and open at its beginning.
    pub fn new(file: &'f File) -> Self {
        Self {
            file,
            length: 0,
            hole: 0,
        }
    }

    /// Gives the file its length, also when it ends with zeros.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn finish(self) -> io::Result<()> {
        if self.hole > 0 {
            self.file.set_len(self.length)?;
        }
        Ok(())
    }
}

/// How many runs, at the beginning, are zeros, or are not: in bytes.
fn alike(bytes: &[u8], zeros: bool) -> usize {
    let runs = bytes.chunks(RUN);
    let are_zeros = |run: &[u8]| run.len() == RUN && run.iter().all(|byte| *byte == 0);
    runs.take_while(|run| are_zeros(run) == zeros)
        .map(<[u8]>::len)
        .sum()
}

impl Write for SparseWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let zeros = alike(bytes, true);
        if zeros > 0 {
            self.length += zeros as u64;
            self.hole += zeros as u64;
            return Ok(zeros);
        }
        if self.hole > 0 {
            self.file.seek(SeekFrom::Start(self.length))?;
            self.hole = 0;
        }
        let written = self.file.write(&bytes[..alike(bytes, false)])?;
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use proptest::prelude::*;

    use super::*;

    fn written(pieces: &[Vec<u8>]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        let mut sparse = SparseWriter::new(&file);
        for piece in pieces {
            sparse.write_all(piece).unwrap();
        }
        sparse.finish().unwrap();
        file.rewind().unwrap();
        file
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn whatever_is_written_is_read(
            pieces in proptest::collection::vec((any::<bool>(), 0..3 * RUN + 7), 0..8)
        ) {
            let pieces: Vec<Vec<u8>> = pieces
                .into_iter()
                .map(|(zeros, length)| vec![u8::from(!zeros); length])
                .collect();
            let mut read = Vec::new();
            written(&pieces).read_to_end(&mut read).unwrap();
            prop_assert!(read == pieces.concat());
        }
    }

    #[cfg(unix)]
    #[test]
    fn zeros_take_no_room() {
        use std::os::unix::fs::MetadataExt as _;
        let zeros = vec![0; 16 << 20];
        let file = written(&[b"begin".to_vec(), zeros.clone(), b"end".to_vec(), zeros]);
        let metadata = file.metadata().unwrap();
        assert_eq!(metadata.len(), (32 << 20) + 8);
        assert!(metadata.blocks() * 512 < 1 << 20, "{}", metadata.blocks());
    }
}
