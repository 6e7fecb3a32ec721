//! What an edit comes to, from what was found of each VM.

use crate::domain::ids::VmId;
use crate::domain::mass_edit::{Edit, Known, LeftOut, Plan};
use crate::domain::vm_can;
use crate::screens::common::facts::vm_facts;
use crate::stores::Live;
use std::sync::Arc;

/// What a look at one VM has found so far.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    Waiting,
    Known(Arc<Known>),
    /// It can't be edited now.
    Refused(String),
    /// It could not be read; trying again may help.
    Failed(String),
}

/// A VM, and what a look at it has found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Looked {
    pub vm: VmId,
    pub name: String,
    pub found: Found,
}

/// What the edit comes to, as far as is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Outline {
    /// VMs that change, with the digest that their plan was made for.
    pub changes: Vec<(VmId, String, Plan, Option<String>)>,
    /// VMs that are as asked for already.
    pub same: Vec<(VmId, String)>,
    /// VMs that can't be edited, and why.
    pub left_out: Vec<LeftOut>,
    /// VMs whose configuration could not be read, and why.
    pub failed: Vec<LeftOut>,
    /// How many are still to be read.
    pub waiting: usize,
    /// Of how many.
    pub all: usize,
}

/// Why a VM can't be edited now, as far as the list knows.
pub(super) fn locked(live: &Live, vm: VmId) -> Option<String> {
    let row = live.vms.rows().peek(&vm)?;
    let refused = vm_can::configure(&vm_facts(&row, false, false)).err()?;
    Some(refused.0)
}

/// What was found, as the person is to see it.
pub(super) fn outline(asked: &Edit, looked: &[Looked]) -> Outline {
    let mut outline = Outline {
        all: looked.len(),
        ..Outline::default()
    };
    for Looked { vm, name, found } in looked {
        let name = name.clone();
        match found {
            Found::Waiting => outline.waiting += 1,
            Found::Refused(why) => outline.left_out.push(LeftOut {
                name,
                why: why.clone(),
            }),
            Found::Failed(why) => outline.failed.push(LeftOut {
                name,
                why: why.clone(),
            }),
            Found::Known(known) => match asked.plan(known) {
                Err(why) => outline.left_out.push(LeftOut { name, why }),
                Ok(plan) => match (plan.patch.is_empty(), plan.missing) {
                    (false, _) => outline.changes.push((*vm, name, plan, known.digest())),
                    (true, None) => outline.same.push((*vm, name)),
                    (true, Some(why)) => outline.left_out.push(LeftOut {
                        name,
                        why: why.to_owned(),
                    }),
                },
            },
        }
    }
    outline
}
