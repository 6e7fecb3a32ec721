// What others wrote for the browser and the console fetches when it is wanted: one file each in
// target/parts, named by its content, with the licences beside it. target/parts.html, which
// index.html takes in, says what they are called and what they must be.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const FROM = 'assets';
const TO = 'target/parts';
/** Name, entry, packages whose licences go with it. */
const PARTS = [
  { name: 'vnc', entry: 'parts/vnc.mjs', licences: ['@novnc/novnc/LICENSE.txt', '@novnc/novnc/vendor/pako/LICENSE'] },
  { name: 'terminal', entry: 'parts/terminal.mjs', licences: ['@xterm/xterm/LICENSE', '@xterm/addon-fit/LICENSE'] },
];

/** The terminal makes style elements and style attributes, which the content policy refuses:
 *  sheets and properties that a script sets are let in. A release that does it in other places
 *  must not go unnoticed. */
const STRICT = {
  name: 'strict',
  setup(build) {
    build.onLoad({ filter: /@xterm[\\/]xterm[\\/]lib[\\/]xterm\.mjs$/ }, ({ path }) => {
      let text = readFileSync(path, 'utf8');
      const change = (pattern, times, to) => {
        let found = 0;
        text = text.replace(pattern, (...match) => {
          found += 1;
          return to(...match);
        });
        if (found !== times) throw new Error(`parts: ${found} times ${pattern} in ${path}, where ${times} were expected`);
      };
      change(/([\w.]+)\.createElement\("style"\)/g, 3, (_, document) => `moxxieStyle(${document})`);
      change(/(\w+)\.setAttribute\("style",`\$\{\1\.getAttribute\("style"\)\|\|""\}\$\{(\w+)\};`\)/g, 1, (_, element, style) => `(${element}.style.cssText+=${style}+";")`);
      return { contents: `import { styleElement as moxxieStyle } from ${JSON.stringify(resolve(FROM, 'parts/styles.mjs'))};\n${text}`, loader: 'js' };
    });
  },
};

async function esbuild() {
  const require = createRequire(pathToFileURL(resolve(FROM, 'package.json')));
  try {
    return await import(pathToFileURL(require.resolve('esbuild')).href);
  } catch (error) {
    throw new Error(`parts: run .ci/setup first (${error.message})`);
  }
}

function licences({ name, licences }) {
  const texts = licences.map((file) => {
    const [scope, pack] = file.split('/');
    const { version } = JSON.parse(readFileSync(join(FROM, 'node_modules', scope, pack, 'package.json'), 'utf8'));
    const text = readFileSync(join(FROM, 'node_modules', file), 'utf8').trim();
    return `${file}, of ${scope}/${pack} ${version}; its source: https://www.npmjs.com/package/${scope}/${pack}/v/${version}\n\n${text}\n`;
  });
  writeFileSync(join(TO, `${name}.LICENSE.txt`), texts.join(`\n${'-'.repeat(80)}\n\n`));
}

export async function parts() {
  const made = 'target/parts.made';
  const inputs = ['package-lock.json', ...['vnc', 'terminal', 'styles'].map((name) => `parts/${name}.mjs`)].map((name) => join(FROM, name));
  const mark = createHash('sha256');
  for (const file of [...inputs, '.ci/parts.mjs']) mark.update(readFileSync(file));
  const state = mark.digest('hex');
  // Made once: a build with live reload comes here after each change.
  if (existsSync('target/parts.html') && existsSync(made) && readFileSync(made, 'utf8') === state) return;
  rmSync(TO, { recursive: true, force: true });
  mkdirSync(TO, { recursive: true });
  const { build } = await esbuild();
  let html = '';
  for (const part of PARTS) {
    const { outputFiles: [{ contents }] } = await build({
      entryPoints: [join(FROM, part.entry)], bundle: true, minify: true, write: false, format: 'esm', target: 'es2022',
      loader: { '.css': 'text' }, legalComments: 'none', plugins: [STRICT], logLevel: 'error',
      banner: { js: `/* Licences: ${part.name}.LICENSE.txt */` },
    });
    const hash = createHash('sha256').update(contents).digest('hex').slice(0, 16);
    const file = `${part.name}-${hash}.js`;
    writeFileSync(join(TO, file), contents);
    licences(part);
    const integrity = `sha384-${createHash('sha384').update(contents).digest('base64')}`;
    html += `<meta name="part-${part.name}" content="parts/${file} ${integrity}">`;
  }
  writeFileSync('target/parts.html', html);
  writeFileSync(made, state);
}
