//! What `aiut.toml` says, as the pipeline wants it.

use serde_json::Value;

use super::FilmError;
use crate::generate::Generators;
use crate::pipeline::{Pipeline, PipelineError};
use crate::workflow::settings::ProjectConfig;

/// The stages of the project, with a price for those whose generator has one in `[price]`.
pub(crate) fn stages(config: &ProjectConfig) -> Result<Pipeline, FilmError> {
    let tables = config
        .stages()
        .map(|(name, table)| (name.to_owned(), table.clone().into()));
    let pipeline = Pipeline::new(&tables.collect()).map_err(|error| {
        let (key, problem) = match &error {
            PipelineError::Malformed {
                stage,
                key: Some(key),
                reason,
            } => (format!("stage.{stage}.{key}"), reason.clone()),
            PipelineError::Malformed { stage, .. } | PipelineError::Cycle(stage) => {
                (format!("stage.{stage}"), error.to_string())
            }
        };
        FilmError::Settings(config.invalid(&key, problem, None))
    })?;
    let prices = config.prices.iter();
    let prices = prices.map(|(name, price)| (name.clone(), price.per.clone(), price.micro_usd));
    Ok(pipeline.with_prices(prices))
}

/// The configuration as selectors see it: defaults filled in.
pub(super) fn configuration(config: &ProjectConfig) -> Value {
    let film = serde_json::to_value(&config.film).expect("film settings are plain data");
    let engine = config.engine().map_or(Value::Null, |engine| {
        serde_json::to_value(engine).expect("a TOML table has a JSON form")
    });
    serde_json::json!({ "film": film, "engine": engine })
}

/// Refuses a stage whose generator nobody knows.
pub(super) fn check_generators(
    config: &ProjectConfig,
    pipeline: &Pipeline,
    generators: &Generators,
) -> Result<(), FilmError> {
    for stage in pipeline.stages() {
        if !stage.by_hand() && !generators.contains(&stage.by) {
            let known: Vec<_> = generators.names().collect();
            return Err(FilmError::Settings(config.invalid(
                &format!("stage.{}.by", stage.name),
                format!("there is no generator {:?}", stage.by),
                Some(format!("generators: {}", known.join(", "))),
            )));
        }
    }
    Ok(())
}
