"""Rows about two drafts of a feature: how they differ, what joining them comes to, who wrote what."""

import copy
import os
import random
from pathlib import Path

from merging import Collides, Script
from rows_film import screenplay
from support import row
from tools import Aiut

EDITS = 400
# Of an afternoon's edits few are about whole scenes.
OF_SCENES = {"new scene", "cut scene", "move scene", "heading"}
FEW = 0.15


def feature(bench):
    """A feature: the one of the corpus where it lies beside the checkout, else scenes that are all alike."""
    source = Path(os.environ.get("AIUT_CORPUS", "corpus")) / "feature/big-fish.screenplain.fountain"
    scenes = bench.count(193)
    if bench.scale == 1 and source.is_file():
        return source.read_text()
    return screenplay(scenes)


def edited(base, draw, count, taken):
    """The script with so many edits more, none of which is about what `taken` is about; these are noted there."""
    script, known = copy.deepcopy(base), list(taken)
    done = 0
    while done < count:
        edit = base.edits(draw)
        if edit.kind in OF_SCENES and draw.random() > FEW:
            continue
        if any(edit.collides(other) or edit.is_doubtful(other) for other in known):
            continue
        before = copy.deepcopy(script.scenes) if edit.action[0] == "move scene" else None
        try:
            script.do(edit)
        except Collides:
            # Of what an earlier edit took out; a move takes out first.
            if before is not None:
                script.scenes = before
            continue
        taken.append(edit)
        done += 1
    return script


def two_drafts(bench):
    """The script, and two drafts of it that can be joined without a conflict."""
    text, draw, taken = feature(bench), random.Random(12), []
    base = Script(text)
    count = bench.count(EDITS)
    ours = edited(base, draw, count, taken)
    theirs = edited(base, draw, count, taken)
    return [script.text() for script in (base, ours, theirs)]


@row("merge", "two timelines of a feature, 400 edits each: merge --plan and merge at most 1 s and 200 MiB, diff 60 ms; processor time")
def merge(bench):
    base, ours, theirs = two_drafts(bench)
    aiut, folder, peer = Aiut(bench), bench.fresh("tree/merge"), bench.fresh("tree/merge-git")
    aiut.begin(folder)
    bench.run(peer, "git", "init", "-q", ".")

    def commit(text, *switch):
        for place, program in ((folder, aiut.program), (peer, "git")):
            if switch:
                bench.run(place, program, "switch", "-q", *switch)
            (place / "script.fountain").write_text(text)
        aiut.commit(folder, 0)
        bench.shell(peer, "git add -A && git commit -q -m x")

    commit(base)
    bench.run(folder, aiut.program, "generate", "-q", "--yes", "prompts")
    commit(theirs, "-c", "theirs")
    commit(ours, "main")
    bench.run(folder, aiut.program, "stale")

    def say(what, tool, used, base):
        bench.say(f"{what}, processor", tool, used[0], base)
        bench.say(f"{what}, memory", tool, used[1], unit="MiB")

    # Where lines collide, git says so by its exit code.
    git = bench.processor(peer, "sh", "-c", "git merge-tree --write-tree main theirs || true")
    say("merge of the script alone", "git", git, git[0])
    say("merge --plan", "aiut", bench.processor(folder, aiut.program, "merge", "--plan", "theirs", runs=1), git[0])
    say("merge --plan once more", "aiut", bench.processor(folder, aiut.program, "merge", "--plan", "theirs", runs=5), git[0])
    lines = bench.processor(peer, "git", "diff", "main", "theirs")
    say("diff of both", "git", lines, lines[0])
    for way in ([], ["--word-diff"], ["--story"], ["--timelines"]):
        say(" ".join(["diff", *way]), "aiut", bench.processor(folder, aiut.program, "diff", *way, "main", "theirs"), lines[0])
    used = []
    for _ in range(max(3, bench.runs)):
        used.append(bench.processor(folder, aiut.program, "merge", "-q", "theirs", runs=1))
        bench.run(folder, aiut.program, "undo", "-q")
    say("merge", "aiut", sorted(used)[len(used) // 2], git[0])
