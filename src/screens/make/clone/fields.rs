//! Fields of a copy.

use crate::components::form::NumberRange;
use crate::components::{
    CheckField, Icon, IconName, Note, NumberField, Segments, SelectField, SelectOption, TextArea,
    TextField, Tone,
};
use crate::domain::provision::{CloneDraft, CloneSource, CopyNic, Known, Linked};
use crate::screens::make::create::{NicForm, UserData, node_options};
use crate::screens::make::desk::Desk;
use crate::screens::make::fields::{
    AddressFields, BridgeField, IdField, KeysField, PoolField, TagsOf, memory_words,
    storage_options,
};
use crate::screens::make::known::Volumes;
use leptos::prelude::*;

/// One signal a field.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    pub name: RwSignal<String>,
    pub id: RwSignal<String>,
    pub node: RwSignal<String>,
    pub full: RwSignal<bool>,
    pub storage: RwSignal<String>,
    pub pool: RwSignal<String>,
    pub tags: RwSignal<Vec<String>>,
    pub description: RwSignal<String>,
    pub user: RwSignal<String>,
    pub keys: RwSignal<String>,
    pub nic: NicForm,
    pub readdress: RwSignal<bool>,
    pub dns: RwSignal<String>,
    pub search: RwSignal<String>,
    pub start: RwSignal<bool>,
    pub cores: RwSignal<String>,
    pub memory: RwSignal<String>,
    pub grown: RwSignal<String>,
    pub size: RwSignal<String>,
    /// Those of the source, by key; they neither come nor go.
    pub nics: StoredValue<Vec<NicFields>>,
    pub user_data: RwSignal<String>,
}

/// An interface of the copy.
#[derive(Debug, Clone)]
pub struct NicFields {
    key: String,
    form: NicForm,
    readdress: RwSignal<bool>,
}

impl NicFields {
    fn new(own: CopyNic) -> Self {
        Self {
            form: NicForm::new(own.number(), own.nic),
            key: own.key,
            readdress: RwSignal::new(own.readdress),
        }
    }

    fn draft(&self) -> CopyNic {
        CopyNic {
            key: self.key.clone(),
            nic: self.form.draft(),
            readdress: self.readdress.get(),
        }
    }
}

impl Fields {
    pub fn new(draft: CloneDraft) -> Self {
        Self {
            name: RwSignal::new(draft.name),
            id: RwSignal::new(draft.id),
            node: RwSignal::new(draft.node),
            full: RwSignal::new(draft.full),
            storage: RwSignal::new(draft.storage),
            pool: RwSignal::new(draft.pool),
            tags: RwSignal::new(draft.tags),
            description: RwSignal::new(draft.description),
            user: RwSignal::new(draft.user),
            keys: RwSignal::new(draft.keys),
            nic: NicForm::new(0, draft.nic),
            readdress: RwSignal::new(draft.readdress),
            dns: RwSignal::new(draft.dns),
            search: RwSignal::new(draft.search),
            start: RwSignal::new(draft.start),
            cores: RwSignal::new(draft.cores),
            memory: RwSignal::new(draft.memory),
            grown: RwSignal::new(draft.grown),
            size: RwSignal::new(draft.size),
            nics: StoredValue::new(draft.nics.into_iter().map(NicFields::new).collect()),
            user_data: RwSignal::new(draft.user_data),
        }
    }

    /// What is typed; tracked.
    pub fn draft(self) -> CloneDraft {
        CloneDraft {
            name: self.name.get(),
            id: self.id.get(),
            node: self.node.get(),
            full: self.full.get(),
            storage: self.storage.get(),
            pool: self.pool.get(),
            tags: self.tags.get(),
            description: self.description.get(),
            user: self.user.get(),
            keys: self.keys.get(),
            nic: self.nic.draft(),
            readdress: self.readdress.get(),
            dns: self.dns.get(),
            search: self.search.get(),
            start: self.start.get(),
            cores: self.cores.get(),
            memory: self.memory.get(),
            grown: self.grown.get(),
            size: self.size.get(),
            nics: self
                .nics
                .with_value(|all| all.iter().map(NicFields::draft).collect()),
            user_data: self.user_data.get(),
        }
    }
}

/// What the steps work on.
#[derive(Debug, Clone, Copy)]
pub struct CloneForm {
    fields: StoredValue<Fields>,
    pub desk: Desk,
    pub known: Memo<Known>,
    pub source: Signal<CloneSource>,
    pub volumes: RwSignal<Volumes>,
}

impl CloneForm {
    pub fn new(
        fields: Fields,
        desk: Desk,
        known: Memo<Known>,
        source: Signal<CloneSource>,
        volumes: RwSignal<Volumes>,
    ) -> Self {
        Self {
            fields: StoredValue::new(fields),
            desk,
            known,
            source,
            volumes,
        }
    }

    fn fields(self) -> Fields {
        self.fields.get_value()
    }
}

#[component]
pub fn General(form: CloneForm) -> impl IntoView {
    let CloneForm {
        desk,
        known,
        source,
        ..
    } = form;
    let fields = form.fields();
    let all = node_options(known);
    let nodes = Memo::new(move |_| {
        let options = all.get();
        let kept = |option: SelectOption| {
            let why =
                source.with(|source| known.with(|known| source.kept_from(&option.value, known)));
            match why {
                Some(why) => option.disabled(Some(why)),
                None => option,
            }
        };
        options.into_iter().map(kept).collect::<Vec<_>>()
    });
    view! {
        <div class="form">
            <TextField
                label="Name"
                value=fields.name
                error=desk.error_of("name")
                help="As DNS has it: letters, digits, hyphens and dots"
                placeholder="web-server-03"
            />
            <IdField value=fields.id known=known error=desk.error_of("id")/>
            <SelectField label="Target node" value=fields.node options=nodes error=desk.error_of("node")/>
            <PoolField value=fields.pool/>
            <TagsOf value=fields.tags error=desk.error_of("tags")/>
            <TextArea label="Notes" value=fields.description optional=true rows=2 placeholder="as the source has them"/>
        </div>
    }
}

#[component]
pub fn Target(form: CloneForm) -> impl IntoView {
    let CloneForm {
        desk,
        known,
        source,
        ..
    } = form;
    let fields = form.fields();
    let linked = Memo::new(move |_| source.with(|source| known.with(|known| source.linked(known))));
    let why_not = Signal::derive(move || match linked.get() {
        Linked::Yes => None,
        Linked::No(why) => Some(why),
    });
    let current = Signal::derive(move || if fields.full.get() { "full" } else { "linked" });
    let choose = Callback::new(move |word: &'static str| fields.full.set(word == "full"));
    let options = storage_options(known, fields.node.into());
    let storages = Memo::new(move |_| {
        let mut all = vec![SelectOption::new("", "Where the source has them")];
        all.extend(options.get());
        all
    });
    let growing = Memo::new(move |_| {
        let mut all = vec![SelectOption::new("", "None")];
        source.with(|source| {
            all.extend(source.growing.iter().map(|(key, size)| {
                SelectOption::new(key.clone(), format!("{key} ({})", size.capacity()))
            }));
        });
        all
    });
    let error = desk.error_of("full");
    let words = move || {
        if fields.full.get() {
            "A whole copy of its own: it takes as much room as the source."
        } else {
            "What does not change stays with the source, which cannot be deleted while the copy is there."
        }
    };
    view! {
        <div class="form">
            <Segments
                label="Kind of copy"
                items=vec![("full", "Full"), ("linked", "Linked")]
                current=current
                refused=why_not
                on_choose=choose
            />
            <p class="quiet">{words}</p>
            {move || why_not.get().map(|why| view! { <Note tone=Tone::Info>{format!("Not linked: {why}.")}</Note> })}
            {move || error.get().map(|why| view! { <p class="field-error" role="alert"><Icon name=IconName::CircleAlert/>{why}</p> })}
            <Show when=move || fields.full.get()>
                <SelectField label="Storage" value=fields.storage options=storages error=desk.error_of("storage")/>
            </Show>
            <div class="form-row">
                <SelectField label="Disk that grows" value=fields.grown options=growing help="The server makes one larger as it copies"/>
                <Show when=move || !fields.grown.with(String::is_empty)>
                    <NumberField label="New size" value=fields.size range=NumberRange::new(1.0, 65_536.0) unit="GiB" error=desk.error_of("size")/>
                </Show>
            </div>
        </div>
    }
}

#[component]
pub fn Hardware(form: CloneForm) -> impl IntoView {
    let (fields, desk) = (form.fields(), form.desk);
    let memory = memory_words(fields.memory);
    view! {
        <div class="form">
            <p class="quiet">"Proposed as the source has them; what is changed is set once the copy is there."</p>
            <div class="form-row">
                <NumberField label="Cores" value=fields.cores range=NumberRange::new(1.0, 128.0) error=desk.error_of("cores")/>
                <NumberField label="Memory" value=fields.memory range=NumberRange::new(16.0, 4_194_304.0) unit="MiB" help=memory error=desk.error_of("memory")/>
            </div>
        </div>
    }
}

#[component]
pub fn Networks(form: CloneForm) -> impl IntoView {
    let (fields, desk, known) = (form.fields(), form.desk, form.known);
    let row = move |own: NicFields| {
        let (key, nic) = (own.key, own.form);
        let of = |what: &str| desk.error_of(format!("{key}.{what}"));
        view! {
            <fieldset class="make-row">
                <legend class="mono">{key.clone()}</legend>
                <div class="form-row">
                    <BridgeField label=format!("Bridge of {key}") value=nic.bridge known=known error=of("bridge")/>
                    <TextField label=format!("VLAN of {key}") value=nic.vlan optional=true mono=true placeholder="none" error=of("vlan")/>
                </div>
            </fieldset>
        }
    };
    view! {
        <p class="quiet">"Hardware addresses are new ones in any case."</p>
        <div class="make-rows">{fields.nics.get_value().into_iter().map(row).collect_view()}</div>
    }
}

#[component]
pub fn CloudInit(form: CloneForm) -> impl IntoView {
    let (fields, desk) = (form.fields(), form.desk);
    let error_of = Callback::new(move |what: &'static str| desk.error_of(format!("net0.{what}")));
    let others = move |own: NicFields| {
        let label = StoredValue::new(own.key);
        let error_of = Callback::new(move |what: &'static str| {
            desk.error_of(format!("{}.{what}", label.get_value()))
        });
        let nic = own.form;
        view! {
            <CheckField label=format!("Set the address of {} anew", label.get_value()) value=own.readdress/>
            <Show when=move || own.readdress.get()>
                <AddressFields label=label.get_value() nic=nic error_of=error_of/>
            </Show>
        }
    };
    view! {
        <div class="form">
            <p class="quiet">"What is left empty stays as the source has it."</p>
            <TextField label="User" value=fields.user optional=true error=desk.error_of("user")/>
            <KeysField value=fields.keys error=desk.error_of("keys")/>
            <CheckField label="Set the address of net0 anew" value=fields.readdress/>
            <Show when=move || fields.readdress.get()>
                <AddressFields label="net0".to_owned() nic=fields.nic error_of=error_of/>
            </Show>
            {fields.nics.get_value().into_iter().filter(|own| own.form.id > 0).map(others).collect_view()}
            <div class="form-row">
                <TextField label="Name servers" value=fields.dns optional=true mono=true error=desk.error_of("dns")/>
                <TextField label="Search domain" value=fields.search optional=true error=desk.error_of("search")/>
            </div>
            <UserData value=fields.user_data volumes=form.volumes none="As the source has it"/>
        </div>
    }
}
