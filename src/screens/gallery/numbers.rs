use super::{Part, Sample};
use crate::components::{AmountText, Card, Fact, Facts, Gauge, Progress, Usage, UsageBar};
use crate::domain::units::{Bytes, Fraction, Rate};
use leptos::prelude::*;

const GIB: u64 = 1 << 30;

/// Bars, gauges, amounts, cards.
#[component]
pub(super) fn Numbers() -> impl IntoView {
    view! {
        <Bars/>
        <Gauges/>
        <Cards/>
    }
}

#[component]
fn Bars() -> impl IntoView {
    let usages = [
        (
            "ok",
            Usage::bytes(Some(Bytes(20 * GIB)), Some(Bytes(50 * GIB))),
        ),
        (
            "70 %",
            Usage::bytes(Some(Bytes(35 * GIB)), Some(Bytes(50 * GIB))),
        ),
        (
            "91 %",
            Usage::bytes(Some(Bytes(46 * GIB)), Some(Bytes(50 * GIB))),
        ),
        (
            "full",
            Usage::bytes(Some(Bytes(50 * GIB)), Some(Bytes(50 * GIB))),
        ),
        (
            "over",
            Usage::bytes(Some(Bytes(60 * GIB)), Some(Bytes(50 * GIB))),
        ),
        (
            "nothing",
            Usage::bytes(Some(Bytes(0)), Some(Bytes(50 * GIB))),
        ),
        (
            "a little",
            Usage::bytes(Some(Bytes(9_000_000)), Some(Bytes(50 * GIB))),
        ),
        ("not known", Usage::bytes(None, Some(Bytes(50 * GIB)))),
        ("nothing known", Usage::bytes(None, None)),
        (
            "largest",
            Usage::bytes(Some(Bytes(u64::MAX)), Some(Bytes(u64::MAX))),
        ),
        (
            "share",
            Usage::share(Some(Fraction(0.152)), "0.61 of 4 cores"),
        ),
    ];
    let bars = usages.map(|(name, usage)| {
        let usage = Signal::stored(usage);
        view! { <Sample name=name><UsageBar label="Memory" usage=usage fixed=true/></Sample> }
    });
    view! {
        <Part id="bars" title="Usage bars">
            <div class="gallery-row">{bars.into_iter().collect_view()}</div>
            <div class="gallery-row">
                <Sample name="with marks"><UsageBar label="Disk" usage=Signal::stored(Usage::share(Some(Fraction(0.82)), "")) ticks=true/></Sample>
                <Sample name="bar alone"><UsageBar label="Disk" usage=Signal::stored(Usage::share(Some(Fraction(0.95)), "")) bar_only=true/></Sample>
                <Sample name="progress"><Progress label="Back up app-server-01" share=Some(Fraction(0.65))/></Sample>
                <Sample name="done"><Progress label="Back up app-server-01" share=Some(Fraction(1.0))/></Sample>
                <Sample name="no share told"><Progress label="Create VM test-server-01" share=None/></Sample>
            </div>
        </Part>
    }
}

#[component]
fn Gauges() -> impl IntoView {
    let shares = [
        Some(0.0),
        Some(0.34),
        Some(0.699),
        Some(0.7),
        Some(0.78),
        Some(0.9),
        Some(0.93),
        Some(1.0),
        Some(1.2),
        None,
    ];
    view! {
        <Part id="gauges" title="Gauges">
            <div class="gallery-row">
                {shares.map(|share| view! { <Gauge label="CPU" share=share.map(Fraction) exact="32.6 of 96 cores" under="of 96 cores"/> }).into_iter().collect_view()}
            </div>
        </Part>
    }
}

#[component]
fn Cards() -> impl IntoView {
    view! {
        <Part id="cards" title="Cards and amounts">
            <div class="gallery-cards">
                <Card title="CPU" aside=|| view! { "96 cores" }>
                    <AmountText amount=Some(Fraction(0.152).amount()) big=true exact=Some("0.61 of 4 cores".to_owned())/>
                    <p class="aside">"0.61 of 4 cores"</p>
                </Card>
                <Card title="Memory" aside=|| view! { <a class="link" href="#cards">"Edit"</a> }>
                    <AmountText amount=Some(Bytes(3_758_096_384).amount()) big=true/>
                    <p class="aside">"of 4 GiB, balloon down to 2 GiB"</p>
                </Card>
                <Card title="Network">
                    <AmountText amount=Some(Rate(2_202_009.6).amount()) big=true/>
                    <p class="aside">"in " <AmountText amount=Some(Rate(1_258_291.2).amount())/> ", out " <AmountText amount=None/></p>
                </Card>
                <Card title="System" aside=|| view! { <a class="link" href="#cards">"Edit"</a> }>
                    <Facts>
                        <Fact label="Guest">"Linux 2.6 – 6.x"</Fact>
                        <Fact label="CPU">"4 cores, x86-64-v2-AES"</Fact>
                        <Fact label="Boot order">"scsi0 → ide2 → net0"</Fact>
                        <Fact label="scsi0">"50 GiB local-zfs" <span class="sub mono">"vm-101-disk-0"</span></Fact>
                    </Facts>
                </Card>
                <Card title="Recent activity" flush=true aside=|| view! { <a class="link" href="#cards">"All tasks"</a> }>
                    <div class="rows">
                        <a href="#cards">"Create VM test-server-01"</a>
                        <a href="#cards">"Back up app-server-01"</a>
                        <div>"Migrate web-server-02 to proxmox-02"</div>
                    </div>
                </Card>
            </div>
        </Part>
    }
}
