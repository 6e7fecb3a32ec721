// Moving VMs: six steps, a run that goes on, what fails in the middle, and what stands in the way.
import { expect, FAILED_REQUESTS, test } from './fixtures.ts';
import { begun, button, confirmed, moving, next } from './migrate.page.ts';
import { item, openMenu } from './vms.page.ts';

test.setTimeout(120_000);

test('a running VM from its menu to the node that is suggested, disk by disk, and its history', async ({ page, open, sim }) => {
  await open('/vms?q=web-server-02');
  await item(await openMenu(page, 'web-server-02'), 'Migrate').click();
  await expect(page.getByRole('checkbox', { name: /^web-server-02/ })).toBeChecked();
  await next(page, 'Target');
  await expect(page.getByText('proxmox-01 is suggested')).toBeVisible();
  await expect(page.getByRole('cell', { name: 'Is here' })).toBeVisible();
  await page.getByRole('radio', { name: /^proxmox-01/ }).check();
  await expect(page).toHaveURL(/vm=104&to=proxmox-01&step=target/);
  await expect(page.getByRole('region', { name: 'To proxmox-01' }).getByText('VM has local disks that will need to be migrated')).toBeVisible();
  await next(page, 'Storage');
  const storage = page.getByRole('combobox', { name: 'Storage of scsi0 of web-server-02' });
  await expect(storage).toHaveValue('local-zfs');
  await expect(storage.getByRole('option', { name: /shared-storage.*disabled/ })).toBeAttached();
  await expect(page.getByRole('group', { name: 'Free space afterwards' })).toContainText('150 GiB free afterwards');
  await next(page, 'Options');
  await page.getByRole('spinbutton', { name: 'Bandwidth limit' }).fill('5000');
  await next(page, 'Review');
  await expect(page.getByRole('row', { name: /web-server-02 proxmox-02 → proxmox-01 Live scsi0/ })).toBeVisible();
  await next(page, 'Execute');
  await page.getByText('Show API calls').click();
  await expect(page.getByLabel('API calls', { exact: true })).toContainText('"bwlimit":5120000');
  await button(page, 'Start migration').click();
  const row = moving(page, 'web-server-02');
  await expect(row.getByText(/GiB\/s, about/)).toBeVisible();
  await expect(row.getByText(/Transferred .* GiB of 50\.0 GiB/)).toBeVisible();
  await sim.advance(30);
  await expect(page.getByText('web-server-02 is on proxmox-01.')).toBeVisible({ timeout: 30_000 });
  await expect(row.getByText(/^Now on proxmox-01/)).toBeVisible();
  await row.getByText('Disks before and after: 1 copied, 0 unmoved').click();
  await expect(row.getByRole('row', { name: /scsi0 .* 50 GiB Copied/ })).toBeVisible();
  expect(await begun(sim)).toEqual(['/vms/104/migrate']);
  await page.getByRole('link', { name: 'web-server-02' }).click();
  await expect(page.locator('.page-facts')).toContainText('proxmox-01');
  await page.getByRole('navigation').getByRole('link', { name: 'Tasks', exact: true }).click();
  await expect(page.getByRole('table', { name: 'Migrations' }).getByRole('row', { name: /proxmox-02 → proxmox-01/ })).toBeVisible();
});

test('what stands in the way comes with what removes it', async ({ page, open, sim }) => {
  await sim.vm(113, { config: { ide2: 'local:iso/debian-12.iso,media=cdrom', hostpci0: '0000:01:00.0' } });
  await open('/migrate?vm=113,103&to=proxmox-01&step=target');
  const way = page.getByRole('region', { name: 'To proxmox-01' });
  await expect(way.getByText('ide2 holds local:iso/debian-12.iso, which proxmox-01 can\'t read')).toBeVisible();
  // 103 is there already.
  await expect(page.getByRole('cell', { name: 'Is here' }).first()).toBeVisible();
  await button(page, 'Next').click();
  await expect(page.getByRole('alert').filter({ hasText: "web-server-05 can't move to proxmox-01" })).toBeVisible();
  await button(way, 'Eject the medium of ide2').click();
  await expect(way.getByText('ide2 holds')).toHaveCount(0);
  await button(way, 'Detach hostpci0').click();
  await expect(way.getByText('hostpci0 is a device of proxmox-02')).toHaveCount(0);
  await expect(page.getByRole('cell', { name: /Ready/ }).first()).toBeVisible();
  await next(page, 'Storage');
  const config = await (await page.request.get(`${sim.url}/api/v1/vms/113/config`)).json();
  expect(config.ide2).toBe('none,media=cdrom');
  expect(config.hostpci0).toBeUndefined();
  // A VM that is locked can be left out.
  await open('/migrate?vm=103,113&to=proxmox-03&step=target');
  await button(page, 'Start over').click();
  await button(page, 'Leave test-server-01 out').click();
  await expect(page).toHaveURL(/vm=113&/);
});

test('a storage that would overflow is warned of, and an aborted VM stays where it was', async ({ page, open, sim }) => {
  await sim.storage('local-zfs', { used: 420 * 2 ** 30 });
  await open('/migrate?vm=102&to=proxmox-03&step=storage');
  await expect(page.getByText('20.0 GiB too little: it needs 100 GiB')).toBeVisible();
  await sim.storage('local-zfs', { used: 100 * 2 ** 30 });
  await open('/migrate?vm=102&to=proxmox-03&step=execute');
  await button(page, 'Start migration').click();
  const row = moving(page, 'database-01');
  await expect(row.getByRole('progressbar', { name: 'Progress' })).toBeVisible();
  await confirmed(page, button(row, 'Abort database-01'), 'Abort migration');
  await expect(row.getByText('Aborted')).toBeVisible({ timeout: 20_000 });
  await expect(row.getByText('Still on proxmox-01')).toBeVisible();
  // What never left was not copied.
  await expect(row.getByText('Disks before and after: 0 copied, 1 unmoved')).toBeVisible();
  await expect(page.getByText('0 of 1 on proxmox-03, 1 aborted.')).toBeVisible();
});

test.describe('with answers that are lost or refused', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('several, one after the other; the target is lost in the middle; those that failed are tried again', async ({ page, open, sim }) => {
    await open('/migrate?vm=120,121,129&to=proxmox-02&step=execute');
    await button(page, 'Start migration').click();
    await expect(moving(page, 'ldap-02').getByRole('progressbar', { name: 'Progress' })).toBeVisible();
    await sim.node('proxmox-02', { status: 'offline' });
    await sim.advance(10);
    await expect(moving(page, 'ldap-02').getByText("migration aborted: lost connection to node 'proxmox-02'")).toBeVisible({ timeout: 20_000 });
    await expect(moving(page, 'ldap-02').getByText('Still on proxmox-01')).toBeVisible();
    // The others are refused at once.
    await expect(moving(page, 'dns-01').getByText("No route to node 'proxmox-02'")).toBeVisible({ timeout: 20_000 });
    await expect(page.getByText('0 of 3 on proxmox-02, 3 failed.')).toBeVisible();
    await sim.node('proxmox-02', { status: 'online' });
    await button(page, 'Try 3 VMs again').click();
    await expect(moving(page, 'ldap-02').getByRole('progressbar', { name: 'Progress' })).toBeVisible();
    for (const name of ['ldap-02', 'vpn-gateway-02', 'dns-01']) {
      await expect(async () => {
        await sim.advance(15);
        await expect(moving(page, name).getByText('Now on proxmox-02')).toBeVisible({ timeout: 2_500 });
      }).toPass({ timeout: 40_000 });
    }
    await expect(page.getByText('All 3 VMs are on proxmox-02.')).toBeVisible();
    await button(page, 'Migrate more').click();
    await expect(page.getByRole('heading', { level: 2, name: 'VMs', exact: true })).toBeVisible();
    await expect(page.getByText('0 VMs chosen')).toBeVisible();
  });

  test('left and reloaded in the middle: it goes on, the server is asked, nothing is sent twice', async ({ page, open, sim }) => {
    await sim.faults({ path: '/api/v1/vms/120/migrate', method: 'POST', kind: 'cut', after: true, times: 1 });
    await open('/migrate?vm=120,121&to=proxmox-02&step=execute');
    await button(page, 'Start migration').click();
    await expect(moving(page, 'ldap-02').getByText('On its way')).toBeVisible({ timeout: 20_000 });
    await page.getByRole('link', { name: 'Snapshots', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Snapshots' })).toBeVisible();
    await page.getByRole('link', { name: 'Migrate', exact: true }).click();
    await expect(moving(page, 'ldap-02').getByRole('progressbar', { name: 'Progress' })).toBeVisible();
    await page.reload();
    await expect(moving(page, 'vpn-gateway-02')).toBeVisible();
    await expect(async () => {
      await sim.advance(15);
      await expect(page.getByText('All 2 VMs are on proxmox-02.')).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 60_000 });
    expect(await begun(sim)).toEqual(['/vms/120/migrate', '/vms/121/migrate']);
  });

  test('a server that checks nothing says so, and going on is a choice', async ({ page, open, sim }) => {
    const nothing = { allowed_nodes: null, not_allowed_nodes: null, local_disks: null, local_resources: null, running: null };
    await sim.faults({ path: '/api/v1/vms/*/migrate/check', status: 200, body: nothing });
    await open('/migrate?vm=120&to=proxmox-02&step=target');
    await expect(page.getByRole('cell', { name: 'Not known' }).first()).toBeVisible();
    await button(page, 'Next').click();
    await expect(page.getByRole('alert').filter({ hasText: 'could not check ldap-02' })).toBeVisible();
    await button(page, 'Go on unchecked').click();
    await next(page, 'Storage');
    await expect(page.getByRole('combobox', { name: 'Storage of scsi0 of ldap-02' })).toHaveValue('local-zfs');
  });
});

test('by keys alone, from anywhere; Enter never loads the page anew', async ({ page, open, sim }) => {
  await open('/vms');
  await expect(page.getByRole('heading', { level: 1, name: 'Virtual machines' })).toBeVisible();
  await page.evaluate(() => { (window as unknown as { stayed: boolean }).stayed = true; });
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await expect(page.getByRole('heading', { level: 1, name: 'Migrate' })).toBeFocused();
  const search = page.getByRole('searchbox', { name: 'Search VMs' });
  await search.focus();
  await page.keyboard.type('ldap');
  await expect(page.getByRole('checkbox')).toHaveCount(1);
  await page.getByRole('checkbox', { name: /^ldap-02/ }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByText(/^1 VM chosen/)).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Target' })).toBeFocused();
  await page.getByRole('radio', { name: /^proxmox-02/ }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('cell', { name: /^Ready/ }).first()).toBeVisible();
  for (const step of ['Storage', 'Options', 'Review', 'Execute']) {
    await button(page, 'Next').focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 2, name: step, exact: true })).toBeFocused();
  }
  await button(page, 'Start migration').focus();
  await page.keyboard.press('Enter');
  await expect(moving(page, 'ldap-02')).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { stayed?: boolean }).stayed)).toBe(true);
  // Other tabs are asked first whether they carry it out.
  await expect.poll(() => begun(sim)).toEqual(['/vms/120/migrate']);
});
