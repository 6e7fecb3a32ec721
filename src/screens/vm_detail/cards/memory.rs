use super::cpu::ink;
use super::{UsageCard, figure, newest, off_words, samples, tail};
use crate::components::ChartUnit;
use crate::components::{Usage, UsageBar};
use crate::domain::config;
use crate::domain::units::Bytes;
use crate::screens::vm_detail::model::use_vm;
use leptos::prelude::*;

/// Memory in use of all, as a number, a share and a bar; what the balloon may take back.
#[component]
pub fn MemoryCard() -> impl IntoView {
    let vm = use_vm();
    let answered = figure(vm, |figures| figures.mem);
    let sampled = newest(vm, |charts| &charts.mem);
    let used = Memo::new(move |_| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole bytes went in"
        )]
        let bytes = sampled.get().map(|bytes| Bytes(bytes as u64));
        bytes.or_else(|| answered.get())
    });
    let total = Memo::new(move |_| {
        vm.vm
            .with(|vm| vm.maxmem.filter(|total| total.0 > 0))
            .or_else(|| {
                let mib = vm
                    .config
                    .with(|config| config::number(config.as_ref()?, "memory"))?;
                Some(Bytes(mib.saturating_mul(1 << 20)))
            })
    });
    let share = Memo::new(move |_| used.get().and_then(|used| used.of(total.get()?)));
    let words = Signal::derive(move || {
        let total = total.get().map(|total| total.capacity().to_string());
        match (used.get(), total, share.get()) {
            (Some(_), Some(total), Some(share)) => format!("of {total}, {share}"),
            (Some(_), ..) => "Total not available".to_owned(),
            (None, Some(total), _) if vm.on.get() => format!("Usage not available, {total} in all"),
            (None, Some(total), _) => format!("{}, {total} configured", off_words(vm)),
            (None, None, _) => off_words(vm),
        }
    });
    let balloon = Memo::new(move |_| {
        vm.config.with(|config| {
            let config = config.as_ref()?;
            Some(balloon_words(
                config::number(config, "balloon"),
                config::number(config, "memory"),
            ))
        })
    });
    view! {
        <UsageCard
            title="Memory"
            amount=Signal::derive(move || used.get().map(Bytes::amount))
            exact=Signal::derive(move || used.get().map(|used| Usage::bytes(Some(used), total.get()).exact))
            words=words
            line=samples(vm, |charts| tail(&charts.mem))
            unit=ChartUnit::Bytes
            ink=Signal::derive(move || ink(share.get()))
            top=Signal::derive(move || {
                #[expect(clippy::cast_precision_loss, reason = "drawn 44 pixels high")]
                total.get().map(|total| total.0 as f64)
            })
        >
            <UsageBar
                label="Memory"
                usage=Signal::derive(move || Usage::bytes(used.get(), total.get()))
                bar_only=true
                ticks=true
            />
            <p class="vm-card-line">{move || balloon.get().unwrap_or_default()}</p>
        </UsageCard>
    }
}

/// What the balloon device may do to the memory. Proxmox balloons down to the whole memory, that is
/// not at all, where nothing is set.
fn balloon_words(least: Option<u64>, memory: Option<u64>) -> String {
    match (least, memory) {
        (Some(0), _) => "Balloon device off".to_owned(),
        (Some(least), Some(memory)) if least < memory => {
            format!(
                "Balloon down to {}",
                Bytes(least.saturating_mul(1 << 20)).capacity()
            )
        }
        (Some(_), Some(_)) => "Balloon on, memory fixed".to_owned(),
        (Some(least), None) => format!(
            "Balloon down to {}",
            Bytes(least.saturating_mul(1 << 20)).capacity()
        ),
        (None, _) => "Balloon on, memory fixed".to_owned(),
    }
}
