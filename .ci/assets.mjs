// Trunk hook (pre_build): files of index.html that are made of others, in target/.
// One style sheet out of many: follows `@import "file.css" layer(name);`, so that the browser asks
// for one file and not for a chain of them. The icons as the page itself holds them: a browser asks
// for a file of symbols again and again, and shows none before it has come.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parts } from './parts.mjs';

const IMPORT = /^@import\s+(?:url\()?["']([^"']+)["']\)?(?:\s+layer\(([\w.-]+)\))?\s*;[ \t]*\n?/gm;

function bundle(file, trail = []) {
  if (trail.includes(file)) throw new Error(`styles: ${file} imports itself by way of ${trail.join(', ')}`);
  return readFileSync(file, 'utf8').replace(IMPORT, (_, path, layer) => {
    const css = bundle(join(dirname(file), path), [...trail, file]);
    return layer ? `@layer ${layer} {\n${css}}\n` : css;
  });
}

function sprite(file) {
  const text = readFileSync(file, 'utf8').replace(/<!--.*?-->\s*/gs, '').replaceAll('<symbol id="', '<symbol id="i-');
  return text.replace('<svg ', '<svg class="icons" width="0" height="0" aria-hidden="true" focusable="false" ');
}

// Two builds may run at the same time: what stands there already is left alone.
function write(file, text) {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}

mkdirSync('target', { recursive: true });
write('target/main.css', bundle('style/main.css'));
write('target/icons.svg', sprite('assets/icons.svg'));
await parts();
