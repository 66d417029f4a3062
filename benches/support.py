"""What the rows share: programs run and timed, files that do not compress."""

import os
import random
import shutil
import statistics
import subprocess
import sys
import time

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
        self.lines, self.after, self.only = [], [], None
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
            "DVC_NO_ANALYTICS": "1",
        }
        for key, value in {"user.name": "Bench", "user.email": "bench@example.com", "gc.auto": "0",
                           "init.defaultBranch": "main", "advice.detachedHead": "false"}.items():
            self.run(home, "git", "config", "--global", key, value)

    def later(self, task):
        """Something to be done when all rows are."""
        self.after.append(task)

    def count(self, full):
        return max(2, int(full * self.scale))

    def run(self, folder, *words, check=True):
        """Runs a program; seconds, and the most memory that it held, in MiB."""
        start = time.perf_counter()
        usage = self.use(folder, *words, check=check)
        return time.perf_counter() - start, usage.ru_maxrss / 1024

    def processor(self, folder, *words, runs=11):
        """Seconds of processor time, the median of some runs, and the most memory: what other work on the machine leaves
        as it is."""
        used = [self.use(folder, *words) for _ in range(runs)]
        return statistics.median(one.ru_utime + one.ru_stime for one in used), max(one.ru_maxrss for one in used) / 1024

    def use(self, folder, *words, check=True):
        """Runs a program, and says what it used."""
        process = subprocess.Popen([str(word) for word in words], cwd=folder, env=self.env,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if check and process.returncode != 0:
            sys.exit(f"{' '.join(map(str, words))} failed in {folder}:\n{errors.decode(errors='replace')}")
        return usage

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
    """What earlier work left behind must not slow down what is measured: unwritten files, and memory that a virtual machine gave
    back to its host when they were deleted, and would have to be given again page by page."""
    os.sync()
    available = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemAvailable")) << 10
    # In a process of its own: what this one once held would count as memory of the programs that it starts.
    subprocess.run([sys.executable, "-c", f"b'1' * {min(5 << 30, available // 2)}"], check=True)


def noise(path, size, seed):
    """A file that does not compress, as media do not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    source = random.Random(seed)
    with open(path, "wb") as out:
        while size > 0:
            piece = min(size, 1 << 20)
            out.write(source.randbytes(piece))
            size -= piece


def stored(folder):
    """Bytes on disk."""
    return sum(f.stat().st_blocks * 512 for f in folder.rglob("*") if f.is_file() and not f.is_symlink())


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
