//! An account's profile: fields that stand until something else is said of them.

use super::rows::{Fate, ProfileRow, Said};

/// What an account pays a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revenue {
    /// In the smallest units of the currency.
    pub minor: i64,
    /// Its code.
    pub currency: &'static str,
}

/// One account's profile.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Profile {
    /// A text.
    pub industry: Option<&'static str>,
    /// A text.
    pub csm: Option<&'static str>,
    /// What it pays.
    pub revenue: Option<Revenue>,
    /// A day.
    pub renewal: Option<i64>,
    /// An attribute.
    pub seats: Option<i64>,
}

impl Profile {
    /// Takes a row in.
    pub fn take(&mut self, row: &ProfileRow) -> Fate {
        let Some(revenue) = self.revenue_after(row) else { return Fate::Rejected };
        let after = Self {
            industry: after(self.industry, row.industry),
            csm: after(self.csm, row.csm),
            revenue,
            renewal: after(self.renewal, row.renewal),
            seats: after(self.seats, row.seats),
        };
        let known = Some(&*self).filter(|profile| **profile != Self::default());
        let fate = match after == *self {
            true => Fate::Unchanged,
            false => Fate::of(known, &after),
        };
        *self = after;
        fate
    }

    /// The revenue after a row; the outer None: the row cannot be taken.
    fn revenue_after(&self, row: &ProfileRow) -> Option<Option<Revenue>> {
        let known = self.revenue;
        match row.arr {
            Said::Cleared => Some(None),
            // A currency beside no amount changes nothing, and cannot be another than the known one: no rate is known.
            Said::Blank => match (row.currency, known) {
                (Some(said), Some(known)) if said != known.currency => None,
                _ => Some(known),
            },
            Said::Is(text) => {
                let currency = row.currency.or(known.map(|known| known.currency)).unwrap_or("USD");
                let minor = minor_units(text, currency)?;
                Some(Some(Revenue { minor, currency }))
            }
        }
    }
}

/// Whether a row says anything of any field; a currency alone is no field.
pub fn says_anything(row: &ProfileRow) -> bool {
    let texts = [row.industry, row.csm, row.arr].iter().any(|said| *said != Said::Blank);
    texts || row.renewal != Said::Blank || row.seats != Said::Blank
}

fn after<T>(known: Option<T>, said: Said<T>) -> Option<T> {
    match said {
        Said::Blank => known,
        Said::Cleared => None,
        Said::Is(value) => Some(value),
    }
}

/// The dollar and the euro have two decimals, the yen none.
fn minor_units(text: &str, currency: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "00"));
    let (whole, fraction): (i64, i64) = (whole.parse().ok()?, fraction.parse().ok()?);
    match currency {
        "JPY" => (fraction == 0).then_some(whole),
        _ => Some(whole * 100 + fraction),
    }
}
