"""aiut and its peers, each with the few verbs that rows need."""

import shutil
import subprocess
import time

# What several rows have: everybody who keeps versions of large files.
MEDIA = ("aiut", "git", "git-lfs", "dvc", "oxen", "restic", "borg")


class Tool:
    """One that keeps its store in `store`, beneath the folder or beside it."""

    name = store = ""

    def __init__(self, bench):
        self.bench = bench

    def here(self):
        return shutil.which(self.name) is not None

    def begin(self, folder):
        raise NotImplementedError

    def commit(self, folder, number):
        """Keeps what lies in the folder: seconds, and MiB of memory."""
        raise NotImplementedError

    def status(self, folder):
        return self.bench.run(folder, self.name, "status")[0]

    def branch(self, folder, name):
        self.bench.run(folder, "git", "switch", "-q", "-c", name)

    def switch(self, folder, name):
        return self.bench.run(folder, "git", "switch", "-q", name)[0]


class Aiut(Tool):
    name, store = "aiut", ".aiut"

    def __init__(self, bench):
        super().__init__(bench)
        self.program = bench.aiut

    def here(self):
        return True

    def begin(self, folder):
        self.bench.run(folder, self.program, "init", "-q", ".")

    def commit(self, folder, number):
        return self.bench.run(folder, self.program, "commit", "-q", "-m", "x")

    def status(self, folder):
        return self.bench.run(folder, self.program, "status")[0]

    def branch(self, folder, name):
        self.bench.run(folder, self.program, "switch", "-q", "-c", name)

    def switch(self, folder, name):
        return self.bench.run(folder, self.program, "switch", "-q", name)[0]

    def diff(self, folder):
        return self.bench.run(folder, self.program, "diff")[0]


class Git(Tool):
    name, store = "git", ".git"

    def begin(self, folder):
        self.bench.run(folder, "git", "init", "-q", ".")

    def commit(self, folder, number):
        return self.bench.shell(folder, "git add -A && git commit -q -m x")

    def diff(self, folder):
        return self.bench.run(folder, "git", "diff")[0]


class GitLfs(Git):
    name = "git-lfs"

    def begin(self, folder):
        super().begin(folder)
        self.bench.shell(folder, "git lfs install --local && git lfs track '*.mov' '*.png' '*.bin' '*.wav' '*.mp4'")


class Dvc(Tool):
    """DVC beside git, as it is meant to be used: whole folders are DVC's, its small files are git's."""

    name, store = "dvc", ".dvc"

    def begin(self, folder):
        self.bench.shell(folder, "git init -q . && dvc init -q && dvc config core.check_update false")

    def commit(self, folder, number):
        kept = sorted(f.name for f in folder.iterdir() if f.suffix != ".dvc" and not f.name.startswith("."))
        names = " ".join(f"'{name}'" for name in kept)
        return self.bench.shell(folder, f"dvc add -q {names} && git add -A && git commit -q -m x")

    def switch(self, folder, name):
        return self.bench.shell(folder, f"git switch -q {name} && dvc checkout -q")[0]


class Oxen(Tool):
    """Oxen as its Python package `oxenai` brings it; a start of Python, a quarter of a second, is in each figure."""

    name, store = "oxen", ".oxen"
    VERBS = {
        "begin": "oxen.user.config_user('Bench', 'bench@example.com'); repo.init()",
        "commit": "repo.add('.'); repo.commit('x')",
        "status": "repo.status()",
        "branch": "repo.checkout(sys.argv[1], create=True)",
        "switch": "repo.checkout(sys.argv[1])",
    }

    def here(self):
        python = shutil.which("python3")
        return python is not None and subprocess.run([python, "-c", "import oxen"], stderr=subprocess.DEVNULL).returncode == 0

    def does(self, folder, verb, *words):
        script = f"import sys, oxen, oxen.user; repo = oxen.Repo('.'); {self.VERBS[verb]}"
        return self.bench.run(folder, "python3", "-c", script, *words)

    def begin(self, folder):
        self.does(folder, "begin")

    def commit(self, folder, number):
        return self.does(folder, "commit")

    def status(self, folder):
        return self.does(folder, "status")[0]

    def branch(self, folder, name):
        self.does(folder, "branch", name)

    def switch(self, folder, name):
        return self.does(folder, "switch", name)[0]


class Restic(Tool):
    name, store = "restic", "../restic"

    def begin(self, folder):
        shutil.rmtree(folder / self.store, ignore_errors=True)
        self.bench.run(folder, "restic", "init", "-q", "-r", self.store)

    def commit(self, folder, number):
        return self.bench.run(folder, "restic", "backup", "-q", "-r", self.store, ".")


class Borg(Tool):
    name, store = "borg", "../borg"

    def begin(self, folder):
        shutil.rmtree(folder / self.store, ignore_errors=True)
        self.bench.run(folder, "borg", "init", "-e", "none", self.store)

    def commit(self, folder, number):
        return self.bench.run(folder, "borg", "create", f"{self.store}::{number}-{time.time_ns()}", ".")


KINDS = {kind.name: kind for kind in (Aiut, Git, GitLfs, Dvc, Oxen, Restic, Borg)}


def tools(bench, names=MEDIA):
    """Those of them that are installed."""
    found = (KINDS[name](bench) for name in names if not bench.only or name in bench.only)
    return [tool for tool in found if tool.here()]


def missing(bench):
    peers = [name for name in KINDS if not KINDS[name](bench).here()]
    return peers + [name for name in ("ninja", "make", "ffmpeg") if not shutil.which(name)]
