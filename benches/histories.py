#!/usr/bin/env python3
"""Revisions that people made, joined by aiut, git (ort), aiut by lines alone and mergiraf: who is right.

A history is a git repository and a text file in it. Of two of its revisions it is known what led from one to the
other. What is right follows from that, and from no program:

  divided    What differs between two revisions is divided at random among both sides, by the hunks of `git diff`,
             or finer: line by line where as many lines stand in the place of others, and sentence by sentence where
             a line has as many as before. Both sides together are the later revision, exactly.
  collides   A line of one sentence, or one field, that two later revisions rewrote one after the other: ours is the
             first, theirs the second. Or one that was rewritten, and then taken out. Only a conflict is right.
  merged     Merges of the history in which both sides had changed the file. Right is what was committed. People
             also settled conflicts in such merges, and changed more: these count as they are.

    benches/histories.py --aiut target/release/aiut --pairs 200 film.git script.fountain world.git countries.json
"""

import argparse
import difflib
import functools
import itertools
import json
import pathlib
import random
import re
import subprocess
import tomllib

from joiners import TOLD, Joiners, table, verdict

# Two lines of which one became the other have so much in common.
ALIKE = 0.5
KINDS = ("hunks divided", "lines divided", "collides", "merged by people")


class History:
    """A file through the commits of a repository."""

    def __init__(self, repository, path):
        self.repository, self.path = repository, path
        self.ending = path.rsplit(".", 1)[-1]
        head = self.git("rev-parse", "--short", "HEAD").strip()
        listed = self.git("log", "--format=%H", "--reverse", "--topo-order", "HEAD", "--", path).split()
        self.revisions = [commit for commit in listed if self.parses(self.text(commit))]
        self.told = f"{pathlib.Path(repository).name} {path} at {head}: {len(self.revisions)} revisions"

    def git(self, *words):
        done = subprocess.run(["git", "-C", self.repository, *words], capture_output=True)
        return done.stdout.decode(errors="replace")

    @functools.cache
    def text(self, commit):
        done = subprocess.run(["git", "-C", self.repository, "cat-file", "blob", f"{commit}:{self.path}"],
                              capture_output=True)
        try:
            return done.stdout.decode() if done.returncode == 0 else None
        except UnicodeDecodeError:
            return None

    def meaning(self, text):
        """What a text says: two that say the same are as good as each other."""
        if self.ending == "json":
            return json.loads(text, object_pairs_hook=tuple)
        if self.ending == "toml":
            return repr(tomllib.loads(text))
        # How many blank lines stand between two paragraphs says nothing.
        lines = [line.rstrip() for line in text.strip().split("\n")]
        return [line for line, last in zip(lines, ["", *lines]) if line or last]

    def parses(self, text):
        try:
            return text is not None and (self.meaning(text), True)[1]
        except ValueError:
            return False

    def same(self, right):
        meant = self.meaning(right)

        def is_right(text):
            return self.parses(text) and self.meaning(text) == meant

        return is_right

    @functools.cache
    def edits(self, old, new, fine):
        """What led from one revision to another: `(from, to, lines)` each, of the lines of the old one."""
        a, b = (self.text(commit).splitlines(keepends=True) for commit in (old, new))
        diff = self.git("diff", "--no-color", "--no-ext-diff", "--histogram", "-U0", f"{old}:{self.path}", f"{new}:{self.path}")
        edits = []
        for hunk in re.finditer(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", diff, re.M):
            start, count, to, more = (int(group) if group else 1 for group in hunk.groups())
            # git names the line before where a side has none.
            start, to = start - (count > 0), to - (more > 0)
            edits += self.divided(a, start, count, b[to:to + more]) if fine else [(start, start + count, b[to:to + more])]
        return a, b, edits

    def divided(self, a, start, count, lines):
        old = a[start:start + count]
        if count != len(lines) or not all(is_alike(one, two) for one, two in zip(old, lines)):
            return [(start, start + count, lines)]
        edits = []
        for at, (one, two) in enumerate(zip(old, lines), start):
            if one != two:
                edits.append((at, at + 1, [two]))
        return edits


def is_alike(one, two):
    if not one.strip() or not two.strip():
        return one.strip() == two.strip()
    return difflib.SequenceMatcher(None, one, two, autojunk=False).ratio() >= ALIKE


def sentences(line):
    return re.split(r"(?<=[.!?]) (?=\S)", line)


def with_edits(lines, edits):
    """The lines with some of the edits made."""
    made, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        made += lines[at:start] + new
        at = end
    return "".join(made + lines[at:])


def by_sentence(line, rng, other):
    """A line divided: ours has some of its sentences as they are later, theirs the others; none if it cannot be."""
    before, after = sentences(line), sentences(other)
    changed = [at for at, (one, two) in enumerate(zip(before, after)) if one != two]
    if len(before) != len(after) or len(changed) < 2 or not all(is_alike(before[at], after[at]) for at in changed):
        return None
    ours = set(rng.sample(changed, rng.randint(1, len(changed) - 1)))
    pick = lambda own: " ".join(two if (at in ours) == own else one for at, (one, two) in enumerate(zip(before, after)))
    return pick(True), pick(False)


def divided(history, rng, fine):
    """Two revisions, what led from one to the other divided among two sides."""
    first = rng.randrange(len(history.revisions) - 1)
    # Mostly a revision and the next ones.
    last = min(first + rng.choice([1, 1, 2, 3, 5, 8]), len(history.revisions) - 1)
    old, new = history.revisions[first], history.revisions[last]
    a, b, edits = history.edits(old, new, fine)
    sides = [[], []]
    for start, end, lines in edits:
        halves = None
        if fine and history.ending not in ("json", "toml") and end == start + 1 and len(lines) == 1:
            halves = by_sentence(a[start], rng, lines[0])
        if halves:
            for side, half in zip(sides, halves):
                side.append((start, end, [half]))
        else:
            rng.choice(sides).append((start, end, lines))
    base, right = "".join(a), "".join(b)
    ours, theirs = (with_edits(a, side) for side in sides)
    if not all(sides) or len({base, ours, theirs, right}) < 4 or not (history.parses(ours) and history.parses(theirs)):
        return None
    return (base, ours, theirs), history.same(right), f"{old[:10]} → {new[:10]}"


def field(history, line):
    """The name of the field that a line holds, whole; of prose one sentence is one."""
    if history.ending in ("json", "toml"):
        found = re.fullmatch(r'\s*("[^"]+"|[\w.-]+)\s*[:=]\s*("[^"]*"|[\d.-]+|true|false),?\s*', line)
        return found and found[1]
    return "prose" if len(sentences(line.strip())) == 1 and len(line.split()) > 1 else None


def said(history, line):
    """What a line says, however it is spelt."""
    if history.ending == "json":
        return json.dumps(json.loads("{" + line.strip().rstrip(",") + "}"))
    return repr(tomllib.loads(line)) if history.ending == "toml" else " ".join(line.split())


def collides(history, rng):
    """A line that two revisions wrote anew, one after the other."""
    first = rng.randrange(len(history.revisions) - 2)
    versions = history.revisions[first:first + 12]
    a, b, edits = history.edits(versions[0], versions[1], True)
    chosen = [edit for edit in edits if edit[1] == edit[0] + 1 and len(edit[2]) == 1
              and field(history, a[edit[0]]) and field(history, a[edit[0]]) == field(history, edit[2][0])
              and a.count(a[edit[0]]) == 1 and b.count(edit[2][0]) == 1 and is_alike(a[edit[0]], edit[2][0])
              and len({said(history, line) for line in (a[edit[0]], edit[2][0])}) == 2]
    if not chosen:
        return None
    start, end, lines = rng.choice(chosen)
    for earlier, later in itertools.pairwise(versions[1:]):
        before, _, edits = history.edits(earlier, later, True)
        if lines[0] not in before:
            return None
        at = before.index(lines[0])
        hit = [edit for edit in edits if edit[0] <= at < edit[1]]
        if not hit:
            continue
        [(from_line, to_line, new)] = hit
        is_gone = not new and history.ending not in ("json", "toml")
        if not is_gone and not (to_line == from_line + 1 and len(new) == 1
                                and field(history, new[0]) == field(history, lines[0])
                                and len({said(history, line) for line in (a[start], lines[0], new[0])}) == 3):
            return None
        versions = "".join(a), with_edits(a, [(start, end, lines)]), with_edits(a, [(start, end, new)])
        if not all(history.parses(version) for version in versions):
            return None
        return versions, None, f"line {start + 1} of {history.revisions[first][:10]}, then of {later[:10]}"
    return None


def merged(history):
    """The merges in which both sides had changed the file."""
    for line in history.git("rev-list", "--all", "--merges", "--parents").splitlines():
        commit, *parents = line.split()
        bases = history.git("merge-base", "--all", *parents).split()
        if len(parents) != 2 or len(bases) != 1:
            continue
        base, ours, theirs, right = (history.text(one) for one in (*bases, *parents, commit))
        if all(map(history.parses, (base, ours, theirs, right))) and len({base, ours, theirs}) == 3:
            yield (base, ours, theirs), history.same(right), commit[:10]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--aiut", default="target/release/aiut")
    parser.add_argument("--mergiraf", default="mergiraf")
    parser.add_argument("--pairs", type=int, default=200, help="of each kind for each history")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", metavar="FOLDER", help="keep the versions of what aiut did not get right")
    parser.add_argument("histories", nargs="+", metavar="REPOSITORY PATH")
    options = parser.parse_args()
    joiners = Joiners(options.aiut, options.mergiraf)
    rows = []
    for repository, path in zip(options.histories[::2], options.histories[1::2], strict=True):
        history, rng = History(repository, path), random.Random(options.seed)
        cases, known = {}, set()
        for kind, case in enumerate((lambda: divided(history, rng, False), lambda: divided(history, rng, True),
                                     lambda: collides(history, rng))):
            # A short history has fewer.
            tries = (case() for _ in range(options.pairs * 5))
            news = (one for one in tries if one and one[0] not in known and not known.add(one[0]))
            cases |= {f"{kind}-{at:04}.{history.ending}": one for at, one in enumerate(itertools.islice(news, options.pairs))}
        cases |= {f"3-{at:04}.{history.ending}": one for at, one in enumerate(merged(history))}
        joiners.join({name: versions for name, (versions, _, _) in cases.items()})
        print(history.told)
        for kind, told in enumerate(KINDS):
            own = [name for name in cases if name.startswith(f"{kind}-")]
            for program in joiners.names(history.ending) if own else ():
                verdicts = [verdict(joiners.results[program, name], cases[name][1]) for name in own]
                rows.append((f"{pathlib.Path(repository).name} {path}: {told}", program, verdicts))
                if program == "aiut" and options.keep:
                    keep(pathlib.Path(options.keep), joiners, cases, zip(own, verdicts))
    table(rows)


def keep(folder, joiners, cases, told):
    for name, said in told:
        versions, right, about = cases[name]
        if said in (TOLD[0], TOLD[3]):
            continue
        git = verdict(joiners.results["git merge (ort)", name], right)
        print(f"{name}: {said} (git: {git}), {about}")
        folder.mkdir(exist_ok=True)
        results = (*versions, joiners.results["aiut", name], joiners.results["git merge (ort)", name])
        for part, text in zip(("base", "ours", "theirs", "aiut", "git"), results):
            (folder / f"{name}.{part}").write_text(text if text is not None else "")


if __name__ == "__main__":
    main()
