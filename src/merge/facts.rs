//! A joined text checked by what it says, not by how it was joined.

use std::collections::HashMap;

/// One thing that a file says: at a path, in which entries of lists go by their identity if they have one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Fact {
    pub(super) path: String,
    /// A value in a form that does not depend on how it is written.
    pub(super) says: String,
}

/// Whether of each fact there are as many as the edits of both sides come to; one that both added or took out
/// counts once or twice. What stood once at most in every version does so still: two shots of one name are
/// no addition. Entries without a name (`*`) may come one by one.
pub(super) fn adds_up(base: &[Fact], ours: &[Fact], theirs: &[Fact], merged: &[Fact]) -> bool {
    let mut facts: HashMap<&Fact, [i64; 4]> = HashMap::new();
    let mut paths: HashMap<&str, [i64; 4]> = HashMap::new();
    for (version, said) in [base, ours, theirs, merged].into_iter().enumerate() {
        for fact in said {
            facts.entry(fact).or_default()[version] += 1;
            paths.entry(&fact.path).or_default()[version] += 1;
        }
    }
    let is_right = |[base, ours, theirs, merged]: &[i64; 4]| {
        let (we, they) = (ours - base, theirs - base);
        *merged == base + we + they || (we == they && *merged == base + we)
    };
    let is_once = |(path, [base, ours, theirs, merged]): (&&str, &[i64; 4])| {
        let most = base.max(ours).max(theirs);
        *most > 1 || merged <= most || path.contains("/*")
    };
    facts.values().all(is_right) && paths.iter().all(is_once)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(versions: [&str; 4]) -> bool {
        let facts = versions.map(|version| -> Vec<Fact> {
            let said = version.split_whitespace();
            let fact = |word: &str| {
                let (path, says) = word.split_once('=').expect("path=value");
                Fact {
                    path: path.to_owned(),
                    says: says.to_owned(),
                }
            };
            said.map(fact).collect()
        });
        let [base, ours, theirs, merged] = &facts;
        adds_up(base, ours, theirs, merged)
    }

    #[test]
    fn each_edit_is_there_once() {
        assert!(holds(["a=1 b=1", "a=2 b=1", "a=1 b=2", "a=2 b=2"]));
        assert!(holds(["a=1", "a=2", "a=2", "a=2"]));
        assert!(holds(["", "a=1", "b=1", "b=1 a=1"]));
        // One was lost, one was changed by both, one that went is there again.
        assert!(!holds(["a=1 b=1", "a=2 b=1", "a=1 b=2", "a=2 b=1"]));
        assert!(!holds(["a=1", "a=2", "a=3", "a=2"]));
        assert!(!holds(["a=1", "a=1", "", "a=1"]));
    }

    #[test]
    fn a_name_is_given_once() {
        assert!(!holds(["", "s=1", "s=2", "s=1 s=2"]));
        assert!(holds(["", "/*=1", "/*=2", "/*=1 /*=2"]));
    }
}
