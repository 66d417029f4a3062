//! What a command is given: everything its stage's `reads` names, and the files that it executes.
//! All of it is read through the recording reader, and the command sees nothing else of it.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::object::FileId;
use crate::pipeline::{INPUTS, ReadError, Reader, Selector, Wanted};

/// Version of the request's form.
const PROTOCOL: u32 = 1;

/// What a command is given for an item.
pub(super) struct Given {
    /// By the text of the selector.
    inputs: Vec<(String, Input)>,
    /// The files that are executed.
    pub(super) code: Vec<(String, FileId)>,
}

enum Input {
    Absent,
    Value(Value),
    File(String, FileId),
    Files(Vec<(String, FileId)>),
    Values(Vec<(String, Value)>),
}

impl Given {
    /// Reads all of it. What is still to be made is noted by the reader and left out.
    ///
    /// # Errors
    /// What cannot be read.
    pub(super) fn read(item: &str, reader: &Reader<'_>) -> Result<Self, ReadError> {
        let code = code(reader)?;
        let stage = reader.stage();
        let wanted = stage.wanted(item).map_err(|reason| ReadError::Broken {
            path: "aiut.toml".to_owned(),
            reason: format!("stage.{}.reads: {reason}", stage.name),
        })?;
        let mut inputs = Vec::new();
        for (text, wanted) in wanted {
            inputs.push((text, read(&wanted, reader)?));
        }
        Ok(Self { inputs, code })
    }

    /// The files that are handed over, each with its place in the command's folder.
    pub(super) fn files(&self) -> Vec<(String, FileId)> {
        let mut files = Vec::new();
        for (_, input) in &self.inputs {
            match input {
                Input::File(path, id) => files.push((place(path), *id)),
                Input::Files(list) => {
                    files.extend(list.iter().map(|(path, id)| (place(path), *id)));
                }
                Input::Absent | Input::Value(_) | Input::Values(_) => {}
            }
        }
        files
    }

    /// The request: what the command reads on its standard input. Paths are relative to the
    /// folder that it runs in, so that the same request has the same bytes everywhere.
    pub(super) fn request(
        &self,
        reader: &Reader<'_>,
        item: &str,
        seed: u64,
        output: &str,
    ) -> Vec<u8> {
        let stage = reader.stage();
        let inputs: Map<String, Value> = self
            .inputs
            .iter()
            .map(|(text, input)| (text.clone(), input.to_json()))
            .collect();
        let request = json!({
            "protocol": PROTOCOL,
            "stage": stage.name,
            "item": item,
            "seed": seed,
            "parameters": stage.with,
            "inputs": inputs,
            "output": output,
        });
        let mut bytes = serde_json::to_vec_pretty(&request).expect("JSON can be written");
        bytes.push(b'\n');
        bytes
    }
}

impl Input {
    fn to_json(&self) -> Value {
        let places = |files: &[(String, FileId)]| -> Map<String, Value> {
            let place = |(path, _): &(String, FileId)| (path.clone(), Value::from(place(path)));
            files.iter().map(place).collect()
        };
        match self {
            Self::Absent => Value::Null,
            Self::Value(value) => json!({ "value": value }),
            Self::File(path, _) => json!({ "file": place(path) }),
            Self::Files(files) => json!({ "files": places(files) }),
            Self::Values(values) => {
                let values: Map<String, Value> = values.iter().cloned().collect();
                json!({ "values": values })
            }
        }
    }
}

fn place(path: &str) -> String {
    format!("{INPUTS}/{path}")
}

/// The files that the command executes, each once, in the order of the paths.
///
/// # Errors
/// What cannot be read; a program that is not there.
pub(super) fn code(reader: &Reader<'_>) -> Result<Vec<(String, FileId)>, ReadError> {
    let stage = reader.stage();
    let mut paths: Vec<String> = Vec::new();
    for pattern in &stage.code {
        if pattern.contains('*') {
            paths.extend(reader.names(pattern)?);
        } else {
            paths.push(pattern.clone());
        }
    }
    let needed = paths.len();
    paths.extend(stage.code_arguments().map(Cow::into_owned));
    let named = reader.named_by_arguments();
    paths.extend(named.into_iter().map(ToString::to_string));
    let mut code = Vec::new();
    for (index, path) in paths.into_iter().enumerate() {
        match reader.file(&path)? {
            Some(id) => code.push((path, id)),
            None if reader.is_pending(&path) => {}
            None if index < needed || stage.own_program() == Some(path.as_str()) => {
                return Err(ReadError::Broken {
                    path,
                    reason: format!("it does not exist, and stage.{} runs it", stage.name),
                });
            }
            // An argument that might have been a file.
            None => {}
        }
    }
    code.sort();
    code.dedup();
    Ok(code)
}

fn read(wanted: &Wanted, reader: &Reader<'_>) -> Result<Input, ReadError> {
    let (glob, part) = match wanted {
        Wanted::One(Selector::File(path)) => {
            let id = reader.file(path)?;
            return Ok(id.map_or(Input::Absent, |id| Input::File(path.clone(), id)));
        }
        Wanted::One(selector) => {
            let value = unless_pending(reader.value(selector))?;
            return Ok(value.map_or(Input::Absent, Input::Value));
        }
        Wanted::Each { glob, part } => (glob, part),
    };
    let paths = reader.names(glob)?;
    let Some(part) = part else {
        let mut files = Vec::new();
        for path in paths {
            if let Some(id) = reader.file(&path)? {
                files.push((path, id));
            }
        }
        return Ok(Input::Files(files));
    };
    let mut values = Vec::new();
    for path in paths {
        let text = format!("{path}#{part}");
        let selector = text.parse().map_err(|error| ReadError::Broken {
            path: path.clone(),
            reason: format!("{error}"),
        })?;
        if let Some(value) = unless_pending(reader.value(&selector))? {
            values.push((path, value));
        }
    }
    Ok(Input::Values(values))
}

/// What is still to be made is known to the reader; the other inputs are read all the same, so
/// that everything that has to be made first is known.
fn unless_pending(read: Result<Option<Value>, ReadError>) -> Result<Option<Value>, ReadError> {
    match read {
        Err(ReadError::Pending(_)) => Ok(None),
        other => other,
    }
}
