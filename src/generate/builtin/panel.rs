//! The storyboard panel of a shot.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::film::request::Panel as PanelData;
use crate::generate::{Bench, Generator, Output, RunError, RunOutput};
use crate::media::panel::{Drawing, panel};
use crate::pipeline::{Estimate, Makes, PriceUnit, ReadError, Reader, Recipe, RecipeResult, Told};

/// The panel of a shot.
pub(super) struct Panel;

/// Whether slate, captions and names are written around and into the picture.
const SLATE: Told = Told::yes("slate");

impl Recipe for Panel {
    fn version(&self) -> &'static str {
        "6"
    }

    fn estimate(&self) -> Estimate {
        Estimate::of(Duration::from_millis(30))
    }

    fn units(&self) -> &'static [PriceUnit] {
        &[PriceUnit::Image]
    }

    fn told(&self) -> &'static [Told] {
        &[SLATE]
    }

    fn make(&self, shot: &str, reader: &Reader<'_>) -> Result<RecipeResult, ReadError> {
        inputs(shot, reader).map(|_| RecipeResult::External)
    }
}

impl Generator for Panel {
    fn run(
        &self,
        shot: &str,
        reader: &Reader<'_>,
        _: &Bench<'_>,
        seed: u64,
    ) -> Result<RunOutput, RunError> {
        let mut drawing = inputs(shot, reader)?;
        restage(&mut drawing.panel, seed);
        let png = panel(&drawing)?;
        Ok(RunOutput::here(Output::Bytes(png), BTreeMap::new()))
    }
}

/// What is drawn: of the request everything but the words for other generators, so that a changed
/// word of the prompt draws nothing anew.
fn inputs(shot: &str, reader: &Reader<'_>) -> Result<Drawing, ReadError> {
    let path = reader.path_of(Makes::Prompt, shot)?;
    Ok(Drawing {
        aspect_ratio: reader.need(&path, "/frame/aspect_ratio")?,
        width: reader.need(&path, "/frame/width")?,
        height: reader.need(&path, "/frame/height")?,
        slate: SLATE.is_on(reader),
        panel: reader.need(&path, "/frame/panel")?,
    })
}

/// Another take stages the same people a little differently: they stand elsewhere by up to a
/// twentieth of the frame and the horizon moves. The first take is as the shot list says.
fn restage(panel: &mut PanelData, seed: u64) {
    if seed == 0 {
        return;
    }
    let shift = |index: u64| {
        let hash = blake3::hash(&[seed.to_le_bytes(), index.to_le_bytes()].concat());
        i64::from(hash.as_bytes()[0]) % 101 - 50
    };
    let moved =
        |value: u32, by: i64| u32::try_from((i64::from(value) + by).clamp(0, 1000)).unwrap_or(0);
    panel.setting.horizon = moved(panel.setting.horizon, shift(0));
    for (index, figure) in panel.figures.iter_mut().enumerate() {
        figure.x = moved(figure.x, shift(index as u64 + 1));
    }
}
