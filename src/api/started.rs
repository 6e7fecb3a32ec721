//! The answer to calls that start something.

use super::error_body;
use crate::domain::ids::Upid;
use crate::domain::units::Seconds;
use serde_json::Value;

/// Something was started (guide: "Async Operation Response").
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Started {
    /// The task to follow; `None` when nothing runs, or when the server does not say.
    pub task: Option<Upid>,
    /// The server's words; may be empty.
    pub message: String,
    /// How long it may take.
    pub estimated: Option<Seconds>,
}

/// Names under which contracts send the task (divergence 4).
const TASK_NAMES: [&str; 5] = ["task", "taskId", "taskUpid", "task_id", "upid"];

impl Started {
    /// Reads any of: the guide's `{task, message, estimatedDuration}`, bare or inside `data`; the
    /// task under its other names; a bare UPID; plain text; no body at all. `None` for what is
    /// none of these, such as a sign-in page.
    #[must_use]
    pub fn read(body: &str) -> Option<Self> {
        let body = body.trim();
        if body.is_empty() {
            return Some(Self::default());
        }
        if error_body::is_html(body) {
            return None;
        }
        match serde_json::from_str::<Value>(body) {
            Ok(Value::Object(object)) => {
                let mut started = Self::default();
                started.take(&object);
                match object.get("data") {
                    Some(Value::Object(inner)) => started.take(inner),
                    Some(Value::String(text)) => started.take_text(text),
                    _ => {}
                }
                Some(started)
            }
            Ok(Value::String(text)) => {
                let mut started = Self::default();
                started.take_text(&text);
                Some(started)
            }
            Ok(Value::Null) => Some(Self::default()),
            Ok(_) => None,
            Err(_) if body.starts_with(['{', '[', '"', '<']) || body.len() > 500 => None,
            Err(_) => {
                let mut started = Self::default();
                started.take_text(body);
                Some(started)
            }
        }
    }

    fn take(&mut self, object: &serde_json::Map<String, Value>) {
        for name in TASK_NAMES {
            if let Some(Value::String(task)) = object.get(name)
                && !task.trim().is_empty()
            {
                self.task = Some(Upid(task.trim().to_owned()));
                break;
            }
        }
        if let Some(Value::String(message)) = object.get("message")
            && !message.trim().is_empty()
        {
            message.trim().clone_into(&mut self.message);
        }
        let estimated = object.get("estimatedDuration").and_then(Value::as_f64);
        if let Some(estimated) = estimated.filter(|secs| *secs >= 0.0) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "`as` saturates, negatives are left out"
            )]
            let secs = estimated.ceil() as u64;
            self.estimated = Some(Seconds(secs));
        }
    }

    fn take_text(&mut self, text: &str) {
        let text = text.trim();
        if text.starts_with("UPID:") {
            self.task = Some(Upid(text.to_owned()));
        } else if !text.is_empty() {
            text.clone_into(&mut self.message);
        }
    }
}
