//! Reading the bytes of a book, whose numbers may be anybody's.

/// Bytes that are read from their front. Whatever they hold, reading ends with none at worst.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        let bytes = self.take(4)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes))
    }

    pub(super) fn digest(&mut self) -> Option<[u8; 32]> {
        self.take(32)?.try_into().ok()
    }

    /// As many numbers as the first one says.
    pub(super) fn numbers(&mut self) -> Option<Numbers<'a>> {
        let count = self.number()? as usize;
        self.take(count.checked_mul(4)?).map(Numbers)
    }

    /// As many bytes as the number before them says.
    pub(super) fn run(&mut self) -> Option<&'a [u8]> {
        let length = self.number()? as usize;
        self.take(length)
    }
}

/// Numbers, one after another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers<'a>(&'a [u8]);

impl<'a> Numbers<'a> {
    pub(super) fn iter(self) -> impl Iterator<Item = u32> + 'a {
        let (numbers, _) = self.0.as_chunks::<4>();
        numbers.iter().map(|bytes| u32::from_le_bytes(*bytes))
    }

    pub(super) fn len(self) -> usize {
        self.0.len() / 4
    }
}

pub(super) fn put_number(out: &mut Vec<u8>, number: usize) {
    // What does not fit makes a book that nobody can open; `Book::open` sees to that.
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    out.extend(number.to_le_bytes());
}

pub(super) fn put_numbers(out: &mut Vec<u8>, numbers: &[u32]) {
    put_number(out, numbers.len());
    out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

pub(super) fn put_run(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len());
    out.extend(bytes);
}
