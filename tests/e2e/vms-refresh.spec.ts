// A refresh disturbs nothing: twenty polls pass, and what a person holds stays as it is.
import { expect, test, FAILED_REQUESTS, type Page, type Sim } from './fixtures.ts';
import { choose, grid, item, names, openMenu, row, search, select, LIST } from './vms.page.ts';

test.use({ simArgs: ['--scenario', 'fleet', '--vms', '120', '--seed', '5'], allowErrors: FAILED_REQUESTS });
/** Polls quickly, without events; figures move between the polls. The page's clock is in the test's hands. */
async function start(page: Page, open: (path?: string) => Promise<void>, sim: Sim): Promise<string> {
  await sim.refuseSocket();
  await page.clock.install();
  await page.addInitScript(() => localStorage.setItem('moxxie.pref.poll', '2'));
  await open('/vms?per=all');
  const first = grid(page).getByRole('rowheader').first();
  await expect(first).toBeVisible();
  return (await first.getByRole('link').textContent()) ?? '';
}

/** Lets twenty polls pass; in each of them every figure has moved. */
async function twentyPolls(page: Page, sim: Sim, polled = LIST): Promise<void> {
  await sim.forgetRequests();
  const seen = async () => (await sim.requests(polled, 'GET')).length;
  for (let polls = 0; polls < 20; polls = await seen()) {
    await sim.advance(10);
    await page.clock.fastForward(2_500);
    await expect.poll(seen, { intervals: [50] }).toBeGreaterThan(polls);
  }
}

test('an open menu stays open, with its focus', async ({ page, open, sim }) => {
  const name = await start(page, open, sim);
  const menu = await openMenu(page, name);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const focused = await page.evaluate(() => document.activeElement?.textContent);
  await twentyPolls(page, sim);
  await expect(menu).toBeVisible();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(focused);
  await expect(item(menu, 'Open')).toBeVisible();
});

test('the focus stays in a row, and the list of a filter stays open', async ({ page, open, sim }) => {
  const name = await start(page, open, sim);
  const link = row(page, name).getByRole('link', { name });
  await link.focus();
  await twentyPolls(page, sim);
  await expect(link).toBeFocused();
});

test('selection and scroll stay', async ({ page, open, sim }) => {
  const name = await start(page, open, sim);
  await select(page, name).click();
  const scroller = grid(page).locator('..');
  await scroller.evaluate((element) => element.scrollTo(0, 1_000));
  await expect.poll(() => scroller.evaluate((element) => element.scrollTop)).toBe(1_000);
  // The first row has been scrolled away: what is mounted follows with the next picture.
  await expect.poll(async () => (await names(page))[0]).not.toBe(name);
  const before = await names(page);
  await twentyPolls(page, sim);
  expect(await scroller.evaluate((element) => element.scrollTop)).toBe(1_000);
  expect(await names(page)).toEqual(before);
  await expect(page.getByText('1 selected')).toBeVisible();
});

test('marked text stays marked', async ({ page, open, sim }) => {
  const name = await start(page, open, sim);
  await row(page, name).getByRole('link', { name }).evaluate((link) => {
    getSelection()?.selectAllChildren(link);
  });
  await twentyPolls(page, sim);
  expect(await page.evaluate(() => getSelection()?.toString().trim())).toBe(name);
});

test('a tooltip stays under the pointer', async ({ page, open, sim }) => {
  await start(page, open, sim);
  const running = grid(page).getByRole('row').filter({ hasText: 'Running' }).first();
  await running.getByRole('meter', { name: 'Memory' }).hover();
  const tip = page.getByRole('tooltip');
  await expect(tip).toBeVisible();
  await twentyPolls(page, sim);
  await expect(tip).toBeVisible();
});

test('what is being typed stays, and so does an open list of choices', async ({ page, open, sim }) => {
  await start(page, open, sim);
  await search(page).fill('web');
  const box = page.getByRole('combobox', { name: 'Filter by tag' });
  await box.fill('env');
  await expect(page.getByRole('option').first()).toBeVisible();
  await twentyPolls(page, sim);
  await expect(box).toHaveValue('env');
  await expect(page.getByRole('option').first()).toBeVisible();
  await expect(search(page)).toHaveValue('web');
});

test('a question stays, with what was typed into it', async ({ page, open, sim }) => {
  await start(page, open, sim);
  await choose(page, 'Filter by status', /^Stopped/);
  const name = (await grid(page).getByRole('rowheader').first().getByRole('link').textContent()) ?? '';
  await item(await openMenu(page, name), 'Delete').click();
  const dialog = page.getByRole('alertdialog', { name: `Delete ${name}?` });
  const field = dialog.getByLabel(/^Type /);
  await field.fill(name.slice(0, 4));
  await twentyPolls(page, sim);
  await expect(dialog).toBeVisible();
  await expect(field).toHaveValue(name.slice(0, 4));
  await expect(field).toBeFocused();
});

test('a group that is folded stays folded', async ({ page, open, sim }) => {
  await start(page, open, sim);
  await page.getByRole('button', { name: 'Group', exact: true }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Node' }).or(page.getByRole('menuitemradio', { name: 'Node' })).click();
  const head = grid(page).getByRole('button', { expanded: true }).filter({ hasText: 'VMs' }).first();
  await head.click();
  const folded = grid(page).getByRole('button', { expanded: false }).filter({ hasText: 'VMs' });
  await expect(folded).toHaveCount(1);
  await folded.focus();
  await twentyPolls(page, sim);
  await expect(folded).toHaveCount(1);
  await expect(folded).toBeFocused();
});

test('what is read off a chart stays the same sample under the pointer', async ({ page, open, sim }) => {
  const name = await start(page, open, sim);
  await row(page, name).getByRole('link', { name }).click();
  const chart = page.getByRole('slider', { name: /^CPU/ }).first();
  await expect(chart).toBeVisible();
  await chart.hover({ position: { x: 120, y: 40 } });
  const said = async () => (await chart.getAttribute('aria-valuetext')) ?? '';
  await expect.poll(said).toMatch(/^\d\d:\d\d/);
  const before = await said();
  await twentyPolls(page, sim, /\/vms\/\d+\/status/);
  expect(await said()).toBe(before);
});
