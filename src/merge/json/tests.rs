use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}

fn merged(base: &str, ours: &str, theirs: &str) -> Merged {
    merge_json(base, ours, theirs).expect("JSON")
}

fn clean(base: &str, ours: &str, theirs: &str) -> String {
    let merged = merged(base, ours, theirs);
    assert!(
        merged.conflicts().is_empty() && merged.twice.is_empty(),
        "{merged:?}"
    );
    merged.text
}

#[test]
fn a_hand_edit_and_a_new_generation_both_survive() {
    let base = json!({"target": 96, "shots": [
        {"shot_id": "1_001", "lens": 35, "content": "A door."},
        {"shot_id": "1_002", "lens": 50, "content": "Rae waits."},
    ]});
    let mut ours = base.clone();
    ours["shots"][1]["lens"] = json!(85);
    let theirs = json!({"target": 120, "shots": [
        {"shot_id": "1_001", "lens": 35, "content": "A red door."},
        {"shot_id": "1_001A", "lens": 35, "content": "It opens."},
        {"shot_id": "1_002", "lens": 50, "content": "Rae waits."},
    ]});
    let mut expected = theirs.clone();
    expected["shots"][2]["lens"] = json!(85);
    let text = clean(&pretty(&base), &pretty(&ours), &pretty(&theirs));
    assert_eq!(text, pretty(&expected));
}

#[test]
fn where_both_changed_a_field_ours_stays_and_is_named() {
    let base = json!({"shots": [{"shot_id": "1_001", "lens": 35}]});
    let ours = json!({"shots": [{"shot_id": "1_001", "lens": 85}]});
    let theirs = json!({"shots": [{"shot_id": "1_001", "lens": 24}]});
    let merged = merged(&pretty(&base), &pretty(&ours), &pretty(&theirs));
    assert_eq!(merged.text, pretty(&ours));
    assert_eq!(merged.conflicts(), ["/shots/1_001/lens"]);
}

#[test]
fn a_locked_entry_stays_whole_whatever_the_other_side_makes_of_it() {
    let shot =
        |id: &str, content: &str| json!({"shot_id": id, "content": content, "locked": false});
    let base = json!({"shots": [shot("a", "A"), shot("b", "B"), shot("c", "C")]});
    let mut ours = base.clone();
    ours["shots"][1]["locked"] = json!(true);
    for (theirs, expected) in [
        (
            json!([shot("a", "A2"), shot("b", "B2"), shot("c", "C")]),
            ["a", "b", "c"].as_slice(),
        ),
        (json!([shot("a", "A"), shot("c", "C2")]), &["a", "b", "c"]),
        (json!([shot("c", "C"), shot("d", "D")]), &["b", "c", "d"]),
        (json!([]), &["b"]),
    ] {
        let theirs = json!({"shots": theirs});
        let joined = merge_json_locked(&pretty(&base), &pretty(&ours), &pretty(&theirs));
        let joined = joined.expect("JSON");
        assert_eq!(joined.conflicts(), Vec::<String>::new());
        let joined: Value = serde_json::from_str(&joined.text).unwrap();
        let shots = joined["shots"].as_array().unwrap();
        let ids: Vec<&str> = shots
            .iter()
            .map(|shot| shot["shot_id"].as_str().unwrap())
            .collect();
        assert_eq!(ids, expected);
        let locked = shots.iter().find(|shot| shot["shot_id"] == "b");
        assert_eq!(locked, Some(&ours["shots"][1]));
    }
}

#[test]
fn what_one_side_removed_and_the_other_left_alone_is_gone() {
    let base = json!({"shots": [{"shot_id": "a", "n": 1}, {"shot_id": "b", "n": 2}]});
    let ours = json!({"shots": [{"shot_id": "b", "n": 3}]});
    let theirs = json!({"shots": [{"shot_id": "a", "n": 1}, {"shot_id": "b", "n": 2}], "x": 1});
    let expected = json!({"shots": [{"shot_id": "b", "n": 3}], "x": 1});
    let text = clean(&pretty(&base), &pretty(&ours), &pretty(&theirs));
    assert_eq!(text, pretty(&expected));
    // What one removed and the other changed nobody can decide.
    let conflict = merged("{\"a\":1,\"b\":1}", "{\"b\":1}", "{\"a\":2,\"b\":1}");
    assert_eq!(
        (conflict.text.as_str(), conflict.conflicts()),
        ("{\"b\":1}", vec!["/a".into()])
    );
}

#[test]
fn what_one_side_put_elsewhere_and_the_other_took_out_is_a_conflict() {
    let list = |ids: &str| -> String {
        let entry = |id: char| json!({ "id": id.to_string(), "n": 1 });
        pretty(&json!({ "people": ids.chars().map(entry).collect::<Vec<_>>() }))
    };
    let (base, moved, cut) = (list("abcd"), list("bcda"), list("bcd"));
    let here = merged(&base, &moved, &cut);
    assert_eq!(here.conflicts(), ["/people/a"]);
    assert_eq!(here.text, moved);
    assert!(here.places[0].ours.is_some() && here.places[0].theirs.is_none());
    let there = merged(&base, &cut, &moved);
    assert_eq!(there.conflicts(), ["/people/a"]);
    assert_eq!(there.text, cut);
    // What it passed stands where it stood: to take that out collides with nothing.
    assert_eq!(clean(&base, &moved, &list("acd")), list("cda"));
    let new_run = merge_json_locked(&base, &moved, &cut).expect("JSON");
    assert!(new_run.conflicts().is_empty(), "{new_run:?}");
}

#[test]
fn a_list_that_both_sides_reordered_is_a_conflict() {
    let list = |order: &str| {
        let entries = order.chars().map(|id| format!("{{\"shot_id\":\"{id}\"}}"));
        format!("{{\"shots\":[{}]}}", entries.collect::<Vec<_>>().join(","))
    };
    for (base, ours, theirs) in [
        ("abc", "cab", "acb"),
        ("abcd", "bacd", "abdc"),
        ("abc", "cabx", "yacb"),
        // What both added.
        ("ab", "abxy", "abyx"),
        ("", "abc", "bca"),
    ] {
        let found = merged(&list(base), &list(ours), &list(theirs));
        assert_eq!(found.conflicts(), ["/shots"], "{base} {ours} {theirs}");
        let at = |id: char| found.text.find(&format!("\"{id}\"")).expect("an entry");
        assert!(
            ours.chars().map(at).is_sorted(),
            "{base} {ours} {theirs}: {}",
            found.text
        );
    }
    for (base, ours, theirs, expected) in [
        ("abc", "cab", "abc", "cab"),
        ("abc", "abc", "cab", "cab"),
        ("abc", "cab", "cab", "cab"),
        ("abc", "cab", "axbc", "cabx"),
        ("abc", "cab", "cb", "cb"),
        ("", "ab", "ab", "ab"),
    ] {
        let text = clean(&list(base), &list(ours), &list(theirs));
        let ids = text.split("_id\":\"").skip(1);
        let ids: String = ids.filter_map(|rest| rest.chars().next()).collect();
        assert_eq!(ids.len(), expected.len(), "{base} {ours} {theirs}");
        if expected.len() == base.len() {
            assert_eq!(ids, expected, "{base} {ours} {theirs}");
        }
    }
}

#[test]
fn lists_of_plain_values_are_joined_entry_by_entry() {
    let base = "{\"tags\": [1, \"b\", true, \"d\"]}";
    for (ours, theirs, expected) in [
        (
            "[2, \"b\", true, \"d\"]",
            "[1, \"b\", true]",
            "[2, \"b\", true]",
        ),
        (
            "[1, \"b\", true]",
            "[0, 1, \"b\", true, \"d\"]",
            "[0, 1, \"b\", true]",
        ),
        (
            "[1, \"b\", true, \"d\", \"d\"]",
            "[2, \"b\", true, \"d\"]",
            "[2, \"b\", true, \"d\", \"d\"]",
        ),
    ] {
        let of = |list: &str| format!("{{\"tags\": {list}}}");
        assert_eq!(clean(base, &of(ours), &of(theirs)), of(expected));
        assert_eq!(clean(base, &of(theirs), &of(ours)), of(expected));
    }
    let found = merged(base, &base.replace('1', "2"), &base.replace('1', "3"));
    assert_eq!(found.conflicts(), ["/tags"]);
    let nested = merged("[[1], 2]", "[[3], 2]", "[[1], 4]");
    assert_eq!(nested.conflicts(), [""]);
}

#[test]
fn entries_without_an_id_are_told_apart_by_what_each_has_alone() {
    let base = r#"[{"code": "a", "n": 1, "m": 1}, {"code": "b", "n": 1, "m": 1}, {"code": "c", "n": 1, "m": 1}]"#;
    let ours = base.replace(r#""a", "n": 1"#, r#""a", "n": 2"#);
    let theirs = base.replace(r#"{"code": "a", "n": 1, "m": 1}, "#, "");
    let theirs = theirs.replace(r#"1}]"#, r#"3}]"#);
    assert_eq!(merged(base, &ours, &theirs).conflicts(), ["/a"]);
    let kept = base.replace(r#"1}]"#, r#"3}]"#);
    let both = ours.replace(r#"1}]"#, r#"3}]"#);
    assert_eq!(clean(base, &ours, &kept), both);
    // The same lens is no name: two new entries are not one.
    let base = r#"[{"lens": 35, "t": 1}, {"lens": 50, "t": 2}]"#;
    let ours = base.replace("]", r#", {"lens": 85, "t": 3}]"#);
    let theirs = base.replace("]", r#", {"lens": 85, "u": 4}]"#);
    assert_eq!(merged(base, &ours, &theirs).conflicts(), [""]);
}

#[test]
fn entries_with_nothing_of_their_own_go_by_their_place_while_none_comes_or_goes() {
    let base = r#"[{"x": 1, "y": 1, "z": 1}, {"x": 1, "y": 1, "z": 1}]"#;
    let ours = base.replacen(r#""x": 1"#, r#""x": 2"#, 1);
    let theirs = base.replacen(r#""y": 1"#, r#""y": 3"#, 1);
    let both = ours.replacen(r#""y": 1"#, r#""y": 3"#, 1);
    assert_eq!(clean(base, &ours, &theirs), both);
    let points = "[[1, 2, 3], [4, 5, 6]]";
    let (ours, theirs) = (points.replace('2', "7"), points.replace('6', "8"));
    assert_eq!(clean(points, &ours, &theirs), "[[1, 7, 3], [4, 5, 8]]");
    // As many, but others: one was taken out, and one added.
    let base = r#"[{"a": 1, "f": false}, {"b": 2, "f": false}, {"c": 3, "f": false}]"#;
    let ours = r#"[{"b": 2, "f": false}, {"c": 3, "f": false}, {"d": 4, "f": false}]"#;
    let theirs = base.replace(r#"3, "f": false"#, r#"3, "f": true"#);
    assert_eq!(merged(base, ours, &theirs).conflicts(), [""]);
}

#[test]
fn what_nobody_touched_keeps_its_bytes() {
    for (base, ours, theirs, expected) in [
        (
            "{\"k\":1,\"m\":1,\"big\":12345678901234567890123}",
            "{\"k\":2,\"m\":1,\"big\":12345678901234567890123}",
            "{\"k\":1,\"m\":3,\"big\":12345678901234567890123}",
            "{\"k\":2,\"m\":3,\"big\":12345678901234567890123}",
        ),
        (
            "{\"a\":8.50,\"b\":\"\\u00e9\\/\",\"c\":1e2,\"d\":0}",
            "{\"a\":8.50,\"b\":\"\\u00e9\\/\",\"c\":1e2,\"d\":7}",
            "{\"a\":8.500,\"b\":\"\\u00e9\\/\",\"c\":1e2,\"d\":0, \"e\":[ 1,2 ]}",
            "{\"a\":8.500,\"b\":\"\\u00e9\\/\",\"c\":1e2,\"d\":7,\"e\":[ 1,2 ]}",
        ),
        // Line ends, a mark at the beginning, no line end at the end, keys in another order.
        (
            "\u{feff}{\r\n  \"a\": 1,\r\n  \"b\": 1\r\n}",
            "\u{feff}{\r\n  \"a\": 2,\r\n  \"b\": 1\r\n}",
            "\u{feff}{\r\n  \"b\": 3,\r\n  \"a\": 1\r\n}",
            "\u{feff}{\r\n  \"b\": 3,\r\n  \"a\": 2\r\n}",
        ),
        // An object that is in nobody's way may say a thing twice.
        (
            "{\"x\":{\"k\":1,\"k\":2},\"a\":1,\"b\":1}",
            "{\"x\":{\"k\":1,\"k\":2},\"a\":2,\"b\":1}",
            "{\"x\":{\"k\":1,\"k\":2},\"a\":1,\"b\":2}",
            "{\"x\":{\"k\":1,\"k\":2},\"a\":2,\"b\":2}",
        ),
    ] {
        assert_eq!(clean(base, ours, theirs), expected);
    }
}

#[test]
fn one_side_may_change_the_layout_and_the_other_a_value() {
    let base = "{\"a\":1,\"list\":[1,2],\"b\":{\"c\":1}}";
    let laid_out =
        "{\r\n\t\"a\": 1,\r\n\t\"list\": [1, 2],\r\n\t\"b\": {\r\n\t\t\"c\": 1\r\n\t}\r\n}\r\n";
    let edited = "{\"a\":2,\"list\":[1,2],\"b\":{\"c\":3}}";
    let expected = laid_out
        .replace("\"a\": 1", "\"a\": 2")
        .replace("\"c\": 1", "\"c\": 3");
    assert_eq!(clean(base, laid_out, edited), expected);
    assert_eq!(clean(base, edited, laid_out), expected);
}

#[test]
fn what_is_added_takes_the_layout_of_its_neighbours() {
    // A member with lines of its own goes into a file of tabs and CRLF, and into one line.
    let base = "{\n  \"a\": 1\n}\n";
    let theirs = "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": [\n      1\n    ]\n  }\n}\n";
    let tabs = "{\r\n\t\"a\": 2\r\n}\r\n";
    assert_eq!(
        clean(base, tabs, theirs),
        "{\r\n\t\"a\": 2,\r\n\t\"b\": {\r\n\t  \"c\": [\r\n\t    1\r\n\t  ]\r\n\t}\r\n}\r\n"
    );
    assert_eq!(
        clean(base, "{\"a\": 2, \"z\": 0}\n", theirs),
        "{\"a\": 2, \"z\": 0, \"b\": {\"c\": [1]}}\n"
    );
    // The first and the last of a list are laid out like the others.
    let base = "[{\"id\":\"a\"}, {\"id\":\"b\"}]";
    assert_eq!(
        clean(
            base,
            "[{\"id\":\"b\"}]",
            "[{\"id\":\"a\"}, {\"id\":\"b\"}, {\"id\":\"c\"}]"
        ),
        "[{\"id\":\"b\"}, {\"id\":\"c\"}]"
    );
    assert_eq!(
        clean("{}", "{ \"a\": 1 }", "{\"b\":1}"),
        "{ \"a\": 1, \"b\": 1 }"
    );
}

#[test]
fn what_stands_twice_is_named_and_nothing_of_it_is_lost() {
    let found = merged(
        "{\"k\":1,\"a\":1}",
        "{\"k\":1,\"k\":2,\"a\":1}",
        "{\"k\":1,\"a\":2}",
    );
    assert_eq!(found.text, "{\"k\":1,\"k\":2,\"a\":1}");
    assert_eq!(
        (found.twice.clone(), found.conflicts()),
        (vec!["/k".into()], vec![])
    );
}

#[test]
fn what_is_no_json_and_what_is_too_deep_is_not_taken_apart() {
    assert_eq!(merge_json("{}", "{} x", "{}"), None);
    let deep = |inner: &str| format!("{}{inner}{}", "[".repeat(5000), "]".repeat(5000));
    let found = merge_json(&deep("1"), &deep("2"), &deep("3")).expect("JSON");
    assert_eq!(found.conflicts(), [""]);
    let object = |inner: &str| format!("{}{inner}{}", "{\"a\":".repeat(5000), "}".repeat(5000));
    let found = merge_json(&object("1"), &object("2"), &object("3")).expect("JSON");
    assert_eq!(found.conflicts().len(), 1);
}

/// A tree whose leaves and gaps are written in every way there is.
#[derive(Debug, Clone)]
enum Tree {
    Leaf(String),
    List(Vec<(String, Tree, String)>),
    /// Before, key, colon, value, after.
    Object(Vec<(String, String, String, Tree, String)>),
}

fn gap() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just(String::new()),
        2 => Just(" ".to_owned()),
        1 => Just("\n  ".to_owned()),
        1 => Just("\r\n\t".to_owned()),
        1 => Just("\n\n ".to_owned()),
    ]
}

fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?",
        Just("null".to_owned()),
        Just("true".to_owned()),
        "\"([a-zé{}:,\\[\\]]|\\\\u00e9|\\\\/|\\\\\"|\\\\\\\\|\\\\n){0,8}\"",
    ]
}

fn tree() -> impl Strategy<Value = Tree> {
    leaf()
        .prop_map(Tree::Leaf)
        .prop_recursive(4, 40, 5, |inner| {
            let members = prop::collection::vec((gap(), gap(), gap(), inner.clone(), gap()), 1..6);
            prop_oneof![
                prop::collection::vec((gap(), inner, gap()), 0..4).prop_map(Tree::List),
                members.prop_map(|members| {
                    let members = members.into_iter().enumerate();
                    let named = |(index, (before, a, b, value, after))| {
                        let key = match index % 2 {
                            0 => format!("\"k{index}\""),
                            _ => format!("\"\\u006b{index}\""),
                        };
                        (before, key, format!("{a}:{b}"), value, after)
                    };
                    Tree::Object(members.map(named).collect())
                }),
            ]
        })
}

/// The text, and where in it the values of members of objects lie that are reached through objects
/// alone.
fn write(tree: &Tree, reachable: bool, out: &mut String, leaves: &mut Vec<(usize, usize)>) {
    match tree {
        Tree::Leaf(text) => {
            if reachable {
                leaves.push((out.len(), out.len() + text.len()));
            }
            out.push_str(text);
        }
        Tree::List(items) => {
            out.push('[');
            for (index, (before, value, after)) in items.iter().enumerate() {
                *out += if index > 0 { "," } else { "" };
                *out += before;
                write(value, false, out, leaves);
                *out += after;
            }
            out.push(']');
        }
        Tree::Object(items) => {
            out.push('{');
            for (index, (before, key, colon, value, after)) in items.iter().enumerate() {
                *out += if index > 0 { "," } else { "" };
                *out += &format!("{before}{key}{colon}");
                write(value, reachable, out, leaves);
                *out += after;
            }
            out.push('}');
        }
    }
}

proptest! {
    #[test]
    fn what_one_side_changed_is_the_result_byte_for_byte(a in tree(), b in tree()) {
        let text = |tree| {
            let mut text = String::from(" ");
            write(tree, true, &mut text, &mut Vec::new());
            text + "\r\n"
        };
        let (a, b) = (text(&a), text(&b));
        prop_assert_eq!(&merged(&a, &a, &b).text, &b);
        prop_assert_eq!(&merged(&a, &b, &a).text, &b);
        prop_assert_eq!(&merged(&a, &b, &b).text, &b);
    }

    #[test]
    fn edits_of_different_values_are_both_there_and_nothing_else_changes(
        tree in tree(),
        picks in prop::collection::vec((any::<prop::sample::Index>(), leaf(), any::<bool>()), 1..6),
    ) {
        let (mut base, mut leaves) = (String::new(), Vec::new());
        write(&tree, true, &mut base, &mut leaves);
        prop_assume!(!leaves.is_empty());
        let mut edits: Vec<Option<(String, bool)>> = vec![None; leaves.len()];
        for (index, text, is_ours) in picks {
            edits[index.index(leaves.len())] = Some((text, is_ours));
        }
        let edited = |by: &dyn Fn(bool) -> bool| {
            let mut text = base.clone();
            for (edit, (from, to)) in edits.iter().zip(&leaves).rev() {
                if let Some((new, is_ours)) = edit && by(*is_ours) {
                    text.replace_range(*from..*to, new);
                }
            }
            text
        };
        let found = merged(&base, &edited(&|ours| ours), &edited(&|ours| !ours));
        prop_assert!(found.conflicts().is_empty(), "{:?}", found);
        prop_assert_eq!(found.text, edited(&|_| true));
    }
}
