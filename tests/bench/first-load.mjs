// @ts-check
// First load at a slow client: four times less CPU, 9 Mbit/s, 60 ms, nothing cached.
import { CHROMIUM, Sim } from '../e2e/sim.mjs';
import { chromium } from '@playwright/test';
import { download, watch } from './probe.mjs';
import { median } from './stats.mjs';

const NETWORK = { offline: false, latency: 60, downloadThroughput: 9e6 / 8, uploadThroughput: 9e6 / 8 };
const CPU = 4;
const RUNS = 5;
const PAGES = [
  { name: 'dashboard', path: '/', selector: '[role="meter"][aria-valuenow]' },
  { name: 'VM list', path: '/vms', selector: '[role="grid"] [role="row"] a[href*="/vms/"], table tbody tr a[href*="/vms/"]' },
];

/** @param {Sim} sim @param {typeof PAGES[number]} what */
async function once(sim, { path, selector }) {
  const browser = await chromium.launch(CHROMIUM);
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', NETWORK);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU });
    let bytes = 0;
    /** @type {string[]} */
    const urls = [];
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
    devtools.on('Network.requestWillBeSent', ({ request }) => urls.push(request.url));
    await page.addInitScript(watch, { selector });
    await page.goto(sim.url + path, { waitUntil: 'commit' });
    await page.waitForFunction(() => /** @type {any} */ (window).bench.seen > 0, null, { timeout: 60_000 });
    const atNumbers = { bytes, requests: urls.length };
    // What still runs right after the first numbers blocks the first click.
    await page.waitForTimeout(2_000);
    const { seen, tasks, paint } = await page.evaluate(() => {
      const { bench } = /** @type {any} */ (window);
      const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
      return { seen: bench.seen, tasks: bench.tasks, paint };
    });
    const blocking = tasks
      .filter((/** @type {{ at: number }} */ { at }) => at >= paint)
      .reduce((/** @type {number} */ sum, /** @type {{ ms: number }} */ { ms }) => sum + Math.max(0, ms - 50), 0);
    const files = urls.filter((url) => /\.(js|css|wasm)$|\/$/.test(new URL(url).pathname));
    const empty = await context.newPage();
    const throttled = await context.newCDPSession(empty);
    await empty.goto(`${sim.url}/config.json`);
    await throttled.send('Network.enable');
    await throttled.send('Network.emulateNetworkConditions', NETWORK);
    const floor = await empty.evaluate(download, files);
    return { ...atNumbers, paint, seen, blocking, floor };
  } finally {
    await browser.close();
  }
}

/** @returns {Promise<import('./stats.mjs').Metric[]>} */
export async function firstLoad() {
  const sim = await Sim.start(['--scenario', 'guide']);
  /** @type {import('./stats.mjs').Metric[]} */
  const metrics = [];
  try {
    for (const what of PAGES) {
      /** @type {Awaited<ReturnType<typeof once>>[]} */
      const runs = [];
      for (let turn = 0; turn < RUNS; turn += 1) runs.push(await once(sim, what));
      /** @param {(run: typeof runs[number]) => number} pick */
      const middle = (pick) => median(runs.map(pick));
      metrics.push(
        { name: `${what.name}: bytes over the wire to the first numbers`, value: middle((run) => run.bytes) / 1000, unit: 'KB', aim: 250 },
        { name: `${what.name}: requests to the first numbers`, value: middle((run) => run.requests), unit: '' },
        { name: `${what.name}: first paint (the frame)`, value: middle((run) => run.paint), unit: 'ms' },
        { name: `${what.name}: first numbers`, value: middle((run) => run.seen), unit: 'ms', aim: 1300 },
        { name: `${what.name}: the files alone, downloaded and thrown away`, value: middle((run) => run.floor), unit: 'ms' },
        { name: `${what.name}: first numbers, as a multiple of that`, value: middle((run) => run.seen / run.floor), unit: 'x' },
        { name: `${what.name}: total blocking time`, value: middle((run) => run.blocking), unit: 'ms', aim: 150 },
      );
    }
  } finally {
    await sim.stop();
  }
  return metrics;
}
