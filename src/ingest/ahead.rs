//! Records that a thread of their own cuts ahead of whoever reads them: what lies between is bounded.
//!
//! They are those of [`Table`], in the same order and with the same error behind the same record; nothing is decided
//! here. A small file is read without a thread, which would cost more than it saves.

use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, Scope};

use super::table::{Record, Table};
use crate::error::{Error, ErrorKind, Result};

/// From this many bytes on a second thread is worth its start.
pub(super) const LARGE: u64 = 4 << 20;
/// A batch is full with so much text.
const BATCH_TEXT: usize = 1 << 17;
/// How many batches may wait: little memory, and never a thread that runs away.
const WAITING: usize = 8;

/// Records on their way from one thread to the other.
#[derive(Debug, Default)]
struct Batch {
    text: String,
    /// Where in its record each cell begins and ends.
    bounds: Vec<(usize, usize)>,
    records: Vec<Cut>,
}

/// One record of a batch.
#[derive(Debug)]
struct Cut {
    line: u64,
    line_breaks: u64,
    has_stray_quote: bool,
    is_cut: bool,
    text: Range<usize>,
    bounds: Range<usize>,
}

impl Batch {
    fn clear(&mut self) {
        self.text.clear();
        self.bounds.clear();
        self.records.clear();
    }

    fn push(&mut self, record: &Record<'_>, is_cut: bool) {
        let (text, bounds) = record.parts();
        let (text_before, bounds_before) = (self.text.len(), self.bounds.len());
        self.text.push_str(text);
        self.bounds.extend_from_slice(bounds);
        self.records.push(Cut {
            line: record.line,
            line_breaks: record.line_breaks,
            has_stray_quote: record.has_stray_quote,
            is_cut,
            text: text_before..self.text.len(),
            bounds: bounds_before..self.bounds.len(),
        });
    }
}

/// What the thread sends: batches, and at last how it ended.
enum Message {
    Records(Batch),
    End(Result<[u8; 32]>),
}

/// The records of a text file, cut by a thread.
pub(super) struct Ahead {
    receiver: Receiver<Message>,
    /// Batches that were read go back to be filled again: memory that is new costs more than filling it.
    read: Sender<Batch>,
    batch: Batch,
    /// The record that was read last is the one before this place.
    next: usize,
    /// How the thread ended, once it did.
    end: Option<Result<[u8; 32]>>,
}

impl Ahead {
    /// Starts the thread; gives the table back where none is to be had.
    pub(super) fn start<'scope, 'env: 'scope>(
        scope: &'scope Scope<'scope, 'env>,
        table: Box<Table<'env>>,
    ) -> std::result::Result<Self, Box<Table<'env>>> {
        let (sender, receiver) = sync_channel(WAITING);
        let (read, used) = channel();
        let handed = Arc::new(Mutex::new(Some(table)));
        let taken = Arc::clone(&handed);
        let started = Builder::new().name("records".to_owned()).spawn_scoped(scope, move || {
            let table = taken.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(table) = table {
                // Where nobody listens any more, there is nobody to tell.
                let _ = cut(table, &sender, &used);
            }
        });
        let kept = match started {
            Ok(_) => None,
            Err(_) => handed.lock().unwrap_or_else(PoisonError::into_inner).take(),
        };
        match kept {
            Some(table) => Err(table),
            None => Ok(Self { receiver, read, batch: Batch::default(), next: 0, end: None }),
        }
    }

    /// Reads the next record; false at the end.
    ///
    /// # Errors
    /// Those of [`Table::advance`].
    pub(super) fn advance(&mut self) -> Result<bool> {
        while self.next >= self.batch.records.len() {
            match &self.end {
                Some(Ok(_)) => return Ok(false),
                Some(Err(_)) => return self.finish_with().map(|_| false),
                None => self.receive(),
            }
        }
        self.next += 1;
        Ok(true)
    }

    fn receive(&mut self) {
        match self.receiver.recv() {
            Ok(Message::Records(batch)) => {
                let read = std::mem::replace(&mut self.batch, batch);
                self.next = 0;
                // A thread that is done needs no more of them.
                let _ = self.read.send(read);
            }
            Ok(Message::End(end)) => self.end = Some(end),
            Err(_) => self.end = Some(Err(died())),
        }
    }

    fn last(&self) -> Option<&Cut> {
        self.batch.records.get(self.next.checked_sub(1)?)
    }

    /// The record that was read last.
    pub(super) fn record(&self) -> Record<'_> {
        let Some(cut) = self.last() else { return Record::new(0, 0, "", &[]) };
        let text = self.batch.text.get(cut.text.clone()).unwrap_or_default();
        let bounds = self.batch.bounds.get(cut.bounds.clone()).unwrap_or_default();
        let mut record = Record::new(cut.line, cut.line_breaks, text, bounds);
        record.has_stray_quote = cut.has_stray_quote;
        record
    }

    /// Whether the file ends before the line of the record that was read last does.
    pub(super) fn is_cut(&self) -> bool {
        self.last().is_some_and(|cut| cut.is_cut)
    }

    /// Reads on to the end without looking, and gives the SHA-256 of the file.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn finish(mut self) -> Result<[u8; 32]> {
        while self.end.is_none() {
            self.receive();
        }
        self.finish_with()
    }

    /// The end, once; who asks again after an error is told that there is nothing more.
    fn finish_with(&mut self) -> Result<[u8; 32]> {
        self.end.take().unwrap_or_else(|| Err(died()))
    }
}

fn died() -> Error {
    Error::new(ErrorKind::Failed, "the thread that reads the file ended by itself")
}

/// Cuts a table to its end; an error of a record comes behind the records before it. Err where nobody listens.
fn cut(
    mut table: Box<Table<'_>>,
    sender: &SyncSender<Message>,
    used: &Receiver<Batch>,
) -> std::result::Result<(), ()> {
    let send = |message| sender.send(message).map_err(drop);
    loop {
        let mut batch = used.try_recv().unwrap_or_default();
        batch.clear();
        let read = fill(&mut batch, &mut table);
        send(Message::Records(batch))?;
        match read {
            Ok(true) => {}
            Ok(false) => return send(Message::End(table.finish())),
            Err(error) => return send(Message::End(Err(error))),
        }
    }
}

/// Fills a batch; false where the table ends.
fn fill(batch: &mut Batch, table: &mut Table<'_>) -> Result<bool> {
    while batch.text.len() < BATCH_TEXT {
        if !table.advance()? {
            return Ok(false);
        }
        batch.push(&table.record()?, table.is_cut());
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::source::Source;

    type Read = (Vec<(u64, bool, Vec<String>)>, std::result::Result<[u8; 32], String>);

    fn told(record: &Record<'_>, is_cut: bool) -> (u64, bool, Vec<String>) {
        (record.line, is_cut, record.cells().map(str::to_owned).collect())
    }

    fn here(source: &Source) -> Read {
        let mut progress = |_| {};
        let mut table = Table::open(source, &mut progress).unwrap();
        let mut records = Vec::new();
        loop {
            match table.advance() {
                Ok(true) => records.push(told(&table.record().unwrap(), table.is_cut())),
                Ok(false) => return (records, table.finish().map_err(|error| error.to_string())),
                Err(error) => return (records, Err(error.to_string())),
            }
        }
    }

    fn ahead(source: &Source) -> Read {
        let mut progress = |_| {};
        std::thread::scope(|scope| {
            let table = Box::new(Table::open(source, &mut progress).unwrap());
            let Ok(mut ahead) = Ahead::start(scope, table) else { panic!("no thread") };
            let mut records = Vec::new();
            loop {
                match ahead.advance() {
                    Ok(true) => records.push(told(&ahead.record(), ahead.is_cut())),
                    Ok(false) => return (records, ahead.finish().map_err(|error| error.to_string())),
                    Err(error) => return (records, Err(error.to_string())),
                }
            }
        })
    }

    fn rows(count: usize) -> String {
        (0..count).map(|row| format!("Käse {row},\"NPS, \"\"new\"\"\n{row}\",{row}.5\r\n")).collect()
    }

    #[test]
    fn a_thread_gives_what_the_reader_itself_would() {
        for text in [String::new(), rows(3), rows(20_000), format!("{}a,b", rows(9_000))] {
            let source = Source::spool("t.csv", text.as_bytes()).unwrap();
            let (records, end) = ahead(&source);
            assert_eq!((&records, &end), (&here(&source).0, &here(&source).1));
            assert!(end.is_ok());
        }
    }

    #[test]
    fn an_error_comes_behind_the_records_before_it() {
        let mut text = rows(20_000).into_bytes();
        text.extend_from_slice(b"a,b\0,c\n");
        let source = Source::spool("t.csv", text.as_slice()).unwrap();
        let (records, end) = ahead(&source);
        assert_eq!((&records, &end), (&here(&source).0, &here(&source).1));
        assert!(end.is_err() && records.len() > 19_000);
    }

    #[test]
    fn who_stops_listening_stops_the_thread() {
        let source = Source::spool("t.csv", rows(200_000).as_bytes()).unwrap();
        let mut progress = |_| {};
        std::thread::scope(|scope| {
            let table = Box::new(Table::open(&source, &mut progress).unwrap());
            let Ok(mut ahead) = Ahead::start(scope, table) else { panic!("no thread") };
            assert!(ahead.advance().unwrap());
        });
    }

    #[test]
    fn the_digest_is_that_of_the_file_however_little_was_read() {
        let text = rows(60_000);
        let source = Source::spool("t.csv", text.as_bytes()).unwrap();
        let mut progress = |_| {};
        let digest = std::thread::scope(|scope| {
            let table = Box::new(Table::open(&source, &mut progress).unwrap());
            let Ok(mut ahead) = Ahead::start(scope, table) else { panic!("no thread") };
            ahead.advance().unwrap();
            ahead.finish().unwrap()
        });
        assert_eq!(digest, source.sha256().unwrap());
    }
}
