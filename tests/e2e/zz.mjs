import { chromium } from '@playwright/test';
import { CHROMIUM } from './sim.mjs';
const url = process.argv[2];
const out = '/tmp/h1-shots';
import { mkdirSync } from 'node:fs';
mkdirSync(out, { recursive: true });
const only = process.argv[3];
const steps = (await import('/tmp/h1-steps.mjs')).default;
const browser = await chromium.launch(CHROMIUM);
for (const theme of (process.argv[4] ?? 'light,dark').split(',')) for (const [w, h] of [[1440, 900], [390, 844]]) {
  const phone = w < 600;
  const context = await browser.newContext({ viewport: { width: w, height: h }, isMobile: phone, hasTouch: phone, colorScheme: theme, locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  page.on('pageerror', (e) => console.error('ERR', e.message));
  page.on('console', (m) => { if (m.type() === 'error') console.error('CON', m.text()); });
  for (const [name, run] of Object.entries(steps)) {
    if (only && !new RegExp(only).test(name)) continue;
    try { await run(page, url, phone); await page.waitForTimeout(700); } catch (e) { console.error(name, w, e.message.slice(0, 300)); }
    await page.screenshot({ path: `${out}/${name}-${w}-${theme}.png` });
  }
  await context.close();
}
await browser.close();
