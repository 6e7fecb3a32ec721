// @ts-check
// Pictures of pages in both themes and three widths, into tests/.out/shots:
//   npm run shots -- [--gallery] [--sim "--scenario fleet --vms 2000"] [path …]
// Without --sim the guide's cluster; without paths the dashboard, the VM list and a VM.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { CHROMIUM, DISTS, Sim } from './sim.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { gallery: { type: 'boolean' }, sim: { type: 'string', default: '--scenario guide' }, full: { type: 'boolean' } },
});
const tests = join(dirname(fileURLToPath(import.meta.url)), '..');
const shots = join(tests, '.out', 'shots');
const paths = positionals.length > 0 ? positionals : ['/', '/vms', '/vms/101'];
/** @type {[number, number][]} */
const sizes = [[1440, 900], [1024, 768], [390, 844]];

rmSync(shots, { recursive: true, force: true });
mkdirSync(shots, { recursive: true });
const sim = await Sim.start(values.sim.split(' '), values.gallery ? DISTS.gallery : DISTS.release);
const browser = await chromium.launch(CHROMIUM);
try {
  for (const theme of ['light', 'dark']) {
    for (const [width, height] of sizes) {
      const phone = width < 600;
      const context = await browser.newContext({
        viewport: { width, height }, isMobile: phone, hasTouch: phone, colorScheme: /** @type {'light' | 'dark'} */ (theme), locale: 'en-GB', reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error(`${theme} ${width}: ${error.message}`));
      for (const path of paths) {
        await page.goto(sim.url + path);
        await page.getByRole('main').waitFor();
        // Pollers never let the network be idle; two seconds without a skeleton is loaded.
        await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'), null, { timeout: 5_000 }).catch(() => {});
        const name = `${path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'dashboard'}-${width}-${theme}.png`;
        await page.screenshot({ path: join(shots, name), fullPage: values.full });
        console.log(join(shots, name));
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await sim.stop();
}
