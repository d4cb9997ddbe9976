//! Names of months. It holds what means one month in every language listed, so that no language has to be guessed.

/// The names of each month: English in full, then its short forms, then those of German, French and Spanish.
const NAMES: [&[&str]; 12] = [
    &["january", "jan", "januar", "jänner", "janvier", "janv", "enero", "ene"],
    &["february", "feb", "februar", "février", "fevrier", "févr", "fevr", "febrero"],
    &["march", "mar", "märz", "maerz", "mär", "mrz", "mars", "marzo"],
    &["april", "apr", "avril", "avr", "abril", "abr"],
    &["may", "mai", "mayo"],
    &["june", "jun", "juni", "juin", "junio"],
    &["july", "jul", "juli", "juillet", "juil", "julio"],
    &["august", "aug", "août", "aout", "agosto", "ago"],
    &["september", "sep", "sept", "septembre", "septiembre"],
    &["october", "oct", "oktober", "okt", "octobre", "octubre"],
    &["november", "nov", "novembre", "noviembre"],
    &["december", "dec", "dezember", "dez", "décembre", "decembre", "déc", "diciembre", "dic"],
];

/// The number of a month, from 1, by its name, a full stop after it aside.
pub(in crate::ingest) fn month_of_name(name: &str) -> Option<u32> {
    let name = name.strip_suffix('.').unwrap_or(name).to_lowercase();
    let place = NAMES.iter().position(|names| names.contains(&name.as_str()))?;
    u32::try_from(place).ok().map(|place| place + 1)
}
