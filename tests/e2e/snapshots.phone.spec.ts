// Snapshots on a phone: the tree and its details, the list as cards, dialogs as sheets.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, test } from './fixtures.ts';

test('the tree fits, and the details of a pressed row are in sight', async ({ page, open }) => {
  await open('/vms/131/snapshots');
  const tree = page.getByRole('tree');
  const rows = tree.getByRole('treeitem');
  await expect(rows).toHaveCount(9);
  await rows.nth(1).scrollIntoViewIfNeeded();
  // Beside the words, whose tips would stand open.
  await rows.nth(1).tap({ position: { x: 60, y: 20 } });
  const name = (await rows.nth(1).locator('b').textContent()) ?? '';
  const panel = page.getByRole('region', { name, exact: true });
  await expect(panel.getByRole('heading', { name })).toBeInViewport();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  await panel.getByRole('button', { name: 'Roll back' }).tap();
  const dialog = page.getByRole('alertdialog', { name: /^Roll back git-01/ });
  await expect(dialog).toContainText('newer snapshots stay');
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
});

test('all VMs: cards, a search, and snapshots of many', async ({ page, open }) => {
  // Cards that are out of sight are not drawn.
  await open('/snapshots?sort=-age');
  await expect(page.getByRole('listitem').filter({ hasText: 'before-upgrade-20240621' })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  await page.getByRole('searchbox', { name: 'Search snapshots' }).fill('before-upgrade');
  await expect(page.getByRole('listitem').filter({ hasText: 'weekly-auto' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Create snapshots' }).tap();
  const dialog = page.getByRole('dialog', { name: 'Create snapshots' });
  await dialog.getByRole('checkbox', { name: /^cache-01/ }).check();
  await expect(dialog.getByText('1 VM chosen')).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
});
