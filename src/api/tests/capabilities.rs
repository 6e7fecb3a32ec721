//! What a server offers.

use super::fake::{Fake, answer};
use crate::api::capabilities::{Feature, Offers, learn};
use crate::api::{Contract, ErrorKind};

#[test]
fn guide_lists_its_features() {
    let fake = Fake::new([answer(
        200,
        r#"{"version":"1.2","contract":"guide","features":["events","getVmMetrics",7,"listPendingChanges","unheard-of"],"readOnly":true}"#,
    )]);
    let client = fake.client();
    let found = fake.run(learn(&client)).unwrap();
    assert_eq!(
        (found.contract, client.contract()),
        (Contract::Guide, Contract::Guide)
    );
    for feature in [
        Feature::Events,
        Feature::Metrics,
        Feature::Pending,
        Feature::Reset,
        Feature::Audit,
        Feature::BulkPower,
    ] {
        assert_eq!(found.offers(feature), Offers::Yes, "{feature:?}");
    }
    assert_eq!(
        found.offers(Feature::Agent).reason(),
        Some("This server does not offer what the guest agent reports")
    );
    assert!(!found.has(Feature::NodeMetrics));
    assert!(found.is_read_only());
    assert_eq!(fake.calls(), ["GET /api/v1/info"]);
}

#[test]
fn shipped_server_tells_by_its_document() {
    let info = r#"{"instance_id":"a","location":"home","version":"0.9","cluster_endpoint":"https://x:8006","health_status":"healthy"}"#;
    let json = r#"{"openapi":"3.1.0","paths":{"/api/v1/vms":{"get":{}},"/api/v1/vms/{vmId}/config":{},"/api/v1/vms/power/bulk":{"post":{"x":"/vms/{vmId}/reset"}},"/api/v1/backups/health":{}}}"#;
    let yaml = "openapi: 3.1.0\ninfo:\n  /api/v1/events: no path\npaths:\n  /api/v1/vms:\n    get:\n      x: /api/v1/events\n  \"/api/v1/vms/{vmId}/config\":\n    put: {}\n  '/api/v1/vms/power/bulk':\n    post: {}\n  /api/v1/backups/health:\n    get: {}\ncomponents:\n  /api/v1/events:\n    x: {}\n";
    for document in [json, yaml] {
        let fake = Fake::new([answer(200, info), answer(200, document)]);
        let client = fake.client();
        let found = fake.run(learn(&client)).unwrap();
        assert_eq!(
            (found.contract, client.contract()),
            (Contract::Server, Contract::Server)
        );
        for feature in [Feature::Config, Feature::BulkPower, Feature::BackupHealth] {
            assert!(found.has(feature), "{feature:?}");
        }
        for feature in [
            Feature::Create,
            Feature::Events,
            Feature::Reset,
            Feature::Metrics,
            Feature::Audit,
        ] {
            assert!(!found.has(feature), "{feature:?}");
        }
        assert_eq!(
            found.offers(Feature::Reset),
            Offers::No("This server does not offer a hard reset".into())
        );
        assert_eq!(fake.calls()[1], "GET /openapi");
    }
}

#[test]
fn shipped_server_without_a_document() {
    let info = r#"{"version":"0.9"}"#;
    for step in [
        answer(404, ""),
        answer(200, "<html></html>"),
        answer(200, "{}"),
        answer(200, ""),
    ] {
        let fake = Fake::new([answer(200, info), step]);
        let client = fake.client();
        let found = fake.run(learn(&client)).unwrap();
        assert_eq!(found.contract, Contract::Server);
        assert!(!found.has(Feature::Reset));
        assert!(
            found
                .offers(Feature::Reset)
                .reason()
                .unwrap()
                .contains("could not be learnt")
        );
        assert!(found.problem.is_some());
    }
}

#[test]
fn no_info_means_the_guide_and_nothing_optional() {
    for step in [
        answer(404, ""),
        answer(500, ""),
        answer(200, "<html></html>"),
        answer(200, "[]"),
    ] {
        let fake = Fake::new([step]);
        let client = fake.client();
        client.set_contract(Contract::Server);
        let found = fake.run(learn(&client)).unwrap();
        assert_eq!(
            (found.contract, client.contract()),
            (Contract::Guide, Contract::Guide)
        );
        assert!(found.has(Feature::Reset) && !found.has(Feature::Events));
        assert!(found.problem.is_some() && found.info.is_none());
    }
}

#[test]
fn sign_in_comes_first() {
    let fake = Fake::new([answer(401, "")]);
    assert_eq!(
        fake.run(learn(&fake.client())).unwrap_err().kind,
        ErrorKind::Unauthorized
    );
    let fake = Fake::new([answer(200, r#"{"version":"1"}"#), answer(401, "")]);
    assert_eq!(
        fake.run(learn(&fake.client())).unwrap_err().kind,
        ErrorKind::Unauthorized
    );
}

#[test]
fn what_backups_offer_is_told_by_either_contract() {
    let optional = [
        Feature::BackupNotes,
        Feature::DownloadBackup,
        Feature::Retention,
        Feature::SetRetention,
    ];
    let plain = [
        Feature::Backups,
        Feature::BackUp,
        Feature::DeleteBackup,
        Feature::ProtectBackup,
        Feature::Restore,
        Feature::RetentionCandidates,
        Feature::Cleanup,
    ];
    let guides_alone = [
        Feature::BackupConfig,
        Feature::VerifyBackup,
        Feature::RestoreMapping,
    ];
    let few = r#"{"contract":"guide","features":[]}"#;
    let all = r#"{"contract":"guide","features":["backup-notes","downloadBackup","getRetentionPolicy","setRetentionPolicy"]}"#;
    for (info, offered) in [(few, false), (all, true)] {
        let fake = Fake::new([answer(200, info)]);
        let found = fake.run(learn(&fake.client())).unwrap();
        assert!(
            optional
                .iter()
                .all(|feature| found.has(*feature) == offered)
        );
        assert!(plain.iter().chain(&guides_alone).all(|one| found.has(*one)));
    }
    let info = r#"{"instance_id":"a","location":"home","version":"0.9","cluster_endpoint":"https://x:8006","health_status":"healthy"}"#;
    let document = include_str!("../../../tests/contracts/moxxie-server.yaml");
    let fake = Fake::new([answer(200, info), answer(200, document)]);
    let found = fake.run(learn(&fake.client())).unwrap();
    for feature in plain {
        assert!(found.has(feature), "{feature:?}");
    }
    for feature in guides_alone.iter().chain(&optional) {
        assert!(found.offers(*feature).reason().is_some(), "{feature:?}");
    }
}
