//! A writer of SVG: shapes in, text out. Numbers are rounded to a tenth, so that the same drawing
//! is the same bytes.

use std::fmt::{self, Write as _};

use crate::color::Rgb;
use crate::font::{FAMILY, Face};

/// A number as SVG has it: at most one decimal.
#[derive(Clone, Copy)]
pub(crate) struct N(pub(crate) f32);

impl fmt::Display for N {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round() as i64;
        if tenths < 0 {
            f.write_char('-')?;
        }
        write!(f, "{}", tenths.abs() / 10)?;
        match tenths.abs() % 10 {
            0 => Ok(()),
            digit => write!(f, ".{digit}"),
        }
    }
}

/// A factor: at most three decimals.
#[derive(Clone, Copy)]
pub(crate) struct Fine(pub(crate) f32);

impl fmt::Display for Fine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milli = (self.0 * 1000.0).round() as i64;
        write!(
            f,
            "{}{}.{:03}",
            if milli < 0 { "-" } else { "" },
            milli.abs() / 1000,
            milli.abs() % 1000
        )
    }
}

/// How a shape is painted.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Paint {
    /// Inside.
    pub(crate) fill: Option<Rgb>,
    /// Outline and its width.
    pub(crate) stroke: Option<(Rgb, f32)>,
    /// Thousandths, 0 meaning unset: fully opaque.
    pub(crate) opacity: u32,
    /// Dash and gap.
    pub(crate) dash: Option<f32>,
}

/// A filled shape.
pub(crate) fn fill(color: Rgb) -> Paint {
    Paint {
        fill: Some(color),
        ..Paint::default()
    }
}

/// A line.
pub(crate) fn line(color: Rgb, width: f32) -> Paint {
    Paint {
        stroke: Some((color, width)),
        ..Paint::default()
    }
}

impl Paint {
    /// With an outline.
    pub(crate) fn outlined(self, color: Rgb, width: f32) -> Self {
        Self {
            stroke: Some((color, width)),
            ..self
        }
    }

    /// See-through, in thousandths.
    pub(crate) fn veil(self, opacity: u32) -> Self {
        Self { opacity, ..self }
    }

    /// Dashed.
    pub(crate) fn dashed(self, dash: f32) -> Self {
        Self {
            dash: Some(dash),
            ..self
        }
    }
}

impl fmt::Display for Paint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fill {
            Some(color) => write!(f, " fill=\"{color}\"")?,
            None => f.write_str(" fill=\"none\"")?,
        }
        if let Some((color, width)) = self.stroke {
            write!(f, " stroke=\"{color}\" stroke-width=\"{}\"", N(width))?;
        }
        if let Some(dash) = self.dash {
            write!(f, " stroke-dasharray=\"{} {}\"", N(dash), N(dash * 0.8))?;
        }
        if self.opacity > 0 && self.opacity < 1000 {
            write!(f, " opacity=\"0.{:03}\"", self.opacity)?;
        }
        Ok(())
    }
}

/// Where a text hangs on its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// Begins there.
    Start,
    /// Its middle is there.
    Middle,
}

/// The drawing as it grows.
#[derive(Debug, Default)]
pub(crate) struct Pen {
    out: String,
    gradients: usize,
}

/// Writing into a `String` cannot fail; this only spares each caller to say so.
macro_rules! put {
    ($pen:expr, $($arg:tt)*) => {{
        write!($pen.out, $($arg)*).expect("a string takes all text");
    }};
}

impl Pen {
    /// Takes the drawing.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Markup of our own making, as it is.
    pub(crate) fn raw(&mut self, markup: fmt::Arguments<'_>) {
        put!(self, "{markup}");
    }

    /// An upright rectangle.
    pub(crate) fn rect(&mut self, x: f32, y: f32, w: f32, h: f32, paint: Paint) {
        self.round_rect(x, y, w, h, 0.0, paint);
    }

    /// An upright rectangle with round corners; nothing where it has no area.
    pub(crate) fn round_rect(&mut self, x: f32, y: f32, w: f32, h: f32, r: f32, paint: Paint) {
        if w <= 0.0 || h <= 0.0 {
            return;
        }
        put!(
            self,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            N(x),
            N(y),
            N(w),
            N(h)
        );
        if r > 0.0 {
            put!(self, " rx=\"{}\"", N(r));
        }
        put!(self, "{paint}/>");
    }

    /// An ellipse.
    pub(crate) fn ellipse(&mut self, x: f32, y: f32, rx: f32, ry: f32, paint: Paint) {
        put!(
            self,
            "<ellipse cx=\"{}\" cy=\"{}\" rx=\"{}\" ry=\"{}\"{paint}/>",
            N(x),
            N(y),
            N(rx),
            N(ry)
        );
    }

    /// A circle.
    pub(crate) fn circle(&mut self, x: f32, y: f32, r: f32, paint: Paint) {
        self.ellipse(x, y, r, r, paint);
    }

    /// A closed polygon.
    pub(crate) fn polygon(&mut self, points: &[(f32, f32)], paint: Paint) {
        self.points(points, "Z", paint);
    }

    /// An open line through points.
    pub(crate) fn polyline(&mut self, points: &[(f32, f32)], paint: Paint) {
        self.points(points, "", paint);
    }

    fn points(&mut self, points: &[(f32, f32)], end: &str, paint: Paint) {
        put!(self, "<path d=\"");
        for (index, (x, y)) in points.iter().enumerate() {
            put!(
                self,
                "{}{} {}",
                if index == 0 { 'M' } else { 'L' },
                N(*x),
                N(*y)
            );
        }
        put!(
            self,
            "{end}\" stroke-linecap=\"round\" stroke-linejoin=\"round\"{paint}/>"
        );
    }

    /// A path whose numbers are scaled by `k` and moved to (`x`, `y`): commands `M L C Q Z` in
    /// capitals, as `("M", &[x, y])`.
    pub(crate) fn path(
        &mut self,
        at: (f32, f32),
        k: (f32, f32),
        steps: &[(char, &[f32])],
        paint: Paint,
    ) {
        put!(self, "<path d=\"");
        for (command, numbers) in steps {
            self.out.push(*command);
            for pair in numbers.chunks(2) {
                let [x, y] = pair else { continue };
                put!(self, "{} {} ", N(at.0 + x * k.0), N(at.1 + y * k.1));
            }
        }
        put!(
            self,
            "\" stroke-linecap=\"round\" stroke-linejoin=\"round\"{paint}/>"
        );
    }

    /// A rectangle shaded from `top` to `bottom`.
    pub(crate) fn shaded(&mut self, (x, y, w, h): (f32, f32, f32, f32), top: Rgb, bottom: Rgb) {
        let id = self.gradient(
            "x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"",
            "linear",
            &[(0, top, 1000), (1000, bottom, 1000)],
        );
        if w > 0.0 && h > 0.0 {
            put!(
                self,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"url(#g{id})\"/>",
                N(x),
                N(y),
                N(w),
                N(h)
            );
        }
    }

    /// A round glow that fades to nothing.
    pub(crate) fn glow(&mut self, x: f32, y: f32, r: f32, color: Rgb, opacity: u32) {
        let id = self.gradient("", "radial", &[(0, color, opacity), (1000, color, 0)]);
        put!(
            self,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"url(#g{id})\"/>",
            N(x),
            N(y),
            N(r)
        );
    }

    /// Defines a gradient of (offset, colour, opacity) in thousandths and gives its number.
    fn gradient(&mut self, shape: &str, kind: &str, stops: &[(u32, Rgb, u32)]) -> usize {
        let id = self.gradients;
        self.gradients += 1;
        put!(self, "<{kind}Gradient id=\"g{id}\" {shape}>");
        for (offset, color, opacity) in stops {
            put!(
                self,
                "<stop offset=\"{}\" stop-color=\"{color}\"",
                milli(*offset)
            );
            if *opacity < 1000 {
                put!(self, " stop-opacity=\"{}\"", milli(*opacity));
            }
            put!(self, "/>");
        }
        put!(self, "</{kind}Gradient>");
        id
    }

    /// A line of text, escaped. It must have passed [`printable`](crate::font::printable).
    pub(crate) fn text(
        &mut self,
        (x, y): (f32, f32),
        size: f32,
        face: Face,
        anchor: Anchor,
        color: Rgb,
        text: &str,
    ) {
        if text.is_empty() {
            return;
        }
        let weight = if face == Face::Bold {
            " font-weight=\"bold\""
        } else {
            ""
        };
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
        };
        put!(
            self,
            "<text x=\"{}\" y=\"{}\" font-family=\"{FAMILY}\" font-size=\"{}\"{weight}{anchor} fill=\"{color}\">{}</text>",
            N(x),
            N(y),
            N(size),
            Escaped(text)
        );
    }

    /// Draws inside a group with an attribute, such as a transform.
    pub(crate) fn group(&mut self, attribute: fmt::Arguments<'_>, draw: impl FnOnce(&mut Self)) {
        put!(self, "<g {attribute}>");
        draw(self);
        put!(self, "</g>");
    }
}

/// Thousandths as a decimal.
fn milli(value: u32) -> String {
    if value >= 1000 {
        "1".to_owned()
    } else {
        format!("0.{value:03}")
    }
}

/// Text with the five characters that XML reserves written as entities.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let shown = [N(0.04), N(-0.04), N(12.0), N(-3.25), N(0.96)].map(|n| n.to_string());
        assert_eq!(shown, ["0", "0", "12", "-3.3", "1"]);
    }

    #[test]
    fn text_cannot_leave_its_element() {
        assert_eq!(
            Escaped(r#"<a b="&'">"#).to_string(),
            "&lt;a b=&quot;&amp;&#39;&quot;&gt;"
        );
    }
}
