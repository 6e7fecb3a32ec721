// @ts-check
// What runs inside the measured page. Serialised into it, so each function stands alone.

/**
 * Notes when something is first seen, when the main thread is busy, and how long frames take.
 * @param {{ selector: string }} what
 */
export function watch({ selector }) {
  /** @type {any} */
  const bench = { seen: null, memory: null, tasks: /** @type {{ at: number, ms: number }[]} */ ([]), frames: null };
  /** @type {any} */ (window).bench = bench;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) bench.tasks.push({ at: startTime, ms: duration });
  }).observe({ type: 'longtask', buffered: true });

  const look = () => {
    if (bench.seen === null && document.querySelector(selector)) {
      // Painted with the next frame.
      bench.seen = -1;
      requestAnimationFrame(() => setTimeout(() => { bench.seen = performance.now(); }));
      seer.disconnect();
    }
  };
  const seer = new MutationObserver(look);
  seer.observe(document, { childList: true, subtree: true, attributes: true });

  // The app's own memory is what its main module exports.
  for (const way of /** @type {const} */ (['instantiate', 'instantiateStreaming'])) {
    const plain = /** @type {any} */ (WebAssembly[way]).bind(WebAssembly);
    /** @type {any} */ (WebAssembly)[way] = async (/** @type {any[]} */ ...args) => {
      const made = await plain(...args);
      bench.memory ??= (made.instance ?? made).exports.memory ?? null;
      return made;
    };
  }

  /** Time between frames from now on, until it is called again. */
  bench.countFrames = () => {
    const before = bench.frames;
    if (before) {
      bench.frames = null;
      return before.deltas;
    }
    const counter = { deltas: /** @type {number[]} */ ([]), last: performance.now() };
    bench.frames = counter;
    const step = (/** @type {number} */ now) => {
      if (bench.frames !== counter) return;
      counter.deltas.push(now - counter.last);
      counter.last = now;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
    return null;
  };

  /** From the next key in the search box to the painted list. */
  bench.nextKey = () => new Promise((resolve) => {
    const grid = document.querySelector('[role="grid"], table');
    let started = 0;
    const done = new MutationObserver(() => {
      if (started === 0) return;
      done.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
    });
    if (grid?.parentElement) done.observe(grid.parentElement, { childList: true, subtree: true, characterData: true, attributes: true });
    addEventListener('keydown', (event) => {
      started = event.timeStamp;
      // A key that changes nothing on the page has been answered when the next frame is painted.
      setTimeout(() => { done.disconnect(); resolve(null); }, 1_000);
    }, { capture: true, once: true });
  });
}

/**
 * The floor under any console: the same list, fetched and parsed by the browser alone.
 * @param {string} url
 */
export async function fetchAndParse(url) {
  const times = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const start = performance.now();
    const text = await (await fetch(url, { cache: 'no-store' })).text();
    const arrived = performance.now();
    JSON.parse(text);
    times.push({ fetch: arrived - start, parse: performance.now() - arrived, bytes: text.length });
  }
  return times;
}

/**
 * The floor under any first load: the same files, fetched at once and thrown away.
 * @param {string[]} urls
 */
export async function download(urls) {
  const start = performance.now();
  await Promise.all(urls.map(async (url) => (await fetch(url, { cache: 'no-store' })).arrayBuffer()));
  return performance.now() - start;
}
