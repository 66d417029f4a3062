"""Rows about the pipeline: what is stale, beside a build tool, and how fast clips are made."""

import os
import shutil
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support import row
from tools import Aiut

STAGES = """[film]
title = "Bench"

[stage.frames]
each = "shot"
reads = ["prompts/{shot}.json"]
writes = "frames/{shot}.json"
by = "command"
command = ["sh", "-c", "cat inputs/prompts/*.json > output.json"]

[stage.voices]
by = "hand"

[stage.clips]
each = "shot"
reads = ["frames/{shot}.json"]
writes = "clips/{shot}.json"
by = "command"
command = ["sh", "-c", "cat inputs/frames/*.json > output.json"]

[stage.cuts]
by = "hand"

[stage.film]
by = "hand"
"""

SCENE = """INT. ROOM {n} - DAY

MIRA opens the door and waits. The rain stops outside.

MIRA
It is the room number {n}.

She sits down at the table and opens the letter.

OTTO
And what does it say?

MIRA
That we are late.

Otto laughs. He takes the letter and burns it.

"""


def screenplay(scenes):
    return "Title: Bench\n\n" + "".join(SCENE.replace("{n}", str(n)) for n in range(1, scenes + 1))


def times(bench, folder, *words):
    runs = max(bench.runs, 15)
    return statistics.median(bench.run(folder, *words)[0] for _ in range(runs))


@row("stale", "nothing changed: 754 shots x 3 stages at most 15 ms; 10,000 x 3 at most 1.0 x ninja's no-op")
def stale(bench):
    aiut = Aiut(bench)
    for wanted in [bench.count(754), bench.count(10_000)]:
        folder = bench.fresh("tree/stale")
        aiut.begin(folder)
        (folder / "aiut.toml").write_text(STAGES)
        # So many shots a scene as the engine makes of one of these.
        (folder / "script.fountain").write_text(screenplay(1))
        aiut.commit(folder, 0)
        bench.run(folder, aiut.program, "trust", "--yes")
        bench.run(folder, aiut.program, "generate", "-q", "--yes", "shots")
        bench.run(folder, aiut.program, "generate", "-q", "--yes", "prompts")
        per_scene = len(list((folder / "prompts").iterdir()))
        (folder / "script.fountain").write_text(screenplay(max(2, wanted // per_scene)))
        bench.run(folder, aiut.program, "generate", "-q", "--yes")
        shots = len(list((folder / "clips").iterdir()))
        seconds = times(bench, folder, aiut.program, "stale", "--check")
        for tool, other in (("ninja", ninja(bench, shots)), ("make", make(bench, shots))):
            if other is not None:
                bench.say(f"stale, {shots:,} shots x 3", tool, other, other)
                base = other if tool == "ninja" else base
        bench.say(f"stale, {shots:,} shots x 3", "aiut", seconds, base)


@row("complete", "the shots of a scene, asked for by a shell, of 200 scenes: at most 100 ms, before the next key is pressed")
def complete(bench):
    aiut = Aiut(bench)
    scenes = bench.count(200)
    folder = bench.fresh("tree/complete")
    aiut.begin(folder)
    (folder / "script.fountain").write_text(screenplay(scenes))
    bench.run(folder, aiut.program, "generate", "-q", "shots")
    start = times(bench, folder, aiut.program, "--version")
    seconds = times(bench, folder, "env", "AIUT_COMPLETE=fish", aiut.program, "--", "aiut", "why", f"{scenes // 10}-")
    bench.say(f"complete, {scenes} scenes", "aiut --version", start, start)
    bench.say(f"complete, {scenes} scenes", "aiut", seconds, start)


def graph(bench, shots):
    """As many files, made from one another in the same way, for a build tool."""
    folder = bench.fresh("tree/graph")
    for name in ("script", "prompts", "frames", "clips"):
        (folder / name).mkdir()
    for n in range(shots):
        (folder / f"script/{n:05}").write_text(f"{n}\n")
    return folder


STEPS = (("prompts", "script"), ("frames", "prompts"), ("clips", "frames"))


def ninja(bench, shots):
    if not shutil.which("ninja"):
        return None
    folder = graph(bench, shots)
    with open(folder / "build.ninja", "w") as out:
        out.write("rule copy\n  command = cp $in $out\n")
        for n in range(shots):
            for to, source in STEPS:
                out.write(f"build {to}/{n:05}: copy {source}/{n:05}\n")
    bench.run(folder, "ninja")
    return times(bench, folder, "ninja")


def make(bench, shots):
    folder = graph(bench, shots)
    with open(folder / "Makefile", "w") as out:
        out.write("all:" + "".join(f" clips/{n:05}" for n in range(shots)) + "\n")
        for n in range(shots):
            for to, source in STEPS:
                out.write(f"{to}/{n:05}: {source}/{n:05}\n\tcp $< $@\n")
    bench.run(folder, "make", "-s", "-j", "2")
    return times(bench, folder, "make", "-s")


# What is asked about a film, and the same about another shot, which was not asked about before.
ASKED = (["stale"], ["plan"], ["why"], ["scenes"], ["takes", "1-1"], ["explain", "1-1"], ["cost"], ["continuity"])
OF_ANOTHER = (["why"], ["takes"], ["explain"])


@row("feature", "193 scenes up to their prompts, the rest missing: each question at most 25 ms; after a one-line edit 80 ms; "
     "with generate prompts 300 ms; 150 MiB")
def feature(bench):
    aiut = Aiut(bench)
    folder = bench.fresh("tree/feature")
    aiut.begin(folder)
    script = folder / "script.fountain"
    script.write_text(screenplay(bench.count(193)))
    aiut.commit(folder, 0)
    bench.run(folder, aiut.program, "generate", "-q", "--yes", "prompts")
    shots = len(list((folder / "prompts").iterdir()))
    base = ninja(bench, shots)
    if base is not None:
        bench.say(f"feature, {shots:,} shots", "ninja", base, base)
    same = bench.work / "tree/feature-git"
    shutil.copytree(folder, same, ignore=shutil.ignore_patterns(".aiut"))
    bench.shell(same, "git init -q . && git add -A && git commit -q -m x")
    bench.say(f"feature, {shots:,} shots: status", "git", times(bench, same, "git", "status"), base)
    for words in ASKED:
        bench.run(folder, aiut.program, *words)
        bench.say(f"feature, {shots:,} shots: {words[0]}", "aiut", times(bench, folder, aiut.program, *words), base)
    for words in OF_ANOTHER:
        others = [f"{scene}-2" for scene in range(2, 2 + max(bench.runs, 15))]
        seconds = statistics.median(bench.run(folder, aiut.program, *words, shot)[0] for shot in others)
        bench.say(f"feature: {words[0]} of another shot", "aiut", seconds, base)
    after, made, memory = [], [], []
    for number in range(max(bench.runs, 5)):
        script.write_text(script.read_text().replace("room number 2", f"room, the old number {number}, 2", 1))
        seconds, held = bench.run(folder, aiut.program, "stale")
        after.append(seconds)
        memory.append(held)
        script.write_text(script.read_text().replace(f"the old number {number}, 2", f"the number {number}, 2", 1))
        seconds, held = bench.run(folder, aiut.program, "generate", "-q", "--yes", "prompts")
        made.append(seconds)
        memory.append(held)
        script.write_text(script.read_text().replace(f"room, the number {number}, 2", "room number 2", 1))
    bench.say("feature: stale after an edit", "aiut", statistics.median(after), base)
    bench.say("feature: an edit and its prompts", "aiut", statistics.median(made), base)
    bench.say("feature: memory of either", "aiut", max(memory), unit="MiB")


@row("drafts", "two drafts of a feature, 400 edits apart, in the words of film: at most 60 ms; the revision's pages beside it; processor time")
def drafts(bench):
    aiut = Aiut(bench)
    folder = bench.fresh("tree/drafts")
    scenes = bench.count(193)
    old = [SCENE.replace("{n}", str(n)) for n in range(1, scenes + 1)]
    new = list(old)
    for n in range(scenes):
        # Two edits a scene: a word of the action, and who says the last line; every tenth is moved or cut.
        new[n] = new[n].replace("The rain stops outside", f"The rain number {n} stops").replace("OTTO\n", "MIRA\n")
    for n in range(10, scenes - 1, 20):
        new[n], new[n + 1] = new[n + 1], new[n]
    del new[20::20]
    (folder / "script.fountain").write_text("Title: Bench\n\n" + "".join(old))
    (folder / "second.fountain").write_text("Title: Bench\n\n" + "".join(new))
    aiut.begin(folder)
    aiut.commit(folder, 0)
    lines = bench.processor(folder, "sh", "-c", "git diff --no-index --patience script.fountain second.fountain > /dev/null || true")[0]
    bench.say(f"drafts of {scenes} scenes: by lines", "git", lines, lines)
    for way in ([], ["--word-diff"], ["--story"]):
        seconds = bench.processor(folder, aiut.program, "diff", "--no-project", *way, "script.fountain", "second.fountain")[0]
        bench.say(f"drafts of {scenes} scenes: diff {' '.join(way)}", "aiut", seconds, lines)
    shutil.copyfile(folder / "second.fountain", folder / "script.fountain")
    seconds = bench.processor(folder, aiut.program, "revisions", "HEAD", "--stat")[0]
    bench.say(f"drafts of {scenes} scenes: revisions", "aiut", seconds, lines)


@row("clips", "making animatic clips, 1280x720, both cores: at most 2 x encoding the same raw frames with x264 alone")
def clips(bench):
    aiut = Aiut(bench)
    folder = bench.fresh("tree/clips")
    aiut.begin(folder)
    script = Path(__file__).resolve().parent.parent / "fixtures/night-ferry/script.fountain"
    scenes = bench.count(7)
    bench.run(folder, aiut.program, "import", script)
    bench.run(folder, aiut.program, "generate", "-q", "voices")
    bench.run(folder, aiut.program, "generate", "-q", "frames")
    start = time.perf_counter()
    for scene in range(1, scenes + 1):
        bench.run(folder, aiut.program, "generate", "-q", *(f"clips/{f.stem}.mov" for f in frames(folder, scene)))
    seconds = time.perf_counter() - start
    raw = bench.fresh("raw")
    made = sorted((folder / "clips").glob("*.mov"))
    for clip in made:
        bench.run(raw, "ffmpeg", "-v", "error", "-i", clip, "-f", "rawvideo", "-pix_fmt", "yuv420p", f"{clip.stem}.yuv")

    def encode(clip):
        bench.run(raw, "ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", "1280x720", "-r", "24",
                  "-i", f"{clip.stem}.yuv", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "48", "-threads", "1",
                  "-x264-params", "threads=1:lookahead-threads=1", f"{clip.stem}.mov")

    def alone(_):
        start = time.perf_counter()
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(encode, made))
        return time.perf_counter() - start

    base = bench.median(alone)
    length = sum((raw / f"{clip.stem}.yuv").stat().st_size for clip in made) / (1280 * 720 * 1.5) / 24
    bench.say(f"{len(made)} clips, {length:.0f} s of film", "x264 alone", base, base)
    bench.say(f"{len(made)} clips, {length:.0f} s of film", "aiut", seconds, base)


def frames(folder, scene):
    return sorted((folder / "frames").glob(f"{scene:03}_*.png"))
