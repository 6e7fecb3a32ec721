// The list without a mouse.
import { expect, test } from './fixtures.ts';
import { counted, grid, row, search } from './vms.page.ts';

test('search, walk, select, act and open by keys alone', async ({ page, open, sim }) => {
  await open('/vms');
  await expect(row(page, 'web-server-01')).toBeVisible();
  await page.keyboard.press('/');
  await expect(search(page)).toBeFocused();
  await page.keyboard.type('web-server');
  await expect(counted(page, /^\d+ of 44 VMs$/)).toBeVisible();
  // Escape clears the box, and leaves it the second time.
  await page.keyboard.press('Escape');
  await expect(search(page)).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(search(page)).not.toBeFocused();

  await grid(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press(' ');
  await expect(page.getByText('1 selected')).toBeVisible();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByText('2 selected')).toBeVisible();
  await expect(row(page, 'database-01')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(page.getByText('2 selected')).toBeHidden();

  // The menu of the second row: Start.
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+F10');
  const menu = page.getByRole('menu', { name: 'Actions of database-01' });
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('s');
  await expect(menu.getByRole('menuitem', { name: 'Start' })).toBeFocused();
  await page.keyboard.press('Enter');
  await sim.advance(60);
  await expect(row(page, 'database-01')).toContainText('Running');
  await expect(grid(page)).toBeFocused();

  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/vms\/102$/);
});

test('a question is answered by keys, and the focus comes back', async ({ page, open }) => {
  await open('/vms');
  await expect(row(page, 'web-server-01')).toBeVisible();
  await grid(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.type('shut');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('alertdialog', { name: 'Shut down web-server-01?' });
  await expect(dialog.getByRole('button', { name: 'Keep running' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(grid(page)).toBeFocused();
});

test('Tab goes from the rows to the pages in a few steps, also when colours of tags come late', async ({ page, open, sim }) => {
  const body = [{ name: 'env-prod', count: 12, category: 'env', color: '#00c040' }];
  await sim.faults({ path: '/api/v1/tags', status: 200, body, delayMs: 4000 });
  await open('/vms?per=25');
  await expect(row(page, 'web-server-01')).toBeVisible();
  const chip = row(page, 'web-server-01').getByRole('button', { name: 'env-prod' });
  const before = await chip.evaluate((element) => getComputedStyle(element.parentElement ?? element).backgroundColor);
  await expect.poll(() => chip.evaluate((element) => getComputedStyle(element.parentElement ?? element).backgroundColor)).not.toBe(before);
  await grid(page).focus();
  await page.keyboard.press('Home');
  const reached: string[] = [];
  for (let step = 0; step < 30; step += 1) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''));
  }
  expect(reached.map((words) => words.trim())).toContain('Next');
});

test('heads, filters and pages are reached with Tab', async ({ page, open }) => {
  await open('/vms?per=25');
  await expect(row(page, 'web-server-01')).toBeVisible();
  await search(page).focus();
  const reached: string[] = [];
  for (let step = 0; step < 160; step += 1) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''));
  }
  for (const name of ['Filter by status', 'Filter by node', 'Filter by tag', 'Refresh the list', 'Select all rows on this page', 'Status', 'Next']) {
    expect(reached.map((words) => words.trim())).toContain(name);
  }
});
