// What the first page costs, in bytes over the wire, against the budget. `npm run` and CI fail above it.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

// Page, styles, scripts, main wasm; brotli. The aim is 250 KB; this is what it may not grow past until it is reached.
const BUDGET = 850_000;

const dist = process.argv[2] ?? 'dist';
const html = readFileSync(join(dist, 'index.html'), 'utf8');
const size = (name) => statSync(join(dist, `${name}.br`)).size;
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`.padStart(10);

// What index.html asks for at once; icons are asked for by the browser and the frame.
const asked = [...html.matchAll(/<(?:script|link)\b[^>]*?(?:src|href)="?\.\/([^"\s>]+)/g)].map((match) => match[1]);
const first = ['index.html', ...asked];
let total = 0;
for (const name of first) {
  total += size(name);
  console.log(`${kilobytes(size(name))}  ${name}`);
}
console.log(`${kilobytes(total)}  first page (budget ${kilobytes(BUDGET).trim()})`);
for (const name of readdirSync(dist).filter((name) => name.endsWith('.wasm') && !first.includes(name))) {
  console.log(`${kilobytes(size(name))}  ${name}, when its area is opened`);
}
if (total > BUDGET) {
  console.error(`size: the first page is ${kilobytes(total - BUDGET).trim()} over its budget`);
  process.exit(1);
}
