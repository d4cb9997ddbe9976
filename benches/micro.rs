//! What the inner loops take, each by itself: `cargo bench`. Whole commands are measured by performance.py.

use std::error::Error;
use std::fmt::Write as _;
use std::hint::black_box;

use acctsnap::ingest::{KpiReadOptions, Source, read_kpis};
use acctsnap::model::health::config::ScoringConfig;
use acctsnap::model::health::scorer::Scorer;
use acctsnap::model::ids::{SeriesId, UploadId};
use acctsnap::model::kpi::dictionary::KpiDictionary;
use acctsnap::model::kpi::fold::{History, Saying, Statement, apply};
use acctsnap::model::kpi::series::{Series, SeriesSet};
use acctsnap::model::kpi::state::KpiState;
use acctsnap::model::kpi::{Category, KpiDefinition, Unit};
use acctsnap::model::snapshot::content::{AccountParts, SnapshotContent};
use acctsnap::model::value::{DecimalMark, MISSING_TOKENS, ValueReader, ValueTarget};
use chrono::NaiveDate;
use criterion::{Criterion, Throughput};

type Outcome = Result<(), Box<dyn Error>>;

/// KPIs of one account: all of the built-in catalogue.
fn definitions() -> &'static [KpiDefinition] {
    KpiDictionary::builtin().definitions()
}

fn series() -> SeriesSet {
    let mut set = SeriesSet::default();
    for (id, definition) in (1..).zip(definitions()) {
        set.insert(Series {
            id: SeriesId::new(id),
            kpi: definition.kpi_name.clone(),
            product: None,
            unit: None,
            category: None,
        });
    }
    set
}

/// What a file says of every KPI; of each tenth another value where `shift` says so.
fn statements(shift: f64) -> Vec<Statement> {
    let shifted = |id: i64| if id % 10 == 0 { shift } else { 0.0 };
    let statement = |(id, _)| Statement {
        series: SeriesId::new(id),
        value: Some(40.5 + shifted(id)),
        observed_on: None,
        weight: Some(5.0),
        impact: None,
    };
    (1..).zip(definitions()).map(statement).collect()
}

fn saying(upload: i64) -> Saying {
    Saying { upload: UploadId::new(upload), today: NaiveDate::default() }
}

fn state() -> KpiState {
    let mut state = KpiState::default();
    apply(&mut state, &History::new(), &mut statements(0.0), saying(1));
    state
}

fn values() -> ValueReader {
    ValueReader::new(&MISSING_TOKENS.map(str::to_owned), "USD", DecimalMark::Point)
}

fn value_reader(criterion: &mut Criterion) {
    let reader = values();
    let mut group = criterion.benchmark_group("value reader");
    let cells = [
        ("plain", "71.2", None),
        ("percent", "71.2%", Some(Unit::Percent)),
        ("money", "$1,234.56", Some(Unit::Money)),
        ("duration", "2 days 4 hours", Some(Unit::Hours)),
        ("withdrawn", "N/A", Some(Unit::Percent)),
        ("refused", "about a dozen", Some(Unit::Percent)),
    ];
    for (name, cell, unit) in cells {
        let target = ValueTarget { unit, ..ValueTarget::default() };
        group.bench_function(name, |bencher| bencher.iter(|| reader.read(black_box(cell), target)));
    }
    group.finish();
}

fn score(criterion: &mut Criterion) {
    let (config, series, state) = (ScoringConfig::default(), series(), state());
    let scorer = Scorer::new(&config, KpiDictionary::builtin(), &series);
    criterion
        .bench_function("score of an account", |bencher| bencher.iter(|| scorer.score(black_box(&state))));
}

fn diff(criterion: &mut Criterion) {
    let (known, history) = (state(), History::new());
    let mut group = criterion.benchmark_group("diff of an account");
    for (name, shift) in [("unchanged", 0.0), ("a tenth changed", 1.5)] {
        let said = statements(shift);
        group.bench_function(name, |bencher| {
            bencher.iter(|| apply(&mut known.clone(), &history, &mut said.clone(), black_box(saying(2))));
        });
    }
    group.finish();
}

fn hash(criterion: &mut Criterion) {
    let (config, series, state) = (ScoringConfig::default(), series(), state());
    let (_, summary) = Scorer::new(&config, KpiDictionary::builtin(), &series).score(&state);
    let content = SnapshotContent::new(&summary, (None, None), &AccountParts::default(), &config);
    let mut buffer = Vec::new();
    criterion.bench_function("hash of a content", |bencher| {
        bencher.iter(|| black_box(&content).hash(&[], None, &mut buffer));
    });
}

fn row_reader(criterion: &mut Criterion) -> Outcome {
    let mut text = String::from("account,category,kpi_parameter,data,impact_level,weight\n");
    for account in 0..100 {
        for definition in definitions() {
            let category = definition.category.map_or("", Category::name);
            let kpi = &definition.kpi_name;
            writeln!(text, "\"Account {account} Solutions, Inc.\",{category},{kpi},71.2,High,5")?;
        }
    }
    let (source, values) = (Source::spool("rows.csv", text.as_bytes())?, values());
    let mut group = criterion.benchmark_group("row reader");
    group.throughput(Throughput::Bytes(u64::try_from(text.len())?));
    group.bench_function("long file of 100 accounts", |bencher| {
        bencher.iter(|| {
            let options = KpiReadOptions {
                dictionary: KpiDictionary::builtin(),
                values: &values,
                given_account: None,
                period: None,
                today: NaiveDate::default(),
                column_aliases: &[],
                maps: &[],
                on_progress: &mut |_| {},
            };
            read_kpis(&source, options).map(|file| file.records_read)
        });
    });
    group.finish();
    Ok(())
}

fn main() -> Outcome {
    let mut criterion = Criterion::default().configure_from_args();
    value_reader(&mut criterion);
    score(&mut criterion);
    diff(&mut criterion);
    hash(&mut criterion);
    row_reader(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}
