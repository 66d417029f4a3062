"""Rows about long histories and very large files."""

import os
import random
import shutil
import statistics
import tempfile
from pathlib import Path

from support import row
from tools import Aiut

FILES = 20
MEMORY_DISK = Path("/dev/shm")


def memory_folder(bench, name):
    """A folder in memory, where an fsync costs nothing: what is measured are reads of history, and 50,000 commits are to
    be made first."""
    if not MEMORY_DISK.is_dir():
        return bench.fresh(name)
    folder = Path(tempfile.mkdtemp(prefix="aiut-bench-", dir=MEMORY_DISK))
    bench.later(lambda: shutil.rmtree(folder, ignore_errors=True))
    return folder


def text(number):
    return f"INT. ROOM {number} - DAY\n\nSomebody says the number {number}.\n"


def write(folder, number):
    (folder / f"{number % FILES:02}.txt").write_text(text(number))


def git_commits(bench, folder, count):
    """A git history of so many commits, each with one file changed."""
    bench.run(folder, "git", "init", "-q", ".")
    stream = folder / ".git/stream"
    with open(stream, "w") as out:
        for number in range(count):
            body = text(number)
            out.write(f"commit refs/heads/main\ncommitter Bench <bench@example.com> {1_700_000_000 + number} +0000\n"
                      f"data 8\nChange {number % 10}\n" if number else
                      "commit refs/heads/main\ncommitter Bench <bench@example.com> 1700000000 +0000\ndata 8\nChange 0\n")
            out.write(f"M 100644 inline {number % FILES:02}.txt\ndata {len(body)}\n{body}\n")
    bench.shell(folder, "git fast-import --quiet < .git/stream && git reset -q --hard main")
    os.remove(stream)


def times(bench, folder, program, *words):
    runs = max(bench.runs, 11)
    return statistics.median(bench.run(folder, program, *words)[0] for _ in range(runs))


@row("history", "log over 50,000 commits at most 1.0 x git's, its first 20 under 5 ms; nothing grows with history")
def history(bench):
    counts = [10, max(20, bench.count(1_000)), max(30, bench.count(50_000))]
    peer = memory_folder(bench, "git-history")
    git_commits(bench, peer, counts[-1])
    git_log = times(bench, peer, "git", "log")
    git_first = times(bench, peer, "git", "log", "-n", "20")

    aiut = Aiut(bench)
    young, folder = Growing(bench, aiut, "aiut-young"), Growing(bench, aiut, "aiut-history")
    young.grow(counts[0])
    for count in counts[1:]:
        folder.grow(count)
        compare(bench, f"after {count:,} commits", young, folder)
    bench.say(f"log of {counts[-1]:,} commits", "git", git_log, git_log)
    ours = times(bench, folder.path, aiut.program, "log")
    bench.say(f"log of {counts[-1]:,} commits", "aiut", ours, git_log)
    first = times(bench, folder.path, aiut.program, "log", "-n", "20")
    bench.say(f"log -n 20 of {counts[-1]:,} commits", "git", git_first, git_first)
    bench.say(f"log -n 20 of {counts[-1]:,} commits", "aiut", first, git_first)
    timelines = bench.count(1_000)
    for number in range(timelines):
        bench.run(folder.path, aiut.program, "branch", f"try/{number:04}")
    compare(bench, f"with {timelines:,} timelines", young, folder)


class Growing:
    """A project that is committed to again and again."""

    def __init__(self, bench, aiut, name):
        self.bench, self.aiut, self.done = bench, aiut, 0
        self.path = memory_folder(bench, name)
        aiut.begin(self.path)

    def commit(self):
        write(self.path, self.done)
        self.done += 1
        return self.aiut.commit(self.path, self.done)[0]

    def grow(self, count):
        while self.done < count:
            self.commit()

    def measure(self):
        program, there = self.aiut.program, f"at-{self.done}"

        def run(*words):
            return self.bench.run(self.path, program, *words)[0]

        run("branch", there, "HEAD~5")
        measured = {
            "status": times(self.bench, self.path, program, "status"),
            "log -n 20": times(self.bench, self.path, program, "log", "-n", "20"),
            "diff HEAD~1 HEAD": times(self.bench, self.path, program, "diff", "HEAD~1", "HEAD"),
            "branch": times(self.bench, self.path, program, "branch"),
            "one-line commit": statistics.median(self.commit() for _ in range(11)),
            "switch": statistics.median(run("switch", "-q", "main" if n % 2 else there) for n in range(12)),
        }
        run("switch", "-q", "main")
        return measured


def compare(bench, when, young, folder):
    """What each command takes, beside a young project in the same minute."""
    base, measured = young.measure(), folder.measure()
    for what, seconds in measured.items():
        bench.say(f"{what}, after 10 commits", "aiut", base[what], base[what])
        bench.say(f"{what}, {when}", "aiut", seconds, base[what])


@row("sparse", "a sparse file of 100 GB, committed and restored in bounded memory; only when it is named")
def sparse(bench):
    folder = bench.fresh("tree/sparse")
    size = bench.count(100_000_000_000)
    source = random.Random(11)
    with open(folder / "raw.bin", "wb") as out:
        out.truncate(size)
        for place in range(16):
            out.seek(size // 16 * place)
            out.write(source.randbytes(1 << 20))
    aiut = Aiut(bench)
    aiut.begin(folder)
    seconds, memory = aiut.commit(folder, 0)
    bench.say(f"sparse file of {size / 1e9:.0f} GB, commit", "aiut", seconds)
    bench.say("its memory", "aiut", memory, unit="MiB")
    os.remove(folder / "raw.bin")
    seconds, memory = bench.run(folder, aiut.program, "restore", "raw.bin")
    bench.say(f"sparse file of {size / 1e9:.0f} GB, restore", "aiut", seconds)
    bench.say("its memory", "aiut", memory, unit="MiB")
    if (folder / "raw.bin").stat().st_size != size:
        raise SystemExit("the restored file has another length")


@row("blame", "blame of a feature over 200 commits under 500 ms, beside git's, which knows lines alone")
def blame(bench):
    source = Path(os.environ.get("AIUT_CORPUS", "corpus")) / "feature/big-fish.screenplain.fountain"
    if not source.is_file():
        bench.say("blame: no screenplay in AIUT_CORPUS", "aiut", 0)
        return
    draw = random.Random(200)
    lines = source.read_text().split("\n")
    aiut = Aiut(bench)
    folder, peer = memory_folder(bench, "aiut-blame"), memory_folder(bench, "git-blame")
    aiut.begin(folder)
    bench.run(peer, "git", "init", "-q", ".")
    for number in range(bench.count(200)):
        # Lines that say something: each commit changes three.
        for at in draw.sample([at for at, line in enumerate(lines) if line.count(" ") > 3], 3):
            words = lines[at].split(" ")
            words[draw.randrange(len(words))] = f"word{number}"
            lines[at] = " ".join(words)
        if number % 10 == 0:
            # A stretch that is moved.
            at, to = draw.randrange(len(lines) - 40), draw.randrange(len(lines) - 40)
            moved, lines[at:at + 20] = lines[at:at + 20], []
            lines[to:to] = moved
        for place in (folder, peer):
            (place / "script.fountain").write_text("\n".join(lines))
        aiut.commit(folder, number)
        bench.shell(peer, "git add -A && git -c user.name=b -c user.email=b@example.com commit -q -m x")
    git = bench.processor(peer, "git", "blame", "script.fountain")[0]
    bench.say("blame by line, processor", "git", git, git)
    for what, words in [("by line", ["--lines"]), ("by paragraph", [])]:
        seconds = bench.processor(folder, aiut.program, "blame", *words, "script.fountain")[0]
        bench.say(f"blame {what}, processor", "aiut", seconds, git)
    bench.say("log --scene 40, processor", "aiut", bench.processor(folder, aiut.program, "log", "--scene", "40")[0], git)
