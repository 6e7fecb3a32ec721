// The backups of a VM: the list, the details of one, and every change with its failures.
import { expect, expectNoAxeViolations, FAILED_REQUESTS, test, type Page } from './fixtures.ts';
import { button, field } from './make.page.ts';
import { item } from './vms.page.ts';

const NEWEST = 'vzdump-qemu-101-2024_06_21-02_00_00.vma.zst';
const OLDER = 'vzdump-qemu-101-2024_06_20-02_00_00.vma.zst';
const volid = (file: string) => `backup-nas:backup/${file}`;
const grid = (page: Page) => page.getByRole('grid', { name: /^Backups of/ });
const row = (page: Page, at: number) => grid(page).getByRole('row').nth(at + 1);
const toast = (page: Page, words: string | RegExp) => page.getByRole('listitem').filter({ hasText: words }).first();
const openMenu = async (page: Page, file: string) => {
  await grid(page).getByRole('button', { name: `Actions of ${file}` }).click();
  const menu = page.getByRole('menu', { name: `Actions of ${file}` });
  await expect(menu).toBeVisible();
  return menu;
};
const posts = async (sim: import('./fixtures.ts').Sim, path: RegExp) => (await sim.requests(path, 'POST')).length;

test('newest first; the details show what it holds and what has changed since, and have an address', async ({ page, open, sim }) => {
  await open('/vms/101/backups');
  await expect(grid(page).getByRole('row')).toHaveCount(3);
  await expect(row(page, 0)).toContainText(/5\.00\s*GiB.*vma\.zst.*Verified.*No.*backup-nas.*Daily backup - env-prod/);
  await expect(row(page, 1)).toContainText('Protected');
  await expect(page.getByText(/^Newest .* ago · 10\.0\s*GiB/)).toBeVisible();
  await grid(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: /^Backup of web-server-01/ });
  await expect(dialog.getByRole('link', { name: 'Restore' })).toBeFocused();
  await expect(page).toHaveURL(/at=backup-nas/);
  const changed = dialog.getByRole('table', { name: 'What has changed since the backup' });
  await expect(changed.getByRole('row', { name: /^Disk scsi1 Not set 100\s*GiB on local-zfs/ })).toBeVisible();
  await dialog.getByRole('button', { name: 'All', exact: true }).click();
  await expect(dialog.getByRole('table', { name: 'The configuration in the backup' }).getByRole('row', { name: /^Name web-server-01/ })).toBeVisible();
  await expectNoAxeViolations(page);
  // The file itself.
  const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('link', { name: 'Download' }).click()]);
  expect(file.suggestedFilename()).toBe(NEWEST);
  const again = dialog.getByRole('button', { name: 'Look again' });
  await dialog.getByRole('button', { name: 'Look for all verifications' }).press('Enter');
  await expect(again).toBeFocused();
  await page.reload();
  await expect(dialog).toBeVisible();
  // Somebody else deletes it meanwhile.
  await sim.backup(volid(NEWEST), { gone: true });
  await expect(dialog.getByText('It is not there any more.')).toBeVisible({ timeout: 40_000 });
  await expect(dialog.getByRole('button', { name: 'Download' })).toHaveAccessibleDescription('It is not there any more');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page).not.toHaveURL(/at=/);
  // From the row, as from the details: a file, not a page of the console.
  const menu = await openMenu(page, OLDER);
  const [other] = await Promise.all([page.waitForEvent('download'), item(menu, 'Download').click()]);
  expect(other.suggestedFilename()).toBe(OLDER);
  await expect(grid(page)).toBeVisible();
  await expect(page).toHaveURL(/\/vms\/101\/backups/);
  await open(`/vms/101/backups?at=${encodeURIComponent(volid(NEWEST))}`);
  await expect(page.getByText('The backup that the address names is not there any more.')).toBeVisible();
});

test('backed up now: the notes are filled in, the task is followed, the list grows', async ({ page, open, sim }) => {
  await open('/vms/103/backups');
  await expect(page.getByText('Nothing brings this VM back if its disks are lost.')).toBeVisible();
  // It is still being made: refused with the reason until that is over.
  await expect(button(page, 'Back up now')).toHaveAccessibleDescription('VM is locked (create)');
  await sim.advance(600);
  await button(page, 'Back up now').click();
  const dialog = page.getByRole('dialog', { name: 'Back up test-server-01' });
  await expect(field(page, 'Storage')).toHaveValue('backup-nas');
  await expect(page).toHaveURL(/new=backup/);
  await field(page, 'Notes').fill('{{guestname}} before {{what}}');
  await expect(dialog).toContainText('“{{what}}” stands for nothing');
  await expect(dialog.getByRole('button', { name: 'Back up' })).toHaveAccessibleDescription('Correct the marked fields first');
  await field(page, 'Notes').fill('{{guestname}} ({{vmid}}) before the upgrade');
  await expect(dialog).toContainText('Will read: test-server-01 (103) before the upgrade');
  // What is typed is not lost by a slip.
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Keep typing' }).click();
  await dialog.getByText('Show API call').click();
  await expect(dialog.getByLabel('API call', { exact: true })).toContainText('"notes":"test-server-01 (103) before the upgrade"');
  await dialog.getByRole('button', { name: 'Back up', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(toast(page, 'Back up test-server-01: started')).toBeVisible();
  await sim.advance(120);
  await expect(row(page, 0)).toContainText('test-server-01 (103) before the upgrade', { timeout: 20_000 });
  expect(await posts(sim, /\/vms\/103\/backup$/)).toBe(1);
});

test('protected ones are not deleted; the last one asks for the name; protection and notes are undone from the toast', async ({ page, open, sim }) => {
  await open('/vms/101/backups');
  await expect(grid(page).getByRole('row')).toHaveCount(3);
  let menu = await openMenu(page, OLDER);
  await expect(item(menu, 'Delete')).toHaveAccessibleDescription('It is protected: lift its protection first');
  await item(menu, 'Lift protection').click();
  await expect(row(page, 1)).not.toContainText('Protected');
  await toast(page, /no longer protected/).getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 1)).toContainText('Protected');
  menu = await openMenu(page, NEWEST);
  await item(menu, 'Edit notes').click();
  const notes = page.getByRole('dialog', { name: /^Notes of the backup of web-server-01/ });
  await notes.getByLabel(/^Notes/).fill('kept for the audit');
  await notes.getByRole('button', { name: 'Save notes' }).click();
  await expect(row(page, 0)).toContainText('kept for the audit');
  // Both are selected: one is protected and stays.
  await page.getByRole('checkbox', { name: `Select ${NEWEST}` }).check();
  await page.getByRole('checkbox', { name: `Select ${OLDER}` }).check();
  await button(page, 'Delete 2 backups').click();
  const several = page.getByRole('alertdialog', { name: 'Delete 2 backups?' });
  await expect(several).toContainText('1 is protected and stays.');
  await expect(several).toContainText(/Its newest goes\s*1 stays/);
  await several.getByRole('button', { name: 'Delete backups' }).click();
  await expect(grid(page).getByRole('row')).toHaveCount(2, { timeout: 20_000 });
  expect((await sim.requests(/\/backups\//, 'DELETE')).map(({ path }) => decodeURIComponent(path))).toEqual([`/api/v1/backups/${volid(NEWEST)}`]);
  await sim.backup(volid(OLDER), { protected: false });
  await page.reload();
  menu = await openMenu(page, OLDER);
  await item(menu, 'Delete').click();
  const last = page.getByRole('alertdialog', { name: /^Delete (the|a) backup of web-server-01/ });
  await expect(last).toContainText('web-server-01 has no backup to go back to afterwards.');
  await expect(last.getByRole('button', { name: 'Delete backup' })).toHaveAccessibleDescription('Type web-server-01 first');
  await expectNoAxeViolations(page);
  await last.getByLabel(/to confirm$/).fill('web-server-01');
  await last.getByRole('button', { name: 'Delete backup' }).click();
  await expect(page.getByText('Nothing brings this VM back if its disks are lost.')).toBeVisible({ timeout: 20_000 });
});

test('a verification that finds damage is told in the list, above it, and in the details', async ({ page, open, sim }) => {
  await sim.backup(volid(NEWEST), { damaged: true });
  await open('/vms/101/backups');
  await item(await openMenu(page, NEWEST), 'Verify').click();
  const dialog = page.getByRole('alertdialog', { name: /^Verify (the|a) backup of web-server-01/ });
  await dialog.getByRole('button', { name: 'Verify backup' }).click();
  await expect(toast(page, /Verify the backup of web-server-01 .*: started/)).toBeVisible();
  await sim.advance(60);
  await expect(row(page, 0)).toContainText('Damaged', { timeout: 20_000 });
  await expect(page.getByText(/The newest backup is damaged/)).toBeVisible();
  await item(await openMenu(page, NEWEST), 'Details').click();
  const details = page.getByRole('dialog', { name: /^Backup of web-server-01/ });
  await expect(details).toContainText('Damaged');
  await details.getByRole('button', { name: 'Look for all verifications' }).click();
  const checks = details.getByRole('list', { name: 'Verifications of this backup' });
  await expect(checks.getByRole('listitem').first()).toContainText('Failed');
  await expect(checks.getByRole('link', { name: 'Log' }).first()).toBeVisible();
});

test.describe('when something fails', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('a full storage is warned of and named by the task; an answer that is lost is looked for; a list that fails says so', async ({ page, open, sim }) => {
    await sim.storage('backup-nas', { used: 10_995_116_276_736 });
    await open('/vms/101/backups?new=backup');
    const dialog = page.getByRole('dialog', { name: 'Back up web-server-01' });
    await expect(dialog.getByText(/backup-nas has .* free; the newest backup took 5\.00\s*GiB/)).toBeVisible();
    // The server begins it, and its answer never arrives.
    await sim.faults({ path: '/api/v1/vms/101/backup', method: 'POST', kind: 'cut', after: true });
    await dialog.getByRole('button', { name: 'Back up', exact: true }).click();
    await expect(dialog).toBeHidden({ timeout: 20_000 });
    await expect(toast(page, 'Back up web-server-01: started')).toContainText('the server has begun it');
    expect(await posts(sim, /\/vms\/101\/backup$/)).toBe(1);
    await sim.clearFaults();
    await sim.advance(120);
    await expect(toast(page, 'Back up web-server-01: failed')).toContainText('No space left on device', { timeout: 20_000 });
    // Nothing arrives at all: it is not sent again by itself, and can be.
    await button(page, 'Back up now').click();
    await sim.faults({ path: '/api/v1/vms/101/backup', method: 'POST', kind: 'reset' });
    await dialog.getByRole('button', { name: 'Back up', exact: true }).click();
    await expect(dialog.getByText(/the server has not begun it/)).toBeVisible({ timeout: 20_000 });
    await page.keyboard.press('Escape');
    await sim.faults({ path: '/api/v1/vms/104/backups', status: 500, body: { error: 'zpool is suspended', message: 'zpool is suspended', status: 500 } });
    await open('/vms/104/backups');
    const face = page.getByRole('alert').filter({ hasText: 'The backups could not be loaded' });
    await expect(face).toContainText('zpool is suspended');
    await sim.clearFaults();
    await expect(grid(page).getByRole('row')).toHaveCount(3, { timeout: 30_000 });
  });
});
