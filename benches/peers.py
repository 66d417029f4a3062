#!/usr/bin/env python3
"""aiut beside its peers: the same work, the same machine, the same run; medians and ratios.

    benches/peers.py                         every row, at full size
    benches/peers.py --scale 0.05 film       one row, at a twentieth of its size
    benches/peers.py --list                  the rows

Peers that are not installed are left out and named: git, git-lfs, restic, borg, ninja. `cp` and `sync` are always there.
aiut is durable in every row: it returns after its fsyncs. The others run as they come.
"""

import argparse
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

ROWS = {}


def row(name, target):
    """Registers a row by its name, with what is to be reached."""

    def register(function):
        ROWS[name] = (function, target)
        return function

    return register


class Bench:
    """Where a row works, and what it has measured."""

    def __init__(self, work, scale, runs, aiut):
        self.work, self.scale, self.runs, self.aiut = work, scale, runs, aiut
        self.lines = []
        home = work / "home"
        home.mkdir(exist_ok=True)
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "AIUT_AUTHOR_NAME": "Bench",
            "AIUT_AUTHOR_EMAIL": "bench@example.com",
            "RESTIC_PASSWORD": "bench",
            "BORG_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
            "BORG_RELOCATED_REPO_ACCESS_IS_OK": "yes",
        }
        for key, value in {"user.name": "Bench", "user.email": "bench@example.com", "gc.auto": "0",
                           "init.defaultBranch": "main", "advice.detachedHead": "false"}.items():
            self.run(home, "git", "config", "--global", key, value)

    def count(self, full):
        return max(2, int(full * self.scale))

    def run(self, folder, *words, check=True):
        """Runs a program; seconds, and the most memory that it held, in MiB."""
        start = time.perf_counter()
        process = subprocess.Popen([str(word) for word in words], cwd=folder, env=self.env,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        if check and process.returncode != 0:
            sys.exit(f"{' '.join(map(str, words))} failed in {folder}:\n{errors.decode(errors='replace')}")
        return seconds, usage.ru_maxrss / 1024

    def shell(self, folder, script):
        return self.run(folder, "sh", "-ec", script)

    def median(self, measure):
        """The median of so many runs of `measure`, each given a number."""
        return statistics.median(measure(number) for number in range(self.runs))

    def fresh(self, name):
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def say(self, what, tool, value, base=None, unit="s"):
        shown = f"{value:.3f} {unit}" if unit == "s" else f"{value:,.1f} {unit}"
        ratio = f"{value / base:.2f}" if base else ""
        self.lines.append((what, tool, shown, ratio))
        print(f"  {what:<34} {tool:<22} {shown:>14} {ratio:>8}", flush=True)


def settle():
    """What earlier work left unwritten must not slow down what is measured."""
    os.sync()


def noise(path, size, seed):
    """A file that does not compress, as media do not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    source = random.Random(seed)
    with open(path, "wb") as out:
        while size > 0:
            piece = min(size, 1 << 20)
            out.write(source.randbytes(piece))
            size -= piece


def film(bench, folder):
    """A feature's worth of clips, frames and texts."""
    for shot in range(bench.count(754)):
        noise(folder / f"clips/{shot:04}.mov", 1_350_000 + shot * 311 % 200_000, shot)
        noise(folder / f"frames/{shot:04}.png", 110_000 + shot * 97 % 30_000, 10_000 + shot)
        prompt = folder / f"prompts/{shot:04}.json"
        prompt.parent.mkdir(parents=True, exist_ok=True)
        prompt.write_text('{"shot": "%04d", "prompt": "%s"}\n' % (shot, f"a wide shot of place {shot}, " * 40))


def change(folder, names, seed):
    for index, name in enumerate(names):
        noise(folder / name, (folder / name).stat().st_size, seed + index)


def stored(folder):
    """Bytes on disk."""
    return sum(f.stat().st_blocks * 512 for f in folder.rglob("*") if f.is_file() and not f.is_symlink())


class Aiut:
    name, store = "aiut", ".aiut"

    def __init__(self, bench):
        self.bench, self.program = bench, bench.aiut

    def begin(self, folder):
        self.bench.run(folder, self.program, "init", "-q", ".")

    def commit(self, folder, _):
        return self.bench.run(folder, self.program, "commit", "-q", "-m", "x")


class Git:
    name, store, program = "git", ".git", "git"

    def __init__(self, bench):
        self.bench = bench

    def begin(self, folder):
        self.bench.run(folder, "git", "init", "-q", ".")

    def commit(self, folder, _):
        return self.bench.shell(folder, "git add -A && git commit -q -m x")


class GitLfs(Git):
    name, program = "git-lfs", "git-lfs"

    def begin(self, folder):
        super().begin(folder)
        self.bench.shell(folder, "git lfs install --local && git lfs track '*.mov' '*.png' '*.bin' '*.wav' '*.mp4'")


class Restic:
    name, store, program = "restic", "../restic", "restic"

    def __init__(self, bench):
        self.bench = bench

    def begin(self, folder):
        shutil.rmtree(folder / self.store, ignore_errors=True)
        self.bench.run(folder, "restic", "init", "-q", "-r", self.store)

    def commit(self, folder, _):
        return self.bench.run(folder, "restic", "backup", "-q", "-r", self.store, ".")


class Borg:
    name, store, program = "borg", "../borg", "borg"

    def __init__(self, bench):
        self.bench = bench

    def begin(self, folder):
        shutil.rmtree(folder / self.store, ignore_errors=True)
        self.bench.run(folder, "borg", "init", "-e", "none", self.store)

    def commit(self, folder, number):
        return self.bench.run(folder, "borg", "create", f"{self.store}::{number}-{time.time_ns()}", ".")


def tools(bench, kinds):
    found = [kind(bench) for kind in kinds]
    return [tool for tool in found if tool.name == "aiut" or shutil.which(tool.program)]


def copied(bench, names, source):
    """Copying these and waiting for the disk: the least that storing them can cost."""

    def once(_):
        to = bench.fresh("copy")
        settle()
        start = time.perf_counter()
        for name in names:
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, to / name)
        bench.run(to, "sync")
        return time.perf_counter() - start

    return bench.median(once)


@row("film", "first commit at most 1.2 x cp + sync; 20 clips and frames at most 3 x copying those")
def first_commit(bench):
    source = bench.fresh("source")
    film(bench, source)
    names = [str(f.relative_to(source)) for f in source.rglob("*") if f.is_file()]
    base = copied(bench, names, source)
    bench.say("film, first commit", "cp + sync", base, base)
    some = [f"clips/{n:04}.mov" for n in range(0, bench.count(754), max(1, bench.count(754) // 20))][:20]
    some += [name.replace("clips", "frames").replace("mov", "png") for name in some]
    few = copied(bench, some, source)
    bench.say("20 clips and 20 frames changed", "cp + sync", few, few)
    for tool in tools(bench, [Aiut, Git, GitLfs, Restic, Borg]):
        first, second = [], []
        for number in range(bench.runs):
            folder = bench.fresh("tree/film")
            shutil.copytree(source, folder, dirs_exist_ok=True)
            tool.begin(folder)
            settle()
            first.append(tool.commit(folder, number)[0])
            change(folder, some, 1_000_000 + number * 1000)
            settle()
            second.append(tool.commit(folder, number)[0])
        bench.say("film, first commit", tool.name, statistics.median(first), base)
        bench.say("20 clips and 20 frames changed", tool.name, statistics.median(second), few)


@row("large", "2 GiB: at most 1.2 x cp + sync and 200 MiB; edited: grows at most 2 x what changed")
def large_file(bench):
    source = bench.fresh("source")
    size = bench.count(2 << 30)
    noise(source / "take.bin", size, 7)
    base = copied(bench, ["take.bin"], source)
    bench.say("one large file", "cp + sync", base, base)
    changed = (1 << 20) + size // 100
    for tool in tools(bench, [Aiut, Git, GitLfs, Restic, Borg]):
        folder = bench.fresh("tree/large")
        shutil.copyfile(source / "take.bin", folder / "take.bin")
        tool.begin(folder)
        settle()
        seconds, memory = tool.commit(folder, 0)
        bench.say("one large file", tool.name, seconds, base)
        bench.say("one large file, memory", tool.name, memory, unit="MiB")
        before = stored(folder / tool.store)
        with open(folder / "take.bin", "rb") as old, open(folder / "new", "wb") as new:
            half = size // 2
            shutil.copyfileobj(LimitedReader(old, half), new, 1 << 20)
            new.write(random.Random(8).randbytes(1 << 20))
            shutil.copyfileobj(old, new, 1 << 20)
            new.seek(size // 4)
            left = size // 100
            while left > 0:
                left -= new.write(random.Random(left).randbytes(min(left, 1 << 20)))
        os.replace(folder / "new", folder / "take.bin")
        tool.commit(folder, 1)
        grown = stored(folder / tool.store) - before
        bench.say("1 MiB inserted, 1 % changed: growth", tool.name, grown / 2**20, changed / 2**20, "MiB")


class LimitedReader:
    def __init__(self, source, left):
        self.source, self.left = source, left

    def read(self, size):
        piece = self.source.read(min(size, self.left))
        self.left -= len(piece)
        return piece


@row("joined", "a film joined by stream copy from 60 stored clips: grows at most 2 % of the film")
def joined(bench):
    source = bench.fresh("source")
    clips = bench.count(60)
    for n in range(clips):
        bench.run(source, "ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                  f"testsrc2=size=1280x720:rate=24:duration=4,hue=h={n * 6},noise=alls=12:all_seed={n}",
                  "-f", "lavfi", "-i", f"sine=frequency={200 + n * 10}:duration=4",
                  "-c:v", "libx264", "-preset", "veryfast", "-g", "48", "-c:a", "aac", "-shortest", f"{n:02}.mp4")
    (source / "list").write_text("".join(f"file {n:02}.mp4\n" for n in range(clips)))
    for tool in tools(bench, [Aiut, Git, GitLfs, Restic, Borg]):
        folder = bench.fresh("tree/joined")
        for clip in source.glob("*.mp4"):
            shutil.copyfile(clip, folder / clip.name)
        tool.begin(folder)
        tool.commit(folder, 0)
        before = stored(folder / tool.store)
        bench.run(source, "ffmpeg", "-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", "list", "-c", "copy",
                  folder / "film.mp4")
        size = (folder / "film.mp4").stat().st_size
        tool.commit(folder, 1)
        grown = stored(folder / tool.store) - before
        bench.say("joined film: growth, of its size", tool.name, grown / 2**20, size / 2**20, "MiB")


@row("wav", "20 revisions of a 60 MB WAV, 2 s spliced each: grows at most 2 x what was spliced")
def wav(bench):
    seconds = bench.count(312)
    for tool in tools(bench, [Aiut, Git, GitLfs, Restic, Borg]):
        folder = bench.fresh("tree/wav")
        source = random.Random(3)
        sound = bytearray(source.randbytes(seconds * 192_000))

        def write():
            with wave.open(str(folder / "mix.wav"), "wb") as out:
                out.setnchannels(2)
                out.setsampwidth(2)
                out.setframerate(48_000)
                out.writeframes(bytes(sound))

        write()
        tool.begin(folder)
        tool.commit(folder, 0)
        before = stored(folder / tool.store)
        for number in range(20):
            at = source.randrange(len(sound) // 4) * 4
            sound[at:at] = source.randbytes(2 * 192_000)
            write()
            tool.commit(folder, number + 1)
        spliced = 20 * 2 * 192_000
        grown = stored(folder / tool.store) - before
        bench.say("WAV, 20 revisions: growth", tool.name, grown / 2**20, spliced / 2**20, "MiB")


@row("many", "100,000 small files: commit at most 0.3 x git; status and committing 100 at most 1.0 x")
def many(bench):
    source = bench.fresh("source")
    files = bench.count(100_000)
    texts = random.Random(5)
    for n in range(files):
        path = source / f"d{n // 500:03}/{n:06}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(texts.randbytes(384).hex().encode())
    results = {}
    for tool in tools(bench, [Git, Aiut]):
        folder = bench.fresh("tree/many")
        shutil.copytree(source, folder, dirs_exist_ok=True)
        tool.begin(folder)
        settle()
        results["100,000 files, first commit", tool.name] = tool.commit(folder, 0)[0]
        status = [tool.program, "status"]
        if tool.name == "git":
            bench.run(folder, "git", "config", "core.untrackedCache", "true")
        bench.run(folder, *status)
        bench.run(folder, *status)
        results["status, nothing changed", tool.name] = bench.median(lambda _: bench.run(folder, *status)[0])
        for n in range(0, files, max(1, files // 100)):
            with open(folder / f"d{n // 500:03}/{n:06}.txt", "a") as out:
                out.write("more")
        results["status, 100 edited", tool.name] = bench.median(lambda _: bench.run(folder, *status)[0])
        settle()
        results["commit those 100", tool.name] = tool.commit(folder, 1)[0]
    for (what, tool), seconds in results.items():
        bench.say(what, tool, seconds, results[what, "git"])


@row("switch", "switch between timelines, 200 clips differ: at most 1.5 x copying those + sync")
def switch(bench):
    source = bench.fresh("source")
    film(bench, source)
    clips = [f"clips/{n:04}.mov" for n in range(min(200, bench.count(754)))]
    base = copied(bench, clips, source)
    bench.say("switch, 200 clips differ", "cp + sync", base, base)
    for tool in tools(bench, [Aiut, Git, GitLfs]):
        folder = bench.fresh("tree/switch")
        shutil.copytree(source, folder, dirs_exist_ok=True)
        tool.begin(folder)
        tool.commit(folder, 0)
        to, back = (["switch", "-q"], "main") if tool.name != "aiut" else (["switch", "-q"], "main")
        program = "git" if tool.name != "aiut" else tool.program
        bench.run(folder, program, "switch", "-q", "-c", "other")
        change(folder, clips, 77_000)
        tool.commit(folder, 1)

        def once(number):
            settle()
            seconds = bench.run(folder, program, *to, back if number % 2 == 0 else "other")[0]
            return seconds

        bench.say("switch, 200 clips differ", tool.name, bench.median(once), base)


@row("small", "status on 20 files at most 1.5 x git, a one-line commit 1.0 x, a 1,000-line diff 1.5 x")
def small(bench):
    results = {}
    runs = max(bench.runs, 15)
    for tool in tools(bench, [Git, Aiut]):
        folder = bench.fresh("tree/small")
        for n in range(20):
            (folder / f"{n:02}.txt").write_text(f"line {n}\n" * 50)
        (folder / "long.txt").write_text("".join(f"line {n}\n" for n in range(2000)))
        tool.begin(folder)
        tool.commit(folder, 0)
        bench.run(folder, tool.program, "status")
        times = [bench.run(folder, tool.program, "status")[0] for _ in range(runs)]
        results["status, 20 files", tool.name] = statistics.median(times)
        times = []
        for n in range(runs):
            with open(folder / "00.txt", "a") as out:
                out.write(f"and {n}\n")
            times.append(tool.commit(folder, n)[0])
        results["one-line commit", tool.name] = statistics.median(times)
        (folder / "long.txt").write_text("".join(f"line {n}{' changed' * (n % 2)}\n" for n in range(2000)))
        times = [bench.run(folder, tool.program, "diff")[0] for _ in range(runs)]
        results["1,000-line diff", tool.name] = statistics.median(times)
    for (what, tool), seconds in results.items():
        bench.say(what, tool, seconds, results[what, "git"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", help="rows to run; all of them if none is named")
    parser.add_argument("--list", action="store_true", help="the rows, with what is to be reached")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size [1.0]")
    parser.add_argument("--runs", type=int, default=3, help="runs of which the median counts [3]")
    parser.add_argument("--aiut", default=shutil.which("aiut"), help="the program [the one on PATH]")
    parser.add_argument("--work", help="an empty folder on the disk to be measured")
    chosen = parser.parse_args()
    if chosen.list:
        for name, (_, target) in ROWS.items():
            print(f"{name:<8} {target}")
        return
    unknown = [name for name in chosen.rows if name not in ROWS]
    if unknown:
        parser.error(f"no row {unknown[0]!r}; the rows are {', '.join(ROWS)}")
    if not chosen.aiut:
        parser.error("aiut is not on PATH: build it with `cargo build --release` and give its path with --aiut")
    missing = [name for name in ("git-lfs", "restic", "borg") if not shutil.which(name)]
    if missing:
        print(f"not installed, left out: {', '.join(missing)}")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(dir=chosen.work, prefix="aiut-bench-") as work:
        bench = Bench(Path(work), chosen.scale, chosen.runs, str(Path(chosen.aiut).resolve()))
        for name in chosen.rows or ROWS:
            function, target = ROWS[name]
            print(f"{name}: {target}")
            function(bench)
    print("\n| work | tool | measured | ratio |\n|---|---|---|---|")
    for line in bench.lines:
        print("| " + " | ".join(line) + " |")


if __name__ == "__main__":
    main()
