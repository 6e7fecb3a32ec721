// What is done to VMs from the list, one by one and many at once; each with its failures.
import { expect, FAILED_REQUESTS, refusal, test } from './fixtures.ts';
import { choose, item, openMenu, row, search, select, counted } from './vms.page.ts';

test('one VM is started from its row; its state follows', async ({ page, open, sim }) => {
  await open('/vms');
  const menu = await openMenu(page, 'database-01');
  await expect(item(menu, 'Shut down')).toHaveAttribute('aria-disabled', 'true');
  await item(menu, 'Start').click();
  await expect(page.getByText('Start database-01: started').first()).toBeVisible();
  await sim.advance(60);
  await expect(row(page, 'database-01')).toContainText('Running');
  expect(await sim.requests(/\/vms\/102\/start/, 'POST')).toHaveLength(1);
});

test('the likely action stands in the row', async ({ page, open, sim }) => {
  await open('/vms');
  await row(page, 'database-01').hover();
  await row(page, 'database-01').getByRole('button', { name: 'Start database-01' }).click();
  await sim.advance(60);
  await expect(row(page, 'database-01')).toContainText('Running');
  await row(page, 'database-01').hover();
  await expect(row(page, 'database-01').getByRole('button', { name: 'Shut down database-01' })).toBeVisible();
});

test('stopping one asks, names it and says what is lost', async ({ page, open, sim }) => {
  await open('/vms');
  await item(await openMenu(page, 'web-server-02'), 'Stop').click();
  const dialog = page.getByRole('alertdialog', { name: 'Stop web-server-02?' });
  await expect(dialog).toContainText('not saved in the guest is lost');
  await expect(dialog).toContainText('VM 104 on proxmox-02');
  await dialog.getByRole('button', { name: 'Keep running' }).click();
  await expect(dialog).toBeHidden();
  expect(await sim.requests(/\/stop/, 'POST')).toHaveLength(0);
  await item(await openMenu(page, 'web-server-02'), 'Stop').click();
  await dialog.getByRole('button', { name: 'Stop VM' }).click();
  await expect(dialog).toBeHidden();
  await sim.advance(60);
  await expect(row(page, 'web-server-02')).toContainText('Stopped');
});

test('a node of a Talos cluster is warned about', async ({ page, open, sim }) => {
  await sim.vm(104, { tags: ['talos-cluster', 'cluster-talos-prod-01'] });
  await open('/vms');
  await item(await openMenu(page, 'web-server-02'), 'Reboot').click();
  await expect(page.getByRole('alertdialog')).toContainText('node of the Talos cluster talos-prod-01');
});

test('a shutdown that hangs is overruled by Stop', async ({ page, open }) => {
  await open('/vms');
  await item(await openMenu(page, 'web-server-01'), 'Shut down').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Shut down VM' }).click();
  await expect(page.getByText('Shut down web-server-01: started').first()).toBeVisible();
  const menu = await openMenu(page, 'web-server-01');
  await expect(item(menu, 'Shut down')).toHaveAttribute('aria-disabled', 'true');
  await item(menu, 'Stop').click();
  await expect(page.getByRole('alertdialog')).toContainText('A shutdown of it is under way; Stop overrules that.');
});

test.describe('refused', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('starting one tells why', async ({ page, open, sim }) => {
    await sim.faults(refusal('/api/v1/vms/102/start', 500, 'no space left on device', { method: 'POST' }));
    await open('/vms');
    await item(await openMenu(page, 'database-01'), 'Start').click();
    await expect(page.getByText('no space left on device').first()).toBeVisible();
    await expect(row(page, 'database-01')).toContainText('Stopped');
  });

  test('stopping one keeps the question open, and can be tried again', async ({ page, open, sim }) => {
    await open('/vms');
    await sim.faults(refusal('/api/v1/vms/104/stop', 500, 'got no worker upid', { method: 'POST' }));
    await item(await openMenu(page, 'web-server-02'), 'Stop').click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: 'Stop VM' }).click();
    await expect(dialog.getByRole('alert').first()).toContainText('got no worker upid');
    await sim.clearFaults();
    await dialog.getByRole('button', { name: 'Stop VM' }).click();
    await expect(dialog).toBeHidden();
  });

  test('a safety rule can be overruled, as a choice of its own', async ({ page, open, sim }) => {
    const body = { error: 'SAFE_MODE_VIOLATION', message: 'VM 104 is not managed by Moxxie', status: 403 };
    await open('/vms');
    await sim.faults({ path: '/api/v1/vms/104/stop', method: 'POST', status: 403, body, times: 1 });
    await item(await openMenu(page, 'web-server-02'), 'Stop').click();
    const dialog = page.getByRole('alertdialog');
    await expect(dialog.getByRole('checkbox')).toHaveCount(0);
    await dialog.getByRole('button', { name: 'Stop VM' }).click();
    await expect(dialog.getByRole('alert').first()).toContainText('not managed by Moxxie');
    await dialog.getByRole('checkbox', { name: /^Force/ }).check();
    await dialog.getByRole('button', { name: 'Stop VM' }).click();
    await expect(dialog).toBeHidden();
    expect(await sim.requests(/\/vms\/104\/stop\?.*force=true/, 'POST')).toHaveLength(1);
  });
});

test('questions show the request that they send, without the key', async ({ page, open }) => {
  await open('/vms');
  await item(await openMenu(page, 'web-server-02'), 'Stop').click();
  const stop = page.getByRole('alertdialog', { name: 'Stop web-server-02?' });
  await expect(stop.getByLabel('API call', { exact: true })).toBeHidden();
  await stop.getByRole('button', { name: 'Show API call' }).click();
  await expect(stop.getByLabel('API call', { exact: true })).toHaveText(/^curl -X POST 'http:\/\/127\.0\.0\.1:\d+\/api\/v1\/vms\/104\/stop'$/);
  await page.keyboard.press('Escape');
  await item(await openMenu(page, 'database-01'), 'Delete').click();
  const remove = page.getByRole('alertdialog', { name: 'Delete database-01?' });
  await remove.getByRole('button', { name: 'Show API call' }).click();
  await expect(remove.getByLabel('API call', { exact: true })).toHaveText(/^curl -X DELETE '.*\/vms\/102'$/);
  await page.keyboard.press('Escape');
  await select(page, 'web-server-01').click();
  await select(page, 'web-server-02').click();
  await page.getByRole('button', { name: 'Reboot', exact: true }).click();
  const many = page.getByRole('alertdialog', { name: 'Reboot 2 VMs?' });
  await many.getByRole('button', { name: 'Show API call' }).click();
  await expect(many.getByLabel('API call', { exact: true })).toContainText(/\/bulk\/power\/reboot'.*"vmIds":\[101,104\]/s);
  await expect(many.getByLabel('API call', { exact: true })).not.toContainText(/key/i);
});

test.describe('safety rules over many', () => {
  test.use({ simArgs: ['--scenario', 'guide', '--safe-mode', 'strict'], allowErrors: FAILED_REQUESTS });

  test('those kept out are forced from the report', async ({ page, open, sim }) => {
    await open('/vms');
    await select(page, 'web-server-01').click();
    await select(page, 'web-server-02').click();
    await page.getByRole('button', { name: 'Reboot', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Reboot 2 VMs' }).click();
    const report = page.getByRole('dialog', { name: /^Reboot 2 VMs: 0 begun, 2 refused/ });
    await expect(report.getByText(/safe mode/).first()).toBeVisible();
    await expect(report.getByText(/Force goes past them/)).toBeVisible();
    await report.getByRole('button', { name: 'Force 2' }).click();
    const done = page.getByRole('dialog', { name: /^Reboot 2 VMs: begun/ });
    await expect(done.getByText('Begun', { exact: true })).toHaveCount(2);
    await expect(done.getByRole('button', { name: /^Force/ })).toHaveCount(0);
    expect(await sim.requests(/\/bulk\/power\/reboot/, 'POST')).toHaveLength(2);
  });
});

test('deleting asks for the name and lists what is lost', async ({ page, open, sim }) => {
  await open('/vms');
  const running = await openMenu(page, 'web-server-01');
  await expect(item(running, 'Delete')).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Escape');
  await item(await openMenu(page, 'database-01'), 'Delete').click();
  const dialog = page.getByRole('alertdialog', { name: 'Delete database-01?' });
  await expect(dialog).toContainText(/disks? on /);
  await expect(dialog).toContainText(/snapshot/i);
  await expect(dialog).toContainText(/backup/i);
  const verb = dialog.getByRole('button', { name: 'Delete VM' });
  await expect(verb).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByLabel(/^Type database-01/).fill('database-0');
  await expect(verb).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByLabel(/^Type database-01/).fill('database-01');
  await verb.click();
  await expect(dialog).toBeHidden();
  await sim.advance(120);
  await expect(row(page, 'database-01')).toBeHidden();
  await expect(counted(page, /^43 VMs$/)).toBeVisible();
});

test('selecting: ranges, pages, all that match; order and pages keep it', async ({ page, open }) => {
  await open('/vms?per=25');
  await select(page, 'web-server-01').click();
  await expect(page.getByText('1 selected')).toBeVisible();
  await select(page, 'app-server-01').click({ modifiers: ['Shift'] });
  await expect(page.getByText('5 selected')).toBeVisible();
  await expect(page.getByText(/3 running, 2 stopped · proxmox-01, proxmox-02/)).toBeVisible();
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button', { name: 'Name' }).click();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('5 selected')).toBeVisible();
  await page.getByRole('button', { name: 'Select all 44 that match' }).click();
  await expect(page.getByText('44 selected, all that match')).toBeVisible();
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await page.getByRole('checkbox', { name: 'Select all rows on this page' }).click();
  await expect(page.getByText('19 selected, all on this page')).toBeVisible();
});

test('selected rows that a filter hides stop everything until one has said which', async ({ page, open }) => {
  await open('/vms');
  await select(page, 'web-server-01').click();
  await select(page, 'database-01').click();
  await choose(page, 'Filter by status', /^Running/);
  await expect(page.getByText('1 VM hidden by the filter: which are meant?')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Shut down( \(|$)/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Only the 1 shown' }).click();
  await expect(page.getByText('1 selected')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Shut down', exact: true })).toBeVisible();
});

test('a VM that is deleted elsewhere leaves the selection', async ({ page, open, sim }) => {
  await open('/vms');
  await select(page, 'web-server-01').click();
  await select(page, 'database-01').click();
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.request.delete(`${sim.url}/api/v1/vms/102`);
  await sim.advance(120);
  await expect(page.getByText('1 selected')).toBeVisible();
});

test('many: what is allowed is counted, what is left out is named', async ({ page, open, sim }) => {
  await open('/vms');
  for (const name of ['web-server-01', 'database-01', 'web-server-03']) await select(page, name).click();
  await expect(page.getByRole('button', { name: 'Shut down (1 of 3)' })).toBeVisible();
  await page.getByRole('button', { name: 'Start (2 of 3)' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Start 2 VMs?' });
  await expect(dialog).toContainText('database-01');
  await expect(dialog).toContainText('Left out: web-server-01');
  await expect(dialog).toContainText('VM is already running');
  await dialog.getByRole('button', { name: 'Start 2 VMs' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Start 2 VMs: begun').first()).toBeVisible();
  await sim.advance(60);
  await expect(row(page, 'database-01')).toContainText('Running');
  await expect(row(page, 'web-server-03')).toContainText('Running');
  await expect(page.getByText('3 selected')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start', exact: true })).toHaveAccessibleDescription('VM is already running');
});

test('many, of which the server refuses one: VM by VM, and tried again', async ({ page, open, sim }) => {
  await open('/vms');
  await search(page).fill('web-server');
  for (const name of ['web-server-03', 'web-server-04', 'web-server-05']) await select(page, name).click();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Start 3 VMs?' });
  await expect(dialog).toBeVisible();
  // Locked while the question stands: the list allowed it, the server does not.
  await sim.vm(112, { lock: 'backup' });
  await dialog.getByRole('button', { name: 'Start 3 VMs' }).click();
  const report = page.getByRole('dialog', { name: 'Start 3 VMs: 2 begun, 1 refused' });
  await expect(report.getByRole('row').filter({ hasText: 'web-server-04' })).toContainText('Refused');
  await expect(report.getByRole('row').filter({ hasText: 'web-server-04' })).toContainText(/lock/i);
  await expect(report.getByRole('row').filter({ hasText: 'web-server-03' })).toContainText('Begun');
  await sim.vm(112, { lock: null });
  await report.getByRole('button', { name: 'Try 1 again' }).click();
  await expect(page.getByRole('dialog', { name: 'Start 3 VMs: begun' })).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  await sim.advance(60);
  await expect(row(page, 'web-server-04')).toContainText('Running');
});

test.describe('many, refused as a whole', () => {
  test.use({ allowErrors: FAILED_REQUESTS });
  test('the question stays with the reason', async ({ page, open, sim }) => {
    await open('/vms');
    await sim.faults(refusal('/api/v1/bulk/power/*', 403, 'The server is read-only', { method: 'POST' }));
    await select(page, 'database-01').click();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: 'Start 1 VM' }).click();
    await expect(dialog.getByRole('alert').first()).toContainText('read-only');
    await sim.clearFaults();
    await dialog.getByRole('button', { name: 'Start 1 VM' }).click();
    await expect(dialog).toBeHidden();
  });
});
