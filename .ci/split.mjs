// Trunk hook (post_build): makes what `trunk build --release` staged into what is published. It does
// nothing in other profiles. Trunk keeps the old dist where this fails.
//
// 1. splits the wasm at what is declared by `lazy_view!`, puts together what areas share (merge.mjs)
//    and runs wasm-bindgen on the main part
// 2. optimises each wasm file
// 3. names each file by its content, and writes names and integrity into who asks for it
// 4. puts a `.br` and a `.gz` beside each file
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { mergeShared } from './merge.mjs';

const APP = 'moxxie-ui';
const SPLIT = '__wasm_split.js';
// Named one by one: with --all-features browsers refuse the result.
const FEATURES = ['bulk-memory', 'nontrapping-float-to-int', 'sign-ext', 'mutable-globals', 'reference-types', 'multivalue']
  .map((feature) => `--enable-${feature}`);
// What an operator edits in place has no compressed twin that would go stale.
const EDITABLE = ['config.json'];
const COMPRESSED = /\.(html|js|mjs|css|svg|json|wasm|txt|webmanifest)$/;

const run = promisify(execFile);
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
const digest = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
};
const integrity = (content) => `sha384-${createHash('sha384').update(content).digest('base64')}`;
// Two at a time: a build machine has two cores.
async function inPairs(items, work) {
  const queue = [...items];
  await Promise.all([1, 2].map(async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  }));
}
function expect(found, what) {
  if (!found) throw new Error(`split: ${what}`);
  return found;
}

/** Splits, binds and optimises; the result lies in `work` under its plain names. */
async function build(work) {
  const target = process.env.CARGO_TARGET_DIR ?? 'target';
  const linked = join(target, 'wasm32-unknown-unknown', 'release', `${APP}.wasm`);
  const parts = join(work, 'parts');
  await run('wasm-split-cli', [linked, parts, '--out-name', APP]);
  mergeShared(parts, SPLIT, FEATURES);
  const out = join(work, 'out');
  await run('wasm-bindgen', ['--target', 'web', '--no-typescript', '--keep-lld-exports',
    '--out-dir', out, '--out-name', APP, join(parts, `${APP}.wasm`)]);
  for (const name of readdirSync(parts)) {
    if (name !== `${APP}.wasm` && /\.(wasm|js)$/.test(name)) cpSync(join(parts, name), join(out, name));
  }
  await inPairs(readdirSync(out).filter((name) => name.endsWith('.wasm')), async (name) => {
    const file = join(out, name);
    await run('wasm-opt', ['-Oz', ...FEATURES, file, '-o', file], { maxBuffer: 1 << 26 });
  });
  return out;
}

/** Publishes the files of `out` under names with hashes; says what the page has to ask for. */
function publish(out, staging) {
  const put = (name, content) => {
    writeFileSync(join(staging, name), content);
    return { name, integrity: integrity(content) };
  };
  const mainWasm = readFileSync(join(out, `${APP}_bg.wasm`));
  const main = put(`${APP}-${digest(mainWasm)}.wasm`, mainWasm);

  let split = readFileSync(join(out, SPLIT), 'utf8');
  for (const name of readdirSync(out).filter((name) => name.endsWith('.wasm') && name !== `${APP}_bg.wasm`)) {
    const content = readFileSync(join(out, name));
    // A chunk that only passes calls on is written and never asked for.
    if (!split.includes(`"./${name}"`)) continue;
    const chunk = put(`${name.replace(/\.wasm$/, '')}-${digest(content)}.wasm`, content);
    split = split.replaceAll(`fetch(new URL("./${name}", import.meta.url))`,
      `fetched("${chunk.name}", "${chunk.integrity}")`);
    expect(!split.includes(`"./${name}"`), `${name} is asked for in a way this hook does not know`);
  }
  split += FETCHED;
  let script = readFileSync(join(out, `${APP}.js`), 'utf8');
  // The two scripts import each other, so neither can be named by its own content alone.
  const both = digest(split, script);
  const names = { script: `${APP}-${both}.js`, split: `areas-${both}.js` };
  split = split.replaceAll(`from "./${APP}.js"`, `from "./${names.script}"`);
  // Only as a path: the same text as a key of the imports is the wasm's own name for the module.
  script = script.replaceAll(`from "./${SPLIT}"`, `from "./${names.split}"`);
  expect(!split.includes(`"./${APP}.js"`), 'the script of the areas imports the old main script');
  return { main, script: put(names.script, script), split: put(names.split, split), areas: areasOf(split) };
}

/** What each area consists of: `{ files: [[name, integrity], …], areas: { vms: [0, 2] } }`. */
function areasOf(split) {
  const files = [];
  const chunks = new Map();
  const areas = {};
  const parts = split.matchAll(/const (\w+) = (?:wrapAsyncCb\()?makeLoad\(\(\) => \{\s*const src = fetched\("([^"]+)", "([^"]+)"\);[\s\S]*?\n, \[([^\]]*)\]\)/g);
  for (const [, name, file, integrity, needs] of parts) {
    const place = files.push([file, integrity]) - 1;
    const all = [place, ...needs.split(',').map((need) => need.trim()).filter(Boolean).flatMap((need) => expect(chunks.get(need), `${need} comes after ${name}`))];
    const area = /^__wasm_split_load_(\w+)$/.exec(name);
    if (area) areas[area[1]] = all;
    else chunks.set(name, all);
  }
  expect(Object.keys(areas).length > 0, 'the script of the areas is written in a way this hook does not know');
  return { files, areas };
}

// In the script of the areas: what boot.js asked for ahead of time is taken once; a second try asks
// anew.
const FETCHED = `
function fetched(name, integrity) {
  const early = globalThis.moxxieEarly?.get(name);
  globalThis.moxxieEarly?.delete(name);
  return early ?? fetch(new URL(name, import.meta.url), { integrity });
}
`;

/** Points the preload links, which assets/boot.js reads, at the published files. */
function rewrite(staging, { main, script, split, areas }) {
  const file = join(staging, 'index.html');
  let html = readFileSync(file, 'utf8');
  const links = html.match(/<link\b[^>]*>/g) ?? [];
  const isRel = (link, rel) => new RegExp(`\\brel="?${rel}\\b`).test(link);
  const modules = expect(links.find((link) => isRel(link, 'modulepreload')), 'no modulepreload link in index.html');
  const wasm = expect(links.find((link) => isRel(link, 'preload') && /application\/wasm/.test(link)), 'no preload link in index.html');
  for (const link of [modules, wasm]) rmSync(join(staging, expect(/href="?([^"\s>]+)/.exec(link), link)[1]));
  const preload = ({ name, integrity }) => `<link rel="modulepreload" href="./${name}" crossorigin integrity="${integrity}">`;
  html = html.replace(modules, preload(script) + preload(split));
  // Chromium takes no integrity on a preload that is fetched by a script.
  const list = JSON.stringify(areas).replaceAll('"', '&quot;');
  html = html.replace(wasm, `<link rel="preload" href="./${main.name}" as="fetch" type="application/wasm" crossorigin>`
    + `<meta name="areas" content="${list}">`);
  // Spelt as the servers that rewrite it look for it; minifying took the quotes.
  html = html.replace(expect(/<base\b[^>]*>/.exec(html), 'no base element in index.html')[0], '<base href="/">');
  expect(!/<script(?![^>]*\bsrc=)/.test(html) && !/<style|\sstyle=/.test(html), 'index.html holds an inline script or style');
  writeFileSync(file, html);
}

async function compress(staging) {
  const files = readdirSync(staging, { recursive: true }).map(String)
    .filter((name) => COMPRESSED.test(name) && !EDITABLE.includes(name));
  await inPairs(files, async (name) => {
    const content = readFileSync(join(staging, name));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(join(staging, `${name}.br`), await promisify(brotliCompress)(content, { params }));
    writeFileSync(join(staging, `${name}.gz`), await promisify(gzip)(content, { level: 9 }));
  });
}

async function hook() {
  const staging = expect(process.env.TRUNK_STAGING_DIR, 'TRUNK_STAGING_DIR is not set; trunk runs this');
  const work = join(process.env.CARGO_TARGET_DIR ?? 'target', 'split');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, 'parts'), { recursive: true });
  const out = await build(work);
  expect(existsSync(join(out, SPLIT)), 'nothing was split: build with --features split and the linker told --emit-relocs (make build)');
  rewrite(staging, publish(out, staging));
  await compress(staging);
  for (const name of readdirSync(staging).filter((name) => name.endsWith('.wasm'))) {
    console.log(`split: ${name} ${kilobytes(statSync(join(staging, `${name}.br`)).size)} in brotli`);
  }
}

if (process.env.TRUNK_PROFILE === 'release') {
  try {
    await hook();
  } catch (error) {
    console.error(error.stderr || error.message || error);
    process.exit(1);
  }
}
