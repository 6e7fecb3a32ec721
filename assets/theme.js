// Runs before the first paint, so that a dark room stays dark. The settings page writes the key.
(() => {
  const choices = ['light', 'dark', 'system', 'contrast'];
  let theme = null;
  try {
    theme = localStorage.getItem('moxxie.theme');
  } catch {
    // Storage can be forbidden; the system's theme it is.
  }
  document.documentElement.dataset.theme = choices.includes(theme) ? theme : 'system';
})();
