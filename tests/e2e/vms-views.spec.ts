// Saved views of the list: saved under a name, opened, pinned with their count, replaced, deleted and back.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, test, type Page } from './fixtures.ts';
import { row, search } from './vms.page.ts';

const sheet = (page: Page) => page.getByRole('dialog', { name: 'Saved views' });
const nav = (page: Page) => page.getByRole('navigation', { name: 'Main' });

async function save(page: Page, name: string, button = 'Save view'): Promise<void> {
  await page.getByRole('button', { name: 'Views', exact: true }).click();
  await sheet(page).getByLabel('Save the present list as').fill(name);
  await sheet(page).getByRole('button', { name: button }).click();
}

test('search, filters and order are kept under a name, also after a reload', async ({ page, open }) => {
  await open('/vms?status=running&q=tag:env-prod&sort=-cpu');
  await save(page, 'Busy production');
  await expect(sheet(page).getByRole('link', { name: 'Busy production' })).toBeVisible();
  await open('/vms');
  await expect(row(page, 'database-01')).toBeVisible();
  await page.getByRole('button', { name: 'Views', exact: true }).click();
  await sheet(page).getByRole('link', { name: 'Busy production' }).click();
  await expect(page).toHaveURL(/\/vms\?status=running&q=tag:env-prod&sort=-cpu$/);
  await expect(sheet(page)).toBeHidden();
  await expect(search(page)).toHaveValue('tag:env-prod');
  await expect(row(page, 'database-01')).toBeHidden();
});

test('the palette leads to a view from any page', async ({ page, open }) => {
  await open('/vms?status=running&q=tag:env-prod&sort=-cpu');
  await save(page, 'Busy production');
  await open('/settings');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Search or jump to' });
  await palette.getByRole('combobox').pressSequentially('busy');
  await palette.getByRole('group', { name: 'Saved views' }).getByRole('option', { name: /^Busy production/ }).click();
  await expect(page).toHaveURL(/\/vms\?status=running&q=tag:env-prod&sort=-cpu$/);
  await expect(search(page)).toHaveValue('tag:env-prod');
});

test('a pinned view stands in the navigation with a count that follows the cluster', async ({ page, open, sim }) => {
  await open('/vms?q=tag:env-prod+status:stopped');
  await save(page, 'Down in production');
  await sheet(page).getByRole('button', { name: 'Pin Down in production' }).click();
  const link = nav(page).getByRole('link', { name: 'Down in production' });
  await expect(link).toHaveAttribute('aria-current', 'page');
  const before = Number((await link.textContent())?.match(/(\d+)\s*$/)?.[1]);
  await sim.vm(104, { status: 'stopped' });
  await expect(link).toContainText(String(before + 1), { timeout: 20_000 });
  await page.reload();
  await expect(link).toContainText(String(before + 1));
});

test('a name that is taken is said before its view is replaced; an empty one is refused', async ({ page, open }) => {
  await open('/vms?q=web');
  await save(page, 'Mine');
  await sheet(page).getByRole('button', { name: 'Save view' }).click();
  await expect(sheet(page).getByText('Give the view a name')).toBeVisible();
  await page.keyboard.press('Escape');
  await search(page).fill('cache');
  await save(page, 'mine', 'Replace view');
  await expect(sheet(page).getByRole('link')).toHaveCount(1);
  await open('/vms');
  await page.getByRole('button', { name: 'Views', exact: true }).click();
  await sheet(page).getByRole('link', { name: 'mine' }).click();
  await expect(search(page)).toHaveValue('cache');
});

test('a deleted view comes back by Undo', async ({ page, open }) => {
  await open('/vms?q=web');
  await save(page, 'Web');
  await sheet(page).getByRole('button', { name: 'Delete view Web' }).click();
  await expect(sheet(page).getByRole('link', { name: 'Web' })).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Views', exact: true }).click();
  await expect(sheet(page).getByRole('link', { name: 'Web' })).toBeVisible();
  await expectNoAxeViolations(page);
  await expectNoSidewaysScroll(page);
});
