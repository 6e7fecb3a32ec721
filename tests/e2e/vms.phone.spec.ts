// The list at 390 by 844: cards, filters folded away, start and stop in two taps.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, test, type Page } from './fixtures.ts';
import { counted, item, search } from './vms.page.ts';

const cards = (page: Page) => page.getByRole('list', { name: 'Virtual machines' });
const card = (page: Page, name: string) =>
  cards(page).getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) });

test('each VM is a card with its facts', async ({ page, open }) => {
  await open('/vms');
  const web = card(page, 'web-server-01');
  await expect(web).toContainText('Running');
  await expect(web).toContainText('101');
  await expect(web).toContainText(/CPU\s*\d+(\.\d)?\s*%/);
  await expect(web).toContainText(/\d \/ 4\s*GiB/);
  await expect(web).toContainText('proxmox-01');
  await expect(card(page, 'database-01')).toContainText(/CPU\s*–/);
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
});

test('filters unfold, and stand as chips', async ({ page, open }) => {
  await open('/vms');
  await expect(card(page, 'web-server-01')).toBeVisible();
  await page.getByRole('button', { name: 'Filter', exact: true }).tap();
  await page.getByRole('combobox', { name: 'Filter by status' }).tap();
  await page.getByRole('option', { name: /^Stopped/ }).tap();
  await expect(page).toHaveURL(/status=stopped$/);
  await expect(card(page, 'web-server-01')).toBeHidden();
  await page.getByRole('button', { name: 'Remove filter status stopped' }).tap();
  await expect(card(page, 'web-server-01')).toBeVisible();
  await search(page).fill('cache');
  await expect(counted(page, /^\d+ of 44 VMs$/)).toBeVisible();
});

test('a VM is started in two taps', async ({ page, open, sim }) => {
  await open('/vms?q=database-01');
  await card(page, 'database-01').getByRole('button', { name: 'Actions of database-01' }).tap();
  await item(page.getByRole('menu'), 'Start').tap();
  await expect(page.getByText('Start database-01: started').first()).toBeVisible();
  await sim.advance(60);
  await expect(card(page, 'database-01')).toContainText('Running');
});

test('several are chosen and shut down', async ({ page, open, sim }) => {
  await open('/vms?status=running');
  await page.getByRole('button', { name: 'Select', exact: true }).tap();
  await page.getByRole('checkbox', { name: 'Select web-server-01' }).tap();
  await page.getByRole('checkbox', { name: 'Select web-server-02' }).tap();
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.getByRole('button', { name: 'Shut down', exact: true }).tap();
  const dialog = page.getByRole('alertdialog', { name: 'Shut down 2 VMs?' });
  await expectNoAxeViolations(page);
  await dialog.getByRole('button', { name: 'Shut down 2 VMs' }).tap();
  await expect(dialog).toBeHidden();
  expect(await sim.requests(/\/bulk\/power\/shutdown/, 'POST')).toHaveLength(1);
});

test('a tap on a card opens the VM', async ({ page, open }) => {
  await open('/vms');
  await card(page, 'web-server-01').getByRole('link', { name: 'web-server-01' }).tap();
  await expect(page).toHaveURL(/\/vms\/101$/);
});
