//! Series in the long layout: an entity, a date, and one or more measures a row.

use super::case::{Case, asks_for_account, in_folder, reads};

/// What is expected of these files.
pub fn cases() -> Vec<Case> {
    [in_folder("real/kpi_long", series()), in_folder("real/kpi_long/hcahps", hospitals())].concat()
}

fn series() -> Vec<Case> {
    vec![
        asks_for_account("camp_palacios_wind_173k_noheader.csv").says("header"),
        reads(
            "camp_palacios_wind_173k_noheader.csv",
            "kpis --no-events -a Palacios --header none --duplicates mean --map 'column 1=date' \
             --map 'column 2=' --map 'column 3=kpi:Wind Direction'",
        )
        .rejected(0)
        .accounts(1)
        .value_on("Palacios", "Wind Direction", "2012-02-16", 6.096_153_846_153_846),
        asks_for_account("disasters.csv"),
        reads("disasters.csv", "kpis --map Entity=account")
            .rejected(0)
            .value("Wildfire", "Deaths", 75.0)
            .value_on("Wildfire", "Deaths", "2017", 75.0)
            .says("All natural disasters"),
        asks_for_account("gapminder-health-income.csv"),
        reads("gapminder-health-income.csv", "kpis --map country=account")
            .rejected(0)
            .accounts(187)
            .values_of("health", 187)
            .sum_of("income", 3_222_429.0)
            .value("Zimbabwe", "health", 60.01),
        asks_for_account("iowa-electricity.csv"),
        reads("iowa-electricity.csv", "kpis --map source=account")
            .rejected(0)
            .accounts(3)
            .sum_of("net_generation", 864_452.0)
            .value("Renewables", "net_generation", 21_933.0)
            .value_on("Fossil Fuels", "net_generation", "2001", 35_361.0),
        asks_for_account("pizza.csv"),
        // A pizza has several rows a day, for its categories: what they add up to has to be asked for.
        reads("pizza.csv", "kpis --no-events -a 'Pizza Shop' --map name=product").refused("--duplicates"),
        reads("pizza.csv", "kpis --no-events -a 'Pizza Shop' --map name=product --duplicates sum")
            .rejected(0)
            .accounts(1)
            .sum_of("orders", 2_861_974.0)
            .sum_of("revenue", 50_240_688.0),
        asks_for_account("stocks.csv"),
        reads("stocks.csv", "kpis --map symbol=account")
            .rejected(0)
            .accounts(5)
            .values_of("price", 560)
            .sum_of("price", 56_411.2)
            .value("AMZN", "price", 128.82)
            .value_on("MSFT", "price", "2000-01-01", 39.81),
        asks_for_account("weather.csv"),
        reads("weather.csv", "kpis --no-events --map location=account")
            .rejected(0)
            .accounts(2)
            .values_of("precipitation", 2922)
            .sum_of("precipitation", 8604.6)
            .value("New York", "temp_max", 11.1)
            .says("'weather'"),
    ]
}

fn hospitals() -> Vec<Case> {
    vec![
        asks_for_account("state_results.csv"),
        reads(
            "state_results.csv",
            "kpis --no-events --map State=account --map 'Measure ID=kpi' --map 'Top-box Percentage=value'",
        )
        .rows(4580)
        .rejected(0)
        .accounts(51)
        .value_on("AK", "H_CLEAN_HSP", "2015-07", 70.0)
        .value("WY", "H_RECMND", 70.0)
        .number("sum", "SELECT sum(value) FROM v_kpi_history", 326_701.0),
        reads(
            "state_results.csv",
            "kpis --no-events --layout wide --map State=account --map 'Measure ID=product'",
        )
        .rejected(0)
        .accounts(51)
        .values_of("Middle-box Percentage", 4580)
        .sum_of("Middle-box Percentage", 92_853.0),
        asks_for_account("measures.csv"),
        asks_for_account("reports.csv"),
        asks_for_account("states.csv"),
        reads("states.csv", "profiles --map State=account")
            .rows(51)
            .rejected(0)
            .accounts(51)
            .attribute("AK", "State Name", "Alaska")
            .field("AL", "region", "East South Central"),
    ]
}
