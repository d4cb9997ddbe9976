//! All that is printed goes through here: the answer to stdout or a file, messages and errors to stderr.
//!
//! A closed pipe ends the answer quietly. Under `--quiet` what was not asked for is held back, and told only
//! where the command does not end well. Text from outside is escaped before it meets a terminal.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::args::global::LogFormat;
use super::exit::Exit;
use super::output::OutputOptions;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::ops::observer::{Level, Message};
use crate::ops::output_file::OutputFile;
use crate::report::error::{ErrorView, render_error_text};
use crate::report::json;
use crate::report::style::{ERROR, WARNING, plain, styled};
use crate::report::text::{DEFAULT_WIDTH, NARROWEST, escape_text};

/// A place to write to.
pub type Stream = Box<dyn Write + Send>;

/// Where the answer goes.
enum Answer {
    Stream(Stream),
    /// A stream whose reader went away.
    Closed,
    File(OutputFile),
}

/// What `--quiet` holds back until it is known how the command ends.
#[derive(Default)]
struct Held {
    messages: Vec<String>,
    summary: String,
}

/// Prints answers, messages and errors; one for a whole process, shared by all threads.
pub struct Printer {
    options: OutputOptions,
    answer: Mutex<Answer>,
    errors: Mutex<Stream>,
    held: Mutex<Held>,
}

impl Printer {
    /// A printer to these streams.
    #[must_use]
    pub fn new(options: OutputOptions, stdout: Stream, stderr: Stream) -> Self {
        Self {
            options,
            answer: Mutex::new(Answer::Stream(stdout)),
            errors: Mutex::new(stderr),
            held: Mutex::default(),
        }
    }

    /// Sends the answer into a file instead, which appears only when the command has ended well.
    ///
    /// # Errors
    /// Where no file can be begun there.
    pub fn redirect(&self, path: &Path) -> Result<()> {
        let file = OutputFile::create(path)?;
        *lock(&self.answer) = Answer::File(file);
        Ok(())
    }

    /// How answers and messages look.
    #[must_use]
    pub fn options(&self) -> &OutputOptions {
        &self.options
    }

    /// The width that text is laid out for.
    #[must_use]
    pub fn text_width(&self) -> usize {
        self.options.width.unwrap_or(DEFAULT_WIDTH).max(NARROWEST)
    }

    /// The width that tables must fit; None (no terminal) means that nothing is cut.
    #[must_use]
    pub fn table_width(&self) -> Option<usize> {
        self.options.width.map(|width| width.max(NARROWEST))
    }

    /// Prints a text answer; its styles go where no colour is wanted, its text must be escaped already.
    ///
    /// # Errors
    /// [`crate::ErrorKind::IoError`] and its like; not for a closed pipe.
    pub fn answer_text(&self, text: &str) -> Result<()> {
        if self.options.colour_stdout { self.write_answer(text) } else { self.write_answer(&plain(text)) }
    }

    /// Prints an answer that nobody asked for in so many words, such as what a write did: `--quiet` drops it
    /// where the command ends well.
    ///
    /// # Errors
    /// As [`Printer::answer_text`].
    pub fn summary_text(&self, text: &str) -> Result<()> {
        if self.options.quiet {
            lock(&self.held).summary.push_str(text);
            return Ok(());
        }
        self.answer_text(text)
    }

    /// Prints JSON or CSV exactly; on a terminal what would steer it is shown instead.
    ///
    /// # Errors
    /// As [`Printer::answer_text`].
    pub fn answer_data(&self, data: &str) -> Result<()> {
        if !self.options.stdout_is_terminal {
            return self.write_answer(data);
        }
        let lines: Vec<_> = data.split('\n').map(escape_text).collect();
        self.write_answer(&lines.join("\n"))
    }

    fn write_answer(&self, text: &str) -> Result<()> {
        let mut answer = lock(&self.answer);
        let (written, name) = match &mut *answer {
            Answer::Closed => return Ok(()),
            Answer::Stream(stream) => (write_whole(stream, text), Path::new("standard output").to_owned()),
            Answer::File(file) => (file.write_all(text.as_bytes()), file.path().to_owned()),
        };
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => *answer = Answer::Closed,
            Err(error) => return Err(Error::io(&name, "write", error)),
            Ok(()) => {}
        }
        Ok(())
    }

    /// Tells something, by its level and the flags.
    pub fn message(&self, level: Level, message: &Message) {
        let hidden = match level {
            Level::Detail => self.options.quiet || !self.options.verbose,
            Level::Info => self.options.quiet,
            Level::Warning | Level::Error => false,
        };
        if hidden {
            return;
        }
        let line = match self.options.log_format {
            LogFormat::Text => text_line(level, message),
            LogFormat::Json => json_line(level, message),
        };
        if self.options.quiet && level == Level::Warning {
            lock(&self.held).messages.push(line);
        } else {
            self.write_error(&line);
        }
    }

    /// Asks a question on stderr; the answer is awaited on the same line.
    ///
    /// # Errors
    /// [`crate::ErrorKind::IoError`] where it cannot be shown.
    pub fn ask(&self, question: &str) -> Result<()> {
        let lines: Vec<_> = question.split('\n').map(escape_text).collect();
        let mut errors = lock(&self.errors);
        let shown = errors.write_all(lines.join("\n").as_bytes()).and_then(|()| errors.flush());
        shown.context(ErrorKind::IoError, || "the question cannot be shown".to_owned())
    }

    /// Shows help that nobody asked for on stderr; programs that read JSON are spared it.
    pub fn help(&self, text: &str) {
        if !self.options.format.is_json() {
            self.write_error(&format!("{}\n\n", text.trim_end()));
        }
    }

    /// Ends the output of a command that came to its end: the answer's file is put in place, and what `--quiet`
    /// held back is told where the end was not a good one.
    ///
    /// # Errors
    /// Where the answer cannot be written.
    pub fn finish(&self, exit: Exit) -> Result<()> {
        let held = std::mem::take(&mut *lock(&self.held));
        if exit != Exit::Done {
            held.messages.iter().for_each(|line| self.write_error(line));
            self.answer_text(&held.summary)?;
        }
        match std::mem::replace(&mut *lock(&self.answer), Answer::Closed) {
            Answer::File(file) => file.commit(),
            Answer::Stream(_) | Answer::Closed => Ok(()),
        }
    }

    /// Ends the output of a command that failed: no answer's file appears, what was held back is told, the error
    /// is the last line.
    pub fn fail(&self, error: &Error, exit: Exit) {
        *lock(&self.answer) = Answer::Closed;
        let held = std::mem::take(&mut *lock(&self.held));
        held.messages.iter().for_each(|line| self.write_error(line));
        self.write_error(&self.error_lines(error, exit));
    }

    /// Tells of an error that does not end the command, e.g. of one file among several.
    pub fn tell_error(&self, error: &Error, exit: Exit) {
        self.write_error(&self.error_lines(error, exit));
    }

    fn error_lines(&self, error: &Error, exit: Exit) -> String {
        let view = ErrorView::new(error, exit.code());
        if self.options.format.is_json() {
            // The view is made of texts and numbers: should it ever not be JSON, its text is better than silence.
            return json::line(&view).unwrap_or_else(|_| render_error_text(error));
        }
        if self.options.log_format == LogFormat::Json {
            let hint = error.hint().map(|hint| format!(" (hint: {hint})")).unwrap_or_default();
            return json_line(Level::Error, &Message::new(format!("{}{hint}", view.message)));
        }
        render_error_text(error)
    }

    /// Where stderr cannot be written there is nobody left to tell.
    fn write_error(&self, lines: &str) {
        let mut errors = lock(&self.errors);
        let lines = if self.options.colour_stderr { lines.to_owned() } else { plain(lines) };
        let _ = write_whole(&mut errors, &lines);
    }
}

/// A thread that panicked while printing leaves a printer that still prints.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write_whole(stream: &mut Stream, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

fn text_line(level: Level, message: &Message) -> String {
    let text = escape_text(&message.message);
    match level {
        Level::Warning if !message.verbatim => format!("{} {text}\n", styled(WARNING, "warning:")),
        Level::Error if !message.verbatim => format!("{} {text}\n", styled(ERROR, "error:")),
        _ => format!("{text}\n"),
    }
}

fn json_line(level: Level, message: &Message) -> String {
    #[derive(Serialize)]
    struct Line<'a> {
        level: Level,
        #[serde(flatten)]
        message: &'a Message,
    }
    json::line(&Line { level, message }).unwrap_or_else(|_| text_line(level, message))
}

#[cfg(test)]
mod tests;
