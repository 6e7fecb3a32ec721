// What others do shows live: in the tray, on the dashboard, at the VM; and the page holds with other colours.
import { expect, expectNoAxeViolations, test } from './fixtures.ts';

test('a task of somebody else shows with who and what, everywhere', async ({ page, open, sim }) => {
  await open('/');
  const activity = page.getByRole('region', { name: 'Recent activity' });
  await expect(activity.getByRole('listitem').first()).toBeVisible();
  const upid = await sim.task({ type: 'qmmove', id: '101', user: 'anna@pve', progress: 0.34 });
  const row = activity.getByRole('listitem').filter({ hasText: 'anna@pve' });
  await expect(row).toContainText('Move disk of VM web-server-01');
  await page.getByRole('button', { name: /running$/ }).click();
  const tray = page.getByRole('dialog', { name: 'Tasks' });
  await expect(tray.getByText('anna@pve')).toBeVisible();
  await expect(tray.getByRole('link', { name: 'Move disk of VM web-server-01' })).toBeVisible();

  await open('/vms');
  await expect(page.getByRole('row', { name: /web-server-01/ }).getByText('Move disk, by anna@pve, 34%')).toBeAttached();
  await open('/vms/101');
  const pill = page.getByRole('link', { name: 'Move disk, by anna@pve, 34%' });
  await expect(pill).toBeVisible();
  await expectNoAxeViolations(page);
  await sim.task({ upid, end: 'disk is full' });
  await expect(pill).toHaveCount(0);
  // One that begins while the page is open shows, too, and leads to its log.
  await sim.task({ type: 'qmsnapshot', id: '101', user: 'ben@pve' });
  await page.getByRole('link', { name: 'Snapshot, by ben@pve' }).click();
  await expect(page).toHaveURL(/\/tasks\//);
  await expect(page.getByText('ben@pve').first()).toBeVisible();
});

test.describe('with the colours of the system', () => {
  test('forced colours: selection, focus, figures and states are still told apart', async ({ page, open }) => {
    await page.emulateMedia({ forcedColors: 'active' });
    await open('/vms');
    const row = page.getByRole('row', { name: /web-server-01/ });
    await row.getByRole('checkbox').check();
    await expect(row).toHaveAttribute('aria-selected', 'true');
    expect(await row.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe('solid');
    const current = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Virtual machines' });
    expect(await current.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe('solid');
    await open('/');
    await expect(page.getByRole('region', { name: 'CPU' }).getByRole('meter')).toBeVisible();
  });

  test('more contrast: thicker focus, framed chips, nothing below what axe wants', async ({ page, open }) => {
    await page.emulateMedia({ contrast: 'more' });
    await open('/vms');
    const search = page.getByRole('button', { name: 'Columns' });
    await expect(search).toBeVisible();
    await search.focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    expect(await search.evaluate((element) => getComputedStyle(element).outlineWidth)).toBe('3px');
    await expectNoAxeViolations(page);
  });
});
