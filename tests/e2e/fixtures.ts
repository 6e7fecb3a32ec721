// What every browser test starts from: a simulated Moxxie of its own, a page that may not complain,
// and axe.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test as base, expect, type Page } from '@playwright/test';
import { DISTS, Sim, type Fault } from './sim.mjs';

export { expect, type Page, type Locator } from '@playwright/test';
export type { Fault, Sim } from './sim.mjs';

interface Options {
  /** Arguments of moxxie-sim beside the address and the files. */
  simArgs: string[];
  /** What it serves: the release, or the development build with /dev/components. */
  served: keyof typeof DISTS;
  /** Complaints in the browser's console that belong to the test. */
  allowErrors: RegExp;
}

interface Fixtures {
  sim: Sim;
  /** Opens a path of the console, such as `/vms?status=running`, below whatever base it has. */
  open: (path?: string) => Promise<void>;
  /** What the page complained of so far, allowed or not. */
  complaints: string[];
}

/** A refused or broken request, which the browser reports by itself. For tests that provoke one. */
export const FAILED_REQUESTS = /Failed to load resource|WebSocket connection to .* failed/;

export const test = base.extend<Options & Fixtures>({
  simArgs: [['--scenario', 'guide'], { option: true }],
  served: ['release', { option: true }],
  allowErrors: [/(?!)/, { option: true }],

  sim: async ({ simArgs, served }, use, info) => {
    const sim = await Sim.start(simArgs, DISTS[served]);
    await use(sim);
    await sim.stop();
    if (info.status !== info.expectedStatus && sim.log.length > 0) {
      await info.attach('moxxie-sim', { body: sim.log, contentType: 'text/plain' });
    }
  },

  baseURL: async ({ sim }, use) => use(`${sim.url}/`),

  open: async ({ page, sim }, use) => {
    await use(async (path = '/') => {
      await page.goto(sim.url + path);
    });
  },

  complaints: [
    async ({ page, allowErrors }, use) => {
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`console: ${message.text()} (${message.location().url})`);
      });
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI} ${event.sample}`);
        });
      });
      await use(complaints);
      const unexpected = complaints.filter((complaint) => !allowErrors.test(complaint));
      expect(unexpected, 'what the page complained of').toEqual([]);
    },
    { auto: true },
  ],
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  help: string;
  nodes: { target: unknown[]; failureSummary?: string }[];
}

/** Rules that look at colours; a theme changes nothing else. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Runs all rules of axe over the page as it stands, those about colours in each theme, and wants nothing found. */
export async function expectNoAxeViolations(page: Page, themes: string[] = ['light', 'dark']): Promise<void> {
  const before = await page.evaluate(() => document.documentElement.dataset.theme);
  await page.evaluate(axe);
  for (const [turn, theme] of themes.entries()) {
    await page.evaluate((name) => {
      document.documentElement.dataset.theme = name;
    }, theme);
    // Inputs take their colour with the next picture.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    const violations = await page.evaluate(async (rules) => {
      const { axe } = window as unknown as { axe: { run(how: object): Promise<{ violations: Violation[] }> } };
      return (await axe.run(rules ? { runOnly: rules } : {})).violations;
    }, turn === 0 ? null : COLOURS);
    const found = violations.map(
      ({ id, help, nodes }) => `${id} (${help}): ${nodes.map((node) => `${node.target.join(' ')} — ${node.failureSummary ?? ''}`).join('; ')}`,
    );
    expect(found, `axe, ${theme} theme`).toEqual([]);
  }
  await page.evaluate((name) => {
    document.documentElement.dataset.theme = name;
  }, before);
}

/** Nothing is wider than the window: a page scrolls one way only. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { inner, scroll } = await page.evaluate(() => ({ inner: innerWidth, scroll: document.documentElement.scrollWidth }));
  expect(scroll, 'width of the page').toBeLessThanOrEqual(inner);
}

/** A fault as the guide words its errors. */
export function refusal(path: string, status: number, message: string, rest: Partial<Fault> = {}): Fault {
  return { path, status, body: { error: message, message, status }, ...rest };
}
