"""The programs that join two versions of a file: aiut by its kinds and by lines, git, mergiraf.

A case is a name with three versions (base, ours, theirs). Each program answers with a text, or with none where it
says that both collide.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

# So many cases stand in one repository at a time.
BATCH = 200
TOLD = ("clean and right", "clean and wrong", "needless conflict", "conflict, and right", "conflict missed")


def run(folder, env, *words):
    done = subprocess.run([str(word) for word in words], cwd=folder, env=env, capture_output=True)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def read(path):
    return path.read_bytes().decode()


class Joiners:
    """All programs that are there, with what each made of each case."""

    def __init__(self, aiut, mergiraf):
        self.aiut = pathlib.Path(aiut).resolve()
        self.mergiraf = shutil.which(mergiraf)
        self.results = {}

    def names(self, ending):
        names = ["aiut", "git merge (ort)", "aiut, by lines"]
        return names + ["mergiraf"] * bool(self.mergiraf and ending in ("json", "toml"))

    def join(self, cases):
        """Joins all cases; what came out is `results[program, name]`."""
        cases = list(cases.items())
        for at in range(0, len(cases), BATCH):
            work = pathlib.Path(tempfile.mkdtemp(prefix="aiut-merging-"))
            # The name of a case decides of which kind it is.
            env = {"PATH": os.environ["PATH"], "HOME": str(work), "LANG": "C.UTF-8"}
            for role in ("GIT_AUTHOR", "GIT_COMMITTER", "AIUT_AUTHOR"):
                env |= {f"{role}_NAME": "Bench", f"{role}_EMAIL": "bench@example.com"}
            self.batch(work, env, dict(cases[at:at + BATCH]))
            shutil.rmtree(work)

    def batch(self, work, env, cases):
        # Base first, then theirs on a timeline of its own, then ours.
        versions = [{f"kinds/{name}": three[at] for name, three in cases.items()} for at in (0, 2, 1)]
        # Once more as a text without a kind of its own, for the joining by lines alone.
        both = [files | {f"lines/{name[6:]}.txt": text for name, text in files.items()} for files in versions]
        by_aiut, by_git = self.by_aiut(work / "aiut", env, both), self.by_git(work / "git", env, versions)
        for name, three in cases.items():
            self.results["aiut", name] = by_aiut(f"kinds/{name}")
            self.results["aiut, by lines", name] = by_aiut(f"lines/{name}.txt")
            self.results["git merge (ort)", name] = by_git(f"kinds/{name}")
            if "mergiraf" in self.names(name.rsplit(".", 1)[-1]):
                self.results["mergiraf", name] = self.by_mergiraf(work / "mergiraf", env, name, three)

    def by_aiut(self, folder, env, versions):
        folder.mkdir()
        steps = [("init", "-q", "--template", "none"), ("switch", "-q", "-c", "theirs"), ("switch", "-q", "main")]
        for step, files in zip(steps, versions):
            code, _, errors = run(folder, env, self.aiut, *step)
            assert code == 0, errors
            write(folder, files)
            code, _, errors = run(folder, env, self.aiut, "commit", "-q", "-m", "A version")
            assert code == 0, errors
        code, _, errors = run(folder, env, self.aiut, "merge", "-q", "theirs")
        assert code in (0, 3), errors
        _, listed, _ = run(folder, env, self.aiut, "resolve", "--json")
        conflicts = {one["path"] for one in json.loads(listed)["conflicts"]}
        return lambda name: None if name in conflicts else read(folder / name)

    def by_git(self, folder, env, versions):
        folder.mkdir()
        steps = [("init", "-q", "-b", "main"), ("switch", "-q", "-c", "theirs"), ("switch", "-q", "main")]
        for step, files in zip(steps, versions):
            code, _, errors = run(folder, env, "git", *step)
            assert code == 0, errors
            write(folder, files)
            run(folder, env, "git", "add", ".")
            code, _, errors = run(folder, env, "git", "commit", "-q", "-m", "A version")
            assert code == 0, errors
        run(folder, env, "git", "merge", "-q", "theirs")
        _, listed, _ = run(folder, env, "git", "diff", "--name-only", "--diff-filter=U")
        conflicts = set(listed.split())
        return lambda name: None if name in conflicts else read(folder / name)

    def by_mergiraf(self, folder, env, name, three):
        paths = [folder / side / name for side in ("base", "ours", "theirs", "merged")]
        for path, text in zip(paths, three):
            write(folder, {str(path.relative_to(folder)): text})
        paths[3].parent.mkdir(parents=True, exist_ok=True)
        code, _, errors = run(folder, env, self.mergiraf, "merge", *paths[:3], "-o", paths[3], "-p", name)
        assert code in (0, 1), errors
        return None if code else read(paths[3])


def verdict(result, right):
    """Of a result, beside the texts that would be right: none if only a conflict is."""
    if right is None:
        return TOLD[3] if result is None else TOLD[4]
    if result is None:
        return TOLD[2]
    return TOLD[0] if right(result) else TOLD[1]


def table(rows):
    """Prints rows of `(kind, program, verdicts)`."""
    print("| kind | pairs | program | " + " | ".join(TOLD) + " |\n|---|---|---|" + "---|" * len(TOLD))
    last = None
    for kind, program, verdicts in rows:
        counts = " | ".join(str(verdicts.count(one)) for one in TOLD)
        pairs = "" if kind == last else len(verdicts)
        print(f"| {'' if kind == last else kind} | {pairs} | {program} | {counts} |")
        last = kind
