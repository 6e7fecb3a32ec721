// The VM wall and the wall board: every VM a tile by node, and a dashboard that stands alone.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, FAILED_REQUESTS, refusal, test, type Locator, type Page, type Sim } from './fixtures.ts';

const node = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
/** The tile of a VM: its name says all that is known of it. */
const tile = (page: Page, name: string): Locator => page.getByRole('link', { name: new RegExp(`^${name}, VM \\d+:`) });
const tiles = (page: Page): Locator => page.getByRole('link', { name: /VM \d+: / });
const colourBy = (page: Page, word: string): Locator =>
  page.getByRole('group', { name: 'Colour by' }).getByRole('button', { name: word, exact: true });

interface VmRow {
  vmid: number;
  name: string;
  node: string;
  status: string;
}

/** What the API itself says, so that no test repeats the scenario's numbers. */
async function vms(sim: Sim): Promise<VmRow[]> {
  const rows = (await (await fetch(`${sim.url}/api/v1/vms`)).json()) as VmRow[];
  return rows.sort((a, b) => a.vmid - b.vmid);
}

test('each node has its VMs as tiles, by ID, with all that is known of them', async ({ page, open, sim }) => {
  const all = await vms(sim);
  await open('/');
  await page.getByRole('link', { name: 'VM wall' }).click();
  await expect(page).toHaveURL(/\/wall$/);
  await expect(page.getByRole('heading', { level: 1, name: 'VM wall' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Dashboard' })).toBeVisible();
  for (const name of new Set(all.map((vm) => vm.node))) {
    const own = all.filter((vm) => vm.node === name);
    const links = tiles(node(page, name) as unknown as Page);
    await expect(links).toHaveCount(own.length);
    await expect(node(page, name).getByText(`${own.length} VMs`)).toBeVisible();
    const hrefs = await links.evaluateAll((found) => found.map((link) => Number(link.getAttribute('href')?.split('/').pop())));
    expect(hrefs).toEqual(own.map((vm) => vm.vmid));
  }
  await expect(tile(page, 'web-server-01')).toHaveAccessibleName(/: running, CPU [\d.]+.%, memory [\d.]+.\w+ of [\d.]+.GiB/);
  await expect(tile(page, 'database-01')).toHaveAccessibleName(/: stopped, CPU not available/);
  const running = all.filter((vm) => vm.status === 'running').length;
  await expect(page.getByRole('list', { name: 'Legend' }).getByRole('listitem').filter({ hasText: 'Running' })).toContainText(String(running));
});

test('what the colours tell is kept in the address and holds over a reload', async ({ page, open }) => {
  await open('/wall');
  const web = tile(page, 'web-server-01');
  await expect(web).toHaveAttribute('data-note', /Running/);
  await colourBy(page, 'CPU').click();
  await expect(page).toHaveURL(/\/wall\?by=cpu$/);
  await expect(web).toHaveAttribute('data-note', /\d.%/);
  await page.reload();
  await expect(colourBy(page, 'CPU')).toHaveAttribute('aria-pressed', 'true');
  await expect(web).toHaveAttribute('data-note', /\d.%/);
  await expect(page.getByRole('list', { name: 'Legend' })).toContainText('Above 90 %');
  await colourBy(page, 'State').click();
  await expect(page).toHaveURL(/\/wall$/);
  await expect(web).toHaveAttribute('data-note', /Running/);
});

test('a search says how many it finds, dims the others, and Enter goes to the first', async ({ page, open }) => {
  await open('/wall');
  await expect(tile(page, 'web-server-01')).toBeVisible();
  await page.keyboard.press('/');
  const box = page.getByRole('combobox', { name: 'Find VMs' });
  await expect(box).toBeFocused();
  await box.fill('web-server');
  await expect(page.getByText(/^\d+ of \d+ VMs found$/)).toBeAttached();
  await expect(page).toHaveURL(/\/wall\?q=web-server$/);
  await expect(tile(page, 'web-server-01')).not.toHaveAttribute('data-dim');
  await expect(tile(page, 'database-01')).toHaveAttribute('data-dim');
  await box.press('Escape');
  await box.fill('web-server');
  await box.press('Enter');
  await expect(tile(page, 'web-server-01')).toBeFocused();
  await page.reload();
  await expect(box).toHaveValue('web-server');
  await expect(tile(page, 'database-01')).toHaveAttribute('data-dim');
});

test('the keyboard travels over the tiles, opens one, and leaves by Tab', async ({ page, open }) => {
  await open('/wall');
  await expect(tile(page, 'web-server-01')).toBeVisible();
  await colourBy(page, 'Memory').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  const first = tiles(page).first();
  await expect(first).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(tiles(page).nth(1)).toBeFocused();
  const at = async (): Promise<{ x: number; y: number }> => page.evaluate(() => {
    const box = document.activeElement?.getBoundingClientRect();
    return { x: Math.round(box?.x ?? 0), y: Math.round(box?.y ?? 0) + Math.round(scrollY) };
  });
  const before = await at();
  await page.keyboard.press('ArrowDown');
  const below = await at();
  expect(below.x).toBe(before.x);
  expect(below.y).toBeGreaterThan(before.y);
  await page.keyboard.press('ArrowUp');
  expect(await at()).toEqual(before);
  await page.keyboard.press('Home');
  await expect(first).toBeFocused();
  await page.keyboard.press('Control+End');
  await expect(tiles(page).last()).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(tiles(page).last()).not.toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(tiles(page).last(), 'Tab comes back to where one was').toBeFocused();
  const href = await tiles(page).last().getAttribute('href');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`${href}$`));
});

test('a change elsewhere changes its tile and leaves the focus', async ({ page, open, sim }) => {
  await open('/wall');
  const web = tile(page, 'web-server-01');
  await web.focus();
  await sim.vm(101, { status: 'paused' });
  await expect(web).toHaveAccessibleName(/: paused,/);
  await expect(web).toHaveAttribute('data-note', /Paused/);
  await expect(web).toBeFocused();
});

test('a focused VM that moves to another node keeps the focus', async ({ page, open, sim }) => {
  await open('/wall');
  const web = tile(page, 'web-server-01');
  await web.focus();
  await sim.vm(101, { node: 'proxmox-03' });
  await expect(tile(node(page, 'proxmox-03') as unknown as Page, 'web-server-01')).toBeFocused();
  await expect(web).toHaveCount(1);
});

test.describe('when the list fails', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('the wall says so, and comes with a retry', async ({ page, open, sim }) => {
    await sim.faults(refusal('/api/v1/vms', 500, 'the list is being rebuilt'));
    await open('/wall');
    await expect(page.getByText('The VMs could not be loaded').first()).toBeVisible();
    await expect(page.getByText('the list is being rebuilt').first()).toBeVisible();
    await sim.clearFaults();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(tile(page, 'web-server-01')).toBeVisible();
  });

  test('the board says that it has no connection, and since when its figures are', async ({ page, open, sim }) => {
    await open('/?board');
    const status = page.getByRole('main').getByRole('status');
    await expect(status.filter({ hasText: 'Live' })).toBeVisible();
    await sim.refuseSocket();
    await sim.faults({ path: '/api/*', kind: 'reset' });
    await sim.dropSocket();
    await expect(status.filter({ hasText: 'No connection' })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(/^Figures from /)).toBeVisible();
  });
});

test('both themes pass axe', async ({ page, open }) => {
  await open('/wall');
  await expect(tile(page, 'web-server-01')).toBeVisible();
  await expectNoAxeViolations(page);
  await open('/wall?by=memory&q=web');
  await expect(tile(page, 'database-01')).toHaveAttribute('data-dim');
  await expectNoAxeViolations(page);
});

test('a phone scrolls one way only', async ({ page, open }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open('/wall');
  await expect(tile(page, 'web-server-01')).toBeVisible();
  await expectNoSidewaysScroll(page);
});

test.describe('with 2,000 VMs', () => {
  test.use({ simArgs: ['--scenario', 'fleet', '--vms', '2000'] });

  test('every one has its tile', async ({ page, open }) => {
    await open('/wall?by=cpu');
    await expect(tiles(page)).toHaveCount(2000);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoSidewaysScroll(page);
    await expectNoAxeViolations(page, ['dark']);
  });
});

test('the wall board stands alone, and Escape leaves it', async ({ page, open }) => {
  await open('/');
  await page.getByRole('link', { name: 'Wall board' }).click();
  await expect(page).toHaveURL(/\/\?board$/);
  await expect(page.getByRole('navigation')).toHaveCount(0);
  await expect(page.getByRole('banner')).toHaveCount(0);
  await expect(page.getByRole('meter', { name: 'CPU', exact: true })).toBeVisible();
  await expect(page.getByRole('main').getByRole('status').filter({ hasText: 'Live' })).toBeVisible();
  await expect(page.getByText(/^Figures from /)).toBeVisible();
  await expectNoAxeViolations(page);
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Wall board' })).toBeVisible();
});

test('the way out of the board shows when the pointer moves', async ({ page, open }) => {
  await open('/?board');
  await page.mouse.move(200, 200);
  await page.getByRole('button', { name: 'Leave the wall board' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
});
