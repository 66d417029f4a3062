//! Where things are on the sheet: the picture in the shot's true aspect, the slate beside or above
//! it, the captions below.
//!
//! ```text
//! wide: +-----------+-----+    tall: +---------+
//!       |  picture  |slate|          |  slate  |
//!       |           |     |          +---------+
//!       +-----------+-----+          | picture |
//!       |     captions    |          +---------+
//!       +-----------------+          | captions|
//! ```
//! Of the two, the one that leaves the larger picture is taken.

use super::Drawing;

/// An upright box on the sheet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) w: f32,
    pub(super) h: f32,
}

/// The sheet in its own units: its smaller side is 720, whatever the pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Layout {
    pub(super) w: f32,
    pub(super) h: f32,
    /// Pixels a unit.
    pub(super) scale: f32,
    pub(super) picture: Area,
    pub(super) slate: Area,
    /// Whether the slate is a column beside the picture.
    pub(super) column: bool,
    pub(super) captions: Area,
    /// Width to height of the picture.
    pub(super) aspect: f32,
}

const SHORT_SIDE: f32 = 720.0;
const COLUMN: f32 = 190.0;
const STRIP: f32 = 50.0;
/// Room for captions where the sheet is wide, and where it is tall.
const CAPTIONS: (f32, f32) = (108.0, 190.0);

impl Layout {
    pub(super) fn of(drawing: &Drawing) -> Self {
        let (width, height) = (drawing.width.max(1) as f32, drawing.height.max(1) as f32);
        let scale = width.min(height) / SHORT_SIDE;
        let (w, h) = (width / scale, height / scale);
        let aspect = aspect(&drawing.aspect_ratio).unwrap_or((width / height).clamp(0.2, 5.0));
        if !drawing.slate {
            return Self::bare(w, h, scale, aspect);
        }
        let caption = if w >= h { CAPTIONS.0 } else { CAPTIONS.1 };
        let area = |column: bool| {
            let (free_w, free_h) = if column {
                (w - COLUMN, h - caption)
            } else {
                (w, h - caption - STRIP)
            };
            let picture_w = free_w.min(free_h * aspect).max(8.0);
            (picture_w, picture_w / aspect)
        };
        let (beside, above) = (area(true), area(false));
        let column = beside.0 * beside.1 >= above.0 * above.1;
        let (pw, ph) = if column { beside } else { above };
        // Whole even pixels, so that video, whose colour is half as fine, can cut the picture out.
        let even = |units: f32| ((units * scale / 2.0).round() * 2.0) / scale;
        let (picture, slate, captions_y) = if column {
            // A sliver beside the picture is better given to the slate.
            let free = w - COLUMN - pw;
            let x = if free < 40.0 { 0.0 } else { even(free / 2.0) };
            let picture = Area {
                x,
                y: 0.0,
                w: even(pw),
                h: even(ph),
            };
            let left = if free < 40.0 { picture.w } else { w - COLUMN };
            (
                picture,
                Area {
                    x: left,
                    y: 0.0,
                    w: w - left,
                    h: picture.h.max(h - caption),
                },
                picture.h,
            )
        } else {
            let picture = Area {
                x: even((w - pw) / 2.0),
                y: even(STRIP),
                w: even(pw),
                h: even(ph),
            };
            (
                picture,
                Area {
                    x: 0.0,
                    y: 0.0,
                    w,
                    h: even(STRIP),
                },
                picture.y + picture.h,
            )
        };
        let captions = Area {
            x: 0.0,
            y: captions_y,
            w: if column && captions_y < h - caption {
                w - COLUMN
            } else {
                w
            },
            h: h - captions_y,
        };
        Self {
            w,
            h,
            scale,
            picture,
            slate,
            column,
            captions,
            aspect: picture.w / picture.h,
        }
    }

    /// The picture alone, as large as the sheet holds it.
    fn bare(w: f32, h: f32, scale: f32, aspect: f32) -> Self {
        let even = |units: f32| ((units * scale / 2.0).round() * 2.0) / scale;
        // A ratio that is the sheet's own but for its rounding fills it to the edge.
        let (pw, ph) = if (w / h / aspect - 1.0).abs() < 0.01 {
            (w, h)
        } else {
            let pw = w.min(h * aspect);
            (even(pw), even(pw / aspect))
        };
        let picture = Area {
            x: even((w - pw) / 2.0),
            y: even((h - ph) / 2.0),
            w: pw,
            h: ph,
        };
        let none = Area {
            x: 0.0,
            y: 0.0,
            w: 0.0,
            h: 0.0,
        };
        Self {
            w,
            h,
            scale,
            picture,
            slate: none,
            column: false,
            captions: none,
            aspect: pw / ph,
        }
    }

    /// The picture in pixels of the finished image: x, y, width, height; all even.
    pub(super) fn picture_pixels(&self) -> [u32; 4] {
        [
            self.picture.x,
            self.picture.y,
            self.picture.w,
            self.picture.h,
        ]
        .map(|units| (units * self.scale).round() as u32)
    }
}

/// Reads `16:9` or `2.39:1`; nothing where it is no ratio or one that no picture has.
fn aspect(text: &str) -> Option<f32> {
    let (w, h) = text.split_once([':', 'x', '/'])?;
    let ratio = w.trim().parse::<f32>().ok()? / h.trim().parse::<f32>().ok()?;
    (0.2..=5.0).contains(&ratio).then_some(ratio)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(width: u32, height: u32, aspect_ratio: &str) -> Layout {
        Layout::of(&Drawing {
            width,
            height,
            aspect_ratio: aspect_ratio.into(),
            ..crate::panel::samples::blank()
        })
    }

    #[test]
    fn a_bare_picture_fills_the_sheet_or_lies_in_its_middle() {
        for (w, h, aspect, wanted) in [
            (1280, 720, "16:9", [0, 0, 1280, 720]),
            (854, 480, "16:9", [0, 0, 854, 480]),
            (720, 1280, "9:16", [0, 0, 720, 1280]),
            (1280, 720, "1:1", [280, 0, 720, 720]),
            (1280, 720, "2.39:1", [0, 92, 1280, 536]),
        ] {
            let layout = Layout::of(&Drawing {
                width: w,
                height: h,
                aspect_ratio: aspect.into(),
                slate: false,
                ..crate::panel::samples::blank()
            });
            assert_eq!(layout.picture_pixels(), wanted, "{w}x{h} {aspect}");
        }
    }

    #[test]
    fn the_picture_keeps_its_aspect_inside_the_sheet() {
        for (w, h, aspect, wanted) in [
            (1280, 720, "16:9", 16.0 / 9.0),
            (1280, 720, "2.39:1", 2.39),
            (720, 1280, "9:16", 9.0 / 16.0),
            (1024, 1024, "1:1", 1.0),
            (1920, 800, "2.39:1", 2.39),
            (640, 360, "4:3", 4.0 / 3.0),
            (3840, 2160, "16:9", 16.0 / 9.0),
            (64, 64, "nonsense", 1.0),
        ] {
            let layout = layout(w, h, aspect);
            let [x, y, pw, ph] = layout.picture_pixels();
            assert!(x + pw <= w && y + ph < h, "{w}x{h}: {x},{y} {pw}x{ph}");
            assert!(
                [x, y, pw, ph].iter().all(|side| side % 2 == 0),
                "{w}x{h}: {x},{y} {pw}x{ph}"
            );
            let got = pw as f32 / ph as f32;
            assert!(
                (got - wanted).abs() / wanted < 0.06,
                "{w}x{h} {aspect}: {got}"
            );
            assert!(layout.captions.h > 60.0);
            assert!(
                pw * ph * 2 > w * h,
                "{w}x{h} {aspect}: the picture is more than half of the sheet"
            );
        }
    }
}
