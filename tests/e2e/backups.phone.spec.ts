// The backups of all VMs on a phone.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, test } from './fixtures.ts';

test('list, coverage and retention fit', async ({ page, open }) => {
  await open('/backups?only=protected');
  const card = page.getByRole('listitem').filter({ hasText: /web-server-01.*Protected/s });
  await expect(card).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  await page.getByRole('link', { name: 'Coverage' }).tap();
  await expect(page.getByRole('listitem').filter({ hasText: 'no backup' }).first()).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  await page.getByRole('link', { name: 'Retention' }).tap();
  await page.getByRole('button', { name: 'Newest of each VM' }).tap();
  await page.getByRole('spinbutton', { name: 'Keep the newest of each VM' }).fill('1');
  await page.getByRole('button', { name: 'Go', exact: true }).tap();
  await expect(page.getByRole('listitem').filter({ hasText: /Goes.*kept by no rule/s }).first()).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
});
