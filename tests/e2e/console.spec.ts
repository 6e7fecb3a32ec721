// Consoles (guide: Console Access): a guest's screen that changes when keys are typed, its clipboard, text typed for it, lines that come back, terminals, SPICE.
import { readFileSync } from 'node:fs';
import { FAILED_REQUESTS, expect, test, type Page } from './fixtures.ts';

const screen = (page: Page) => page.getByRole('application', { name: 'Screen of web-server-01' });
const status = (page: Page, word: string) => expect(page.getByRole('main').getByRole('status').filter({ hasText: new RegExp(`^${word}$`) })).toBeAttached();
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** What the guest's screen looks like, every pixel of it. */
const picture = (page: Page) => screen(page).evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());

test.describe('while the clock stands', () => {
  test.use({ simArgs: ['--scenario', 'guide', '--speed', '0'] });

  test('keys and pointer reach the guest, and its screen changes', async ({ page, open, sim }) => {
    await open('/vms/101');
    await page.getByRole('link', { name: 'Console', exact: true }).first().click();
    await status(page, 'Connected');
    const before = await picture(page);
    await screen(page).click();
    await page.keyboard.type('echo Hello_42!');
    await expect.poll(async () => (await sim.guest('101')).screen).toContain('# echo Hello_42!');
    await expect.poll(() => picture(page)).not.toBe(before);
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await sim.guest('101')).screen).toMatch(/\nHello_42!\n/);

    // The guest takes every key; three of them together come back to the page, held nowhere.
    await page.keyboard.press('Tab');
    await expect(screen(page)).toBeFocused();
    await page.keyboard.press('Control+Alt+Shift');
    await expect(button(page, 'Reconnect')).toBeFocused();
    await button(page, 'Keys').click();
    await page.getByRole('menuitem', { name: 'Ctrl-C' }).click();
    await expect.poll(async () => (await sim.guest('101')).screen).toContain('^C');
    await expect(screen(page)).toBeFocused();
    await page.keyboard.type('plain');
    await expect.poll(async () => (await sim.guest('101')).screen).toMatch(/# plain$/);

    const drawn = await picture(page);
    const box = await screen(page).boundingBox();
    await page.mouse.move(box!.x + 300, box!.y + 200);
    await page.mouse.down();
    await page.mouse.move(box!.x + 360, box!.y + 240, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => picture(page)).not.toBe(drawn);

    // Looking on alone, nothing is sent.
    await button(page, 'Display').click();
    await page.getByRole('menuitemcheckbox', { name: 'View only' }).click();
    await page.keyboard.press('Escape');
    await expect(button(page, 'Ctrl-Alt-Del')).toHaveAttribute('aria-disabled', 'true');
    const now = (await sim.guest('101')).screen;
    await screen(page).click();
    await page.keyboard.type('unheard');
    await button(page, 'Disconnect').click();
    await expect(page.getByText('The guest goes on as it is.')).toBeVisible();
    expect((await sim.guest('101')).screen).toBe(now);
  });

  test('the clipboard goes both ways', async ({ page, open, sim }) => {
    await open('/vms/101/console');
    await status(page, 'Connected');
    await button(page, 'Clipboard').click();
    await sim.guestCopies('101', 'from the guest, für dich');
    await expect(page.getByLabel('From the guest')).toHaveValue('from the guest, für dich');
    await page.getByLabel('To the guest').fill('two\nlines');
    await button(page, 'Put on its clipboard').click();
    await expect.poll(async () => (await sim.guest('101')).pasted).toBe('two\nlines');
    await expect(page.getByText('Sent to the guest', { exact: true })).toBeVisible();
    // What is written and not sent outlives the panel, and is asked about before it is lost.
    await page.getByLabel('To the guest').fill('20 €');
    await button(page, 'Type text').click();
    await page.getByLabel('Text to type').fill('ls');
    await button(page, 'Clipboard').click();
    await expect(page.getByLabel('To the guest')).toHaveValue('20 €');
    await page.getByRole('link', { name: 'Dashboard' }).first().click();
    const question = page.getByRole('alertdialog', { name: 'Leave without saving?' });
    await expect(question).toContainText('the text for the guest');
    await question.getByRole('button', { name: 'Stay' }).click();
    await button(page, 'Put on its clipboard').click();
    await expect(page.getByText('letters outside of Latin-1 may arrive there as ?')).toBeVisible();
  });

  test('at its actual size the guest is whole, and scrolled to', async ({ page, open }) => {
    await page.setViewportSize({ width: 800, height: 700 });
    await open('/vms/101/console');
    await status(page, 'Connected');
    const widths = () => screen(page).evaluate((canvas: HTMLCanvasElement) => ({ drawn: canvas.width, shown: canvas.clientWidth, all: canvas.parentElement!.scrollWidth }));
    await expect.poll(async () => (await widths()).shown).toBeLessThan(800);
    await button(page, 'Display').click();
    await page.getByRole('menuitemradio', { name: 'Actual size' }).or(page.getByRole('menuitemcheckbox', { name: 'Actual size' })).click();
    await expect.poll(widths).toEqual({ drawn: 960, shown: 960, all: 960 });
    const left = await screen(page).evaluate((canvas) => {
      canvas.parentElement!.scrollLeft = 9999;
      return canvas.parentElement!.scrollLeft;
    });
    expect(left).toBeGreaterThan(100);
  });

  test('several lines are typed at a pace, and can be stopped', async ({ page, open, sim }) => {
    await open('/vms/101/console');
    await status(page, 'Connected');
    await button(page, 'Type text').click();
    await page.getByLabel('Keyboard of the guest').selectOption('German');
    await page.getByLabel('Pace').selectOption('Fast');
    await page.getByLabel('Text to type').fill('echo señor');
    await expect(page.getByText('Not on this keyboard: ñ.')).toBeVisible();
    // The guest makes letters of places: what is typed for another keyboard comes out wrong.
    await sim.guestKeyboard('101', 'de');
    await page.getByLabel('Text to type').fill('echo "first {1}"\necho second|@~\necho ^`êÉ yz\n');
    await button(page, 'Type it').click();
    await expect(page.getByText('All 45 characters typed')).toBeVisible();
    await expect.poll(async () => (await sim.guest('101')).screen).toMatch(/\nfirst \{1\}\n[^\n]*\nsecond\|@~\n[^\n]*\n\^`êÉ yz\n/);

    await page.getByLabel('Pace').selectOption('Slow, for guests that lose keys');
    await page.getByLabel('Text to type').fill('x'.repeat(400));
    await button(page, 'Type it').click();
    await expect(page.getByRole('progressbar', { name: 'Characters typed' })).toBeVisible();
    await button(page, 'Stop').click();
    await expect(page.getByText(/^Stopped after \d+ of 400$/)).toBeVisible();
    // So does looking on alone: a guest that gets nothing was not typed to.
    await button(page, 'Type it').click();
    await expect(page.getByRole('progressbar', { name: 'Characters typed' })).toBeVisible();
    await button(page, 'Display').click();
    await page.getByRole('menuitemcheckbox', { name: 'View only' }).click();
    await expect(page.getByText(/^Stopped after \d+ of 400$/)).toBeVisible();
    // What is chosen is remembered.
    await page.reload();
    await button(page, 'Type text').click();
    await expect(page.getByLabel('Keyboard of the guest')).toHaveValue('de');
  });
});

test.describe('lines that break', () => {
  // Pauses between tries add up.
  test.setTimeout(120_000);
  test.use({ allowErrors: FAILED_REQUESTS });

  test('a ticket that is too old, a broken line and a guest that starts anew: each time a fresh ticket', async ({ page, open, sim }) => {
    const tickets = () => sim.requests(/\/vms\/101\/console\?/);
    // How long it pauses is left to chance: what counts is that it comes back, each time with a ticket of its own.
    await sim.expireTickets(1);
    await open('/vms/101/console');
    await status(page, 'Connected');
    expect(await tickets()).toHaveLength(2);

    await sim.expireTickets(1);
    await sim.dropConsoles();
    await expect.poll(async () => (await tickets()).length, { timeout: 20_000 }).toBe(4);
    await status(page, 'Connected');

    await screen(page).click();
    await page.keyboard.type('reboot\n');
    await expect.poll(async () => (await tickets()).length, { timeout: 30_000 }).toBeGreaterThan(4);
    await status(page, 'Connected');
    await expect.poll(async () => (await sim.guest('101')).screen).toMatch(/# $|#$/);
    // Nothing that opens a console is kept, or in the address.
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, history.state]));
    expect(kept).not.toContain('PVE');
  });
});

test('a guest that is off is waited for, and started from here', async ({ page, open, sim }) => {
  await open('/vms/102/console');
  await expect(page.getByText('database-01 is not running')).toBeVisible();
  await button(page, 'Start').click();
  await status(page, 'Connected');
  await expect.poll(async () => (await sim.guest('102')).screen).toContain('root@database-01');
  // Alone in a window there is no frame around it.
  await open('/vms/102/console?window');
  await status(page, 'Connected');
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeHidden();
});

test('a terminal answers, in colours that the content policy lets in', async ({ page, open, sim }) => {
  await open('/nodes/proxmox-01/console');
  await status(page, 'Connected');
  await page.keyboard.type('colors\nstty\n');
  const stage = page.getByRole('main');
  await expect(stage).toContainText('red green orange');
  const orange = page.getByText('orange', { exact: true }).first();
  await expect(orange).toHaveCSS('color', 'rgb(255, 140, 0)');
  // The shell knows how large its window is.
  await expect(stage).toContainText(/stty\s*[2-9]\d \d{2,3}root/);
  // A VM's serial port: only where it has one.
  await open('/vms/101/console');
  await expect(button(page, 'Terminal')).toHaveAttribute('aria-disabled', 'true');
  await sim.vm(101, { config: { serial0: 'socket', vga: 'qxl' } });
  await open('/vms/101/console?type=serial');
  await status(page, 'Connected');
  await expect(page.getByText('qm terminal 101')).toBeVisible();
  await page.getByRole('textbox', { name: 'Terminal input' }).focus();
  await page.keyboard.type('date\n');
  await expect(stage).toContainText(/2024-06-24T\d\d/);
  // SPICE is a file for a viewer.
  await button(page, 'SPICE').click();
  const saving = page.waitForEvent('download');
  await button(page, 'Download .vv file').click();
  const file = await saving;
  expect(file.suggestedFilename()).toBe('web-server-01.vv');
  expect(readFileSync(await file.path(), 'utf8')).toMatch(/^\[virt-viewer\]\n[\s\S]*tls-port=61001\n/);
});

test.describe('the server as shipped', () => {
  test.use({ simArgs: ['--scenario', 'guide', '--contract', 'server'] });

  test('is told apart from a console, and the hypervisor named instead', async ({ page, open, sim }) => {
    await open('/vms/101/console');
    await expect(page.getByText(/What answers at the server's address for consoles is no console/)).toBeVisible();
    await expect(page.getByText(/192\.168\.1\.10: whoever installed this console has to allow that host/)).toBeVisible();
    await expect(page.getByText('https://192.168.1.10:8006/?console=kvm&novnc=1&vmid=101&node=proxmox-01')).toBeVisible();
    // The address follows the guest to another node.
    await sim.vm(101, { node: 'proxmox-02' });
    await expect(page.getByText('https://192.168.1.10:8006/?console=kvm&novnc=1&vmid=101&node=proxmox-02')).toBeVisible();
    // A container's console is a terminal, by another command and another page.
    await sim.vm(101, { type: 'lxc' });
    await open('/vms/101/console');
    await expect(page.getByText('ssh -t root@proxmox-02 pct console 101')).toBeVisible();
    await expect(page.getByText('https://192.168.1.10:8006/?console=lxc&xtermjs=1&vmid=101&node=proxmox-02')).toBeVisible();
    await open('/nodes/proxmox-01/console');
    await expect(page.getByText('This server does not offer shells of nodes')).toBeVisible();
  });
});
