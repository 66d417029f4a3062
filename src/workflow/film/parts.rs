//! Digests of lists of bytes.

/// Bytes put together so that no two lists of them come to the same.
pub(super) struct Parts(blake3::Hasher);

impl Parts {
    pub(super) fn new(context: &'static str) -> Self {
        Self(blake3::Hasher::new_derive_key(context))
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.0
            .update(&(bytes.len() as u64).to_le_bytes())
            .update(bytes);
    }

    pub(super) fn finish(&self) -> [u8; 32] {
        *self.0.finalize().as_bytes()
    }
}
