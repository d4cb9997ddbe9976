//! The fields of a playbook row, and the headers by which success platforms, CRMs and run logs call them.

use crate::ingest::columns::Field;

/// A field of a playbook execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::ingest) enum PlaybookField {
    /// The account's name.
    Account,
    /// The account's id in the system that wrote the file.
    ExternalId,
    /// The execution's id.
    ExecutionId,
    /// Which playbook.
    Playbook,
    /// The state.
    Status,
    /// How it ended, where the state only says that it did.
    Conclusion,
    /// When it started.
    Started,
    /// When it ended.
    Completed,
    /// Where it stands.
    CurrentStep,
    /// What its steps gave; kept as it stands.
    Results,
    /// What was written of it when it was over.
    Report,
}

impl PlaybookField {
    /// Whether its text is taken out of the row, so that it is not kept once more among the details.
    pub(super) fn is_taken(self) -> bool {
        !matches!(self, Self::Status | Self::Conclusion | Self::Results)
    }
}

impl Field for PlaybookField {
    const KIND: &'static str = "playbooks";
    const ACCOUNT: Self = Self::Account;
    const EXTERNAL_ID: Self = Self::ExternalId;
    const ROWS_DECIDE: bool = true;
    const ALL: &'static [Self] = &[
        Self::Account,
        Self::ExternalId,
        Self::ExecutionId,
        Self::Playbook,
        Self::Status,
        Self::Conclusion,
        Self::Started,
        Self::Completed,
        Self::CurrentStep,
        Self::Results,
        Self::Report,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::ExternalId => "external_id",
            Self::ExecutionId => "execution_id",
            Self::Playbook => "playbook",
            Self::Status => "status",
            Self::Conclusion => "conclusion",
            Self::Started => "started_at",
            Self::Completed => "completed_at",
            Self::CurrentStep => "current_step",
            Self::Results => "results",
            Self::Report => "report",
        }
    }

    fn headers(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Account => ACCOUNT,
            Self::ExternalId => EXTERNAL_ID,
            Self::ExecutionId => EXECUTION_ID,
            Self::Playbook => PLAYBOOK,
            Self::Status => {
                &[&["status", "execution status"], &["state"], &["cta status", "playbook status"]]
            }
            Self::Conclusion => &[&["conclusion"]],
            Self::Started => STARTED,
            Self::Completed => COMPLETED,
            Self::CurrentStep => &[&["current step", "current step name"], &["step", "stage"]],
            Self::Results => &[&["results"], &["result", "step results"]],
            Self::Report => &[&["report"], &["report data", "playbook report"]],
        }
    }
}

/// A `customer` is a tenant beside an account's name, else the account; a bare `name` may be the playbook's.
const ACCOUNT: &[&[&str]] = &[
    &["account name"],
    &["account", "company name", "client name", "customer name", "account: account name"],
    &["company", "client", "associated company"],
    &["context account name", "context account"],
    &["customer"],
];

/// A `customerId` is the tenant of the source, never the account, and a lone `id` is the execution's: the last
/// group, of what counts beside a name alone, is empty.
const EXTERNAL_ID: &[&[&str]] = &[
    &["external account id", "account external id"],
    &["external id", "account id", "company id", "client id", "account: account id", "account id (18)"],
    &["sfdc account id", "salesforce account id", "sfdc id", "account gsid", "company gsid", "crm id"],
    &["context external account id", "context account external id"],
    &["context account id", "context external id"],
    &[],
];

const EXECUTION_ID: &[&[&str]] = &[
    &["execution id", "playbook execution id"],
    &["run id", "playbook run id", "cta id"],
    &["execution", "run"],
    &["id", "record id"],
    &["correlation id"],
];

const PLAYBOOK: &[&[&str]] = &[
    &["playbook id", "success play id", "play id"],
    &["playbook", "success play", "play"],
    &["playbook name", "success play name", "play name"],
    &["cta name"],
    &["cta"],
];

const STARTED: &[&[&str]] = &[
    &["started at", "started", "start time", "start date", "started on", "date started"],
    &["run started at", "start"],
];

const COMPLETED: &[&[&str]] = &[
    &["completed at", "completed", "completed on", "completion date", "date completed", "completed date"],
    &["finished at", "ended at", "end time", "end date", "closed at", "closed date", "close date"],
    &["finished", "ended", "end"],
];

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::model::names::loose_key;

    #[test]
    fn no_header_stands_for_two_fields() {
        let mut seen = HashMap::new();
        for field in PlaybookField::ALL {
            for header in field.headers().iter().copied().flatten() {
                let earlier = seen.insert(loose_key(header), *field);
                assert!(earlier.is_none_or(|earlier| earlier == *field), "{header}");
            }
        }
        assert!(!seen.contains_key("customerid"));
    }
}
