// Looking closer at a part of the charts: all of them together, by mouse and by keys, and back.
import { expect, expectNoAxeViolations, FAILED_REQUESTS, test, type Page } from './fixtures.ts';

const NAMES = ['CPU', 'Memory', 'Disk', 'Network'];
const chart = (page: Page, name: string) => page.getByRole('slider', { name: `${name}, values by time` });
const words = (page: Page) => page.getByRole('status').filter({ hasText: /^(Zoomed: |Drag across)/ });
const out = (page: Page) => page.getByRole('button', { name: 'Zoom out' });
const CHOSEN = / chosen, Enter zooms in/;
const ZOOMED = /^Zoomed: \d\d:\d\d(:\d\d)?–\d\d:\d\d(:\d\d)?$/;

/** How many samples each chart shows. */
const counts = (page: Page) =>
  Promise.all(NAMES.map(async (name) => Number(await chart(page, name).getAttribute('aria-valuemax')) + 1));

/** Drags over a chart, from one share of its width to another; `meanwhile` before it is let go. */
async function drag(page: Page, name: string, from: number, to: number, meanwhile?: () => Promise<void>): Promise<void> {
  await chart(page, name).scrollIntoViewIfNeeded();
  const box = await chart(page, name).boundingBox();
  if (box === null) throw new Error(`no chart ${name}`);
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, y, { steps: 6 });
  await meanwhile?.();
  await page.mouse.up();
}

test('dragging over one chart zooms all, and there is a way back step by step', async ({ page, open }) => {
  await open('/vms/101');
  await expect(words(page)).toHaveText('Drag across a chart to zoom in');
  await expect(out(page)).toHaveCount(0);
  const before = await counts(page);
  expect(new Set(before).size).toBe(1);

  const cpu = chart(page, 'CPU');
  await drag(page, 'CPU', 0.25, 0.75, async () => expect(cpu).toHaveAttribute('aria-valuetext', CHOSEN));
  await expect(cpu).not.toHaveAttribute('aria-valuetext', CHOSEN);
  await expect(words(page)).toHaveText(ZOOMED);
  const first = await words(page).innerText();
  const closer = await counts(page);
  expect(new Set(closer).size).toBe(1);
  expect(closer[0]).toBeLessThan(before[0]! * 0.6);
  expect(closer[0]).toBeGreaterThan(before[0]! * 0.4);
  await expectNoAxeViolations(page);

  // One crosshair for all.
  await chart(page, 'Memory').hover();
  const times = await Promise.all(NAMES.map(async (name) => /\d\d:\d\d(:\d\d)?/.exec((await chart(page, name).getAttribute('aria-valuetext')) ?? '')?.[0]));
  expect(times[0]).toBeDefined();
  expect(new Set(times).size).toBe(1);

  // Backwards and out of the chart: to its end.
  await drag(page, 'Network', 0.5, -0.4);
  await expect(words(page)).not.toHaveText(first);
  await expect(words(page)).toHaveText(ZOOMED);
  await out(page).click();
  await expect(words(page)).toHaveText(first);

  // Less than eight pixels are a click.
  const width = (await chart(page, 'Disk').boundingBox())!.width;
  await drag(page, 'Disk', 0.5, 0.5 + 6 / width);
  await expect(words(page)).toHaveText(first);

  await chart(page, 'Disk').dblclick();
  await expect(words(page)).toHaveText('Drag across a chart to zoom in');
  expect((await counts(page))[0]).toBeGreaterThanOrEqual(before[0]! - 1);
  await expect(out(page)).toHaveCount(0);
});

test('another range ends the zoom', async ({ page, open }) => {
  await open('/vms/101');
  await drag(page, 'CPU', 0.2, 0.6);
  await expect(words(page)).toHaveText(ZOOMED);
  await page.getByRole('button', { name: 'Day', exact: true }).click();
  await expect(page).toHaveURL(/range=day/);
  await expect(words(page)).toHaveText('Drag across a chart to zoom in');

  // A clock alone could mean two days.
  await drag(page, 'CPU', 0.6, 0.7);
  await expect(words(page)).toHaveText(/^Zoomed: \d+ \w+, \d\d:\d\d( – \d+ \w+, |–)\d\d:\d\d$/);
});

test('a span is chosen and left by keys', async ({ page, open }) => {
  await open('/vms/101');
  const cpu = chart(page, 'CPU');
  await cpu.focus();
  await page.keyboard.press('ArrowLeft');
  const newest = Number(await cpu.getAttribute('aria-valuenow'));
  for (let step = 0; step < 6; step += 1) await page.keyboard.press('Shift+ArrowLeft');
  await expect(cpu).toHaveAttribute('aria-valuenow', String(newest - 6));
  await expect(cpu).toHaveAttribute('aria-valuetext', /^\d\d:\d\d.*–\d\d:\d\d.* chosen, Enter zooms in\. .*CPU/);

  // The first Escape takes back the choice alone, and so does an arrow.
  await page.keyboard.press('Escape');
  await expect(cpu).not.toHaveAttribute('aria-valuetext', CHOSEN);
  await page.keyboard.press('Enter');
  await expect(words(page)).toHaveText('Drag across a chart to zoom in');

  for (let step = 0; step < 6; step += 1) await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Enter');
  await expect(words(page)).toHaveText(ZOOMED);
  await expect(cpu).toBeFocused();
  expect(await counts(page)).toEqual([7, 7, 7, 7]);
  await page.keyboard.press('Escape');
  await expect(words(page)).toHaveText('Drag across a chart to zoom in');
});

test.describe('by polls', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('live charts stay at the span that was chosen', async ({ page, open, sim }) => {
    test.slow();
    await sim.refuseSocket();
    await open('/vms/101?range=live');
    const cpu = chart(page, 'CPU');
    await expect.poll(async () => Number(await cpu.getAttribute('aria-valuemax')), { timeout: 60_000 }).toBeGreaterThan(6);
    await drag(page, 'CPU', 0.1, 0.9);
    await expect(words(page)).toHaveText(ZOOMED);
    const span = await words(page).innerText();
    const [samples] = await counts(page);
    const figure = page.getByRole('figure', { name: 'CPU' });
    const label = await figure.getByText(/^\d\d:\d\d(:\d\d)?$/).allInnerTexts();
    expect(label.length).toBeGreaterThan(0);
    await sim.forgetRequests();
    await expect.poll(async () => (await sim.requests(/\/vms\/101\/status$/)).length, { timeout: 30_000 }).toBeGreaterThan(2);
    await expect(words(page)).toHaveText(span);
    expect((await counts(page))[0]).toBe(samples);
    expect(await figure.getByText(/^\d\d:\d\d(:\d\d)?$/).allInnerTexts()).toEqual(label);
    await out(page).click();
    expect((await counts(page))[0]).toBeGreaterThan(samples!);
  });
});
