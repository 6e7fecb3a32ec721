// What is begun in a wizard: left, reloaded, in two tabs, thrown away, and a server that forgets.
import { expect, expectNoAxeViolations, FAILED_REQUESTS, refusal, test, type Page } from './fixtures.ts';
import { begin, button, field, fillIso, sent } from './make.page.ts';

test.setTimeout(90_000);

const toast = (page: Page, words: string | RegExp) => page.getByRole('region', { name: 'Notices' }).getByText(words);
const tray = (page: Page) => page.getByRole('dialog', { name: 'Tasks' });
const once = (calls: string[]) => calls.filter((call) => call === 'POST /vms').length;

test('parked: in the tray, with the way back, thrown away after a question', async ({ page, open }) => {
  await open('/vms/new');
  await begin(page);
  await field(page, 'Name').fill('parked-02');
  await button(page, 'Park for later').click();
  await page.getByRole('button', { name: /^Tasks|running/ }).click();
  await expect(tray(page)).toContainText('Begun, not sent');
  await expectNoAxeViolations(page);
  await tray(page).getByRole('link', { name: 'New VM parked-02' }).click();
  await button(page, 'Resume draft').click();
  await expect(field(page, 'Name')).toHaveValue('parked-02');
  await button(page, 'Park for later').click();
  await page.getByRole('button', { name: /^Tasks|running/ }).click();
  await button(page, 'Throw away New VM parked-02').click();
  const question = page.getByRole('alertdialog', { name: 'Throw it away?' });
  await expect(question).toContainText('What was typed is forgotten');
  await question.getByRole('button', { name: 'Throw away' }).click();
  await expect(tray(page).getByText('New VM parked-02')).toHaveCount(0);
  await open('/vms/new');
  await begin(page);
  await expect(field(page, 'Name')).toHaveValue('');
});

test('a task that somebody cancels is no success: nothing more is sent', async ({ page, open, sim }) => {
  await open('/vms/new');
  await fillIso(page, 'stopped-01');
  await page.getByText('Show API calls').click();
  const id = /"vmId":(\d+)/.exec((await page.getByLabel('API calls', { exact: true }).textContent()) ?? '')?.[1];
  await field(page, 'Start it when it is ready').check();
  await button(page, 'Create VM').click();
  const tasks = async () => (await (await page.request.get(`${sim.url}/api/v1/tasks?type=qmcreate&vmid=${id}`)).json()) as { upid: string }[];
  await expect.poll(async () => (await tasks()).length).toBe(1);
  const [task] = await tasks();
  await page.request.delete(`${sim.url}/api/v1/tasks/${encodeURIComponent(task?.upid ?? '')}`);
  await expect(page.getByText('Its task was cancelled')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText('The VM was not made')).toBeVisible();
  expect(await sent(sim)).toEqual(['POST /vms']);
});

test('reloaded on another page, the rest is sent all the same', async ({ page, open, sim }) => {
  await open('/vms/new');
  await fillIso(page, 'left-01');
  await field(page, 'Start it when it is ready').check();
  await button(page, 'Create VM').click();
  await expect.poll(async () => once(await sent(sim))).toBe(1);
  await page.goto(`${sim.url}/settings`);
  await expect(toast(page, 'left-01: what was left is being sent')).toBeVisible({ timeout: 20_000 });
  await expect.poll(async () => (await sent(sim)).map((call) => call.replace(/\d+/, 'N')), { timeout: 30_000 }).toEqual([
    'POST /vms',
    'PUT /vms/N/config',
    'POST /vms/N/start',
  ]);
});

test('two tabs: neither loses what is typed, one alone sends, the other goes on once that is closed', async ({ page, open, sim, context }) => {
  await open('/vms/new');
  await begin(page);
  await field(page, 'Name').fill('mine-01');
  const other = await context.newPage();
  await other.goto(`${sim.url}/vms/new`);
  await expect(other.getByText(/^mine-01 was begun and not sent/)).toBeVisible();
  await button(other, 'Start over').click();
  await other.getByRole('alertdialog').getByRole('button', { name: 'Start over' }).click();
  await fillIso(other, 'theirs-01');
  const clash = page.getByRole('alert').filter({ hasText: 'Another tab of this browser' });
  await expect(clash).toContainText('has changed this form');
  await expect(field(page, 'Name')).toHaveValue('mine-01');
  await field(other, 'Start it when it is ready').check();
  await button(other, 'Create VM').click();
  await expect(clash).toContainText('sends this form');
  await expect(field(page, 'Name')).toHaveValue('mine-01');
  await clash.getByRole('button', { name: 'Show how it stands' }).click();
  await expect(page.getByText(/Another tab of this browser carries this out/)).toBeVisible();
  await other.close();
  await expect(page.getByText(/Another tab of this browser carries this out/)).toBeHidden();
  await expect(page.getByText('theirs-01 is ready.')).toBeVisible({ timeout: 40_000 });
  expect((await sent(sim)).map((call) => call.replace(/\d+/, 'N'))).toEqual(['POST /vms', 'PUT /vms/N/config', 'POST /vms/N/start']);
});

test.describe('when something fails', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('a server that starts anew in between has forgotten its tasks: each is sent once, and it runs', async ({ page, open, sim }) => {
    await open('/vms/new');
    await fillIso(page, 'anew-01');
    await field(page, 'Start it when it is ready').check();
    await button(page, 'Create VM').click();
    await expect.poll(async () => once(await sent(sim))).toBe(1);
    await sim.restart();
    await expect(page.getByText('anew-01 is ready.')).toBeVisible({ timeout: 40_000 });
    expect((await sent(sim)).map((call) => call.replace(/\d+/, 'N'))).toEqual(['POST /vms', 'PUT /vms/N/config', 'POST /vms/N/start']);
    const made = ((await (await page.request.get(`${sim.url}/api/v1/vms?namePattern=anew-01`)).json()) as { status: string }[])[0];
    expect(made?.status).toBe('running');
  });

  test('a refusal is told on whatever page the person is, with the way back', async ({ page, open, sim }) => {
    await open('/vms/new');
    await fillIso(page, 'away-01');
    await sim.faults(refusal('/api/v1/vms/*/config', 500, 'unable to write the configuration', { method: 'PUT' }));
    await button(page, 'Create VM').click();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
    const told = toast(page, /away-01: .Set the rest of its configuration. failed/);
    await expect(told).toBeVisible({ timeout: 30_000 });
    await sim.clearFaults();
    await page.getByRole('link', { name: 'Show', exact: true }).click();
    await button(page, 'Try again').click();
    await expect(page.getByText('away-01 is ready.')).toBeVisible({ timeout: 30_000 });
    expect(once(await sent(sim))).toBe(1);
  });

  test('what the form chooses from is missing: it says so, and reads it again', async ({ page, open, sim }) => {
    await sim.faults(refusal('/api/v1/storage', 500, 'storages are asleep'), refusal('/api/v1/vms', 500, 'no list today', { method: 'GET' }));
    await open('/vms/new');
    const alert = page.getByRole('alert').filter({ hasText: 'could not be read' });
    await expect(alert).toContainText('Storages: storages are asleep');
    await expect(alert).toContainText('VMs, and so the free IDs: no list today');
    await expectNoAxeViolations(page);
    await sim.clearFaults();
    // It asks again by itself, too, and may be faster than the press.
    await expect(async () => {
      const again = alert.getByRole('button', { name: 'Read again' });
      if (await again.isVisible()) await again.click({ timeout: 500 });
      await expect(alert).toBeHidden({ timeout: 2_000 });
    }).toPass();
    await begin(page);
    await field(page, 'Name').fill('late-02');
    // What is cleared stays empty.
    await field(page, 'VM ID').fill('');
    await button(page, 'Next').click();
    await expect(page.getByText(/^A whole number from 100/)).toBeVisible();
    await expect(field(page, 'VM ID')).toHaveValue('');
  });
});

test('a template is chosen before the form goes on', async ({ page, open }) => {
  await open('/vms/new?step=source');
  await button(page, 'Template').click();
  await button(page, 'Next').click();
  await expect(page.getByText('Choose a template above')).toBeVisible();
  await expect(page).toHaveURL(/step=source/);
});
