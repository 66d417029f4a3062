//! Contact sheets: many panels on one image.

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

use super::still::{StillError, check_size, decode, encode};

/// Pixels across of a panel on a sheet, and between two.
const CELL: u32 = 400;
const GAP: u32 = 10;

/// Lays images out in rows of `columns`, each as wide as its column and as high as the highest of
/// all, in their order. Gives a PNG; no images give one empty cell.
///
/// # Errors
/// When an image cannot be read, or the sheet would be larger than an image can be.
pub fn contact_sheet(images: &[Vec<u8>], columns: u32) -> Result<Vec<u8>, StillError> {
    let columns = columns
        .max(1)
        .min(u32::try_from(images.len().max(1)).unwrap_or(u32::MAX));
    let mut cells = Vec::with_capacity(images.len());
    let mut highest = CELL * 9 / 16;
    for (index, bytes) in images.iter().enumerate() {
        let image = decode(bytes)?;
        let height = u64::from(image.height()) * u64::from(CELL) / u64::from(image.width());
        let height = u32::try_from(height.clamp(1, u64::from(CELL) * 2)).expect("clamped");
        highest = if index == 0 {
            height
        } else {
            highest.max(height)
        };
        cells.push(imageops::resize(&image, CELL, height, FilterType::Triangle));
    }
    let rows = u32::try_from(images.len().max(1))
        .unwrap_or(u32::MAX)
        .div_ceil(columns);
    let side = |count: u32, cell: u32| count.saturating_mul(cell + GAP).saturating_add(GAP);
    let (width, height) = (side(columns, CELL), side(rows, highest));
    check_size(width, height)?;
    let mut sheet = RgbImage::from_pixel(width, height, Rgb([0x0c, 0x0d, 0x10]));
    for (index, cell) in cells.iter().enumerate() {
        let (column, row) = (index as u32 % columns, index as u32 / columns);
        let x = GAP + column * (CELL + GAP);
        let y = GAP + row * (highest + GAP) + (highest - cell.height()) / 2;
        imageops::replace(&mut sheet, cell, i64::from(x), i64::from(y));
    }
    encode(sheet.as_raw(), width, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_lie_in_rows_in_their_order() {
        let color = |r: u8| encode(&[r, 0, 0].repeat(32 * 18), 32, 18).expect("encoded");
        let sheet =
            decode(&contact_sheet(&[color(50), color(100), color(150)], 2).expect("laid out"))
                .expect("a PNG");
        assert_eq!(sheet.dimensions(), (830, 480));
        for (x, y, red) in [(200, 100, 50), (620, 100, 100), (200, 350, 150)] {
            assert_eq!(sheet.get_pixel(x, y).0, [red, 0, 0]);
        }
    }

    #[test]
    fn nothing_and_far_too_much() {
        assert_eq!(
            decode(&contact_sheet(&[], 4).expect("laid out"))
                .expect("a PNG")
                .dimensions(),
            (420, 245)
        );
        let one = encode(&[0; 3], 1, 1).expect("encoded");
        assert!(matches!(
            contact_sheet(&vec![one; 40], 1),
            Err(StillError::Size { .. })
        ));
        assert!(contact_sheet(&[b"x".to_vec()], 1).is_err());
    }
}
