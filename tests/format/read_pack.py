#!/usr/bin/env python3
"""Reads an aiut project without aiut, by docs/format.md alone.

    read_pack.py PROJECT list                               every timeline with its newest commit
    read_pack.py PROJECT extract COMMIT|TIMELINE FOLDER     all files of a commit, into a new folder

It needs `packs/` and `format`, and `heads` if it is there, not `index/`; and the modules blake3 and zstandard. COMMIT is the beginning of an id.
What a project holds is not trusted: every check, id and size is compared, and nothing is written outside FOLDER.
"""
import datetime, functools, os, re, struct, sys
import zstandard
from blake3 import blake3

FORMAT, PACK, RELEASE = b"aiut repository 1\nproject ", 1, (0, 1, 0)  # what this reader knows
KIB, MIB = 1 << 10, 1 << 20
# The limits of docs/format.md: entries and bytes of paths of a commit, names of a path, bytes of files, packs and journals, pieces.
ENTRIES, PATH_BYTES, NAMES, FILE, LENGTH, JOURNAL, PIECES = 3_000_000, 512 * MIB, 512, 16 << 40, 4 << 30, 64 * MIB, 4096
BLOB, CHUNK, LAYOUT, PART, TREE, COMMIT, OPERATION, VIEW, EXPIRY, REFS, CONFLICT = 1, 2, 3, 4, 16, 17, 21, 22, 23, 24, 25
HEAD, REPLACED, BATCH_END, FOOTER = 32, 33, 48, 49
RAW_AT_MOST = {BLOB: 64 * KIB, CHUNK: 4 * MIB, LAYOUT: 16 * MIB, PART: 16 * MIB, BATCH_END: 24,
               **{kind: 32 * MIB for kind in range(TREE, CONFLICT + 1)}}
CONTEXTS = {PART: "layout part", TREE: "tree", COMMIT: "commit", OPERATION: "operation", VIEW: "view", REFS: "refs", CONFLICT: "conflict", BATCH_END: "batch"}


class Wrong(Exception):
    """What does not hold."""


def ensure(holds, otherwise):
    if not holds:
        raise Wrong(otherwise)


def keyed(kind, content):
    return blake3(content, derive_key_context=f"aiut 2026 {CONTEXTS[kind]} v1").digest()


def digest(kind, payload):
    """The id that a payload has, but for layouts."""
    return keyed(kind, payload) if kind in CONTEXTS else blake3(payload).digest()


# Packs

def payload_of(file, header):
    """The decoded payload of the record whose header was just read."""
    kind, encoding, zero, stored, raw, id, check = struct.unpack("<BBHII32s4s", header)
    payload, where = file.read(stored), f"{file.name}: the record of kind {kind} and id {id.hex()}"
    checked = header[:44] if encoding == 2 else header[:44] + payload
    ensure(len(payload) == stored and blake3(checked).digest()[:4] == check, f"{where} is damaged")
    ensure(kind in RAW_AT_MOST and raw <= RAW_AT_MOST[kind] and zero == 0 and encoding <= 2, f"{where} is not of the format")
    ensure(encoding != 2 or kind not in (LAYOUT, BATCH_END) and digest(kind, payload) == id, f"{where} is damaged")
    if encoding == 1:
        # One byte more is asked for than there may be, whatever size the frame itself tells.
        try:
            payload = zstandard.ZstdDecompressor().stream_reader(payload).read(raw + 1)
        except zstandard.ZstdError as error:
            raise Wrong(f"{where}: {error}")
    ensure(len(payload) == raw, f"{where} has another length")
    return payload


def is_record(file, header, payload):
    try:
        return payload_of(file, header) == payload
    except Wrong:
        return False


def refuse_unknown(file, header):
    """A kind from 128 on may be passed over. Any other, and another encoding or form, may not, if somebody wrote it so."""
    kind, encoding, zero, stored, check = header[0], header[1], header[2:4], struct.unpack_from("<I", header, 4)[0], header[44:]
    if (kind in RAW_AT_MOST or kind == REPLACED or kind >= 128 or kind == 0) and encoding <= 2 and zero == b"\0\0":
        return
    here = file.tell()
    if here + stored <= os.fstat(file.fileno()).st_size and stored <= 32 * MIB:
        known = blake3(header[:44] + file.read(stored)).digest()[:4] != check
        file.seek(here)
        ensure(known or kind != HEAD, f"{file.name} holds a head, as no pack may: take it away")
        ensure(known, f"{file.name}: there is a record of kind {kind} and encoding {encoding} that this reader does not know: get another one")


def batches(path):
    """Yields the records of each whole batch, as (kind, id, offset); stops at what is no whole batch."""
    with open(path, "rb") as file:
        header, size, exchanged = file.read(32), min(os.fstat(file.fileno()).st_size, LENGTH), 0
        # Of a damaged header nothing is believed; the records are read all the same.
        if len(header) == 32 and header[:8] == b"aiutpack" and header[12:16] == blake3(header[:12] + header[16:]).digest()[:4]:
            version, release = header[8], tuple(header[9:12])
            needs = ".".join(map(str, release))
            ensure(version & 0x7f == PACK and release <= RELEASE, f"{path} needs a reader for aiut {needs}: get another one")
            exchanged = version & 0x80
        at = whole = 32
        headers, records = [], []
        while len(header := file.read(48)) == 48:
            kind, stored, id = header[0], *struct.unpack_from("<I", header, 4), header[12:44]
            if kind == FOOTER or at + 48 + stored > size:
                break
            if kind == BATCH_END:
                end = b"aiut batch\r\n" + struct.pack("<QI", at - whole, len(records))
                if not is_record(file, header, end) or keyed(kind, b"".join(headers)) != id:
                    break
                yield records
                headers, records, whole = [], [], at + 48 + stored
            else:
                refuse_unknown(file, header)
                ensure(not exchanged or kind not in (OPERATION, VIEW, EXPIRY, REPLACED), f"{path} came from elsewhere and holds a record of kind {kind}: take it away")
                headers.append(header)
                records.append((kind, id, at))
            at = file.seek(at + 48 + stored)
        if size > whole and not (header[:1] == bytes([FOOTER]) and at == whole):
            print(f"{path}: no whole batch behind byte {whole}, {size - whole} bytes left out", file=sys.stderr)


class Project:
    def __init__(self, folder):
        folder = os.path.join(folder, ".aiut")
        with open(os.path.join(folder, "format"), "rb") as file:
            found = file.read(100)
        known = re.fullmatch(re.escape(FORMAT) + b"([0-9a-f]{32})\n", found)
        ensure(known, f"{folder}: format says {found!r}, this reader knows {FORMAT!r} and an id: get another one")
        self.id, self.places = bytes.fromhex(known[1].decode()), {}
        packs = os.path.join(folder, "packs")
        for name in sorted(name for name in os.listdir(packs) if re.fullmatch(r"[0-9]{8}\.pack", name)):
            path = os.path.join(packs, name)
            for records in batches(path):
                for kind, id, at in records:
                    self.places.setdefault((kind, id), []).append((path, at))
        self.head = self.journal(os.path.join(folder, "heads"))
        if self.head is None or (OPERATION, self.head) not in self.places:
            self.head = self.last()

    def journal(self, path):
        """The current operation by the last record that holds; none where that is not the last one that was written."""
        try:
            with open(path, "rb") as file:
                content = file.read(JOURNAL + 1)
            header, at, sequence, head = content[:64], 64, None, None
            ensure(len(content) <= JOURNAL and header[:9] == b"aiuthead\1" and header[48:] == blake3(header[:48]).digest()[:16], f"{path} is damaged")
            ensure(header[16:32] == self.id, f"{path} is that of another project")
            while length := int.from_bytes(content[at:at + 4], "little"):
                record = content[at:at + length]
                ensure(length >= 34 and len(record) == length, f"{path} is damaged")
                if record[-1] != 0xff or record[-17:-1] != blake3(header[16:48] + record[:-17]).digest()[:16]:
                    ensure(record[-1] == 0, f"{path} is damaged")  # else it was torn
                    break
                number, heads = struct.unpack_from("<QB", record, 4)
                ensure(sequence in (None, number - 1), f"{path} lacks a record")
                sequence, head, at = number, record[13:45] if heads else None, at + length
            return head
        except FileNotFoundError:
            pass
        except Wrong as wrong:
            print(f"{wrong}: the operations in the packs are asked", file=sys.stderr)

    def last(self):
        """Of the operations of this project that no other one follows, the one of the highest number."""
        own, followed = [], set()
        for kind, id in self.places:
            if kind == OPERATION:
                try:
                    operation = self.object(kind, id)
                except Wrong as wrong:
                    print(f"{wrong}: left out", file=sys.stderr)
                    continue
                if operation["project"] == self.id:
                    own.append((operation["number"], operation["time"]["unix_seconds"], id))
                    followed.update(operation["parents"])
        return max((known for known in own if known[2] not in followed), default=(0, 0, None))[2]

    def at(self, path, at):
        with open(path, "rb") as file:
            file.seek(at)
            return payload_of(file, file.read(48))

    @functools.lru_cache(maxsize=16)  # slices of a few chunks take turns
    def payload(self, kind, id):
        """Of a record that may stand in several packs, the first that holds."""
        fault = Wrong(f"there is no record of kind {kind} and id {id.hex()}")
        for place in self.places.get((kind, id), []):
            try:
                payload = self.at(*place)
                ensure(kind == LAYOUT or digest(kind, payload) == id, f"{place[0]}: the content has not the id {id.hex()}")
                return payload
            except Wrong as wrong:
                fault = wrong
        raise fault

    def object(self, kind, id):
        """What else a later aiut put into it is passed over, but for what it says must not be."""
        found = cbor(self.payload(kind, id))
        for keys in [found, *(found["entries"] if kind == TREE else [])]:
            odd = next((key for key in keys if key.startswith("!")), None)
            ensure(odd is None, f"object {id.hex()} has the key {odd!r} that this reader does not know: get another one")
        return found

    @functools.cached_property
    def timelines(self):
        ensure(self.head, "the packs hold no operation of this project")
        view = self.object(VIEW, self.object(OPERATION, self.head)["view"])
        return {ref[10:]: id for ref, id in self.refs(view["refs"]) if ref.startswith("timelines/")}

    def refs(self, id, way="", count=None):
        """Each ref of a node and of those below: full name and commit."""
        node = self.object(REFS, id)
        ensure(len(way) <= 16 and ("refs" in node) != ("below" in node), f"refs {id.hex()} are not of the format")
        found = []
        for name, commit in node.get("refs", {}).items():
            ensure(blake3(name.encode()).hexdigest().startswith(way), f"refs {id.hex()}: {name} does not belong there")
            found.append((name, commit))
        for digit, below in node.get("below", {}).items():
            found.extend(self.refs(below["id"], way + digit, below["count"]))
        ensure(count in (None, len(found)), f"refs {id.hex()} are not as many as the node above says")
        return found

    def commit_named(self, name):
        ids = [id for kind, id in self.places if kind == COMMIT and id.hex().startswith(name)]
        # A whole id is found even where the current operation is lost.
        if len(name) != 64 and name in self.timelines:
            return self.timelines[name]
        ensure(len(ids) == 1, f"{name} is {'no timeline and no commit' if not ids else 'the beginning of several ids'}")
        return ids[0]

    def file(self, id, size):
        """Yields the bytes of a file, piece by piece."""
        if (BLOB, id) in self.places:
            yield self.payload(BLOB, id)
        else:
            yield from self.pieces(Numbers(self.payload(LAYOUT, id)), size, forms=(0, 1))

    def pieces(self, layout, size, forms):
        form, total, count = layout.number(), layout.number(), layout.number()
        ensure(form in forms and total == size, "a layout is not of the format, or of another file")
        ensure(size <= FILE and (form == 1 or count <= PIECES), "a layout has more than one may")
        pieces = 0
        listed = [(layout.bytes(32), layout.number()) for _ in range(count)]
        if form == 1:
            for id, length in listed:
                yield from self.pieces(Numbers(self.payload(PART, id)), length, forms=(0,))
        for _ in range(layout.number() if form == 0 else 0):
            which, slice = divmod(layout.number(), 2)
            pieces += 1
            ensure(pieces <= PIECES, "a layout has more pieces than one may")
            if slice:
                offset, length = layout.number(), layout.number()
                ensure(which < count and offset + length <= listed[which][1], "a slice goes beyond its chunk")
                yield self.payload(CHUNK, listed[which][0])[offset:offset + length]
            else:
                through = which + layout.number()
                pieces += through - which - 1
                ensure(through <= count, "a run goes beyond the list of chunks")
                for id, length in listed[which:through]:
                    chunk = self.payload(CHUNK, id)
                    ensure(len(chunk) == length, "a chunk has another length than its layout tells")
                    yield chunk
        ensure(layout.at == len(layout.content), "something stands behind a layout")


class Numbers:
    """The bytes of a layout."""

    def __init__(self, content):
        self.content, self.at = content, 0

    def bytes(self, count):
        self.at += count
        ensure(self.at <= len(self.content), "a layout ends too early")
        return self.content[self.at - count:self.at]

    def number(self):
        number = shift = 0
        while (byte := self.bytes(1)[0]) & 0x80:
            number, shift = number | (byte & 0x7f) << shift, shift + 7
            ensure(shift < 64, "a number of a layout is too long")
        return number | byte << shift


def cbor(content):
    """Decodes one item of DAG-CBOR with nothing behind it. Its form was settled by the id; what it is short of is an error."""
    at = 0

    def take(count):
        nonlocal at
        at += count
        ensure(at <= len(content), "an object ends too early")
        return content[at - count:at]

    def item(depth=0):
        ensure(depth < 32, "an object is too deep")
        major, number = divmod(take(1)[0], 32)
        if major == 7:
            ensure(number in (20, 21), "an object holds what the format has not")
            return number == 21
        ensure(number < 28, "an object holds what the format has not")
        if number >= 24:
            number = int.from_bytes(take(1 << number - 24), "big")
        if major < 2:
            return -1 - number if major else number
        if major < 4:
            return take(number) if major == 2 else take(number).decode()
        if major == 4:
            return [item(depth + 1) for _ in range(number)]
        ensure(major == 5, "an object holds a tag")
        return {item(depth + 1): item(depth + 1) for _ in range(number)}

    found = item()
    ensure(at == len(content), "something stands behind an object")
    return found


# What is asked for

def moment(time):
    seconds, offset = time["unix_seconds"], time["utc_offset_minutes"]
    try:
        local = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds + 60 * offset)
    except OverflowError:
        return f"@{seconds}"
    return f"{local:%Y-%m-%d %H:%M:%S} {'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"


def show_timelines(project):
    for name, id in sorted(project.timelines.items()):
        commit = project.object(COMMIT, id)
        author, title = commit["author"], commit["message"].split("\n")[0]
        line = f"{name}\t{id.hex()[:12]}\t{moment(commit['time'])}\t{author['name']} <{author['email']}>\t{title}"
        # A message must not steer the terminal.
        print("".join(c if c.isprintable() or c == "\t" else "?" for c in line))


def write_file(project, id, size, path):
    """Writes a file that is not there yet; what turns out not to be the file asked for is taken away again."""
    found, hash, file = 0, blake3(), open(path, "xb")
    try:
        with file:
            for piece in project.file(id, size):
                found += len(piece)
                ensure(found <= size, f"{path} is longer than its folder tells")
                hash.update(piece)
                file.write(piece)
        ensure(hash.digest() == id, f"{path} has not the id {id.hex()}")
    except BaseException:
        os.remove(path)
        raise
    return found


def measure(project, tree, known, names=1):
    """Entries below a tree, bytes of their paths, and names in the longest; each tree is counted once, before any file is written."""
    ensure(names <= NAMES, f"a path has more than {NAMES} names")
    if tree not in known:
        entries = bytes = depth = 0
        for entry in project.object(TREE, tree)["entries"]:
            below = measure(project, entry["id"], known, names + 1) if entry["kind"] == "dir" else (0, 0, 0)
            entries += 1 + below[0]
            bytes += (len(entry["name"].encode()) + 1) * (1 + below[0]) + below[1]
            depth = max(depth, 1 + below[2])
        known[tree] = entries, bytes, depth
    entries, bytes, depth = known[tree]
    ensure(entries <= ENTRIES and bytes <= PATH_BYTES and names - 1 + depth <= NAMES, f"tree {tree.hex()} has more than a commit may")
    return known[tree]


def extract(project, tree, folder):
    """Writes a tree into a folder that it makes, with both versions beside a file in conflict; gives the bytes of all files. Whatever stands there already is refused."""
    os.mkdir(folder)
    sum = 0
    for entry in project.object(TREE, tree)["entries"]:
        name, id, size = entry["name"], entry["id"], entry["size"]
        ensure(name not in ("", ".", "..") and not re.search(r'[\0-\x1f/\\:]', name), f"a file may not have the name {name!r}")
        path = os.path.join(folder, name)
        if entry["kind"] == "dir":
            found = extract(project, id, path)
        else:
            ensure(entry["kind"] == "file", f"{path} is neither file nor folder")
            found = write_file(project, id, size, path)
            if "conflict" in entry:
                sides = project.object(CONFLICT, entry["conflict"])
                for side in ("ours", "theirs"):
                    if side in sides:
                        write_file(project, sides[side]["id"], sides[side]["size"], f"{path}.{side}")
            if entry["exec"]:
                os.chmod(path, os.stat(path).st_mode | 0o111)
        ensure(found == size, f"{path} has another size than its folder tells")
        sum += size
    return sum


def main(arguments):
    if len(arguments) == 2 and arguments[1] == "list":
        show_timelines(Project(arguments[0]))
    elif len(arguments) == 4 and arguments[1] == "extract":
        project = Project(arguments[0])
        id = project.commit_named(arguments[2])
        tree = project.object(COMMIT, id)["tree"]
        measure(project, tree, {})
        extract(project, tree, arguments[3])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    # Folders in folders, a few calls for each.
    sys.setrecursionlimit(NAMES * 8)
    try:
        main(sys.argv[1:])
    except (Wrong, OSError) as wrong:
        sys.exit(f"read_pack.py: {wrong}")
    except (KeyError, TypeError, ValueError, struct.error) as wrong:
        sys.exit(f"read_pack.py: a record holds what the format has not: {wrong!r}")
