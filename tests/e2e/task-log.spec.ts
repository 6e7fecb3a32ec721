// The log of a task: followed while it grows, held while one reads, searched, wrapped and saved.
import { readFileSync } from 'node:fs';
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, FAILED_REQUESTS, refusal, test, type Page } from './fixtures.ts';

const pane = (page: Page) => page.getByRole('log', { name: 'Task log' });
const path = (upid: string) => `/tasks/${encodeURIComponent(upid)}`;
const field = (page: Page) => page.getByRole('textbox', { name: 'Search the log' });

test('new lines are followed; reading further up holds, and a button goes on', async ({ page, open, sim }) => {
  const upid = await sim.task({ filler: 300 });
  await open(path(upid));
  await expect(pane(page)).toContainText('block 300 of');
  await sim.task({ upid, lines: ['the next disk begins'] });
  await expect(pane(page).getByText('the next disk begins')).toBeInViewport();

  await pane(page).hover();
  await page.mouse.wheel(0, -900);
  await expect(page.getByRole('button', { name: 'Follow', exact: true })).toBeVisible();
  await sim.task({ upid, lines: ['one', 'two', 'three'] });
  const news = page.getByRole('button', { name: '3 new lines' });
  await expect(news).toBeVisible();
  await expect(pane(page).getByText('three')).toHaveCount(0);
  await news.click();
  await expect(pane(page).getByText('three')).toBeInViewport();
  await expect(news).toBeHidden();
  await expect(pane(page)).toBeFocused();
});

test('Pause stays paused until one goes on', async ({ page, open, sim }) => {
  const upid = await sim.task({ filler: 200 });
  await open(path(upid));
  await expect(pane(page)).toContainText('block 200 of');
  await page.getByRole('button', { name: 'Pause' }).click();
  await sim.task({ upid, lines: ['late words'] });
  await expect(page.getByRole('button', { name: '1 new line' })).toBeVisible();
  await expect(pane(page).getByText('late words')).not.toBeInViewport();
  await page.getByRole('button', { name: 'Follow', exact: true }).click();
  await expect(pane(page).getByText('late words')).toBeInViewport();
});

test('a selection outlives new lines', async ({ page, open, sim }) => {
  const upid = await sim.task({ lines: ['first words', 'second words'] });
  await open(path(upid));
  await pane(page).getByText('second words').dblclick({ position: { x: 20, y: 9 } });
  const selected = () => page.evaluate(() => getSelection()?.toString().trim());
  const before = await selected();
  expect(before).not.toBe('');
  await sim.task({ upid, lines: Array.from({ length: 80 }, (_, at) => `later ${at}`) });
  await expect(page.getByRole('button', { name: '80 new lines' })).toBeVisible();
  expect(await selected()).toBe(before);
});

test('search counts, marks, steps both ways around the ends, and clears', async ({ page, open, sim }) => {
  const upid = await sim.task({ filler: 400, lines: ['drive-scsi0: Copying', 'copying again'] });
  await open(path(upid));
  await expect(pane(page)).toContainText('copying again');
  await page.keyboard.press('/');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('COPYING');
  const status = page.getByRole('search').getByRole('status');
  await expect(status).toHaveText('1 of 2');
  await page.keyboard.press('Enter');
  await expect(status).toHaveText('2 of 2');
  await page.keyboard.press('Enter');
  await expect(status).toHaveText('1 of 2');
  await page.keyboard.press('Shift+Enter');
  await expect(status).toHaveText('2 of 2');
  await expect(pane(page).locator('mark[aria-current]')).toHaveText('copying');

  // A place far from what is drawn is brought into sight.
  await field(page).fill('block 12 of');
  await expect(pane(page).locator('mark[aria-current]')).toBeInViewport();
  await field(page).fill('nowhere at all');
  await expect(status).toHaveText('No matches');
  await page.keyboard.press('Escape');
  await expect(field(page)).toHaveValue('');
  await expect(pane(page).locator('mark')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(pane(page)).toBeFocused();
});

test('ten thousand lines: only those in sight are drawn, and the end is one key away', async ({ page, open, sim }) => {
  const upid = await sim.task({ filler: 10_000 });
  await open(path(upid));
  await expect(pane(page).getByText('block 10000 of')).toBeInViewport();
  const drawn = () => pane(page).getByText(/^block \d+ of the copy/).count();
  expect(await drawn()).toBeLessThan(200);
  await pane(page).focus();
  await page.keyboard.press('Home');
  await expect(pane(page).getByText('block 1 of', { exact: false }).first()).toBeInViewport();
  expect(await drawn()).toBeLessThan(200);
  await page.keyboard.press('End');
  await expect(pane(page).getByText('block 10000 of')).toBeInViewport();
  // Reached by hand: followed again.
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await field(page).fill('block 5000 of');
  await expect(page.getByRole('search').getByRole('status')).toHaveText('1 of 1');
  await expect(pane(page).locator('mark[aria-current]')).toBeInViewport();
});

test('wrapping is remembered and leaves the line in sight where it was', async ({ page, open, sim }) => {
  const long = Array.from({ length: 90 }, (_, at) => `line ${at + 1} ${'and so on '.repeat(40)}end`);
  const upid = await sim.task({ lines: long });
  await open(path(upid));
  const wrap = page.getByRole('button', { name: 'Wrap' });
  await expect(wrap).toHaveAttribute('aria-pressed', 'true');
  const sideways = () => pane(page).evaluate((element) => element.scrollWidth > element.clientWidth);
  await expect(pane(page).getByText('line 90 ')).toBeInViewport();
  expect(await sideways()).toBe(false);
  await field(page).fill('line 40 ');
  await expect(pane(page).locator('mark[aria-current]')).toBeInViewport();
  await wrap.click();
  await expect(wrap).toHaveAttribute('aria-pressed', 'false');
  await expect.poll(sideways).toBe(true);
  await expect(pane(page).locator('mark[aria-current]')).toBeInViewport();
  await page.reload();
  await expect(wrap).toHaveAttribute('aria-pressed', 'false');
});

test('the download is the whole log, named after the task; a refusal is said', async ({ page, open, sim }) => {
  const upid = await sim.task({ filler: 5000, lines: ['the end'] });
  await open(path(upid));
  await expect(pane(page)).toContainText('the end');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toMatch(/^UPID_.*vzdump_101_colleague_pve\.log$/);
  const lines = readFileSync(await file.path(), 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(5001);
  expect(lines[0]).toBe('block 1 of the copy is written');
  expect(lines.at(-1)).toBe('the end');
});

test.describe('when the server fails', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('a log that cannot be read shows the words and a retry', async ({ page, open, sim }) => {
    const upid = await sim.task({ lines: ['words of the log'] });
    await sim.faults(refusal('/api/v1/tasks/*/log*', 500, 'The log file is on a node that is away'));
    await open(path(upid));
    const card = page.getByRole('region', { name: 'Log', exact: true });
    await expect(card.getByText('The log file is on a node that is away')).toBeVisible();
    await sim.clearFaults();
    await card.getByRole('button', { name: /Try again|Retry/ }).click();
    await expect(pane(page)).toContainText('words of the log');

    await sim.faults(refusal('/api/v1/tasks/*/log*', 500, 'The node went away again'));
    await page.getByRole('button', { name: 'Download' }).click();
    await expect(page.getByText('The log could not be downloaded')).toBeVisible();
    // What was read stays.
    await expect(pane(page)).toContainText('words of the log');
  });
});

test('errors and warnings stand out by a word, too', async ({ page, open, sim }) => {
  const upid = await sim.task({ lines: ['INFO: begins', 'WARN: no agent', 'ERROR: no space left'] });
  await sim.task({ upid, end: 'job errors' });
  await open(path(upid));
  await expect(pane(page).getByText('Warning:')).toHaveCount(1);
  await expect(pane(page).getByText('Error:', { exact: true })).toHaveCount(2);
  await expectNoAxeViolations(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
});
