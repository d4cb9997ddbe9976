//! Files of public bodies and laboratories, as they were found on the web.

use super::case::{Case, asks_for_account, in_folder, reads};

/// What is expected of these files.
pub fn cases() -> Vec<Case> {
    in_folder("real/csv_torture/pollock_survey_sample/csv", [spending(), laboratory(), others()].concat())
}

fn spending() -> Vec<Case> {
    let wakefield = "Wakefield Council Procurement Card Transactions 2018-19 Q2.csv";
    vec![
        asks_for_account("10.January_2019.csv"),
        reads("10.January_2019.csv", "kpis --map Supplier=account --map 'Transaction Number=' --layout wide --duplicates sum")
            .refused("08//01/2019"),
        asks_for_account("20170320-ePC_Data-Travel-Stationery.csv"),
        reads("20170320-ePC_Data-Travel-Stationery.csv", "kpis -a ePC --map 'Row Labels=kpi' --map 'Sum of Transaction - Billing Amount=value' --on-error skip")
            .value("ePC", "DSCOM Fees", 9997.75)
            .values_of("Grand Total", 0),
        asks_for_account("Copy_of_2016-17_Q3_Final_V2.csv"),
        asks_for_account("GPC_DCLG_December_2015_for_Publication.csv"),
        reads(
            "GPC_DCLG_December_2015_for_Publication.csv",
            "kpis --map Supplier=account --map 'Doc Nbr=product' --map Clearing=date",
        )
        .rejected(0)
        .accounts(5)
        .values_of("Amount", 8)
        .sum_of("Amount", 737.1),
        reads(wakefield, "kpis").refused("cannot be taken"),
        asks_for_account("business_expenses_apr_jun_14_peter_lewis.csv"),
        asks_for_account("dwp-cmg-spend-1214.csv"),
        reads("dwp-cmg-spend-1214.csv", "kpis --map 'Merchant Name=account' --map 'Transaction Date=date'")
            .rejected(0)
            .accounts(8)
            .sum_of("Transaction Amount", 4292.68)
            .value_on("AUTOTIME SOLUTIONS", "Transaction Amount", "2014-12-22", 660.0),
        asks_for_account("june_2015(1).csv"),
        reads(
            "june_2015(1).csv",
            "kpis --no-events --map 'Supplier Name=account' --map 'Paid Date=date' --map 'Internal Ref=product' \
             --duplicates sum",
        )
        // Some of its dates are the numbers that spreadsheets keep days as.
        .refused("42172"),
        asks_for_account("mos-oct-dec-2014.csv"),
        asks_for_account("over25k-transparency.csv"),
        reads(
            "over25k-transparency.csv",
            "kpis --map Supplier=account --map 'Transaction number=' --duplicates sum",
        )
        .rejected(0)
        .accounts(86)
        .sum_of("Amount", 51_884_636.79),
    ]
}

fn laboratory() -> Vec<Case> {
    let cell = "kpis --map T=account";
    let mut cases: Vec<_> = [
        "1% SiO2_003.csv",
        "300mAThree.CSV",
        "AL5083-emissivity.csv",
        "Auto_Tone_sub205_over.csv",
        "Auto_Tone_sub315_day1.csv",
        "Kokad pollen.csv",
        "OccurrenceData351.csv",
        "S39.csv",
        "SouthTrent_Demand_zone-based.csv",
        "Sun2014-Rs.csv",
        "Takakai2008-ch4.csv",
        "W32.csv",
        "W44out.csv",
        "erionite.csv",
        "hist_2000_15O.csv",
        "tetranatrolite.csv",
        "vissim_data_conf2473_i7_v1987.csv",
        "wairakite-dh.csv",
    ]
    .map(asks_for_account)
    .to_vec();
    cases.extend([
        reads("1% SiO2_003.csv", "kpis --no-events --map cm-1=account")
            .rejected(0)
            .accounts(3451)
            .sum_of("%T", 318_328.47),
        reads("AL5083-emissivity.csv", "kpis --map wavelength=account").rejected(0).accounts(139),
        reads("S39.csv", "kpis --no-events -a S39 --map Timestep=product")
            .rejected(0)
            .values_of("Danger", 5664)
            .sum_of("Danger", 1093.0),
        reads("W32.csv", "kpis --no-events -a W32 --map Timestep=product")
            .rejected(0)
            .sum_of("Danger", 729.0),
        reads("erionite.csv", cell).rejected(0).accounts(18).sum_of("H", 903_951.681_2),
        reads("tetranatrolite.csv", cell).rejected(0).accounts(18).value("5.00", "S", 0.045_847),
        reads("wairakite-dh.csv", cell).rejected(0).accounts(33).value("700.00", "H", 207_448.0),
        reads("vissim_data_conf2473_i7_v1987.csv", "kpis -a Car --map 'time[s]=product'")
            .rejected(0)
            .values_of("vel[km/h]", 101),
    ]);
    cases
}

fn others() -> Vec<Case> {
    let mut cases: Vec<_> = [
        "NBA_scores_out.csv",
        "ResultsOR30x100-0.50_10.dat__m28Infos.csv",
        "ResultsOR30x250-0.75_9.datInfos.csv",
        "download (6).csv",
        "fr_hypo1.csv",
        "pssave_traindata_m=10_n=10_timelow=15_timehight=30_numofloop=2000.csv",
    ]
    .map(asks_for_account)
    .to_vec();
    // `Organisation` is a header of accounts: an organisation's many posts are refused as rows of one.
    let organograms = [
        "ministry-of-defence__30-09-2012__mod_300912-Air-Govt-data-template-u-senior.csv",
        "prison-and-probation-ombudsman__30-09-2014__justice_PPO-September-Return-senior.csv",
        "scottish_law_commission-2011-03-31-organogram-junior.csv",
        "student_loans_company_limited-2011-09-30-organogram-senior.csv",
    ];
    cases.extend(organograms.map(|file| reads(file, "kpis").refused("twice|no column for the KPI|no rows")));
    // No row has as many cells as the header: R leaves out the name of the first column, a web service two at the end.
    let misfits = [
        "Batch_3250493_batch_results.csv",
        "ResultsOR30x100-0.25_5.dat__m28.csv",
        "ResultsOR30x100-0.50_5.dat__m23.csv",
        "ResultsOR30x100-0.75_10.dat__m13.csv",
        "ResultsOR30x250-0.25_7.dat.csv",
        "ResultsOR30x250-0.50_4.dat.csv",
        "ResultsOR30x250-0.75_3.dat.csv",
        "ResultsOR30x500-0.75_3.dat.csv",
    ];
    cases.extend(misfits.map(|file| reads(file, "kpis").refused("the header has")));
    cases.extend([
        reads("locations-1998.csv", "kpis").refused("empty"),
        reads("NBA_scores_out.csv", "kpis -a NBA --map Year=date --map 'column 1='")
            .rejected(0)
            .value("NBA", "ngames", 1227.0)
            .value_on("NBA", "ngames", "2000", 1189.0),
        reads(
            "student_loans_company_limited-2011-09-30-organogram-senior.csv",
            "profiles --map 'Post Unique Reference=account' --map Name=",
        )
        .rows(8)
        .rejected(0)
        .accounts(8)
        .attribute("SLC8", "Contact Phone", "0141 306 2000"),
    ]);
    cases
}
