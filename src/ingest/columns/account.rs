//! The headers by which CRMs, BI tools and spreadsheets name an account: the same for every kind of file.

/// Headers of an account's name.
///
/// In acctsnap's own views `customer` is the tenant and stands beside `account_name`: it comes second.
pub(in crate::ingest) const ACCOUNT: &[&[&str]] = &[NAMES, &["customer", "client", "name"]];

/// The same in files of numbers, where a mere `name` is that of a product, a person or a place as often as not.
pub(in crate::ingest) const SAID_ACCOUNT: &[&[&str]] = &[NAMES, &["customer", "client"]];

const NAMES: &[&str] = &[
    "account",
    "account name",
    "customer name",
    "company",
    "company name",
    "client name",
    "organization",
    "organization name",
    "organisation",
    "organisation name",
    "account: account name",
    "associated company",
];

const OURS: &[&str] = &["external id", "external account id", "account external id"];
const THEIRS: &[&str] = &[
    "account id",
    "customer id",
    "company id",
    "client id",
    "organization id",
    "organisation id",
    "sfdc id",
    "sfdc account id",
    "salesforce id",
    "salesforce account id",
    "gsid",
    "company gsid",
    "crm id",
    "account: account id",
    "account id (18)",
];
const NUMBERS: &[&str] = &["account number", "account no", "customer number", "client number"];

/// Headers of an account's id in the system that wrote the file, where a lone `id` is the row's own.
///
/// In acctsnap's own exports `account_id` is our own id, and `external_account_id` the one that counts.
pub(in crate::ingest) const EXTERNAL_ID: &[&[&str]] = &[OURS, THEIRS, NUMBERS];

/// The same where a lone `id` may be the account's: it is read only beside a name.
pub(in crate::ingest) const EXTERNAL_ID_OR_ID: &[&[&str]] = &[OURS, THEIRS, NUMBERS, &["id", "record id"]];
