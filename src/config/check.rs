//! Checks what only the merged settings show: weights that sum up to something, bands that can all be reached.

use super::Config;
use super::file::CustomerLayer;
use super::notes::Notes;
use super::origin::Placed;
use super::settings::CustomerSettings;

/// Notes what is wrong with the settings of everyone and of each customer, where they were written.
pub(super) fn check_merged(config: &Config, notes: &mut Notes) {
    check_scope(config, None, notes);
    for customer in config.file.customers.values() {
        check_scope(config, Some(customer), notes);
    }
}

fn check_scope(config: &Config, customer: Option<&CustomerLayer>, notes: &mut Notes) {
    let settings = CustomerSettings { config, customer };
    let Some(layer) = settings.layers().next() else { return };
    // What a customer did not write is told where everyone's settings are checked.
    if let Some(weight) = layer.health.weights.iter().flatten().next() {
        check_weights(settings, weight, notes);
    }
    if let Some(limit) = layer.health.at_risk_from.as_ref().or(layer.health.healthy_from.as_ref()) {
        check_bands(settings, limit, notes);
    }
}

fn check_weights(settings: CustomerSettings<'_>, at: &Placed<f64>, notes: &mut Notes) {
    let sum: f64 = settings.weights().iter().map(|weight| weight.value).sum();
    if !(sum > 0.0 && sum.is_finite()) {
        notes.add_wrong(at, format!("expected weights with a sum above 0, got a sum of {sum}"));
    }
}

/// A score on a limit is in the better band, so with these limits there is a score in each of the three.
fn check_bands(settings: CustomerSettings<'_>, at: &Placed<f64>, notes: &mut Notes) {
    let bands = settings.bands();
    if !(0.0 < bands.at_risk_from && bands.at_risk_from < bands.healthy_from && bands.healthy_from <= 100.0) {
        let got = format!("{} and {}", bands.at_risk_from, bands.healthy_from);
        notes.add_wrong(at, format!("expected 0 < at_risk_from < healthy_from <= 100, got {got}"));
    }
}
