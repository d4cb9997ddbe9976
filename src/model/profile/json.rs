//! A profile, and what a file says of one, as the JSON under which they are kept.
//!
//! `{"account_status": "active", "renewal_date": "2026-12-31", "revenue": {"minor_units": 100, ...},
//! "attributes": {"seats": "9"}}`; in what a file says, null empties.

use serde_json::{Map, Value};

use super::{Profile, ProfileField, ProfilePatch, ProfileValue, ValueKind};
use crate::model::score::Score;

const ATTRIBUTES: &str = "attributes";

impl ProfileValue {
    /// As JSON: texts, days as text, lists, numbers, a revenue as an object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(text.as_str()),
            Self::Day(day) => Value::from(day.to_string()),
            Self::List(list) => Value::from(list.clone()),
            Self::Count(count) => Value::from(*count),
            Self::Score(score) => Value::from(score.hundredths()),
            // Plain text and integers always have a JSON.
            Self::Revenue(revenue) => serde_json::to_value(revenue).unwrap_or_default(),
        }
    }

    fn from_json(kind: ValueKind, value: &Value) -> Option<Self> {
        let text = || value.as_str();
        Some(match kind {
            ValueKind::Text => Self::Text(text()?.to_owned()),
            ValueKind::Day => Self::Day(text()?.parse().ok()?),
            ValueKind::List => Self::List(serde_json::from_value(value.clone()).ok()?),
            ValueKind::Count => Self::Count(value.as_u64()?.try_into().ok()?),
            ValueKind::Score => Self::Score(Score::from_hundredths(value.as_i64()?.try_into().ok()?)),
            ValueKind::Revenue => Self::Revenue(serde_json::from_value(value.clone()).ok()?),
        })
    }
}

impl Profile {
    /// The text under which it is kept.
    #[must_use]
    pub fn to_stored(&self) -> String {
        let mut map = Map::new();
        map.extend(self.fields.iter().map(|(field, value)| (field.name().to_owned(), value.to_json())));
        if !self.attributes.is_empty() {
            let attributes: Map<_, _> = self.attributes.clone().into_iter().collect();
            map.insert(ATTRIBUTES.to_owned(), attributes.into());
        }
        Value::from(map).to_string()
    }

    /// From the text under which it is kept; None where that is damaged.
    #[must_use]
    pub fn from_stored(text: &str) -> Option<Self> {
        let mut profile = Self::default();
        let patch = ProfilePatch::from_stored(text)?;
        profile.apply(&patch);
        Some(profile)
    }
}

impl ProfilePatch {
    /// The text under which it is kept.
    #[must_use]
    pub fn to_stored(&self) -> String {
        let mut map = Map::new();
        let value = |value: &Option<ProfileValue>| value.as_ref().map_or(Value::Null, ProfileValue::to_json);
        map.extend(self.fields.iter().map(|(field, said)| (field.name().to_owned(), value(said))));
        if !self.attributes.is_empty() {
            let said = |said: &Option<Value>| said.clone().unwrap_or_default();
            let attributes: Map<_, _> =
                self.attributes.iter().map(|(name, value)| (name.clone(), said(value))).collect();
            map.insert(ATTRIBUTES.to_owned(), attributes.into());
        }
        Value::from(map).to_string()
    }

    /// From the text under which it is kept; None where that is damaged.
    #[must_use]
    pub fn from_stored(text: &str) -> Option<Self> {
        let map: Map<String, Value> = serde_json::from_str(text).ok()?;
        let mut patch = Self::default();
        for (name, value) in map {
            if name == ATTRIBUTES {
                let Value::Object(attributes) = value else { return None };
                let said = |value: Value| (!value.is_null()).then_some(value);
                patch.attributes = attributes.into_iter().map(|(name, value)| (name, said(value))).collect();
                continue;
            }
            let field = ProfileField::parse(&name)?;
            let said = match value {
                Value::Null => None,
                value => Some(ProfileValue::from_json(field.kind(), &value)?),
            };
            patch.fields.insert(field, said);
        }
        Some(patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::{Revenue, RevenueBasis};

    fn patch() -> ProfilePatch {
        let mut patch = ProfilePatch::default();
        let revenue =
            Revenue { minor_units: -145_284, currency: "EUR".to_owned(), basis: RevenueBasis::MrrX12 };
        for (field, value) in [
            (ProfileField::Revenue, ProfileValue::Revenue(revenue)),
            (ProfileField::Industry, ProfileValue::Text("Food & \"Beverage\"\u{7}é".to_owned())),
            (ProfileField::RenewalDate, ProfileValue::Day("2028-02-29".parse().unwrap())),
            (ProfileField::ProductsUsed, ProfileValue::List(vec!["Core".to_owned(), "a; b".to_owned()])),
            (ProfileField::StakeholderCount, ProfileValue::Count(5)),
            (ProfileField::EngagementScore, ProfileValue::Score(Score::from_hundredths(7125))),
        ] {
            patch.fields.insert(field, Some(value));
        }
        patch.attributes.insert("postal".to_owned(), Some(Value::from("02478")));
        patch.attributes.insert("days".to_owned(), Some(Value::from(9)));
        patch
    }

    #[test]
    fn what_is_kept_reads_back() {
        let mut said = patch();
        let mut profile = Profile::default();
        profile.apply(&said);
        assert_eq!(Profile::from_stored(&profile.to_stored()), Some(profile));
        said.fields.insert(ProfileField::Region, None);
        said.attributes.insert("gone".to_owned(), None);
        assert_eq!(ProfilePatch::from_stored(&said.to_stored()), Some(said));
        assert_eq!(Profile::from_stored("{}"), Some(Profile::default()));
    }

    #[test]
    fn damage_is_not_read() {
        for text in ["", "[]", r#"{"colour":"red"}"#, r#"{"renewal_date":"soon"}"#, r#"{"attributes":[]}"#] {
            assert_eq!(Profile::from_stored(text), None, "{text}");
        }
    }
}
