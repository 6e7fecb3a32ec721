// Backups on a phone: cards, the details and forms as sheets, the steps of a restore.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, test } from './fixtures.ts';

test('a VM: the list as cards, the details and the form as sheets, a restore in steps', async ({ page, open }) => {
  await open('/vms/101/backups');
  const card = page.getByRole('listitem').filter({ hasText: 'Daily backup - env-prod' }).first();
  await card.scrollIntoViewIfNeeded();
  await expect(card).toContainText('Verified');
  await expectNoSidewaysScroll(page);
  await open('/vms/101/backups?at=backup-nas%3Abackup%2Fvzdump-qemu-101-2024_06_21-02_00_00.vma.zst');
  const dialog = page.getByRole('dialog', { name: /^Backup of web-server-01/ });
  await expect(dialog.getByRole('table', { name: 'What has changed since the backup' })).toBeAttached();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  await dialog.getByRole('link', { name: 'Restore' }).tap();
  await expect(page.getByRole('heading', { level: 1, name: 'Restore a backup' })).toBeVisible();
  await expect(page.getByLabel('VM ID')).not.toHaveValue('');
  await page.getByRole('button', { name: 'Next' }).tap();
  await expect(page.getByRole('heading', { level: 2, name: 'Disks' })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
});
