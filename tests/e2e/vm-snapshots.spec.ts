// The snapshots of a VM: the tree, its keys, the details, and every change with its failures.
import { expect, expectNoAxeViolations, FAILED_REQUESTS, refusal, test, type Page } from './fixtures.ts';
import { item as vmItem, openMenu } from './vms.page.ts';

const tree = (page: Page) => page.getByRole('tree', { name: /^Snapshots of/ });
const item = (page: Page, name: string | RegExp) => tree(page).getByRole('treeitem', { name });
const details = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const bar = (page: Page) => page.getByRole('navigation', { name: /^Parts of/ });
/** Name and depth of each row, as a screen reader has them. */
const rows = (page: Page) =>
  tree(page)
    .getByRole('treeitem')
    .evaluateAll((items) => items.map((row) => `${row.getAttribute('aria-level')} ${row.querySelector('b')?.textContent ?? ''}`));
const chain = (count: number, day = 86_400) =>
  Array.from({ length: count }, (_, at) => ({
    name: `step-${at + 1}`, snaptime: 1_719_000_000 + at * (day / 100), parent: at === 0 ? null : `step-${at}`, description: '',
  }));
const begin = async (page: Page) => {
  await page.getByRole('button', { name: 'Create snapshot' }).click();
  const dialog = page.getByRole('dialog', { name: /^Take a snapshot of/ });
  await expect(dialog.getByLabel('Name')).toBeFocused();
  return dialog;
};

test('shows the tree with where the VM stands, and the details of one', async ({ page, open }) => {
  await open('/vms/101/snapshots');
  await expect(item(page, /^initial-setup/)).toBeVisible();
  expect(await rows(page)).toEqual(['1 initial-setup', '2 weekly-auto-20240616', '3 before-upgrade-20240621', '4 Now']);
  await expect(item(page, /You are here/)).toBeVisible();
  await expect(bar(page).getByRole('link', { name: /^Snapshots 3/ })).toBeVisible();
  // The one that the VM stands on comes first.
  const panel = details(page, 'before-upgrade-20240621');
  await expect(panel).toContainText(/24 Jun 2024, 12:00.*2\s*min ago/);
  await expect(panel).toContainText('Snapshot before application upgrade');
  await expect(panel).not.toContainText('TTL');
  await expect(panel).toContainText('Not included');
  await expect(panel).toContainText(/1 Jul 2024, 12:00.*expires in 6\s*d 23\s*h/);
  await expect(panel).toContainText('weekly-auto-20240616');
  await expect(panel).toContainText('3rd in its chain');
  await expect(item(page, /^before-upgrade/)).toContainText(/expires in 6\s*d/);
  await item(page, /^initial-setup/).click();
  await expect(details(page, 'initial-setup')).toContainText('None: a root');
  await expect(page).toHaveURL(/at=initial-setup/);
  await page.reload();
  await expect(details(page, 'initial-setup')).toBeVisible();
});

test('a snapshot leads to the form of its copy', async ({ page, open }) => {
  await open('/vms/101/snapshots');
  await expect(details(page, 'before-upgrade-20240621').getByRole('link', { name: 'Clone' })).toBeVisible();
  await item(page, /^initial-setup/).click();
  await details(page, 'initial-setup').getByRole('link', { name: 'Clone' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Clone web-server-01 at initial-setup' })).toBeVisible();
});

test('the tree is used by keys alone', async ({ page, open }) => {
  await open('/vms/101/snapshots');
  await expect(item(page, /^initial-setup/)).toBeVisible();
  await page.getByRole('button', { name: 'Create snapshot' }).focus();
  await page.keyboard.press('Tab');
  await expect(tree(page)).toBeFocused();
  const active = (name: RegExp) => expect(item(page, name)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Home');
  await active(/^initial-setup/);
  await page.keyboard.press('End');
  await active(/You are here/);
  await expect(details(page, 'Now')).toContainText('before-upgrade-20240621');
  await page.keyboard.press('ArrowLeft');
  await active(/^before-upgrade/);
  await page.keyboard.press('ArrowUp');
  await active(/^weekly/);
  await page.keyboard.press('ArrowRight');
  await active(/^before-upgrade/);
  await page.keyboard.press('Space');
  await expect(item(page, /^before-upgrade/)).toHaveAttribute('aria-checked', 'true');
  await page.keyboard.press('Shift+ArrowUp');
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('2 selected')).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(details(page, 'weekly-auto-20240616').getByRole('button', { name: 'Roll back' })).toBeFocused();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('alertdialog', { name: 'Roll back web-server-01 to weekly-auto-20240616?' });
  await expect(dialog.getByLabel(/^Type web-server-01/)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await tree(page).focus();
  await page.keyboard.press('Delete');
  const asks = page.getByRole('alertdialog', { name: /^Delete snapshot weekly-auto-20240616 of web-server-01/ });
  await expect(asks.getByRole('button', { name: 'Keep snapshot' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(asks).toBeHidden();
});

test.describe('taking one', () => {
  test('checks the name as it is typed, fills in a pattern, and the snapshot appears', async ({ page, open, sim }) => {
    await open('/vms/101/snapshots');
    const dialog = await begin(page);
    const name = dialog.getByLabel('Name');
    for (const [typed, says] of [
      ['1st', 'Begin with a letter'],
      ['two words', 'A space is not allowed'],
      ['x', 'Two characters at least'],
      ['current', 'keeps for itself'],
      ['initial-setup', 'is taken by another snapshot'],
      ['a-{node}', 'only {vm}, {date}, {time} can be filled in'],
    ] as const) {
      await name.fill(typed);
      await expect(dialog.getByText(says)).toBeVisible();
      await expect(dialog.getByRole('button', { name: 'Take snapshot' })).toHaveAttribute('aria-disabled', 'true');
    }
    await name.fill('pre-{vm}-{date}');
    await expect(dialog.getByText('Will be called pre-web-server-01-20240624')).toBeVisible();
    await dialog.getByLabel('Description').fill('Before the new kernel');
    await dialog.getByLabel('Lifetime').selectOption('3 days');
    await expect(dialog.getByText(/^Flagged as expired after 27 Jun/)).toBeVisible();
    await dialog.getByLabel(/Keep the memory/).check();
    await dialog.getByText('Show API call').click();
    await expect(dialog.getByLabel('API call', { exact: true })).toContainText('"ttlHours":72');
    await expectNoAxeViolations(page);
    await name.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(page.getByText('Locked: snapshot')).toBeVisible();
    await sim.advance(20);
    const row = item(page, /^pre-web-server-01-20240624/);
    await expect(row).toContainText('RAM');
    await expect(row).toContainText(/expires in [23]\s*d/);
    await row.click();
    await expect(details(page, 'pre-web-server-01-20240624')).toContainText('Before the new kernel');
    expect((await rows(page)).slice(-2)).toEqual(['4 pre-web-server-01-20240624', '5 Now']);
  });

  test('keeps memory only of what runs, and takes none of a locked VM', async ({ page, open, sim }) => {
    await open('/vms/102/snapshots');
    const dialog = await begin(page);
    await expect(dialog.getByLabel(/Keep the memory/)).toBeDisabled();
    await expect(dialog.getByText('The VM is not running: it has no memory to keep')).toBeVisible();
    await dialog.getByLabel('Name').fill('good');
    await sim.vm(102, { lock: 'backup' });
    await expect(dialog.getByText('VM is locked (backup)').first()).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Take snapshot' })).toHaveAccessibleDescription('VM is locked (backup)');
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Discard', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Create snapshot' })).toHaveAccessibleDescription('VM is locked (backup)');
  });

  test.describe('that the server refuses', () => {
    test.use({ allowErrors: FAILED_REQUESTS });

    test('stays open with the words of the server and with what was typed', async ({ page, open, sim }) => {
      await open('/vms/101/snapshots');
      const dialog = await begin(page);
      await dialog.getByLabel('Name').fill('before-fix');
      await dialog.getByLabel('Description').fill('Many words');
      await sim.faults(refusal('/api/v1/vms/101/snapshots', 409, 'VM is locked (migrate)', { method: 'POST' }));
      await dialog.getByRole('button', { name: 'Take snapshot' }).click();
      await expect(dialog.getByText('VM is locked (migrate)')).toBeVisible();
      await sim.faults({
        path: '/api/v1/vms/101/snapshots', method: 'POST', status: 400,
        body: { error: 'VALIDATION_ERROR', message: 'Invalid snapshot request', status: 400, details: { name: 'Not on Mondays' } },
      });
      await dialog.getByRole('button', { name: 'Take snapshot' }).click();
      await expect(dialog.getByLabel('Name')).toHaveAccessibleDescription('Not on Mondays');
      await expect(dialog.getByLabel('Description')).toHaveValue('Many words');
      await sim.clearFaults();
      await dialog.getByLabel('Name').fill('before-fix-2');
      await dialog.getByRole('button', { name: 'Take snapshot' }).click();
      await expect(dialog).toBeHidden();
    });
  });

  test('whose task fails for want of room says so, and what was typed is back', async ({ page, open, sim }) => {
    await sim.storage('local-zfs', { used: 10 ** 15 });
    await open('/vms/101/snapshots');
    const dialog = await begin(page);
    await dialog.getByLabel('Name').fill('no-room-{vm}');
    await dialog.getByLabel('Description').fill('Typed with care');
    await dialog.getByRole('button', { name: 'Take snapshot' }).click();
    await expect(dialog).toBeHidden();
    await sim.advance(5);
    await expect(page.getByText(/no space left on 'local-zfs'/).first()).toBeVisible();
    await expect(item(page, /^no-room/)).toHaveCount(0);
    await page.getByRole('button', { name: 'Create snapshot' }).click();
    await expect(dialog.getByText(/What you typed is back/)).toBeVisible();
    await expect(dialog.getByLabel('Name')).toHaveValue('no-room-{vm}');
    await expect(dialog.getByLabel('Description')).toHaveValue('Typed with care');
  });
});

test('from the menu of the VM: the form is open at once, and a reload does not open it again', async ({ page, open }) => {
  await open('/vms?q=web-server-01');
  await vmItem(await openMenu(page, 'web-server-01'), 'Take snapshot').click();
  const dialog = page.getByRole('dialog', { name: 'Take a snapshot of web-server-01' });
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await expect(page).toHaveURL(/\/vms\/101\/snapshots$/);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Create snapshot' })).toBeVisible();
  await expect(dialog).toBeHidden();
});

test('deleting says what happens to those taken on it, and does just that', async ({ page, open, sim }) => {
  await open('/vms/101/snapshots');
  await item(page, /^weekly/).click();
  await details(page, 'weekly-auto-20240616').getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Delete snapshot weekly-auto-20240616 of web-server-01?' });
  await expect(dialog).toContainText('1 snapshot taken on it stays');
  await expect(dialog).toContainText('then on initial-setup');
  await expectNoAxeViolations(page);
  await dialog.getByRole('button', { name: 'Delete snapshot' }).click();
  await expect(dialog).toBeHidden();
  await sim.advance(5);
  await expect(item(page, /^weekly/)).toHaveCount(0);
  expect(await rows(page)).toEqual(['1 initial-setup', '2 before-upgrade-20240621', '3 Now']);
  await expect(bar(page).getByRole('link', { name: /^Snapshots 2/ })).toBeVisible();
});

test.describe('deleting several', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('goes newest first, stops at the first that fails, and can go on', async ({ page, open, sim }) => {
    await open('/vms/131/snapshots');
    await expect(item(page, /^weekly/)).toHaveCount(8);
    const names = (await rows(page)).slice(0, 3).map((row) => row.split(' ')[1] ?? '');
    await sim.faults(refusal(`/api/v1/vms/131/snapshots/${names[1]}`, 409, 'VM is locked (backup)', { method: 'DELETE' }));
    await tree(page).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByRole('button', { name: 'Delete 3 snapshots' }).click();
    const dialog = page.getByRole('dialog', { name: /^Delete 3 snapshots/ });
    const listed = dialog.getByRole('listitem');
    await expect(listed).toHaveText([new RegExp(`^${names[2]}`), new RegExp(`^${names[1]}`), new RegExp(`^${names[0]}`)]);
    await expectNoAxeViolations(page);
    await dialog.getByRole('button', { name: 'Delete 3 snapshots' }).click();
    await expect(dialog.getByText('1 of 3', { exact: true })).toBeVisible({ timeout: 20_000 });
    await expect(dialog.getByText('1 of 3 deleted, 1 failed, 1 left as it is.')).toBeVisible();
    await expect(listed.nth(0)).toContainText('Deleted');
    await expect(listed.nth(1)).toContainText('VM is locked (backup)');
    await expect(listed.nth(2)).toContainText('Waits');
    await expect(item(page, names[0] ?? '')).toHaveCount(1);
    await expect(page.getByText('3 selected')).toHaveCount(0);
    await sim.clearFaults();
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await expect(dialog).toBeHidden({ timeout: 20_000 });
    await expect(page.getByText('3 of 3 deleted').first()).toBeVisible();
    await expect(item(page, /^weekly/)).toHaveCount(5);
  });

  test('goes on when its dialog is closed and the page is left', async ({ page, open }) => {
    await open('/vms/130/snapshots');
    await tree(page).focus();
    await page.keyboard.press('Control+a');
    await page.getByRole('button', { name: 'Delete 3 snapshots' }).click();
    const dialog = page.getByRole('dialog', { name: /^Delete 3 snapshots/ });
    await dialog.getByRole('button', { name: 'Delete 3 snapshots' }).click();
    await dialog.getByRole('button', { name: 'Close, it goes on' }).click();
    await expect(page.getByText(/^Delete 3 snapshots: \d of 3/)).toBeVisible();
    await bar(page).getByRole('link', { name: 'General' }).click();
    await expect(page.getByText('3 of 3 deleted').first()).toBeVisible({ timeout: 25_000 });
    await bar(page).getByRole('link', { name: /^Snapshots/ }).click();
    await expect(page.getByText('No snapshots')).toBeVisible();
  });
});

test.describe('going back', () => {
  // The guest agent stops answering before the VM has stopped.
  test.use({ allowErrors: FAILED_REQUESTS });

  test('names what is lost, counts the newer ones, wants the name typed, and moves the place', async ({ page, open, sim }) => {
    await sim.vm(104, { config: { scsi0: 'backup-nas:vm-104-disk-0,size=50G' } });
    await open('/vms/104/snapshots');
    await expect(item(page, /^weekly/)).toHaveCount(2);
    const [first, second] = (await rows(page)).map((row) => row.split(' ')[1] ?? '');
    await item(page, first ?? '').click();
    await details(page, first ?? '').getByRole('button', { name: 'Roll back' }).click();
    const dialog = page.getByRole('alertdialog', { name: `Roll back web-server-02 to ${first}?` });
    await expect(dialog).toContainText('Changes since');
    await expect(dialog).toContainText(`${second} of`);
    await expect(dialog).toContainText('1 newer snapshot stays');
    await expect(dialog).toContainText('The VM is switched off');
    await expect(dialog).not.toContainText('ZFS');
    const verb = dialog.getByRole('button', { name: 'Roll back' });
    await expect(verb).toHaveAttribute('aria-disabled', 'true');
    await dialog.getByLabel(/^Type/).fill('web-server-02');
    await expectNoAxeViolations(page);
    await verb.click();
    await expect(dialog).toBeHidden();
    await sim.advance(10);
    await expect.poll(() => rows(page)).toEqual([`1 ${first}`, '2 Now', `2 ${second}`]);
    await expect(page.getByRole('main').getByText('Stopped', { exact: true })).toBeVisible();
  });

  test('warns where ZFS allows the newest alone, and says why the task failed', async ({ page, open, sim }) => {
    await open('/vms/101/snapshots');
    await item(page, /^initial-setup/).click();
    await details(page, 'initial-setup').getByRole('button', { name: 'Roll back' }).click();
    const dialog = page.getByRole('alertdialog');
    await expect(dialog).toContainText('2 newer snapshots stay');
    await expect(dialog.getByText(/local-zfs, which is ZFS.*Delete the 2 newer ones first/)).toBeVisible();
    await dialog.getByLabel(/^Type/).fill('web-server-01');
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await expect(dialog).toBeHidden();
    await sim.advance(5);
    await expect(page.getByText(/is not most recent snapshot/).first()).toBeVisible();
    await expect(page.getByRole('main').getByText('Running', { exact: true })).toBeVisible();
  });
});

test('odd data is drawn whole: missing parents, several roots, rings, names twice', async ({ page, open, sim }) => {
  await sim.vm(104, {
    onSnapshot: 'gone-too',
    snapshots: [
      { name: 'lost', snaptime: 1_718_000_000, parent: 'gone' },
      { name: 'ring-a', snaptime: 1_718_000_100, parent: 'ring-b' },
      { name: 'ring-b', snaptime: 1_718_000_200, parent: 'ring-a' },
      { name: 'twin', snaptime: 1_718_000_300, parent: null },
      { name: 'twin', snaptime: 1_718_000_400, parent: 'twin' },
      { name: 'self', snaptime: 1_718_000_500, parent: 'self' },
    ],
  });
  await open('/vms/104/snapshots');
  await expect(tree(page).getByRole('treeitem')).toHaveCount(7);
  expect(await rows(page)).toEqual(['1 self', '2 Now', '1 lost', '1 ring-a', '2 ring-b', '1 twin', '2 twin']);
  await expect(tree(page).getByText('Odd parent')).toHaveCount(3);
  await item(page, /^lost/).click();
  await expect(details(page, 'lost')).toContainText('taken on gone, which is not there');
  await item(page, /^Now/).click();
  await expect(details(page, 'Now')).toContainText('The server does not say where the VM stands');
  await expectNoAxeViolations(page);
});

test('parents the wrong way round are turned', async ({ page, open, sim }) => {
  await sim.vm(104, {
    snapshots: [
      { name: 'weekly', snaptime: 1_718_496_000, parent: 'before-update' },
      { name: 'before-update', snaptime: 1_718_841_600, parent: 'current' },
    ],
  });
  await open('/vms/104/snapshots');
  await expect(item(page, /^before-update/)).toBeVisible();
  expect(await rows(page)).toEqual(['1 weekly', '2 before-update', '3 Now']);
  await expect(page.getByText(/names parents the wrong way round/)).toBeVisible();
});

test('500 snapshots stand in the tree, and keys go through them', async ({ page, open, sim }) => {
  await sim.vm(104, { snapshots: chain(500) });
  await open('/vms/104/snapshots');
  await expect(tree(page).getByRole('treeitem')).toHaveCount(501, { timeout: 30_000 });
  await tree(page).focus();
  await page.keyboard.press('Home');
  for (let step = 0; step < 20; step += 1) await page.keyboard.press('ArrowDown');
  await expect(details(page, 'step-21')).toContainText('21st in its chain');
  await page.keyboard.press('End');
  await expect(item(page, /You are here/)).toHaveAttribute('aria-selected', 'true');
  await expect(item(page, /You are here/)).toBeInViewport();
  await page.keyboard.press('ArrowUp');
  await expect(details(page, 'step-500')).toContainText('500th in its chain');
});

test("somebody else's snapshot appears without taking focus, ticks or place", async ({ page, open, sim }) => {
  await open('/vms/101/snapshots');
  await tree(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await sim.vm(101, {
    lock: 'snapshot',
    snapshots: [
      { name: 'initial-setup', snaptime: 1_718_236_800, parent: null },
      { name: 'theirs', snaptime: 1_719_220_000, parent: 'initial-setup', description: 'Old (TTL: 1h)' },
    ],
  });
  await expect(item(page, /^theirs/)).toBeVisible();
  await expect(tree(page)).toBeFocused();
  await expect(item(page, /^initial-setup/)).toHaveAttribute('aria-checked', 'true');
  await expect(item(page, /^initial-setup/)).toHaveAttribute('aria-selected', 'true');
  await expect(item(page, /^theirs/)).toContainText(/expired 1\s*h ago/);
  await expect(page.getByText('1 selected')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('2 snapshots, 1 expired')).toBeVisible();
});

test.describe('a server without the calls', () => {
  test.use({ simArgs: ['--scenario', 'guide', '--contract', 'server'] });

  test('is told apart: the place is inferred, what it offers can be used', async ({ page, open, sim }) => {
    await open('/vms/101/snapshots');
    await expect(item(page, /inferred/)).toBeVisible();
    const dialog = await begin(page);
    await dialog.getByLabel('Name').fill('of-the-shipped');
    await dialog.getByRole('button', { name: 'Take snapshot' }).click();
    await expect(dialog).toBeHidden();
    await sim.advance(5);
    await expect(item(page, /^of-the-shipped/)).toBeVisible({ timeout: 20_000 });
  });
});
