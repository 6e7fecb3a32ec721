// Style sheets without style elements, which the content policy refuses: a script that was let in
// may construct sheets. The terminal is pointed here when it is bundled (.ci/parts.mjs).

/** A sheet of the document's own. */
export function adopt(document) {
  const sheet = new document.defaultView.CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  return sheet;
}

/** Stands where a style element would: takes text, can be removed, shows nothing. */
export function styleElement(document) {
  const sheet = adopt(document);
  const element = document.createElement('span');
  element.hidden = true;
  Object.defineProperty(element, 'textContent', {
    set: (text) => sheet.replaceSync(text),
    get: () => Array.from(sheet.cssRules, (rule) => rule.cssText).join('\n'),
  });
  element.remove = () => {
    Element.prototype.remove.call(element);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((own) => own !== sheet);
  };
  return element;
}
