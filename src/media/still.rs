//! Still images: decoding within limits, encoding always the same way, and the note in a panel's
//! PNG of where its picture is.

use std::io::Cursor;

use image::{ImageReader, Limits, RgbImage};

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
    Unwritable(#[source] png::EncodingError),
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
    encoded(rgb, width, height, None).map_err(StillError::Unwritable)
}

/// The same, with a note of where in it the picture lies: x, y, width, height.
///
/// # Errors
/// As [`encode`].
pub(crate) fn encode_noted(
    rgb: &[u8],
    width: u32,
    height: u32,
    area: [u32; 4],
) -> Result<Vec<u8>, StillError> {
    encoded(rgb, width, height, Some(area)).map_err(StillError::Unwritable)
}

/// The word before the note.
const PICTURE_KEY: &str = "aiut:picture";

fn encoded(
    rgb: &[u8],
    width: u32,
    height: u32,
    area: Option<[u32; 4]>,
) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::Filter::Adaptive);
    if let Some([x, y, w, h]) = area {
        encoder.add_text_chunk(PICTURE_KEY.to_owned(), format!("{x},{y},{w},{h}"))?;
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(rgb)?;
    writer.finish()?;
    Ok(bytes)
}

/// Where the picture lies in a PNG that a panel was written to: x, y, width, height in pixels, all
/// even and inside the image. `None` for any other image.
#[must_use]
pub(crate) fn picture_of(png: &[u8]) -> Option<(u32, u32, u32, u32)> {
    // What stands before the pixels.
    let reader = png::Decoder::new(Cursor::new(png)).read_info().ok()?;
    let info = reader.info();
    let mut notes = info.uncompressed_latin1_text.iter();
    let note = notes.find(|note| note.keyword == PICTURE_KEY)?;
    let mut numbers = note
        .text
        .split(',')
        .map(|number| number.parse::<u32>().ok());
    let mut next = || {
        let number = numbers.next().flatten();
        number.filter(|number| *number <= MAX_SIDE && number % 2 == 0)
    };
    let (x, y, w, h) = (next()?, next()?, next()?, next()?);
    let is_inside = w > 15 && h > 15 && x + w <= info.width && y + h <= info.height;
    is_inside.then_some((x, y, w, h))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_back_and_keeps_the_image() {
        let pixels = [9; 3 * 64 * 32];
        assert_eq!(picture_of(&encode(&pixels, 64, 32).expect("encoded")), None);
        let noted = encode_noted(&pixels, 64, 32, [0, 2, 40, 20]).expect("encoded");
        assert_eq!(picture_of(&noted), Some((0, 2, 40, 20)));
        assert_eq!(decode(&noted).expect("still a PNG").dimensions(), (64, 32));
    }

    #[test]
    fn a_note_that_lies_is_not_believed() {
        for area in [
            [0, 0, 66, 20],
            [60, 0, 40, 20],
            [1, 0, 40, 20],
            [0, 0, 0, 0],
        ] {
            let noted = encode_noted(&[9; 3 * 64 * 32], 64, 32, area).expect("encoded");
            assert_eq!(picture_of(&noted), None, "{area:?}");
        }
        assert_eq!(picture_of(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xfftEXt"), None);
        assert_eq!(picture_of(b""), None);
    }

    #[test]
    fn a_giant_is_refused_before_its_pixels() {
        // A header that claims 100,000 pixels a side, and no pixels.
        let mut png = Vec::new();
        let header = png::Encoder::new(&mut png, 100_000, 100_000).write_header();
        drop(header.expect("written"));
        assert!(matches!(
            decode(&png),
            Err(StillError::Unreadable(image::ImageError::Limits(_)))
        ));
        assert!(matches!(decode(b"GIF89a"), Err(StillError::Unreadable(_))));
    }
}
