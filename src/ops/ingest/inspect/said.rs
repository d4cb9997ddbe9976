//! Why a file is not read as a kind, in words that can stand alone: what is refused names the file, the flag or the
//! line in front, and a person who inspects one file knows which.

/// `it has no column for the KPI`, `line 4: ...`, `--map: ...`: a refusal without the name of the file in front.
pub(super) fn refusal(file: &str, message: &str) -> String {
    let Some(rest) = message.strip_prefix(file) else { return message.to_owned() };
    if let Some(verb) = rest.strip_prefix(' ') {
        return format!("it {verb}");
    }
    match rest.strip_prefix(", ").or_else(|| rest.strip_prefix(": ")) {
        Some(place) => place.to_owned(),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_without_the_name_of_the_file() {
        for (message, told) in [
            (
                "a.csv has no column for the KPI; its columns are 'x'",
                "it has no column for the KPI; its columns are 'x'",
            ),
            ("a.csv is JSON, of which no KPIs are read", "it is JSON, of which no KPIs are read"),
            ("a.csv, line 4: expected a quote", "line 4: expected a quote"),
            ("a.csv, column 'date': 2 dates can be either", "column 'date': 2 dates can be either"),
            ("a.csv: 2 rows cannot be taken", "2 rows cannot be taken"),
            ("--map: column 'x' is mapped twice", "--map: column 'x' is mapped twice"),
            ("--map 'x=kpi' names no column", "--map 'x=kpi' names no column"),
            ("a.csv.gz is no gzip", "a.csv.gz is no gzip"),
            ("[aliases.kpis]: no field 'x'", "[aliases.kpis]: no field 'x'"),
        ] {
            assert_eq!(refusal("a.csv", message), told);
        }
    }
}
