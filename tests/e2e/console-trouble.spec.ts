// Consoles when something goes wrong, and what is asked first: each person is told what is so.
import { FAILED_REQUESTS, expect, refusal, test, type Page } from './fixtures.ts';

const status = (page: Page, word: string) => expect(page.getByRole('main').getByRole('status').filter({ hasText: new RegExp(`^${word}$`) })).toBeAttached();
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const TICKETS = /\/vms\/101\/console\?/;

test.use({ allowErrors: FAILED_REQUESTS });

test('a ticket that is over is no wrong key: another one is asked for', async ({ page, open, sim }) => {
  await sim.vm(101, { config: { vga: 'qxl' } });
  await open('/vms/101/console?type=spice');
  await sim.faults({ path: '/api/v1/vms/101/console/spice', status: 401, body: { error: 'Unauthorized', code: 'TICKET_INVALID', message: 'The ticket has expired' }, times: 1 });
  const saving = page.waitForEvent('download');
  await button(page, 'Download .vv file').click();
  await saving;
  expect(await sim.requests(TICKETS)).toHaveLength(2);
  // A server that takes none is told of here, and the page stays as it is.
  await sim.faults(refusal('/api/v1/vms/101/console/spice', 401, 'No ticket is good enough'));
  await button(page, 'Download .vv file').click();
  await expect(page.getByText('No ticket is good enough')).toBeVisible();
  await expect(page.getByRole('dialog', { name: 'Sign in to Moxxie' })).toBeHidden();
  expect(await sim.requests(TICKETS)).toHaveLength(4);
});

test('troubles that pass are sat out once the console stood; a person may hurry them or give up', async ({ page, open, sim }) => {
  await open('/vms/101/console');
  await status(page, 'Connected');
  expect(await sim.lines()).toBe(1);
  const tickets = '/api/v1/vms/101/console';
  // As long as the server asks for, not sooner.
  await sim.faults({ path: tickets, status: 503, retryAfter: 45 });
  await sim.dropConsoles();
  await expect(page.getByText(/^Trying again in 4\d s, with a fresh ticket$/)).toBeVisible();
  for (const trouble of [500, 404, 423]) {
    await sim.faults(refusal(tickets, trouble, `Trouble ${trouble}`));
    await button(page, 'Try now').click();
    await expect(page.getByText(`Trouble ${trouble}`)).toBeVisible();
    await status(page, 'Reconnecting');
  }
  await button(page, 'Give up').click();
  await status(page, 'Disconnected');
  await sim.clearFaults();
  await button(page, 'Connect').click();
  await status(page, 'Connected');
  // Whoever leaves takes the line along.
  await page.getByRole('link', { name: 'Dashboard' }).first().click();
  await expect.poll(() => sim.lines()).toBe(0);
});

test('a console that never opens names the page at the hypervisor, and stops with its page', async ({ page, open, sim }) => {
  await page.clock.install();
  // Taken, and nothing said: an end comes all the same.
  await sim.silenceConsoles();
  await open('/vms/101/console');
  await expect.poll(async () => (await sim.requests(TICKETS)).length).toBe(1);
  await expect(page.getByText('Connecting to web-server-01')).toBeVisible();
  await sim.silenceConsoles(false);
  await sim.expireTickets(100);
  await page.clock.fastForward(26_000);
  await expect(page.getByText("No answer from the guest's server")).toBeVisible();
  // The server's clock did not leap, so the wait is long: a person hurries it.
  await button(page, 'Try now').click();
  await expect(page.getByText('The line could not be opened')).toBeVisible();
  await expect(page.getByText(/https:\/\/proxmox-01:8006\/\?console=kvm&novnc=1&vmid=101/)).toBeVisible();
  await page.getByRole('link', { name: 'Dashboard' }).first().click();
  await expect(button(page, 'Arrange')).toBeVisible();
  const { length } = await sim.requests(TICKETS);
  const loads = () => sim.requests(/\/cluster\//);
  const before = (await loads()).length;
  await page.clock.fastForward(120_000);
  await expect.poll(async () => (await loads()).length).toBeGreaterThan(before);
  expect(await sim.requests(TICKETS)).toHaveLength(length);
});

test('the shell of a node ends when it is left, and gives the keyboard back', async ({ page, open, sim }) => {
  const shells = () => sim.requests(/\/nodes\/proxmox-01\/console/);
  await open('/nodes/proxmox-01/console');
  await status(page, 'Connected');
  const input = page.getByRole('textbox', { name: 'Terminal input' });
  await expect(input).toBeFocused();
  await expect(input).toHaveAccessibleDescription('Ctrl Alt Shift together give the keyboard back to this page');
  await page.keyboard.press('Tab');
  await expect(input).toBeFocused();
  await page.keyboard.press('Control+Alt+Shift');
  await expect(button(page, 'Reconnect')).toBeFocused();
  await input.focus();
  await expect(input).toBeFocused();
  await page.keyboard.type('exit\n');
  // No other root shell by itself.
  await expect(page.getByText('The shell ended')).toBeVisible();
  expect(await shells()).toHaveLength(1);
  await button(page, 'Open a new shell').click();
  await status(page, 'Connected');
  expect(await shells()).toHaveLength(2);
  await sim.dropConsoles();
  await expect(page.getByText('The line broke: the node may be out of reach')).toBeVisible();
});

test('what ends the guest is asked about; what a browser lacks is said', async ({ page, open, sim, context }) => {
  await page.addInitScript(() => Object.defineProperty(Document.prototype, 'fullscreenEnabled', { get: () => false }));
  await open('/vms/101/console');
  await status(page, 'Connected');
  await button(page, 'SysRq').click();
  await page.getByRole('menuitem', { name: 'SysRq B' }).click();
  const question = page.getByRole('alertdialog', { name: 'SysRq B to web-server-01?' });
  await expect(question).toContainText('restarts at once');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();
  // Said twice it is sent: the guest starts anew, and the line to it with it.
  const tickets = async () => (await sim.requests(/\/vms\/101\/console\?/)).length;
  const before = await tickets();
  await button(page, 'SysRq').click();
  await page.getByRole('menuitem', { name: 'SysRq B' }).click();
  await question.getByRole('button', { name: 'Send it' }).click();
  await expect.poll(tickets, { timeout: 30_000 }).toBeGreaterThan(before);
  await status(page, 'Connected');
  await expect(button(page, 'Full screen: This browser gives no full screen to pages')).toHaveAttribute('aria-disabled', 'true');

  // One window for each console, brought to the front as it is.
  const opening = context.waitForEvent('page');
  await button(page, 'Open in a window of its own').click();
  const own = await opening;
  await status(own, 'Connected');
  await own.evaluate(() => {
    document.body.dataset.same = 'yes';
  });
  await button(page, 'Open in a window of its own').click();
  await status(own, 'Connected');
  expect(await own.evaluate(() => document.body.dataset.same)).toBe('yes');
  expect(context.pages()).toHaveLength(2);
  await page.evaluate(() => {
    window.open = () => null;
  });
  await button(page, 'Open in a window of its own').click();
  await expect(page.getByText('The browser blocked the window', { exact: true })).toBeVisible();
});

test('code that does not arrive is asked for again, then a new page offered', async ({ page, open, sim }) => {
  await sim.faults({ path: '/parts/vnc*', status: 404 });
  await open('/vms/101/console');
  await expect(page.getByText(/^The viewer's code did not arrive/)).toBeVisible();
  const loading = page.waitForEvent('load');
  await button(page, 'Reload the page').click();
  await loading;
  await sim.clearFaults();
  await status(page, 'Connected');
});

test('a template has no console, and nothing is promised', async ({ page, open, sim }) => {
  await sim.vm(102, { template: true });
  await open('/vms/102/console');
  await expect(page.getByText('database-01 is a template')).toBeVisible();
  await expect(page.getByText(/opens here by itself/)).toBeHidden();
  await expect(button(page, 'Start')).toBeHidden();
  await expect(button(page, 'Reconnect: database-01 is not running')).toHaveAttribute('aria-disabled', 'true');
});
