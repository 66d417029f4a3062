//! What `aiut.toml` says, as the pipeline wants it.

use serde_json::Value;

use super::FilmError;
use crate::generate::Generators;
use crate::pipeline::{BY_HAND, Pipeline, PipelineError, PriceUnit, STAGE_KEYS, Seconds};
use crate::workflow::settings::{ProjectConfig, nearest};

/// The stages of the project, with a price for those whose generator has one in `[price]`.
pub(crate) fn stages(config: &ProjectConfig) -> Result<Pipeline, FilmError> {
    check_keys(config)?;
    let pipeline = Pipeline::new(&config.stages_with_amounts()).map_err(|error| {
        let (stage, key, problem) = match &error {
            PipelineError::Malformed { stage, key, reason } => (stage, *key, reason.clone()),
            PipelineError::Cycle(stage) => (stage, None, error.to_string()),
        };
        let place = match key {
            Some(key) => format!("{}.{key}", stage_key(stage)),
            None => stage_key(stage),
        };
        let mut own = config.stages().filter(|(name, _)| *name == stage.as_str());
        let is_whole =
            |table: &toml::Table| table.contains_key("writes") && table.contains_key("by");
        let hint = match own.any(|(_, table)| is_whole(table)) {
            true => None,
            false => new_stage(stage),
        };
        FilmError::Settings(config.invalid(&place, problem, hint))
    })?;
    let prices = config.prices.iter();
    let prices = prices.map(|(name, price)| (name.clone(), price.per.clone(), price.micro_usd));
    Ok(pipeline.with_prices(prices))
}

/// `stage.NAME`, in quotes where TOML asks for them.
fn stage_key(name: &str) -> String {
    format!("stage.{}", toml_edit::Key::new(name).display_repr())
}

/// What to do about a stage that lacks something and is not one of the film's own.
fn new_stage(name: &str) -> Option<String> {
    let film = Pipeline::film();
    if film.stage(name).is_some() {
        return None;
    }
    let near = nearest(name, film.stages().iter().map(|stage| stage.name.as_str()));
    Some(match near {
        Some(near) => format!("did you mean stage.{near}?"),
        None => format!(
            "a new stage is given whole, as in aiut config {} \
             '{{ writes = \"notes/cast.md\", by = \"hand\" }}'",
            stage_key(name)
        ),
    })
}

/// Refuses what no stage has, where it stands.
fn check_keys(config: &ProjectConfig) -> Result<(), FilmError> {
    for (name, table) in config.stages() {
        if let Some(key) = table.keys().find(|key| !STAGE_KEYS.contains(&key.as_str())) {
            let near = nearest(key, STAGE_KEYS.iter().copied());
            let near = near.map(|near| format!("did you mean {}.{near}? ", stage_key(name)));
            let near = near.unwrap_or_default();
            return Err(FilmError::Settings(config.invalid(
                &format!(
                    "{}.{}",
                    stage_key(name),
                    toml_edit::Key::new(key).display_repr()
                ),
                "unknown key",
                Some(format!("{near}a stage has {}", STAGE_KEYS.join(", "))),
            )));
        }
    }
    Ok(())
}

/// The configuration as selectors see it: defaults filled in.
pub(super) fn configuration(config: &ProjectConfig) -> Value {
    let film = serde_json::to_value(&config.film).expect("film settings are plain data");
    let engine = engine(config).map_or(Value::Null, |engine| {
        serde_json::to_value(engine).expect("a TOML table has a JSON form")
    });
    let mut all = serde_json::json!({ "film": film, "engine": engine });
    if let Some(headings) = config.headings() {
        all["headings"] = serde_json::to_value(headings).expect("a TOML table has a JSON form");
    }
    all
}

/// The shot engine's rules as the project changes them: `[engine]`, and how long the clips of its stages
/// can be. Of several ranges what fits all; a length that `[engine.pacing]` says itself holds.
fn engine(config: &ProjectConfig) -> Option<toml::Table> {
    let ranges = config.stages().filter_map(|(_, stage)| {
        let range = stage.get("seconds")?.as_table()?;
        Seconds::of(range)
    });
    let both = ranges.reduce(|one, other| Seconds {
        shortest: one.shortest.max(other.shortest),
        longest: one.longest.min(other.longest),
    });
    let Some(range) = both else {
        return config.engine().cloned();
    };
    let mut engine = config.engine().cloned().unwrap_or_default();
    let pacing = engine
        .entry("pacing")
        .or_insert_with(|| toml::Value::Table(toml::Table::new()));
    if let Some(pacing) = pacing.as_table_mut() {
        for (key, milliseconds) in [("shortest", range.shortest), ("longest", range.longest)] {
            let value = toml::Value::Integer(i64::from(milliseconds));
            pacing.entry(key).or_insert(value);
        }
    }
    Some(engine)
}

/// Refuses a stage whose generator nobody knows.
pub(super) fn check_generators(
    config: &ProjectConfig,
    pipeline: &Pipeline,
    generators: &Generators,
) -> Result<(), FilmError> {
    let stages = pipeline.stages().iter();
    check_names(
        config,
        generators,
        stages.map(|stage| (stage.name.as_str(), stage.by.as_str())),
    )?;
    check_told(config, pipeline, generators)?;
    check_units(config, pipeline, generators)
}

/// Refuses what a stage tells a built-in generator that does not know it, or not as this.
fn check_told(
    config: &ProjectConfig,
    pipeline: &Pipeline,
    generators: &Generators,
) -> Result<(), FilmError> {
    let stages = pipeline.stages().iter();
    for stage in stages.filter(|stage| !stage.runs_command()) {
        let known = generators.told(&stage.by);
        for (name, value) in &stage.with {
            let refuse = |problem: String, hint: String| {
                let key = toml_edit::Key::new(name);
                let place = format!("{}.with.{}", stage_key(&stage.name), key.display_repr());
                Err(FilmError::Settings(config.invalid(
                    &place,
                    problem,
                    Some(hint),
                )))
            };
            let Some(told) = known.iter().find(|told| told.name == name) else {
                let names: Vec<_> = known.iter().map(|told| told.name).collect();
                let near = nearest(name, names.iter().copied());
                let near = near.map_or_else(String::new, |near| format!("did you mean {near}? "));
                let hint = match names.as_slice() {
                    [] => format!("{} can be told nothing", stage.by),
                    names => format!("{near}{} can be told {}", stage.by, names.join(", ")),
                };
                return refuse(format!("{} does not know this", stage.by), hint);
            };
            if !told.takes(value) {
                let hint = format!("it is {}", told.known());
                return refuse(format!("{value:?} is not known"), hint);
            }
        }
    }
    Ok(())
}

/// Refuses a price that counts what the generator does not make.
fn check_units(
    config: &ProjectConfig,
    pipeline: &Pipeline,
    generators: &Generators,
) -> Result<(), FilmError> {
    for stage in pipeline.stages() {
        let Some(price) = stage.price else { continue };
        let units = generators.units(&stage.by);
        if price.per == PriceUnit::Item || units.contains(&price.per) {
            continue;
        }
        let of_stage = format!("{}.price", stage_key(&stage.name));
        let place = match config.value(&of_stage) {
            Some(_) => of_stage,
            None => format!("price.{}", toml_edit::Key::new(&stage.by).display_repr()),
        };
        let units = units.iter().chain(&[PriceUnit::Item]);
        let known: Vec<_> = units.map(|unit| unit.name()).collect();
        return Err(FilmError::Settings(config.invalid(
            &place,
            format!(
                "what {} makes has no {} to count",
                stage.by,
                price.per.name()
            ),
            Some(format!("its price is per {}", known.join(", "))),
        )));
    }
    Ok(())
}

/// The same of the generators that the settings name, whether or not their stages are whole.
pub(super) fn check_named(
    config: &ProjectConfig,
    generators: &Generators,
) -> Result<(), FilmError> {
    let by = |(name, table)| -> Option<(&str, &str)> { Some((name, text_of(table, "by")?)) };
    check_names(config, generators, config.stages().filter_map(by))
}

fn text_of<'a>(table: &'a toml::Table, key: &str) -> Option<&'a str> {
    table.get(key).and_then(toml::Value::as_str)
}

fn check_names<'a>(
    config: &ProjectConfig,
    generators: &Generators,
    mut named: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<(), FilmError> {
    let unknown = named.find(|(_, by)| *by != BY_HAND && !generators.contains(by));
    let Some((stage, by)) = unknown else {
        return Ok(());
    };
    let known: Vec<_> = generators.names().chain([BY_HAND]).collect();
    let near = nearest(by, known.iter().copied());
    let near = near.map_or_else(String::new, |near| format!("did you mean {near}? "));
    Err(FilmError::Settings(config.invalid(
        &format!("{}.by", stage_key(stage)),
        format!("there is no generator {by:?}"),
        Some(format!("{near}generators: {}", known.join(", "))),
    )))
}
