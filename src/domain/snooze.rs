//! Alerts that a person does not want to see for a while. A snoozed alert comes back when its time
//! is over, when it gets worse, and when its cause ends and begins anew.

use super::alerts::{Alert, Severity};
use super::units::Instant;
use serde::{Deserialize, Serialize};

/// One alert, put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snooze {
    /// Which: [`Alert::key`].
    pub key: String,
    /// Until when; epoch seconds when kept.
    pub until: Instant,
    /// How bad it was.
    pub severity: Severity,
}

/// All that are put aside, as kept in the preferences.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Snoozes(pub Vec<Snooze>);

impl Snoozes {
    /// Until when an alert is put aside; `None` where it is to be seen.
    #[must_use]
    pub fn until(&self, alert: &Alert, now: Instant) -> Option<Instant> {
        let found = self.0.iter().find(|snooze| snooze.key == alert.key)?;
        // The order of severities begins with the worst.
        (now < found.until && alert.severity >= found.severity).then_some(found.until)
    }

    /// With an alert put aside until then, in place of what was said of it before.
    #[must_use]
    pub fn with(mut self, alert: &Alert, until: Instant) -> Self {
        self = self.without(&alert.key);
        self.0.push(Snooze {
            key: alert.key.clone(),
            until,
            severity: alert.severity,
        });
        self
    }

    /// With an alert to be seen again.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        self.0.retain(|snooze| snooze.key != key);
        self
    }

    /// Without those that mean nothing any more. What has ended can only be told where all sources
    /// of alerts have answered (`whole`).
    #[must_use]
    pub fn kept(mut self, alerts: &[Alert], whole: bool, now: Instant) -> Self {
        self.0.retain(|snooze| {
            let alert = alerts.iter().find(|alert| alert.key == snooze.key);
            let holds = alert.map_or(!whole, |alert| alert.severity >= snooze.severity);
            holds && now < snooze.until
        });
        self
    }
}

/// Alerts to be seen, and those put aside with the time until when.
pub type Split = (Vec<Alert>, Vec<(Alert, Instant)>);

/// Tells the alerts to be seen from those put aside; both keep their order.
#[must_use]
pub fn split(alerts: &[Alert], snoozes: &Snoozes, now: Instant) -> Split {
    let (mut awake, mut asleep) = (Vec::new(), Vec::new());
    for alert in alerts {
        match snoozes.until(alert, now) {
            Some(until) => asleep.push((alert.clone(), until)),
            None => awake.push(alert.clone()),
        }
    }
    (awake, asleep)
}

#[cfg(test)]
mod tests {
    use super::super::alerts::Target;
    use super::*;

    fn alert(key: &str, severity: Severity) -> Alert {
        Alert {
            key: key.into(),
            severity,
            title: key.into(),
            detail: String::new(),
            at: None,
            target: Target::Cluster,
        }
    }

    fn at(secs: i64) -> Instant {
        Instant::from_secs(secs)
    }

    fn keys(alerts: &[Alert]) -> Vec<&str> {
        alerts.iter().map(|alert| &*alert.key).collect()
    }

    #[test]
    fn put_aside_for_a_while() {
        let alerts = [alert("a", Severity::Warn), alert("b", Severity::Bad)];
        let snoozes = Snoozes::default().with(&alerts[0], at(100));
        let (awake, asleep) = split(&alerts, &snoozes, at(99));
        assert_eq!(keys(&awake), ["b"]);
        assert_eq!(asleep, [(alerts[0].clone(), at(100))]);
        assert_eq!(keys(&split(&alerts, &snoozes, at(100)).0), ["a", "b"]);
        let longer = snoozes.with(&alerts[0], at(200));
        assert_eq!(longer.0.len(), 1);
        assert_eq!(longer.until(&alerts[0], at(150)), Some(at(200)));
        assert_eq!(longer.without("a"), Snoozes::default());
    }

    #[test]
    fn worse_is_seen_and_better_is_not() {
        let warn = alert("a", Severity::Warn);
        let bad = alert("a", Severity::Bad);
        let snoozes = Snoozes::default().with(&warn, at(100));
        assert_eq!(snoozes.until(&bad, at(1)), None);
        // Once it was worse, it is to be seen when it is as before, too.
        let later = snoozes.kept(std::slice::from_ref(&bad), true, at(1));
        assert_eq!(later.until(&warn, at(1)), None);
        let of_bad = Snoozes::default().with(&bad, at(100));
        assert_eq!(of_bad.until(&warn, at(1)), Some(at(100)));
    }

    #[test]
    fn what_ends_and_comes_back_is_seen() {
        let one = alert("a", Severity::Bad);
        let snoozes = Snoozes::default().with(&one, at(100));
        let unsure = snoozes.clone().kept(&[], false, at(1));
        assert_eq!(unsure, snoozes, "a source that failed tells no end");
        let ended = snoozes.clone().kept(&[], true, at(1));
        assert_eq!(ended.until(&one, at(2)), None);
        let over = snoozes.kept(&[one], true, at(100));
        assert_eq!(over, Snoozes::default());
    }

    #[test]
    fn kept_as_text() {
        let snoozes = Snoozes::default().with(&alert("a", Severity::Warn), at(100));
        let text = serde_json::to_string(&snoozes).unwrap();
        assert_eq!(text, r#"[{"key":"a","until":100,"severity":"warn"}]"#);
        assert_eq!(serde_json::from_str::<Snoozes>(&text).unwrap(), snoozes);
    }
}
