// A backup that becomes a VM: beside the one that was backed up, over it, under its own number.
import { expect, expectNoAxeViolations, FAILED_REQUESTS, refusal, test, type Page } from './fixtures.ts';
import { button, field, next } from './make.page.ts';

test.setTimeout(90_000);

const path = (vm: number, day: string) => `/backups/restore?backup=${encodeURIComponent(`backup-nas:backup/vzdump-qemu-${vm}-${day}-02_00_00.vma.zst`)}`;
const WEB = path(101, '2024_06_21');
const DB = path(102, '2024_06_21');
const sent = async (sim: import('./fixtures.ts').Sim) => (await sim.requests(/\/backups\/restore/, 'POST')).length;
const begun = async (page: Page) => {
  await expect(page.getByRole('heading', { level: 2, name: 'General', exact: true })).toBeVisible();
  await expect(field(page, 'VM ID')).not.toHaveValue('');
};
const toReview = async (page: Page) => {
  await next(page, 'Disks');
  await next(page, 'Networks');
  await next(page, 'Review');
};

test('as a new VM beside the old one: mapped disks and networks, kept over a reload, made and opened', async ({ page, open, sim }) => {
  await open('/vms/101/backups');
  await page.getByRole('button', { name: /^Actions of vzdump-qemu-101-2024_06_21/ }).click();
  await page.getByRole('menuitem', { name: 'Restore' }).click();
  await begun(page);
  await expect(field(page, 'Name')).toHaveValue('web-server-01-restored');
  await expect(field(page, 'Target node')).toHaveValue('proxmox-01');
  await field(page, 'VM ID').fill('102');
  await expect(page.getByText('102 is taken by database-01')).toBeVisible();
  await field(page, 'VM ID').fill('655');
  await next(page, 'Disks');
  await page.reload();
  await expect(page.getByRole('heading', { level: 2, name: 'Disks', exact: true })).toBeVisible();
  await page.getByLabel(/^scsi0/).selectOption('local-zfs');
  await next(page, 'Networks');
  await page.getByLabel(/^net0: /).selectOption('vmbr1');
  await expect(page.getByLabel('New hardware addresses')).toBeChecked();
  await next(page, 'Review');
  await expect(page.getByRole('row', { name: 'VM ID 655' })).toBeVisible();
  await expect(page.getByRole('row', { name: 'net0 vmbr1 instead of vmbr0' })).toBeVisible();
  await page.getByText('Show API calls').click();
  await expect(page.getByLabel('API calls', { exact: true })).toContainText(/"networkMapping":\{"net0":"vmbr1"\}.*"overwriteExisting":false.*"storageMapping":\{"scsi0":"local-zfs"\}/s);
  await expectNoAxeViolations(page);
  await button(page, 'Restore VM').click();
  await sim.advance(120);
  await expect(page.getByText('web-server-01-restored is ready.')).toBeVisible({ timeout: 30_000 });
  expect(await sent(sim)).toBe(1);
  const config = await (await page.request.get(`${sim.url}/api/v1/vms/655/config`)).json();
  expect(config.net0).toContain('bridge=vmbr1');
  expect(config.net0).not.toContain('AA:BB:CC:DD:EE:FF');
  await page.getByRole('link', { name: 'Open web-server-01-restored' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'web-server-01-restored' })).toBeVisible();
});

test('over the VM: refused while it runs, with what stops it; what is lost is said, its name is typed', async ({ page, open, sim }) => {
  await open(WEB);
  await begun(page);
  await button(page, 'Over the VM that was backed up').click();
  const why = page.getByRole('alert').filter({ hasText: 'VM is running: stop it first' });
  await expect(why).toBeVisible();
  await expect(page.getByLabel('What is lost')).toContainText(/Its 2 disks.*150\s*GiB.*Its \d+ snapshots?.*All changes since/s);
  await expectNoAxeViolations(page);
  await why.getByRole('button', { name: 'Stop web-server-01' }).click();
  await page.getByRole('alertdialog', { name: 'Stop web-server-01?' }).getByRole('button', { name: 'Stop VM' }).click();
  await expect(why).toBeHidden({ timeout: 20_000 });
  await toReview(page);
  await expect(page.getByText('What will be lost')).toBeVisible();
  await button(page, 'Restore over it').click();
  const dialog = page.getByRole('alertdialog', { name: 'Restore over web-server-01?' });
  await dialog.getByLabel(/to confirm$/).fill('web-server-01');
  await dialog.getByRole('button', { name: 'Restore over it' }).click();
  await expect(page.getByText('Restore the backup')).toBeVisible();
  await sim.advance(120);
  await expect(page.getByText('web-server-01 is ready.')).toBeVisible({ timeout: 30_000 });
  const config = await (await page.request.get(`${sim.url}/api/v1/vms/101/config`)).json();
  expect(config.scsi1).toBeUndefined();
  expect(await sent(sim)).toBe(1);
});

test('a VM that is gone comes back under its own number, from the choice of all backups', async ({ page, open, sim }) => {
  await page.request.delete(`${sim.url}/api/v1/vms/102?force=true`);
  await sim.advance(30);
  await open('/backups/restore');
  await expect(page.getByRole('heading', { level: 2, name: 'Source', exact: true })).toBeVisible();
  await page.getByLabel('VM', { exact: true }).selectOption('102');
  await expect(page.getByLabel('Backup', { exact: true })).not.toHaveValue('');
  await next(page, 'General');
  await expect(field(page, 'VM ID')).toHaveValue('102');
  await expect(field(page, 'Name')).toHaveValue('database-01');
  await expect(button(page, 'Over the VM that was backed up')).toHaveCount(0);
  await toReview(page);
  await button(page, 'Restore VM').click();
  await sim.advance(240);
  await expect(page.getByText('database-01 is ready.')).toBeVisible({ timeout: 30_000 });
});

test('a configuration that comes late takes nothing away that was typed, nor does another backup of the same VM', async ({ page, open, sim }) => {
  await sim.faults({ path: '/api/v1/backups/*config*', delayMs: 1_500 });
  await open('/backups/restore');
  await page.getByLabel('VM', { exact: true }).selectOption('101');
  await next(page, 'General');
  // Nothing can be typed that the proposal would overwrite.
  await expect(field(page, 'Name')).toHaveCount(0);
  await expect(field(page, 'Name')).toHaveValue('web-server-01-restored');
  await button(page, 'Over the VM that was backed up').click();
  await expect(page.getByLabel('What is lost')).toBeVisible();
  await page.getByRole('button', { name: /Source/ }).click();
  const backup = page.getByLabel('Backup', { exact: true });
  const newest = await backup.inputValue();
  await backup.selectOption({ index: 1 });
  await expect(backup).not.toHaveValue(newest);
  await next(page, 'General');
  await expect(page.getByLabel('What is lost')).toBeVisible();
  await expect(button(page, 'Over the VM that was backed up')).toHaveAttribute('aria-pressed', 'true');
});

test.describe('when something fails', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('a full storage is warned of, its refusal stands at the field, a damaged backup fails and can be gone back from', async ({ page, open, sim }) => {
    await sim.storage('local-zfs', { used: 535_797_170_176 });
    await sim.backup('backup-nas:backup/vzdump-qemu-102-2024_06_21-02_00_00.vma.zst', { damaged: true });
    await open(DB);
    await begun(page);
    const known = page.getByRole('group', { name: 'Afterwards' });
    await expect(known).toContainText(/local-zfs has .* free, the disks want/);
    await field(page, 'Name').fill('db-again');
    await toReview(page);
    await button(page, 'Restore VM').click();
    await expect(page.getByText('The backup was not restored')).toBeVisible({ timeout: 20_000 });
    await sim.storage('local-zfs', { used: 322_122_547_200 });
    await button(page, 'Back to the form').click();
    // Where one lands and at the field itself: what is to be corrected.
    await expect(page.getByRole('region', { name: 'Disks' }).or(page.locator('.make-chosen').filter({ hasText: 'Disks' }))).toContainText(/local-zfs/);
    const steps = page.getByRole('navigation', { name: 'Steps of the restore' }).or(page.getByRole('list', { name: 'Steps of the restore' }));
    await expect(steps.getByText('(to be corrected)')).toHaveCount(1);
    await button(page, 'Change disks').click();
    await expect(field(page, 'Storage of all disks')).toHaveAccessibleDescription(/local-zfs/);
    await next(page, 'Networks');
    await next(page, 'Review');
    await button(page, 'Restore VM').click();
    await sim.advance(240);
    await expect(page.getByText(/data corruption detected/).first()).toBeVisible({ timeout: 30_000 });
    await button(page, 'Back to the form').click();
    await expect(page.getByRole('row', { name: 'Name db-again' })).toBeVisible();
  });

  test('a server that goes away at the moment of sending: looked for over a reload, nothing is sent twice', async ({ page, open, sim }) => {
    await open(DB);
    await begun(page);
    await field(page, 'Name').fill('db-lost');
    await toReview(page);
    // It is begun, and its answer is lost together with the server.
    await sim.faults({ path: '/api/v1/backups/restore', method: 'POST', kind: 'cut', after: true }, { path: '/api/v1/tasks*', kind: 'reset' });
    await button(page, 'Restore VM').click();
    await expect(page.getByText(/The server is asked whether it was carried out/)).toBeVisible();
    await page.reload();
    await sim.clearFaults();
    await sim.advance(240);
    await expect(page.getByText('db-lost is ready.')).toBeVisible({ timeout: 40_000 });
    expect(await sent(sim)).toBe(1);
    // Nothing arrived: said, and sent again by a press alone.
    await sim.forgetRequests();
    await button(page, 'Restore again').click();
    await begun(page);
    await field(page, 'Name').fill('db-third');
    await toReview(page);
    await sim.faults({ path: '/api/v1/backups/restore', method: 'POST', kind: 'reset' });
    await button(page, 'Restore VM').click();
    await expect(page.getByText(/the server has not carried it out/)).toBeVisible({ timeout: 30_000 });
    await sim.faults(refusal('/api/v1/backups', 500, 'storage backup-nas is not online'));
    await open(WEB);
    await expect(page.getByRole('alert').filter({ hasText: 'The backups could not be loaded' })).toContainText('is not online');
  });
});
