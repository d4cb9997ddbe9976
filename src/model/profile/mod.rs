//! Profiles: what is known of an account beside its KPIs, and what one file says of it.
//!
//! A file says something of some fields; what it does not say stands. Pure: the row and the profile come in, the
//! next profile comes out.

pub mod batch;
pub mod field;
mod json;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::money::Revenue;
use super::score::Score;
pub use field::{ProfileField, ValueKind};

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileValue {
    /// Text, trimmed, not empty.
    Text(String),
    /// A day.
    Day(NaiveDate),
    /// Texts, in the order of the source, each once.
    List(Vec<String>),
    /// A whole number.
    Count(u32),
    /// Points of 100.
    Score(Score),
    /// An amount a year.
    Revenue(Revenue),
}

/// All that is known of an account's profile.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profile {
    fields: BTreeMap<ProfileField, ProfileValue>,
    /// What the sources have besides, by column: text of a CSV as it stands, numbers and lists of a JSON as they are.
    attributes: BTreeMap<String, serde_json::Value>,
}

/// What one file says of an account: None empties the field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProfilePatch {
    /// The fields that it names.
    pub fields: BTreeMap<ProfileField, Option<ProfileValue>>,
    /// The other columns that say something.
    pub attributes: BTreeMap<String, Option<serde_json::Value>>,
}

impl ProfilePatch {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.attributes.is_empty()
    }

    /// The fields and attributes that it names: `industry`, `attributes.seats`.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let fields = self.fields.keys().map(|field| field.name().to_owned());
        fields.chain(self.attributes.keys().map(|name| format!("attributes.{name}"))).collect()
    }
}

impl Profile {
    /// Takes in what a file says; says whether anything is another than before.
    pub fn apply(&mut self, patch: &ProfilePatch) -> bool {
        let before = self.clone();
        for (field, value) in &patch.fields {
            match value {
                Some(value) if field.holds(value) => drop(self.fields.insert(*field, value.clone())),
                Some(_) => {}
                None => drop(self.fields.remove(field)),
            }
        }
        for (name, value) in &patch.attributes {
            match value {
                Some(value) => drop(self.attributes.insert(name.clone(), value.clone())),
                None => drop(self.attributes.remove(name)),
            }
        }
        *self != before
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.attributes.is_empty()
    }

    /// The value of a field.
    #[must_use]
    pub fn get(&self, field: ProfileField) -> Option<&ProfileValue> {
        self.fields.get(&field)
    }

    /// The text of a field that holds text.
    #[must_use]
    pub fn text(&self, field: ProfileField) -> Option<&str> {
        match self.get(field)? {
            ProfileValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The day of a field that holds one.
    #[must_use]
    pub fn day(&self, field: ProfileField) -> Option<NaiveDate> {
        match self.get(field)? {
            ProfileValue::Day(day) => Some(*day),
            _ => None,
        }
    }

    /// The products in use.
    #[must_use]
    pub fn products_used(&self) -> Option<&[String]> {
        match self.get(ProfileField::ProductsUsed)? {
            ProfileValue::List(products) => Some(products),
            _ => None,
        }
    }

    /// How many stakeholders are known.
    #[must_use]
    pub fn stakeholder_count(&self) -> Option<u32> {
        match self.get(ProfileField::StakeholderCount)? {
            ProfileValue::Count(count) => Some(*count),
            _ => None,
        }
    }

    /// How engaged the account is.
    #[must_use]
    pub fn engagement_score(&self) -> Option<Score> {
        match self.get(ProfileField::EngagementScore)? {
            ProfileValue::Score(score) => Some(*score),
            _ => None,
        }
    }

    /// What the account pays a year.
    #[must_use]
    pub fn revenue(&self) -> Option<&Revenue> {
        match self.get(ProfileField::Revenue)? {
            ProfileValue::Revenue(revenue) => Some(revenue),
            _ => None,
        }
    }

    /// The attributes, by name.
    #[must_use]
    pub fn attributes(&self) -> &BTreeMap<String, serde_json::Value> {
        &self.attributes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(fields: &[(ProfileField, Option<&str>)]) -> ProfilePatch {
        let value = |text: &str| ProfileValue::Text(text.to_owned());
        ProfilePatch {
            fields: fields.iter().map(|(field, text)| (*field, text.map(value))).collect(),
            attributes: BTreeMap::new(),
        }
    }

    #[test]
    fn what_is_not_said_stands_and_what_is_emptied_goes() {
        use ProfileField::{Industry, Region};
        let mut profile = Profile::default();
        assert!(profile.apply(&patch(&[(Industry, Some("Finance")), (Region, Some("EMEA"))])));
        assert!(!profile.apply(&patch(&[(Industry, Some("Finance"))])));
        assert!(!profile.apply(&ProfilePatch::default()));
        assert!(profile.apply(&patch(&[(Industry, None)])));
        assert_eq!((profile.text(Industry), profile.text(Region)), (None, Some("EMEA")));
        assert!(!profile.apply(&patch(&[(Industry, None)])));
    }

    #[test]
    fn a_field_takes_only_its_own_kind() {
        let mut profile = Profile::default();
        assert!(!profile.apply(&patch(&[(ProfileField::RenewalDate, Some("soon"))])));
        assert!(profile.is_empty());
    }
}
