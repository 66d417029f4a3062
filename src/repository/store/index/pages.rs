//! Reading LMDB's file without LMDB, to find out whether it is sound.
//!
//! LMDB trusts its pages: a flipped bit can hide an entry, lead a search astray or end the process.
//! Here every page that is in use is read through the file, checked, and its entries are handed
//! out in order; nothing is believed that was not checked. The layout is that of `mdb.c` in LMDB
//! 0.9 (`MDB_page`, `MDB_node`, `MDB_meta`, `MDB_db`) on a machine with 64 bits, lowest byte first.
//! Under the store's lock, so that nobody writes meanwhile.

use std::collections::HashSet;
use std::fs::File;
use std::io;

use crate::base::positioned::read_exact_at;

const PAGE_HEADER: usize = 16;
const NODE_HEADER: usize = 8;
const DB_BYTES: usize = 48;
const MAGIC: u32 = 0xBEEF_C0DE;
const NO_PAGE: u64 = u64::MAX;
// `P_BRANCH`, `P_LEAF`, `P_OVERFLOW`, `P_META`.
const BRANCH: u16 = 1;
const LEAF: u16 = 2;
const OVERFLOW: u16 = 4;
const META: u16 = 8;
// `F_BIGDATA`: the data lies on pages of its own. `F_SUBDATA`: it is a table.
const BIG: u16 = 1;
const TABLE: u16 = 2;
/// No tree of ours is deeper; LMDB itself allows 32.
const MAX_DEPTH: u16 = 32;
/// Longest value that any table holds, in bytes, with room to spare.
const MAX_VALUE: usize = 1 << 20;

/// What is wrong with the file.
#[derive(Debug)]
pub(super) enum Unsound {
    Io(io::Error),
    Page(u64, &'static str),
}

impl From<io::Error> for Unsound {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

type Result<T, E = Unsound> = std::result::Result<T, E>;

/// `MDB_db`: the root of one tree.
#[derive(Debug, Clone, Copy)]
struct Root {
    page_size: u32,
    flags: u16,
    depth: u16,
    entries: u64,
    page: u64,
}

impl Root {
    fn parse(bytes: &[u8]) -> Self {
        Self {
            page_size: u32::from_le_bytes(part(bytes, 0)),
            flags: u16_at(bytes, 4),
            depth: u16_at(bytes, 6),
            entries: u64_at(bytes, 32),
            page: u64_at(bytes, 40),
        }
    }
}

/// The state of the file after its last transaction.
struct Meta {
    free: Root,
    main: Root,
    last_page: u64,
    transaction: u64,
}

/// Hands every entry of every table to `visit`, each table in the order of its keys.
pub(super) fn read(file: File, visit: &mut Entry<'_>) -> Result<()> {
    let length = file.metadata()?.len();
    let meta = meta(&file, length)?;
    let page_size = meta.free.page_size as usize;
    if (meta.last_page + 1).saturating_mul(page_size as u64) > length {
        return Err(Unsound::Page(meta.last_page, "the file ends before it"));
    }
    let mut pages = Pages {
        file,
        page_size,
        last_page: meta.last_page,
        used: HashSet::from([0, 1]),
    };
    let mut tables = Vec::new();
    pages.tree(&meta.main, false, &mut |page, key, value, flags| {
        let name = std::str::from_utf8(key).map_err(|_| Unsound::Page(page, "a table's name"))?;
        if flags != TABLE || value.len() != DB_BYTES {
            return Err(Unsound::Page(page, "an entry that is no table"));
        }
        let root = Root::parse(value);
        if root.flags != 0 {
            return Err(Unsound::Page(page, "a table of another sort"));
        }
        tables.push((name.to_owned(), root));
        Ok(())
    })?;
    for (name, root) in tables {
        pages.tree(&root, false, &mut |page, key, value, flags| {
            if flags & TABLE != 0 {
                return Err(Unsound::Page(page, "a table within a table"));
            }
            visit(&name, key, value);
            Ok(())
        })?;
    }
    let mut free = Vec::new();
    pages.tree(&meta.free, true, &mut |page, _, value, _| {
        let (ids, rest) = value.as_chunks::<8>();
        let mut ids = ids.iter().map(|id| u64::from_le_bytes(*id));
        let count = ids.next().unwrap_or(0);
        if !rest.is_empty() || count != ids.len() as u64 {
            return Err(Unsound::Page(
                page,
                "a list of free pages that does not fit",
            ));
        }
        free.extend(ids.map(|id| (page, id)));
        Ok(())
    })?;
    for (page, id) in free {
        if id > pages.last_page || !pages.used.insert(id) {
            return Err(Unsound::Page(page, "a page in use is listed as free"));
        }
    }
    Ok(())
}

/// The newer of the two first pages.
fn meta(file: &File, length: u64) -> Result<Meta> {
    let first = meta_at(file, 0, 0, length)?;
    let second = meta_at(file, 1, u64::from(first.free.page_size), length)?;
    if second.free.page_size != first.free.page_size {
        return Err(Unsound::Page(1, "its page size"));
    }
    Ok(if second.transaction > first.transaction {
        second
    } else {
        first
    })
}

fn meta_at(file: &File, page: u64, offset: u64, length: u64) -> Result<Meta> {
    let wrong = |what| Err(Unsound::Page(page, what));
    if offset + 152 > length {
        return wrong("the file ends before it");
    }
    let mut bytes = [0; 152];
    read_exact_at(file, &mut bytes, offset)?;
    let magic = u32::from_le_bytes(part(&bytes, 16));
    let version = u32::from_le_bytes(part(&bytes, 20));
    if u16_at(&bytes, 10) != META || magic != MAGIC || version != 1 || u64_at(&bytes, 0) != page {
        return wrong("it is no first page of an LMDB file");
    }
    let free = Root::parse(&bytes[40..88]);
    if !(512..=65_536).contains(&free.page_size) || !free.page_size.is_power_of_two() {
        return wrong("its page size");
    }
    let last_page = u64_at(&bytes, 136);
    if last_page > length / 512 {
        return wrong("the file ends before its last page");
    }
    Ok(Meta {
        free,
        main: Root::parse(&bytes[88..136]),
        last_page,
        transaction: u64_at(&bytes, 144),
    })
}

/// Hears of an entry: table, key, value.
type Entry<'v> = dyn FnMut(&str, &[u8], &[u8]) + 'v;

type Visit<'v> = dyn FnMut(u64, &[u8], &[u8], u16) -> Result<()> + 'v;

/// The keys that a subtree may hold.
#[derive(Clone, Copy)]
struct Range<'k> {
    least: Option<&'k [u8]>,
    below: Option<&'k [u8]>,
}

struct Pages {
    file: File,
    page_size: usize,
    last_page: u64,
    used: HashSet<u64>,
}

impl Pages {
    fn tree(&mut self, root: &Root, numbers: bool, visit: &mut Visit<'_>) -> Result<()> {
        if root.page == NO_PAGE {
            return match root.entries {
                0 => Ok(()),
                _ => Err(Unsound::Page(0, "a table without a root")),
            };
        }
        if root.depth == 0 || root.depth > MAX_DEPTH {
            return Err(Unsound::Page(root.page, "the depth of its tree"));
        }
        let all = Range {
            least: None,
            below: None,
        };
        let found = self.subtree(root.page, root.depth, all, numbers, visit)?;
        if found == root.entries {
            Ok(())
        } else {
            Err(Unsound::Page(root.page, "its tree has lost entries"))
        }
    }

    /// Visits what lies below a page. Returns how many entries that is.
    fn subtree(
        &mut self,
        number: u64,
        depth: u16,
        range: Range<'_>,
        numbers: bool,
        visit: &mut Visit<'_>,
    ) -> Result<u64> {
        let wrong = |what| Err(Unsound::Page(number, what));
        let page = self.page(number)?;
        let expected = if depth == 1 { LEAF } else { BRANCH };
        if u16_at(&page, 10) != expected {
            return wrong("it is of another sort than the page above says");
        }
        let (lower, upper) = (
            usize::from(u16_at(&page, 12)),
            usize::from(u16_at(&page, 14)),
        );
        if lower < PAGE_HEADER || lower > upper || upper > page.len() || lower % 2 != 0 {
            return wrong("its bounds");
        }
        let pointers = page[PAGE_HEADER..lower].as_chunks::<2>().0;
        let mut nodes = Vec::with_capacity(pointers.len());
        for pointer in pointers {
            let at = usize::from(u16::from_le_bytes(*pointer));
            let node = (at >= upper).then(|| page.get(at..)).flatten();
            match node.and_then(Node::parse) {
                Some(node) => nodes.push(node),
                None => return wrong("a node beyond its bounds"),
            }
        }
        // Of a branch, the first key stands for everything below the second.
        let keys = &nodes[usize::from(depth > 1).min(nodes.len())..];
        let order = |a: &[u8], b: &[u8]| match numbers {
            false => a.cmp(b),
            true => number_of(a).cmp(&number_of(b)),
        };
        let sorted = keys
            .windows(2)
            .all(|pair| order(pair[0].key, pair[1].key).is_lt());
        let inside = |key: &[u8]| {
            range.least.is_none_or(|least| order(least, key).is_le())
                && range.below.is_none_or(|below| order(key, below).is_lt())
        };
        if !sorted || !keys.iter().all(|node| inside(node.key)) {
            return wrong("its keys are out of order");
        }
        if depth > 1 {
            if nodes.len() < 2 {
                return wrong("a branch with nothing to choose from");
            }
            let mut found = 0;
            for (place, node) in nodes.iter().enumerate() {
                let below = nodes.get(place + 1).map(|next| next.key).or(range.below);
                let least = if place == 0 {
                    range.least
                } else {
                    Some(node.key)
                };
                let range = Range { least, below };
                found += self.subtree(node.child(), depth - 1, range, numbers, visit)?;
            }
            return Ok(found);
        }
        for node in &nodes {
            match node.flags & BIG {
                0 => match node.rest.get(..node.length()) {
                    Some(value) => visit(number, node.key, value, node.flags)?,
                    None => return wrong("a value beyond its bounds"),
                },
                _ => {
                    let value = self.overflow(number, node)?;
                    visit(number, node.key, &value, node.flags & !BIG)?;
                }
            }
        }
        Ok(nodes.len() as u64)
    }

    fn page(&mut self, number: u64) -> Result<Vec<u8>> {
        if number > self.last_page {
            return Err(Unsound::Page(number, "it lies beyond the last page"));
        }
        if !self.used.insert(number) {
            return Err(Unsound::Page(number, "two pages lead to it"));
        }
        let mut page = vec![0; self.page_size];
        read_exact_at(&self.file, &mut page, number * self.page_size as u64)?;
        if u64_at(&page, 0) == number {
            Ok(page)
        } else {
            Err(Unsound::Page(number, "another page lies there"))
        }
    }

    /// The value of a node that lies on pages of its own.
    fn overflow(&mut self, page: u64, node: &Node<'_>) -> Result<Vec<u8>> {
        let length = node.length();
        let Some(first) = node.rest.first_chunk::<8>().map(|b| u64::from_le_bytes(*b)) else {
            return Err(Unsound::Page(page, "a value beyond its bounds"));
        };
        if length > MAX_VALUE.max(self.page_size * (self.last_page as usize + 1)) {
            return Err(Unsound::Page(page, "a value of an absurd length"));
        }
        let head = self.page(first)?;
        let pages = (PAGE_HEADER + length).div_ceil(self.page_size);
        if u16_at(&head, 10) != OVERFLOW
            || u32::from_le_bytes(part(&head, 12)) as usize != pages
            || first + pages as u64 - 1 > self.last_page
        {
            return Err(Unsound::Page(first, "it is not the value it should be"));
        }
        for more in 1..pages as u64 {
            if !self.used.insert(first + more) {
                return Err(Unsound::Page(first + more, "two pages lead to it"));
            }
        }
        let mut value = vec![0; length];
        let at = first * self.page_size as u64 + PAGE_HEADER as u64;
        read_exact_at(&self.file, &mut value, at)?;
        Ok(value)
    }
}

/// `MDB_node`
struct Node<'p> {
    low: u32,
    flags: u16,
    key: &'p [u8],
    /// What follows the key, to the end of the page.
    rest: &'p [u8],
}

impl<'p> Node<'p> {
    fn parse(bytes: &'p [u8]) -> Option<Self> {
        let head: &[u8; NODE_HEADER] = bytes.first_chunk()?;
        let key_length = usize::from(u16_at(head, 6));
        let key = bytes.get(NODE_HEADER..NODE_HEADER + key_length)?;
        Some(Self {
            low: u32::from_le_bytes(part(head, 0)),
            flags: u16_at(head, 4),
            key,
            rest: &bytes[NODE_HEADER + key_length..],
        })
    }

    /// Of a leaf: bytes of its value.
    fn length(&self) -> usize {
        self.low as usize
    }

    /// Of a branch: the page below.
    fn child(&self) -> u64 {
        u64::from(self.low) | u64::from(self.flags) << 32
    }
}

fn number_of(key: &[u8]) -> u64 {
    key.first_chunk::<8>().map_or(0, |b| u64::from_le_bytes(*b))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(part(bytes, at))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(part(bytes, at))
}

/// `N` bytes from `at` on.
fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes[at..at + N].try_into().expect("the range has N bytes")
}
