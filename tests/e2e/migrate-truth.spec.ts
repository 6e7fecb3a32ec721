// What the wizard says of a migration is what is so: answers that come late or never, rules and
// bridges in the way, runs that are stopped, given up or returned to.
import { expect, FAILED_REQUESTS, test } from './fixtures.ts';
import { begun, button, confirmed, moving, next } from './migrate.page.ts';

test.setTimeout(90_000);

test('VMs ticked in a row while the server is slow are all checked; a bridge that is missing is named', async ({ page, open, sim }) => {
  await sim.node('proxmox-02', { lacks: 'vmbr1' });
  await sim.faults(
    { path: '/api/v1/vms/*/migrate/check', delayMs: 500 },
    { path: '/api/v1/vms/*/config', delayMs: 500 },
  );
  await open('/migrate?vm=101&to=proxmox-02');
  for (const name of [/^ldap-02/, /^dns-01/]) await page.getByRole('checkbox', { name }).check();
  await next(page, 'Target');
  const cells = page.getByRole('group', { name: 'What can go where' });
  await expect(cells.getByRole('row', { name: /^ldap-02/ }).getByRole('cell', { name: /^Ready/ })).toHaveCount(2, { timeout: 30_000 });
  await expect(cells.getByText('Not checked yet')).toHaveCount(0, { timeout: 30_000 });
  await expect(cells.getByRole('cell', { name: /^Can't ?: net1 is on vmbr1, which proxmox-02 does not have/ })).toBeVisible();
  await button(page, 'Next').click();
  await expect(page.getByRole('radiogroup', { name: 'Target node' })).toHaveAttribute('aria-invalid', 'true');
  // A VM that is not there is said so, and nothing can be begun with it.
  await open('/migrate?vm=999999&to=proxmox-02&step=execute');
  await button(page, 'Start over').click();
  await expect(page.getByText('There is no VM 999999', { exact: true })).toBeVisible();
  await expect(button(page, 'Start migration')).toBeDisabled();
});

test('the last VM unticked, starting over, and a form that is parked', async ({ page, open }) => {
  await open('/migrate?vm=120&to=proxmox-02&step=options');
  await page.getByRole('spinbutton', { name: 'At once' }).fill('9');
  await expect(page.getByText('A whole number from 1 to 4')).toBeVisible();
  await page.getByRole('checkbox', { name: /^Force/ }).check();
  await page.getByRole('navigation', { name: 'Steps of the migration' }).getByRole('button', { name: /VMs/ }).click();
  // Another VM asked for: what was typed is not lost by that.
  await page.getByRole('link', { name: 'Snapshots', exact: true }).click();
  await open('/migrate?vm=121');
  await expect(page.getByText('A migration of ldap-02 to proxmox-02 was begun and not sent.', { exact: false })).toBeVisible();
  await expect(page.getByText(/begins with vpn-gateway-02/)).toBeVisible();
  await button(page, 'Resume draft').click();
  await next(page, 'Target');
  await button(page, 'Start over').click();
  await button(page.getByRole('alertdialog'), 'Throw it away').click();
  await expect(page.getByText('0 VMs chosen')).toBeVisible();
  const ldap = page.getByRole('checkbox', { name: /^ldap-02/ });
  await ldap.check();
  await expect(page.getByText(/^1 VM chosen/)).toBeVisible();
  await ldap.uncheck();
  await expect(page.getByText('0 VMs chosen')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Half-filled form' })).toHaveCount(0);
  await ldap.check();
  await button(page.getByRole('navigation', { name: 'Steps of the migration' }), /Options/).click();
  await expect(page.getByRole('checkbox', { name: /^Force/ })).not.toBeChecked();
  await expect(page.getByRole('spinbutton', { name: 'At once' })).toHaveValue('1');
});

test('a run stays in sight when the address has a VM, and all of it can be aborted', async ({ page, open, sim }) => {
  await open('/migrate?vm=120,121,129&to=proxmox-02&step=review');
  await next(page, 'Execute');
  await button(page, 'Start migration').click();
  await expect(page.getByRole('heading', { level: 2, name: 'Migration to proxmox-02' })).toBeFocused();
  await expect(moving(page, 'ldap-02').getByRole('progressbar', { name: 'Progress' })).toBeVisible();
  await page.goBack();
  await expect(page.getByText(/This migration comes first: ldap-02, vpn-gateway-02, dns-01 can be migrated/)).toBeVisible();
  await button(page, 'Abort all').click();
  const ask = page.getByRole('alertdialog');
  for (const name of ['ldap-02', 'vpn-gateway-02', 'dns-01']) await expect(ask).toContainText(name);
  await button(ask, 'Abort them').click();
  await expect(page.getByText('0 of 3 on proxmox-02, 1 aborted, 2 not begun.')).toBeVisible({ timeout: 20_000 });
  await expect(moving(page, 'ldap-02').getByText('Still on proxmox-01')).toBeVisible();
  expect(await begun(sim)).toEqual(['/vms/120/migrate']);
  await button(page, 'Migrate more').click();
  await expect(page.getByText(/^3 VMs chosen/)).toBeVisible();
});

test.describe('where it fails on the way', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('a storage that fills meanwhile, and an end of which nothing is heard', async ({ page, open, sim }) => {
    await open('/migrate?vm=101&to=proxmox-02&step=execute');
    await button(page, 'Start migration').click();
    const web = moving(page, 'web-server-01');
    await expect(web.getByRole('progressbar', { name: 'Progress' })).toBeVisible();
    await sim.storage('local-zfs', { used: 495 * 2 ** 30 });
    await sim.advance(60);
    await expect(web.getByText(/migration aborted: storage migration failed: .*out of space/)).toBeVisible({ timeout: 20_000 });
    await expect(web.getByText('Disks before and after: 0 copied, 2 unmoved')).toBeVisible();
    await sim.storage('local-zfs', { used: 100 * 2 ** 30 });
    // The answer is lost and so is every other: nobody knows, and nobody says so.
    await sim.faults(
      { path: '/api/v1/vms/120/migrate', method: 'POST', kind: 'cut' },
      { path: '/api/v1/tasks*', status: 503 },
    );
    await open('/migrate?vm=120&to=proxmox-02&step=execute');
    await button(page, 'Start migration').click();
    const ldap = moving(page, 'ldap-02');
    await expect(ldap.getByText('The connection broke before an answer came.', { exact: false })).toBeVisible({ timeout: 20_000 });
    await button(ldap, 'Stop following ldap-02').click();
    await expect(ldap.getByText('It is not followed any more', { exact: false })).toBeVisible();
    await expect(page.getByText('0 of 1 on proxmox-02, 1 not known.')).toBeVisible();
    await expect(button(page, /^Try /)).toHaveCount(0);
  });
});

test.describe('with safety rules', () => {
  test.use({ simArgs: ['--scenario', 'guide', '--safe-mode', 'strict'], allowErrors: FAILED_REQUESTS });

  test('what the rules refuse can be forced, and that is asked', async ({ page, open, sim }) => {
    await open('/migrate?vm=120&to=proxmox-02&step=execute');
    await button(page, 'Start migration').click();
    await expect(moving(page, 'ldap-02').getByText(/blocked by safe mode/)).toBeVisible();
    await confirmed(page, button(page, 'Force 1 VM'), 'Migrate by force');
    await expect(moving(page, 'ldap-02').getByRole('progressbar', { name: 'Progress' })).toBeVisible();
    await sim.advance(60);
    await expect(page.getByText('ldap-02 is on proxmox-02.')).toBeVisible({ timeout: 20_000 });
  });
});

test.describe('with the server as shipped', () => {
  test.use({ simArgs: ['--scenario', 'guide', '--contract', 'server'], allowErrors: FAILED_REQUESTS });

  test('a VM with a cloud-init drive and a mapped device moves, to one storage, and its progress is read off the log', async ({ page, open, sim }) => {
    await sim.vm(102, { config: { ide2: 'local-zfs:vm-102-cloudinit,media=cdrom', usb0: 'mapping=stick' } });
    await open('/migrate?vm=102&to=proxmox-02&step=target');
    await expect(page.getByRole('row', { name: /^database-01/ }).getByRole('cell', { name: /^Ready/ })).toHaveCount(2);
    await next(page, 'Storage');
    await expect(page.getByRole('combobox', { name: 'Storage of all disks' })).toBeVisible();
    for (const step of ['Options', 'Review', 'Execute']) await next(page, step);
    await button(page, 'Start migration').click();
    const row = moving(page, 'database-01');
    await expect(row.getByText(/\/s, about/)).toBeVisible({ timeout: 20_000 });
    await expect(row.getByText('IN_PROGRESS')).toHaveCount(0);
    await sim.advance(60);
    await expect(row.getByText(/^Now on proxmox-02/)).toBeVisible({ timeout: 20_000 });
    expect(await begun(sim)).toEqual(['/vms/102/migrate']);
  });
});
