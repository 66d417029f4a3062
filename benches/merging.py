#!/usr/bin/env python3
"""Pairs of edits joined by aiut, git (ort), aiut by lines alone and mergiraf: who is right.

Each case has a base, two edits of it, and what joining them comes to. That is known beforehand, as both
edits are made to a model of the file (scenes of a screenplay, shots of a list, fields of a bible): edits
of different things are made one after the other; where both say something else of one thing, a conflict is
the only right answer. Half of the cases collide in nothing, though most touch the same scene, shot or table.
mergiraf joins JSON and TOML by their syntax, and is asked where it is installed.

    benches/merging.py --aiut target/release/aiut --pairs 600 --seed 1
"""

import argparse
import copy
import functools
import itertools
import json
import pathlib
import random
import re
import tomllib

from joiners import Joiners, table, verdict

HERE = pathlib.Path(__file__).resolve().parent
WORDS = ("rain engine lamp door rope grey slowly hands water glass night cold light metal floor "
         "window turns stops falls waits listens climbs breaks hums").split()


class Collides(Exception):
    """Both edits are about the same thing."""


def sentence(rng):
    words = [rng.choice(WORDS) for _ in range(rng.randint(4, 8))]
    return " ".join(words).capitalize() + "."


# ── Screenplays ─────────────────────────────────────────────────────────────────────────────────────


@functools.cache
def is_heading(block):
    return re.match(r"(INT|EXT)[./]", block) is not None


@functools.cache
def is_speech(block):
    cue = block.split("\n")[0]
    return "\n" in block and cue.isupper() and not is_heading(block)


class Script:
    """Scenes of blocks; each has a name by which both sides know it."""

    name, ending = "Fountain", "fountain"

    def __init__(self, text):
        names = itertools.count()
        blocks = re.split(r"\n\n+", text.strip())
        self.front, self.scenes = [], []
        for block in blocks:
            if is_heading(block):
                self.scenes.append([next(names), [[next(names), block]]])
            elif self.scenes:
                self.scenes[-1][1].append([next(names), block])
            else:
                self.front.append(block)

    def text(self):
        blocks = self.front + [block for _, scene in self.scenes for _, block in scene]
        return "\n\n".join(blocks) + "\n"

    def same(self, text):
        return text.strip() == self.text().strip()

    def scene(self, name):
        for at, (known, blocks) in enumerate(self.scenes):
            if known == name:
                return at, blocks
        raise Collides

    def block(self, name):
        for at, (scene, blocks) in enumerate(self.scenes):
            for inner, block in enumerate(blocks):
                if block[0] == name:
                    return scene, inner, blocks
        raise Collides

    def edits(self, rng):
        """Edits as functions on a script, each with what it is about and how."""
        scenes = [name for name, _ in self.scenes]
        blocks = [(scene, name, text) for scene, inner in self.scenes for name, text in inner]
        prose = [block for block in blocks if not is_heading(block[2]) and not is_speech(block[2])]
        speeches = [block for block in blocks if is_speech(block[2])]
        kind = rng.choice(["sentence", "sentence", "line", "cue", "insert", "delete", "new scene",
                           "cut scene", "move scene", "heading"])
        if kind == "sentence":
            scene, name, text = rng.choice(prose)
            parts = re.split(r"(?<=[.!?]) ", text)
            at = rng.randrange(len(parts))
            return Edit(kind, ("block", scene, name, at), ("sentence", name, at, sentence(rng)))
        if kind == "line":
            scene, name, _ = rng.choice(speeches)
            return Edit(kind, ("block", scene, name, "line"), ("line", name, sentence(rng)))
        if kind == "cue":
            scene, name, _ = rng.choice(speeches)
            return Edit(kind, ("block", scene, name, "cue"), ("cue", name, rng.choice(["NOOR", "ADA", "TEO"])))
        if kind == "heading":
            scene = rng.choice(scenes)
            name = self.scene(scene)[1][0][0]
            heading = f"INT. {rng.choice(WORDS).upper()} {rng.choice(WORDS).upper()} - NIGHT"
            return Edit(kind, ("block", scene, name, "heading"), ("whole", name, heading))
        if kind == "insert":
            scene, name, _ = rng.choice(blocks)
            text = f"{sentence(rng)} {sentence(rng)}"
            return Edit(kind, ("gap", scene, name), ("insert", name, text))
        if kind == "delete":
            scene, name, _ = rng.choice(prose)
            return Edit(kind, ("block", scene, name, "all"), ("delete", name))
        scene = rng.choice(scenes[1:])
        if kind == "new scene":
            place = f"{rng.choice(WORDS)} {rng.choice(WORDS)}".upper()
            texts = [f"EXT. {place} - DAY", f"{sentence(rng)} {sentence(rng)}", sentence(rng)]
            return Edit(kind, ("scene gap", scene), ("new scene", scene, texts))
        if kind == "cut scene":
            return Edit(kind, ("scene", scene), ("cut scene", scene))
        before = rng.choice([other for other in scenes[1:] if other != scene])
        return Edit(kind, ("scene place", scene, before), ("move scene", scene, before))

    def do(self, edit):
        what, *rest = edit.action
        if what in ("sentence", "line", "cue", "whole", "insert", "delete"):
            _, at, blocks = self.block(rest[0])
            text = blocks[at][1]
            if what == "sentence":
                parts = re.split(r"(?<=[.!?]) ", text)
                parts[rest[1]] = rest[2]
                blocks[at][1] = " ".join(parts)
            elif what == "line":
                blocks[at][1] = text.split("\n")[0] + "\n" + rest[1]
            elif what == "cue":
                blocks[at][1] = rest[1] + "\n" + text.split("\n", 1)[1]
            elif what == "whole":
                blocks[at][1] = rest[1]
            elif what == "insert":
                # Behind what was inserted there already.
                while at + 1 < len(blocks) and isinstance(blocks[at + 1][0], str):
                    at += 1
                blocks.insert(at + 1, ["new", rest[1]])
            else:
                del blocks[at]
            return
        at, blocks = self.scene(rest[0])
        if what == "new scene":
            while at + 1 < len(self.scenes) and isinstance(self.scenes[at + 1][0], str):
                at += 1
            self.scenes.insert(at + 1, ["new", [["new", text] for text in rest[1]]])
        elif what == "cut scene":
            del self.scenes[at]
        else:
            scene = self.scenes.pop(at)
            self.scenes.insert(self.scene(rest[1])[0], scene)


# ── Shot lists ──────────────────────────────────────────────────────────────────────────────────────


class Shots:
    """A shot list as aiut writes one."""

    name, ending = "shot JSON", "json"

    def __init__(self, rng):
        self.value = {"scene": "012", "target_duration": 240, "tags": rng.sample(WORDS, 4), "shots": [
            {"shot_id": f"012_{n:03}", "size": rng.choice(["wide", "medium", "close"]), "lens": rng.choice([24, 35, 50, 85]),
             "angle": "eye", "movement": {"kind": "static", "speed": 0}, "frames": rng.randint(24, 120),
             "content": sentence(rng), "locked": False} for n in range(1, rng.randint(6, 12))]}

    def text(self):
        return json.dumps(self.value, indent=2) + "\n"

    def same(self, text):
        return json.loads(text) == self.value

    def shot(self, name):
        for at, shot in enumerate(self.value["shots"]):
            if shot["shot_id"] == name:
                return at, shot
        raise Collides

    def edits(self, rng):
        names = [shot["shot_id"] for shot in self.value["shots"]]
        name = rng.choice(names)
        kind = rng.choice(["field", "field", "field", "inner", "insert", "delete", "move", "top", "tag", "remove field"])
        if kind == "field":
            field = rng.choice(["size", "lens", "angle", "frames", "content"])
            value = sentence(rng) if field == "content" else rng.randint(200, 900)
            return Edit(kind, ("block", name, field), ("set", name, field, value))
        if kind == "inner":
            return Edit(kind, ("block", name, "movement"), ("inner", name, rng.randint(1, 99)))
        if kind == "remove field":
            return Edit(kind, ("block", name, "locked"), ("remove", name, "locked"))
        if kind == "insert":
            new = {"shot_id": f"{name}{rng.choice('ABCDEFGH')}{rng.randint(1, 999)}", "size": "insert", "content": sentence(rng)}
            return Edit(kind, ("gap", name), ("insert", name, new))
        if kind == "delete":
            return Edit(kind, ("scene", name), ("delete", name))
        if kind == "move":
            before = rng.choice([other for other in names if other != name])
            return Edit(kind, ("scene place", name, before), ("move", name, before))
        if kind == "top":
            return Edit(kind, ("top", "target_duration"), ("top", rng.randint(300, 900)))
        at = rng.randrange(4)
        return Edit(kind, ("tag", at), ("tag", at, rng.choice(WORDS) + str(rng.randint(1, 99))))

    def do(self, edit):
        what, *rest = edit.action
        shots = self.value["shots"]
        if what == "top":
            self.value["target_duration"] = rest[0]
        elif what == "tag":
            self.value["tags"][rest[0]] = rest[1]
        else:
            at, shot = self.shot(rest[0])
            if what == "set":
                shot[rest[1]] = rest[2]
            elif what == "inner":
                shot["movement"]["speed"] = rest[1]
            elif what == "remove":
                del shot[rest[1]]
            elif what == "insert":
                while at + 1 < len(shots) and shots[at + 1].get("size") == "insert":
                    at += 1
                shots.insert(at + 1, rest[1])
            elif what == "delete":
                del shots[at]
            else:
                del shots[at]
                shots.insert(self.shot(rest[1])[0], shot)


# ── The bible ───────────────────────────────────────────────────────────────────────────────────────


class Bible:
    """A file of the bible: fields with remarks, tables, a list."""

    name, ending = "TOML", "toml"

    def __init__(self, rng):
        field = lambda: [sentence(rng) if rng.random() < 0.5 else "", sentence(rng)]
        self.tables = {"": {name: field() for name in ("name", "physical", "signature", "portrait_prompt")}}
        self.tables["wardrobe"] = {name: field() for name in ("default", "act1", "act2", "act3")}
        self.tables["voice"] = {name: field() for name in ("description", "pitch", "speed")}
        self.references = [f"ref/{word}.png" for word in rng.sample(WORDS, 5)]

    def text(self):
        lines = ["# One of the cast.", ""]
        for table, fields in self.tables.items():
            if table:
                lines += ["", f"[{table}]"]
            for name, (remark, value) in fields.items():
                lines += [f"# {remark}"] if remark else []
                lines.append(f"{name} = {json.dumps(value)}")
            if not table:
                lines.append("references = [" + ", ".join(json.dumps(one) for one in self.references) + "]")
        return "\n".join(lines) + "\n"

    def same(self, text):
        remarks = lambda text: sorted(line for line in text.split("\n") if line.startswith("#"))
        return tomllib.loads(text) == tomllib.loads(self.text()) and remarks(text) == remarks(self.text())

    def edits(self, rng):
        table = rng.choice(list(self.tables))
        name = rng.choice(list(self.tables[table]))
        kind = rng.choice(["value", "value", "value", "remark", "insert", "delete", "reference", "more references", "new table", "cut table"])
        if kind in ("value", "remark"):
            return Edit(kind, ("block", table, name, kind), (kind, table, name, sentence(rng)))
        if kind == "insert":
            new = f"x_{rng.choice(WORDS)}{rng.randint(1, 999)}"
            return Edit(kind, ("gap", table, name), ("insert", table, name, new, sentence(rng)))
        if kind == "delete":
            return Edit(kind, ("block", table, name, "all"), ("delete", table, name))
        if kind == "reference":
            at = rng.randrange(len(self.references))
            return Edit(kind, ("tag", at), ("reference", at, f"ref/{rng.choice(WORDS)}{rng.randint(1, 99)}.png"))
        if kind == "more references":
            return Edit(kind, ("tag", len(self.references)), ("more", f"ref/{rng.choice(WORDS)}{rng.randint(1, 99)}.png"))
        if kind == "new table":
            return Edit(kind, ("gap",), ("table", f"x_{rng.choice(WORDS)}{rng.randint(1, 999)}", sentence(rng)))
        table = rng.choice(["wardrobe", "voice"])
        return Edit(kind, ("scene", table), ("cut table", table))

    def do(self, edit):
        what, *rest = edit.action
        if what == "reference":
            self.references[rest[0]] = rest[1]
        elif what == "more":
            self.references.append(rest[0])
        elif what == "table":
            self.tables[rest[0]] = {"note": ["", rest[1]]}
        elif rest[0] not in self.tables:
            raise Collides
        elif what == "cut table":
            del self.tables[rest[0]]
        else:
            fields = self.tables[rest[0]]
            if rest[1] not in fields:
                raise Collides
            if what == "value":
                fields[rest[1]][1] = rest[2]
            elif what == "remark":
                fields[rest[1]][0] = rest[2]
            elif what == "delete":
                del fields[rest[1]]
            else:
                items = list(fields.items())
                at = [name for name, _ in items].index(rest[1])
                while at + 1 < len(items) and items[at + 1][0].startswith("x_"):
                    at += 1
                items.insert(at + 1, (rest[2], ["", rest[3]]))
                self.tables[rest[0]] = dict(items)


# ── Pairs ───────────────────────────────────────────────────────────────────────────────────────────


class Edit:
    """What is done, and to which thing."""

    def __init__(self, kind, about, action):
        self.kind, self.about, self.action = kind, about, action

    def collides(self, other):
        """Whether both say something of one thing that cannot both be."""
        a, b = self.about, other.about
        if self.action == other.action:
            return False
        if a[0] == b[0] == "block" and a[1:-1] == b[1:-1]:
            return a[-1] == b[-1] or "all" in (a[-1], b[-1])
        if a[0] == b[0] == "tag":
            # Neighbours in a list of bare values: whether one was replaced, or one taken out and one put in,
            # nobody can tell.
            return abs(a[1] - b[1]) <= 1
        if a[0] == b[0] and a[0] in ("top", "scene place"):
            # Of two moves, which may cross, nobody is asked.
            return True
        for one, two in ((a, b), (b, a)):
            if one[0] == "scene":
                if two[0] in ("block", "gap", "scene place") and two[1:2] == one[1:2] and two[0] != "gap":
                    return True
                if two[0] == "gap" and two[1:2] == one[1:2] and len(two) > 2:
                    return True
        return False

    def is_doubtful(self, other):
        """Whether what is right is a matter of taste: these are not asked."""
        kinds = {self.kind, other.kind}
        a, b = self.about, other.about
        if self.action == other.action:
            return True
        if "scene place" in (a[0], b[0]) and (a[0] == b[0] or {"scene gap", "scene", "gap"} & {a[0], b[0]}):
            return True
        if "gap" in (a[0], b[0]) and kinds & {"delete", "insert"} and a[1:3] == b[1:3]:
            return kinds != {"insert"}
        if "scene gap" in (a[0], b[0]) and kinds & {"cut scene"} and a[1:2] == b[1:2]:
            return True
        # One side fills the gap that the other made.
        return kinds == {"delete", "insert"} and a[1:2] == b[1:2]


def case(rng, make, colliding):
    base = make(rng)
    # Edits far from each other are easy: most pairs touch the same scene, shot or table.
    near = rng.random() < 0.75
    while True:
        one, two = base.edits(rng), base.edits(rng)
        if one.is_doubtful(two) or one.collides(two) != colliding or (near and one.about[1:2] != two.about[1:2]):
            continue
        sides = [copy.deepcopy(base), copy.deepcopy(base)]
        try:
            sides[0].do(one)
            sides[1].do(two)
            right = None
            if not colliding:
                # Ours first where both insert at one place, or theirs.
                right = [copy.deepcopy(base), copy.deepcopy(base)]
                for target, order in zip(right, ((one, two), (two, one))):
                    for edit in order:
                        target.do(edit)
        except Collides:
            continue
        if sides[0].text() in (base.text(), sides[1].text()) or sides[1].text() == base.text():
            continue
        return base, sides, right, (one, two)


def is_right(right):
    """Whether a text is what both edits come to; none where they collide."""

    def same(text):
        try:
            return any(version.same(text) for version in right)
        except ValueError:
            return False

    return right and same


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--aiut", default="target/release/aiut")
    parser.add_argument("--mergiraf", default="mergiraf")
    parser.add_argument("--pairs", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", help="print such cases of aiut: wrong, needless, missed")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    scripts = [path.read_text() for path in sorted(HERE.parent.glob("fixtures/*/script.fountain"))]
    kinds = [lambda rng: Script(rng.choice(scripts)), Shots, Bible]
    cases = {}
    for number in range(options.pairs):
        base, sides, right, edits = case(rng, kinds[number % 3], colliding=number % 6 >= 3)
        cases[f"{number:04}.{base.ending}"] = (base, sides, is_right(right), edits)
    joiners = Joiners(options.aiut, options.mergiraf)
    joiners.join({name: (base.text(), *(side.text() for side in sides)) for name, (base, sides, _, _) in cases.items()})
    rows = []
    for kind, ending in ((Script.name, Script.ending), (Shots.name, Shots.ending), (Bible.name, Bible.ending), ("all", "")):
        own = [name for name in cases if name.endswith(ending)]
        for program in joiners.names(ending):
            verdicts = [verdict(joiners.results[program, name], cases[name][2]) for name in own]
            rows.append((kind, program, verdicts))
            if program == "aiut" and ending and options.show:
                for name, said in zip(own, verdicts):
                    if options.show in said:
                        base, sides, _, edits = cases[name]
                        print(f"{name}: {said}: {edits[0].action} / {edits[1].action}")
    table(rows)


if __name__ == "__main__":
    main()
