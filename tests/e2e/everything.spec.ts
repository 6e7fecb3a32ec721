// Every page, tab, menu and dialog is opened once, and every button pressed, without a complaint in the console.
import { expect, test, type Locator, type Page } from './fixtures.ts';

const PAGES = [
  '/', '/?board', '/wall', '/vms', '/vms?group=node&status=running', '/snapshots', '/storage/local-zfs', '/settings', '/nowhere', '/vms/new', '/vms/9000/clone',
  '/backups?group=vm', '/backups/coverage', '/backups/retention', '/backups/restore',
  '/migrate',
  '/nodes/proxmox-01/console',
  ...['', '/hardware', '/options', '/snapshots', '/backups', '/tasks', '/console'].map((tab) => `/vms/101${tab}`),
];
/** Shown only while the pointer moves; see the wall's own tests. */
const LEFT_OUT = /^Leave the wall board/;

test.use({ viewport: { width: 1440, height: 1200 } });
test.setTimeout(120_000);

/** Where buttons stand that can be pressed, one of each kind: those of rows differ by the row's name alone. */
async function kinds(page: Page, within: string): Promise<{ name: string; role: 'button' | 'tab' }[]> {
  return page.locator(within).first().evaluate((part) => {
    const seen = new Set<string>();
    return [...part.querySelectorAll<HTMLElement>('button, [role=tab]')].flatMap((button) => {
      const words = button.cloneNode(true) as HTMLElement;
      for (const silent of words.querySelectorAll('[aria-hidden=true]')) silent.remove();
      const name = (button.getAttribute('aria-label') ?? words.textContent ?? '').replace(/\s+/g, ' ').trim();
      const kind = name.replace(/\b[a-z0-9]+(-[a-z0-9.]+)+\b|\d+/g, '*');
      if (!name || seen.has(kind) || button.matches('[disabled], [aria-disabled=true]') || !button.checkVisibility()) return [];
      seen.add(kind);
      return [{ name, role: button.getAttribute('role') === 'tab' ? ('tab' as const) : ('button' as const) }];
    });
  });
}

/** Puts away whatever is open. */
async function close(page: Page): Promise<void> {
  const open = page.locator('[role=menu]:visible, dialog:visible, [role=dialog]:visible');
  for (let turn = 0; turn < 4 && (await open.count()) > 0; turn += 1) {
    const leave = page.getByRole('button', { name: /^(Leave|Discard|Throw away)/ });
    if (await leave.count()) await leave.first().click();
    else await page.keyboard.press('Escape');
  }
}

/** Chooses everything in the open menu, one after the other. */
async function chooseAll(page: Page, button: Locator): Promise<void> {
  const items = page.getByRole('menu').locator('[role^=menuitem]:not([aria-disabled=true])');
  await expect(page.getByRole('menu').locator('[role^=menuitem]').first()).toBeVisible();
  const here = page.url().split('?')[0];
  for (let at = 0; at < (await items.count()); at += 1) {
    await items.nth(at).click({ timeout: 5_000 });
    await close(page);
    // It led elsewhere, or what it was about is put away.
    if (page.url().split('?')[0] !== here) return;
    const again = await button.click({ timeout: 2_000 }).then(() => true, () => false);
    if (!again) return;
    await expect(page.getByRole('menu').locator('[role^=menuitem]').first()).toBeVisible();
  }
}

for (const path of PAGES) {
  test(`${path} opens, and each of its buttons does something or nothing, quietly`, async ({ page, open, complaints }) => {
    let pressed = 0;
    await open(path);
    await page.getByRole('main').waitFor();
    await expect(page.locator('main [aria-busy=true]')).toHaveCount(0);
    const here = page.url();
    // The frame is the same on all of them.
    const within = path === '/' ? 'body' : 'main';
    for (const { name, role } of (await kinds(page, within)).filter(({ name }) => !LEFT_OUT.test(name))) {
      const button = page.locator(within).getByRole(role, { name, exact: true }).first();
      if (page.url() !== here) {
        await page.goto(here);
        await expect(page.locator('main [aria-busy=true]')).toHaveCount(0);
      }
      // Rows come and go with the cluster.
      const state = await button.evaluate((element) => ({
        off: element.matches('[disabled], [aria-disabled=true]'), menu: element.getAttribute('aria-haspopup') === 'menu',
      }), null, { timeout: 2_000 }).catch(() => null);
      if (!state || state.off) continue;
      // What the press before opened may have come late, its code being fetched first.
      await expect(async () => {
        await close(page);
        await button.click({ timeout: 1_500 });
      }).toPass({ timeout: 10_000 });
      pressed += 1;
      if (state.menu) await chooseAll(page, button);
      await close(page);
      expect(complaints, `after “${name}”`).toEqual([]);
    }
    test.info().annotations.push({ type: 'pressed', description: String(pressed) });
    // That this happened: alone on the board and on a page that is not there is nothing to press.
    expect(pressed).toBeGreaterThanOrEqual(['/?board', '/nowhere'].includes(path) ? 0 : 3);
  });
}
