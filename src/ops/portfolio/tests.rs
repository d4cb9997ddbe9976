//! Properties of a comparison of portfolios: the order of the lines, and that segments are a division of the whole.

use proptest::prelude::*;

use super::accounts::{rank, told};
use super::ends::{End, is_there};
use super::pair::{Pair, pairs};
use super::state::Segments;
use super::sums::Sums;
use crate::model::ids::{AccountId, ChangeId, ScoringConfigId, SnapshotId};
use crate::model::portfolio::Fate;
use crate::model::score::Score;
use crate::model::time::Timestamp;
use crate::report::portfolio_compare::{MomentView, PartView};
use crate::store::Standing;

fn standing() -> impl Strategy<Value = Standing> {
    // Few values, so that many accounts tie.
    let score = prop::option::of((0..4_i32).prop_map(|points| Score::from_hundredths(points * 2500)));
    let currency = prop::sample::select(vec!["EUR", "USD"]);
    let revenue = prop::option::of((0..3_i64, currency).prop_map(|(paid, code)| (paid, code.to_owned())));
    let status = prop::sample::select(vec![None, Some("active"), Some("Churned")]);
    (score, revenue, status, prop::bool::weighted(0.1)).prop_map(|(score, revenue, status, archived)| {
        Standing {
            account: AccountId::new(0),
            name: String::new(),
            external_id: None,
            snapshot: Some(SnapshotId::new(1)),
            change: ChangeId::new(1),
            taken_at: Timestamp::from_millis(0),
            config: ScoringConfigId::new(1),
            score,
            band: None,
            revenue,
            kpi_row: None,
            status: status.map(str::to_owned),
            archived,
        }
    })
}

/// Each account has an id that rises, as the store gives them.
fn end() -> impl Strategy<Value = End> {
    prop::collection::vec(prop::option::weighted(0.8, standing()), 20).prop_map(|all| {
        let numbered = (1..).zip(all);
        let standings = numbered.filter_map(|(id, standing)| {
            standing.map(|standing| Standing { account: AccountId::new(id), ..standing })
        });
        let moment = MomentView { asked: String::new(), at: None };
        End { moment, is_live: false, standings: standings.collect() }
    })
}

fn ids(pairs: &[Pair<'_>]) -> Vec<AccountId> {
    pairs.iter().map(Pair::account).collect()
}

proptest! {
    #[test]
    fn every_account_that_is_there_once_stands_in_one_line(from in end(), to in end()) {
        let pairs = pairs(&from, &to);
        let there = |end: &End, id| end.standings.iter().any(|one| one.account == id && is_there(one));
        for id in (1..=20).map(AccountId::new) {
            let fate = Fate::of(there(&from, id), there(&to, id));
            let found: Vec<Fate> =
                pairs.iter().filter(|pair| pair.account() == id).map(|pair| pair.fate).collect();
            prop_assert_eq!(found, fate.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_order_is_total_and_the_largest_movement_comes_first(from in end(), to in end()) {
        let mut ranked = pairs(&from, &to);
        rank(&mut ranked);
        let mut again = pairs(&from, &to);
        again.reverse();
        rank(&mut again);
        prop_assert_eq!(ids(&ranked), ids(&again), "ties are broken, in whatever order they come");
        for two in ranked.windows(2) {
            let moved = |pair: &Pair<'_>| pair.score_change().map(Score::hundredths);
            prop_assert!(two[0].fate <= two[1].fate);
            if let (Some(first), Some(second)) = (moved(&two[0]), moved(&two[1])) {
                let is_right = first.abs() > second.abs()
                    || first.abs() == second.abs() && first < second
                    || first == second && two[0].account() < two[1].account();
                prop_assert!(is_right, "{first} before {second}");
            } else if two[0].fate == two[1].fate {
                prop_assert!(moved(&two[1]).is_none(), "what did not move comes last");
            }
        }
    }

    #[test]
    fn reasons_are_told_of_the_first_in_each_direction(from in end(), to in end(), top in 0..5_usize) {
        let mut ranked = pairs(&from, &to);
        rank(&mut ranked);
        let told = told(&ranked, Some(top));
        for sign in [-1, 1] {
            let of = |pairs: &[Pair<'_>]| {
                let moved = |pair: &&Pair<'_>| pair.score_change().map(|change| change.hundredths().signum());
                pairs.iter().filter(|pair| moved(pair) == Some(sign)).map(Pair::account).collect::<Vec<_>>()
            };
            let all = of(&ranked);
            prop_assert_eq!(of(&told), all[..top.min(all.len())].to_vec());
        }
    }

    #[test]
    fn segments_add_up_to_the_whole(from in end(), to in end(), of in prop::collection::vec(0..3_u8, 21)) {
        let pairs = pairs(&from, &to);
        let segment = |account: AccountId| match of[usize::try_from(account.get()).unwrap()] {
            0 => None,
            one => Some(one.to_string()),
        };
        let segments: Segments = ids(&pairs).into_iter().map(|account| (account, segment(account))).collect();
        let sums = Sums::of(&pairs, &segments, true).unwrap();
        let counts: [fn(&PartView) -> u64; 9] = [
            |part| part.accounts_at_start,
            |part| part.accounts_at_end,
            |part| part.accounts_new,
            |part| part.accounts_lost,
            |part| part.accounts_improved,
            |part| part.accounts_declined,
            |part| part.accounts_without_score,
            |part| part.revenue_left_out.accounts,
            |part| part.revenue.iter().map(|revenue| revenue.accounts).sum(),
        ];
        for count in counts {
            let sum: u64 = sums.segments.iter().map(|segment| count(&segment.part)).sum();
            prop_assert_eq!(sum, count(&sums.total));
        }
        let total = &sums.total;
        prop_assert_eq!(
            total.accounts_at_end,
            total.accounts_at_start - total.accounts_lost + total.accounts_new
        );
        let last = sums.segments.iter().position(|segment| segment.segment.is_none());
        prop_assert!(last.is_none_or(|place| place + 1 == sums.segments.len()), "no value comes last");
    }
}
