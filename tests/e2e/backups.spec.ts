// The backups of all VMs: the list and what is done to several, the retention, what is covered.
import { expect, expectNoAxeViolations, FAILED_REQUESTS, refusal, test, type Page } from './fixtures.ts';

const table = (page: Page, name: string) => page.getByRole('grid', { name }).or(page.getByRole('table', { name }));
const rows = (page: Page, name: string) => table(page, name).getByRole('row').filter({ has: page.getByRole('rowheader') });
const row = (page: Page, name: string, words: RegExp) => rows(page, name).filter({ hasText: words });
const total = (page: Page, words: RegExp) => page.getByRole('status').filter({ hasText: words });
/** The nightly backup of a VM. */
const night = (vm: number, day = 24) => `backup-nas:backup/vzdump-qemu-${vm}-2024_06_${day}-02_00_00.vma.zst`;
const DAY = 86_400;
const NOON = 1_719_230_400;

test('lists all backups, finds, filters and groups them in the address', async ({ page, open, sim }) => {
  await sim.backup('backup-nas:backup/vzdump-qemu-777-2024_06_01-02_00_00.vma.zst', { vmid: 777, ctime: NOON - 23 * DAY });
  await open('/');
  await page.getByRole('link', { name: 'Backups', exact: true }).click();
  await expect(page).toHaveURL(/\/backups$/);
  await expect(page).toHaveTitle(/^Backups/);
  await expect(total(page, /^64 backups$/)).toBeVisible();
  const first = rows(page, 'Backups').first();
  await expect(first).toContainText(/web-server-01.*12:00.*5\.00.*GiB.*backup-nas.*vma\.zst.*Verified.*No.*Daily backup - env-prod/s);
  await page.getByRole('button', { name: 'VM gone' }).click();
  await expect(rows(page, 'Backups')).toHaveCount(1);
  await expect(rows(page, 'Backups').first()).toContainText(/VM 777.*gone/s);
  await page.getByRole('group', { name: 'Show' }).getByRole('button', { name: 'Protected' }).click();
  await expect(page).toHaveURL(/only=protected/);
  await expect(rows(page, 'Backups')).toHaveCount(1);
  await page.getByRole('group', { name: 'Show' }).getByRole('button', { name: 'All', exact: true }).click();
  await page.keyboard.press('/');
  const search = page.getByRole('searchbox', { name: 'Search backups' });
  await expect(search).toBeFocused();
  await search.fill('tag:db-tier 06_21');
  await expect(page).toHaveURL(/q=tag/);
  await page.getByRole('group', { name: 'Group by' }).getByRole('button', { name: 'VM' }).click();
  await page.reload();
  await expect(search).toHaveValue('tag:db-tier 06_21');
  await expect(page.getByRole('row').filter({ hasText: /database-01.*1 backup,/s })).toBeVisible();
  await search.fill('nobody');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(search).toHaveValue('');
  await page.getByRole('link', { name: /found damaged/ }).click();
  await expect(page).toHaveURL(/only=damaged/);
  await expect(rows(page, 'Backups').first()).toContainText('Damaged');
});

test('with seconds of grace, a deletion and a cleanup are sent as they were confirmed, whatever became of the page', async ({ page, open, sim }) => {
  await open('/settings');
  await page.getByRole('combobox', { name: 'After confirming a stop, a reset or a deletion' }).selectOption('Wait 30 seconds');
  await open('/backups?q=acme-dev-01');
  await expect(rows(page, 'Backups')).toHaveCount(2);
  const waiting = (words: RegExp) => page.getByRole('listitem').filter({ hasText: words }).filter({ hasText: /Sent in \d+ s/ });
  await page.getByRole('button', { name: /^Actions of .*acme-dev-01/ }).last().click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Delete a backup of acme-dev-01?' });
  await dialog.getByRole('button', { name: 'Delete backup' }).click();
  await expect(dialog).toBeHidden();
  await waiting(/^Delete the backup of acme-dev-01/).getByRole('button', { name: 'Do it now' }).click();
  await expect(rows(page, 'Backups')).toHaveCount(1, { timeout: 20_000 });
  expect((await sim.requests(/\/backups\//, 'DELETE')).length).toBe(1);
  await open('/backups/retention?by=count&n=1&q=id%3A124');
  await page.getByRole('button', { name: 'Remove now' }).click();
  await page.getByRole('alertdialog', { name: 'Remove 1 backup?' }).getByRole('button', { name: 'Remove 1 backup' }).click();
  await expect(waiting(/^Remove old backups/)).toBeVisible();
  await page.getByRole('spinbutton', { name: 'Keep the newest of each VM' }).fill('7');
  await page.getByRole('link', { name: 'Dashboard' }).first().click();
  await expect(page.getByRole('button', { name: 'Arrange' })).toBeVisible();
  await waiting(/^Remove old backups/).getByRole('button', { name: 'Do it now' }).click();
  const sent = async () => (await sim.requests(/\/backups\/cleanup$/, 'POST')) as unknown as { body: unknown }[];
  await expect.poll(async () => (await sent()).length).toBe(1);
  expect(JSON.stringify((await sent())[0]?.body)).toContain('count:1');
});

test.describe('where calls fail', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('several are verified, protected and deleted, and what is refused is named', async ({ page, open, sim }) => {
    await sim.faults(refusal(`/api/v1/backups/backup-nas/*qemu-124-2024_06_24*/verify`, 500, 'datastore is read-only'));
    await open('/backups?q=acme-dev&sort=vm');
    await expect(rows(page, 'Backups')).toHaveCount(5);
    for (const name of [/acme-dev-01.*10\s*h ago/s, /acme-dev-02.*10\s*h ago/s]) await row(page, 'Backups', name).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await expect(page.getByText('Verify: 1 of 2 started, 1 refused')).toBeVisible();
    await expect(page.getByText(/acme-dev-02 of .*datastore is read-only/)).toBeVisible();
    await expect(row(page, 'Backups', /acme-dev-01.*10\s*h ago.*Verified/s)).toBeVisible({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await row(page, 'Backups', /acme-dev-01.*1\s*d ago/s).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Protect', exact: true }).click();
    await expect(row(page, 'Backups', /acme-dev-01.*1\s*d ago.*Protected/s)).toBeVisible();
    for (const name of [/acme-dev-01.*1\s*d ago/s, /acme-dev-02.*1\s*d ago/s]) await row(page, 'Backups', name).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = page.getByRole('alertdialog', { name: /^Delete/ });
    await expect(dialog).toContainText('protected');
    await dialog.getByRole('button', { name: /^Delete/ }).click();
    await expect(row(page, 'Backups', /acme-dev-02.*1\s*d ago/s)).toHaveCount(0, { timeout: 20_000 });
    await expect(row(page, 'Backups', /acme-dev-01.*1\s*d ago/s)).toHaveCount(1);
    // A page that is left takes nothing with it: what was refused is told elsewhere.
    await sim.faults({ path: '/api/v1/backups/*qemu-123-*/verify', delayMs: 4_000 }, refusal('/api/v1/backups/*qemu-124-*/verify', 500, 'datastore is read-only'));
    for (const name of [/acme-dev-01.*10\s*h ago/s, /acme-dev-02.*10\s*h ago/s]) await row(page, 'Backups', name).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await expect(page.getByText('Verify: 0 of 2')).toBeVisible();
    await page.getByRole('link', { name: 'Dashboard' }).first().click();
    await expect(page.getByRole('listitem').filter({ hasText: 'Verify 2 backups: 1 of 2 started, 1 refused' })).toContainText('datastore is read-only');
    // Many deletions: how far they have come, and a way to stop.
    await sim.faults({ path: '/api/v1/backups/*', method: 'DELETE', delayMs: 4_000 });
    await open('/backups?q=acme-dev&sort=vm');
    await row(page, 'Backups', /acme-dev-02.*10\s*h ago/s).getByRole('checkbox').check();
    await row(page, 'Backups', /acme-dev-01.*10\s*h ago/s).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const both = page.getByRole('alertdialog', { name: 'Delete 2 backups?' });
    await both.getByLabel(/to confirm$/).fill('2 backups');
    await both.getByRole('button', { name: 'Delete backups' }).click();
    await expect(both.getByText('Delete: 0 of 2')).toBeVisible();
    await both.getByRole('button', { name: 'Stop after this one' }).click();
    await expect(page.getByRole('listitem').filter({ hasText: 'Delete 2 backups: 1 of 2 begun' })).toContainText('it was stopped');
    expect((await sim.requests(/\/backups\/.*10|\/backups\/.*2024_06_24/, 'DELETE')).length).toBe(1);
  });

  test('a storage that cannot be read is named, and the others are shown', async ({ page, open, sim }) => {
    await sim.backup('local:backup/vzdump-qemu-101-2024_06_22-02_00_00.vma.zst', { vmid: 101, ctime: NOON - 2 * DAY });
    await sim.faults(
      refusal('/api/v1/backups?storage=local', 503, 'mount point is gone'),
      refusal('/api/v1/backups', 500, 'could not list all storages', { times: 1 }),
    );
    await open('/backups');
    await expect(page.getByText('The backups on local could not be read: mount point is gone')).toBeVisible();
    await expect(total(page, /^63 backups$/)).toBeVisible();
    // Nobody can say of a VM that it has none while one storage is dark.
    await page.getByRole('link', { name: 'Coverage', exact: true }).click();
    await expect(row(page, 'Coverage', /not known/)).toHaveCount(3);
    await expect(row(page, 'Coverage', /no backup/)).toHaveCount(0);
    await page.getByRole('link', { name: 'All backups', exact: true }).click();
    await sim.clearFaults();
    await page.getByRole('button', { name: 'Read again' }).click();
    await expect(page.getByText(/could not be read/)).toBeHidden();
    await expect(total(page, /^64 backups$/)).toBeVisible();
    await sim.backup('backup-nas:backup/vzdump-qemu-777-2024_06_01-02_00_00.vma.zst', { vmid: 777, ctime: NOON - 23 * DAY });
    // The details have an address, and their VM is no link where it is gone.
    await open('/backups?only=gone');
    await page.getByRole('button', { name: /^Actions of .*qemu-777/ }).click();
    await page.getByRole('menuitem', { name: 'Details' }).click();
    const details = page.getByRole('dialog', { name: /^Backup of VM 777/ });
    await expect(page).toHaveURL(/only=gone.*at=backup-nas|at=backup-nas.*only=gone/);
    await page.reload();
    await expect(details).toContainText('777, which is not there any more');
    await page.keyboard.press('Escape');
    await expect(page).not.toHaveURL(/at=/);
  });

  test('coverage without the list: the summary of the server, and no days or sizes out of nothing', async ({ page, open, sim }) => {
    await sim.faults(refusal('/api/v1/backups', 500, 'the index is broken'), refusal('/api/v1/backups?*', 500, 'the index is broken'));
    await open('/backups/coverage');
    await expect(page.getByText("What stands here is the server's own summary")).toBeVisible();
    await expect(row(page, 'Coverage', /web-server-01/)).toBeVisible();
    const cards = page.getByRole('region', { name: /^(By day|Sizes)/ });
    await expect(cards).toHaveCount(0);
    await sim.clearFaults();
    await page.getByRole('button', { name: 'Read all anew' }).click();
    await expect(cards).toHaveCount(2);
  });

  test('a policy is previewed as it is typed, guarded, saved, and carried out', async ({ page, open, sim }) => {
    await sim.faults(refusal('/api/v1/backups/retention', 500, 'disk full', { method: 'PUT', times: 1 }));
    await open('/backups/retention');
    const daily = page.getByRole('spinbutton', { name: 'Keep daily' });
    await expect(daily).toHaveValue('7');
    for (const name of ['last', 'weekly', 'monthly']) await page.getByRole('spinbutton', { name: `Keep ${name}` }).fill('');
    await daily.fill('x');
    await expect(page.getByText('A whole number from 0 to 9999, or nothing')).toBeVisible();
    await daily.fill('1');
    const figures = page.getByRole('status', { name: 'Before and after' });
    await expect(figures).toContainText(/now\s*63/);
    await expect(row(page, 'Preview', /Goes.*kept by no rule/s).first()).toBeVisible();
    await expect(row(page, 'Preview', /Stays.*daily 1 of 1/s).first()).toBeVisible();
    await expect(page.getByText(/Not compared with the server/)).toBeVisible();
    await page.getByRole('spinbutton', { name: 'Keep yearly' }).fill('2');
    await expect(page.getByRole('button', { name: 'Save policy' })).toHaveAttribute('aria-disabled', 'true');
    await page.getByRole('spinbutton', { name: 'Keep yearly' }).fill('');
    await page.getByRole('link', { name: 'Snapshots' }).click();
    const guard = page.getByRole('alertdialog', { name: 'Leave without saving?' });
    await expect(guard).toContainText('the retention policy');
    await page.keyboard.press('Escape');
    await expect(page).toHaveURL(/\/backups\/retention/);
    // What is looked at does not change what jobs remove, and is taken off again in all places.
    await page.getByLabel('Storage', { exact: true }).selectOption('backup-nas');
    await page.getByRole('searchbox', { name: 'Search VMs' }).fill('id:103');
    await expect(page).toHaveURL(/storage=backup-nas/);
    await page.getByRole('button', { name: 'Save policy' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Save the retention policy?' });
    await expect(dialog).toContainText(/\b[1-9]\d* backups of today go/);
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox', { name: 'Search VMs' }).fill('id:123');
    await page.getByRole('button', { name: 'Differ', exact: true }).click();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect(page.getByLabel('Storage', { exact: true })).toHaveValue('');
    await page.getByRole('button', { name: 'Save policy' }).click();
    await dialog.getByRole('button', { name: 'Save policy' }).click();
    await expect(dialog).toContainText('disk full');
    await dialog.getByRole('button', { name: 'Save policy' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText(/Holds: keep-daily\s1\./)).toBeVisible();
    await page.getByRole('searchbox', { name: 'Search VMs' }).fill('id:123,124');
    await expect(total(page, /^4 backups$/)).toBeVisible();
    await page.getByRole('button', { name: 'Remove the 2 backups that go' }).click();
    const removal = page.getByRole('alertdialog', { name: 'Delete 2 backups?' });
    await removal.getByRole('button', { name: 'Delete backups' }).click();
    await expect(total(page, /^2 backups$/)).toBeVisible({ timeout: 20_000 });
  });

  test('a cleanup shows where the server differs, says what is lost, and is followed to its end', async ({ page, open, sim }) => {
    await sim.backup(night(123), { protected: true });
    await open('/backups/retention?by=count&n=1&q=id%3A123%2C124');
    await expect(page.getByText(/The server would remove 2 backups, .*among them 1 that would stay here/)).toBeVisible();
    await page.getByRole('button', { name: 'Show the differences' }).click();
    await expect(rows(page, 'Preview')).toHaveCount(1);
    await expect(rows(page, 'Preview').first()).toContainText(/Stays.*last 1 of 1.*Goes/s);
    await expectNoAxeViolations(page);
    const number = page.getByRole('spinbutton', { name: 'Keep the newest of each VM' });
    await number.fill('0');
    await expect(page.getByText('At least 1: 0 would remove every backup that is not protected')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Remove now' })).toHaveAttribute('aria-disabled', 'true');
    await number.fill('1');
    await page.getByRole('button', { name: 'Remove now' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Remove 2 backups?' });
    await expect(dialog).toContainText('1 backup of acme-dev-01');
    await expect(dialog).toContainText('1 of them would stay as reckoned here');
    await sim.faults(refusal('/api/v1/backups/cleanup', 500, 'try later', { times: 1 }));
    await dialog.getByRole('button', { name: 'Remove 2 backups' }).click();
    await expect(dialog).toContainText('try later');
    await dialog.getByRole('button', { name: 'Remove 2 backups' }).click();
    await expect(page.getByText(/^2 backups removed, /)).toBeVisible({ timeout: 20_000 });
    expect((await sim.requests(/\/backups\/cleanup$/, 'POST')).length).toBe(2);
    // Nothing is sent for nobody: no VMs would mean all.
    await page.getByRole('searchbox', { name: 'Search VMs' }).fill('id:9999');
    await expect(page.getByText(/no VM that matches has a backup/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Remove now' })).toHaveAttribute('aria-disabled', 'true');
  });

  test('coverage: a goal by tag changes who needs a backup, and several are backed up at once', async ({ page, open, sim }) => {
    await open('/');
    await page.getByRole('region', { name: 'Backups' }).getByRole('link', { name: 'without any' }).click();
    await expect(page).toHaveURL(/\/backups\/coverage\?only=missing/);
    await expect(rows(page, 'Coverage')).toHaveCount(3);
    await expect(rows(page, 'Coverage').first()).toContainText('no backup');
    const show = page.getByRole('group', { name: 'Show' });
    await show.getByRole('button', { name: 'All', exact: true }).click();
    await page.getByRole('searchbox', { name: 'Search VMs' }).fill('id:123,124');
    await expect(row(page, 'Coverage', /acme-dev-01.*fresh/s)).toBeVisible();
    await page.getByLabel('Tag', { exact: true }).selectOption('client-acme');
    await page.getByRole('spinbutton', { name: 'Within' }).fill('4');
    await page.getByRole('button', { name: 'Add goal' }).click();
    await expect(page.getByRole('list', { name: 'Goals by tag' })).toContainText(/client-acme.*4\s*h/s);
    await expect(row(page, 'Coverage', /acme-dev-01.*6\s*h late.*by client-acme/s)).toBeVisible();
    await page.reload();
    await expect(row(page, 'Coverage', /acme-dev-01.*6\s*h late/s)).toBeVisible();
    await expectNoAxeViolations(page);
    await expect(page.getByRole('list', { name: 'Backups by day' }).getByRole('listitem').last()).toContainText(/24 Jun: \d+ backups/);
    await sim.faults(refusal('/api/v1/vms/124/backup', 423, 'VM is locked (migrate)', { method: 'POST' }));
    for (const name of [/acme-dev-01/, /acme-dev-02/]) await row(page, 'Coverage', name).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Back up now' }).click();
    const dialog = page.getByRole('dialog', { name: 'Back up 2 VMs' });
    await dialog.getByLabel('Storage').selectOption('backup-nas');
    await dialog.getByLabel('Compression').selectOption('gzip');
    await dialog.getByText('Show API calls').click();
    await expect(dialog.getByLabel('API calls', { exact: true })).toContainText(/vms\/123\/backup.*gzip.*vms\/124\/backup.*gzip/s);
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Keep typing' }).click();
    await dialog.getByRole('button', { name: 'Back up 2 VMs' }).click();
    await expect(dialog.getByText('Back up: 1 of 2 started, 1 refused')).toBeVisible();
    await expect(dialog).toContainText('acme-dev-02: VM is locked (migrate)');
    await dialog.getByRole('button', { name: 'Close', exact: true }).first().click();
    await expect(row(page, 'Coverage', /acme-dev-01.*fresh/s)).toBeVisible({ timeout: 60_000 });
  });
});
