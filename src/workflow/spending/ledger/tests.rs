use super::*;

fn held(micro_usd: u64) -> Line {
    Line::Held(Held {
        time: Timestamp {
            unix_seconds: 1_767_225_600,
            utc_offset_minutes: 60,
        },
        stage: "clips".into(),
        item: "012_003".into(),
        path: "clips/012_003.mov".into(),
        timeline: Some("main".into()),
        by: "Rae".into(),
        command: None,
        micro_usd,
    })
}

fn settled(hold: u64, micro_usd: u64) -> Line {
    Line::Settled {
        hold,
        micro_usd,
        source: Source::Reported,
        generation: None,
    }
}

fn in_folder(folder: &tempfile::TempDir) -> Ledger {
    let folder = Folder::open(folder.path()).unwrap();
    Ledger::in_folder(&folder, Holder::default())
}

fn filled() -> (tempfile::TempDir, Ledger, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = in_folder(&folder);
    let mut pages = Pages::default();
    for line in [
        held(500),
        held(700),
        settled(1, 450),
        held(900),
        Line::Released { hold: 3 },
    ] {
        ledger.append(&mut pages, &[line]).unwrap();
    }
    let path = folder.path().join("ledger");
    (folder, ledger, path)
}

fn amounts(ledger: &Ledger) -> Vec<(u64, u64)> {
    let pages = ledger.pages().unwrap();
    pages.charges().map(|c| (c.number, c.micro_usd)).collect()
}

#[test]
fn what_is_settled_counts_as_it_was_and_what_is_open_as_it_was_held() {
    let (_folder, ledger, _) = filled();
    assert_eq!(amounts(&ledger), [(1, 450), (2, 700)]);
    let pages = ledger.pages().unwrap();
    let charges: Vec<_> = pages.charges().collect();
    assert_eq!(charges[0].outcome, Outcome::Failed);
    assert_eq!(charges[1].outcome, Outcome::Open);
}

#[test]
fn a_torn_end_is_cut_off_and_written_over() {
    let (_folder, ledger, path) = filled();
    let whole = std::fs::read(&path).unwrap();
    let start = whole[..whole.len() - 1]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .unwrap()
        + 1;
    for end in start..whole.len() {
        crate::base::atomic::write(&path, &whole[..end]).unwrap();
        // Without its release, the third run is open.
        assert_eq!(amounts(&ledger), [(1, 450), (2, 700), (3, 900)], "{end}");
        let mut pages = Pages::default();
        ledger.read_on(&mut pages).unwrap();
        ledger.append(&mut pages, &[settled(2, 1)]).unwrap();
        assert_eq!(amounts(&ledger), [(1, 450), (2, 1), (3, 900)], "{end}");
    }
}

#[test]
fn a_line_that_was_changed_is_told_with_its_number() {
    let (_folder, ledger, path) = filled();
    let text = std::fs::read_to_string(&path).unwrap();
    let changed = text.replacen("450", "045", 1);
    crate::base::atomic::write(&path, changed.as_bytes()).unwrap();
    let error = ledger.pages().unwrap_err();
    assert!(
        error.to_string().ends_with("line 4: its checksum is wrong"),
        "{error}"
    );
    let newer = text.replacen("ledger 1", "ledger 2", 1);
    crate::base::atomic::write(&path, newer.as_bytes()).unwrap();
    assert!(matches!(
        ledger.pages(),
        Err(LedgerError::Damaged { line: 1, .. })
    ));
}

#[test]
fn what_others_append_is_read_on() {
    let (folder, ledger, _) = filled();
    let mut mine = Pages::default();
    ledger.read_on(&mut mine).unwrap();
    let other = in_folder(&folder);
    let mut theirs = Pages::default();
    other.read_on(&mut theirs).unwrap();
    other.append(&mut theirs, &[held(11)]).unwrap();
    ledger.read_on(&mut mine).unwrap();
    assert_eq!(mine.next(), 5);
    ledger.append(&mut mine, &[settled(4, 7)]).unwrap();
    assert_eq!(amounts(&other), [(1, 450), (2, 700), (4, 7)]);
}

#[test]
fn a_ledger_with_other_names_is_copied_and_not_written_into() {
    let (folder, ledger, path) = filled();
    let other = folder.path().join("other");
    std::fs::hard_link(&path, &other).unwrap();
    let before = std::fs::read(&other).unwrap();
    let mut pages = Pages::default();
    ledger.read_on(&mut pages).unwrap();
    ledger.append(&mut pages, &[settled(2, 1)]).unwrap();
    assert_eq!(amounts(&ledger), [(1, 450), (2, 1)]);
    assert_eq!(std::fs::read(&other).unwrap(), before);
}

#[test]
fn a_last_line_that_was_changed_is_damage_and_stays() {
    let (_folder, ledger, path) = filled();
    let whole = std::fs::read_to_string(&path).unwrap();
    let changed = whole.replacen("\"hold\":3", "\"hold\":2", 1);
    // Two such lines are none that were torn, either.
    let two = changed.replacen("900", "009", 1);
    for (text, number) in [(changed, 6), (two, 5)] {
        crate::base::atomic::write(&path, text.as_bytes()).unwrap();
        let mut pages = Pages::default();
        for _ in 0..2 {
            let error = ledger.read_on(&mut pages).unwrap_err().to_string();
            let said = format!("line {number}: its checksum is wrong");
            assert!(error.ends_with(&said), "{error}");
        }
        assert!(ledger.pages().is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn an_end_that_came_to_the_disk_as_zeros_was_never_acknowledged() {
    let (_folder, ledger, path) = filled();
    let whole = std::fs::read(&path).unwrap();
    let start = whole[..whole.len() - 1]
        .iter()
        .rposition(|byte| *byte == b'\n');
    for zeros in [1, 9, whole.len() - start.unwrap() - 1] {
        let mut text = whole.clone();
        text[start.unwrap() + 1..][..zeros].fill(0);
        crate::base::atomic::write(&path, &text).unwrap();
        assert_eq!(amounts(&ledger), [(1, 450), (2, 700), (3, 900)], "{zeros}");
    }
}

#[test]
fn nothing_is_written_that_cannot_be_read_again() {
    let (_folder, ledger, path) = filled();
    let whole = std::fs::read(&path).unwrap();
    let mut pages = Pages::default();
    ledger.read_on(&mut pages).unwrap();
    for lines in [vec![settled(4, 1)], vec![held(1), settled(5, 1)]] {
        assert!(ledger.append(&mut pages, &lines).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), whole);
    }
    ledger
        .append(&mut pages, &[held(1), settled(4, 2)])
        .unwrap();
    assert_eq!(amounts(&ledger), [(1, 450), (2, 700), (4, 2)]);
}

#[test]
fn another_file_in_its_place_is_read_from_the_beginning() {
    let (folder, ledger, path) = filled();
    let mut pages = Pages::default();
    ledger.read_on(&mut pages).unwrap();
    for lines in [1, 9] {
        std::fs::remove_file(&path).unwrap();
        let other = in_folder(&folder);
        let mut theirs = Pages::default();
        // The one is shorter than what was read, the other goes on where that ended.
        let other_lines = vec![held(lines); lines as usize];
        other.append(&mut theirs, &other_lines).unwrap();
        ledger.read_on(&mut pages).unwrap();
        let amounts: Vec<u64> = pages.charges().map(|charge| charge.micro_usd).collect();
        assert_eq!(amounts, vec![lines; lines as usize]);
    }
}
