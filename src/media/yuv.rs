//! Video frames in memory: RGB stills made into planar 4:2:0 of BT.709 in limited range.
//!
//! Done here and not by ffmpeg's scaler, whose bytes depend on the processor unless each of its
//! conversions is spelt out, and whose default matrix is not the one that video of this size uses.

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

/// One frame: luma, then the two chroma planes of half the width and height.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) bytes: Vec<u8>,
}

/// The image in a frame of this size, whole, its shape kept, black around it.
pub(crate) fn fit(image: RgbImage, width: u32, height: u32) -> RgbImage {
    if image.dimensions() == (width, height) {
        return image;
    }
    let (w, h) = (u64::from(image.width()), u64::from(image.height()));
    let (fw, fh) = (u64::from(width), u64::from(height));
    let (inner_w, inner_h) = if w * fh >= h * fw {
        (fw, (h * fw / w).max(1))
    } else {
        ((w * fh / h).max(1), fh)
    };
    let side = |value: u64| u32::try_from(value).expect("no larger than the frame");
    let scaled = imageops::resize(&image, side(inner_w), side(inner_h), FilterType::CatmullRom);
    let mut frame = RgbImage::from_pixel(width, height, Rgb([0, 0, 0]));
    imageops::replace(
        &mut frame,
        &scaled,
        ((fw - inner_w) / 2) as i64,
        ((fh - inner_h) / 2) as i64,
    );
    frame
}

impl Frame {
    /// Converts an image of even sides.
    pub(crate) fn of(image: &RgbImage) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let rgb = image.as_raw();
        let mut bytes = Vec::with_capacity(width * height * 3 / 2);
        // BT.709 in 16-bit fixed point, scaled to 16..235 and 16..240.
        bytes.extend(rgb.chunks_exact(3).map(|p| {
            let [r, g, b] = [p[0], p[1], p[2]].map(i32::from);
            (16 + ((11_966 * r + 40_254 * g + 4_064 * b + 32_768) >> 16)) as u8
        }));
        let chroma = |weights: [i32; 3]| {
            (0..height / 2).flat_map(move |row| {
                (0..width / 2).map(move |column| {
                    let top = (row * 2 * width + column * 2) * 3;
                    let bottom = top + width * 3;
                    let sum: i32 = (0..3)
                        .map(|c| {
                            let four =
                                [top, top + 3, bottom, bottom + 3].map(|at| i32::from(rgb[at + c]));
                            four.iter().sum::<i32>() * weights[c]
                        })
                        .sum();
                    (128 + ((sum + (2 << 16)) >> 18)) as u8
                })
            })
        };
        bytes.extend(chroma([-6_596, -22_188, 28_784]));
        bytes.extend(chroma([28_784, -26_145, -2_639]));
        Self {
            width,
            height,
            bytes,
        }
    }

    /// The planes with their widths: start, length and bytes a row.
    fn planes(&self) -> [(usize, usize, usize); 3] {
        let luma = self.width * self.height;
        [
            (0, luma, self.width),
            (luma, luma / 4, self.width / 2),
            (luma + luma / 4, luma / 4, self.width / 2),
        ]
    }

    /// The same frame out of focus, but for nothing outside of `area` (x, y, width, height, even).
    pub(crate) fn blurred(&self, area: (usize, usize, usize, usize), radius: usize) -> Self {
        let mut soft = self.clone();
        for (index, (start, length, row)) in self.planes().into_iter().enumerate() {
            let half = if index == 0 { 1 } else { 2 };
            let (x, y, w, h) = (area.0 / half, area.1 / half, area.2 / half, area.3 / half);
            let plane = &mut soft.bytes[start..start + length];
            // Two boxes in each direction are nearly a bell.
            for _ in 0..2 {
                for line in y..y + h {
                    box_blur(plane, line * row + x, 1, w, (radius / half).max(1));
                }
                for column in x..x + w {
                    box_blur(plane, y * row + column, row, h, (radius / half).max(1));
                }
            }
        }
        soft
    }

    /// `share` thousandths of `other` over this frame.
    pub(crate) fn mixed(&self, other: &Self, share: u32) -> Vec<u8> {
        let share = share.min(1000);
        self.bytes
            .iter()
            .zip(&other.bytes)
            .map(|(a, b)| {
                ((u32::from(*a) * (1000 - share) + u32::from(*b) * share + 500) / 1000) as u8
            })
            .collect()
    }
}

/// Averages `count` bytes that lie `step` apart from `start` over `radius` to each side.
fn box_blur(plane: &mut [u8], start: usize, step: usize, count: usize, radius: usize) {
    let line: Vec<u32> = (0..count)
        .map(|index| u32::from(plane[start + index * step]))
        .collect();
    let at = |index: isize| line[index.clamp(0, count as isize - 1) as usize];
    let reach = radius as isize;
    let size = 2 * radius as u32 + 1;
    let mut sum: u32 = (-reach..=reach).map(at).sum();
    for index in 0..count {
        plane[start + index * step] = ((sum + size / 2) / size) as u8;
        sum = sum + at(index as isize + reach + 1) - at(index as isize - reach);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_white_and_the_primaries_are_where_bt709_has_them() {
        let frame = |rgb: [u8; 3]| Frame::of(&RgbImage::from_pixel(2, 2, Rgb(rgb))).bytes;
        for (rgb, yuv) in [
            ([0, 0, 0], [16, 128, 128]),
            ([255, 255, 255], [235, 128, 128]),
            ([255, 0, 0], [63, 102, 240]),
            ([0, 255, 0], [173, 42, 26]),
            ([0, 0, 255], [32, 240, 118]),
        ] {
            assert_eq!(
                frame(rgb),
                [yuv[0], yuv[0], yuv[0], yuv[0], yuv[1], yuv[2]],
                "{rgb:?}"
            );
        }
    }

    #[test]
    fn a_still_keeps_its_shape_in_the_frame() {
        let square = RgbImage::from_pixel(100, 100, Rgb([200, 0, 0]));
        let fitted = fit(square, 320, 180);
        assert_eq!(fitted.dimensions(), (320, 180));
        assert_eq!(fitted.get_pixel(160, 90).0, [200, 0, 0]);
        assert_eq!(fitted.get_pixel(60, 90).0, [0, 0, 0]);
        assert_eq!(fit(RgbImage::new(8000, 1), 64, 36).dimensions(), (64, 36));
    }

    #[test]
    fn blur_softens_inside_its_area_only() {
        let mut image = RgbImage::new(64, 64);
        imageops::replace(
            &mut image,
            &RgbImage::from_pixel(32, 64, Rgb([255, 255, 255])),
            0,
            0,
        );
        let sharp = Frame::of(&image);
        let soft = sharp.blurred((0, 0, 64, 32), 6);
        assert_eq!(sharp.bytes[40 * 64..64 * 64], soft.bytes[40 * 64..64 * 64]);
        let row = &soft.bytes[10 * 64..11 * 64];
        assert!(row[28] < 235 && row[36] > 16 && row[4] > 225);
        assert_eq!(sharp.mixed(&soft, 0), sharp.bytes);
        assert_eq!(sharp.mixed(&soft, 1000), soft.bytes);
    }
}
