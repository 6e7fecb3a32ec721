// Puts together the code that areas share. The splitter writes a file for every combination of areas
// that share anything: seven areas, seventy files, most of them smaller than the request for them.
// Here they become a few, by which of the first pages need them, and whether what follows those does.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Pages that the console is opened at most; what neither needs must not delay them. */
const FIRST = ['dashboard', 'vms'];
/** What is fetched once a first page stands: it must not wait for what only other pages need. */
const SOON = ['charts', 'later', 'many'];

/** Types of what a file of the splitter imports, as text: memory, table and the stack's global. */
function imports(file) {
  const bytes = readFileSync(file);
  let at = 8;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const word = () => {
    const length = number();
    at += length;
    return bytes.toString('utf8', at - length, at);
  };
  const limits = () => {
    const flags = number();
    const least = number();
    if (flags & 6) throw new Error(`merge: ${file} has a memory of a kind this step does not know`);
    return flags & 1 ? `${least} ${number()}` : `${least}`;
  };
  const types = new Map();
  while (at < bytes.length) {
    const section = bytes[at++];
    const end = number() + at;
    if (section === 2) {
      for (let count = number(); count > 0; count -= 1) {
        if (word() !== '__wasm_split') throw new Error(`merge: ${file} imports from elsewhere`);
        const name = word();
        const kind = bytes[at++];
        if (kind === 1) {
          if (bytes[at++] !== 0x70) throw new Error(`merge: ${name} is no table of functions`);
          types.set(name, `(table ${limits()} funcref)`);
        } else if (kind === 2) {
          types.set(name, `(memory ${limits()})`);
        } else if (kind === 3) {
          if (bytes[at] !== 0x7f || bytes[at + 1] !== 1) throw new Error(`merge: ${name} is no mutable i32`);
          at += 2;
          types.set(name, '(global (mut i32))');
        } else {
          throw new Error(`merge: ${file} imports ${name}, which this step does not know`);
        }
      }
    }
    at = end;
  }
  return types;
}

/**
 * Merges the shared files of `parts` and rewrites the script that loads them.
 * @param {string} parts what the splitter wrote
 * @param {string} script name of its script
 * @param {string[]} features as wasm-opt takes them
 */
export function mergeShared(parts, script, features) {
  const file = join(parts, script);
  let text = readFileSync(file, 'utf8');
  const chunk = /\/\* ([\w, ]+) \*\/\nconst (__chunk_\d+) = makeLoad\(\(\) => \{[^}]*"\.\/(chunk_\d+\.wasm)"[\s\S]*?\n, \[\]\);\n/g;
  /** @type {Map<string, { files: string[], names: string[] }>} */
  const groups = new Map();
  for (const [, areas, name, wasm] of text.matchAll(chunk)) {
    const wanted = areas.split(', ');
    const key = FIRST.filter((page) => wanted.includes(page)).join('_')
      || (SOON.some((area) => wanted.includes(area)) ? 'soon' : 'rest');
    const group = groups.get(key) ?? { files: [], names: [] };
    group.files.push(wasm);
    group.names.push(name);
    groups.set(key, group);
  }
  text = text.replace(chunk, '');
  if (/const __chunk_/.test(text)) throw new Error('merge: the script of the areas is written in a way this step does not know');
  const loads = [];
  for (const [key, { files, names }] of groups) {
    const types = new Map(files.flatMap((name) => [...imports(join(parts, name))]));
    // The merged file imports each of them once, through a module that only passes them on.
    const lines = [...types].map(([name, type]) => `(import "shared" "${name}" ${type})`);
    const kinds = [...types].map(([name, type]) => `(export "${name}" (${/^\((\w+)/.exec(type)?.[1]} 0))`);
    const pass = join(parts, `pass_${key}`);
    writeFileSync(`${pass}.wat`, `(module ${lines.join('\n')}\n${kinds.join('\n')})`);
    const run = (tool, args) => execFileSync(tool, args, { stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 26 });
    run('wasm-as', [...features, `${pass}.wat`, '-o', `${pass}.wasm`]);
    const merged = `shared_${key}.wasm`;
    const inputs = files.flatMap((name) => [join(parts, name), name.replace('.wasm', '')]);
    run('wasm-merge', [...features, '--enable-multimemory', '--rename-export-conflicts', `${pass}.wasm`, '__wasm_split', ...inputs,
      '-o', join(parts, merged)]);
    for (const name of [...files.map((name) => join(parts, name)), `${pass}.wat`, `${pass}.wasm`]) rmSync(name);
    for (const name of names) text = text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `__shared_${key}`);
    loads.push(`const __shared_${key} = makeLoad(() => {
    const src = fetch(new URL("./${merged}", import.meta.url));
    src.catch(() => {});
    return async (imports) => (WebAssembly.instantiateStreaming(src, { shared: imports.__wasm_split }));
}
, []);
`);
  }
  // Each once, however many of its parts an area needs.
  text = text.replace(/\n, \[([^\]]*)\]\)/g, (_, list) => `\n, [${[...new Set(list.split(', '))].join(', ')}])`);
  const first = text.indexOf('export const __wasm_split_load_');
  writeFileSync(file, text.slice(0, first) + loads.join('') + text.slice(first));
}
