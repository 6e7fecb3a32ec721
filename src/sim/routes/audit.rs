//! `/admin/audit`.

use super::{Answer, Call, joined, number};
use crate::domain::units::Instant;
use crate::sim::model::{AuditEntry, Outcome};
use crate::sim::refusal::Refusal;

fn time(call: &Call<'_>, name: &str) -> Result<Option<i64>, Refusal> {
    call.query
        .get(name)
        .map(|text| {
            Instant::parse_iso(text)
                .map(|time| time.millis)
                .ok_or_else(|| {
                    Refusal::invalid("Invalid query parameter", name, "Must be an ISO 8601 time")
                })
        })
        .transpose()
}

/// With `start`, from there on, oldest first, as in the guide's example; else newest first.
pub fn list(call: &Call<'_>) -> Answer {
    let query = &call.query;
    let (start, end) = (time(call, "start")?, time(call, "end")?);
    let limit = number(query, "limit", 1)?.unwrap_or(100);
    let offset = number(query, "offset", 0)?.unwrap_or(0);
    let success = query.flag("success");
    let search = query.get("search").map(str::to_lowercase);
    let fits = |entry: &&AuditEntry| {
        start.is_none_or(|start| entry.at >= start)
            && end.is_none_or(|end| entry.at <= end)
            && query.get("user").is_none_or(|user| entry.user == user)
            && query
                .get("operation")
                .is_none_or(|operation| entry.operation == operation)
            && query
                .get("resourceType")
                .is_none_or(|kind| entry.resource_type == kind)
            && success.is_none_or(|success| (entry.outcome == Outcome::Done) == success)
    };
    let text = |entry: &AuditEntry| serde_json::to_string(entry).unwrap_or_default();
    let holds = |row: &String| {
        search
            .as_ref()
            .is_none_or(|search| row.to_lowercase().contains(search))
    };
    let log = &call.world.audit;
    let rows: Vec<String> = if start.is_some() {
        log.iter()
            .filter(fits)
            .map(text)
            .filter(holds)
            .skip(offset)
            .take(limit)
            .collect()
    } else {
        log.iter()
            .rev()
            .filter(fits)
            .map(text)
            .filter(holds)
            .skip(offset)
            .take(limit)
            .collect()
    };
    Ok(joined(rows))
}
