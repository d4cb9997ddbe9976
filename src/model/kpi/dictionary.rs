//! Finding a KPI by name, alias or the abbreviation in its brackets.
//!
//! A form that was derived from one KPI's name never hides what another KPI is called in full.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::series::{Series, SeriesSet, kpi_key};
use super::{KpiDefinition, Unit, advice, catalogue};
use crate::model::names::loose_key;

/// How a name led to a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// Its full name.
    Name,
    /// Its name without the brackets, an alias, or the abbreviation in its brackets.
    Alias,
    /// An abbreviation that several definitions bear; this one was taken, and that is to be said.
    SharedAbbreviation,
}

/// A definition that a name led to.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// Its place among [`KpiDictionary::definitions`].
    pub index: usize,
    /// The definition.
    pub definition: &'a KpiDefinition,
    /// What matched.
    pub by: FoundBy,
}

/// The definitions that hold for a customer, and every name that leads to them.
#[derive(Debug, Clone, Default)]
pub struct KpiDictionary {
    definitions: Vec<KpiDefinition>,
    /// By loose key: the definition's place, and how the key leads there.
    keys: BTreeMap<String, (usize, FoundBy)>,
    /// The keys of the KPIs that count in nothing any more.
    retired: Vec<String>,
    /// The keys of the KPIs of which accounts may hold values.
    held: BTreeSet<String>,
    /// The customer's name, where a command has to give it to act for that customer.
    customer: Option<String>,
}

/// Shared abbreviations that custom gives to one of their bearers (HEALTH.md, "A KPI's score").
const CUSTOMARY: [(&str, &str); 1] = [("CSAT", "Customer Satisfaction (CSAT)")];

/// How alike two names must be, from 0 to 1, before one is suggested for the other.
const LIKENESS: f64 = 0.75;

/// Longer names than this are not compared letter by letter: no KPI is called so.
const LONGEST_COMPARED: usize = 120;

static BUILTIN: LazyLock<KpiDictionary> =
    LazyLock::new(|| KpiDictionary::new(catalogue::builtin().to_vec(), &[]));

impl KpiDictionary {
    /// A dictionary of these definitions and aliases (alias, KPI's name).
    ///
    /// Of several definitions of one name, case, spaces and punctuation aside, the last holds. An alias of a KPI
    /// that has no definition leads nowhere; of several meanings of an alias the last holds.
    #[must_use]
    pub fn new(definitions: Vec<KpiDefinition>, aliases: &[(String, String)]) -> Self {
        Self::of_config(in_order(definitions), aliases)
    }

    /// The same of definitions that stand in a scoring configuration: each name once, in an order that is kept, so that
    /// a place here is a place there.
    #[must_use]
    pub fn of_config(definitions: Vec<KpiDefinition>, aliases: &[(String, String)]) -> Self {
        let mut dictionary = Self { definitions, ..Self::default() };
        dictionary.enter_names();
        dictionary.enter_aliases(aliases);
        dictionary.enter_customary();
        dictionary.enter_derived(without_brackets);
        dictionary.enter_derived(abbreviation);
        dictionary
    }

    /// The same, with the KPIs that are retired: keys as [`kpi_key`] makes them.
    #[must_use]
    pub fn with_retired(mut self, retired: &[String]) -> Self {
        self.retired = retired.to_vec();
        self
    }

    /// The same, with the customer that the command lines in its advice have to name.
    #[must_use]
    pub fn with_customer(mut self, customer: Option<String>) -> Self {
        self.customer = customer;
        self
    }

    /// The same, knowing the series in which values are kept.
    #[must_use]
    pub fn with_held(mut self, series: &SeriesSet) -> Self {
        let key = |series: &Series| match self.find(&series.kpi) {
            Some(found) => kpi_key(&found.definition.kpi_name),
            None => kpi_key(&series.kpi),
        };
        self.held = series.all().iter().map(key).collect();
        self
    }

    /// Whether a definition's KPI is retired.
    #[must_use]
    pub fn is_retired(&self, definition: &KpiDefinition) -> bool {
        !self.retired.is_empty() && self.retired.contains(&kpi_key(&definition.kpi_name))
    }

    /// A command line about a KPI of this customer, to be copied: `acctsnap kpis VERB 'KPI' FLAGS`.
    #[must_use]
    pub fn command(&self, verb: &str, kpi: &str, flags: &str) -> String {
        advice::kpis_command(self.customer.as_deref(), verb, kpi, flags)
    }

    /// What to do where a file has the right unit of a KPI: the command that gives the KPI that unit, as it has to be
    /// where accounts hold values of it in the old one.
    #[must_use]
    pub fn unit_advice(&self, kpi: &str, unit: Unit) -> String {
        let unit = format!("--unit {}", advice::shell_word(unit.name()));
        match self.held.contains(&kpi_key(kpi)) {
            false => format!("where the file is right: {}", self.command("set", kpi, &unit)),
            true => format!(
                "where the file is right, and the numbers that accounts hold were meant so too: {}",
                self.command("set", kpi, &format!("{unit} --reinterpret"))
            ),
        }
    }

    /// The short forms of a full name that lead to its KPI: without its brackets, and the abbreviation in them.
    #[must_use]
    pub fn short_forms(&self, kpi_name: &str) -> Vec<String> {
        let own = self.find(kpi_name).map(|found| found.index);
        let forms = [without_brackets(kpi_name), abbreviation(kpi_name)].into_iter().flatten();
        let forms = forms.map(|form| form.trim().to_owned());
        forms.filter(|form| own.is_some() && self.find(form).map(|found| found.index) == own).collect()
    }

    /// The dictionary of the built-in catalogue.
    #[must_use]
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// The definitions, catalogue order first, then by name.
    #[must_use]
    pub fn definitions(&self) -> &[KpiDefinition] {
        &self.definitions
    }

    /// The definition that a name leads to, case, spaces and punctuation aside.
    ///
    /// Full names win, then aliases, then names without their brackets, then abbreviations in brackets.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Found<'_>> {
        let (index, by) = *self.keys.get(&loose_key(name))?;
        Some(Found { index, definition: self.definitions.get(index)?, by })
    }

    /// The full name of the KPI that a name which leads nowhere probably means.
    #[must_use]
    pub fn suggest(&self, name: &str) -> Option<&str> {
        let wanted = loose_key(name);
        if wanted.is_empty() || wanted.len() > LONGEST_COMPARED {
            return None;
        }
        let mut nearest: Option<(f64, usize)> = None;
        for (key, (index, _)) in &self.keys {
            let likeness = strsim::normalized_damerau_levenshtein(&wanted, key);
            if likeness >= LIKENESS && nearest.is_none_or(|(best, _)| likeness > best) {
                nearest = Some((likeness, *index));
            }
        }
        nearest.and_then(|(_, index)| self.definitions.get(index)).map(|d| d.kpi_name.as_str())
    }

    fn enter_names(&mut self) {
        for (index, definition) in self.definitions.iter().enumerate() {
            enter(&mut self.keys, &definition.kpi_name, index, FoundBy::Name);
        }
    }

    fn enter_aliases(&mut self, aliases: &[(String, String)]) {
        for (alias, kpi_name) in aliases.iter().rev() {
            if let Some((index, FoundBy::Name)) = self.keys.get(&loose_key(kpi_name)).copied() {
                enter(&mut self.keys, alias, index, FoundBy::Alias);
            }
        }
    }

    fn enter_customary(&mut self) {
        for (short, kpi_name) in CUSTOMARY {
            let bearers =
                self.definitions.iter().filter(|d| abbreviation(&d.kpi_name).is_some_and(|a| a == short));
            let by = if bearers.count() > 1 { FoundBy::SharedAbbreviation } else { FoundBy::Alias };
            if let Some((index, FoundBy::Name)) = self.keys.get(&loose_key(kpi_name)).copied() {
                enter(&mut self.keys, short, index, by);
            }
        }
    }

    /// Enters a form derived from each name, where it is free; the first of several bearers gets it.
    fn enter_derived(&mut self, derive: impl Fn(&str) -> Option<String>) {
        let mut derived: BTreeMap<String, (usize, FoundBy)> = BTreeMap::new();
        for (index, definition) in self.definitions.iter().enumerate() {
            let Some(form) = derive(&definition.kpi_name) else { continue };
            match derived.entry(loose_key(&form)) {
                Entry::Vacant(free) => {
                    free.insert((index, FoundBy::Alias));
                }
                Entry::Occupied(mut taken) => taken.get_mut().1 = FoundBy::SharedAbbreviation,
            }
        }
        for (key, place) in derived {
            if !key.is_empty() {
                self.keys.entry(key).or_insert(place);
            }
        }
    }
}

/// Makes a name lead to a definition unless it, or nothing but punctuation, leads somewhere already.
fn enter(keys: &mut BTreeMap<String, (usize, FoundBy)>, name: &str, index: usize, by: FoundBy) {
    let key = loose_key(name);
    if !key.is_empty() {
        keys.entry(key).or_insert((index, by));
    }
}

/// Each name once, the last definition of it; the catalogue's names in its order, then the others by name.
fn in_order(definitions: Vec<KpiDefinition>) -> Vec<KpiDefinition> {
    let by_key: BTreeMap<String, KpiDefinition> =
        definitions.into_iter().map(|definition| (loose_key(&definition.kpi_name), definition)).collect();
    let ranks: BTreeMap<String, usize> =
        catalogue::builtin().iter().enumerate().map(|(rank, d)| (loose_key(&d.kpi_name), rank)).collect();
    let mut ranked: Vec<(usize, KpiDefinition)> = by_key
        .into_iter()
        .map(|(key, definition)| (ranks.get(&key).copied().unwrap_or(usize::MAX), definition))
        .collect();
    ranked.sort_by(|(a_rank, a), (b_rank, b)| (a_rank, &a.kpi_name).cmp(&(b_rank, &b.kpi_name)));
    ranked.into_iter().map(|(_, definition)| definition).collect()
}

/// What stands before, within and after the first pair of round brackets.
fn split_at_brackets(name: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = name.split_once('(')?;
    let (inside, after) = rest.split_once(')')?;
    Some((before, inside, after))
}

fn without_brackets(name: &str) -> Option<String> {
    split_at_brackets(name).map(|(before, _, after)| format!("{} {}", before.trim(), after.trim()))
}

/// The abbreviation in the brackets: one word of at least two letters, mostly upper-case (NPS, SLAs).
fn abbreviation(name: &str) -> Option<String> {
    let (_, inside, _) = split_at_brackets(name)?;
    let word = inside.trim();
    let letters = word.chars().count();
    let upper = word.chars().filter(|c| c.is_uppercase()).count();
    let is_abbreviation = letters >= 2 && word.chars().all(char::is_alphabetic) && upper * 2 > letters;
    is_abbreviation.then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(dictionary: &KpiDictionary, name: &str) -> Option<(String, FoundBy)> {
        dictionary.find(name).map(|found| (found.definition.kpi_name.clone(), found.by))
    }

    fn builtin(name: &str) -> Option<(String, FoundBy)> {
        found(KpiDictionary::builtin(), name)
    }

    fn renamed(name: &str) -> KpiDefinition {
        let mut definition = catalogue::builtin().first().cloned().unwrap();
        definition.kpi_name = name.into();
        definition
    }

    #[test]
    fn the_catalogue_keeps_its_order_and_every_full_name_leads_to_itself() {
        let dictionary = KpiDictionary::builtin();
        assert_eq!(dictionary.definitions(), catalogue::builtin());
        for (index, definition) in dictionary.definitions().iter().enumerate() {
            let shouted = definition.kpi_name.to_uppercase().replace(' ', "__");
            let found = dictionary.find(&shouted).unwrap();
            assert_eq!((found.index, found.by), (index, FoundBy::Name), "{shouted}");
        }
    }

    #[test]
    fn names_without_brackets_and_abbreviations() {
        for (name, full) in [
            ("NPS", "Net Promoter Score (NPS)"),
            ("net promoter score", "Net Promoter Score (NPS)"),
            ("ttfv", "Time to First Value (TTFV)"),
            ("SLAs", "Service Level Agreements (SLAs) compliance"),
            ("Service Level Agreements compliance", "Service Level Agreements (SLAs) compliance"),
            ("KPIs", "Key Performance Indicators (KPIs)"),
            ("Employee Productivity", "Employee Productivity (customer usage patterns)"),
        ] {
            assert_eq!(builtin(name), Some((full.into(), FoundBy::Alias)), "{name}");
        }
        for name in ["inverse", "customer usage patterns", "platform utilization", "", "()", "NPS2", "Seats"]
        {
            assert_eq!(builtin(name), None, "{name}");
        }
    }

    #[test]
    fn csat_is_customer_satisfaction_and_that_is_said() {
        let satisfaction = "Customer Satisfaction (CSAT)".to_owned();
        assert_eq!(builtin("CSAT"), Some((satisfaction.clone(), FoundBy::SharedAbbreviation)));
        assert_eq!(builtin("Customer Satisfaction"), Some((satisfaction.clone(), FoundBy::Alias)));
        let alone = KpiDictionary::new(vec![renamed(&satisfaction)], &[]);
        assert_eq!(found(&alone, "csat"), Some((satisfaction, FoundBy::Alias)));
        let other = KpiDictionary::new(vec![renamed("Chair Satisfaction (CSAT)")], &[]);
        assert_eq!(found(&other, "csat"), Some(("Chair Satisfaction (CSAT)".into(), FoundBy::Alias)));
    }

    #[test]
    fn a_derived_form_never_hides_a_full_name_or_an_alias() {
        assert_eq!(builtin("Churn Rate"), Some(("Churn Rate".into(), FoundBy::Name)));
        let definitions =
            vec![renamed("Alpha (NPS)"), renamed("NPS"), renamed("Beta (ABC)"), renamed("Gamma")];
        let aliases = [("abc".to_owned(), "Gamma".to_owned()), ("Gamma".to_owned(), "NPS".to_owned())];
        let dictionary = KpiDictionary::new(definitions, &aliases);
        assert_eq!(found(&dictionary, "nps"), Some(("NPS".into(), FoundBy::Name)));
        assert_eq!(found(&dictionary, "ABC"), Some(("Gamma".into(), FoundBy::Alias)));
        assert_eq!(found(&dictionary, "gamma"), Some(("Gamma".into(), FoundBy::Name)));
    }

    #[test]
    fn what_several_share_goes_to_the_first_and_that_is_said() {
        let dictionary = KpiDictionary::new(
            vec![renamed("Wait (phone)"), renamed("Wait (chat)"), renamed("B (XY)"), renamed("A (XY)")],
            &[],
        );
        assert_eq!(found(&dictionary, "wait"), Some(("Wait (chat)".into(), FoundBy::SharedAbbreviation)));
        assert_eq!(found(&dictionary, "xy"), Some(("A (XY)".into(), FoundBy::SharedAbbreviation)));
    }

    #[test]
    fn later_definitions_override_in_place_and_added_ones_follow_by_name() {
        let mut definitions = catalogue::builtin().to_vec();
        let mut override_ = renamed("churn rate");
        override_.unit = Some(Unit::Ratio);
        definitions.extend([renamed("Zebra"), override_, renamed("Aardvark")]);
        let dictionary = KpiDictionary::new(definitions, &[]);
        let before = KpiDictionary::builtin().find("Churn Rate").unwrap().index;
        let after = dictionary.find("Churn Rate").unwrap();
        assert_eq!((after.index, after.definition.unit), (before, Some(Unit::Ratio)));
        assert_eq!(after.definition.kpi_name, "churn rate");
        let added: Vec<_> = dictionary.definitions().iter().skip(68).map(|d| d.kpi_name.as_str()).collect();
        assert_eq!(added, ["Aardvark", "Zebra"]);
    }

    #[test]
    fn close_misses_are_suggested_and_far_ones_are_not() {
        let dictionary = KpiDictionary::builtin();
        assert_eq!(dictionary.suggest("Ticket Volumne"), Some("Ticket Volume"));
        assert_eq!(dictionary.suggest("Net Promotor Score"), Some("Net Promoter Score (NPS)"));
        assert_eq!(dictionary.suggest("Seats used"), None);
        assert_eq!(dictionary.suggest(""), None);
        assert_eq!(dictionary.suggest(&"x".repeat(1_000_000)), None);
    }
}
