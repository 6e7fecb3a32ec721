// The page of one VM on a phone.
import { expect, expectNoSidewaysScroll, test } from './fixtures.ts';

for (const tab of ['', '/hardware', '/options', '/snapshots', '/backups', '/tasks']) {
  test(`fits a phone: /vms/101${tab}`, async ({ page, open }) => {
    await open(`/vms/101${tab}`);
    await expect(page.getByRole('heading', { level: 1, name: 'web-server-01' })).toBeVisible();
    await expect(page.getByRole('main').locator('[aria-busy="true"]')).toHaveCount(0);
    await expectNoSidewaysScroll(page);
  });
}

test('power actions and the form are reached on a phone', async ({ page, open }) => {
  await open('/vms/107');
  await page.getByRole('button', { name: /^Power actions of/ }).tap();
  await page.getByRole('menuitem', { name: 'Shut down' }).tap();
  const dialog = page.getByRole('alertdialog', { name: 'Shut down analytics-02?' });
  await dialog.getByRole('button', { name: 'Keep running' }).tap();
  await page.getByRole('button', { name: 'Edit: System' }).tap();
  await expect(page.getByRole('dialog', { name: 'Edit analytics-02' }).getByLabel('Memory', { exact: true })).toBeVisible();
  await expectNoSidewaysScroll(page);
});
