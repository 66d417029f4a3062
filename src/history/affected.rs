//! Which files of which commits suffer when something is damaged.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::reach::Reached;
use crate::object::{
    Commit, CommitId, EntryId, FileId, Generation, GenerationId, Kind, ObjectId, RepoPath, Tree,
    TreeEntry, TreeId,
};
use crate::store::Catalogue;

/// What is broken: an object or a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Broken {
    /// An object.
    Object(Kind, [u8; 32]),
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

/// Most paths that are told of what is broken in one folder.
const MOST_PATHS: usize = 1000;
/// Most paths of all commits together that are told.
const MOST_TOLD: usize = 1_000_000;

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
        .filter(|record| record.object_kind() == Some(Kind::Commit))
        .map(|record| CommitId::from_bytes(*record.digest()))
        .filter_map(|id| Some((id, catalogue.get::<Commit>(id).ok()?)))
        .collect();
    commits.sort_by_key(|(id, commit)| (std::cmp::Reverse(commit.time.unix_seconds), *id));
    let mut found: BTreeMap<Broken, BTreeMap<Option<RepoPath>, Vec<CommitId>>> = BTreeMap::new();
    let mut left = MOST_TOLD;
    for (id, commit) in &commits {
        let mut told = |broken, path| {
            let paths: &mut BTreeMap<_, Vec<_>> = found.entry(broken).or_default();
            paths.entry(path).or_default().push(*id);
        };
        // What lies below such a tree is too much to be looked through.
        let paths = match reached.excessive.contains_key(&commit.tree) {
            true => {
                told(Broken::Object(Kind::Tree, *commit.tree.digest()), None);
                Paths::default()
            }
            false => search.tree(commit.tree),
        };
        for (path, broken) in paths.iter().take(left) {
            left -= 1;
            told(*broken, RepoPath::new(path.as_str()).ok());
        }
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
            if search.is_broken(Kind::Commit, *parent.digest()) {
                let broken = Broken::Object(Kind::Commit, *parent.digest());
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

type Paths = Rc<Vec<(String, Broken)>>;

struct Search<'c> {
    catalogue: &'c Catalogue,
    reached: &'c Reached,
    trees: HashMap<TreeId, Paths>,
    generations: HashMap<GenerationId, Vec<Broken>>,
}

impl Search<'_> {
    fn is_broken(&self, kind: Kind, id: [u8; 32]) -> bool {
        self.reached.broken_objects.contains_key(&(kind, id))
    }

    /// What is broken below a tree, by path from there on; empty for the tree itself. Calls itself for
    /// each folder: the trees were measured.
    fn tree(&mut self, id: TreeId) -> Paths {
        if let Some(known) = self.trees.get(&id) {
            return Rc::clone(known);
        }
        let mut found = Vec::new();
        if self.is_broken(Kind::Tree, *id.digest()) {
            found.push((String::new(), Broken::Object(Kind::Tree, *id.digest())));
        }
        if let Ok(tree) = self.catalogue.get::<Tree>(id) {
            for entry in tree.entries() {
                if found.len() >= MOST_PATHS {
                    break;
                }
                self.entry(entry, &mut found);
            }
        }
        found.truncate(MOST_PATHS);
        let found = Rc::new(found);
        self.trees.insert(id, Rc::clone(&found));
        found
    }

    fn entry(&mut self, entry: &TreeEntry, found: &mut Vec<(String, Broken)>) {
        let name = &entry.name;
        match entry.id {
            EntryId::Dir(id) => {
                for (path, broken) in self.tree(id).iter() {
                    let path = match path.as_str() {
                        "" => name.clone(),
                        path => format!("{name}/{path}"),
                    };
                    found.push((path, *broken));
                }
            }
            EntryId::File(id) => {
                if self.reached.broken_files.contains_key(&id) {
                    found.push((name.clone(), Broken::File(id)));
                }
                let runs = entry.made_by.map(|id| self.generation(id));
                found.extend(
                    runs.into_iter()
                        .flatten()
                        .filter(|broken| *broken != Broken::File(id))
                        .map(|broken| (name.clone(), broken)),
                );
                if let Some(accepted) = entry.accepted
                    && self.is_broken(Kind::Acceptance, *accepted.digest())
                {
                    let broken = Broken::Object(Kind::Acceptance, *accepted.digest());
                    found.push((name.clone(), broken));
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
        if self.is_broken(Kind::Generation, *id.digest()) {
            found.push(Broken::Object(Kind::Generation, *id.digest()));
        }
        if let Ok(run) = self.catalogue.get::<Generation>(id) {
            if self.is_broken(Kind::Action, *run.action.digest()) {
                found.push(Broken::Object(Kind::Action, *run.action.digest()));
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
