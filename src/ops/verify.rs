//! `verify`: the whole truth of a database, and anchors: ledger heads written down, to find a history written anew.

use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Context;
use super::output_file::OutputFile;
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{AccountId, ChangeId, CustomerId};
use crate::model::time::Timestamp;
use crate::model::verification::{Finding, LedgerHead, Verification, VerifyScope};
use crate::report::verification::{FindingLine, HeadLine, VerificationView};
use crate::store::Reader;

/// What to verify.
#[derive(Debug, Clone, Copy, Default)]
pub struct VerifyOptions<'a> {
    /// Only this account, of the context's customer.
    pub account: Option<&'a str>,
    /// Only this customer; None: all.
    pub customer: Option<&'a str>,
    /// Ledger heads that were written down earlier.
    pub anchor: Option<&'a Path>,
    /// Where the heads of today are written, where nothing is wrong.
    pub write_anchor: Option<&'a Path>,
}

/// A line of an anchor: the last change of a customer's ledger.
#[derive(Debug, Serialize, Deserialize)]
struct AnchorLine {
    schema: String,
    customer_id: CustomerId,
    customer: String,
    change_id: ChangeId,
    recorded_at: Timestamp,
    digest: String,
}

const ANCHOR_SCHEMA: &str = "acctsnap.anchor/1";

/// Verifies the database. What is wrong is in the answer; an error is what kept it from being looked at.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `InputRefused` where the anchor cannot be read, `Interrupted`, and
/// what keeps SQLite from opening the file at all.
pub fn verify(context: &Context<'_>, options: &VerifyOptions<'_>) -> Result<VerificationView> {
    if let Clock::AsOf(_) = context.clock {
        return Err(Error::new(
            ErrorKind::Usage,
            "verify looks at the whole history, --as-of at a part of it",
        )
        .with_hint("leave --as-of out"));
    }
    let store = context.open_to_read()?;
    let scope = scope_of(context, &store.reader()?, options)?;
    let anchors = options.anchor.map(read_anchor).transpose()?.unwrap_or_default();
    let anchors: Vec<LedgerHead> = anchors
        .into_iter()
        .filter(|anchor| scope.customer.is_none_or(|customer| customer == anchor.customer))
        .collect();
    context.observer.started_pieces("verifying", store.count_changes().unwrap_or(0));
    let verified = store.verify(scope, &anchors, &mut || {
        context.observer.advanced(1);
        context.cancel.check()
    });
    context.observer.finished();
    let verification = verified?;
    if let Some(path) = options.write_anchor.filter(|_| verification.findings_total == 0) {
        write_anchor(path, &verification.heads)?;
    }
    let names = Names { reader: &store.reader()?, scope };
    Ok(view(context, options, &verification, anchors.len(), &names))
}

fn scope_of(context: &Context<'_>, reader: &Reader<'_>, options: &VerifyOptions<'_>) -> Result<VerifyScope> {
    let named = options.account.map(|_| context.customer).or(options.customer);
    let customer = named.map(|name| reader.find_customer(name)).transpose()?;
    let account =
        customer.zip(options.account).map(|(customer, account)| reader.find_account(customer, account));
    Ok(VerifyScope { customer, account: account.transpose()? })
}

fn read_anchor(path: &Path) -> Result<Vec<LedgerHead>> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::io(path, "read", error))?;
    let numbered = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let heads: Vec<LedgerHead> = numbered
        .map(|(place, line)| {
            let refused = |why: String| {
                let message =
                    format!("{}:{}: expected a line of an anchor, {why}", path.display(), place + 1);
                Error::new(ErrorKind::InputRefused, message)
                    .with_hint("`verify --write-anchor FILE` writes one")
            };
            let line: AnchorLine =
                serde_json::from_str(line).map_err(|error| refused(format!("got none ({error})")))?;
            if line.schema != ANCHOR_SCHEMA {
                return Err(refused(format!("got a line of '{}'", line.schema)));
            }
            Ok(LedgerHead {
                customer: line.customer_id,
                name: line.customer,
                change: line.change_id,
                recorded_at: line.recorded_at,
                digest: line.digest,
            })
        })
        .collect::<Result<_>>()?;
    match heads.is_empty() {
        true => Err(Error::new(
            ErrorKind::InputRefused,
            format!("{}: expected an anchor, got an empty file", path.display()),
        )
        .with_hint("`verify --write-anchor FILE` writes one")),
        false => Ok(heads),
    }
}

fn write_anchor(path: &Path, heads: &[LedgerHead]) -> Result<()> {
    let mut file = OutputFile::create(path)?;
    for head in heads {
        let line = AnchorLine {
            schema: ANCHOR_SCHEMA.to_owned(),
            customer_id: head.customer,
            customer: head.name.clone(),
            change_id: head.change,
            recorded_at: head.recorded_at,
            digest: head.digest.clone(),
        };
        let line = crate::report::json::line(&line)?;
        file.write_all(line.as_bytes()).map_err(|error| Error::io(path, "write", error))?;
    }
    file.commit()
}

/// What customers and accounts are called, as far as that can still be read.
struct Names<'r> {
    reader: &'r Reader<'r>,
    scope: VerifyScope,
}

impl Names<'_> {
    fn customer(&self, id: Option<CustomerId>) -> Option<String> {
        self.reader.customer_name(id.or(self.scope.customer)?).ok()
    }

    fn account(&self, customer: Option<CustomerId>, account: Option<AccountId>) -> Option<String> {
        let records = self.reader.load_accounts(customer?, &[account?]).ok()?;
        records.into_iter().next().map(|record| record.head.name)
    }

    fn line(&self, finding: &Finding) -> FindingLine {
        let of_customer = finding.customer.and_then(|customer| self.customer(Some(customer)));
        FindingLine {
            kind: finding.kind,
            customer: of_customer,
            account_id: finding.account,
            account_name: self.account(finding.customer, finding.account),
            snapshot_id: finding.snapshot,
            table: finding.table.clone(),
            row: finding.row,
            what: finding.what.clone(),
            expected: finding.expected.clone(),
            found: finding.found.clone(),
        }
    }
}

fn view(
    context: &Context<'_>,
    options: &VerifyOptions<'_>,
    verification: &Verification,
    anchors: usize,
    names: &Names<'_>,
) -> VerificationView {
    let head = |head: &LedgerHead| HeadLine {
        customer_id: head.customer,
        customer: head.name.clone(),
        change_id: head.change,
        recorded_at: head.recorded_at,
        digest: head.digest.clone(),
    };
    let is_sound = verification.findings_total == 0;
    VerificationView {
        schema: crate::report::verification::SCHEMA,
        database: context.database.display().to_string(),
        is_sound,
        customer: names.customer(None),
        account_id: names.scope.account,
        checked: verification.checked.into(),
        anchors_checked: anchors as u64,
        anchor_written: options.write_anchor.filter(|_| is_sound).map(|path| path.display().to_string()),
        findings_total: verification.findings_total,
        findings_elsewhere: verification.findings_elsewhere,
        findings: verification.findings.iter().map(|finding| names.line(finding)).collect(),
        heads: verification.heads.iter().map(head).collect(),
    }
}
