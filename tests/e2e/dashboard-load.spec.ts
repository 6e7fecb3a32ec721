// The load of the cluster: the last hour and further back, looked at closer, and without a history.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, FAILED_REQUESTS, refusal, test, type Page } from './fixtures.ts';

const card = (page: Page) => page.getByRole('region', { name: 'Cluster load' });
const ranges = (page: Page) => card(page).getByRole('group', { name: 'What the chart reaches over' });
const chart = (page: Page) => card(page).getByRole('slider', { name: 'Cluster load, values by time' });
const zoom = (page: Page) => card(page).getByRole('status').filter({ hasText: /^(Zoomed: |Drag across)/ });
const METRICS = /\/nodes\/[^/]+\/metrics/;

test('reaches further back, which the address keeps', async ({ page, open, sim }) => {
  await open();
  await expect(ranges(page).getByRole('button', { name: 'Hour' })).toHaveAttribute('aria-pressed', 'true');
  await expect(chart(page)).toBeVisible();
  await sim.forgetRequests();
  await ranges(page).getByRole('button', { name: 'Week' }).click();
  await expect(page).toHaveURL(/\?load=week$/);
  await expect(ranges(page).getByRole('button', { name: 'Week' })).toBeFocused();
  await expect.poll(async () => (await sim.requests(METRICS)).length).toBe(3);
  // Far from now: the first sample is told with its day.
  await chart(page).focus();
  await page.keyboard.press('Home');
  await expect(chart(page)).toHaveAttribute('aria-valuetext', /\d+ \w{3}.*CPU.*Memory/);
  await expectNoAxeViolations(page);
  await page.reload();
  await expect(ranges(page).getByRole('button', { name: 'Week' })).toHaveAttribute('aria-pressed', 'true');
  await ranges(page).getByRole('button', { name: 'Hour' }).click();
  await expect(page).not.toHaveURL(/load=/);
});

test('is looked at closer by dragging, and another range ends that', async ({ page, open }) => {
  await open('/?load=day');
  await expect(chart(page)).toBeVisible();
  await chart(page).scrollIntoViewIfNeeded();
  const samples = Number(await chart(page).getAttribute('aria-valuemax'));
  const box = (await chart(page).boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.3, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 60, { steps: 6 });
  await page.mouse.up();
  await expect(zoom(page)).toHaveText(/^Zoomed: /);
  expect(Number(await chart(page).getAttribute('aria-valuemax'))).toBeLessThan(samples);
  await ranges(page).getByRole('button', { name: 'Month' }).click();
  await expect(zoom(page)).toHaveText('Drag across a chart to zoom in');
});

test('the board on a wall stays a board', async ({ page, open }) => {
  await open('/?board');
  await ranges(page).getByRole('button', { name: 'Day' }).click();
  await expect(page).toHaveURL(/board=1&load=day/);
  await expect(page.getByRole('navigation', { name: 'Main' })).toHaveCount(0);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('fits', async ({ page, open }) => {
    await open('/?load=day');
    await expect(chart(page)).toBeVisible();
    await expectNoSidewaysScroll(page);
  });
});

test.describe('failures', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('a history that does not come says why, the rest stays, and it can be asked again', async ({ page, open, sim }) => {
    await sim.faults(refusal('/api/v1/nodes/proxmox-02/metrics*', 500, 'no such RRD file'));
    await open('/?load=day');
    await expect(card(page).getByText(/history of the cluster could not be loaded: no such RRD file/)).toBeVisible();
    await expect(card(page).getByRole('table', { name: 'Load averages of the nodes' })).toBeVisible();
    await expectNoAxeViolations(page);
    await sim.clearFaults();
    await card(page).getByRole('button', { name: 'Try again' }).click();
    await expect(card(page).getByText(/could not be loaded/)).toHaveCount(0);
    await expect(chart(page)).toBeVisible();
  });
});
