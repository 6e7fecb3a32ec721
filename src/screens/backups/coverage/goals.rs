//! How fresh backups are to be: of all VMs, and by tag. Kept with the other preferences.

use super::super::fleet::Fleet;
use crate::components::{
    Button, Card, ControlSize, IconButton, IconName, NumberField, NumberRange, SelectField,
    SelectOption,
};
use crate::domain::ago::exact_duration;
use crate::domain::coverage::Goals;
use crate::domain::units::Seconds;
use crate::stores::prefs::BACKUP_GOALS;
use crate::stores::use_live;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Hours of ten years: nobody asks for less.
const MOST: u32 = 87_600;
const RANGE: NumberRange = NumberRange::new(1.0, 87_600.0).step(1.0);

/// Hours as typed; nothing where that may be.
fn read(text: &str) -> Result<Option<u32>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<u32>() {
        Ok(hours @ 1..=MOST) => Ok(Some(hours)),
        _ => Err(format!("Whole hours from 1 to {MOST}, or nothing")),
    }
}

fn in_words(hours: u32) -> String {
    exact_duration(Seconds(u64::from(hours) * 3_600))
}

/// The goals, and the way to change them.
#[component]
pub fn GoalsCard(goals: Memo<Goals>, fleet: Fleet) -> impl IntoView {
    let live = use_live();
    let first = goals.get_untracked().usual;
    let usual = RwSignal::new(first.map(|hours| hours.to_string()).unwrap_or_default());
    let error = Signal::derive(move || usual.with(|text| read(text)).err());
    let help = Signal::derive(move || match usual.with(|text| read(text)) {
        Ok(Some(hours)) => format!("That is {}. A tag below wins over it", in_words(hours)),
        _ => "Empty: nothing is asked but by tag".to_owned(),
    });
    let prefs = live.prefs.clone();
    let change = Callback::new(move |new: Goals| {
        if goals.with_untracked(|old| *old != new) {
            prefs.set(&BACKUP_GOALS, &Some(new));
        }
    });
    // Writes out of an effect: preferences are outside of this view.
    Effect::new(move |known: Option<()>| {
        let read = usual.with(|text| read(text));
        if let (Some(()), Ok(hours)) = (known, read) {
            let mut new = goals.get_untracked();
            new.usual = hours;
            change.run(new);
        }
    });
    view! {
        <Card title="How fresh" aside=|| "kept in this browser" class="cov-goals">
            <NumberField label="Any VM" value=usual range=Signal::stored(RANGE) help=help error=error unit="hours" optional=true/>
            <TagGoals goals=goals change=change/>
            <AddGoal goals=goals change=change fleet=fleet/>
        </Card>
    }
}

/// What single tags ask.
#[component]
fn TagGoals(goals: Memo<Goals>, change: Callback<Goals>) -> impl IntoView {
    let items = Memo::new(move |_| {
        goals.with(|goals| {
            let rows = goals.by_tag.iter();
            rows.map(|(tag, hours)| (tag.clone(), *hours))
                .collect::<Vec<_>>()
        })
    });
    let row = move |(tag, hours): (String, u32)| {
        let label = format!("Remove the goal of {tag}");
        let name = tag.clone();
        let remove = move |()| {
            let mut new = goals.get_untracked();
            new.by_tag.remove(&tag);
            change.run(new);
        };
        view! {
            <li>
                <span class="clip">{name}</span>
                <span class="cov-hours">{in_words(hours)}</span>
                <IconButton label=label icon=Signal::stored(IconName::X) size=ControlSize::Small on_press=remove/>
            </li>
        }
    };
    move || {
        let items = items.get();
        (!items.is_empty()).then(|| {
            view! {
                <ul class="cov-tags" aria-label="Goals by tag">
                    {items.into_iter().map(row).collect_view()}
                </ul>
            }
        })
    }
}

/// Another tag.
#[component]
fn AddGoal(goals: Memo<Goals>, change: Callback<Goals>, fleet: Fleet) -> impl IntoView {
    let (tag, hours) = (RwSignal::new(String::new()), RwSignal::new("24".to_owned()));
    let options = Signal::derive(move || {
        let known: BTreeSet<String> = fleet.roster.with(|roster| {
            roster
                .iter()
                .flat_map(|vm| vm.tags.iter().cloned())
                .collect()
        });
        let mut options = vec![SelectOption::new("", "Choose a tag")];
        options.extend(known.iter().map(|tag| SelectOption::from(tag.as_str())));
        options
    });
    let error = Signal::derive(move || hours.with(|text| read(text)).err());
    let refused = Signal::derive(move || {
        if tag.with(String::is_empty) {
            return Some("Choose a tag first".to_owned());
        }
        match hours.with(|text| read(text)) {
            Ok(Some(_)) => None,
            _ => Some("Say within how many hours".to_owned()),
        }
    });
    let add = move |()| {
        let Ok(Some(hours)) = hours.with_untracked(|text| read(text)) else {
            return;
        };
        let mut new = goals.get_untracked();
        new.by_tag.insert(tag.get_untracked(), hours);
        change.run(new);
        tag.set(String::new());
    };
    view! {
        <div class="cov-add">
            <SelectField label="Tag" value=tag options=options/>
            <NumberField label="Within" value=hours range=Signal::stored(RANGE) error=error unit="hours"/>
            <Button label="Add goal" size=ControlSize::Small disabled=refused on_press=add/>
        </div>
    }
}
