//! How far apart two images or clips look.
//!
//! Both are brought to 64x36 grey pixels. Their *structure* differs by how many of 64 gradients
//! between neighbouring cells point the other way (a difference hash), their *tone* by the mean
//! difference of the pixels.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::MediaError;
use super::probe::{MediaKind, kind_of, probe};
use super::still;
use super::tools::{Program, Tools, file_url};

const WIDTH: usize = 64;
const HEIGHT: usize = 36;

/// Frames of a clip that are compared, spread over its length.
const SAMPLES: u32 = 5;

/// Gradients weaker than this are flat, and flat is like flat.
const FLAT: i32 = 3;

/// How far apart two pictures are; 0 where they look the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distance {
    /// Gradients that point another way, of 64.
    pub structure: u32,
    /// Mean difference of brightness, in thousandths of the range.
    pub tone: u32,
}

impl Distance {
    /// Both as one number, 0 to 1000. Under 20, people see no difference at a glance.
    #[must_use]
    pub fn permille(self) -> u32 {
        (self.structure * 1000 / 64 + self.tone * 2).min(2000) / 2
    }
}

/// How far apart two clips are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClipDistance {
    /// Frames of each.
    pub frames: (u32, u32),
    /// Frames at the same share of each clip's length, first to last.
    pub sampled: Vec<Distance>,
}

impl ClipDistance {
    /// The mean over the sampled frames, 0 to 1000.
    #[must_use]
    pub fn permille(&self) -> u32 {
        let sum: u32 = self
            .sampled
            .iter()
            .map(|distance| distance.permille())
            .sum();
        sum / u32::try_from(self.sampled.len().max(1)).expect("a handful")
    }
}

/// A picture brought to the size at which it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sketch(Vec<u8>);

impl Sketch {
    /// From grey pixels of any size, each cell the mean of what it covers.
    fn of(luma: &[u8], width: usize, height: usize) -> Self {
        let span = |cell: usize, cells: usize, side: usize| {
            let (from, to) = (cell * side / cells, (cell + 1) * side / cells);
            from..to.max(from + 1).min(side.max(1))
        };
        let cells = (0..HEIGHT).flat_map(|row| (0..WIDTH).map(move |column| (row, column)));
        Self(
            cells
                .map(|(row, column)| {
                    let (mut sum, mut count) = (0_u64, 0_u64);
                    for y in span(row, HEIGHT, height) {
                        for x in span(column, WIDTH, width) {
                            sum += u64::from(luma[y * width + x]);
                            count += 1;
                        }
                    }
                    (sum / count.max(1)) as u8
                })
                .collect(),
        )
    }

    fn of_image(bytes: &[u8]) -> Result<Self, MediaError> {
        let image = image::DynamicImage::ImageRgb8(still::decode(bytes)?).into_luma8();
        Ok(Self::of(
            image.as_raw(),
            image.width() as usize,
            image.height() as usize,
        ))
    }

    /// Which way brightness goes from each of 9x8 cells to its right neighbour.
    fn gradients(&self) -> Vec<i32> {
        let coarse = |column: usize, row: usize| {
            let (x0, x1) = (column * WIDTH / 9, (column + 1) * WIDTH / 9);
            let (y0, y1) = (row * HEIGHT / 8, (row + 1) * HEIGHT / 8);
            let sum: i32 = (y0..y1)
                .flat_map(|y| (x0..x1).map(move |x| (x, y)))
                .map(|(x, y)| i32::from(self.0[y * WIDTH + x]))
                .sum();
            sum / ((x1 - x0) * (y1 - y0)) as i32
        };
        (0..8)
            .flat_map(|row| (0..8).map(move |column| (column, row)))
            .map(|(column, row)| {
                let step = coarse(column + 1, row) - coarse(column, row);
                if step.abs() < FLAT { 0 } else { step.signum() }
            })
            .collect()
    }

    fn distance(&self, other: &Self) -> Distance {
        let structure = self
            .gradients()
            .iter()
            .zip(other.gradients())
            .filter(|(a, b)| **a != *b)
            .count();
        let difference: u64 = self
            .0
            .iter()
            .zip(&other.0)
            .map(|(a, b)| u64::from(a.abs_diff(*b)))
            .sum();
        Distance {
            structure: u32::try_from(structure).expect("64 at most"),
            tone: u32::try_from((difference * 1000 + 127) / (self.0.len() as u64 * 255))
                .expect("1000 at most"),
        }
    }
}

/// How far apart two images (PNG or JPEG) look. Their sizes and shapes do not matter.
///
/// # Errors
/// When one cannot be decoded.
pub fn images(one: &[u8], other: &[u8]) -> Result<Distance, MediaError> {
    Ok(Sketch::of_image(one)?.distance(&Sketch::of_image(other)?))
}

/// How far apart two clips look, at five moments of each.
///
/// # Errors
/// When one cannot be read, holds no frames, or ffmpeg is missing or fails.
pub fn clips(tools: &Tools, one: &Path, other: &Path) -> Result<ClipDistance, MediaError> {
    let ((first, a), (second, b)) = (sketches(tools, one)?, sketches(tools, other)?);
    let sampled = a.iter().zip(&b).map(|(a, b)| a.distance(b)).collect();
    Ok(ClipDistance {
        frames: (first, second),
        sampled,
    })
}

/// The frames of a clip, and the sampled ones; always [`SAMPLES`], a short clip's repeated.
fn sketches(tools: &Tools, path: &Path) -> Result<(u32, Vec<Sketch>), MediaError> {
    let filter = format!("scale={WIDTH}:{HEIGHT}:flags=area+accurate_rnd+bitexact,format=gray");
    let (frames, shown) = sampled_frames(tools, path, SAMPLES, &filter, WIDTH * HEIGHT)?;
    Ok((frames, shown.into_iter().map(Sketch).collect()))
}

/// How many frames a clip has, and `samples` of them, first to last, through a filter that makes so
/// many bytes of each; a short clip's are repeated.
pub(crate) fn sampled_frames(
    tools: &Tools,
    path: &Path,
    samples: u32,
    filter: &str,
    bytes: usize,
) -> Result<(u32, Vec<Vec<u8>>), MediaError> {
    let subject = || path.display().to_string();
    let (MediaKind::Stream(reader), _) = kind_of(path)? else {
        return Err(MediaError::unusable(
            subject(),
            "this is an image, not a clip",
        ));
    };
    let info = probe(tools, path)?;
    let frames = info
        .frames
        .filter(|frames| *frames > 0)
        .ok_or_else(|| MediaError::unusable(subject(), "it holds no frames"))?;
    let wanted: Vec<u32> = (0..samples)
        .map(|index| {
            u32::try_from(u64::from(index) * u64::from(frames - 1) / u64::from(samples - 1))
                .expect("before the end")
        })
        .collect();
    let mut distinct = wanted.clone();
    distinct.dedup();
    let chosen = distinct
        .iter()
        .map(|frame| format!("eq(n,{frame})"))
        .collect::<Vec<_>>()
        .join("+");
    let filter = format!("select='{chosen}',{filter}");
    let output = tools
        .run(
            Program::Ffmpeg,
            Duration::from_secs(60 + u64::from(frames) / 8),
        )?
        .args(["-protocol_whitelist", "file", "-f", reader, "-i"])
        .args([file_url(path)])
        .args([
            "-map",
            "0:v:0",
            "-vf",
            &filter,
            "-vsync",
            "passthrough",
            "-f",
            "rawvideo",
            "pipe:1",
        ])
        .run()?;
    let shown: Vec<&[u8]> = output.stdout.chunks_exact(bytes).collect();
    let frame = |frame: &u32| {
        let index = distinct.iter().position(|known| known == frame)?;
        // A file may promise more frames than it holds.
        shown
            .get(index)
            .or(shown.last())
            .map(|bytes| bytes.to_vec())
    };
    let found = wanted.iter().map(frame).collect::<Option<Vec<_>>>();
    found
        .map(|found| (frames, found))
        .ok_or_else(|| MediaError::unusable(subject(), "it holds no frames"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32, color: impl Fn(u32, u32) -> u8) -> Vec<u8> {
        let rgb: Vec<u8> = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .flat_map(|(x, y)| [color(x, y); 3])
            .collect();
        still::encode(&rgb, width, height).expect("encoded")
    }

    #[test]
    fn the_same_picture_at_another_size_is_no_distance() {
        let ramp = |side: u32| move |x: u32, _: u32| (x * 255 / side) as u8;
        let (small, large) = (png(128, 72, ramp(128)), png(640, 360, ramp(640)));
        assert_eq!(images(&small, &small).expect("read").permille(), 0);
        assert!(images(&small, &large).expect("read").permille() < 10);
    }

    #[test]
    fn distance_grows_with_the_change() {
        let plain = png(128, 72, |x, y| ((x / 16 + y / 16) % 2 * 200) as u8);
        let touched = png(128, 72, |x, y| {
            if x < 10 && y < 10 {
                255
            } else {
                ((x / 16 + y / 16) % 2 * 200) as u8
            }
        });
        let inverse = png(128, 72, |x, y| 200 - ((x / 16 + y / 16) % 2 * 200) as u8);
        let small = images(&plain, &touched).expect("read").permille();
        let large = images(&plain, &inverse).expect("read").permille();
        assert!(small > 0 && small < 60, "{small}");
        assert!(large > 500, "{large}");
    }

    #[test]
    fn black_and_white_differ_in_tone_alone() {
        let distance = images(&png(9, 9, |_, _| 0), &png(20, 20, |_, _| 255)).expect("read");
        assert_eq!(
            distance,
            Distance {
                structure: 0,
                tone: 1000
            }
        );
        assert!(images(b"no image", &png(4, 4, |_, _| 0)).is_err());
    }

    #[test]
    fn images_of_one_pixel_can_be_compared() {
        assert_eq!(
            images(&png(1, 1, |_, _| 7), &png(1, 1, |_, _| 7))
                .expect("read")
                .permille(),
            0
        );
    }
}
