// One edit of many VMs at 390 by 844.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, test } from './fixtures.ts';

test('two are chosen, looked at and changed', async ({ page, open, sim }) => {
  await open('/vms?q=web-server');
  await page.getByRole('button', { name: 'Select', exact: true }).tap();
  await page.getByRole('checkbox', { name: 'Select web-server-01' }).tap();
  await page.getByRole('checkbox', { name: 'Select web-server-02' }).tap();
  await page.getByRole('button', { name: 'Edit', exact: true }).tap();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Add tags' }).fill('audited');
  await page.keyboard.press('Enter');
  await dialog.getByLabel('Protection').selectOption('On');
  await expectNoAxeViolations(page);
  await dialog.getByRole('button', { name: 'Review changes' }).tap();
  await expect(dialog.getByRole('table', { name: 'Differences' })).toContainText('audited');
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  await dialog.getByRole('button', { name: 'Change 2 VMs' }).tap();
  await expect(dialog.getByText('2 changed.')).toBeVisible();
  await expectNoSidewaysScroll(page);
  await dialog.getByRole('button', { name: 'Done' }).tap();
  await expect(dialog).toBeHidden();
  expect(await sim.requests(/\/config/, 'PUT')).toHaveLength(2);
});
