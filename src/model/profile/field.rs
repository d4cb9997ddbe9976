//! The fields of a profile: what a snapshot shows of an account beside its scores.

use super::ProfileValue;

/// A field of a profile; what a file has besides is an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProfileField {
    /// What the account pays a year.
    Revenue,
    /// Active, at risk, churned, ...: as the source has it.
    AccountStatus,
    /// The account's industry.
    Industry,
    /// Where it is.
    Region,
    /// Its tier or segment.
    AccountTier,
    /// First day of the contract.
    ContractStartDate,
    /// Last day of the contract.
    ContractEndDate,
    /// Day of the renewal.
    RenewalDate,
    /// The customer success manager.
    AssignedCsm,
    /// Their manager.
    CsmManager,
    /// Who owns the account.
    AccountOwner,
    /// The executive sponsor.
    ExecutiveSponsor,
    /// The products in use.
    ProductsUsed,
    /// The main one.
    PrimaryProduct,
    /// Where the account is in its life.
    LifecycleStage,
    /// How far the onboarding is.
    OnboardingStatus,
    /// Day of the last business review.
    LastQbrDate,
    /// Day of the next business review.
    NextQbrDate,
    /// How engaged the account is, points of 100.
    EngagementScore,
    /// The champion's name.
    PrimaryChampion,
    /// How the champion stands.
    ChampionStatus,
    /// How many stakeholders are known.
    StakeholderCount,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// Text.
    Text,
    /// A day.
    Day,
    /// Texts, in the order of the source, each once.
    List,
    /// A whole number from 0.
    Count,
    /// Points of 100.
    Score,
    /// An amount a year.
    Revenue,
}

impl ProfileField {
    /// Every field, in the order of the snapshot.
    pub const ALL: [Self; 22] = [
        Self::Revenue,
        Self::AccountStatus,
        Self::Industry,
        Self::Region,
        Self::AccountTier,
        Self::ContractStartDate,
        Self::ContractEndDate,
        Self::RenewalDate,
        Self::AssignedCsm,
        Self::CsmManager,
        Self::AccountOwner,
        Self::ExecutiveSponsor,
        Self::ProductsUsed,
        Self::PrimaryProduct,
        Self::LifecycleStage,
        Self::OnboardingStatus,
        Self::LastQbrDate,
        Self::NextQbrDate,
        Self::EngagementScore,
        Self::PrimaryChampion,
        Self::ChampionStatus,
        Self::StakeholderCount,
    ];

    /// Its name, as the snapshot's JSON has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Revenue => "revenue",
            Self::AccountStatus => "account_status",
            Self::Industry => "industry",
            Self::Region => "region",
            Self::AccountTier => "account_tier",
            Self::ContractStartDate => "contract_start_date",
            Self::ContractEndDate => "contract_end_date",
            Self::RenewalDate => "renewal_date",
            Self::AssignedCsm => "assigned_csm",
            Self::CsmManager => "csm_manager",
            Self::AccountOwner => "account_owner",
            Self::ExecutiveSponsor => "executive_sponsor",
            Self::ProductsUsed => "products_used",
            Self::PrimaryProduct => "primary_product",
            Self::LifecycleStage => "lifecycle_stage",
            Self::OnboardingStatus => "onboarding_status",
            Self::LastQbrDate => "last_qbr_date",
            Self::NextQbrDate => "next_qbr_date",
            Self::EngagementScore => "engagement_score",
            Self::PrimaryChampion => "primary_champion",
            Self::ChampionStatus => "champion_status",
            Self::StakeholderCount => "stakeholder_count",
        }
    }

    /// The field of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// What it holds.
    #[must_use]
    pub const fn kind(self) -> ValueKind {
        match self {
            Self::Revenue => ValueKind::Revenue,
            Self::ContractStartDate
            | Self::ContractEndDate
            | Self::RenewalDate
            | Self::LastQbrDate
            | Self::NextQbrDate => ValueKind::Day,
            Self::ProductsUsed => ValueKind::List,
            Self::EngagementScore => ValueKind::Score,
            Self::StakeholderCount => ValueKind::Count,
            _ => ValueKind::Text,
        }
    }

    /// Whether the field may hold the value.
    #[must_use]
    pub const fn holds(self, value: &ProfileValue) -> bool {
        matches!(
            (self.kind(), value),
            (ValueKind::Text, ProfileValue::Text(_))
                | (ValueKind::Day, ProfileValue::Day(_))
                | (ValueKind::List, ProfileValue::List(_))
                | (ValueKind::Count, ProfileValue::Count(_))
                | (ValueKind::Score, ProfileValue::Score(_))
                | (ValueKind::Revenue, ProfileValue::Revenue(_))
        )
    }
}
