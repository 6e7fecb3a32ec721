// Trunk hook (pre_build): one style sheet out of many. Follows `@import "file.css" layer(name);`,
// so that the browser asks for one file and not for a chain of them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const IMPORT = /^@import\s+(?:url\()?["']([^"']+)["']\)?(?:\s+layer\(([\w.-]+)\))?\s*;[ \t]*\n?/gm;

function bundle(file, trail = []) {
  if (trail.includes(file)) throw new Error(`styles: ${file} imports itself by way of ${trail.join(', ')}`);
  return readFileSync(file, 'utf8').replace(IMPORT, (_, path, layer) => {
    const css = bundle(join(dirname(file), path), [...trail, file]);
    return layer ? `@layer ${layer} {\n${css}}\n` : css;
  });
}

const [, , source, target] = process.argv;
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, bundle(source));
