//! Small workbooks.
