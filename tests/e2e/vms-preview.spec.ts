// The preview beside the list: by button and key, along with the arrows, live, and gone with its VM.
import { expect, expectNoAxeViolations, test, type Page } from './fixtures.ts';
import { grid, row } from './vms.page.ts';

const panel = (page: Page) => page.getByRole('complementary', { name: 'Preview' });

test('shows the VM under the arrow keys, without leaving the list', async ({ page, open }) => {
  await open('/vms');
  await expect(row(page, 'web-server-01')).toBeVisible();
  await grid(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('p');
  await expect(panel(page).getByRole('link', { name: 'web-server-01' })).toBeVisible();
  await expect(panel(page)).toContainText('proxmox-01');
  await page.keyboard.press('ArrowDown');
  await expect(panel(page).getByRole('link', { name: 'database-01' })).toBeVisible();
  await expect(grid(page)).toBeFocused();
  await page.reload();
  await expect(panel(page)).toBeVisible();
  await page.getByRole('button', { name: 'Preview', exact: true }).click();
  await expect(panel(page)).toBeHidden();
});

test('follows its VM, offers its actions, and says when it is gone', async ({ page, open, sim }) => {
  await open('/vms');
  await page.getByRole('button', { name: 'Preview', exact: true }).click();
  await row(page, 'database-01').getByRole('rowheader').click({ position: { x: 2, y: 2 } });
  await expect(panel(page)).toContainText('Stopped');
  await expectNoAxeViolations(page);
  await panel(page).getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Start', exact: true }).click();
  await expect(async () => {
    await sim.advance(10);
    await expect(panel(page)).toContainText('Running', { timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
});
