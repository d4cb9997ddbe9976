//! Wide tables as departments publish them: titles above, totals and notes below, months across.

use super::case::{Case, asks_for_account, in_folder, reads};

/// What is expected of these files.
pub fn cases() -> Vec<Case> {
    in_folder("real/kpi_wide", [customers(), spending(), statistics(), periods()].concat())
}

fn customers() -> Vec<Case> {
    vec![
        reads("ibm_telco_churn.csv", "kpis --no-events")
            .rejected(0)
            .accounts(7043)
            .values_of("MonthlyCharges", 7043)
            .sum_of("MonthlyCharges", 456_116.60)
            .values_of("TotalCharges", 7032)
            .no_value("4472-LVYGI", "TotalCharges")
            .value("7590-VHVEG", "tenure", 1.0),
        reads("ibm_telco_churn.csv", "profiles")
            .rows(7043)
            .rejected(0)
            .accounts(7043)
            .attributes("Churn", "Yes", 1869)
            .attributes("OnlineBackup", "No internet service", 1526)
            .with_attribute("TotalCharges", 7032),
        reads("nhs_mha_inpatients_utf16le.csv", "kpis").either(
            |case| case.refused("--account"),
            |case| case.rejected(0).accounts(327).value("8E467", "Total_patients_31st_march", 4.0),
        ),
        reads(
            "nhs_mha_inpatients_utf16le.csv",
            "kpis --map Organisation_code=external_id --map Organisation_name=account",
        )
        .rejected(0)
        .accounts(327)
        .value("8E467", "Total_informal_admissions", 30.0)
        .value("RDU", "All_admissions_including_place_of_safety_detentions", 81_858.0)
        .sum_of("Total_patients_31st_march", 32_322.0),
        reads(
            "nhs_mha_inpatients_utf16le.csv",
            "profiles --map Organisation_code=external_id --map Organisation_name=account",
        )
        .rows(327)
        .rejected(0)
        .field("8E467", "external_account_id", "8E467")
        .attributes("Organisation_classification", "NHS Facilities", 120),
    ]
}

fn spending() -> Vec<Case> {
    vec![
        reads("airedale.csv", "kpis --map Supplier=account").refused("--duplicates"),
        reads("airedale.csv", "kpis --map Supplier=account --duplicates sum")
            .rejected(0)
            .accounts(19)
            .sum_of("Amount", 1_438_056.25)
            .never_account("Report created October 10 - RX7 RWW"),
        reads("mth-10-january-2014.csv", "kpis").refused("--encoding"),
        reads("mth-10-january-2014.csv", "kpis --encoding windows-1252").refused("--account"),
        reads(
            "mth-10-january-2014.csv",
            "kpis --encoding windows-1252 --map Supplier=account --duplicates sum",
        )
        .rejected(0)
        .accounts(56)
        .sum_of("Amount in Sterling", 6_913_318.51)
        .value_on("STRYKER UK LTD", "Amount in Sterling", "2014-01-31", 31_896.06),
        reads(
            "mth-10-january-2014.csv",
            "kpis --encoding windows-1252 --map 'Transaction Number=product' --map Supplier=account \
             --map 'Expense Type=kpi' --map 'Amount in Sterling=value'",
        )
        .rows(89)
        .rejected(0)
        .accounts(56)
        .number("sum", "SELECT round(sum(value), 2) FROM v_kpi_history", 6_913_318.51),
        asks_for_account("spendover25kdownloadSep.csv"),
        reads(
            "spendover25kdownloadSep.csv",
            "kpis --map Supplier=account --map 'Date of Payment=date' --duplicates sum",
        )
        .rejected(0)
        .accounts(109)
        .sum_of("Amount in Sterling", 84_353_384.87)
        .value_on("Appleby Health Centre", "Amount in Sterling", "2011-09-23", 27_275.25),
    ]
}

fn statistics() -> Vec<Case> {
    vec![
        reads("acs2012_5yr_population.csv", "kpis").either(
            |case| case.refused("--account"),
            |case| case.rejected(0).accounts(93).value("Adams County, NE", "total_population", 31_299.0),
        ),
        reads("acs2012_5yr_population.csv", "kpis --map name=account --map fips=external_id")
            .rejected(0)
            .accounts(93)
            .sum_of("total_population", 1_827_306.0)
            .value("York County, NE", "total_population", 13_727.0)
            .value("Adams County, NE", "margin_of_error", 0.0),
        asks_for_account("Datagov_FY10_EDU_recp_by_State.csv"),
        reads("Datagov_FY10_EDU_recp_by_State.csv", "kpis --map 'State Name=account'")
            .rejected(0)
            .accounts(53)
            .sum_of("Post-9/11GI Bill Program", 382_076.0)
            .sum_of("TOTAL", 800_074.0)
            .value("ALABAMA", "TOTAL", 19_582.0)
            .values_of("TOTAL", 53),
        reads("spanish_chars.csv", "kpis").refused("--encoding"),
        reads("spanish_chars.csv", "kpis --encoding windows-1252").refused("--account"),
        reads(
            "spanish_chars.csv",
            "kpis --encoding windows-1252 -a México --map SF=kpi --map 'Gasto total 2011=value' --on-error skip",
        )
        .value("México", "Defensa", 43_687.9),
        asks_for_account("us-employment.csv"),
        reads("us-employment.csv", "kpis -a 'United States'")
            .rejected(0)
            .accounts(1)
            .values_of("nonfarm", 120)
            .sum_of("nonfarm", 16_279_028.0)
            .value("United States", "nonfarm", 143_093.0)
            .value_on("United States", "private", "2006-01-01", 113_603.0),
    ]
}

fn periods() -> Vec<Case> {
    let milk = "AVAILABILITY of RAW MILK UK Milk   Production million litres";
    let first_room = "SELECT value FROM v_kpi_history WHERE product = '3 stars' AND kpi = 'Occupancy rate' \
                      AND observed_at LIKE '2013-01%'";
    vec![
        reads("excel_pasting.csv", "kpis").refused("no column for the KPI"),
        reads("excel_pasting.csv", "kpis -a UK --map Year=kpi")
            .rejected(0)
            .values_of("Timber", 8)
            .value("UK", "Timber", 1751.0)
            .value_on("UK", "Timber", "2000", 2666.0)
            .value("UK", "Machinery and equipment", 25_128.0)
            .values_of("Total", 0),
        reads("hotel_revpar_brussels_semicolon_latin1.csv", "kpis").refused("--encoding"),
        reads("hotel_revpar_brussels_semicolon_latin1.csv", "kpis --encoding latin1").refused("--account"),
        reads(
            "hotel_revpar_brussels_semicolon_latin1.csv",
            "kpis --encoding latin1 --map Quartier=account --map Classement=product",
        )
        .refused("--date-order"),
        reads(
            "hotel_revpar_brussels_semicolon_latin1.csv",
            "kpis --encoding latin1 --map Quartier=account --map Classement=product --date-order dmy",
        )
        .rejected(0)
        .accounts(8)
        .values_of("RevPAR", 638)
        .sum_of("RevPAR", 47_425.470_260_75)
        .value_on("Quartier Européen", "Occupancy rate", "2017-10", 0.747_291_782)
        .number("Occupancy rate of 3 stars in January 2013", first_room, 0.611_553_068),
        asks_for_account("mixedGLB.csv"),
        reads("mixedGLB.csv", "kpis --no-events -a Earth --map Year=date")
            .rejected(0)
            .values_of("Jan", 133)
            .sum_of("Jan", -331.0)
            .value("Earth", "Jan", 34.0)
            .values_of("Jun", 132),
        asks_for_account("uk_milk_tab_delimited.csv"),
        reads(
            "uk_milk_tab_delimited.csv",
            "kpis --no-events -a UK --map 'column 1=date' --map 'column 2='",
        )
        .rejected(0)
        .value_on("UK", milk, "1987-01", 1308.0)
        .number(
            "years and months beside each other",
            "SELECT count(*) FROM v_kpi_history WHERE kpi LIKE '%UK Milk%Production%' AND value IS NOT NULL",
            370.0,
        ),
    ]
}
