//! Findings as they come in: those that are wanted are kept, the first so many.

use crate::model::ids::{AccountId, CustomerId};
use crate::model::verification::Verification;
pub(super) use crate::model::verification::{Finding, FindingKind, VerifyScope, short};

/// How many findings are kept; the others are counted.
const KEPT: usize = 10_000;

/// Takes findings in.
pub(super) struct Findings {
    scope: VerifyScope,
    kept: Vec<Finding>,
    total: u64,
    elsewhere: u64,
}

impl Findings {
    pub(super) fn new(scope: VerifyScope) -> Self {
        Self { scope, kept: Vec::new(), total: 0, elsewhere: 0 }
    }

    /// Whether a customer's own things are wanted.
    pub(super) fn wants_customer(&self, customer: CustomerId) -> bool {
        self.scope.customer.is_none_or(|wanted| wanted == customer)
    }

    /// Whether an account's own things are wanted.
    pub(super) fn wants_account(&self, account: AccountId) -> bool {
        self.scope.account.is_none_or(|wanted| wanted == account)
    }

    pub(super) fn add(&mut self, finding: Finding) {
        let is_wanted = finding.customer.is_none_or(|customer| self.wants_customer(customer))
            && finding.account.is_none_or(|account| self.wants_account(account));
        // What cannot be laid at one's door is told to all, without what is in it: it could be another's.
        let is_nobodys = finding.customer.is_none() && self.scope.customer.is_some();
        let finding = if is_nobodys { Finding { expected: None, found: None, ..finding } } else { finding };
        if is_wanted {
            self.total += 1;
            if self.kept.len() < KEPT {
                self.kept.push(finding);
            }
        } else {
            self.elsewhere += 1;
        }
    }

    /// Hands over what was found.
    pub(super) fn put_into(self, verification: &mut Verification) {
        let Self { kept, total, elsewhere, .. } = self;
        (verification.findings, verification.findings_total) = (kept, total);
        verification.findings_elsewhere = elsewhere;
    }
}
