//! A simulator whose every answer is held against the contract.

use jsonschema::Validator;
use moxxie_ui::sim::{Request, Response, Scenario, Settings, Sim};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

/// A contract: its document, and validators by path template, method and status.
pub struct Contract {
    document: Value,
    prefix: &'static str,
    validators: Mutex<HashMap<String, Option<Arc<Validator>>>>,
}

fn read(yaml: &str, prefix: &'static str) -> Contract {
    Contract {
        document: serde_saphyr::from_str(yaml).expect("the contract is YAML"),
        prefix,
        validators: Mutex::new(HashMap::new()),
    }
}

/// The guide's.
pub static GUIDE: LazyLock<Contract> =
    LazyLock::new(|| read(include_str!("../contracts/moxxie-guide.yaml"), ""));

/// The shipped server's.
pub static SHIPPED: LazyLock<Contract> =
    LazyLock::new(|| read(include_str!("../contracts/moxxie-server.yaml"), "/api/v1"));

impl Contract {
    /// Path templates below `/api/v1` with their methods in capitals.
    pub fn operations(&self) -> Vec<(String, Vec<String>)> {
        self.document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(path, item)| {
                let methods = item.as_object().unwrap().keys();
                let methods = methods
                    .filter(|key| ["get", "post", "put", "delete", "patch"].contains(&key.as_str()))
                    .map(|key| key.to_uppercase())
                    .collect();
                (path.clone(), methods)
            })
            .collect()
    }

    /// The template that a path (below `/api/v1`, encoded) belongs to; literal parts win.
    fn template(&self, path: &str) -> Option<String> {
        let path = format!("{}{path}", self.prefix);
        let parts: Vec<&str> = path.split('/').collect();
        let mut found: Vec<&String> = self.document["paths"]
            .as_object()?
            .keys()
            .filter(|template| {
                let own: Vec<&str> = template.split('/').collect();
                own.len() == parts.len()
                    && own
                        .iter()
                        .zip(&parts)
                        .all(|(own, part)| own.starts_with('{') || own == part)
            })
            .collect();
        found.sort_by_key(|template| template.matches('{').count());
        found.first().map(|template| (*template).clone())
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(pointer) => self.document.pointer(&pointer[1..]).expect("a target"),
            None => value,
        }
    }

    /// Checks an answer: its status is one that the operation knows, its body fits the schema.
    pub fn check(&self, method: &str, target: &str, answer: &Response) {
        let path = target.split('?').next().unwrap();
        let Some(template) = path
            .strip_prefix("/api/v1")
            .and_then(|path| self.template(path))
        else {
            assert_eq!(answer.status, 404, "{method} {target} is in no contract");
            return;
        };
        let operation = &self.document["paths"][&template][method.to_lowercase()];
        if operation.is_null() {
            assert_eq!(answer.status, 405, "{method} {target} is in no contract");
            return;
        }
        let responses = &operation["responses"];
        let status = answer.status.to_string();
        let response = match responses.get(&status) {
            Some(response) => response,
            None => {
                assert!(
                    answer.status >= 400,
                    "{method} {target}: {status} is not in the contract"
                );
                &responses["default"]
            }
        };
        let schema = &self.resolve(response)["content"]["application/json"]["schema"];
        if let Some(kind) = other_content(self.resolve(response)) {
            let told = answer.header("Content-Type");
            assert_eq!(told, Some(kind), "{method} {target}");
            assert_ne!(answer.body.as_str(), "", "{method} {target}");
            return;
        }
        if schema.is_null() {
            assert_eq!(
                answer.body.as_str(),
                "",
                "{method} {target}: no body is in the contract"
            );
            return;
        }
        let body: Value = serde_json::from_str(answer.body.as_str())
            .unwrap_or_else(|error| panic!("{method} {target}: {error}: {}", answer.body.as_str()));
        let key = format!("{method} {template} {status}");
        let validator = self
            .validators
            .lock()
            .unwrap()
            .entry(key)
            .or_insert_with(|| Some(Arc::new(self.validator(schema))))
            .clone();
        let errors: Vec<String> = validator
            .unwrap()
            .iter_errors(&body)
            .take(5)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{method} {target} {status}: {errors:#?}");
    }

    /// Checks the body of a request.
    pub fn check_request(&self, method: &str, template: &str, body: &Value) {
        let operation = &self.document["paths"][template][method.to_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        assert!(!schema.is_null(), "{method} {template} takes no body");
        let validator = self.validator(schema);
        let errors: Vec<String> = validator
            .iter_errors(body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{method} {template}: {errors:#?}");
    }

    /// The schema of the frames of `/events`.
    pub fn event_schema(&self) -> Validator {
        self.validator(&json!({"$ref": "#/components/schemas/Event"}))
    }

    fn validator(&self, schema: &Value) -> Validator {
        let mut root = schema.clone();
        root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        root["components"] = self.document["components"].clone();
        jsonschema::validator_for(&root).expect("a schema")
    }
}

/// The type of a body that is no JSON.
fn other_content(response: &Value) -> Option<&str> {
    let kinds = response["content"].as_object()?;
    let kind = kinds.keys().find(|kind| *kind != "application/json");
    kind.map(String::as_str)
        .filter(|_| !kinds.contains_key("application/json"))
}

/// A simulator that checks what it answers.
pub struct Checked {
    pub sim: Sim,
    contract: &'static Contract,
}

impl Checked {
    pub fn guide() -> Self {
        Self::of(Sim::new(1, Scenario::Guide))
    }

    pub fn with(settings: Settings) -> Self {
        Self::of(Sim::new(1, Scenario::Guide).with_settings(settings))
    }

    pub fn fleet(vms: u32) -> Self {
        Self::of(Sim::new(
            7,
            Scenario::Fleet {
                vms,
                start: 1_760_000_000,
            },
        ))
    }

    pub fn shipped() -> Self {
        Self {
            contract: &SHIPPED,
            ..Self::with(Settings {
                shipped: true,
                ..Settings::default()
            })
        }
    }

    fn of(sim: Sim) -> Self {
        Self {
            sim,
            contract: &GUIDE,
        }
    }

    pub fn send(&mut self, request: &Request) -> Response {
        let answer = self.sim.handle(request);
        self.contract
            .check(&request.method, &request.target, &answer);
        answer
    }

    /// Path below `/api/v1`.
    pub fn call(&mut self, method: &str, path: &str) -> Response {
        self.send(&Request::new(method, &format!("/api/v1{path}")))
    }

    pub fn call_with(&mut self, method: &str, path: &str, body: &Value) -> Response {
        self.send(&Request::new(method, &format!("/api/v1{path}")).json(body))
    }

    /// Body of a GET that succeeds.
    pub fn get(&mut self, path: &str) -> Value {
        let answer = self.call("GET", path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body.as_str());
        answer.value()
    }

    /// UPID of a POST that starts a task.
    pub fn start(&mut self, path: &str) -> String {
        let answer = self.call("POST", path);
        assert_eq!(answer.status, 202, "{path}: {}", answer.body.as_str());
        answer.value()["task"].as_str().unwrap().to_owned()
    }

    /// Status and code of a refusal.
    pub fn refused(&mut self, method: &str, path: &str) -> (u16, String) {
        let answer = self.call(method, path);
        let body = answer.value();
        assert_eq!(body["status"], answer.status, "{path}");
        assert!(!body["message"].as_str().unwrap().is_empty());
        (
            answer.status,
            body["error"].as_str().unwrap_or_default().to_owned(),
        )
    }

    pub fn wait(&mut self, seconds: f64) {
        self.sim.advance(Duration::from_secs_f64(seconds));
    }

    pub fn task(&mut self, upid: &str) -> Value {
        self.get(&format!(
            "/tasks/{}",
            upid.replace(':', "%3A").replace('@', "%40")
        ))
    }

    pub fn log(&mut self, upid: &str) -> Vec<String> {
        let log = self.get(&format!("/tasks/{upid}/log?limit=1000"));
        log["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["message"].as_str().unwrap().to_owned())
            .collect()
    }

    pub fn patch(&mut self, what: &str, name: &str, fields: &Value) {
        self.sim.patch(what, name, fields).unwrap();
    }
}

/// A fixture out of the guide.
pub fn fixture(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/guide/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(&path).expect(&path)).expect(&path)
}

/// Whether everything that the example shows is there with the same value; the contract lets
/// answers carry more fields. Lists must agree in length and order.
pub fn shows(answer: &Value, example: &Value, at: &str) {
    match (answer, example) {
        (Value::Object(answer), Value::Object(example)) => {
            for (key, wanted) in example {
                let got = answer
                    .get(key)
                    .unwrap_or_else(|| panic!("{at}/{key} is missing"));
                shows(got, wanted, &format!("{at}/{key}"));
            }
        }
        (Value::Array(answer), Value::Array(example)) => {
            assert_eq!(answer.len(), example.len(), "{at}: length");
            for (index, (got, wanted)) in answer.iter().zip(example).enumerate() {
                shows(got, wanted, &format!("{at}/{index}"));
            }
        }
        // 0.60 and 0.6 are one value, as are 0 and 0.0.
        (Value::Number(got), Value::Number(wanted)) => {
            assert_eq!(got.as_f64(), wanted.as_f64(), "{at}");
        }
        _ => assert_eq!(answer, example, "{at}"),
    }
}
