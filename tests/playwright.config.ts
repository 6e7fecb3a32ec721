import { defineConfig } from '@playwright/test';
import { CHROMIUM } from './e2e/sim.mjs';

export default defineConfig({
  testDir: 'e2e',
  outputDir: '.out/results',
  fullyParallel: true,
  workers: 2,
  // A machine that stalls for seconds fails a test now and then; what is broken fails twice.
  // The list at the end names what needed its second try.
  retries: 1,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: '.out/report.json' }]],
  use: {
    browserName: 'chromium',
    launchOptions: CHROMIUM,
    locale: 'en-GB',
    timezoneId: 'UTC',
    colorScheme: 'light',
    // Nothing a test waits for is an animation.
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'off',
    screenshot: 'only-on-failure',
    video: 'off',
  },
  projects: [
    { name: 'desktop', testIgnore: '**/*.phone.spec.ts', use: { viewport: { width: 1440, height: 900 } } },
    {
      name: 'phone',
      testMatch: '**/*.phone.spec.ts',
      use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
    },
  ],
});
