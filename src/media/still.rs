//! Still images: decoding within limits, encoding always the same way, and the note in a panel's
//! PNG of where its picture is.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, ImageReader, Limits, RgbImage};

/// Pixels a side: more is no frame of a film.
pub const MAX_SIDE: u32 = 8192;

/// Bytes that decoding one image may take.
const MAX_DECODED: u64 = 512 << 20;

/// What is wrong with an image.
#[derive(Debug, thiserror::Error)]
pub enum StillError {
    /// A size that no image has.
    #[error(
        "an image of {width}x{height} pixels cannot be made: each side must be 1 to {MAX_SIDE}"
    )]
    Size {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// Not an image, or not one that can be read, or too large.
    #[error("the image cannot be read: {0}")]
    Unreadable(#[source] image::ImageError),
    /// Writing one failed.
    #[error("the image cannot be written: {0}")]
    Unwritable(#[source] image::ImageError),
    /// Not an SVG.
    #[error("the drawing cannot be read: {0}")]
    Svg(String),
}

/// Refuses a size that no image has.
pub(crate) fn check_size(width: u32, height: u32) -> Result<(), StillError> {
    let sides = 1..=MAX_SIDE;
    if sides.contains(&width) && sides.contains(&height) {
        Ok(())
    } else {
        Err(StillError::Size { width, height })
    }
}

/// Decodes a PNG or JPEG. Its size is checked before its pixels are made room for.
///
/// # Errors
/// When the bytes are no such image, or a side is above [`MAX_SIDE`].
pub fn decode(bytes: &[u8]) -> Result<RgbImage, StillError> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| StillError::Unreadable(error.into()))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    reader.limits(limits);
    Ok(reader.decode().map_err(StillError::Unreadable)?.into_rgb8())
}

/// Encodes RGB pixels as PNG, with the same settings each time. The fast level is the PNG crate's
/// own; any other goes through whichever zlib the build has, and so may differ between builds.
///
/// # Errors
/// When there are not `width * height` pixels.
pub fn encode(rgb: &[u8], width: u32, height: u32) -> Result<Vec<u8>, StillError> {
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Adaptive)
        .write_image(rgb, width, height, ExtendedColorType::Rgb8)
        .map_err(StillError::Unwritable)?;
    Ok(png)
}

/// Bytes of the PNG signature and of its first chunk, the header.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const HEADER_END: usize = 8 + 12 + 13;
const PICTURE_KEY: &[u8] = b"aiut:picture\0";

/// Adds to a PNG, after its header, where in it the picture lies: x, y, width, height.
#[must_use]
pub(crate) fn with_picture(png: Vec<u8>, area: [u32; 4]) -> Vec<u8> {
    if png.len() < HEADER_END || !png.starts_with(SIGNATURE) {
        return png;
    }
    let [x, y, w, h] = area;
    let mut chunk = b"tEXt".to_vec();
    chunk.extend_from_slice(PICTURE_KEY);
    chunk.extend_from_slice(format!("{x},{y},{w},{h}").as_bytes());
    let length = u32::try_from(chunk.len() - 4).expect("four numbers and a word are short");
    let mut noted = png[..HEADER_END].to_vec();
    noted.extend_from_slice(&length.to_be_bytes());
    noted.extend_from_slice(&chunk);
    noted.extend_from_slice(&crc32(&chunk).to_be_bytes());
    noted.extend_from_slice(&png[HEADER_END..]);
    noted
}

/// Where the picture lies in a PNG that a panel was written to: x, y, width, height in pixels, all
/// even and inside the image. `None` for any other image.
#[must_use]
pub(crate) fn picture_of(png: &[u8]) -> Option<(u32, u32, u32, u32)> {
    let side = |at: usize| {
        png.get(at..at + 4)
            .map(|four| u32::from_be_bytes(four.try_into().expect("four bytes")))
    };
    let (width, height) = (side(16)?, side(20)?);
    let mut at = png.starts_with(SIGNATURE).then_some(8)?;
    while let Some(length) = side(at) {
        let kind = png.get(at + 4..at + 8)?;
        let data = png.get(at + 8..)?.get(..length as usize)?;
        if kind == b"IDAT" {
            break;
        }
        if let (b"tEXt", Some(text)) = (kind, data.strip_prefix(PICTURE_KEY)) {
            let mut numbers = std::str::from_utf8(text)
                .ok()?
                .split(',')
                .map(|number| number.parse::<u32>().ok());
            let mut next = || {
                numbers
                    .next()
                    .flatten()
                    .filter(|number| *number <= MAX_SIDE && number % 2 == 0)
            };
            let (x, y, w, h) = (next()?, next()?, next()?, next()?);
            return (w > 15 && h > 15 && x + w <= width && y + h <= height).then_some((x, y, w, h));
        }
        at += 12 + length as usize;
    }
    None
}

/// The checksum of PNG chunks.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_back_and_keeps_the_image() {
        let plain = encode(&[9; 3 * 64 * 32], 64, 32).expect("encoded");
        assert_eq!(picture_of(&plain), None);
        let noted = with_picture(plain, [0, 2, 40, 20]);
        assert_eq!(picture_of(&noted), Some((0, 2, 40, 20)));
        assert_eq!(decode(&noted).expect("still a PNG").dimensions(), (64, 32));
    }

    #[test]
    fn a_note_that_lies_is_not_believed() {
        let plain = encode(&[9; 3 * 64 * 32], 64, 32).expect("encoded");
        for area in [
            [0, 0, 66, 20],
            [60, 0, 40, 20],
            [1, 0, 40, 20],
            [0, 0, 0, 0],
        ] {
            assert_eq!(
                picture_of(&with_picture(plain.clone(), area)),
                None,
                "{area:?}"
            );
        }
        assert_eq!(picture_of(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xfftEXt"), None);
        assert_eq!(picture_of(b""), None);
    }

    #[test]
    fn a_giant_is_refused_before_its_pixels() {
        // A header that claims 100,000 pixels a side, and no pixels.
        let mut png = encode(&[0; 3], 1, 1).expect("encoded");
        png[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
        let sum = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&sum.to_be_bytes());
        assert!(matches!(
            decode(&png),
            Err(StillError::Unreadable(image::ImageError::Limits(_)))
        ));
        assert!(matches!(decode(b"GIF89a"), Err(StillError::Unreadable(_))));
    }
}
