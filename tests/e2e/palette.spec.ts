// The command palette and the shortcuts: everything from anywhere, without a mouse.
import { expect, expectNoAxeViolations, test, type Locator, type Page } from './fixtures.ts';
import { filters, grid, row, search } from './vms.page.ts';

const palette = (page: Page): Locator => page.getByRole('dialog', { name: 'Search or jump to' });
const field = (page: Page): Locator => palette(page).getByRole('combobox', { name: 'Search or jump to' });
const option = (page: Page, name: string | RegExp): Locator => palette(page).getByRole('option', { name });
const group = (page: Page, name: string): Locator => palette(page).getByRole('group', { name, exact: true });
const button = (page: Page): Locator => page.getByRole('button', { name: 'Search or jump to…' });
const heading = (page: Page, name: string): Locator => page.getByRole('heading', { level: 1, name });

/** Opens the palette by its key, over a page that stands. */
async function summon(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
}

test('opened by key and by button; closes, and the focus is where it was', async ({ page, open }) => {
  await open('/vms');
  await search(page).focus();
  // Also from within a field: it is no text.
  await summon(page);
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
  await expect(search(page)).toBeFocused();
  await summon(page);
  await page.keyboard.press('Control+k');
  await expect(palette(page)).toBeHidden();
  await expect(search(page)).toBeFocused();

  await button(page).click();
  await expect(field(page)).toBeFocused();
  await expect(group(page, 'Pages').getByRole('option')).toHaveText([/Dashboard/, /Virtual machines/, /Migrate/, /Snapshots/, /Backups/, /Settings/]);
  await field(page).pressSequentially('web');
  // A press beside it closes it, although something was typed.
  await page.mouse.click(20, 500);
  await expect(palette(page)).toBeHidden();
  await expect(button(page)).toBeFocused();
});

test('a VM is found by letters of its name, with its state and node, and opened', async ({ page, open }) => {
  await open('/settings');
  await summon(page);
  await page.keyboard.type('WBS02');
  await expect(option(page, /^web-server-02 104/)).toContainText('Running on proxmox-02');
  await expect(option(page, /^web-server-02 104/)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'web-server-02')).toBeFocused();
  await expect(palette(page)).toBeHidden();
  await expect(page).toHaveURL(/\/vms\/104$/);
});

test('an ID typed in full comes first', async ({ page, open, sim }) => {
  // A name that would fit the number as well.
  await sim.vm(104, { name: '102-replica' });
  await open('/');
  await summon(page);
  await page.keyboard.type('102');
  const found = group(page, 'Virtual machines').getByRole('option');
  await expect(found.first()).toHaveText(/database-01\s*102/);
  await expect(found.filter({ hasText: '102-replica' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(heading(page, 'database-01')).toBeVisible();
});

test('a stopped VM is started by keyboard alone', async ({ page, open, sim }) => {
  await open('/');
  await summon(page);
  await page.keyboard.type('database-01');
  await expect(option(page, /^database-01 102/)).toContainText('Stopped');
  await page.keyboard.press('Tab');
  await expect(field(page)).toHaveValue('database-01 > ');
  await expect(group(page, 'Actions of database-01')).toBeVisible();
  await page.keyboard.type('sta');
  await expect(option(page, 'Start')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(palette(page)).toBeHidden();
  await expect(page.getByText('Start database-01: started').first()).toBeVisible();
  expect(await sim.requests(/\/vms\/102\/start/, 'POST')).toHaveLength(1);

  // Its task is in the tray, and found by its title.
  await page.keyboard.press('t');
  await expect(page.getByRole('dialog', { name: 'Tasks' })).toContainText('database-01');
  await page.keyboard.press('Escape');
  await summon(page);
  await page.keyboard.type('start database');
  await group(page, 'Tasks').getByRole('option', { name: /Start VM database-01/ }).first().click();
  await expect(page).toHaveURL(/\/tasks\/UPID/);
});

test('what interrupts asks first; typing NAME > lists the same actions', async ({ page, open, sim }) => {
  await open('/');
  await summon(page);
  await page.keyboard.type('web-server-02');
  await expect(option(page, /^web-server-02 104/)).toBeVisible();
  await page.keyboard.type(' > ');
  // The first that is possible: it runs already.
  await expect(palette(page).getByRole('option', { selected: true })).toHaveText(/Shut down/);
  await page.keyboard.type('stop');
  await expect(option(page, 'Stop')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  const question = page.getByRole('alertdialog', { name: 'Stop web-server-02?' });
  await expect(question).toBeVisible();
  await expect(palette(page)).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  expect(await sim.requests(/\/stop/, 'POST')).toHaveLength(0);
});

test('an action that is not possible says why and does nothing', async ({ page, open, sim }) => {
  await open('/');
  await summon(page);
  await page.keyboard.type('database-01');
  await expect(option(page, /^database-01 102/)).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type('shut');
  const shutdown = option(page, /^Shut down/);
  await expect(shutdown).toHaveAttribute('aria-disabled', 'true');
  await expect(shutdown).toContainText(/running/i);
  await page.keyboard.press('Enter');
  await shutdown.click({ force: true });
  await expect(palette(page)).toBeVisible();
  expect(await sim.requests(/\/shutdown/, 'POST')).toHaveLength(0);
  // Once it is possible it is offered, without typing again.
  await sim.vm(102, { status: 'running' });
  await expect(shutdown).not.toHaveAttribute('aria-disabled', 'true');
});

test('tags and nodes lead to the filtered list', async ({ page, open }) => {
  await open('/');
  await summon(page);
  await page.keyboard.type('env-prod');
  await group(page, 'Tags').getByRole('option', { name: /^env-prod/ }).click();
  await expect(page).toHaveURL(/\/vms\?tags=env-prod$/);
  await expect(filters(page)).toContainText('env-prod');
  await expect(row(page, 'web-server-01')).toBeVisible();
  await summon(page);
  await page.keyboard.type('proxmox-02');
  await group(page, 'Nodes').getByRole('option', { name: /^proxmox-02/ }).click();
  await expect(filters(page)).toContainText('proxmox-02');
  await expect(row(page, 'web-server-02')).toBeVisible();
  await expect(row(page, 'web-server-01')).toBeHidden();
});

test('commands run; what is not there is said', async ({ page, open, sim }) => {
  await open('/vms');
  await expect(row(page, 'web-server-01')).toBeVisible();
  await summon(page);
  await page.keyboard.type('theme dark');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await summon(page);
  await page.keyboard.type('xyzzy');
  await expect(palette(page).getByText('Nothing found for “xyzzy”')).toBeVisible();
  await expect(palette(page).getByRole('option')).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(palette(page)).toBeVisible();
  await field(page).fill('');
  await page.keyboard.type('refresh');
  await sim.forgetRequests();
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await sim.requests(/\/api\/v1\/vms(\?|$)/, 'GET')).length).toBeGreaterThan(0);
});

test('arrows walk through the groups and around the ends', async ({ page, open }) => {
  await open('/');
  await summon(page);
  const chosen = palette(page).getByRole('option', { selected: true });
  await expect(chosen).toHaveText(/Dashboard/);
  await page.keyboard.press('ArrowUp');
  await expect(chosen).toHaveText(/Fold or unfold the navigation/);
  await expect(chosen).toBeInViewport();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(chosen).toHaveText(/Virtual machines/);
  await expect(field(page)).toHaveAttribute('aria-activedescendant', (await chosen.getAttribute('id')) ?? '-');
  await page.keyboard.press('Enter');
  await expect(grid(page)).toBeVisible();
});

test('g and a letter, /, r and ? work anywhere but in fields and dialogs', async ({ page, open, sim }) => {
  await open('/');
  await expect(heading(page, 'production-cluster')).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('v');
  await expect(heading(page, 'Virtual machines')).toBeVisible();
  await expect(row(page, 'web-server-01')).toBeVisible();

  await page.keyboard.press('/');
  await expect(search(page)).toBeFocused();
  await page.keyboard.type('gs?');
  await expect(search(page)).toHaveValue('gs?');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/vms$/);

  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet.getByRole('term').filter({ hasText: 'Virtual machines' })).toBeVisible();
  await expect(sheet.getByRole('definition').filter({ hasText: /^g\s*v\s*$/ })).toBeVisible();
  // Nothing happens behind a dialog.
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(page).toHaveURL(/\/vms$/);

  await sim.forgetRequests();
  await page.keyboard.press('r');
  await expect.poll(async () => (await sim.requests(/\/api\/v1\/vms(\?|$)/, 'GET')).length).toBeGreaterThan(0);

  // With a modifier a letter is the browser's.
  await page.keyboard.press('g');
  await page.keyboard.press('Alt+s');
  await expect(page).toHaveURL(/\/vms$/);
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(heading(page, 'Settings')).toBeVisible();
  // A page without a search box: the palette.
  await page.keyboard.press('/');
  await expect(field(page)).toBeFocused();
  await expect(field(page)).toHaveValue('');
});

test('the palette and the sheet pass axe', async ({ page, open }) => {
  await open('/');
  await summon(page);
  await page.keyboard.type('web');
  await expect(option(page, /^web-server-01/)).toBeVisible();
  await expectNoAxeViolations(page);
  await page.keyboard.press('Tab');
  await expect(group(page, 'Actions of web-server-01')).toBeVisible();
  await expectNoAxeViolations(page);
  await field(page).fill('xyzzy');
  await expect(palette(page).getByText('Nothing found')).toBeVisible();
  await expectNoAxeViolations(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expectNoAxeViolations(page);
});

test.describe('10,000 VMs', () => {
  test.use({ simArgs: ['--scenario', 'fleet', '--vms', '10000'] });

  test('are searched as one types', async ({ page, open }) => {
    await open('/vms');
    await expect(page.getByRole('status').filter({ hasText: /10,000 VMs/ })).toBeVisible({ timeout: 30_000 });
    await summon(page);
    for (const letter of 'web 9') await page.keyboard.press(letter === ' ' ? 'Space' : letter);
    await expect(group(page, 'Virtual machines').getByRole('option')).toHaveCount(8);
    // Every letter has its answer, also of ten thousand.
    await field(page).fill('sandbox 1');
    await expect(group(page, 'Virtual machines').getByRole('option').first()).toContainText('sandbox');
  });
});
