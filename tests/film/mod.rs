//! What the crate `aiut-film` promises: screenplays read, scene and shot numbers over time, shots, looks and prompts.

#[path = "../support/corpus.rs"]
mod corpus;
mod engine_aims;
mod engine_camera;
mod engine_common;
mod engine_doers;
mod engine_doing;
mod engine_frames;
mod engine_looks;
mod engine_panels;
mod engine_places;
mod engine_prompts;
mod engine_shots;
mod engine_talk;
mod fountain_conformance;
mod fountain_inputs;
mod fountain_plain_text;
mod fountain_scenes;
mod fountain_support;
mod fountain_syntax;
mod fountain_text;
mod numbers_kept;
mod numbers_over_time;
mod numbers_shots;
mod pages;
mod people;
mod people_extras;
mod people_garments;
mod people_holding;
mod people_looks;
#[path = "../support/random.rs"]
#[allow(unreachable_pub, reason = "shared with other tests")]
mod random;
mod versions;
