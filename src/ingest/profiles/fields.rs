//! The fields of a profile row, and the headers by which CRMs and customer-success platforms call them.

use crate::ingest::columns::{Field, account};
use crate::model::profile::ProfileField;

/// What a column of a profile file can be; what is none of these is an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ProfileColumn {
    /// The account's name.
    Account,
    /// The account's id in the system that wrote the file.
    ExternalId,
    /// What it pays a year.
    Arr,
    /// What it pays a month.
    Mrr,
    /// A revenue of which the header does not say more.
    Revenue,
    /// The currency of these.
    Currency,
    /// The client's own revenue, as CRMs export it: an attribute.
    CompanyRevenue,
    /// A field of the profile, but for the revenue.
    Is(ProfileField),
}

/// The attribute under which the client's own revenue is kept.
pub(super) const COMPANY_REVENUE: &str = "company_revenue";

type Headers = &'static [&'static [&'static str]];

impl Field for ProfileColumn {
    const KIND: &'static str = "profiles";
    const ALL: &'static [Self] = &[
        Self::Account,
        Self::ExternalId,
        Self::Arr,
        Self::Mrr,
        Self::Revenue,
        Self::Currency,
        Self::CompanyRevenue,
        Self::Is(ProfileField::AccountStatus),
        Self::Is(ProfileField::Industry),
        Self::Is(ProfileField::Region),
        Self::Is(ProfileField::AccountTier),
        Self::Is(ProfileField::ContractStartDate),
        Self::Is(ProfileField::ContractEndDate),
        Self::Is(ProfileField::RenewalDate),
        Self::Is(ProfileField::AssignedCsm),
        Self::Is(ProfileField::CsmManager),
        Self::Is(ProfileField::AccountOwner),
        Self::Is(ProfileField::ExecutiveSponsor),
        Self::Is(ProfileField::ProductsUsed),
        Self::Is(ProfileField::PrimaryProduct),
        Self::Is(ProfileField::LifecycleStage),
        Self::Is(ProfileField::OnboardingStatus),
        Self::Is(ProfileField::LastQbrDate),
        Self::Is(ProfileField::NextQbrDate),
        Self::Is(ProfileField::EngagementScore),
        Self::Is(ProfileField::PrimaryChampion),
        Self::Is(ProfileField::ChampionStatus),
        Self::Is(ProfileField::StakeholderCount),
    ];
    const ACCOUNT: Self = Self::Account;
    const EXTERNAL_ID: Self = Self::ExternalId;

    fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::ExternalId => "external_id",
            Self::Arr => "arr",
            Self::Mrr => "mrr",
            Self::Revenue => "revenue",
            Self::Currency => "currency",
            Self::CompanyRevenue => COMPANY_REVENUE,
            Self::Is(field) => field.name(),
        }
    }

    fn headers(self) -> Headers {
        match self {
            Self::Account => account::ACCOUNT,
            Self::ExternalId => account::EXTERNAL_ID_OR_ID,
            Self::Arr => ARR,
            Self::Mrr => MRR,
            Self::Revenue => &[&["revenue"], &["account revenue", "customer revenue"]],
            Self::Currency => {
                &[&["currency", "currency code", "currency iso code", "revenue currency", "arr currency"]]
            }
            Self::CompanyRevenue => {
                &[&["company revenue", "client revenue"], &["annual revenue", "annual company revenue"]]
            }
            Self::Is(field) => headers_of(field),
        }
    }
}

const ARR: Headers = &[
    &["arr", "annual recurring revenue", "arr amount", "current arr", "total arr", "revenue arr"],
    &["acv", "annual contract value", "contract value annual", "acv amount", "annualized contract value"],
    &["contract value"],
];

const MRR: Headers =
    &[&["mrr", "monthly recurring revenue", "mrr amount", "current mrr", "total mrr", "revenue mrr"]];

fn headers_of(field: ProfileField) -> Headers {
    use ProfileField as P;
    match field {
        // Never asked for: the revenue has columns of its own.
        P::Revenue => &[],
        P::AccountStatus => {
            &[&["account status", "customer status", "client status"], &["status", "company status"]]
        }
        P::Industry => &[&["industry", "account industry"], &["vertical", "sector", "industry vertical"]],
        P::Region => {
            &[&["region", "account region", "sales region"], &["geo", "geography", "territory", "geo region"]]
        }
        P::AccountTier => &[
            &["account tier", "customer tier", "client tier"],
            &["tier"],
            &["segment", "customer segment", "account segment", "company segment"],
        ],
        P::ContractStartDate => &[
            &["contract start date", "contract start"],
            &["subscription start date", "subscription start", "original contract date"],
        ],
        P::ContractEndDate => &[
            &["contract end date", "contract end", "contract expiration date", "contract expiry date"],
            &["subscription end date", "subscription end"],
        ],
        P::RenewalDate => &[
            &["renewal date", "contract renewal date", "next renewal date", "next renewal"],
            &["renewal", "renews on", "renewal due date"],
        ],
        P::AssignedCsm | P::CsmManager | P::AccountOwner | P::ExecutiveSponsor => people(field),
        P::ProductsUsed => &[
            &["products used", "product used", "products in use"],
            &["products", "product list", "products owned"],
        ],
        P::PrimaryProduct => &[&["primary product", "main product", "core product"]],
        P::LifecycleStage => &[&["lifecycle stage", "customer lifecycle stage"], &["journey stage", "stage"]],
        P::OnboardingStatus => &[&["onboarding status"], &["onboarding", "implementation status"]],
        P::LastQbrDate => &[
            &["last qbr date", "last qbr", "last ebr date", "last ebr"],
            &["last business review date", "last business review", "last executive business review"],
        ],
        P::NextQbrDate => &[
            &["next qbr date", "next qbr", "next ebr date", "next ebr"],
            &["next business review date", "next business review", "next executive business review"],
        ],
        P::EngagementScore => &[&["engagement score"], &["engagement"]],
        P::PrimaryChampion | P::ChampionStatus | P::StakeholderCount => champions(field),
    }
}

fn people(field: ProfileField) -> Headers {
    use ProfileField as P;
    match field {
        P::AssignedCsm => &[
            &["assigned csm", "csm", "csm name", "csm assigned", "customer success manager"],
            &["csm owner", "csm full name", "success manager", "assigned csm name"],
            &["owner", "account manager"],
        ],
        P::CsmManager => &[&["csm manager", "csm manager name", "manager of csm", "csm lead"]],
        P::AccountOwner => &[&["account owner", "account owner name"], &["owner name", "account executive"]],
        _ => &[&["executive sponsor", "executive sponsor name", "exec sponsor"], &["sponsor"]],
    }
}

fn champions(field: ProfileField) -> Headers {
    use ProfileField as P;
    match field {
        P::PrimaryChampion => {
            &[&["primary champion", "primary champion name"], &["champion", "champion name", "main champion"]]
        }
        P::ChampionStatus => &[&["champion status", "primary champion status"]],
        _ => &[&["stakeholder count", "number of stakeholders", "stakeholders count"], &["stakeholders"]],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::model::names::loose_key;

    #[test]
    fn every_field_has_a_column_and_no_header_stands_for_two() {
        let mut seen = HashMap::new();
        for column in ProfileColumn::ALL {
            assert!(column.headers().iter().any(|headers| !headers.is_empty()), "{column:?}");
            for header in column.headers().iter().copied().flatten() {
                let earlier = seen.insert(loose_key(header), *column);
                assert!(earlier.is_none(), "{header}");
            }
        }
        for field in ProfileField::ALL.into_iter().filter(|field| *field != ProfileField::Revenue) {
            assert_eq!(ProfileColumn::parse(field.name()), Some(ProfileColumn::Is(field)));
        }
    }
}
