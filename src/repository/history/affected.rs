//! Which files of which commits suffer when something is damaged.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::reach::Reached;
use crate::object::{
    Commit, CommitId, EntryId, FileId, Generation, GenerationId, ObjectId, ObjectKind, RepoPath,
    Tree, TreeEntry, TreeId,
};
use crate::store::Catalogue;

/// What is broken: an object or a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Broken {
    /// An object.
    Object(ObjectKind, [u8; 32]),
    /// A file.
    File(FileId),
}

/// A path that is not whole in some commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affected {
    /// The path; none when all of the commit is affected.
    pub path: Option<RepoPath>,
    /// The commits, the newest first.
    pub commits: Vec<CommitId>,
}

/// Most paths that are told of what is broken in one commit.
const MOST_PATHS: usize = 1000;
/// Most paths of all commits together that are told, and the bytes that they may have.
const MOST_TOLD: usize = 1_000_000;
const MOST_TOLD_BYTES: usize = 64 << 20;

/// Where in the commits everything that is broken turns up. Of very many places, the first.
#[must_use]
pub fn affected(catalogue: &Catalogue, reached: &Reached) -> BTreeMap<Broken, Vec<Affected>> {
    if reached.is_whole() && reached.excessive.is_empty() {
        return BTreeMap::new();
    }
    let mut search = Search {
        catalogue,
        reached,
        trees: HashMap::new(),
        generations: HashMap::new(),
    };
    let mut commits: Vec<(CommitId, Commit)> = reached
        .records
        .iter()
        .filter(|record| record.object_kind() == Some(ObjectKind::Commit))
        .map(|record| CommitId::from_bytes(*record.digest()))
        .filter_map(|id| Some((id, catalogue.get::<Commit>(id).ok()?)))
        .collect();
    commits.sort_by_key(|(id, commit)| (std::cmp::Reverse(commit.time.unix_seconds), *id));
    let mut found: BTreeMap<Broken, BTreeMap<Option<RepoPath>, Vec<CommitId>>> = BTreeMap::new();
    let (mut left, mut left_bytes) = (MOST_TOLD, MOST_TOLD_BYTES);
    for (id, commit) in &commits {
        let mut told = |broken, path| {
            let paths: &mut BTreeMap<_, Vec<_>> = found.entry(broken).or_default();
            paths.entry(path).or_default().push(*id);
        };
        // What lies below such a tree is too much to be looked through.
        let below = match reached.excessive.contains_key(&commit.tree) {
            true => {
                told(
                    Broken::Object(ObjectKind::Tree, *commit.tree.digest()),
                    None,
                );
                Rc::default()
            }
            false => search.tree(commit.tree),
        };
        let mut here = MOST_PATHS;
        below.tell(&mut String::new(), &mut |path, broken| {
            if here == 0 || left == 0 || path.len() > left_bytes {
                return false;
            }
            (here, left, left_bytes) = (here - 1, left - 1, left_bytes - path.len());
            told(broken, RepoPath::new(path).ok());
            true
        });
        let runs = commit.generations.iter();
        for broken in runs
            .flat_map(|id| search.generation(*id))
            .collect::<BTreeSet<_>>()
        {
            let paths = found.entry(broken).or_default();
            if paths.keys().all(Option::is_none) {
                paths.entry(None).or_default().push(*id);
            }
        }
        for parent in &commit.parents {
            if search.is_broken(ObjectKind::Commit, *parent.digest()) {
                let broken = Broken::Object(ObjectKind::Commit, *parent.digest());
                let paths = found.entry(broken).or_default();
                paths.entry(None).or_default().push(*id);
            }
        }
    }
    let listed = |paths: BTreeMap<Option<RepoPath>, Vec<CommitId>>| {
        paths
            .into_iter()
            .map(|(path, commits)| Affected { path, commits })
            .collect()
    };
    found
        .into_iter()
        .map(|(broken, paths)| (broken, listed(paths)))
        .collect()
}

/// What is broken in a tree and below it: names alone, as trees are shared and a path can be long.
#[derive(Default)]
struct Below {
    /// The tree itself.
    tree: Option<Broken>,
    names: Vec<(String, Part)>,
}

enum Part {
    Broken(Broken),
    /// A folder in which something is.
    Folder(Rc<Below>),
}

impl Below {
    fn is_empty(&self) -> bool {
        self.tree.is_none() && self.names.is_empty()
    }

    /// Tells what is broken, by its path beneath `path`, as long as that is wanted. Whether it still is.
    fn tell(&self, path: &mut String, tell: &mut dyn FnMut(&str, Broken) -> bool) -> bool {
        if let Some(broken) = self.tree
            && !tell(path, broken)
        {
            return false;
        }
        let length = path.len();
        for (name, part) in &self.names {
            if length > 0 {
                path.push('/');
            }
            path.push_str(name);
            let goes_on = match part {
                Part::Broken(broken) => tell(path, *broken),
                Part::Folder(below) => below.tell(path, tell),
            };
            path.truncate(length);
            if !goes_on {
                return false;
            }
        }
        true
    }
}

struct Search<'c> {
    catalogue: &'c Catalogue,
    reached: &'c Reached,
    trees: HashMap<TreeId, Rc<Below>>,
    generations: HashMap<GenerationId, Vec<Broken>>,
}

impl Search<'_> {
    fn is_broken(&self, kind: ObjectKind, id: [u8; 32]) -> bool {
        self.reached.broken_objects.contains_key(&(kind, id))
    }

    /// What is broken in a tree and below it. Calls itself for each folder: the trees were measured.
    fn tree(&mut self, id: TreeId) -> Rc<Below> {
        if let Some(known) = self.trees.get(&id) {
            return Rc::clone(known);
        }
        let mut found = Below::default();
        if self.is_broken(ObjectKind::Tree, *id.digest()) {
            found.tree = Some(Broken::Object(ObjectKind::Tree, *id.digest()));
        }
        if let Ok(tree) = self.catalogue.get::<Tree>(id) {
            for entry in tree.entries() {
                if found.names.len() >= MOST_PATHS {
                    break;
                }
                self.entry(entry, &mut found.names);
            }
        }
        found.names.truncate(MOST_PATHS);
        let found = Rc::new(found);
        self.trees.insert(id, Rc::clone(&found));
        found
    }

    fn entry(&mut self, entry: &TreeEntry, found: &mut Vec<(String, Part)>) {
        let mut add = |part| found.push((entry.name.clone(), part));
        match entry.id {
            EntryId::Dir(id) => {
                let below = self.tree(id);
                if !below.is_empty() {
                    add(Part::Folder(below));
                }
            }
            EntryId::File(id) => {
                if self.reached.broken_files.contains_key(&id) {
                    add(Part::Broken(Broken::File(id)));
                }
                let runs = entry.made_by.map(|id| self.generation(id));
                runs.into_iter()
                    .flatten()
                    .filter(|broken| *broken != Broken::File(id))
                    .for_each(|broken| add(Part::Broken(broken)));
                let accepted = entry
                    .accepted
                    .map(|id| (ObjectKind::Acceptance, *id.digest()));
                let conflict = entry
                    .conflict
                    .map(|id| (ObjectKind::Conflict, *id.digest()));
                for (kind, digest) in accepted.into_iter().chain(conflict) {
                    if self.is_broken(kind, digest) {
                        add(Part::Broken(Broken::Object(kind, digest)));
                    }
                }
            }
        }
    }

    /// What is broken of a run: itself, its action, what it wrote and exchanged.
    fn generation(&mut self, id: GenerationId) -> Vec<Broken> {
        if let Some(known) = self.generations.get(&id) {
            return known.clone();
        }
        let mut found = Vec::new();
        if self.is_broken(ObjectKind::Generation, *id.digest()) {
            found.push(Broken::Object(ObjectKind::Generation, *id.digest()));
        }
        if let Ok(run) = self.catalogue.get::<Generation>(id) {
            if self.is_broken(ObjectKind::Action, *run.action.digest()) {
                found.push(Broken::Object(ObjectKind::Action, *run.action.digest()));
            }
            let outputs = run.outputs.iter().map(|output| output.id);
            let files = outputs.chain(run.request).chain(run.answer);
            found.extend(
                files
                    .filter(|id| self.reached.broken_files.contains_key(id))
                    .map(Broken::File),
            );
        }
        self.generations.insert(id, found.clone());
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_shared_folders_is_told_by_path_as_far_as_that_is_wanted() {
        let broken = Broken::File(FileId::of(b"a coat"));
        let mut below = Rc::new(Below {
            tree: Some(broken),
            names: vec![("x".to_owned(), Part::Broken(broken))],
        });
        // Each folder holds the one before twice: 2^60 paths, and names of two of them each.
        for _ in 0..60 {
            let names = ["a", "b"].map(|name| (name.repeat(200), Part::Folder(Rc::clone(&below))));
            below = Rc::new(Below {
                tree: None,
                names: names.into(),
            });
        }
        let mut told = Vec::new();
        let goes_on = below.tell(&mut String::new(), &mut |path, _| {
            told.push(path.to_owned());
            told.len() < 5
        });
        assert!(!goes_on);
        let deep = vec!["a".repeat(200); 59].join("/");
        let last = |name: &str, rest| format!("{deep}/{}{rest}", name.repeat(200));
        let expected = [("a", ""), ("a", "/x"), ("b", ""), ("b", "/x")];
        assert_eq!(told[..4], expected.map(|(name, rest)| last(name, rest)));
        assert!(!told[4].starts_with(&deep), "the next folder is another");
    }
}
