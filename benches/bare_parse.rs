//! A peer of the benchmarks: reads a CSV file record by record and does nothing with it.

use std::error::Error;
use std::{env, process};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args_os().nth(1).ok_or("a CSV file is expected as the only argument")?;
    let mut reader = csv::ReaderBuilder::new().from_path(path)?;
    let (mut record, mut bytes) = (csv::ByteRecord::new(), 0);
    while reader.read_byte_record(&mut record)? {
        bytes += record.as_slice().len();
    }
    // The sum keeps the work from being thrown away by the compiler.
    process::exit(i32::from(bytes == 0));
}
