use super::*;
use crate::film::pages::revision;

const OLD: &str = "Title: Night <Ferry>\n\nINT. CABIN - NIGHT\n\nMila *waits*. Ærø “sleeps”. 雨\n\nMILA\nWe are late.\n";

fn head() -> Head {
    Head {
        title: "Night <Ferry>".to_owned(),
        paper: Paper::FIRST_REVISION,
        date: "11/21/26".to_owned(),
    }
}

fn pages() -> crate::film::pages::Pages {
    let new = OLD.replace("late", "early") + "\nINT. DECK - DAY\n\n_Wind_ & rain.\n";
    revision(OLD, &new, [None, None])
}

#[test]
fn a_page_has_a_head_numbers_and_asterisks() {
    let pages = pages();
    let page = &pages.pages[0];
    assert_eq!(
        head().line(page),
        "Night <Ferry>                         BLUE REV. 11/21/26      1."
    );
    let lines: Vec<String> = page.rows.iter().map(line).collect();
    assert_eq!(
        lines[0],
        format!("1      INT. CABIN - NIGHT{}1", " ".repeat(44))
    );
    assert_eq!(
        lines[5],
        format!("{}We are early.{}*", " ".repeat(17), " ".repeat(44))
    );
    assert_eq!(
        lines[7],
        format!("2      INT. DECK - DAY{}2    *", " ".repeat(47))
    );
}

#[test]
fn the_web_page_says_the_same_and_runs_nothing() {
    let pages = pages();
    let html = html(&head(), pages.revised());
    for part in [
        "<title>Night &lt;Ferry&gt; - BLUE REV. 11/21/26</title>",
        "--paper: #d6e6f5",
        "<section id=\"page-1\">",
        "       Mila <i>waits</i>. Ærø “sleeps”. 雨\n",
        "<u>Wind</u> &amp; rain.",
        "<mark>*</mark>",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(!html.contains("<script") && !html.contains("http"));
}

#[test]
fn the_pdf_holds_the_letters_of_its_font() {
    let pages = pages();
    let made = pdf(&head(), pages.revised()).expect("a page");
    assert_eq!(made.unknown, 1);
    assert_eq!(pdf(&head(), pages.revised()), Some(made.clone()));
    let has = |bytes: &[u8]| made.bytes.windows(bytes.len()).any(|part| part == bytes);
    assert!(made.bytes.starts_with(b"%PDF-1."));
    for part in [
        &b"(BLUE REV. 11/21/26"[1..],
        b"/Courier-Oblique",
        b"INT. DECK - DAY",
        b"/Count 1",
    ] {
        assert!(has(part), "{}", String::from_utf8_lossy(part));
    }
    assert_eq!(pdf(&head(), std::iter::empty()), None);
}
