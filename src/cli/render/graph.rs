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
                above.push(self.crossing(own, lane, '/'));
            }
        }
        self.forget_ended();
        let node = self.row(Some(own));
        self.lanes[own] = parents.first().copied();
        let mut below = Vec::new();
        for parent in parents.iter().skip(1) {
            let lane = self.lane_for(*parent);
            let (left, right) = (own.min(lane), own.max(lane));
            below.push(self.crossing(left, right, if lane > own { '\\' } else { '/' }));
        }
        let beside = self.row(None);
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

    /// All lanes, and a line from one to another: `|_|/`.
    fn crossing(&self, left: usize, right: usize, end: char) -> String {
        let mut row: Vec<char> = self.row(None).chars().collect();
        for gap in left..right {
            row[2 * gap + 1] = if gap + 1 == right { end } else { '_' };
            if gap > left && self.lanes[gap].is_none() {
                row[2 * gap] = '_';
            }
        }
        // The far lane is only beginning, or has just ended.
        row[2 * right] = if end == '\\' || self.lanes[right].is_none() {
            ' '
        } else {
            '|'
        };
        row.iter().collect::<String>().trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
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
}
