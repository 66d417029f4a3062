//! Timelines drawn beside the log: one lane a line of descent.
//!
//! ```text
//! *   merge          a commit's own lane is the first that waits for it
//! |\
//! | * on the fork    further parents open lanes to the right
//! * | on main
//! |/
//! * where they part  lanes that wait for the same commit join above it
//! ```

use crate::object::CommitId;

/// Draws commits as they come, children before parents.
#[derive(Debug, Default)]
pub(in crate::cli) struct Graph {
    /// The commit that each lane waits for; none where a lane ended.
    lanes: Vec<Option<CommitId>>,
}

/// What stands before the lines of one commit.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::cli) struct Rows {
    /// Lines of their own above it.
    pub(in crate::cli) above: Vec<String>,
    /// Before its first line.
    pub(in crate::cli) node: String,
    /// Before its other lines.
    pub(in crate::cli) beside: String,
    /// Lines of their own below it.
    pub(in crate::cli) below: Vec<String>,
}

impl Graph {
    /// The rows of the next commit.
    pub(in crate::cli) fn next(&mut self, id: CommitId, parents: &[CommitId]) -> Rows {
        let mut above = Vec::new();
        let own = self.lane_for(id);
        for lane in (own + 1..self.lanes.len()).rev() {
            if self.lanes[lane] == Some(id) {
                self.lanes[lane] = None;
                let row = self.crossing(own, lane, '/');
                above.push(row.trim_end().to_owned());
            }
        }
        self.forget_ended();
        let node = self.row(Some(own));
        self.lanes[own] = parents.first().copied();
        // The lanes of further parents begin below all lines of the commit.
        let beside = self.row(None);
        let mut below = Vec::new();
        for parent in parents.iter().skip(1) {
            let is_new = !self.lanes.contains(&Some(*parent));
            let lane = self.lane_for(*parent);
            if lane > own + 1 {
                below.push(self.run_up(own, lane, is_new));
            }
            let mut row = match lane > own {
                true => self.crossing(lane - 1, lane, '\\'),
                false => self.crossing(lane, own, '/'),
            };
            if is_new {
                row.replace_range(2 * lane..=2 * lane, " ");
            }
            below.push(row.trim_end().to_owned());
        }
        self.forget_ended();
        Rows {
            above,
            node,
            beside,
            below,
        }
    }

    fn forget_ended(&mut self) {
        while self.lanes.last() == Some(&None) {
            self.lanes.pop();
        }
    }

    /// The lane that waits for this commit, else the first that nobody uses.
    fn lane_for(&mut self, id: CommitId) -> usize {
        let waits = self.lanes.iter().position(|lane| *lane == Some(id));
        let free = || self.lanes.iter().position(Option::is_none);
        let lane = waits.or_else(free).unwrap_or(self.lanes.len());
        if lane == self.lanes.len() {
            self.lanes.push(None);
        }
        self.lanes[lane] = Some(id);
        lane
    }

    fn row(&self, node: Option<usize>) -> String {
        let mut row = String::new();
        for (index, lane) in self.lanes.iter().enumerate() {
            row.push(match (Some(index) == node, lane) {
                (true, _) => '*',
                (_, Some(_)) => '|',
                (_, None) => ' ',
            });
            row.push(' ');
        }
        row
    }

    /// All lanes, and a line from one to the lane before another, where it goes on as `\`.
    fn run_up(&self, from: usize, to: usize, is_new: bool) -> String {
        let mut row: Vec<char> = self.row(None).chars().collect();
        for gap in from..to - 1 {
            row[2 * gap + 1] = '_';
            if self.lanes[gap + 1].is_none() {
                row[2 * gap + 2] = '_';
            }
        }
        if is_new {
            row[2 * to] = ' ';
        }
        row.iter().collect::<String>().trim_end().to_owned()
    }

    /// All lanes, and a line from one to another: `|_|/`.
    fn crossing(&self, left: usize, right: usize, end: char) -> String {
        let mut row: Vec<char> = self.row(None).chars().collect();
        for gap in left..right {
            row[2 * gap + 1] = if gap + 1 == right { end } else { '_' };
            if gap > left && self.lanes[gap].is_none() {
                row[2 * gap] = '_';
            }
        }
        row.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn drawn(commits: &[(u8, &[u8])]) -> String {
        let id = |n: u8| CommitId::from_bytes([n; 32]);
        let mut graph = Graph::default();
        let mut out = String::from("\n");
        for (commit, parents) in commits {
            let parents: Vec<CommitId> = parents.iter().copied().map(id).collect();
            let rows = graph.next(id(*commit), &parents);
            for row in rows
                .above
                .iter()
                .chain([&format!("{}{commit}", rows.node)])
                .chain(&rows.below)
            {
                out += &format!("{row}\n");
            }
        }
        out
    }

    #[test]
    fn a_fork_and_its_merge_are_two_lanes() {
        assert_eq!(
            drawn(&[(5, &[4, 3]), (4, &[1]), (3, &[2]), (2, &[1]), (1, &[])]),
            "\n* 5\n|\\\n* | 4\n| * 3\n| * 2\n|/\n* 1\n"
        );
    }

    #[test]
    fn three_timelines_join_where_they_part() {
        assert_eq!(
            drawn(&[(4, &[1]), (3, &[1]), (2, &[1]), (1, &[0]), (0, &[])]),
            "\n* 4\n| * 3\n| | * 2\n|_|/\n|/\n* 1\n* 0\n"
        );
    }

    /// Where the lines of a drawing lead from each commit, read as the eye does.
    fn read(rows: &[(String, Option<u8>)]) -> BTreeMap<u8, BTreeSet<u8>> {
        let mut found: BTreeMap<u8, BTreeSet<u8>> = BTreeMap::new();
        // Who comes down in each lane, and along a line that ends before one.
        let mut down: BTreeMap<usize, BTreeSet<u8>> = BTreeMap::new();
        let mut run: Option<(usize, BTreeSet<u8>)> = None;
        for (row, commit) in rows {
            let row: Vec<char> = row.chars().collect();
            let at = |column: usize| row.get(column).copied().unwrap_or(' ');
            let mut next: BTreeMap<usize, BTreeSet<u8>> = BTreeMap::new();
            let mut taken = BTreeSet::new();
            let came = |column: usize| down.get(&column).cloned().unwrap_or_default();
            for column in (0..row.len()).step_by(2) {
                match at(column) {
                    '|' => {
                        assert!(down.contains_key(&column), "a lane from nowhere: {row:?}");
                        next.entry(column).or_default().extend(came(column));
                        taken.insert(column);
                    }
                    '*' => {
                        let commit = commit.expect("a row of a commit");
                        for child in came(column) {
                            found.entry(child).or_default().insert(commit);
                        }
                        found.entry(commit).or_default();
                        next.insert(column, BTreeSet::from([commit]));
                        taken.insert(column);
                    }
                    _ => {}
                }
            }
            let mut left = None;
            let mut ran = None;
            for column in (1..row.len()).step_by(2) {
                match at(column) {
                    '_' => {
                        let begin = *left.get_or_insert(column - 1);
                        ran = Some((column + 1, came(begin)));
                    }
                    '/' => {
                        let to = left.take().unwrap_or(column - 1);
                        ran = None;
                        let who = came(column + 1);
                        assert!(!who.is_empty(), "a line from nowhere: {row:?}");
                        next.entry(to).or_default().extend(who);
                        taken.insert(column + 1);
                    }
                    '\\' => {
                        let who = match run.take() {
                            Some((end, who)) if end == column - 1 => who,
                            _ => came(column - 1),
                        };
                        assert!(!who.is_empty(), "a line from nowhere: {row:?}");
                        next.entry(column + 1).or_default().extend(who);
                    }
                    _ => left = None,
                }
            }
            assert!(run.is_none(), "a line that leads nowhere: {row:?}");
            run = ran;
            let broken = down.keys().find(|lane| !taken.contains(lane));
            assert_eq!(broken, None, "a lane breaks off: {row:?}");
            down = next;
        }
        found
    }

    #[test]
    fn every_line_of_any_history_joins_a_commit_with_its_parents() {
        let id = |n: u8| CommitId::from_bytes([n; 32]);
        let mut state = 7_u64;
        let mut below = |limit: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % limit
        };
        for round in 0..3_000 {
            let count = 2 + below(12) as u8;
            let mut graph = Graph::default();
            let mut rows: Vec<(String, Option<u8>)> = Vec::new();
            let mut expected: BTreeMap<u8, BTreeSet<u8>> = BTreeMap::new();
            for commit in (0..count).rev() {
                let mut parents: Vec<u8> = Vec::new();
                for _ in 0..[1, 1, 2, 2, 3, 4][below(6) as usize] {
                    if commit > 0 {
                        let parent = below(u64::from(commit)) as u8;
                        if !parents.contains(&parent) {
                            parents.push(parent);
                        }
                    }
                }
                expected.insert(commit, parents.iter().copied().collect());
                let ids: Vec<CommitId> = parents.into_iter().map(id).collect();
                let drawn = graph.next(id(commit), &ids);
                rows.extend(drawn.above.into_iter().map(|row| (row, None)));
                rows.push((drawn.node, Some(commit)));
                if below(2) == 0 && commit > 0 {
                    rows.push((drawn.beside, None));
                }
                rows.extend(drawn.below.into_iter().map(|row| (row, None)));
            }
            let shown: Vec<&str> = rows.iter().map(|(row, _)| row.as_str()).collect();
            assert_eq!(read(&rows), expected, "{round}:\n{}", shown.join("\n"));
        }
    }

    #[test]
    fn lanes_of_further_parents_begin_below_the_lines_of_the_commit() {
        let id = |n: u8| CommitId::from_bytes([n; 32]);
        let mut graph = Graph::default();
        let rows = graph.next(id(9), &[id(3), id(2), id(1)]);
        assert_eq!((&*rows.node, &*rows.beside), ("* ", "| "));
        assert_eq!(rows.below, ["|\\", "|_|", "| |\\"]);
    }
}
