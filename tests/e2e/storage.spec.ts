// A storage: found by the palette, how full it is, what lies there and whose it is.
import { expect, FAILED_REQUESTS, refusal, test, type Locator, type Page } from './fixtures.ts';

const heading = (page: Page, name: string): Locator => page.getByRole('heading', { level: 1, name });
const content = (page: Page): Locator => page.getByRole('grid', { name: /^Content of/ });

test('found by the palette with its type and fill; what lies there, and whose it is', async ({ page, open, sim }) => {
  await sim.storage('local-zfs', { used: 350 * 2 ** 30 });
  await open('/vms');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Search or jump to' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('local-zfs');
  const found = palette.getByRole('group', { name: 'Storages' }).getByRole('option', { name: /^local-zfs/ });
  await expect(found).toContainText('ZFS, 70 % of 500 GiB');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'local-zfs')).toBeFocused();
  await expect(page).toHaveURL(/\/storage\/local-zfs$/);

  await expect(page.getByText('Available', { exact: true })).toBeVisible();
  await expect(page.getByText('No: each node has its own')).toBeVisible();
  await expect(content(page).getByRole('row').filter({ hasText: 'web-server-01' }).first()).toContainText('VM disk');
  await expect(page.getByText(/^\d+ VM disks, .*TiB/)).toBeVisible();
  // Sorted by the largest; by name after a press, and in the address.
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').first().click();
  await expect(page).toHaveURL(/\?sort=name$/);
  await content(page).getByRole('link', { name: 'web-server-01' }).first().click();
  await expect(heading(page, 'web-server-01')).toBeVisible();
});

test.describe('in trouble', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('one that does not answer says so and keeps what is known; one that is not there says that', async ({ page, open, sim }) => {
    await sim.storage('backup-nas', { active: false });
    await open('/storage/backup-nas');
    await expect(page.getByText('Does not answer')).toBeVisible();
    await expect(page.getByText('192.168.1.50 /volume1/proxmox-backups')).toBeVisible();
    await expect(page.getByText(/storage 'backup-nas' is not online/)).toBeVisible();
    await sim.storage('backup-nas', { active: true });
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(content(page).getByRole('row').nth(1)).toContainText('Backup');

    await open('/storage/attic');
    await expect(page.getByText('There is no storage attic')).toBeVisible();

    // With nothing known at all both parts fail alone, and heal alone.
    await sim.faults(refusal('/api/v1/storage', 500, 'The storages do not answer'));
    await open('/storage/local');
    await expect(page.getByText('The storages do not answer')).toBeVisible();
    await expect(content(page).getByRole('row').nth(1)).toBeVisible();
  });
});
