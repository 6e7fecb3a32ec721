// @ts-check
// `make bench`: prints what was measured and writes it to tests/.out/bench.json.
//   node tests/bench/bench.mjs [first-load] [long-list]
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstLoad } from './first-load.mjs';
import { longList } from './long-list.mjs';
import { print } from './stats.mjs';

const PARTS = {
  'first-load': { title: 'First load at 4x less CPU, 9 Mbit/s, 60 ms (median of 5)', measure: firstLoad },
  'long-list': { title: 'VM list with 10,000 VMs, 1 % changing per poll', measure: longList },
};

const chosen = process.argv.slice(2);
/** @type {Record<string, unknown>} */
const result = { at: new Date().toISOString(), cpu: cpus()[0]?.model, cores: cpus().length };
for (const [name, { title, measure }] of Object.entries(PARTS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const metrics = await measure();
  print(title, metrics);
  result[name] = metrics;
}
const out = join(dirname(fileURLToPath(import.meta.url)), '..', '.out');
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'bench.json'), `${JSON.stringify(result, null, 2)}\n`);
