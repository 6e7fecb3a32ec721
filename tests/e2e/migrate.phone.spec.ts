// Moving a VM with a thumb.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, test } from './fixtures.ts';
import { button, moving, next } from './migrate.page.ts';

test('all six steps and the run fit a phone', async ({ page, open, sim }) => {
  await open('/migrate?vm=101,120');
  await expect(page.getByRole('checkbox', { name: /^web-server-01/ })).toBeChecked();
  await expectNoSidewaysScroll(page);
  await next(page, 'Target');
  await page.getByRole('radio', { name: /^proxmox-02/ }).check();
  await expect(page.getByRole('region', { name: 'To proxmox-02' })).toBeVisible();
  await expectNoSidewaysScroll(page);
  for (const step of ['Storage', 'Options', 'Review', 'Execute']) {
    await next(page, step);
    await expectNoSidewaysScroll(page);
  }
  await button(page, 'Start migration').tap();
  await expect(moving(page, 'web-server-01').getByRole('progressbar', { name: 'Progress' })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  await sim.advance(60);
  await expect(moving(page, 'web-server-01').getByText('Now on proxmox-02')).toBeVisible({ timeout: 30_000 });
  await expectNoSidewaysScroll(page);
});
