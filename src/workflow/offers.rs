//! What a half-typed word may become, for the completion of a shell.
//!
//! Nothing is planned, written or run here, and nothing is told of what cannot be read: where there
//! is no answer there is no offer. Names of scenes and shots come from `numbers.toml`, which knows
//! them without the script being read.

mod film;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::film::numbers::Numbers;
use crate::history::{Project, RefKind, log, operations};
use crate::object::{Commit, RepoPath, Timestamp, Tree, TreeId};
use crate::pipeline::Pipeline;
use crate::store::Position;
use crate::workflow::film::{numbers_in, stages};
use crate::workflow::repository::{Parts, Scope, conflicts, locate};
use crate::workflow::search::ArtifactKind;
use crate::workflow::settings::{KEYS, PROJECT_FILE, ProjectConfig, SettingKind};

/// A word that may be meant, and a few words about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The whole word.
    pub word: String,
    /// What it is; may be empty.
    pub about: String,
}

/// What kind of word is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// Stages, scenes, shots, characters, places, outputs.
    Targets,
    /// Numbers of scenes.
    Scenes,
    /// Shots.
    Shots,
    /// A revision.
    Revisions,
    /// A revision, a path, or a file in a revision.
    RevisionsAndPaths,
    /// A file in a revision: `HEAD:script.fountain`.
    FilesOfRevisions,
    /// Timelines.
    Timelines,
    /// Tags.
    Tags,
    /// Files and folders, those of the last commit included.
    Paths,
    /// Files in conflict, and the places of those that are typed.
    Conflicts,
    /// Operations.
    Operations,
    /// Takes of the outputs that the words before name, or else such outputs.
    TargetsAndTakes,
    /// Settings.
    Keys,
    /// Values of the setting that the word before names.
    Values,
    /// Kinds of files, and stages.
    Kinds,
}

/// Most operations and commits that are offered.
const MOST_OF_HISTORY: usize = 30;
/// Fewest digits of an id for which commits are offered.
const MIN_DIGITS: usize = 4;
/// Most bytes that an offer says about a word.
const MOST_ABOUT: usize = 60;

/// Where words are completed: a folder, the words before, and what was read of the project.
#[derive(Debug)]
pub struct Place {
    folder: PathBuf,
    before: Vec<String>,
    now: Timestamp,
    project: OnceLock<Option<Project>>,
}

impl Place {
    /// In `folder`, behind these words of the command line.
    #[must_use]
    pub fn new(folder: PathBuf, before: Vec<String>, now: Timestamp) -> Self {
        let project = OnceLock::new();
        Self {
            folder,
            before,
            now,
            project,
        }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The words that may be meant by who typed `typed` so far, the likeliest first.
    #[must_use]
    pub fn offers(&self, want: Want, typed: &str) -> Vec<Offer> {
        let mut offers = match want {
            Want::Targets => self.targets(typed),
            Want::Scenes => self.scenes_or_title(typed),
            Want::Shots => self.shots_or_title(typed),
            Want::Revisions => self.revisions(typed),
            Want::RevisionsAndPaths if typed.contains(':') => self.files_of_revisions(typed),
            Want::RevisionsAndPaths => {
                let mut offers = self.paths(typed);
                if !typed.contains('/') {
                    offers.splice(0..0, self.revisions(typed));
                }
                offers
            }
            Want::FilesOfRevisions => self.files_of_revisions(typed),
            Want::Timelines => self.refs(RefKind::Timeline),
            Want::Tags => self.refs(RefKind::Tag),
            Want::Paths => self.paths(typed),
            Want::Conflicts => self.conflicts(),
            Want::Operations => self.operations(),
            Want::TargetsAndTakes => {
                let mut offers = self.takes();
                if offers.is_empty() {
                    offers = self.targets(typed);
                }
                offers
            }
            Want::Keys => self.keys(),
            Want::Values => self.values(),
            Want::Kinds => self.kinds(),
        };
        let begins = |word: &str| {
            let start = word.get(..typed.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(typed))
        };
        // What would steer a terminal, or end a line, is no word to be typed.
        offers.retain(|offer| begins(&offer.word) && !offer.word.contains(char::is_control));
        let mut seen = BTreeSet::new();
        offers.retain(|offer| seen.insert(offer.word.clone()));
        offers
    }

    fn root(&self) -> Option<PathBuf> {
        Project::root_around(&self.folder).ok()
    }

    fn project(&self) -> Option<&Project> {
        let project = self
            .project
            .get_or_init(|| Project::peek(&self.root()?).ok());
        project.as_ref()
    }

    fn view(&self) -> Option<std::sync::Arc<Position>> {
        Some(self.project()?.view().ok()?.1)
    }

    fn head_tree(&self) -> Option<TreeId> {
        let commit = self.view()?.head_commit()?;
        Some(self.project()?.store().get::<Commit>(commit).ok()?.tree)
    }

    fn pipeline(&self) -> Pipeline {
        let own = self
            .root()
            .and_then(|root| ProjectConfig::load(&root.join(PROJECT_FILE)).ok());
        let own = own.and_then(|config| stages(&config).ok());
        own.unwrap_or_else(Pipeline::film)
    }

    fn numbers(&self) -> Option<Numbers> {
        numbers_in(&self.root()?)
    }

    fn refs(&self, kind: RefKind) -> Vec<Offer> {
        let Some(refs) = self.project().and_then(|project| project.refs().ok()) else {
            return Vec::new();
        };
        kind.names(&refs)
            .map(|name| offer(name, kind.name()))
            .collect()
    }

    fn revisions(&self, typed: &str) -> Vec<Offer> {
        let mut offers = self.refs(RefKind::Timeline);
        offers.extend(self.refs(RefKind::Tag));
        if offers.is_empty() {
            return offers;
        }
        offers.push(offer("HEAD", "the current commit"));
        let is_id = typed.len() >= MIN_DIGITS && typed.bytes().all(|b| b.is_ascii_hexdigit());
        if let (true, Some(project), Some(view)) = (is_id, self.project(), self.view()) {
            let starts: Vec<_> = view
                .head_commit()
                .into_iter()
                .chain(view.refs(project.store()).unwrap_or_default().into_values())
                .collect();
            let commits = log(project.store(), &starts, &[], MOST_OF_HISTORY).unwrap_or_default();
            for logged in commits {
                let summary = logged
                    .commit
                    .message
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                offers.push(offer(&logged.id.short(), &summary));
            }
        }
        // The two ends of a span are completed one by one.
        let Some(at) = typed.rfind("..") else {
            return offers;
        };
        let at = at.saturating_sub(usize::from(typed[..at].ends_with('.')));
        let dots = if typed[at..].starts_with("...") { 3 } else { 2 };
        let from = &typed[..at + dots];
        for offer in &mut offers {
            offer.word.insert_str(0, from);
        }
        offers
    }

    fn files_of_revisions(&self, typed: &str) -> Vec<Offer> {
        let Some((revision, path)) = typed.split_once(':') else {
            let mut offers = self.revisions(typed);
            offers.iter_mut().for_each(|offer| offer.word.push(':'));
            return offers;
        };
        let tree = self.project().and_then(|project| {
            let revision = if revision.is_empty() {
                "HEAD"
            } else {
                revision
            };
            Some(project.resolve(revision, self.now).ok()?.tree)
        });
        let (folder, _) = split(path);
        let names = tree
            .map(|tree| self.names_in(tree, folder))
            .unwrap_or_default();
        names
            .into_iter()
            .map(|name| offer(&format!("{revision}:{folder}{name}"), ""))
            .collect()
    }

    /// The names in a folder of a tree, those of folders with a stroke behind.
    fn names_in(&self, tree: TreeId, folder: &str) -> Vec<String> {
        let read = || {
            let store = self.project()?.store();
            let mut tree = store.get::<Tree>(tree).ok()?;
            for name in folder.split('/').filter(|name| !name.is_empty()) {
                let below = tree.get(name)?.tree_id()?;
                tree = store.get::<Tree>(below).ok()?;
            }
            Some(tree)
        };
        let name = |entry: &crate::object::TreeEntry| match entry.tree_id() {
            Some(_) => format!("{}/", entry.name),
            None => entry.name.clone(),
        };
        read()
            .map(|tree| tree.entries().iter().map(name).collect())
            .unwrap_or_default()
    }

    /// Files and folders of the folder that is typed, and those that the last commit has there.
    fn paths(&self, typed: &str) -> Vec<Offer> {
        let (folder, start) = split(typed);
        let mut names = BTreeSet::new();
        let listed = std::fs::read_dir(self.folder.join(folder))
            .into_iter()
            .flatten()
            .flatten();
        for entry in listed {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let is_folder = entry.path().is_dir();
            names.insert(if is_folder { format!("{name}/") } else { name });
        }
        let inside = self.root().and_then(|root| {
            let path = locate(&root, &self.folder, Path::new(&format!("./{folder}")));
            path.ok()
        });
        if let (Some(inside), Some(tree)) = (inside, self.head_tree()) {
            let inside = inside.as_ref().map_or("", RepoPath::as_str);
            names.extend(self.names_in(tree, inside));
        }
        names.retain(|name| name.starts_with(start));
        names.retain(|name| (!name.starts_with('.') || start.starts_with('.')) && name != ".aiut/");
        names
            .iter()
            .map(|name| offer(&format!("{folder}{name}"), ""))
            .collect()
    }

    /// Files in conflict, each with its places behind it.
    fn conflicts(&self) -> Vec<Offer> {
        let open = self
            .project()
            .and_then(|project| conflicts(project, &Scope::all(), &Parts::new()).ok());
        let mut offers = Vec::new();
        let root = self.root();
        let inside = root
            .as_ref()
            .and_then(|root| locate(root, &self.folder, Path::new(".")).ok());
        let inside = inside
            .flatten()
            .map(|inside| format!("{inside}/"))
            .unwrap_or_default();
        // Typed from a folder, a path begins there.
        let from_here = |word: &str| word.strip_prefix(&inside).map(str::to_owned);
        for one in open.unwrap_or_default() {
            offers.extend(from_here(one.path.as_str()).map(|path| offer(&path, &one.reason)));
            for (name, place) in one.names.iter().zip(&one.conflict.places) {
                let about = place.scene.as_deref().or(place.theirs.as_deref());
                let about = about.unwrap_or_default();
                offers.extend(from_here(name).map(|name| offer(&name, about)));
            }
        }
        offers
    }

    fn operations(&self) -> Vec<Offer> {
        let Some(project) = self.project() else {
            return Vec::new();
        };
        let logged = operations(project.store(), MOST_OF_HISTORY).unwrap_or_default();
        logged
            .iter()
            .map(|one| offer(&one.id.short(), &one.operation.command))
            .collect()
    }

    fn keys(&self) -> Vec<Offer> {
        let mut offers = Vec::new();
        let pipeline = self.pipeline();
        for key in KEYS {
            match key.name {
                "stage.*" => {
                    for stage in pipeline.stages() {
                        let keys = crate::pipeline::STAGE_KEYS.iter();
                        offers.extend(keys.map(|key| {
                            offer(&format!("stage.{}.{key}", stage.name), &stage.title)
                        }));
                    }
                }
                name if name.ends_with('*') => {
                    offers.push(offer(name.trim_end_matches('*'), key.about))
                }
                name => offers.push(offer(name, key.about)),
            }
        }
        offers
    }

    fn values(&self) -> Vec<Offer> {
        let named = self
            .before
            .last()
            .and_then(|name| KEYS.iter().find(|key| key.name == name));
        match named.map(|key| key.kind) {
            Some(SettingKind::Choice(words)) => words.iter().map(|word| offer(word, "")).collect(),
            _ => Vec::new(),
        }
    }

    fn kinds(&self) -> Vec<Offer> {
        let mut offers: Vec<Offer> = ArtifactKind::ALL
            .iter()
            .map(|kind| offer(kind.name(), "kind"))
            .collect();
        offers.extend(
            self.pipeline()
                .stages()
                .iter()
                .map(|stage| offer(&stage.name, "stage")),
        );
        offers
    }
}

fn offer(word: &str, about: &str) -> Offer {
    let about: String = about
        .chars()
        .filter(|c| !c.is_control())
        .take(MOST_ABOUT)
        .collect();
    Offer {
        word: word.to_owned(),
        about,
    }
}

/// `frames/` and `012` of `frames/012`.
fn split(path: &str) -> (&str, &str) {
    path.rfind('/')
        .map_or(("", path), |at| path.split_at(at + 1))
}
