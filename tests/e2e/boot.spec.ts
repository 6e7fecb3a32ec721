import { expect, test, FAILED_REQUESTS } from './fixtures.ts';

const CODE = '*.wasm';

test('the frame stands before the code has come', async ({ page, sim }) => {
  await sim.faults({ path: CODE, delayMs: 3_000, times: 1 });
  await page.goto(`${sim.url}/`, { waitUntil: 'commit' });
  await expect(page.getByText('Moxxie').first()).toBeVisible();
  await expect(page.getByRole('main')).toHaveCount(0);
  await expect(page.getByRole('main')).toBeVisible();
});

test.describe('without its code', () => {
  // The words of a refusal have not the digest of the code that was asked for.
  test.use({ allowErrors: new RegExp(`${FAILED_REQUESTS.source}|could not start|integrity`) });

  test('the page says so and offers a reload', async ({ page, open, sim }) => {
    await sim.faults({ path: CODE, status: 503 });
    await open();
    const message = page.getByRole('alert');
    await expect(message.getByRole('heading', { name: 'Moxxie could not start' })).toBeVisible();
    await sim.clearFaults();
    await message.getByRole('button', { name: 'Reload' }).click();
    await expect(page.getByRole('main')).toBeVisible();
  });

  for (const theme of ['light', 'dark', 'contrast']) {
    test(`a chosen theme holds: ${theme}`, async ({ page, open, sim }) => {
      await sim.faults({ path: CODE, status: 503 });
      await page.addInitScript((name) => localStorage.setItem('moxxie.theme', name), theme);
      await open();
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    });
  }
});

test.describe('under another path', () => {
  test.use({ simArgs: ['--scenario', 'guide', '--base-path', '/portal/moxxie'] });

  test('the same files run, and every request stays below it', async ({ page, open, sim }) => {
    const outside: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(`${sim.url}/`)) outside.push(request.url());
    });
    await open('/');
    await expect(page.getByRole('main')).toBeVisible();
    expect(outside).toEqual([]);
  });
});
