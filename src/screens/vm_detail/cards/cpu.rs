use super::{UsageCard, figure, newest, off_words, samples, tail};
use crate::components::ChartUnit;
use crate::components::{Ink, Usage, UsageBar};
use crate::domain::config;
use crate::domain::units::{Fraction, Level, NONE};
use crate::screens::vm_detail::model::use_vm;
use leptos::prelude::*;

/// Share of the cores in use, and how many that are.
#[component]
pub fn CpuCard() -> impl IntoView {
    let vm = use_vm();
    let answered = figure(vm, |figures| figures.cpu);
    let sampled = newest(vm, |charts| &charts.cpu);
    let share = Memo::new(move |_| sampled.get().map(Fraction).or_else(|| answered.get()));
    let cores = Memo::new(move |_| {
        let live = vm
            .live
            .value
            .with(|figures| figures.as_ref().and_then(|f| f.cpus));
        live.map(u64::from)
            .or_else(|| vm.config.with(|config| config::cores(config.as_ref()?)))
            .or_else(|| vm.vm.with(|vm| vm.cpus.map(u64::from)))
    });
    let words = Signal::derive(move || match (share.get(), cores.get()) {
        #[expect(clippy::cast_precision_loss, reason = "cores are few")]
        (Some(share), Some(cores)) => {
            format!("{:.2} of {}", share.0 * cores as f64, cores_words(cores))
        }
        (Some(_), None) => "Number of cores not available".to_owned(),
        (None, _) if vm.on.get() => "Usage not available".to_owned(),
        (None, _) => off_words(vm),
    });
    let model = Memo::new(move |_| {
        vm.config
            .with(|config| config::text(config.as_ref()?, "cpu").filter(|text| !text.is_empty()))
    });
    let usage = Signal::derive(move || Usage::share(share.get(), &words.get()));
    let about = move || {
        let cores = cores.get().map_or_else(|| NONE.to_owned(), cores_words);
        model
            .get()
            .map_or_else(|| cores.clone(), |model| format!("{cores}, {model}"))
    };
    view! {
        <UsageCard
            title="CPU"
            amount=Signal::derive(move || share.get().map(Fraction::amount))
            exact=Signal::derive(move || share.get().map(|share| format!("{share}, {}", words.get())))
            words=words
            line=samples(vm, |charts| tail(&charts.cpu))
            unit=ChartUnit::Share
            ink=Signal::derive(move || ink(share.get()))
        >
            <UsageBar label="CPU" usage=usage bar_only=true ticks=true/>
            <p class="vm-card-line">{about}</p>
        </UsageCard>
    }
}

fn cores_words(cores: u64) -> String {
    if cores == 1 {
        "1 core".to_owned()
    } else {
        format!("{cores} cores")
    }
}

/// Colour of a line by how full it is now.
pub fn ink(share: Option<Fraction>) -> Ink {
    match share.map(Fraction::level) {
        None | Some(Level::Ok) => Ink::One,
        Some(Level::Warn) => Ink::Warn,
        Some(Level::Bad) => Ink::Bad,
    }
}
