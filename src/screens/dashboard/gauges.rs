//! CPU, memory and storage of the whole cluster, each as a ring and in words.

use super::parts::{Age, Offered};
use crate::api::capabilities::Feature;
use crate::api::cluster::ClusterResource;
use crate::api::storage::Storage;
use crate::components::{AmountText, Card, Faces, Gauge, Skeleton};
use crate::domain::overview::{NodeShare, NodeSum, StoragePart, StorageSum, cpu_sum, memory_sum};
use crate::domain::units::{Amount, Bytes, Fraction, count};
use crate::screens::common::faces::face_state;
use crate::stores::use_live;
use leptos::prelude::*;

fn shares(nodes: &[ClusterResource]) -> Vec<NodeShare<'_>> {
    nodes
        .iter()
        .map(|node| NodeShare {
            name: node
                .node
                .as_deref()
                .or(node.name.as_deref())
                .unwrap_or(&node.id),
            cpu: node.cpu,
            cpus: node.maxcpu,
            mem: node.mem,
            maxmem: node.maxmem,
        })
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a sum of byte counts; the cast saturates"
)]
const fn bytes(value: f64) -> Bytes {
    Bytes(value as u64)
}

fn storage_sum(storages: &[Storage]) -> StorageSum {
    StorageSum::of(storages.iter().map(|storage| {
        let left = storage.total.zip(storage.available);
        StoragePart {
            name: &storage.storage,
            shared: storage.shared,
            usable: storage.is_usable(),
            used: storage
                .used
                .or_else(|| left.map(|(total, left)| Bytes(total.0.saturating_sub(left.0)))),
            total: storage.total,
        }
    }))
}

/// As large as what comes.
fn waiting() -> impl IntoView {
    view! {
        <div class="dash-gauge">
            <span class="vh">"Loading"</span>
            <Skeleton round=true width="112px" height="112px"/>
            <div class="dash-lines"><Skeleton width="80%"/><Skeleton width="60%"/></div>
        </div>
    }
}

/// The ring, and lines beside it.
#[component]
fn Ring(
    label: &'static str,
    #[prop(into)] share: Signal<Option<Fraction>>,
    #[prop(into)] exact: Signal<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="dash-gauge">
            <Gauge label=label share=share exact=exact/>
            <div class="dash-lines">{children()}</div>
        </div>
    }
}

/// `busiest 58 %`, and below it the name, which has the whole line.
#[component]
fn Most(word: &'static str, sum: Memo<NodeSum>) -> impl IntoView {
    let most = Memo::new(move |_| sum.with(|sum| sum.most.clone()));
    move || {
        most.get().map(|(name, share)| {
            let share = share.whole().to_string();
            let tip = format!("{name}, {share}");
            view! {
                <p class="dash-most" data-tip=tip>
                    {word} " " {share}
                    <span class="dash-name">{name}</span>
                </p>
            }
        })
    }
}

fn cores(value: f64) -> Amount {
    Amount {
        number: format!("{value:.1}"),
        unit: "",
    }
}

#[component]
pub(super) fn CpuCard() -> impl IntoView {
    let live = use_live();
    let usage = live.node_usage.watch();
    let total = Memo::new(move |_| {
        usage
            .value
            .with(|nodes| Some(cpu_sum(&shares(nodes.as_deref()?)).total))
            .filter(|total| *total > 0.0)
    });
    let aside = move || {
        view! {
            {move || total.get().map(|cores| format!("{cores:.0} cores"))}
            <Age status=usage.status/>
        }
    };
    let retry = Callback::new(move |()| drop(usage.refresh()));
    let face = face_state(
        "The load of the nodes could not be loaded",
        usage,
        live.clock.clone(),
    );
    view! {
        <Card title="CPU" aside=aside class="dash-figure">
            <Offered feature=Feature::ClusterResources>
                <Faces state=face skeleton=waiting on_retry=retry let:nodes>
                    {
                        let sum = Memo::new(move |_| nodes.with(|nodes| cpu_sum(&shares(nodes))));
                        let share = Memo::new(move |_| sum.with(|sum| sum.share));
                        let busy = Signal::derive(move || {
                            sum.with(|sum| sum.share.map(|_| cores(sum.used)))
                        });
                        let exact = Signal::derive(move || {
                            sum.with(|sum| format!("{:.2} of {:.0} cores", sum.used, sum.total))
                        });
                        view! {
                            <Ring label="CPU" share=share exact=exact>
                                <p><b><AmountText amount=busy/></b>" cores busy"</p>
                                <Most word="busiest" sum=sum/>
                            </Ring>
                        }
                    }
                </Faces>
            </Offered>
        </Card>
    }
}

#[component]
pub(super) fn MemoryCard() -> impl IntoView {
    let live = use_live();
    let usage = live.node_usage.watch();
    let total = Memo::new(move |_| {
        usage
            .value
            .with(|nodes| Some(memory_sum(&shares(nodes.as_deref()?)).total))
            .filter(|total| *total > 0.0)
    });
    let aside = move || {
        view! {
            {move || total.get().map(|total| bytes(total).capacity().to_string())}
            <Age status=usage.status/>
        }
    };
    let retry = Callback::new(move |()| drop(usage.refresh()));
    let face = face_state(
        "The memory of the nodes could not be loaded",
        usage,
        live.clock.clone(),
    );
    view! {
        <Card title="Memory" aside=aside class="dash-figure">
            <Offered feature=Feature::ClusterResources>
                <Faces state=face skeleton=waiting on_retry=retry let:nodes>
                    {
                        let sum = Memo::new(move |_| nodes.with(|nodes| memory_sum(&shares(nodes))));
                        let share = Memo::new(move |_| sum.with(|sum| sum.share));
                        let part = move |read: fn(&NodeSum) -> f64| {
                            Signal::derive(move || {
                                sum.with(|sum| sum.share.map(|_| bytes(read(sum)).amount()))
                            })
                        };
                        let exact = Signal::derive(move || {
                            sum.with(|sum| {
                                format!("{} of {}", bytes(sum.used).exact(), bytes(sum.total).exact())
                            })
                        });
                        view! {
                            <Ring label="Memory" share=share exact=exact>
                                <p><b><AmountText amount=part(|sum| sum.used)/></b>" used"</p>
                                <p><AmountText amount=part(|sum| sum.total - sum.used)/>" free"</p>
                                <Most word="fullest" sum=sum/>
                            </Ring>
                        }
                    }
                </Faces>
            </Offered>
        </Card>
    }
}

#[component]
pub(super) fn StorageCard() -> impl IntoView {
    let live = use_live();
    let storages = live.storages.watch();
    let total = Memo::new(move |_| {
        storages.value.with(|storages| {
            let sum = storage_sum(storages.as_deref()?);
            sum.share.map(|_| sum.total)
        })
    });
    let aside = move || {
        view! {
            <span data-tip="Shared storages are counted once; those that are off are left out">
                {move || total.get().map(|total| total.capacity().to_string())}
            </span>
            <Age status=storages.status/>
        }
    };
    let retry = Callback::new(move |()| drop(storages.refresh()));
    let face = face_state(
        "The storages could not be loaded",
        storages,
        live.clock.clone(),
    );
    view! {
        <Card title="Storage" aside=aside class="dash-figure">
            <Faces state=face skeleton=waiting on_retry=retry let:storages>
                {
                    let sum = Memo::new(move |_| storages.with(|storages| storage_sum(storages)));
                    let share = Memo::new(move |_| sum.with(|sum| sum.share));
                    let part = move |read: fn(&StorageSum) -> Bytes| {
                        Signal::derive(move || sum.with(|sum| sum.share.map(|_| read(sum).amount())))
                    };
                    let exact = Signal::derive(move || {
                        sum.with(|sum| format!("{} of {}", sum.used.exact(), sum.total.exact()))
                    });
                    let counted = move || {
                        sum.with(|sum| match sum.silent {
                            0 => count(sum.counted, "storage", "storages"),
                            silent => format!("{}, {silent} without figures", count(sum.counted, "storage", "storages")),
                        })
                    };
                    view! {
                        <Ring label="Storage" share=share exact=exact>
                            <p><b><AmountText amount=part(|sum| sum.used)/></b>" used"</p>
                            <p><AmountText amount=part(StorageSum::free)/>" free"</p>
                            <p>{counted}</p>
                        </Ring>
                    }
                }
            </Faces>
        </Card>
    }
}
