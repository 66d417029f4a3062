//! Reads the projects of a server back.
#![allow(clippy::print_stdout, reason = "it tells a terminal what it finds")]

use std::process::ExitCode;

use crate::base::lock::Holder;
use crate::history::{Standing, reach_all};
use crate::root::Root;
use crate::store::{self, Watch};

struct Unwatched;

impl Watch for Unwatched {
    fn begin(&self, _what: &str, _bytes: u64) {}
    fn advance(&self, _bytes: u64) {}
}

/// Checks every project, and says of each how it is. Fails if one is damaged.
pub(crate) fn check(root: &Root, data: bool) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut is_sound = true;
    for name in root.projects()? {
        let checked = store::check(&root.path_of(&name), &Holder::default(), data, &Unwatched)?;
        let standing = Standing::of(&checked.catalogue)?;
        let reached = reach_all(&checked.catalogue, &standing)?;
        let broken = reached.broken_objects.len() + reached.broken_files.len();
        if checked.findings.is_empty() && broken == 0 {
            println!(
                "{name}: {} packs, {} records, sound",
                checked.packs, checked.records
            );
            continue;
        }
        is_sound = false;
        println!(
            "{name}: {} damaged places, {broken} things that are missing or broken",
            checked.findings.len()
        );
        for finding in &checked.findings {
            println!("  {}", finding.what);
        }
        for ((kind, id), why) in &reached.broken_objects {
            println!("  {}: {why}", store::RecordId::of_object(*kind, *id));
        }
        for (file, why) in &reached.broken_files {
            println!("  file {}: {why}", file.short());
        }
        println!(
            "  `aiut fsck --repair` in {} mends it",
            root.path_of(&name).display()
        );
    }
    Ok(match is_sound {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
