//! Second step: where its system comes from.

use super::form::Form;
use crate::components::{Icon, IconName, Note, Segments, SelectField, SelectOption, Tone};
use crate::domain::config::os;
use crate::domain::provision::Source;
use crate::paths;
use crate::screens::make::known::{Volume, Volumes};
use crate::screens::page::Link;
use crate::stores::use_live;
use leptos::prelude::*;

/// Kinds of guest, the usual ones first.
const GUESTS: [&str; 6] = ["l26", "win11", "win10", "win8", "solaris", "other"];

const WAYS: [(&str, &str); 4] = [
    ("iso", "ISO image"),
    ("image", "Cloud image"),
    ("template", "Template"),
    ("empty", "None"),
];

fn way(source: Source) -> &'static str {
    match source {
        Source::Iso => "iso",
        Source::Image => "image",
        Source::Empty => "empty",
    }
}

fn name(volid: &str) -> &str {
    volid.rsplit(['/', ':']).next().unwrap_or(volid)
}

/// Volumes of a kind, for a select.
pub fn options(volumes: RwSignal<Volumes>, kind: &'static str) -> Signal<Vec<SelectOption>> {
    Memo::new(move |_| {
        volumes.with(|volumes| {
            let option = |own: &Volume| {
                let size = own
                    .size
                    .map_or_else(String::new, |size| format!("{}, ", size.capacity()));
                let label = format!("{} ({size}{})", name(&own.volid), own.about);
                SelectOption::new(own.volid.clone(), label)
            };
            let of_kind = volumes.all.iter().filter(|own| own.kind == kind);
            of_kind.map(option).collect()
        })
    })
    .into()
}

#[component]
pub fn SourceStep(form: Form) -> impl IntoView {
    let fields = form.fields();
    // Templates are copied, which is a form of its own; choosing that way changes nothing here.
    let templates = fields.template;
    let current = Signal::derive(move || {
        if templates.get() {
            "template"
        } else {
            way(fields.source.get())
        }
    });
    let choose = Callback::new(move |word: &'static str| {
        templates.set(word == "template");
        let source = match word {
            "iso" => Source::Iso,
            "image" => Source::Image,
            "empty" => Source::Empty,
            _ => return,
        };
        fields.source.set(source);
        fields.suit_image();
    });
    let guests = GUESTS.map(|guest| SelectOption::new(guest, os(guest)));
    view! {
        <div class="form">
            <Segments label="Source" items=WAYS.to_vec() current=current on_choose=choose/>
            <VolumesState form=form/>
            {move || match current.get() {
                "iso" => view! {
                    <SelectField label="ISO image" value=fields.iso options=options(form.volumes, "iso") error=form.error_of("iso")
                        help="Put into its CD drive; booted from while the disk is empty"/>
                }.into_any(),
                "image" => view! {
                    <SelectField label="Image" value=fields.image options=options(form.volumes, "image") error=form.error_of("image")
                        help="Its first disk is a copy of this; cloud-init sets it up at the first start"/>
                }.into_any(),
                "template" => view! { <Templates error=form.error_of("template")/> }.into_any(),
                _ => view! {
                    <Note tone=Tone::Info>"It boots from the network, or gets its system later."</Note>
                }.into_any(),
            }}
            <Show when=move || current.get() != "template">
                <SelectField label="Guest" value=fields.ostype options=Signal::stored(guests.to_vec())
                    help="What it runs: the hypervisor suits its devices to that"/>
            </Show>
        </div>
    }
}

/// Images on their way, and storages that did not answer.
#[component]
fn VolumesState(form: Form) -> impl IntoView {
    move || {
        form.volumes.with(|volumes| {
            if volumes.loading && volumes.all.is_empty() {
                return Some(view! { <p class="quiet" role="status">"Looking for images…"</p> }.into_any());
            }
            let failed = volumes.failed.clone();
            (!failed.is_empty()).then(|| {
                view! {
                    <Note tone=Tone::Warn>
                        <p>"Some storages could not be looked through:"</p>
                        {failed.into_iter().map(|why| view! { <p class="quiet">{why}</p> }).collect_view()}
                    </Note>
                }
                .into_any()
            })
        })
    }
}

/// Templates, each a link to the form that copies it.
#[component]
fn Templates(error: Signal<Option<String>>) -> impl IntoView {
    let rows = use_live().vms.rows().clone();
    let all = Memo::new(move |_| {
        let roster = rows.roster();
        let templates = roster.iter().filter(|vm| vm.template);
        templates
            .map(|vm| (vm.vmid, vm.name.clone(), vm.node.clone()))
            .collect::<Vec<_>>()
    });
    view! {
        <p>"A template is copied whole, or linked to. Choose which one:"</p>
        <ul class="make-templates">
            {move || all.get().into_iter().map(|(vm, name, node)| view! {
                <li><Link class="link" to=paths::clone_vm(vm, "")>{format!("Clone {name}")}</Link>
                <span class="aside">{format!("{vm} on {node}")}</span></li>
            }).collect_view()}
        </ul>
        {move || error.get().map(|why| view! { <p class="field-error" role="alert"><Icon name=IconName::CircleAlert/>{why}</p> })}
        {move || all.with(Vec::is_empty).then(|| view! { <p class="quiet">"There is none in the cluster."</p> })}
    }
}
