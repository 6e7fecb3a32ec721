// The snapshots of all VMs: stale ones first, found, deleted, taken of many at once.
import { expect, expectNoAxeViolations, FAILED_REQUESTS, refusal, test, type Page } from './fixtures.ts';
import { select } from './vms.page.ts';

const table = (page: Page) => page.getByRole('grid', { name: 'Snapshots' }).or(page.getByRole('table', { name: 'Snapshots' }));
const rows = (page: Page) => table(page).getByRole('row').filter({ has: page.getByRole('rowheader') });
const row = (page: Page, name: RegExp) => rows(page).filter({ has: page.getByRole('rowheader', { name }) });
const old = { name: 'forgotten', snaptime: 1_700_000_000, parent: null, description: 'Nobody knows' };
const over = { name: 'overdue', snaptime: 1_719_000_000, parent: 'forgotten', description: 'Try out (TTL: 24h)' };

test('is in the navigation, and lists the snapshots of all VMs with stale ones first', async ({ page, open, sim }) => {
  await sim.vm(106, { snapshots: [old, over] });
  await open('/');
  await page.getByRole('link', { name: 'Snapshots' }).click();
  await expect(page).toHaveURL(/\/snapshots$/);
  await expect(page).toHaveTitle(/^Snapshots/);
  // 3 of 101, 19 of others, 2 of 106.
  await expect(page.getByRole('status').filter({ hasText: /^24 snapshots$/ })).toBeVisible();
  await expect(rows(page).nth(0)).toContainText(/overdue.*cache-01.*expired \d\s*d ago/s);
  await expect(rows(page).nth(1)).toContainText(/forgotten.*over 30 days old/s);
  await expect(page.getByRole('main')).toContainText('1 expired');
  // Rows that are out of sight are not drawn.
  await open('/snapshots?sort=-age');
  const upgrade = row(page, /^before-upgrade/);
  await expect(upgrade).toContainText(/web-server-01/);
  await expect(upgrade).toContainText(/expires in 6\s*d/);
  await expect(upgrade).toContainText('You are here');
  await upgrade.getByRole('link', { name: 'web-server-01' }).click();
  await expect(page).toHaveURL(/\/vms\/101\/snapshots/);
});

test('searches words and VMs, filters and sorts in the address', async ({ page, open, sim }) => {
  await sim.vm(106, { snapshots: [old, over] });
  await open('/snapshots');
  await expect(rows(page).first()).toBeVisible();
  const search = page.getByRole('searchbox', { name: 'Search snapshots' });
  await page.keyboard.press('/');
  await expect(search).toBeFocused();
  await search.fill('nobody');
  await expect(rows(page)).toHaveCount(1);
  await search.fill('weekly tag:db-tier');
  await expect(rows(page)).toHaveCount(5);
  await expect(page).toHaveURL(/q=weekly/);
  await page.reload();
  await expect(rows(page)).toHaveCount(5);
  await search.fill('');
  await page.getByRole('button', { name: 'Expired' }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(page).toHaveURL(/only=expired/);
  await page.getByRole('button', { name: 'With RAM' }).click();
  await expect(page.getByText('No snapshots match')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByRole('columnheader', { name: 'Snapshot' }).getByRole('button').first().click();
  await expect(page).toHaveURL(/sort=name/);
});

test.describe('where calls fail', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('says how many VMs could not be read, shows the rest, and reads them again', async ({ page, open, sim }) => {
    await sim.faults(
      refusal('/api/v1/vms/102/snapshots', 500, 'storage is not online'),
      refusal('/api/v1/vms/131/snapshots', 403, 'permission denied'),
    );
    await open('/snapshots');
    await expect(page.getByText('The snapshots of 2 VMs could not be read')).toBeVisible({ timeout: 20_000 });
    await expect(rows(page).first()).toBeVisible();
    await page.getByText('The snapshots of 2 VMs could not be read').click();
    await expect(page.getByText(/database-01: storage is not online/)).toBeVisible();
    await sim.clearFaults();
    await page.getByRole('button', { name: 'Read them again' }).click();
    await expect(page.getByText(/could not be read/)).toBeHidden();
    await expect(page.getByRole('status').filter({ hasText: /^22 snapshots$/ })).toBeVisible();
  });

  test('deletes several newest first, over VMs, and stops at the first that fails', async ({ page, open, sim }) => {
    await sim.vm(106, { snapshots: [old, over] });
    await sim.faults(refusal('/api/v1/vms/106/snapshots/overdue', 409, 'VM is locked (backup)', { method: 'DELETE' }));
    await open('/snapshots');
    await page.getByRole('searchbox', { name: 'Search snapshots' }).fill('before-upgrade');
    await row(page, /^before-upgrade/).getByRole('checkbox').check();
    await page.getByRole('searchbox', { name: 'Search snapshots' }).fill('');
    await expect(row(page, /^overdue/)).toBeVisible();
    for (const name of [/^forgotten/, /^overdue/]) await row(page, name).getByRole('checkbox').check();
    await expect(page.getByText('of 2 VMs')).toBeVisible();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: /^Delete 3 snapshots/ });
    await expect(dialog.getByRole('listitem')).toHaveText([/^before-upgrade-20240621 of web-server-01/, /^overdue of cache-01/, /^forgotten of cache-01/]);
    await dialog.getByRole('button', { name: 'Delete 3 snapshots' }).click();
    await expect(dialog.getByText('1 of 3 deleted, 1 failed, 1 left as it is.')).toBeVisible({ timeout: 20_000 });
    await expect(dialog.getByRole('listitem').nth(1)).toContainText('VM is locked (backup)');
    await expectNoAxeViolations(page);
    await expect(dialog.getByText('It stopped at the first that failed; the 1 left is as it was.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Go on with the other 1' }).click();
    await expect(dialog.getByText('2 of 3 deleted, 1 failed.')).toBeVisible({ timeout: 20_000 });
    await expect(dialog.getByText(/It stopped at the first/)).toHaveCount(0);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect(row(page, /^forgotten/)).toHaveCount(0);
    await expect(row(page, /^overdue/)).toHaveCount(1);
    await expect(page.getByRole('status').filter({ hasText: /^22 snapshots$/ })).toBeVisible();
  });

  test('deleting several waits its seconds; one that is gone already, and one whose answer is lost, are no failures', async ({ page, open, sim }) => {
    await sim.vm(106, { snapshots: [old, over] });
    await open('/settings');
    await page.getByRole('combobox', { name: 'After confirming a stop, a reset or a deletion' }).selectOption('Wait 30 seconds');
    await open('/snapshots');
    for (const name of [/^forgotten/, /^overdue/]) await row(page, name).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: /^Delete 2 snapshots/ });
    await dialog.getByRole('button', { name: 'Delete 2 snapshots' }).click();
    await expect(dialog).toBeHidden();
    const waits = page.getByRole('listitem').filter({ hasText: 'Delete 2 snapshots' }).filter({ hasText: /Sent in \d+ s/ });
    await expect(waits).toBeVisible();
    expect(await sim.requests(/snapshots\/overdue/, 'DELETE')).toEqual([]);
    // Somebody else deletes the one; the answer about the other is lost.
    await sim.vm(106, { snapshots: [old] });
    await sim.faults({ path: '/api/v1/vms/106/snapshots/forgotten', method: 'DELETE', kind: 'cut', after: true });
    await waits.getByRole('button', { name: 'Do it now' }).click();
    await expect(page.getByText('2 of 2 deleted').first()).toBeVisible({ timeout: 20_000 });
    expect(await sim.requests(/snapshots\/forgotten/, 'DELETE')).toHaveLength(1);
  });

  test('rolls the VMs of a pattern back one after the other, without those that are locked, and stops at the first that fails', async ({ page, open, sim }) => {
    for (const [vm, taken] of [[101, 1_719_100_000], [104, 1_719_100_100], [106, 1_719_100_200], [102, 1_719_100_300]] as const) {
      await sim.vm(vm, { snapshots: [{ name: 'pre-maint', snaptime: taken, parent: null, description: '' }] });
    }
    await sim.vm(106, { lock: 'backup' });
    await sim.faults(refusal('/api/v1/vms/101/snapshots/pre-maint/rollback', 409, 'storage is busy', { method: 'POST', times: 1 }));
    await open('/snapshots?q=pre-maint');
    await expect(rows(page)).toHaveCount(4);
    await page.getByRole('checkbox', { name: 'Select all' }).check();
    await page.getByRole('button', { name: 'Roll back', exact: true }).click();
    const question = page.getByRole('alertdialog', { name: 'Roll back 3 VMs?' });
    await expect(question).toContainText(/database-01 to pre-maint.*web-server-01 to pre-maint.*switched off.*web-server-02 to pre-maint/s);
    await expect(question).toContainText(/1 VM is left out.*cache-01: .*lock/s);
    await expectNoAxeViolations(page);
    const go = question.getByRole('button', { name: 'Roll back', exact: true });
    await question.getByRole('textbox').fill('4 VMs');
    await expect(go).toBeDisabled();
    await question.getByRole('textbox').fill('3 VMs');
    await go.click();
    const report = page.getByRole('dialog', { name: 'Roll back 3 VMs' });
    await expect(report.getByText('1 of 3 rolled back, 1 failed, 1 left as it is.')).toBeVisible({ timeout: 20_000 });
    await expect(report.getByRole('listitem')).toHaveText([/^database-01 to pre-maint.*Rolled back/, /^web-server-01.*Failed.*storage is busy/, /^web-server-02.*Waits/]);
    await expectNoAxeViolations(page);
    await report.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByText('3 of 3 rolled back').first()).toBeVisible({ timeout: 20_000 });
    expect(await sim.requests(/\/106\/snapshots\/pre-maint\/rollback/, 'POST')).toHaveLength(0);
  });

  test('snapshots of the VMs that are selected in their list, templates left out', async ({ page, open, sim }) => {
    await open('/vms?q=id:101,106,9000');
    for (const name of ['web-server-01', 'cache-01', 'debian-12-template']) await select(page, name).check();
    await page.getByRole('button', { name: 'Snapshot', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Create snapshots' });
    await expect(dialog.getByText('2 VMs chosen')).toBeVisible();
    // They stand first, whatever their names.
    await expect(dialog.getByRole('checkbox', { checked: true }).first()).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('{vm}-{date}');
    await dialog.getByRole('button', { name: 'Check names' }).click();
    await page.getByRole('button', { name: 'Take 2 snapshots' }).click();
    await page.getByRole('dialog', { name: 'Take 2 snapshots: begun' }).getByRole('button', { name: 'Done' }).click();
    expect((await sim.requests(/\/bulk\/snapshots/, 'POST')).length).toBeGreaterThan(0);
    // What was selected still is: the next step may be theirs, too.
    await expect(page.getByRole('status').filter({ hasText: /^3 selected/ })).toBeVisible();
  });

  test('takes snapshots of many: names previewed, checked by the server, told one by one', async ({ page, open, sim }) => {
    await open('/snapshots');
    await expect(rows(page).first()).toBeVisible();
    await page.getByRole('button', { name: 'Create snapshots' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create snapshots' });
    await expect(dialog.getByRole('searchbox', { name: 'Search VMs' })).toBeFocused();
    await dialog.getByRole('searchbox', { name: 'Search VMs' }).fill('id:101,102,105');
    await dialog.getByRole('button', { name: 'Choose all 3' }).click();
    await expect(dialog.getByText('3 VMs chosen')).toBeVisible();
    const name = dialog.getByRole('textbox', { name: 'Name' });
    await name.fill('pre-{x}');
    await expect(dialog.getByText(/only \{vm\}, \{date\}, \{time\} can be filled in/).first()).toBeVisible();
    await name.fill('pre-maint-{date}');
    await expect(dialog.getByRole('list', { name: 'Preview of the names' })).toContainText('pre-maint-20240624');
    await dialog.getByLabel('Lifetime').selectOption('Another number of hours');
    await dialog.getByRole('spinbutton', { name: 'Hours' }).fill('48');
    await expectNoAxeViolations(page);
    await sim.faults(refusal('/api/v1/bulk/snapshots', 503, 'try later', { times: 1 }));
    await dialog.getByRole('button', { name: 'Check names' }).click();
    await expect(dialog.getByText('try later')).toBeVisible();
    await expect(name).toHaveValue('pre-maint-{date}');
    await dialog.getByRole('button', { name: 'Check names' }).click();
    const review = page.getByRole('dialog', { name: 'Snapshots of 3 VMs' });
    await expect(review.getByRole('listitem').filter({ hasText: 'app-server-01' })).toContainText('VM is locked (backup)');
    await expect(review.getByRole('listitem').filter({ hasText: 'web-server-01' })).toContainText(/has 3.*pre-maint-20240624/);
    await review.getByRole('button', { name: 'Take 2 snapshots' }).click();
    const done = page.getByRole('dialog', { name: 'Take 2 snapshots: begun' });
    await sim.advance(6);
    await expect(done.getByRole('listitem').filter({ hasText: 'Taken' })).toHaveCount(2);
    await expectNoAxeViolations(page);
    await done.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('searchbox', { name: 'Search snapshots' }).fill('pre-maint');
    await expect(row(page, /^pre-maint-20240624/)).toHaveCount(2);
    await expect(row(page, /^pre-maint-20240624/).first()).toContainText(/expires in (1\s*d 23|2\s*d 0)\s*h/);
  });
});

test.describe('a fleet', () => {
  test.use({ simArgs: ['--scenario', 'fleet', '--vms', '400'] });

  test('is read a few VMs at a time, with how far it has come', async ({ page, open, sim }) => {
    await sim.faults({ path: '/api/v1/vms/*/snapshots', method: 'GET', delayMs: 40 });
    await open('/snapshots');
    await expect(page.getByText(/^Reading the snapshots of \d+ VMs: \d+ read/)).toBeVisible();
    await expect(page.getByText(/^Reading the snapshots/)).toBeHidden({ timeout: 40_000 });
    await expect(page.getByRole('status').filter({ hasText: /^\d+ snapshots$/ })).toBeVisible();
    // Leaving and coming back reads nothing that is known.
    await sim.forgetRequests();
    await page.getByRole('link', { name: 'Dashboard' }).click();
    await page.getByRole('link', { name: 'Snapshots' }).click();
    await expect(rows(page).first()).toBeVisible();
    expect(await page.getByText(/^Reading the snapshots/).count()).toBe(0);
    // Only of VMs whose own tasks have ended meanwhile.
    const again = await sim.requests(/\/snapshots$/, 'GET');
    expect(again.length).toBeLessThan(8);
  });
});
