//! Sixth step, for images: what cloud-init is told.

use super::form::Form;
use super::source::options;
use crate::components::{SelectField, SelectOption, TextField};
use crate::screens::make::fields::{AddressFields, KeysField};
use crate::screens::make::known::Volumes;
use leptos::prelude::*;

/// A file that cloud-init is told instead of user and keys.
#[component]
pub fn UserData(
    value: RwSignal<String>,
    volumes: RwSignal<Volumes>,
    /// What no choice means.
    none: &'static str,
) -> impl IntoView {
    let snippets = options(volumes, "snippets");
    let snippets = Memo::new(move |_| {
        let mut all = vec![SelectOption::new("", none)];
        all.extend(snippets.get());
        all
    });
    let data_help = Signal::derive(move || {
        if snippets.with(|all| all.len() > 1) {
            "A file of one's own, which replaces user and keys above"
        } else {
            "No storage of this node holds snippets, where such files lie"
        }
        .to_owned()
    });
    view! { <SelectField label="User-data" value=value options=snippets help=data_help/> }
}

#[component]
pub fn CloudInit(form: Form) -> impl IntoView {
    let fields = form.fields();
    let addresses = move || {
        let row = |(at, nic): (usize, super::NicForm)| {
            let error_of =
                Callback::new(move |what: &'static str| form.error_of(format!("net{at}.{what}")));
            view! { <AddressFields label=format!("net{at}") nic=nic error_of=error_of/> }
        };
        fields
            .nics
            .get()
            .into_iter()
            .enumerate()
            .map(row)
            .collect_view()
    };
    view! {
        <div class="form">
            <TextField label="User" value=fields.user optional=true placeholder="as the image has it" error=form.error_of("user")/>
            <KeysField value=fields.keys error=form.error_of("keys")/>
            {addresses}
            <div class="form-row">
                <TextField label="Name servers" value=fields.dns optional=true mono=true placeholder="as the node has them" error=form.error_of("dns")/>
                <TextField label="Search domain" value=fields.search optional=true placeholder="as the node has it" error=form.error_of("search")/>
            </div>
            <UserData value=fields.user_data volumes=form.volumes none="None"/>
        </div>
    }
}
