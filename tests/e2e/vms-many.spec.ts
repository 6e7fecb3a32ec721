// Twenty VMs at once, while the server refuses some, answers late, or dies in the middle.
import { expect, FAILED_REQUESTS, test, type Locator, type Page } from './fixtures.ts';
import { counted, grid, search } from './vms.page.ts';

// Twenty rows are picked one by one.
test.setTimeout(90_000);

test.use({ simArgs: ['--scenario', 'fleet', '--vms', '400', '--seed', '9'], allowErrors: FAILED_REQUESTS });

/** Selects the twenty that stand first in the list of stopped ones, and asks to start them. */
async function ask(page: Page): Promise<{ question: Locator; ids: number[] }> {
  await search(page).fill('status:stopped NOT template:yes NOT lock:*');
  await expect(counted(page, /of 400 VMs/)).toBeVisible();
  const boxes = grid(page).getByRole('checkbox', { name: /^Select / });
  await boxes.first().click();
  for (let step = 0; step < 19; step += 1) await page.keyboard.press('Shift+ArrowDown');
  await expect(counted(page, /^20 selected/)).toBeVisible();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const question = page.getByRole('alertdialog', { name: 'Start 20 VMs?' });
  await question.getByRole('button', { name: 'Show API call' }).click();
  const call = (await question.getByLabel('API call', { exact: true }).textContent()) ?? '';
  const ids = (/"vmIds":\[([\d,]+)\]/.exec(call)?.[1] ?? '').split(',').map(Number);
  expect(ids).toHaveLength(20);
  return { question, ids };
}

test('three of twenty are refused: named with the reason, and tried again alone', async ({ page, open, sim }) => {
  await open('/vms');
  const { question, ids } = await ask(page);
  const locked = [ids[3], ids[9], ids[16]] as number[];
  for (const id of locked) await sim.vm(id, { lock: 'backup' });
  await question.getByRole('button', { name: 'Start 20 VMs' }).click();
  const report = page.getByRole('dialog', { name: 'Start 20 VMs: 17 begun, 3 refused' });
  await expect(report.getByRole('row').filter({ hasText: 'Refused' })).toHaveCount(3);
  for (const id of locked) await expect(report.getByRole('row').filter({ hasText: String(id) }).first()).toContainText(/lock/i);
  for (const id of locked) await sim.vm(id, { lock: null });
  await sim.forgetRequests();
  await report.getByRole('button', { name: 'Try 3 again' }).click();
  await expect(page.getByRole('dialog', { name: 'Start 20 VMs: begun' })).toBeVisible();
  // Nobody is started twice.
  expect(await sim.requests(/\/bulk\/power\/start/, 'POST')).toHaveLength(1);
});

test('a late answer: the question waits, one press is one request', async ({ page, open, sim }) => {
  await open('/vms');
  const { question } = await ask(page);
  await sim.faults({ path: '/api/v1/bulk/power/*', method: 'POST', delayMs: 3_000 });
  const start = question.getByRole('button', { name: 'Start 20 VMs' });
  await start.click();
  await expect(start).toHaveAttribute('aria-busy', 'true');
  await start.click({ force: true });
  await expect(page.getByText('Start 20 VMs: begun').first()).toBeVisible();
  await expect(question).toBeHidden();
  expect(await sim.requests(/\/bulk\/power\/start/, 'POST')).toHaveLength(1);
});

test('a server that dies in the middle: said as unknown, not as failed; the list tells what runs', async ({ page, open, sim }) => {
  await open('/vms');
  const { question } = await ask(page);
  // The request is carried out; its answer is lost.
  await sim.faults({ path: '/api/v1/bulk/power/*', method: 'POST', kind: 'cut', after: true });
  await question.getByRole('button', { name: 'Start 20 VMs' }).click();
  const alert = question.getByRole('alert').first();
  await expect(alert).toContainText(/connection|answer/i);
  await expect(alert).toContainText(/may have|unknown|look/i);
  await expect(counted(page, /^20 selected/)).toBeVisible();
  await sim.clearFaults();
  await sim.advance(60);
  await page.keyboard.press('Escape');
  await search(page).fill('');
  await expect(page.getByRole('status').filter({ hasText: /20 running/ }).or(page.getByText(/20 running/)).first()).toBeVisible({ timeout: 20_000 });
});
