//! A panic leaves the module unusable: instead of a dead or white page the person gets a sheet
//! that offers to reload and a report to copy. Built with plain DOM calls, since no view code can
//! run then; text only, never markup.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::panic::PanicHookInfo;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, HtmlElement};

/// Lines kept for the report.
const KEPT: usize = 200;

thread_local! {
    static LOG: RefCell<VecDeque<String>> = const { RefCell::new(VecDeque::new()) };
}

/// Keeps a line for the report.
pub fn note(line: String) {
    LOG.with(|log| {
        // A panic while logging must not hide the first one.
        if let Ok(mut log) = log.try_borrow_mut() {
            if log.len() == KEPT {
                log.pop_front();
            }
            log.push_back(line);
        }
    });
}

/// Installs the hook.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show(info);
    }));
}

fn show(info: &PanicHookInfo<'_>) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else {
        return;
    };
    if document.get_element_by_id("panic").is_some() {
        return;
    }
    // Nothing to be done where even this fails.
    let _ = sheet(&document, &report(info));
}

fn report(info: &PanicHookInfo<'_>) -> String {
    let window = web_sys::window();
    let path = window
        .as_ref()
        .and_then(|window| window.location().pathname().ok());
    let agent = window.and_then(|window| window.navigator().user_agent().ok());
    let mut report = format!(
        "Moxxie UI {}\n{info}\npath: {}\nbrowser: {}\n",
        env!("CARGO_PKG_VERSION"),
        path.unwrap_or_default(),
        agent.unwrap_or_default(),
    );
    LOG.with(|log| {
        if let Ok(log) = log.try_borrow() {
            for line in log.iter() {
                report.push_str(line);
                report.push('\n');
            }
        }
    });
    report
}

fn element(document: &Document, tag: &str, text: &str) -> Option<Element> {
    let element = document.create_element(tag).ok()?;
    element.set_text_content(Some(text));
    Some(element)
}

fn sheet(document: &Document, report: &str) -> Option<()> {
    let sheet = document.create_element("div").ok()?;
    sheet.set_id("panic");
    sheet.set_class_name("panic-sheet");
    sheet.set_attribute("role", "alertdialog").ok()?;
    sheet.set_attribute("aria-modal", "true").ok()?;
    sheet.set_attribute("aria-labelledby", "panic-title").ok()?;

    let title = element(document, "h1", "The console has stopped")?;
    title.set_id("panic-title");
    let text = element(
        document,
        "p",
        "A fault in the console itself, not in your cluster: what was already sent goes on there. \
         Reload to continue; copy the report first if you want to pass it on.",
    )?;
    let details = element(document, "pre", report)?;
    details.set_attribute("tabindex", "0").ok()?;
    details.set_attribute("aria-label", "Report").ok()?;

    let reload = button(document, "Reload", "btn primary", || {
        if let Some(window) = web_sys::window() {
            let _ = window.location().reload();
        }
    })?;
    let copied = report.to_owned();
    let copy = button(document, "Copy report", "btn", move || {
        if let Some(window) = web_sys::window() {
            let _ = window.navigator().clipboard().write_text(&copied);
        }
    })?;
    let row = document.create_element("div").ok()?;
    row.set_class_name("panic-actions");
    for child in [&reload, &copy] {
        row.append_child(child).ok()?;
    }
    for child in [&title, &text, &row, &details] {
        sheet.append_child(child).ok()?;
    }
    document.body()?.append_child(&sheet).ok()?;
    reload.unchecked_ref::<HtmlElement>().focus().ok()
}

fn button(
    document: &Document,
    label: &str,
    class: &str,
    on_click: impl FnMut() + 'static,
) -> Option<Element> {
    let button = element(document, "button", label)?;
    button.set_attribute("type", "button").ok()?;
    button.set_class_name(class);
    let on_click = Closure::<dyn FnMut()>::new(on_click);
    button
        .add_event_listener_with_callback("click", on_click.as_ref().unchecked_ref())
        .ok()?;
    // The sheet stays until the page is reloaded.
    on_click.forget();
    Some(button)
}
