// The dashboard as a person wants it: cards moved, hidden and brought back, remembered on the device.
import { expect, expectNoAxeViolations, FAILED_REQUESTS, refusal, test, type Page } from './fixtures.ts';

const card = (page: Page, name: string) => page.getByRole('main').getByRole('region', { name, exact: true });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** Titles of the cards in the order of the document. */
const order = (page: Page) => page.getByRole('main').getByRole('heading', { level: 2 }).allTextContents();
const place = async (page: Page, name: string) => (await order(page)).findIndex((title) => title.startsWith(name));

test('a card is moved by the keyboard, keeps the focus, and stays there', async ({ page, open }) => {
  await open('/');
  await expect(card(page, 'Memory')).toBeVisible();
  await button(page, 'Arrange').click();
  await expect(button(page, 'Done')).toBeFocused();
  expect(await place(page, 'CPU')).toBeLessThan(await place(page, 'Memory'));
  await button(page, 'Move CPU later').focus();
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await place(page, 'CPU')) > (await place(page, 'Memory'))).toBe(true);
  await expect(button(page, 'Move CPU later')).toBeFocused();
  await expect(page.getByText('CPU: place 2 of 4 in the row of figures')).toBeAttached();
  // From the end of one column into the next, and no further than the end.
  await button(page, 'Move Recent activity later').click();
  await expect(page.getByText('Recent activity: place 1 of 4 in the second column')).toBeAttached();
  await expect(button(page, 'Move Storage earlier')).not.toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByRole('button', { name: 'Move Backups later' })).toHaveAttribute('aria-disabled', 'true');
  await button(page, 'Done').click();
  await expect(button(page, 'Arrange')).toBeFocused();
  await expect(button(page, 'Hide CPU')).toHaveCount(0);
  await page.reload();
  await expect(card(page, 'CPU')).toBeVisible();
  expect(await place(page, 'CPU')).toBeGreaterThan(await place(page, 'Memory'));
  expect(await place(page, 'Recent activity')).toBeLessThan(await place(page, 'Needs attention'));
});

test('a hidden card is gone, asks for nothing, and comes back where it was', async ({ page, open, sim }) => {
  await open('/');
  await button(page, 'Arrange').click();
  await button(page, 'Hide Backups').click();
  await expect(card(page, 'Backups')).toHaveCount(0);
  await expect(button(page, 'Show Backups')).toBeFocused();
  await button(page, 'Hide Storage').click();
  await button(page, 'Done').click();
  await sim.forgetRequests();
  await page.reload();
  await expect(card(page, 'CPU')).toBeVisible();
  await expect(card(page, 'Storage')).toHaveCount(0);
  // The wall board shows what is shown here.
  await open('/?board');
  await expect(card(page, 'CPU')).toBeVisible();
  await expect(card(page, 'Backups')).toHaveCount(0);
  await open('/');
  await button(page, 'Arrange').click();
  await button(page, 'Show Backups').click();
  await expect(card(page, 'Backups')).toBeVisible();
  await expect(button(page, 'Hide Backups')).toBeFocused();
  await button(page, 'Reset').click();
  await expect(card(page, 'Storage')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Reset' })).toHaveAttribute('aria-disabled', 'true');
});

test('what was kept by another version is read as far as it goes', async ({ page, open }) => {
  await open('/');
  await expect(card(page, 'CPU')).toBeVisible();
  const key = await page.evaluate(() => Object.keys(localStorage).find((name) => name.includes('pref.')) ?? '');
  await page.evaluate((known) => {
    const prefix = known === '' ? 'moxxie.' : known.slice(0, known.indexOf('pref.'));
    localStorage.setItem(`${prefix}pref.dashboard`, JSON.stringify({ zones: [['storage', 'gone-by-now'], 'nonsense'], hidden: 7 }));
  }, key);
  await page.reload();
  await expect(card(page, 'CPU')).toBeVisible();
  await expect(card(page, 'Backups')).toBeVisible();
});

test.describe('when feeds fail', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('each card fails alone, and those that fail can still be arranged', async ({ page, open, sim }) => {
    await sim.faults(refusal('/api/v1/storage*', 500, 'The storages do not answer'), refusal('/api/v1/tasks*', 500, 'The task list is away'));
    await open('/');
    await expect(card(page, 'Storage').getByText('The storages do not answer')).toBeVisible();
    await expect(card(page, 'Recent activity').getByText('The task list is away')).toBeVisible();
    await expect(card(page, 'CPU').getByRole('meter')).toBeVisible();
    await expect(card(page, 'Virtual machines').getByText('Running')).toBeVisible();
    await button(page, 'Arrange').click();
    await button(page, 'Hide Storage').click();
    await expect(card(page, 'Storage')).toHaveCount(0);
    await expect(card(page, 'CPU').getByRole('meter')).toBeVisible();
  });
});

test('arranging fits a phone, and axe finds nothing', async ({ page, open }) => {
  await open('/');
  await button(page, 'Arrange').click();
  await button(page, 'Hide Memory').click();
  await expect(button(page, 'Show Memory')).toBeVisible();
  await expectNoAxeViolations(page);
  await page.setViewportSize({ width: 390, height: 844 });
  // The charts are drawn anew in the next picture.
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expectNoAxeViolations(page);
  await button(page, 'Move Cluster load later').click();
  await expect.poll(async () => (await place(page, 'Cluster load')) > (await place(page, 'Recent activity'))).toBe(true);
});
