"""Rows about files: first commits, changes, joined films, many files, switching."""

import os
import random
import shutil
import statistics
import wave

from support import copied, noise, row, settle, stored
from tools import tools


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
    for tool in tools(bench):
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
    for tool in tools(bench):
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
    for tool in tools(bench):
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
    for tool in tools(bench):
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
    for tool in tools(bench, ["git", "aiut", "dvc", "oxen"]):
        folder = bench.fresh("tree/many")
        shutil.copytree(source, folder, dirs_exist_ok=True)
        tool.begin(folder)
        settle()
        results["100,000 files, first commit", tool.name] = tool.commit(folder, 0)[0]
        if tool.name == "git":
            bench.run(folder, "git", "config", "core.untrackedCache", "true")
        tool.status(folder)
        tool.status(folder)
        results["status, nothing changed", tool.name] = bench.median(lambda _: tool.status(folder))
        for n in range(0, files, max(1, files // 100)):
            with open(folder / f"d{n // 500:03}/{n:06}.txt", "a") as out:
                out.write("more")
        results["status, 100 edited", tool.name] = bench.median(lambda _: tool.status(folder))
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
    for tool in tools(bench, ["aiut", "git", "git-lfs", "dvc", "oxen"]):
        folder = bench.fresh("tree/switch")
        shutil.copytree(source, folder, dirs_exist_ok=True)
        tool.begin(folder)
        tool.commit(folder, 0)
        tool.branch(folder, "other")
        change(folder, clips, 77_000)
        tool.commit(folder, 1)

        def once(number):
            settle()
            return tool.switch(folder, "main" if number % 2 == 0 else "other")

        bench.say("switch, 200 clips differ", tool.name, bench.median(once), base)


@row("small", "status on 20 files at most 1.5 x git, a one-line commit 1.0 x, a 1,000-line diff 1.5 x")
def small(bench):
    results = {}
    runs = max(bench.runs, 15)
    for tool in tools(bench, ["git", "aiut"]):
        folder = bench.fresh("tree/small")
        for n in range(20):
            (folder / f"{n:02}.txt").write_text(f"line {n}\n" * 50)
        (folder / "long.txt").write_text("".join(f"line {n}\n" for n in range(2000)))
        tool.begin(folder)
        tool.commit(folder, 0)
        tool.status(folder)
        times = [tool.status(folder) for _ in range(runs)]
        results["status, 20 files", tool.name] = statistics.median(times)
        times = []
        for n in range(runs):
            with open(folder / "00.txt", "a") as out:
                out.write(f"and {n}\n")
            times.append(tool.commit(folder, n)[0])
        results["one-line commit", tool.name] = statistics.median(times)
        (folder / "long.txt").write_text("".join(f"line {n}{' changed' * (n % 2)}\n" for n in range(2000)))
        times = [tool.diff(folder) for _ in range(runs)]
        results["1,000-line diff", tool.name] = statistics.median(times)
    for (what, tool), seconds in results.items():
        bench.say(what, tool, seconds, results[what, "git"])
