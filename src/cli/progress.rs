//! How far long work is, drawn on a terminal.

use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::workflow::progress::Progress;

/// One line on standard error that is wiped when the work is done.
#[derive(Debug, Default)]
pub(super) struct Bar(Mutex<Option<ProgressBar>>);

impl Progress for Bar {
    fn start(&self, what: &str, total: Option<u64>) {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
        let template = match total {
            Some(_) => "{msg} {wide_bar} {pos}/{len} {eta}",
            None => "{spinner} {msg} {pos}",
        };
        // A template is a constant of this program: with a wrong one the plain bar is drawn.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(super::format::shown(what).to_string());
        self.replace(Some(bar));
    }

    fn advance(&self, by: u64) {
        if let Some(bar) = self.0.lock().expect("drawing does not panic").as_ref() {
            bar.inc(by);
        }
    }

    fn finish(&self) {
        self.replace(None);
    }
}

impl Bar {
    fn replace(&self, bar: Option<ProgressBar>) {
        let old = std::mem::replace(&mut *self.0.lock().expect("drawing does not panic"), bar);
        if let Some(old) = old {
            old.finish_and_clear();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.replace(None);
    }
}
