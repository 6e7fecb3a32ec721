// One edit of many VMs: the differences first, then a few calls at a time, and the way back.
import { expect, expectNoAxeViolations, FAILED_REQUESTS, refusal, test, type Locator, type Page, type Sim } from './fixtures.ts';
import { choose, grid, row, select } from './vms.page.ts';

// Twenty rows are picked one by one.
test.setTimeout(90_000);

const CONFIG = /\/vms\/\d+\/config/;
const button = (place: Page | Locator, name: string | RegExp): Locator => place.getByRole('button', { name, exact: true });
const lineOf = (dialog: Locator, name: string): Locator => dialog.getByRole('row').filter({ has: dialog.page().getByRole('rowheader', { name: new RegExp(`^${name}\\b`) }) });

/** Selects VMs and opens the form for them. */
async function edit(page: Page, ...names: string[]): Promise<Locator> {
  for (const name of names) await select(page, name).click();
  await button(page, 'Edit').click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: `Edit ${names.length} VMs` })).toBeVisible();
  return dialog;
}

/** Opens the list, none of its VMs locked, and the form for the first twenty of them. */
async function editTwenty(page: Page, open: (path: string) => Promise<void>, sim: Sim): Promise<Locator> {
  for (const id of [103, 105]) await sim.vm(id, { lock: null });
  await open('/vms');
  await select(page, 'web-server-01').click();
  await select(page, 'acme-dev-01').click({ modifiers: ['Shift'] });
  await expect(page.getByText('20 selected')).toBeVisible();
  await button(page, 'Edit').click();
  return page.getByRole('dialog');
}

/** Sends one tag for all of them. */
async function tagTwenty(page: Page, open: (path: string) => Promise<void>, sim: Sim): Promise<Locator> {
  const dialog = await editTwenty(page, open, sim);
  await addTag(dialog, 'audited');
  await button(dialog, 'Review changes').click();
  await button(dialog, 'Change 20 VMs').click();
  return dialog;
}

async function addTag(dialog: Locator, tag: string): Promise<void> {
  await dialog.getByRole('combobox', { name: 'Add tags' }).fill(tag);
  await dialog.page().keyboard.press('Enter');
}

test('tags, switches and notes of three VMs: seen before, done, seen in the list, undone', async ({ page, open, sim }) => {
  await open(`/vms?q=${encodeURIComponent('web-server-01 OR web-server-02 OR database-01')}`);
  await sim.vm(104, { config: { onboot: 1, description: 'Front end' } });
  const dialog = await edit(page, 'web-server-01', 'web-server-02', 'database-01');
  await expect(button(dialog, 'Review changes')).toHaveAccessibleDescription('Nothing is to be changed yet');
  await addTag(dialog, 'audited');
  await dialog.getByRole('combobox', { name: 'Take tags off' }).click();
  await page.getByRole('option', { name: /^env-prod/ }).click();
  await dialog.getByLabel('Starts with its node').selectOption('On');
  await dialog.getByLabel('Notes', { exact: true }).selectOption('Add a paragraph');
  await dialog.getByLabel(/^Text of the notes/).fill('Audited in spring');
  await expectNoAxeViolations(page);
  await button(dialog, 'Review changes').click();

  await expect(dialog.getByText('3 VMs change.')).toBeVisible();
  const diff = dialog.getByRole('table', { name: 'Differences' });
  await expect(diff).toContainText('env-prod');
  await expect(diff.getByRole('rowgroup').filter({ hasText: 'web-server-02' })).toContainText('Front end\n\nAudited in spring', { useInnerText: true });
  // It starts with its node already: no line of its own.
  await expect(diff.getByRole('rowgroup').filter({ hasText: 'web-server-02' })).not.toContainText('Starts with node');
  await dialog.getByText('Show API calls').click();
  await expect(dialog.getByLabel('API calls', { exact: true })).toContainText(/curl -X PUT '.*\/vms\/101\/config'.*"digest":/s);
  await expectNoAxeViolations(page);
  expect(await sim.requests(CONFIG, 'PUT')).toHaveLength(0);
  await button(dialog, 'Change 3 VMs').click();

  await expect(dialog.getByText('3 changed.')).toBeVisible();
  await expect(dialog.getByText('Changed', { exact: true })).toHaveCount(3);
  await expectNoAxeViolations(page);
  await button(dialog, 'Done').click();
  await expect(dialog).toBeHidden();
  await expect(row(page, 'web-server-01')).toContainText('audited');
  await expect(row(page, 'database-01')).toContainText('audited');
  expect(await sim.requests(CONFIG, 'PUT')).toHaveLength(3);

  const toast = page.getByRole('listitem').filter({ hasText: 'Edit of 3 VMs: 3 changed' });
  await button(toast, 'Undo').click();
  await expect(page.getByText('Undoing the edit of 3 VMs: 3 changed').first()).toBeVisible();
  await expect(row(page, 'web-server-01')).not.toContainText('audited');
  const config = await (await page.request.get(`${sim.url}/api/v1/vms/104/config`)).json();
  expect(config.description).toBe('Front end');
  expect(config.onboot).toBe(1);
  expect(config.tags).toContain('env-prod');
});

test('what is so already and what is locked is counted and left out', async ({ page, open, sim }) => {
  await open('/vms');
  await sim.vm(101, { config: { protection: 1 } });
  await sim.vm(104, { lock: 'backup' });
  await expect(row(page, 'web-server-02').getByText(/backup/i)).toBeAttached();
  const dialog = await edit(page, 'web-server-01', 'web-server-02', 'database-01');
  await dialog.getByLabel('Protection').selectOption('On');
  await button(dialog, 'Review changes').click();
  await expect(dialog.getByText("1 VM changes, 1 is so already, 1 can't be edited.")).toBeVisible();
  await expect(dialog.getByText('web-server-02: VM is locked (backup)')).toBeVisible();
  await button(dialog, 'Change 1 VM').click();
  await expect(lineOf(dialog, 'database-01')).toContainText('Changed');
  await expect(lineOf(dialog, 'web-server-02')).toContainText('Left out');
  expect(await sim.requests(CONFIG, 'PUT')).toHaveLength(1);
});

test('mistakes stand at their field', async ({ page, open }) => {
  await open('/vms');
  const dialog = await edit(page, 'web-server-01', 'web-server-02');
  await addTag(dialog, '-x');
  await expect(dialog.getByText('Starts with a letter, a digit or _')).toBeVisible();
  await dialog.getByRole('combobox', { name: 'Add tags' }).fill('');
  await addTag(dialog, 'env-prod');
  await dialog.getByRole('combobox', { name: 'Take tags off' }).fill('env-prod');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('env-prod is to be added as well: choose one of the two')).toBeVisible();
  await expect(button(dialog, 'Review changes')).toHaveAccessibleDescription('Correct the marked fields first');
  // A slip does not throw it away.
  await page.keyboard.press('Escape');
  await expect(dialog.getByText('Discard what you have chosen?')).toBeVisible();
  await button(dialog, 'Keep editing').click();
  await expect(dialog.getByText('env-prod is to be added as well: choose one of the two')).toBeVisible();
});

test.describe('when something fails', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('three of twenty are refused, shown with the reason, and tried again', async ({ page, open, sim }) => {
    const put = { method: 'PUT' };
    const ids = [101, 102, 104];
    await sim.faults(...ids.map((id) => refusal(`/api/v1/vms/${id}/config`, 500, 'unable to write the configuration', put)));
    const dialog = await tagTwenty(page, open, sim);
    await expect(dialog.getByText('17 changed, 3 refused.')).toBeVisible();
    await expect(lineOf(dialog, 'web-server-01')).toContainText('unable to write the configuration');
    await expect(dialog.getByText('Refused', { exact: true })).toHaveCount(3);
    await sim.clearFaults();
    await button(dialog, 'Try 3 again').click();
    await expect(dialog.getByText('20 changed.')).toBeVisible();
    await button(dialog, 'Done').click();
    await expect(grid(page).getByText('audited').first()).toBeVisible();
    // Nobody was written to twice.
    expect(await sim.requests(CONFIG, 'PUT')).toHaveLength(23);
  });

  test('what can not be read is said, and read again; nothing chosen is lost', async ({ page, open, sim }) => {
    await open('/vms');
    await sim.faults(refusal('/api/v1/vms/102/config', 500, 'got timeout', { method: 'GET' }));
    const dialog = await edit(page, 'web-server-01', 'database-01');
    await addTag(dialog, 'audited');
    await dialog.getByLabel('Guest agent').selectOption('Off');
    await button(dialog, 'Review changes').click();
    await expect(dialog.getByText('database-01: got timeout')).toBeVisible();
    await expect(button(dialog, 'Change 1 VM')).toBeVisible();
    await button(dialog, 'Back').click();
    await expect(dialog.getByLabel('Guest agent')).toHaveValue('off');
    await expect(dialog.getByText('audited')).toBeVisible();
    await button(dialog, 'Review changes').click();
    await expect(dialog.getByText('database-01: got timeout')).toBeVisible();
    await sim.clearFaults();
    await button(dialog, 'Read them again').click();
    await expect(button(dialog, 'Change 2 VMs')).toBeVisible();
  });

  test('an answer that is lost leaves no doubt: it is looked at before it is sent again', async ({ page, open, sim }) => {
    await open('/vms');
    await sim.faults({ path: '/api/v1/vms/102/config', method: 'PUT', kind: 'cut', after: true });
    const dialog = await edit(page, 'web-server-01', 'database-01');
    await addTag(dialog, 'audited');
    await button(dialog, 'Review changes').click();
    await button(dialog, 'Change 2 VMs').click();
    await expect(lineOf(dialog, 'database-01')).toContainText('Not known');
    await sim.clearFaults();
    await button(dialog, 'Try 1 again').click();
    await expect(dialog.getByText('2 changed.')).toBeVisible();
    expect(await sim.requests(/\/vms\/102\/config/, 'PUT')).toHaveLength(1);
  });

  test('what somebody else changed meanwhile is not overwritten', async ({ page, open, sim }) => {
    await open('/vms');
    const dialog = await edit(page, 'web-server-01', 'database-01');
    await dialog.getByLabel('Notes', { exact: true }).selectOption('Add a paragraph');
    await dialog.getByLabel(/^Text of the notes/).fill('Audited');
    await button(dialog, 'Review changes').click();
    await expect(button(dialog, 'Change 2 VMs')).toBeVisible();
    await sim.vm(102, { config: { description: 'Theirs' } });
    await button(dialog, 'Change 2 VMs').click();
    await expect(dialog.getByText('1 changed, 1 changed meanwhile.')).toBeVisible();
    await expect(lineOf(dialog, 'database-01')).toContainText('Changed meanwhile');
    await button(dialog, 'Look again at 1').click();
    await expect(dialog.getByRole('table', { name: 'Differences' })).toContainText('Theirs\n\nAudited', { useInnerText: true });
    await button(dialog, 'Change 1 VM').click();
    await expect(dialog.getByText('2 changed.')).toBeVisible();
    const config = await (await page.request.get(`${sim.url}/api/v1/vms/102/config`)).json();
    expect(config.description).toBe('Theirs\n\nAudited');
  });

  test('a server that is gone in the middle stops it; it goes on when the server is back', async ({ page, open, sim }) => {
    await sim.faults({ path: '/api/v1/vms/*/config', method: 'PUT', delayMs: 250 });
    const dialog = await tagTwenty(page, open, sim);
    await expect(dialog.getByText('Changed', { exact: true }).first()).toBeVisible();
    await sim.faults({ path: '*', kind: 'cut' });
    await expect(button(dialog, 'Go on')).toBeVisible();
    await expect(dialog.getByText('Waits', { exact: true }).first()).toBeVisible();
    await sim.clearFaults();
    await expect(page.getByText(/server cannot be reached/i)).toHaveCount(0);
    await expect
      .poll(async () => {
        if (await button(dialog, 'Go on').isVisible()) await button(dialog, 'Go on').click();
        return dialog.getByText('20 changed.').isVisible();
      })
      .toBe(true);
    const written = await sim.requests(CONFIG, 'PUT');
    expect(new Set(written.map(({ path }) => path)).size).toBe(20);
  });

  test.describe('safety rules', () => {
    test.use({ simArgs: ['--scenario', 'guide', '--safe-mode', 'strict'] });
    test('those kept out are forced, as a choice of its own', async ({ page, open, sim }) => {
      await open('/vms');
      const dialog = await edit(page, 'web-server-01', 'web-server-02');
      await dialog.getByLabel('Starts with its node').selectOption('Off');
      await addTag(dialog, 'audited');
      await button(dialog, 'Review changes').click();
      await button(dialog, 'Change 2 VMs').click();
      await expect(dialog.getByText(/Force goes past them/)).toBeVisible();
      await button(dialog, 'Force 2').click();
      await expect(dialog.getByText('2 changed.')).toBeVisible();
      expect(await sim.requests(/\/config\?.*force=true/, 'PUT')).toHaveLength(2);
    });
  });
});

test('loaded anew in the middle, it goes on where it was', async ({ page, open, sim }) => {
  await sim.faults({ path: '/api/v1/vms/*/config', method: 'PUT', delayMs: 250 });
  const dialog = await tagTwenty(page, open, sim);
  await expect.poll(async () => (await sim.requests(CONFIG, 'PUT')).length).toBeGreaterThan(6);
  await page.reload();
  const left = page.getByRole('region', { name: 'Edit of many VMs' });
  await expect(left).toContainText(/Edit of 20 VMs stopped at \d+ of 20/);
  await choose(page, 'Filter by status', /^Paused/);
  await expectNoAxeViolations(page);
  await sim.clearFaults();
  await button(left, 'Go on').click();
  await expect(dialog.getByText('20 changed.')).toBeVisible();
  await button(dialog, 'Done').click();
  await expect(left).toBeHidden();
  // Each VM was changed once, whatever the reload cut off: 20 calls, and those whose answer was lost.
  const written = await sim.requests(CONFIG, 'PUT');
  expect(new Set(written.map(({ path }) => path)).size).toBe(20);
  expect(written.length).toBeLessThanOrEqual(23);
});

test('it is stopped, put away, brought back and taken to its end', async ({ page, open, sim }) => {
  await sim.faults({ path: '/api/v1/vms/*/config', method: 'PUT', delayMs: 250 });
  const dialog = await tagTwenty(page, open, sim);
  await expect(dialog.getByText('Changed', { exact: true }).first()).toBeVisible();
  await button(dialog, 'Stop').click();
  await expect(button(dialog, 'Go on')).toBeVisible();
  const sent = (await sim.requests(CONFIG, 'PUT')).length;
  expect(sent).toBeLessThan(20);
  await button(dialog, 'Done').click();
  const left = page.getByRole('region', { name: 'Edit of many VMs' });
  await expect(left).toContainText(`stopped at ${sent} of 20`);
  await expect(button(page, 'Edit')).toHaveAccessibleDescription(/not ended/);
  await button(left, 'Discard').click();
  await expect(left).toBeHidden();
  await button(page.getByRole('listitem').filter({ hasText: 'put away' }), 'Undo').click();
  await sim.clearFaults();
  await button(left, 'Look').click();
  await button(dialog, 'Go on').click();
  await expect(dialog.getByText('20 changed.')).toBeVisible();
  expect(await sim.requests(CONFIG, 'PUT')).toHaveLength(20);
});

test('by keys alone', async ({ page, open, sim }) => {
  await open('/vms');
  await expect(row(page, 'web-server-01')).toBeVisible();
  await grid(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press(' ');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByText('2 selected')).toBeVisible();
  await button(page, 'Edit').focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  const tags = dialog.getByRole('combobox', { name: 'Add tags' });
  await expect(tags).toBeVisible();
  while (!(await tags.evaluate((field) => field === document.activeElement))) await page.keyboard.press('Tab');
  await page.keyboard.type('audited');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('audited', { exact: true })).toBeVisible();
  const review = button(dialog, 'Review changes');
  while (!(await review.evaluate((field) => field === document.activeElement))) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('group', { name: 'Changes of 2 VMs' })).toBeFocused();
  const change = button(dialog, 'Change 2 VMs');
  await expect(change).toBeVisible();
  while (!(await change.evaluate((field) => field === document.activeElement))) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('2 changed.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(button(page, 'Edit')).toBeFocused();
  expect(await sim.requests(CONFIG, 'PUT')).toHaveLength(2);
});

test.describe('the clipboard', () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });
  const pasted = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  const copy = async (page: Page, what: string): Promise<void> => {
    await button(page, 'Copy').click();
    await page.getByRole('menuitem', { name: what }).click();
  };

  test.describe('', () => {
    test.use({ allowErrors: FAILED_REQUESTS });
    test('names, numbers and addresses of the selected, one per line', async ({ page, open, sim }) => {
      await open('/vms');
      for (const name of ['web-server-01', 'database-01', 'web-server-02']) await select(page, name).click();
      await copy(page, 'Names');
      await expect(page.getByText('3 names copied').first()).toBeVisible();
      expect((await pasted(page)).split('\n').sort()).toEqual(['database-01', 'web-server-01', 'web-server-02']);
      await copy(page, 'IDs');
      await expect(page.getByText('3 IDs copied').first()).toBeVisible();
      expect((await pasted(page)).split('\n').sort()).toEqual(['101', '102', '104']);

      // One runs with its agent, one runs without an answer, one is off.
      await sim.faults(refusal('/api/v1/vms/104/agent/interfaces', 500, 'QEMU guest agent is not running'));
      await copy(page, 'IP addresses');
      await expect(page.getByText(/1 address(es)? of 1 VM copied|\d addresses of 1 VM copied/).first()).toBeVisible();
      await expect(page.getByText(/2 had none: .*not running \(database-01\)/).first()).toBeVisible();
      await expect(page.getByText(/QEMU guest agent is not running \(web-server-02\)/).first()).toBeVisible();
      for (const line of (await pasted(page)).split('\n')) expect(line).toMatch(/^[0-9a-f.:]+$/);
      // The one that is off was not asked.
      expect(await sim.requests(/\/102\/agent/)).toHaveLength(0);
    });
  });
});

test('a filter that hides selected rows: nothing is done before one has said which are meant', async ({ page, open }) => {
  await open('/vms');
  await select(page, 'web-server-01').click();
  await select(page, 'database-01').click();
  await choose(page, 'Filter by status', /^Running/);
  await expect(page.getByText('1 VM hidden by the filter: which are meant?')).toBeVisible();
  for (const name of [/^Shut down( \(|$)/, /^Edit$/, /^Copy$/]) await expect(button(page, name)).toHaveCount(0);
  await button(page, 'Act on all 2').click();
  await expect(page.getByText('2 selected, 1 hidden by the filter')).toBeVisible();
  await button(page, 'Edit').click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: 'Edit 2 VMs' })).toBeVisible();
  await button(dialog, 'Cancel').click();
  // Another one hides: that is another question.
  await choose(page, 'Filter by status', /^Stopped/);
  await expect(page.getByText('1 VM hidden by the filter: which are meant?')).toBeVisible();
  await button(page, 'Only the 1 shown').click();
  await expect(page.getByText('1 selected')).toBeVisible();
  await button(page, 'Edit').click();
  await expect(dialog.getByRole('heading', { name: 'Edit 1 VM' })).toBeVisible();
});

test('a name of the selection holds as long as it is true', async ({ page, open }) => {
  await open('/vms?per=25');
  await page.getByRole('checkbox', { name: 'Select all rows on this page' }).click();
  await expect(page.getByText('25 selected, all on this page')).toBeVisible();
  await button(page, 'Next').click();
  await expect(page.getByText('25 selected', { exact: true })).toBeVisible();
  await button(page, 'Select all 44 that match').click();
  await expect(page.getByText('44 selected, all that match')).toBeVisible();
  await choose(page, 'Filter by status', /^Running/);
  await expect(page.getByText('all that match')).toBeHidden();
});
