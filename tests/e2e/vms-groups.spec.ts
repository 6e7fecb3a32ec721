// The list in groups: heads with counts, folding, selecting a group, and columns that a view brings along.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, test, type Page } from './fixtures.ts';
import { grid, row, search, select } from './vms.page.ts';

const head = (page: Page, name: string) => grid(page).getByRole('button', { name: new RegExp(`^${name} `) });
const heads = (page: Page) => grid(page).getByRole('button', { expanded: true }).or(grid(page).getByRole('button', { expanded: false })).filter({ hasText: /VMs?/ });

async function groupBy(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /^(Group|By )/ }).click();
  await page.getByRole('menuitemradio', { name, exact: true }).or(page.getByRole('menuitemcheckbox', { name, exact: true })).click();
}

/** What stands in the list from above, heads and names. */
const lines = (page: Page) =>
  grid(page).getByRole('row').evaluateAll((rows) =>
    rows
      .map((row) => ({ top: row.getBoundingClientRect().top, text: (row.querySelector('.dt-fold strong') ?? row.querySelector('th[scope=row] a'))?.textContent ?? '' }))
      .filter(({ text }) => text)
      .sort((a, b) => a.top - b.top)
      .map(({ text }) => text),
  );

test('by node: one head per node with what runs there, kept in the address', async ({ page, open }) => {
  await open('/vms');
  await groupBy(page, 'Node');
  await expect(page).toHaveURL(/\?group=node$/);
  await expect(head(page, 'proxmox-01')).toContainText(/\d+ VMs, \d+ running/);
  const found = await lines(page);
  expect(found[0]).toBe('proxmox-01');
  const nodes = await page.evaluate(async () => {
    const body = await (await fetch('/api/v1/vms')).json();
    const vms = body.vms ?? body.data ?? body;
    return vms.filter((vm: { node: string }) => vm.node === 'proxmox-01').length;
  });
  await expect(head(page, 'proxmox-01')).toContainText(`${nodes} VMs`);
  await page.reload();
  await expect(head(page, 'proxmox-01')).toBeVisible();
  await groupBy(page, 'No groups');
  await expect(head(page, 'proxmox-01')).toHaveCount(0);
  await expect(page).toHaveURL(/\/vms$/);
});

test('a group folds away and back; arrows pass over heads and what is folded', async ({ page, open }) => {
  await open('/vms?group=node');
  const first = head(page, 'proxmox-01');
  await expect(first).toHaveAttribute('aria-expanded', 'true');
  const before = await lines(page);
  await first.click();
  await expect(first).toHaveAttribute('aria-expanded', 'false');
  await expect.poll(() => lines(page)).toEqual(expect.arrayContaining(['proxmox-01', 'proxmox-02']));
  const folded = await lines(page);
  expect(folded.slice(0, 2)).toEqual(['proxmox-01', 'proxmox-02']);
  await grid(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: folded[2] })).toBeVisible();
  await page.goBack();
  // A fresh visit shows all.
  await expect.poll(() => lines(page)).toEqual(before);
});

test('by keys alone: fold, unfold, select a group', async ({ page, open }) => {
  await open('/vms?group=status');
  const running = head(page, 'Running');
  await running.focus();
  await page.keyboard.press('Enter');
  await expect(running).toHaveAttribute('aria-expanded', 'false');
  const box = grid(page).getByRole('checkbox', { name: 'Select all of Paused' });
  await box.focus();
  await page.keyboard.press('Space');
  await expect(box).toBeChecked();
  await expect(page.getByRole('status').filter({ hasText: 'selected' })).toHaveText('1 selected');
  await running.focus();
  await page.keyboard.press('Space');
  await expect(running).toHaveAttribute('aria-expanded', 'true');
});

test('a group is selected as a whole, and folding hides no selection', async ({ page, open }) => {
  await open('/vms?group=pool&q=web');
  await page.getByRole('button', { name: /^(Group|By )/ }).waitFor();
  const box = grid(page).getByRole('checkbox', { name: /^Select all of / }).first();
  await box.click();
  await expect(box).toBeChecked();
  const fold = heads(page).first();
  const number = Number((await fold.textContent())?.match(/(\d+) VMs?/)?.[1]);
  await expect(page.getByRole('status').filter({ hasText: 'selected' })).toContainText(new RegExp(`^${number} selected`));
  await fold.click();
  await expect(page.getByText(/hidden by the filter/)).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Start/ })).toBeVisible();
  await fold.click();
  await select(page, 'web-server-01').click();
  await expect(box).not.toBeChecked();
});

test('groups follow the cluster: a VM that stops changes its group', async ({ page, open, sim }) => {
  await open('/vms?group=status');
  const running = head(page, 'Running');
  const before = Number((await running.textContent())?.match(/(\d+) VMs?/)?.[1]);
  await sim.vm(101, { status: 'stopped' });
  await expect(running).toContainText(`${before - 1} VMs`, { timeout: 20_000 });
  await running.click();
  await expect(head(page, 'Stopped')).toBeVisible();
});

test('a view brings groups and columns along, and leaves the own arrangement alone', async ({ page, open }) => {
  await open('/vms?group=node');
  const column = (name: string) => grid(page).getByRole('columnheader', { name: new RegExp(`^${name}`) });
  await page.getByRole('button', { name: 'Columns' }).click();
  const panel = page.getByRole('dialog', { name: 'Columns', exact: true });
  await panel.getByRole('checkbox', { name: 'Disk' }).uncheck();
  await panel.getByRole('checkbox', { name: 'Pool' }).check();
  await page.keyboard.press('Escape');
  await expect(column('Disk')).toHaveCount(0);
  await page.getByRole('button', { name: 'Views', exact: true }).click();
  const sheet = page.getByRole('dialog', { name: 'Saved views' });
  await sheet.getByLabel('Save the present list as').fill('Where things run');
  await sheet.getByRole('button', { name: 'Save view' }).click();
  await page.keyboard.press('Escape');
  // Back to the designed columns.
  await page.getByRole('button', { name: 'Columns' }).click();
  await panel.getByRole('button', { name: 'Reset layout' }).click();
  await page.keyboard.press('Escape');
  await expect(column('Disk')).toBeVisible();
  await open('/vms');
  await page.getByRole('button', { name: 'Views', exact: true }).click();
  await sheet.getByRole('link', { name: 'Where things run' }).click();
  await expect(page).toHaveURL(/group=node&cols=status,id,name,node,cpu,mem,net,uptime,tags,pool$/);
  await expect(column('Pool')).toBeVisible();
  await expect(column('Disk')).toHaveCount(0);
  await expect(head(page, 'proxmox-01')).toBeVisible();
  // Changed here, it is the address that changes.
  await page.getByRole('button', { name: 'Columns' }).click();
  await panel.getByRole('checkbox', { name: 'Uptime' }).uncheck();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/cols=status,id,name,node,cpu,mem,net,tags,pool$/);
  await open('/vms');
  await expect(column('Disk')).toBeVisible();
  await expect(column('Uptime')).toBeVisible();
  await expect(column('Pool')).toHaveCount(0);
});

test('a search that finds nothing, and nonsense in the address, show no heads', async ({ page, open }) => {
  await open('/vms?group=colour&cols=nothing,%20');
  await expect(row(page, 'web-server-01')).toBeVisible();
  await expect(heads(page)).toHaveCount(0);
  await open('/vms?group=node');
  await search(page).fill('xyzzy');
  await expect(page.getByText('No VMs match')).toBeVisible();
  await expect(heads(page)).toHaveCount(0);
});

test('passes axe, also on a phone', async ({ page, open }) => {
  await open('/vms?group=client');
  await expect(heads(page).first()).toBeVisible();
  await expectNoAxeViolations(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole('button', { name: /VMs?, \d+ running/ }).first()).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
});
