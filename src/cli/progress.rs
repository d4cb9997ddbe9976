//! What a use case tells, on a terminal: a progress bar on stderr while it works, its messages above the bar.
//!
//! Bars are drawn only where [`OutputOptions::bars`](super::output::OutputOptions) says so; never on stdout.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::printer::Printer;
use crate::ops::observer::{Level, Message, Observer};
use crate::report::text::escape_text;

const BAR: &str = "{msg} {wide_bar} {bytes}/{total_bytes} {eta}";
const PIECES: &str = "{msg} {wide_bar} {human_pos}/{human_len} {eta}";
const SPINNER: &str = "{spinner} {msg} {bytes}";
/// How often a bar moves where nothing else moves it.
const TICK: Duration = Duration::from_millis(120);

/// An observer that draws bars and prints messages.
pub struct TerminalObserver {
    printer: Arc<Printer>,
    bar: Mutex<Option<ProgressBar>>,
    told_of_waiting: AtomicBool,
}

impl TerminalObserver {
    /// An observer that prints through `printer`, and draws bars where its options allow it.
    #[must_use]
    pub fn new(printer: Arc<Printer>) -> Self {
        Self { printer, bar: Mutex::new(None), told_of_waiting: AtomicBool::new(false) }
    }

    fn bar(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.bar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self, what: &str, total: Option<u64>, template: &str) {
        if self.printer.options().bars {
            let bar = new_bar(what, total, template);
            bar.enable_steady_tick(TICK);
            if let Some(earlier) = self.bar().replace(bar) {
                earlier.finish_and_clear();
            }
        }
    }
}

impl Observer for TerminalObserver {
    fn started(&self, what: &str, total_bytes: Option<u64>) {
        self.start(what, total_bytes, if total_bytes.is_some() { BAR } else { SPINNER });
    }

    fn started_pieces(&self, what: &str, total: u64) {
        self.start(what, Some(total), PIECES);
    }

    fn advanced(&self, amount: u64) {
        if let Some(bar) = self.bar().as_ref() {
            bar.inc(amount);
        }
    }

    fn finished(&self) {
        if let Some(bar) = self.bar().take() {
            bar.finish_and_clear();
        }
    }

    /// Told once: the wait itself has its end in `--wait`.
    fn waiting_for_database(&self, seconds: u64) {
        if !self.told_of_waiting.swap(true, Ordering::Relaxed) {
            let text =
                format!("waiting for the database, which another process has held for {seconds} s (--wait)");
            self.message(Level::Info, &Message::new(text).of("waiting_for_database"));
        }
    }

    fn message(&self, level: Level, message: &Message) {
        let bar = self.bar();
        match bar.as_ref() {
            Some(bar) => bar.suspend(|| self.printer.message(level, message)),
            None => self.printer.message(level, message),
        }
    }
}

/// A bar must not outlive the command: the shell's prompt would stand behind it.
impl Drop for TerminalObserver {
    fn drop(&mut self) {
        self.finished();
    }
}

fn new_bar(what: &str, total: Option<u64>, template: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(escape_text(what).into_owned());
    bar
}

#[cfg(test)]
mod tests {
    use super::super::args::global::{ColourChoice, Format};
    use super::super::environment::Environment;
    use super::super::output::OutputOptions;
    use super::super::testing::Captured;
    use super::*;

    fn observer(bars: bool) -> (TerminalObserver, Captured) {
        let stderr = Captured::default();
        let options = OutputOptions::early(Format::Text, ColourChoice::Never, &Environment::default());
        let options = OutputOptions { bars, ..options };
        let printer = Printer::new(options, Captured::default().stream(), stderr.stream());
        (TerminalObserver::new(Arc::new(printer)), stderr)
    }

    #[test]
    fn every_template_is_understood() {
        assert!(ProgressStyle::with_template(BAR).is_ok());
        assert!(ProgressStyle::with_template(PIECES).is_ok());
        assert!(ProgressStyle::with_template(SPINNER).is_ok());
    }

    #[test]
    fn a_bar_counts_what_was_done_and_goes_away() {
        let (observer, _) = observer(true);
        observer.started("reading a.csv", Some(100));
        observer.advanced(40);
        observer.advanced(2);
        let seen = observer.bar().as_ref().map(|bar| (bar.position(), bar.length(), bar.message()));
        assert_eq!(seen, Some((42, Some(100), "reading a.csv".into())));
        observer.started("reading -", None);
        assert_eq!(observer.bar().as_ref().map(ProgressBar::length), Some(None));
        observer.started_pieces("taking snapshots", 3);
        observer.advanced(1);
        let seen = observer.bar().as_ref().map(|bar| (bar.position(), bar.length()));
        assert_eq!(seen, Some((1, Some(3))));
        observer.finished();
        assert!(observer.bar().is_none());
    }

    #[test]
    fn without_bars_nothing_is_drawn_and_messages_still_pass() {
        for bars in [false, true] {
            let (observer, stderr) = observer(bars);
            observer.started("reading a.csv", Some(100));
            assert_eq!(observer.bar().is_some(), bars);
            observer.message(Level::Info, &Message::new("hello"));
            observer.finished();
            assert_eq!(stderr.text(), "hello\n");
        }
    }

    #[test]
    fn a_wait_is_told_once() {
        let (observer, stderr) = observer(false);
        observer.waiting_for_database(2);
        observer.waiting_for_database(3);
        let told = "waiting for the database, which another process has held for 2 s (--wait)\n";
        assert_eq!(stderr.text(), told);
    }
}
