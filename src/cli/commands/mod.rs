//! The commands, one file each: arguments in, one use case called, its outcome handed to the printer.

pub mod schema;
