// Starts the app, and says so where that fails. What to load stands in the links that the build
// writes into index.html, which have the browser fetch it before this file runs.
const script = document.querySelector('link[rel="modulepreload"]');
const wasm = document.querySelector('link[rel="preload"][type="application/wasm"]');
const boot = document.getElementById('boot');

function fail(error) {
  console.error('Moxxie could not start:', error);
  const message = document.getElementById('boot-failed');
  // Once the app stands it speaks for itself.
  if (!message || !boot?.isConnected) return;
  document.getElementById('boot-reason').textContent = String(error?.message ?? error);
  document.getElementById('boot-reload').addEventListener('click', () => location.reload());
  boot.classList.add('boot-broken');
  message.hidden = false;
}

try {
  const { default: init } = await import(script.href);
  await init({ module_or_path: wasm.href });
} catch (error) {
  fail(error);
}
