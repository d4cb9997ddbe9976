//! The fields of a kind of file, and the keys by which headers find them.
//!
//! A key is the header's letters and digits; what CRMs put around every name of their own (`__c`, `property_`) is
//! no part of it.

use std::collections::HashMap;
use std::hash::Hash;

use crate::error::{Error, ErrorKind, Result};
use crate::ingest::refusal::quoted;
use crate::model::names::loose_key;

/// What Salesforce and Gainsight put behind the names of fields that their users made.
const SUFFIXES: [&str; 2] = ["__c", "__gc"];

/// What HubSpot's exports and its interface put before the name of every field.
const PREFIXES: [&str; 2] = ["property_", "properties."];

/// How much worse a header is for such a prefix: every plain one comes first.
const PREFIX_RANK: usize = 100;

/// A field of a kind of file, and the headers by which it goes.
pub(in crate::ingest) trait Field: Copy + Eq + Hash + 'static {
    /// The kind, as the command line and `[aliases.KIND]` have it.
    const KIND: &'static str;

    /// Every field of the kind.
    const ALL: &'static [Self];

    /// The account's name.
    const ACCOUNT: Self;

    /// The account's id in the system that wrote the file.
    const EXTERNAL_ID: Self;

    /// Whether each row decides which of several equally good columns counts; else they are an error of the file.
    const ROWS_DECIDE: bool = false;

    /// Its name in settings and messages.
    fn name(self) -> &'static str;

    /// Its headers, as people write them: best first, equally good ones together.
    fn headers(self) -> &'static [&'static [&'static str]];

    /// The field of this name, as settings and `--map` write it.
    fn parse(name: &str) -> Option<Self> {
        let key = loose_key(name);
        Self::ALL.iter().copied().find(|field| loose_key(field.name()) == key)
    }

    /// A few headers that it goes by, for hints.
    fn examples(self) -> String {
        let best = self.headers().first().copied().unwrap_or_default();
        best.iter().take(5).copied().collect::<Vec<_>>().join(", ")
    }
}

/// The field that a setting or a flag names.
///
/// # Errors
/// There is no such field; the error lists them all. `place` is where it was named.
pub(in crate::ingest) fn field_named<F: Field>(name: &str, place: &str) -> Result<F> {
    F::parse(name).ok_or_else(|| {
        let known: Vec<&str> = F::ALL.iter().map(|field| field.name()).collect();
        Error::new(ErrorKind::Usage, format!("{place}: no field {} of {}", quoted(name), F::KIND))
            .with_hint(format!("the fields are {}", known.join(", ")))
    })
}

/// The headers that the settings add, with their fields.
///
/// # Errors
/// A field does not exist.
pub(in crate::ingest) fn aliases_named<F: Field>(aliases: &[(String, String)]) -> Result<Vec<(F, String)>> {
    let place = format!("[aliases.{}]", F::KIND);
    aliases.iter().map(|(field, header)| Ok((field_named(field, &place)?, header.clone()))).collect()
}

/// The letters and digits of a header, without what its system puts behind every name.
pub(super) fn header_key(header: &str) -> String {
    let header = header.trim();
    let plain = SUFFIXES.iter().find_map(|suffix| {
        let (name, end) = header.split_at_checked(header.len().checked_sub(suffix.len())?)?;
        (end.eq_ignore_ascii_case(suffix) && !name.is_empty()).then_some(name)
    });
    loose_key(plain.unwrap_or(header))
}

/// A header without what its system puts before every name.
fn without_prefix(header: &str) -> Option<&str> {
    let header = header.trim();
    PREFIXES.iter().find_map(|prefix| {
        let (start, rest) = header.split_at_checked(prefix.len())?;
        start.eq_ignore_ascii_case(prefix).then_some(rest)
    })
}

/// Which headers are which fields, and how good they are.
pub(in crate::ingest) struct Ranks<F>(HashMap<String, (F, usize)>);

impl<F: Field> Ranks<F> {
    /// The headers of the kind; the settings' aliases are as good as the best.
    pub(in crate::ingest) fn new(aliases: &[(F, String)]) -> Self {
        let mut ranks = HashMap::new();
        for field in F::ALL {
            for (rank, headers) in field.headers().iter().enumerate() {
                ranks.extend(headers.iter().map(|header| (header_key(header), (*field, rank))));
            }
        }
        ranks.extend(aliases.iter().map(|(field, header)| (header_key(header), (*field, 0))));
        ranks.remove("");
        Self(ranks)
    }

    /// The fields that pass, each with the keys of its headers.
    pub(super) fn keys_of(&self, passes: impl Fn(F) -> bool) -> Vec<(String, F)> {
        let keys = self.0.iter().filter(|(_, (field, _))| passes(*field));
        let mut keys: Vec<_> = keys.map(|(key, (field, _))| (key.clone(), *field)).collect();
        keys.sort_by(|a, b| a.0.cmp(&b.0));
        keys
    }

    /// The headers of some of the fields alone.
    pub(in crate::ingest) fn only(&self, fields: &[F]) -> Self {
        let kept = self.0.iter().filter(|(_, (field, _))| fields.contains(field));
        Self(kept.map(|(key, found)| (key.clone(), *found)).collect())
    }

    /// The field that a header stands for, and its rank, 0 the best.
    pub(in crate::ingest) fn find(&self, header: &str) -> Option<(F, usize)> {
        let plain = self.0.get(&header_key(header)).copied();
        plain.or_else(|| {
            let (field, rank) = self.0.get(&header_key(without_prefix(header)?))?;
            Some((*field, rank + PREFIX_RANK))
        })
    }
}
