//! One file, one command line, and what an analyst who has the file in front of her expects of it.
//!
//! Pure data: it must never look at the file or run the program.

use std::fmt::Write as _;

/// A file, how it is ingested, and what is expected.
#[derive(Debug, Clone)]
pub struct Case {
    /// The folder below the data, e.g. `real/kpi_wide`.
    pub folder: &'static str,
    /// The file in it.
    pub file: &'static str,
    /// What follows `acctsnap ingest`, but for the file: the kind, then flags, quoted with `'` where needed.
    pub words: &'static str,
    /// Files that are ingested before it: path below the data, and words.
    pub before: Vec<(&'static str, &'static str)>,
    /// What must hold.
    pub checks: Vec<Check>,
}

/// What must hold after the ingest.
#[derive(Debug, Clone)]
pub enum Check {
    /// This many rows were read.
    Rows(u64),
    /// This many of them were rejected.
    Rejected(u64),
    /// This many accounts were touched.
    Accounts(u64),
    /// The input was refused, in words that hold one of these, parted by `|`, whatever the case.
    Refused(&'static str),
    /// The answer or a message holds this text, whatever the case.
    Says(&'static str),
    /// The first cell that a query of the views gives.
    Query {
        /// What is asked, for people.
        told: String,
        /// SQL with `?1`, `?2`, ... for the parameters.
        sql: &'static str,
        /// The parameters.
        parameters: Vec<String>,
        /// What comes.
        expected: Expected,
    },
    /// A field of an account's newest snapshot, as text.
    Field {
        /// What is asked, for people.
        told: String,
        /// The account's name or external id.
        account: String,
        /// The column of `v_latest`.
        name: String,
        /// What it holds.
        value: String,
    },
    /// The attributes of every account are what a JSON file beside it says: an array of objects.
    SpectrumTruth {
        /// The column that was mapped as the account.
        account: &'static str,
    },
    /// All of one of these lists hold.
    Either(Vec<Vec<Check>>),
}

/// What a query gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// A number, to nine digits.
    Number(f64),
    /// A text, exactly.
    Text(String),
    /// No row, or NULL.
    Nothing,
}

/// A file as this kind with these flags.
pub fn reads(file: &'static str, words: &'static str) -> Case {
    Case { folder: "", file, words, before: Vec::new(), checks: Vec::new() }
}

/// Cases of one folder below the data.
pub fn in_folder(folder: &'static str, cases: Vec<Case>) -> Vec<Case> {
    cases.into_iter().map(|case| Case { folder, ..case }).collect()
}

/// No account can be found in the file, so it is asked for.
pub fn asks_for_account(file: &'static str) -> Case {
    reads(file, "kpis").refused("--account")
}

impl Case {
    /// The path below the data.
    pub fn path(&self) -> String {
        format!("{}/{}", self.folder, self.file)
    }

    /// Ingests another file first, e.g. the accounts that playbooks are about.
    #[must_use]
    pub fn after(mut self, path: &'static str, words: &'static str) -> Self {
        self.before.push((path, words));
        self
    }

    /// Adds a check.
    #[must_use]
    pub fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// Rows read; none of them is rejected unless [`Case::rejected`] says so.
    #[must_use]
    pub fn rows(self, read: u64) -> Self {
        self.check(Check::Rows(read))
    }

    /// Rows rejected.
    #[must_use]
    pub fn rejected(self, rejected: u64) -> Self {
        self.check(Check::Rejected(rejected))
    }

    /// Accounts touched.
    #[must_use]
    pub fn accounts(self, touched: u64) -> Self {
        self.check(Check::Accounts(touched))
    }

    /// Refused with exit code 5, in words that hold one of these, parted by `|`.
    #[must_use]
    pub fn refused(self, words: &'static str) -> Self {
        self.check(Check::Refused(words))
    }

    /// Said in the answer or in a message.
    #[must_use]
    pub fn says(self, text: &'static str) -> Self {
        self.check(Check::Says(text))
    }

    /// All of one of two lists hold; each is written as a case of its own.
    #[must_use]
    pub fn either(self, first: impl Fn(Self) -> Self, second: impl Fn(Self) -> Self) -> Self {
        let empty = Self { checks: Vec::new(), ..self.clone() };
        let lists = vec![first(empty.clone()).checks, second(empty).checks];
        self.check(Check::Either(lists))
    }

    /// The sum of a KPI over all accounts, products and days.
    #[must_use]
    pub fn sum_of(self, kpi: &str, sum: f64) -> Self {
        let told = format!("{kpi} sums to {sum}");
        let sql = "SELECT sum(value) FROM v_kpi_history WHERE kpi = ?1 COLLATE NOCASE";
        self.query(told, sql, &[kpi], Expected::Number(sum))
    }

    /// How many values a KPI has over all accounts, products and days: what is blank is none.
    #[must_use]
    pub fn values_of(self, kpi: &str, count: u32) -> Self {
        let told = format!("{count} values of {kpi}");
        let sql = "SELECT count(value) FROM v_kpi_history WHERE kpi = ?1 COLLATE NOCASE";
        self.query(told, sql, &[kpi], Expected::Number(count.into()))
    }

    /// The current value of an account's KPI.
    #[must_use]
    pub fn value(self, account: &str, kpi: &str, value: f64) -> Self {
        let told = format!("{kpi} of {account} is {value}");
        let sql = "SELECT value FROM v_kpi_current WHERE (external_account_id = ?1 OR account_name = ?1) \
                   AND kpi = ?2 COLLATE NOCASE";
        self.query(told, sql, &[account, kpi], Expected::Number(value))
    }

    /// An account has no current value of a KPI.
    #[must_use]
    pub fn no_value(self, account: &str, kpi: &str) -> Self {
        let told = format!("no {kpi} of {account}");
        let sql = "SELECT value FROM v_kpi_current WHERE (external_account_id = ?1 OR account_name = ?1) \
                   AND kpi = ?2 COLLATE NOCASE";
        self.query(told, sql, &[account, kpi], Expected::Nothing)
    }

    /// The value of an account's KPI on a day (`2014-01-31`), or in a month (`2014-01`).
    #[must_use]
    pub fn value_on(self, account: &str, kpi: &str, day: &str, value: f64) -> Self {
        let told = format!("{kpi} of {account} on {day} is {value}");
        let sql = "SELECT value FROM v_kpi_history WHERE (external_account_id = ?1 OR account_name = ?1) \
                   AND kpi = ?2 COLLATE NOCASE AND observed_at LIKE ?3 || '%'";
        self.query(told, sql, &[account, kpi, day], Expected::Number(value))
    }

    /// How many accounts there are with an attribute of this value.
    #[must_use]
    pub fn attributes(self, name: &str, value: &str, accounts: u32) -> Self {
        let told = format!("{accounts} accounts with {name} {value}");
        let sql = "SELECT count(*) FROM v_latest, json_each(v_latest.attributes) a \
                   WHERE a.key = ?1 AND a.value = ?2";
        self.query(told, sql, &[name, value], Expected::Number(accounts.into()))
    }

    /// How many accounts have an attribute at all.
    #[must_use]
    pub fn with_attribute(self, name: &str, accounts: u32) -> Self {
        let told = format!("{accounts} accounts with {name}");
        let sql = "SELECT count(*) FROM v_latest, json_each(v_latest.attributes) a WHERE a.key = ?1";
        self.query(told, sql, &[name], Expected::Number(accounts.into()))
    }

    /// An attribute of an account.
    #[must_use]
    pub fn attribute(self, account: &str, name: &str, value: &str) -> Self {
        let told = format!("{name} of {account} is {}", shown(value));
        let sql = "SELECT a.value FROM v_latest, json_each(v_latest.attributes) a \
                   WHERE (external_account_id = ?1 OR account_name = ?1) AND a.key = ?2";
        self.query(told, sql, &[account, name], Expected::Text(value.into()))
    }

    /// What a field of the newest snapshot says of an account.
    #[must_use]
    pub fn field(self, account: &str, name: &str, value: &str) -> Self {
        let told = format!("{name} of {account} is {value}");
        self.check(Check::Field { told, account: account.into(), name: name.into(), value: value.into() })
    }

    /// No account bears this name, e.g. that of a total.
    #[must_use]
    pub fn never_account(self, name: &str) -> Self {
        let sql = "SELECT account_name FROM v_accounts WHERE account_name = ?1 COLLATE NOCASE";
        self.query(format!("no account {name}"), sql, &[name], Expected::Nothing)
    }

    /// Any other question.
    #[must_use]
    pub fn query(self, told: String, sql: &'static str, parameters: &[&str], expected: Expected) -> Self {
        let parameters = parameters.iter().map(|&text| text.to_owned()).collect();
        self.check(Check::Query { told, sql, parameters, expected })
    }

    /// A question whose answer is a number.
    #[must_use]
    pub fn number(self, told: &str, sql: &'static str, number: f64) -> Self {
        self.query(format!("{told}: {number}"), sql, &[], Expected::Number(number))
    }

    /// A question whose answer is a text.
    #[must_use]
    pub fn text(self, told: &str, sql: &'static str, text: &str) -> Self {
        self.query(format!("{told}: {text}"), sql, &[], Expected::Text(text.into()))
    }
}

/// A text on one line, cut where it is long.
pub fn shown(text: &str) -> String {
    let mut line = String::new();
    for character in text.chars().take(40) {
        let _ = write!(line, "{}", if character.is_control() { '␤' } else { character });
    }
    if text.chars().nth(40).is_some() {
        line.push('…');
    }
    line
}

/// What is expected, for people.
pub fn told(checks: &[Check]) -> String {
    checks.iter().map(told_one).collect::<Vec<_>>().join(", ")
}

fn told_one(check: &Check) -> String {
    match check {
        Check::Rows(read) => format!("{read} rows"),
        Check::Rejected(rejected) => format!("{rejected} rejected"),
        Check::Accounts(touched) => format!("{touched} accounts"),
        Check::Refused(words) => format!("refused, with a word of \"{}\"", words.replace('|', "\" or \"")),
        Check::Says(text) => format!("\"{text}\" is said"),
        Check::Query { told, .. } | Check::Field { told, .. } => told.clone(),
        Check::SpectrumTruth { .. } => "every cell as in its JSON".to_owned(),
        Check::Either(lists) => lists.iter().map(|list| told(list)).collect::<Vec<_>>().join("; or "),
    }
}
