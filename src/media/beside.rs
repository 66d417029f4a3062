//! Two versions of a picture, a clip or a sound on one image, for people to look at.

use std::path::Path;
use std::time::Duration;

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

use super::compare::sampled_frames;
use super::error::MediaError;
use super::probe::{MediaKind, kind_of, probe};
use super::still::{StillError, check_size, decode, encode};
use super::tools::{Program, Tools, file_url};

/// Pixels across of each picture, and between two.
const ACROSS: u32 = 640;
const GAP: u32 = 10;
/// Pixels of a frame of a clip, and how many moments of it are shown.
const FRAME: (u32, u32) = (320, 180);
const MOMENTS: u32 = 6;
/// Pixels of a waveform, samples a second that it is drawn from, and seconds of sound at most.
const WAVE: (u32, u32) = (1200, 200);
const WAVE_RATE: u32 = 8_000;
const LONGEST: u32 = 3_600;

const GROUND: Rgb<u8> = Rgb([0x0c, 0x0d, 0x10]);
const LINE: Rgb<u8> = Rgb([0x7f, 0xb0, 0xe8]);

/// Two versions as a PNG: pictures side by side with their difference, clips as rows of moments at the
/// same share of each, with the differences below, sounds as two waveforms of one scale. None where they
/// are not of one kind.
///
/// # Errors
/// When one cannot be read, or a program is missing that reads it.
pub fn beside(tools: &Tools, old: &Path, new: &Path) -> Result<Option<Vec<u8>>, MediaError> {
    let read = |path: &Path| std::fs::read(path).map_err(MediaError::io(path));
    match (kind_of(old)?.0, kind_of(new)?.0) {
        (MediaKind::Image(_), MediaKind::Image(_)) => {
            let images = pictures(&read(old)?, &read(new)?);
            images.map(Some).map_err(|error| told(new, &error))
        }
        (MediaKind::Stream(_), MediaKind::Stream(_)) => {
            let is_seen = |path| Ok::<_, MediaError>(probe(tools, path)?.width.is_some());
            match (is_seen(old)?, is_seen(new)?) {
                (true, true) => clips(tools, old, new).map(Some),
                (false, false) => sounds(tools, old, new).map(Some),
                _ => Ok(None),
            }
        }
        _ => Ok(None),
    }
}

fn told(path: &Path, error: &StillError) -> MediaError {
    MediaError::unusable(path.display().to_string(), error.to_string())
}

/// Before, after, and how far apart each pixel is.
fn pictures(old: &[u8], new: &[u8]) -> Result<Vec<u8>, StillError> {
    let fitted = |bytes: &[u8]| -> Result<RgbImage, StillError> {
        let image = decode(bytes)?;
        let height = u64::from(image.height()) * u64::from(ACROSS) / u64::from(image.width());
        let height = u32::try_from(height.clamp(1, u64::from(ACROSS) * 2)).expect("clamped");
        Ok(imageops::resize(
            &image,
            ACROSS,
            height,
            FilterType::Triangle,
        ))
    };
    let (old, new) = (fitted(old)?, fitted(new)?);
    let apart = apart(&old, &new);
    sheet(&[vec![old, new, apart]])
}

/// The difference of two pictures, pixel by pixel: black where they are the same, and bright from a
/// little on. The second is brought to the size of the first.
fn apart(old: &RgbImage, new: &RgbImage) -> RgbImage {
    let (width, height) = old.dimensions();
    let new = match new.dimensions() == old.dimensions() {
        true => new.clone(),
        false => imageops::resize(new, width, height, FilterType::Triangle),
    };
    RgbImage::from_fn(width, height, |x, y| {
        let (a, b) = (old.get_pixel(x, y).0, new.get_pixel(x, y).0);
        Rgb(std::array::from_fn(|at| {
            a[at].abs_diff(b[at]).saturating_mul(4)
        }))
    })
}

/// Rows of images, with a gap around each.
fn sheet(rows: &[Vec<RgbImage>]) -> Result<Vec<u8>, StillError> {
    let width =
        |row: &Vec<RgbImage>| row.iter().map(|image| image.width() + GAP).sum::<u32>() + GAP;
    let height = |row: &Vec<RgbImage>| row.iter().map(RgbImage::height).max().unwrap_or(0) + GAP;
    let size = (
        rows.iter().map(width).max().unwrap_or(GAP),
        rows.iter().map(height).sum::<u32>() + GAP,
    );
    check_size(size.0, size.1)?;
    let mut sheet = RgbImage::from_pixel(size.0, size.1, GROUND);
    let mut y = GAP;
    for row in rows {
        let mut x = GAP;
        for image in row {
            imageops::replace(&mut sheet, image, i64::from(x), i64::from(y));
            x += image.width() + GAP;
        }
        y += height(row);
    }
    encode(sheet.as_raw(), size.0, size.1)
}

fn clips(tools: &Tools, old: &Path, new: &Path) -> Result<Vec<u8>, MediaError> {
    let (width, height) = FRAME;
    let filter = format!(
        "scale={width}:{height}:force_original_aspect_ratio=decrease:flags=area+accurate_rnd+bitexact,\
         pad={width}:{height}:(ow-iw)/2:(oh-ih)/2,format=rgb24"
    );
    let bytes = width as usize * height as usize * 3;
    let frames = |path: &Path| -> Result<Vec<RgbImage>, MediaError> {
        let (_, frames) = sampled_frames(tools, path, MOMENTS, &filter, bytes)?;
        let image = |pixels| RgbImage::from_raw(width, height, pixels).expect("a whole frame");
        Ok(frames.into_iter().map(image).collect())
    };
    let (old, after) = (frames(old)?, frames(new)?);
    let apart = old.iter().zip(&after).map(|(a, b)| apart(a, b)).collect();
    sheet(&[old, after, apart]).map_err(|error| told(new, &error))
}

fn sounds(tools: &Tools, old: &Path, new: &Path) -> Result<Vec<u8>, MediaError> {
    let (before, after) = (samples(tools, old)?, samples(tools, new)?);
    let longest = before.len().max(after.len());
    let rows = [&before, &after].map(|samples| vec![wave(samples, longest)]);
    sheet(&rows).map_err(|error| told(new, &error))
}

fn samples(tools: &Tools, path: &Path) -> Result<Vec<i16>, MediaError> {
    let (MediaKind::Stream(reader), _) = kind_of(path)? else {
        return Err(MediaError::unusable(
            path.display().to_string(),
            "it is no sound",
        ));
    };
    let output = tools
        .run(Program::Ffmpeg, Duration::from_secs(120))?
        .args(["-protocol_whitelist", "file", "-f", reader, "-i"])
        .args([file_url(path)])
        .args(["-map", "0:a:0", "-ac", "1", "-ar", &WAVE_RATE.to_string()])
        .args(["-t", &LONGEST.to_string(), "-f", "s16le", "pipe:1"])
        .run()?;
    let pairs = output.stdout.chunks_exact(2);
    Ok(pairs
        .map(|pair| i16::from_le_bytes([pair[0], pair[1]]))
        .collect())
}

/// The loudest of each column, up and down, on a scale of so many samples across.
fn wave(samples: &[i16], longest: usize) -> RgbImage {
    let (width, height) = WAVE;
    let mut image = RgbImage::from_pixel(width, height, Rgb([0x17, 0x1a, 0x21]));
    let at = |column: u32| column as usize * longest / width as usize;
    for column in 0..width {
        let range = at(column).min(samples.len())..at(column + 1).min(samples.len());
        let part = &samples[range];
        let (low, high) = (part.iter().min(), part.iter().max());
        let (Some(low), Some(high)) = (low, high) else {
            continue;
        };
        let row = |sample: i16| {
            let share = (i64::from(i16::MAX) - i64::from(sample)) * i64::from(height - 1);
            u32::try_from(share / i64::from(u16::MAX))
                .unwrap_or(0)
                .min(height - 1)
        };
        for y in row(*high)..=row(*low) {
            image.put_pixel(column, y, LINE);
        }
    }
    image
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(color: [u8; 3], width: u32, height: u32) -> Vec<u8> {
        let pixels = color.repeat(width as usize * height as usize);
        encode(&pixels, width, height).expect("encoded")
    }

    #[test]
    fn pictures_stand_beside_their_difference() {
        let made = pictures(&png([100, 0, 0], 64, 36), &png([110, 0, 0], 128, 72));
        let sheet = decode(&made.expect("laid out")).expect("a PNG");
        assert_eq!(sheet.dimensions(), (3 * 650 + 10, 380));
        for (x, color) in [(300, [100, 0, 0]), (950, [110, 0, 0]), (1600, [40, 0, 0])] {
            assert_eq!(sheet.get_pixel(x, 200).0, color);
        }
        assert!(pictures(b"no picture", &png([0; 3], 1, 1)).is_err());
    }

    #[test]
    fn a_wave_is_as_high_as_its_loudest_sample() {
        let mut samples = vec![0_i16; 1200];
        samples[600] = i16::MAX;
        samples[601] = i16::MIN;
        let image = wave(&samples, 2400);
        let drawn = |x: u32| (0..200).filter(|y| *image.get_pixel(x, *y) == LINE).count();
        // Half of the scale: what is longer has the other half.
        assert_eq!((drawn(299), drawn(300), drawn(601)), (1, 200, 0));
    }
}
