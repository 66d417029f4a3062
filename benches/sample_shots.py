#!/usr/bin/env python3
"""A sample of shots beside the words of the script that they were made from, to be read by people.

    benches/sample_shots.py SCRIPT… --seed 1 --count 50        shots of each script, drawn with this seed
    benches/sample_shots.py SCRIPT --shots 012_003 014_001     these

Each script becomes a project of its own, as `aiut init`, `aiut import` and `aiut generate prompts` make it. The sample
depends on the seed and the ids of the shots alone. docs/shots.md has what readers found.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import tempfile
from pathlib import Path


def made(aiut, script, folder):
    """The project of a script."""
    environment = {
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "AIUT_AUTHOR_NAME": "Reader",
        "AIUT_AUTHOR_EMAIL": "reader@example.org",
    }
    project = folder / "film"

    def run(where, *words):
        done = subprocess.run([aiut, *words], cwd=where, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise SystemExit(f"aiut {' '.join(words)}: {done.stderr or done.stdout}")

    run(folder, "init", str(project))
    run(project, "import", str(script))
    run(project, "commit", "-m", "Script")
    run(project, "generate", "prompts")
    return project


def shots(project):
    """Every shot with its scene, by id."""
    found = {}
    for path in sorted((project / "shots").glob("*.json")):
        scene = json.loads(path.read_text())
        for shot in scene["shots"]:
            found[shot["shot_id"]] = (scene, shot)
    return found


def scene_texts(project, found):
    """The source of each scene by its number. Of scenes with one heading the first is the first."""
    lines = (project / "script.fountain").read_text().split("\n")
    starts = {}
    for at, line in enumerate(lines):
        starts.setdefault(heading(line), []).append(at)
    texts = {}
    for scene, _ in found.values():
        if scene["scene"] in texts:
            continue
        places = starts.get(heading(scene["slugline"] or ""), [])
        if not places:
            texts[scene["scene"]] = ""
            continue
        start = places.pop(0)
        end = next((at for at in range(start + 1, len(lines)) if is_heading(lines[at])), len(lines))
        texts[scene["scene"]] = "\n".join(lines[start:end]).strip()
    return texts


def heading(line):
    return " ".join(line.split("#")[0].lstrip(".").split()).casefold()


def is_heading(line):
    return line.upper().startswith(("INT", "EXT", "I/E", "EST", "INNEN", "AUSSEN"))


def show(project, scene, shot):
    prompt = json.loads((project / "prompts" / f"{shot['shot_id']}.json").read_text())
    people = ", ".join(shot["characters_in_frame"]) or "nobody"
    seconds = shot.get("duration", 0)
    print(f"== {shot['shot_id']}  {scene['slugline']}")
    print(f"   {shot['shot_type']} · {shot['camera_movement']} · {shot.get('lens_mm')} mm · {seconds} frames · {shot['trigger']} · in frame: {people}")
    print(f"   content: {shot['content']}")
    if shot.get("dialogue_text"):
        print(f"   line:    {shot['dialogue_speaker']}: {shot['dialogue_text']}")
    print(f"   frame:   {prompt['frame']['prompt']}")
    print(f"   video:   {prompt['video']['prompt']}")
    if shot.get("notes"):
        print(f"   notes:   {shot['notes']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scripts", nargs="+", type=Path)
    parser.add_argument("--aiut", default=shutil.which("aiut") or "aiut")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--shots", nargs="*", help="these shots instead of a sample")
    parser.add_argument("--no-scenes", action="store_true", help="without the text of their scenes")
    chosen = parser.parse_args()
    for script in chosen.scripts:
        with tempfile.TemporaryDirectory(prefix="aiut-sample-") as folder:
            project = made(str(Path(chosen.aiut).resolve()), script.resolve(), Path(folder))
            found = shots(project)
            ids = sorted(found)
            drawn = chosen.shots or sorted(random.Random(chosen.seed).sample(ids, min(chosen.count, len(ids))))
            print(f"# {script.name}: {len(drawn)} of {len(ids)} shots, seed {chosen.seed}\n")
            texts = scene_texts(project, found)
            last = None
            for shot_id in drawn:
                scene, shot = found[shot_id]
                if scene["scene"] != last and not chosen.no_scenes:
                    last = scene["scene"]
                    print("-" * 100)
                    print(texts[last])
                    print("-" * 100)
                show(project, scene, shot)
                print()


if __name__ == "__main__":
    main()
