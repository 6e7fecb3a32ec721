// The command palette at 390 by 844: a button without words, results in reach of a thumb.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, test } from './fixtures.ts';

test('a VM is found and opened on a phone', async ({ page, open }) => {
  await open('/');
  const button = page.getByRole('button', { name: 'Search or jump to…' });
  const box = await button.boundingBox();
  expect(box?.width, 'width of the button').toBeGreaterThanOrEqual(44);
  expect(box?.height, 'height of the button').toBeGreaterThanOrEqual(44);
  await expectNoSidewaysScroll(page);
  await button.tap();
  const palette = page.getByRole('dialog', { name: 'Search or jump to' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('web');
  const option = palette.getByRole('option', { name: /^web-server-01 101/ });
  await expect(option).toContainText('Running on proxmox-01');
  expect((await option.boundingBox())?.height, 'height of a result').toBeGreaterThanOrEqual(44);
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  await option.tap();
  await expect(page.getByRole('heading', { level: 1, name: 'web-server-01' })).toBeVisible();
});

test('the actions of a VM are in reach of a thumb', async ({ page, open }) => {
  await open('/');
  await page.getByRole('button', { name: 'Search or jump to…' }).tap();
  const palette = page.getByRole('dialog', { name: 'Search or jump to' });
  await page.keyboard.type('database-01');
  const found = palette.getByRole('option', { name: /^database-01 102/ });
  const box = await found.boundingBox();
  await found.tap({ position: { x: (box?.width ?? 0) - 20, y: 24 } });
  await palette.getByRole('option', { name: 'Start' }).tap();
  await expect(page.getByText('Start database-01: started').first()).toBeVisible();
});

test('it is left by its cross', async ({ page, open }) => {
  await open('/vms');
  await page.getByRole('button', { name: 'Search or jump to…' }).tap();
  const palette = page.getByRole('dialog', { name: 'Search or jump to' });
  await palette.getByRole('button', { name: 'Close' }).tap();
  await expect(palette).toBeHidden();
});
