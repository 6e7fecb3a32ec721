// Seconds of grace before what destroys is sent, and undoing what can be undone.
import { expect, expectNoAxeViolations, FAILED_REQUESTS, refusal, test, type Page } from './fixtures.ts';

const WAITS = { name: 'After confirming a stop, a reset or a deletion' };

/** Chooses how long to wait, through the settings. */
async function grace(page: Page, open: (path?: string) => Promise<void>, words: string): Promise<void> {
  await open('/settings');
  await page.getByRole('combobox', WAITS).selectOption(words);
}

/** Confirms a stop on the page of a running VM. */
async function stop(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Power actions of/ }).click();
  const item = page.getByRole('menuitem', { name: 'Stop' });
  await expect(item).toBeVisible();
  await item.click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Stop VM' }).click();
}

const toast = (page: Page) => page.getByRole('listitem').filter({ hasText: 'Stop web-server-01' }).filter({ hasText: /Sent in \d+ s/ });
const sent = /\/vms\/101\/(power|stop|status)/;

test('without the setting a confirmed stop is sent at once', async ({ page, open, sim }) => {
  await open('/vms/101');
  await stop(page);
  await expect.poll(async () => (await sim.requests(sent, 'POST')).length).toBe(1);
});

test('a stop counts down, is kept over other pages, and is cancelled', async ({ page, open, sim }) => {
  await grace(page, open, 'Wait 10 seconds');
  await open('/vms/101');
  await stop(page);
  await expect(page.getByRole('alertdialog')).toBeHidden();
  await expect(toast(page)).toBeVisible();
  await page.getByRole('link', { name: 'Dashboard' }).first().click();
  await expect(page.getByRole('button', { name: 'Arrange' })).toBeVisible();
  await expect(toast(page)).toContainText(/Sent in [1-9] s/);
  await toast(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(toast(page)).toHaveCount(0);
  // It would have been sent by now.
  await page.waitForTimeout(10_500);
  expect(await sim.requests(sent, 'POST')).toEqual([]);
});

test('Do it now sends it, once', async ({ page, open, sim }) => {
  await grace(page, open, 'Wait 30 seconds');
  await open('/vms/101');
  await stop(page);
  await expect(toast(page)).toBeVisible();
  await expectNoAxeViolations(page);
  expect(await sim.requests(sent, 'POST')).toEqual([]);
  await toast(page).getByRole('button', { name: 'Do it now' }).click();
  await expect(page.getByText('Stop web-server-01: started').first()).toBeAttached();
  expect(await sim.requests(sent, 'POST')).toHaveLength(1);
});

test('closing the tab asks while something waits', async ({ page, open }) => {
  await grace(page, open, 'Wait 30 seconds');
  await open('/vms/101');
  await stop(page);
  await expect(toast(page)).toBeVisible();
  const asked = page.waitForEvent('dialog');
  const reload = page.evaluate(() => location.reload());
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await reload.catch(() => {});
  await expect(toast(page)).toBeVisible();
});

test.describe('when the server refuses', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('after the wait, the outcome is shown', async ({ page, open, sim }) => {
    await grace(page, open, 'Wait 5 seconds');
    await open('/vms/101');
    await sim.faults(refusal('/api/v1/vms/101/*', 500, 'the hypervisor does not answer', { method: 'POST' }));
    await stop(page);
    await expect(toast(page)).toBeVisible();
    await expect(page.getByText('the hypervisor does not answer').first()).toBeVisible({ timeout: 15_000 });
    await expect(page.getByText('Stop web-server-01: failed').first()).toBeVisible();
    await expect(toast(page)).toHaveCount(0);
  });

  test('undoing what was changed again meanwhile writes nothing and says so', async ({ page, open, sim }) => {
    await change(page, open, 'Starts with its node');
    await sim.vm(101, { config: { description: 'written by somebody else' } });
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByText('Change web-server-01: not undone').first()).toBeVisible();
    await expect(page.getByText('It was changed again meanwhile, so nothing was written').first()).toBeVisible();
  });
});

/** Turns a switch of the edit form and saves. */
async function change(page: Page, open: (path?: string) => Promise<void>, field: string): Promise<void> {
  await open('/vms/101');
  await page.getByRole('button', { name: /^More actions of/ }).click();
  const item = page.getByRole('menuitem', { name: 'Edit configuration' });
  await expect(item).toBeVisible();
  await item.click();
  const form = page.getByRole('dialog', { name: /^Edit/ });
  await form.getByLabel(field, { exact: true }).click();
  await form.getByRole('button', { name: 'Review changes' }).click();
  const review = page.getByRole('dialog', { name: /^Changes of/ });
  await review.getByRole('button', { name: 'Save changes' }).click();
  await expect(review).toBeHidden();
  await expect(page.getByText('Change web-server-01: saved').first()).toBeVisible();
}

test('a saved change is undone from its toast', async ({ page, open, sim }) => {
  await change(page, open, 'Starts with its node');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Change web-server-01: undone').first()).toBeVisible();
  const puts = await sim.requests(/\/vms\/101\/config/, 'PUT');
  const bodies = puts.map((put) => (put as unknown as { body: Record<string, unknown> }).body).map((body) => (typeof body === 'string' ? JSON.parse(body) : body));
  expect(bodies).toHaveLength(2);
  expect(bodies[0].onboot).not.toEqual(bodies[1].onboot);
  expect(bodies[0].digest).not.toEqual(bodies[1].digest);
});

test('a tag that was added is taken off again', async ({ page, open }) => {
  await open('/vms/101');
  await page.getByRole('button', { name: 'tag', exact: true }).click();
  const field = page.getByLabel('New tag');
  await expect(field).toBeFocused();
  await field.fill('by-mistake');
  await page.getByRole('button', { name: 'Add tag' }).click();
  await expect(page.getByText('web-server-01: tag by-mistake added').first()).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('web-server-01: tag by-mistake removed').first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'by-mistake' })).toHaveCount(0);
});
