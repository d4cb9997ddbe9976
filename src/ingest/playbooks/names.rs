//! What the members of a JSON element mean, each element by itself: a report in the same file as executions calls
//! its things by other names. It must agree with `columns` on what a name means.

use serde_json::{Map, Value};

use super::fields::PlaybookField;
use crate::ingest::columns::{Field, Ranks, is_reserved};
use crate::model::names::loose_key;

/// How deep members are looked for inside objects: `context.account.id`.
const DEEPEST: usize = 3;

/// What a member means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It is this field; of several members the lowest rank is the best.
    Field(PlaybookField, usize),
    /// It is to be passed over.
    PassedOver,
    /// It means nothing here and is kept by its name.
    Other,
}

/// A member that means a field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'e> {
    pub(super) field: PlaybookField,
    pub(super) rank: usize,
    /// The member of the element in which it stands.
    pub(super) member: &'e str,
    /// Whether it is that member itself.
    pub(super) is_member: bool,
    pub(super) value: &'e Value,
}

/// The names by which members go.
pub(super) struct Names {
    ranks: Ranks<PlaybookField>,
    /// What the caller says that members mean, by their keys.
    mapped: Vec<(String, Meaning)>,
}

impl Names {
    /// The names of the kind, and those that the caller pairs with fields; that there are such is checked elsewhere.
    pub(super) fn new(ranks: Ranks<PlaybookField>, maps: &[(String, String)]) -> Self {
        let meaning = |(member, field): &(String, String)| {
            let field = PlaybookField::parse(field).filter(|_| !field.trim().is_empty());
            (loose_key(member), field.map_or(Meaning::PassedOver, |field| Meaning::Field(field, 0)))
        };
        Self { ranks, mapped: maps.iter().map(meaning).collect() }
    }

    /// What a member means; inside an object its name is dotted.
    pub(super) fn meaning(&self, name: &str) -> Meaning {
        if is_reserved(name) {
            return Meaning::PassedOver;
        }
        let key = loose_key(name);
        if let Some((_, meaning)) = self.mapped.iter().find(|(mapped, _)| *mapped == key) {
            return *meaning;
        }
        // What is mapped comes before all that is only found.
        self.ranks.find(name).map_or(Meaning::Other, |(field, rank)| Meaning::Field(field, rank + 1))
    }

    /// Every member that means a field, also those inside objects, the best of each field first.
    pub(super) fn candidates<'e>(&self, element: &'e Map<String, Value>) -> Vec<Candidate<'e>> {
        let mut found = Vec::new();
        for (member, value) in element {
            self.collect(member, member, value, 1, &mut found);
        }
        found.sort_by_key(|candidate| candidate.rank);
        found
    }

    fn collect<'e>(
        &self,
        member: &'e str,
        name: &str,
        value: &'e Value,
        depth: usize,
        found: &mut Vec<Candidate<'e>>,
    ) {
        let meaning = self.meaning(name);
        let is_leaf = !value.is_object() || matches!(meaning, Meaning::Field(PlaybookField::Report, _));
        match (meaning, value) {
            (Meaning::Field(field, rank), value) if is_leaf => {
                found.push(Candidate { field, rank, member, is_member: depth == 1, value });
            }
            (Meaning::PassedOver, _) => {}
            (_, Value::Object(inside)) if depth < DEEPEST => {
                for (inner, value) in inside {
                    self.collect(member, &format!("{name}.{inner}"), value, depth + 1, found);
                }
            }
            _ => {}
        }
    }
}
