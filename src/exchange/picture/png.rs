//! The texts of a PNG: `tEXt`, `zTXt` and `iTXt` chunks.

use std::io::Cursor;

use ::png::{DecodeOptions, Decoder, DecodingError, Limits};

/// Most bytes that all texts of a picture may have, inflated.
const MAX_TEXT_BYTES: usize = 16 << 20;

/// Most bytes that the reader may set aside for the chunks themselves.
const MAX_CHUNK_BYTES: usize = 64 << 20;

/// Most pixels along a side.
const MAX_SIDE: u32 = 65_535;

/// What a picture says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picture {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Keyword and text, in the order of their kinds.
    pub texts: Vec<(String, String)>,
}

/// Why a picture was not read.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// Its first bytes say that it is something else.
    #[error("it is not a PNG file")]
    NotPng,
    /// It is broken, or ends too early.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// It claims more than a picture has.
    #[error("{0}")]
    TooLarge(String),
}

/// Whether bytes begin as those of a PNG.
#[must_use]
pub fn is_png(head: &[u8]) -> bool {
    head.starts_with(b"\x89PNG\r\n\x1a\n")
}

/// Reads size and texts. The picture itself is gone through, but not kept.
///
/// # Errors
/// `NotPng`; `Damaged` for what breaks the format, checksums included; `TooLarge` for sizes and
/// texts beyond any that a tool writes.
pub fn read(bytes: &[u8]) -> Result<Picture, PictureError> {
    if !is_png(bytes) {
        return Err(PictureError::NotPng);
    }
    let mut options = DecodeOptions::default();
    options.set_skip_ancillary_crc_failures(false);
    let mut decoder = Decoder::new_with_options(Cursor::new(bytes), options);
    decoder.set_limits(Limits {
        bytes: MAX_CHUNK_BYTES,
    });
    let header = decoder.read_header_info().map_err(refused)?;
    let (width, height) = (header.width, header.height);
    if width.max(height) > MAX_SIDE {
        return Err(PictureError::TooLarge(format!(
            "it claims {width} by {height} pixels; {MAX_SIDE} along a side are the most"
        )));
    }
    let mut reader = decoder.read_info().map_err(refused)?;
    reader.finish().map_err(refused)?;
    let info = reader.info();
    let mut left = MAX_TEXT_BYTES;
    let mut texts = Vec::new();
    for chunk in &info.uncompressed_latin1_text {
        texts.push((chunk.keyword.clone(), keep(utf8(&chunk.text), &mut left)?));
    }
    for chunk in &info.compressed_latin1_text {
        let mut chunk = chunk.clone();
        chunk
            .decompress_text_with_limit(left)
            .map_err(|error| inflated(&chunk.keyword, &error))?;
        let text = chunk.get_text().map_err(refused)?;
        texts.push((chunk.keyword, keep(utf8(&text), &mut left)?));
    }
    for chunk in &info.utf8_text {
        let mut chunk = chunk.clone();
        chunk
            .decompress_text_with_limit(left)
            .map_err(|error| inflated(&chunk.keyword, &error))?;
        let text = chunk.get_text().map_err(refused)?;
        texts.push((chunk.keyword, keep(text, &mut left)?));
    }
    Ok(Picture {
        width,
        height,
        texts,
    })
}

fn keep(text: String, left: &mut usize) -> Result<String, PictureError> {
    match left.checked_sub(text.len()) {
        Some(rest) => {
            *left = rest;
            Ok(text)
        }
        None => Err(too_much_text()),
    }
}

fn too_much_text() -> PictureError {
    let limit = MAX_TEXT_BYTES >> 20;
    PictureError::TooLarge(format!("its texts have more than {limit} MiB"))
}

fn inflated(keyword: &str, error: &DecodingError) -> PictureError {
    let said = error.to_string();
    // The reader tells this case from others in its text only.
    if said.contains("decompression space") {
        too_much_text()
    } else {
        PictureError::Damaged(format!("its text {keyword:?} cannot be inflated: {said}"))
    }
}

fn refused(error: DecodingError) -> PictureError {
    match error {
        DecodingError::LimitsExceeded => PictureError::TooLarge(format!(
            "it claims more than {} MiB of chunks",
            MAX_CHUNK_BYTES >> 20
        )),
        error => PictureError::Damaged(error.to_string()),
    }
}

/// Texts that are Latin-1 by the format and UTF-8 by the tool that wrote them.
fn utf8(text: &str) -> String {
    let bytes: Option<Vec<u8>> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_else(|| text.to_owned())
}
