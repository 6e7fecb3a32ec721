// @ts-check
// The VM list with 10,000 VMs, of which one in a hundred changes between two polls.
import { CHROMIUM, Sim } from '../e2e/sim.mjs';
import { chromium } from '@playwright/test';
import { fetchAndParse, watch } from './probe.mjs';
import { largest, median, quantile } from './stats.mjs';

const VMS = 10_000;
const CHANGED = 100;
const WORDS = ['web', 'db-0', 'prod', 'client', '10'];
const POLLS = 200;
/** Polls until the memory has what merging a list takes, once for all. */
const WARM = 100;
const LIST = '/api/v1/vms';
const ROW = '[role="grid"] [role="row"] a[href*="/vms/"], table tbody tr a[href*="/vms/"]';

/** @typedef {import('@playwright/test').Page} Page */

/** @param {Page} page */
const longTasks = (page) => page.evaluate(() => /** @type {any} */ (window).bench.tasks.splice(0).map((/** @type {{ ms: number }} */ task) => task.ms));

/** Changes one VM in a hundred behind the console's back. @param {Sim} sim @param {number[]} ids @param {number} turn */
async function stir(sim, ids, turn) {
  const chosen = Array.from({ length: CHANGED }, (_, index) => ids[(turn * CHANGED + index) % ids.length] ?? 0);
  await Promise.all(chosen.map((id, index) => sim.vm(id, { cpu: ((turn * 37 + index * 11) % 100) / 100 })));
}

/** @param {Page} page */
async function typing(page) {
  const box = page.getByRole('combobox', { name: 'Search VMs' });
  const times = [];
  for (const word of WORDS) {
    for (const letter of [...word, ...[...word].map(() => 'Backspace')]) {
      const answer = page.evaluate(() => /** @type {any} */ (window).bench.nextKey());
      await box.press(letter);
      const time = await answer;
      if (time !== null) times.push(time);
    }
  }
  return times;
}

/** @param {Page} page */
async function scrolling(page) {
  const place = await page.locator(ROW).first().boundingBox();
  if (place) await page.mouse.move(place.x + 200, place.y + 120);
  await page.evaluate(() => /** @type {any} */ (window).bench.countFrames());
  const end = Date.now() + 5_000;
  while (Date.now() < end) await page.mouse.wheel(0, 240);
  return /** @type {Promise<number[]>} */ (page.evaluate(() => /** @type {any} */ (window).bench.countFrames()));
}

/**
 * Bytes held by scripts and by the app's own memory, after a collection.
 * @param {Page} page
 * @param {import('@playwright/test').CDPSession} devtools
 */
async function heap(page, devtools) {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  const wasm = await page.evaluate(() => /** @type {any} */ (window).bench.memory?.buffer.byteLength ?? Number.NaN);
  return { script: usedSize, wasm: Number(wasm) };
}

/** @returns {Promise<import('./stats.mjs').Metric[]>} */
export async function longList() {
  const sim = await Sim.start(['--scenario', 'fleet', '--vms', String(VMS), '--seed', '7']);
  const browser = await chromium.launch(CHROMIUM);
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await page.addInitScript(watch, { selector: ROW });
    await page.goto(`${sim.url}/vms`);
    await page.waitForFunction(() => /** @type {any} */ (window).bench.seen > 0, null, { timeout: 60_000 });
    const { rows, asked } = await page.evaluate((list) => {
      const entry = /** @type {PerformanceResourceTiming | undefined} */ (
        performance.getEntriesByType('resource').find((entry) => new URL(entry.name).pathname.endsWith(list)));
      return { rows: /** @type {any} */ (window).bench.seen - (entry?.responseEnd ?? 0), asked: entry?.name ?? '' };
    }, LIST);
    const first = await longTasks(page);
    const alone = await page.evaluate(fetchAndParse, asked);
    /** @type {{ vmid: number }[]} */
    const list = await page.evaluate(async (url) => {
      const body = await (await fetch(url)).json();
      return Array.isArray(body) ? body : body.vms ?? body.data ?? [];
    }, asked);
    const ids = list.map((vm) => Number(vm.vmid));
    await longTasks(page);

    const keys = await typing(page);
    const typingTasks = await longTasks(page);
    const frames = await scrolling(page);
    await longTasks(page);

    // Half a minute of polls as they come.
    const started = Date.now();
    let polls = 0;
    page.on('requestfinished', (request) => { if (new URL(request.url()).pathname.endsWith(LIST)) polls += 1; });
    for (let turn = 0; Date.now() - started < 30_000; turn += 1) {
      await stir(sim, ids, turn);
      await page.waitForTimeout(1_000);
    }
    const pollTasks = await longTasks(page);
    const idle = polls;

    // And many more, asked for by hand.
    const refresh = page.getByRole('button', { name: /^Refresh/ }).first();
    const poll = async (/** @type {number} */ turn) => {
      await stir(sim, ids, turn);
      const answered = page.waitForResponse((response) => new URL(response.url()).pathname.endsWith(LIST));
      // A press while the last answer is still being read asks for nothing.
      do await refresh.click();
      while (!await Promise.race([answered.then(() => true), page.waitForTimeout(1_000).then(() => false)]));
      await (await answered).finished();
    };
    for (let turn = 0; turn < WARM; turn += 1) await poll(30 + turn);
    const before = await heap(page, devtools);
    for (let turn = 0; turn < POLLS; turn += 1) await poll(30 + WARM + turn);
    const after = await heap(page, devtools);

    const parse = median(alone.map((time) => time.parse));
    return [
      { name: 'list on the wire, uncompressed', value: (alone[0]?.bytes ?? 0) / 1e6, unit: 'MB' },
      { name: 'fetched and parsed by the browser alone: fetch', value: median(alone.map((time) => time.fetch)), unit: 'ms' },
      { name: 'fetched and parsed by the browser alone: parse', value: parse, unit: 'ms' },
      { name: 'from data to painted rows', value: rows, unit: 'ms' },
      { name: 'from data to painted rows, as a multiple of the parse', value: rows / parse, unit: 'x' },
      { name: 'longest task of the first load', value: largest(first), unit: 'ms', note: 'tasks under 50 ms count as 0' },
      { name: 'key in the search to painted result, p50', value: quantile(keys, 0.5), unit: 'ms' },
      { name: 'key in the search to painted result, p95', value: quantile(keys, 0.95), unit: 'ms', aim: 50, note: `${keys.length} keys` },
      { name: 'longest task while typing', value: largest(typingTasks), unit: 'ms', aim: 50 },
      { name: 'longest frame in 5 s of scrolling', value: largest(frames), unit: 'ms', aim: 50, note: `${frames.length} frames` },
      { name: 'longest task in 30 s of polls', value: largest(pollTasks), unit: 'ms', aim: 50, note: `${idle} polls` },
      { name: `script heap before ${POLLS} polls`, value: before.script / 1e6, unit: 'MB' },
      { name: `script heap after ${POLLS} polls`, value: after.script / 1e6, unit: 'MB', aim: Math.ceil((before.script / 1e6) * 1.1) },
      { name: `wasm memory before ${POLLS} polls`, value: before.wasm / 1e6, unit: 'MB' },
      { name: `wasm memory after ${POLLS} polls`, value: after.wasm / 1e6, unit: 'MB', aim: Math.ceil((before.wasm / 1e6) * 1.1) },
    ];
  } finally {
    await browser.close();
    await sim.stop();
  }
}
