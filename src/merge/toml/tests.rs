use proptest::prelude::*;

use super::*;
use crate::merge::pick;

const BIBLE: &str = "\
# Mila, who keeps the ferry.

name = \"Mila\"
# What the body and face look like.
physical = \"tall, grey coat\" # until act two
references = [\"a.png\", \"b.png\", \"c.png\"]

# Clothes by act.
[wardrobe]
default = \"oilskin\"
\"1\" = \"a blue coat\"

[voice]
pitch = 40
speed = 160
";

fn joined(base: &str, ours: &str, theirs: &str) -> (String, Vec<String>) {
    let merged = join_toml(base, ours, theirs).expect("it is joined by field");
    let places = merged.conflict.unwrap_or_default().into_iter();
    let pointers = places
        .map(|place| place.pointer.expect("a field"))
        .collect();
    (String::from_utf8(merged.bytes).expect("text"), pointers)
}

fn clean(base: &str, ours: &str, theirs: &str) -> String {
    let (text, places) = joined(base, ours, theirs);
    assert_eq!(places, [""; 0], "{text}");
    text
}

#[test]
fn neighbouring_fields_are_joined_and_nothing_else_changes() {
    let ours = BIBLE
        .replace("pitch = 40", "pitch = 50")
        .replace("# until act two", "# always");
    let theirs = BIBLE
        .replace("speed = 160", "speed = 150")
        .replace("grey coat", "green coat");
    let both = ours
        .replace("speed = 160", "speed = 150")
        .replace("grey coat", "green coat");
    assert_eq!(clean(BIBLE, &ours, &theirs), both);
    assert_eq!(clean(BIBLE, &theirs, &ours), both);
}

#[test]
fn what_both_add_at_one_place_is_there_ours_first() {
    let ours = BIBLE.replace("speed = 160\n", "speed = 160\nname = \"en+f3\"\n");
    let theirs = BIBLE.replace(
        "speed = 160\n",
        "speed = 160\n# In words.\ndescription = \"low\"\n\n[x_notes]\nby = \"N\"\n",
    );
    let text = clean(BIBLE, &ours, &theirs);
    let end = "speed = 160\nname = \"en+f3\"\n# In words.\ndescription = \"low\"\n\n[x_notes]\nby = \"N\"\n";
    assert!(text.ends_with(end), "{text}");
}

#[test]
fn a_table_that_one_side_wrote_otherwise_is_the_same_table() {
    let ours = BIBLE.replace(
        "[voice]\npitch = 40\nspeed = 160\n",
        "[voice]\nspeed = 0xA0\n# Low.\npitch = 40\n",
    );
    let theirs = BIBLE.replace("pitch = 40", "pitch = 45");
    let text = clean(BIBLE, &ours, &theirs);
    assert!(
        text.ends_with("[voice]\nspeed = 0xA0\n# Low.\npitch = 45\n"),
        "{text}"
    );
}

#[test]
fn a_field_that_both_changed_is_a_place_and_ours_stands() {
    let ours = BIBLE
        .replace("oilskin", "a red coat")
        .replace("[voice]\npitch = 40\nspeed = 160\n", "");
    let theirs = BIBLE
        .replace("oilskin", "a black coat")
        .replace("pitch = 40", "pitch = 45");
    let (text, places) = joined(BIBLE, &ours, &theirs);
    assert_eq!(places, ["/wardrobe/default", "/voice"]);
    assert_eq!(text, ours);
    let settled = |pointer: &str, choice| {
        let versions = Versions {
            stands: &text,
            ours: &ours,
            theirs: &theirs,
        };
        settle_toml(versions, &Place::at_field(pointer), choice)
    };
    let theirs_of = settled("/wardrobe/default", Choice::Theirs).expect("a field");
    assert_eq!(theirs_of, ours.replace("a red coat", "a black coat"));
    assert_eq!(
        settled("/wardrobe/default", Choice::Ours).as_deref(),
        Ok(text.as_str())
    );
    assert_eq!(
        settled("/wardrobe/default", Choice::Both),
        Err(Unsettled::OneOnly)
    );
    let voice = settled("/voice", Choice::Theirs).expect("a table");
    assert!(
        voice.contains("\n\n[voice]\npitch = 45\nspeed = 160\n"),
        "{voice}"
    );
    assert!(voice.contains("a red coat"), "{voice}");
    assert_eq!(
        settled("/nowhere/at/all", Choice::Theirs),
        Err(Unsettled::Edited)
    );
}

#[test]
fn lists_are_joined_entry_by_entry() {
    let ours = BIBLE.replace("\"a.png\"", "\"new.png\"");
    let theirs = BIBLE.replace("\"c.png\"]", "\"c.png\", \"d.png\"]");
    let text = clean(BIBLE, &ours, &theirs);
    assert!(
        text.contains("references = [\"new.png\", \"b.png\", \"c.png\", \"d.png\"]\n"),
        "{text}"
    );
    let theirs = BIBLE.replace("\"a.png\"", "\"other.png\"");
    assert_eq!(joined(BIBLE, &ours, &theirs).1, ["/references"]);
}

const LENSES: &str = "[[lens]]\nid = \"wide\"\nmm = 24\n\n[[lens]]\nid = \"normal\"\nmm = 50\n[lens.coating]\nlayers = 2\n\n[[lens]]\nid = \"long\"\nmm = 135\n";

#[test]
fn entries_of_lists_of_tables_are_told_apart_by_their_id() {
    let normal = &LENSES[LENSES.find("[[lens]]\nid = \"normal").unwrap()
        ..LENSES.find("[[lens]]\nid = \"long").unwrap()];
    // Moved to the end on one side, edited on the other, a new one beside it.
    let ours = format!("{}\n{}", LENSES.replace(normal, ""), normal.trim_end()) + "\n";
    let theirs = LENSES.replace("layers = 2", "layers = 3").replace(
        "mm = 135\n",
        "mm = 135\n\n[[lens]]\nid = \"tele\"\nmm = 300\n",
    );
    let text = clean(LENSES, &ours, &theirs);
    let at = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("{words} in {text}"))
    };
    assert!(
        at("\"long\"") < at("\"normal\"") && at("\"normal\"") < at("layers = 3"),
        "{text}"
    );
    assert!(text.parse::<::toml::Table>().is_ok());
    at("\"tele\"");
    // Taken out on one side, edited on the other.
    let gone = LENSES.replace(normal, "");
    let (kept, places) = joined(LENSES, &theirs, &gone);
    assert_eq!(places, ["/lens/normal"]);
    assert_eq!(kept, theirs);
}

#[test]
fn entries_without_an_id_are_not_taken_for_each_other() {
    let entry = |key: &str, is: bool| format!("[[l]]\n{key} = 1\nf = {is}\ng = 2\n");
    let list = |keys: [&str; 3]| keys.map(|key| entry(key, false)).concat();
    let (base, one_on) = (&list(["a", "b", "c"]), &list(["b", "c", "d"]));
    let edited = base.replace("c = 1\nf = false", "c = 1\nf = true");
    assert_eq!(join_toml(base, one_on, &edited), None);
    let ours = base.replace("a = 1", "x = 0\na = 1");
    let both = edited.replace("a = 1", "x = 0\na = 1");
    assert_eq!(clean(base, &ours, &edited), both);
}

#[test]
fn an_order_that_both_changed_is_a_place() {
    let list = |order: &str| -> String {
        order
            .chars()
            .map(|id| format!("[[x]]\nid = \"{id}\"\n"))
            .collect()
    };
    let (text, places) = joined(&list("abc"), &list("cab"), &list("acb"));
    assert_eq!((text, places), (list("cab"), vec!["/x".to_owned()]));
    let place = Place {
        order: true,
        ..Place::at_field("/x")
    };
    let (ours, theirs) = (list("cab"), list("acb"));
    let versions = Versions {
        stands: &ours,
        ours: &ours,
        theirs: &theirs,
    };
    assert_eq!(
        settle_toml(versions, &place, Choice::Theirs),
        Ok(list("acb"))
    );
}

#[test]
fn remarks_of_both_are_kept_and_collide_where_they_must() {
    let ours = BIBLE.replace("# Clothes by act.", "# Clothes, act by act.");
    let theirs = BIBLE.replace("# until act two", "# for now");
    let both = ours.replace("# until act two", "# for now");
    assert_eq!(clean(BIBLE, &ours, &theirs), both);
    let theirs = BIBLE
        .replace("# Clothes by act.", "# What she wears.")
        .replace("speed = 160", "speed = 1");
    let (text, places) = joined(BIBLE, &ours, &theirs);
    assert_eq!(places, ["/wardrobe"]);
    assert_eq!(text, ours.replace("speed = 160", "speed = 1"));
}

#[test]
fn a_remark_on_what_the_other_side_took_out_is_not_lost_silently() {
    let ours = BIBLE.replace("pitch = 40\n", "");
    let theirs = BIBLE.replace("pitch = 40\n", "# Lower, after the storm.\npitch = 40\n");
    assert_eq!(joined(BIBLE, &ours, &theirs).1, ["/voice/pitch"]);
    assert_eq!(joined(BIBLE, &theirs, &ours).1, ["/voice/pitch"]);
    let gone = BIBLE.replace("\n[voice]\npitch = 40\nspeed = 160\n", "");
    assert_eq!(joined(BIBLE, &gone, &theirs).1, ["/voice"]);
    // Blank lines are no remark.
    let spaced = BIBLE.replace("pitch = 40\n", "\npitch = 40\n");
    assert_eq!(clean(BIBLE, &spaced, &ours), ours);
}

#[test]
fn line_ends_of_ours_are_kept_and_a_last_line_may_lack_one() {
    let base = "a = 1\r\nb = 2";
    assert_eq!(
        clean(base, "a = 3\r\nb = 2", "a = 1\nb = 2\nc = 4\n"),
        "a = 3\r\nb = 2\r\nc = 4\r\n"
    );
    assert_eq!(join_toml("a = 1", "a = ", "a = 2"), None);
}

/// What a file says, however it is written.
fn says(text: &str) -> BTreeMap<String, String> {
    fn gather(value: &::toml::Value, path: String, into: &mut BTreeMap<String, String>) {
        match value {
            ::toml::Value::Table(table) => {
                into.insert(path.clone(), "table".into());
                table
                    .iter()
                    .for_each(|(key, value)| gather(value, format!("{path}/{key}"), into));
            }
            other => drop(into.insert(path, other.to_string())),
        }
    }
    let mut into = BTreeMap::new();
    gather(
        &text.parse::<::toml::Table>().expect("TOML").into(),
        String::new(),
        &mut into,
    );
    into
}

#[derive(Debug, Clone)]
enum Edit {
    Set(usize, u8),
    Remove(usize),
    Add(usize, u8),
    Remark(usize),
}

/// A file of tables of numbers, and the edits of one side.
fn edited(edits: &[Edit], side: u8) -> String {
    let mut fields: Vec<Option<(String, u32)>> =
        (0..12).map(|at| Some((format!("k{at}"), at))).collect();
    let mut added: Vec<Vec<String>> = vec![Vec::new(); 12];
    let mut remarks = [false; 12];
    for edit in edits {
        match *edit {
            Edit::Set(at, to) => {
                if let Some(field) = &mut fields[at % 12] {
                    field.1 = 100 + u32::from(to)
                }
            }
            Edit::Remove(at) => fields[at % 12] = None,
            Edit::Add(at, to) => {
                let name = format!("n{side}_{}", added.iter().map(Vec::len).sum::<usize>());
                added[at % 12].push(format!("{name} = {to}\n"));
            }
            Edit::Remark(at) => remarks[at % 12] = true,
        }
    }
    let mut text = String::from("# The file.\n\n");
    for at in 0..12 {
        if at % 4 == 0 && at > 0 {
            text += &format!("\n[t{}]\n", at / 4);
        }
        if let Some((name, value)) = &fields[at] {
            let remark = if remarks[at] { " # looked at" } else { "" };
            text += &format!("{name} = {value}{remark}\n");
        }
        added[at].iter().for_each(|line| text += line);
    }
    text
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = (0usize..12, any::<u8>(), 0u8..4).prop_map(|(at, to, kind)| match kind {
        0 => Edit::Set(at, to),
        1 => Edit::Remove(at),
        2 => Edit::Add(at, to),
        _ => Edit::Remark(at),
    });
    prop::collection::vec(edit, 0..8)
}

proptest! {
    #[test]
    fn no_edit_of_either_side_is_lost(a in edits(), b in edits()) {
        let (base, ours, theirs) = (edited(&[], 0), edited(&a, 1), edited(&b, 2));
        let (text, places) = joined(&base, &ours, &theirs);
        let (other, other_places) = joined(&base, &theirs, &ours);
        prop_assert_eq!(&joined(&base, &ours, &base).0, &ours);
        prop_assert_eq!(&joined(&base, &base, &theirs).0, &theirs);
        let [old, our, their, both] = [&base, &ours, &theirs, &text].map(|text| says(text));
        let paths: BTreeSet<_> = old.keys().chain(our.keys()).chain(their.keys()).collect();
        for path in paths {
            let (old, our, their) = (old.get(path), our.get(path), their.get(path));
            let expected = pick(old, our, their);
            match expected {
                Some(_) if places.contains(path) => prop_assert_eq!(both.get(path), our),
                Some(expected) => prop_assert_eq!(both.get(path), expected, "{} in {}", path, text),
                None => {
                    prop_assert!(places.contains(path), "{} collides, {:?}", path, places);
                    prop_assert_eq!(both.get(path), our);
                }
            }
        }
        if places.is_empty() {
            prop_assert_eq!(says(&other), both);
        }
        let sorted = |places: Vec<String>| { let mut places = places; places.sort(); places };
        prop_assert_eq!(sorted(places), sorted(other_places));
    }
}
