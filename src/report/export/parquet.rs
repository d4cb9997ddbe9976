//! Rows as a Parquet file, a row group at a time, each column under its own type.
//!
//! Instants are milliseconds in UTC, days DATE, numbers and scores DOUBLE, money DECIMAL(38, 4) (every currency's
//! decimals fit), lists JSON text. Every column may be null. The format is that of the Apache Parquet specification.

use std::io::{self, Write};
use std::sync::Arc;

use chrono::{Datelike as _, NaiveDate};
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType,
    Int32Type, Int64Type,
};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use super::column::{Column, Read, Row};
use crate::model::score::Score;
use crate::model::time::Timestamp;
use crate::report::snapshot::MoneyNumber;

/// Decimals of an amount: as many as the currency with the most has (ISO 4217).
const MONEY_DECIMALS: u8 = 4;
/// Bytes of an amount: those of a number of 128 bits.
const MONEY_BYTES: i32 = 16;

/// A Parquet file of rows that is being written.
pub struct ParquetFile<R, W: Write> {
    writer: SerializedFileWriter<W>,
    group: Vec<R>,
    rows_per_group: usize,
}

impl<R: Row, W: Write + Send> ParquetFile<R, W> {
    /// An empty one, which holds so many rows in memory at once.
    ///
    /// # Errors
    /// What the writer said.
    pub fn new(into: W, rows_per_group: usize) -> io::Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("acctsnap ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let writer = SerializedFileWriter::new(into, Arc::new(schema::<R>()?), Arc::new(properties));
        Ok(Self { writer: writer.map_err(told)?, group: Vec::new(), rows_per_group })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// What the writer said.
    pub fn write(&mut self, rows: Vec<R>) -> io::Result<()> {
        self.group.extend(rows);
        while self.group.len() >= self.rows_per_group.max(1) {
            let later = self.group.split_off(self.rows_per_group.max(1));
            self.write_group()?;
            self.group = later;
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What the writer said.
    pub fn finish(mut self) -> io::Result<()> {
        if !self.group.is_empty() {
            self.write_group()?;
        }
        self.writer.close().map(drop).map_err(told)
    }

    fn write_group(&mut self) -> io::Result<()> {
        let mut group = self.writer.next_row_group().map_err(told)?;
        for column in R::COLUMNS {
            let Some(mut writer) = group.next_column().map_err(told)? else {
                return Err(io::Error::other("the file has fewer columns than the rows"));
            };
            write_column(&mut writer, column, &self.group)?;
            writer.close().map_err(told)?;
        }
        group.close().map_err(told)?;
        self.group.clear();
        Ok(())
    }
}

fn schema<R: Row>() -> io::Result<Type> {
    let fields = R::COLUMNS.iter().map(|column| field(column).map(Arc::new));
    let fields = fields.collect::<Result<Vec<_>, _>>().map_err(told)?;
    Type::group_type_builder("acctsnap").with_fields(fields).build().map_err(told)
}

fn field<R>(column: &Column<R>) -> Result<Type, ParquetError> {
    let (physical, logical) = match column.read {
        Read::Text(_) | Read::Json(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Read::Integer(_) => (Physical::INT64, None),
        Read::Boolean(_) => (Physical::BOOLEAN, None),
        Read::Number(_) | Read::Score(_) => (Physical::DOUBLE, None),
        Read::Money(_) => {
            (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::decimal(i32::from(MONEY_DECIMALS), 38)))
        }
        Read::Instant(_) => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
        Read::Date(_) => (Physical::INT32, Some(LogicalType::Date)),
    };
    let builder = Type::primitive_type_builder(column.name, physical).with_repetition(Repetition::OPTIONAL);
    let builder = match column.read {
        Read::Money(_) => {
            builder.with_length(MONEY_BYTES).with_precision(38).with_scale(i32::from(MONEY_DECIMALS))
        }
        _ => builder,
    };
    builder.with_logical_type(logical).build()
}

fn write_column<R>(
    writer: &mut SerializedColumnWriter<'_>,
    column: &Column<R>,
    rows: &[R],
) -> io::Result<()> {
    match column.read {
        Read::Text(read) => {
            let bytes = |row| read(row).map(|text| ByteArray::from(text.as_bytes().to_vec()));
            write_values::<ByteArrayType>(writer, rows.iter().map(bytes))
        }
        Read::Json(read) => {
            let texts = rows.iter().map(read).collect::<Result<Vec<_>, _>>().map_err(io::Error::other)?;
            let bytes = |text: Option<String>| text.map(|text| ByteArray::from(text.into_bytes()));
            write_values::<ByteArrayType>(writer, texts.into_iter().map(bytes))
        }
        Read::Integer(read) => write_values::<Int64Type>(writer, rows.iter().map(read)),
        Read::Boolean(read) => write_values::<BoolType>(writer, rows.iter().map(read)),
        Read::Number(read) => write_values::<DoubleType>(writer, rows.iter().map(read)),
        Read::Score(read) => {
            write_values::<DoubleType>(writer, rows.iter().map(|row| read(row).map(Score::points)))
        }
        Read::Money(read) => {
            let decimals = rows.iter().map(|row| read(row).map(decimal).transpose());
            let decimals = decimals.collect::<io::Result<Vec<_>>>()?;
            write_values::<FixedLenByteArrayType>(writer, decimals.into_iter())
        }
        Read::Instant(read) => {
            write_values::<Int64Type>(writer, rows.iter().map(|row| read(row).map(Timestamp::millis)))
        }
        Read::Date(read) => write_values::<Int32Type>(writer, rows.iter().map(|row| read(row).map(days))),
    }
}

/// Of the definition levels 0 is null, 1 is a value.
fn write_values<T: DataType>(
    writer: &mut SerializedColumnWriter<'_>,
    values: impl Iterator<Item = Option<T::T>>,
) -> io::Result<()> {
    let mut levels = Vec::new();
    let known: Vec<T::T> =
        values.inspect(|value| levels.push(i16::from(value.is_some()))).flatten().collect();
    writer.typed::<T>().write_batch(&known, Some(&levels), None).map(drop).map_err(told)
}

/// An amount in big-endian two's complement, as DECIMAL wants it.
fn decimal(amount: MoneyNumber) -> io::Result<FixedLenByteArray> {
    let scaled = amount.scaled(MONEY_DECIMALS);
    let scaled =
        scaled.ok_or_else(|| io::Error::other(format!("expected at most 4 decimals, got {amount}")))?;
    Ok(FixedLenByteArray::from(scaled.to_be_bytes().to_vec()))
}

/// Days since 1970-01-01.
fn days(date: NaiveDate) -> i32 {
    date.num_days_from_ce().saturating_sub(719_163)
}

/// What the disk said comes back as it was: its kind decides the exit code.
fn told(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(cause) => io::Error::other(cause),
        },
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use parquet::file::metadata::RowGroupMetaData;
    use parquet::file::reader::{FileReader as _, SerializedFileReader};

    use super::*;
    use crate::report::snapshot::SnapshotView;
    use crate::report::snapshot::fixtures::{bare, retail_chain};

    #[test]
    fn rows_go_into_groups_of_their_size_whatever_the_batches() {
        let mut into = tempfile::tempfile().unwrap();
        let mut file = ParquetFile::<SnapshotView, _>::new(&mut into, 2).unwrap();
        file.write(vec![bare()]).unwrap();
        file.write(vec![retail_chain(); 6]).unwrap();
        file.finish().unwrap();
        let reader = SerializedFileReader::new(into).unwrap();
        let groups: Vec<i64> =
            reader.metadata().row_groups().iter().map(RowGroupMetaData::num_rows).collect();
        assert_eq!(groups, [2, 2, 2, 1]);
        assert_eq!(reader.get_row_iter(None).unwrap().count(), 7);
    }

    /// A disk with room for so many bytes.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_disk_that_fills_up_is_told_as_such_wherever_it_does() {
        for room in [0, 100, 10_000, 20_000] {
            let written = ParquetFile::<SnapshotView, _>::new(Full(room), 1).and_then(|mut file| {
                file.write(vec![retail_chain(); 3])?;
                file.finish()
            });
            let error = written.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::StorageFull, "{room}: {error}");
        }
    }
}
