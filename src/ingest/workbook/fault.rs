//! Why a workbook is refused, before its name is known. It must never quote more than a part's or a cell's name.

use std::fmt::Display;

use crate::error::Error;
use crate::ingest::refusal;

const SAVE_CSV: &str = "save the sheet as CSV and give that";
const FETCH: &str = "it is cut short or damaged: fetch it again, or open and save it in Excel";

/// Why a workbook is refused.
#[derive(Debug)]
pub(super) enum Fault {
    /// It can be read with its password alone.
    Encrypted,
    /// Something in it is not as its format wants it.
    Broken(String),
    /// It is packed as workbooks are, but is something else.
    Foreign(&'static str),
    /// It is a workbook of a kind that is not read.
    Unread(&'static str),
    /// It holds, or claims, more than anyone keeps in a workbook.
    TooLarge(String),
    /// It unpacks to more than this many bytes.
    Bomb(u64),
}

impl Fault {
    /// What is broken, in the words of who found it.
    pub(super) fn broken(detail: impl Display) -> Self {
        Self::Broken(detail.to_string())
    }

    /// The refusal of the file of a name.
    pub(super) fn of(self, name: &str) -> Error {
        let (what, hint) = match self {
            Self::Encrypted => (
                "is encrypted: it asks for a password".to_owned(),
                "open it, remove the password and save it",
            ),
            Self::Broken(detail) => (format!("is a broken workbook ({detail})"), FETCH),
            Self::Foreign(what) => (format!("is {what}, but no workbook"), "give the table that it holds"),
            Self::Unread(what) => (format!("is {what}, which is not read"), "save it as .xlsx and give that"),
            Self::TooLarge(what) => (format!("is a workbook {what}"), SAVE_CSV),
            Self::Bomb(most) => (
                format!("is a decompression bomb: it unpacks to more than {} MiB", most >> 20),
                "if it is none, save its sheets as CSV and give those",
            ),
        };
        refusal::file(name, &what, hint)
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::broken(error)
    }
}

impl From<zip::result::ZipError> for Fault {
    fn from(error: zip::result::ZipError) -> Self {
        Self::broken(error)
    }
}

impl From<quick_xml::Error> for Fault {
    fn from(error: quick_xml::Error) -> Self {
        Self::broken(error)
    }
}

impl From<quick_xml::events::attributes::AttrError> for Fault {
    fn from(error: quick_xml::events::attributes::AttrError) -> Self {
        Self::broken(error)
    }
}

impl From<calamine::XlsxError> for Fault {
    fn from(error: calamine::XlsxError) -> Self {
        match error {
            calamine::XlsxError::Password => Self::Encrypted,
            error => Self::broken(error),
        }
    }
}

impl From<calamine::XlsError> for Fault {
    fn from(error: calamine::XlsError) -> Self {
        match error {
            calamine::XlsError::Password => Self::Encrypted,
            error => Self::broken(error),
        }
    }
}
