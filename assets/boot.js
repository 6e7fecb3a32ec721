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

// The area of the address, as in src/shell/routes.rs.
function areaOf(path) {
  const [first, second, third] = path.split('/').filter(Boolean);
  if (!first) return 'dashboard';
  if (first === 'vms' && (second === 'new' || third === 'clone')) return 'make';
  if (third === 'console' && (first === 'vms' || first === 'nodes')) return 'console';
  if (first === 'backups' && second === 'restore') return 'restore';
  if (first === 'vms') return second ? 'vm' : 'vms';
  return {
    snapshots: 'snapshots', backups: 'backups', storage: 'storage', migrate: 'migrate', tasks: 'activity', settings: 'operations', wall: 'wall',
  }[first];
}

// The first page's own code is fetched beside the main part, not after it. The script of the areas
// takes what is here; a build that is not split has no such list.
function fetchArea() {
  const list = document.querySelector('meta[name="areas"]');
  if (!list) return;
  const { files, areas } = JSON.parse(list.content);
  const base = new URL(document.baseURI);
  const path = location.pathname.startsWith(base.pathname) ? location.pathname.slice(base.pathname.length) : '';
  globalThis.moxxieEarly = new Map((areas[areaOf(path)] ?? []).map((place) => {
    const [name, integrity] = files[place];
    const early = fetch(new URL(name, base), { integrity });
    early.catch(() => {});
    return [name, early];
  }));
}

try {
  fetchArea();
  const { default: init } = await import(script.href);
  await init({ module_or_path: wasm.href });
} catch (error) {
  fail(error);
}
