use super::{UsageCard, newest, off_words, samples, sum};
use crate::components::ChartUnit;
use crate::components::CopyButton;
use crate::domain::units::Rate;
use crate::screens::vm_detail::addresses::{NicAddresses, Source};
use crate::screens::vm_detail::model::use_vm;
use leptos::prelude::*;

/// How fast the VM sends and receives, and which interfaces it has. Servers tell the rates of all
/// interfaces together, not of each.
#[component]
pub fn NetworkCard() -> impl IntoView {
    let vm = use_vm();
    let inward = newest(vm, |charts| &charts.net_in);
    let outward = newest(vm, |charts| &charts.net_out);
    let total = Memo::new(move |_| Some(inward.get()? + outward.get()?));
    let words = Signal::derive(move || match (inward.get(), outward.get()) {
        (Some(inward), Some(outward)) => {
            format!("in {}, out {}", Rate(inward), Rate(outward))
        }
        _ if vm.on.get() => "Rates need two samples".to_owned(),
        _ => off_words(vm),
    });
    let rows = move || {
        vm.nics
            .get()
            .into_iter()
            .map(|nic| view! { <NicRow nic=nic/> })
            .collect_view()
    };
    let together = move || {
        (vm.nics.with(Vec::len) > 1).then(|| {
            view! { <p class="vm-card-line aside">"Rates are those of all interfaces together"</p> }
        })
    };
    let none = move || {
        (vm.config.with(Option::is_some) && vm.nics.with(Vec::is_empty))
            .then(|| view! { <p class="vm-card-line">"No network interface"</p> })
    };
    view! {
        <UsageCard
            title="Network"
            amount=Signal::derive(move || total.get().map(|rate| Rate(rate).amount()))
            words=words
            line=samples(vm, |charts| sum(&charts.net_in, &charts.net_out))
            unit=ChartUnit::Rate
        >
            {rows}
            {none}
            {together}
        </UsageCard>
    }
}

#[component]
fn NicRow(nic: NicAddresses) -> impl IntoView {
    let NicAddresses {
        nic,
        addresses,
        source,
        guest_name,
    } = nic;
    let on = nic.bridge().map_or_else(
        || "no bridge".to_owned(),
        |bridge| {
            nic.vlan().map_or_else(
                || bridge.to_owned(),
                |vlan| format!("{bridge}, VLAN {vlan}"),
            )
        },
    );
    let tip = match &guest_name {
        Some(name) => format!("{} is {name} inside the guest", nic.key),
        None => nic.words(),
    };
    let first = addresses.first().cloned();
    let more = addresses.len().saturating_sub(1);
    let all = addresses.join(", ");
    let address = match first {
        None => view! { <span class="aside">"address not available"</span> }.into_any(),
        Some(ip) => view! {
            <span class="vm-card-ip" data-tip=(more > 0).then(|| all.clone())>
                <span class="mono clip">{ip.clone()}</span>
                {(more > 0).then(|| view! { <span class="aside">{format!("+{more}")}<span class="vh">{all.clone()}</span></span> })}
                {(source == Source::Configured).then(|| view! { <span class="aside">"configured"</span> })}
                <CopyButton text=ip what="IP address"/>
            </span>
        }
        .into_any(),
    };
    view! {
        <div class="vm-card-row">
            <span data-tip=tip><span class="mono">{nic.key.clone()}</span>" "<span class="aside">{on}</span></span>
            {address}
        </div>
    }
}
