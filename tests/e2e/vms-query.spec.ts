// Searching the list in the query language: completing, combining, mistakes, one hit.
import { expect, expectNoAxeViolations, test, type Page } from './fixtures.ts';
import { counted, filters, names, row, search } from './vms.page.ts';

const option = (page: Page, name: string | RegExp) => page.getByRole('option', { name });

test('fields and values are completed by keys alone, with how many VMs have them', async ({ page, open }) => {
  await open('/vms');
  await expect(row(page, 'web-server-01')).toBeVisible();
  await page.keyboard.press('/');
  await expect(search(page)).toBeFocused();
  await page.keyboard.type('sta');
  await expect(option(page, /^status:/)).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(search(page)).toHaveValue('status:');
  await expect(option(page, /^running\s*\d+$/)).toBeVisible();
  await page.keyboard.type('stop');
  await page.keyboard.press('ArrowDown');
  await expect(search(page)).toHaveAttribute('aria-activedescendant', /.+/);
  await page.keyboard.press('Enter');
  await expect(search(page)).toHaveValue('status:stopped ');
  await expect(search(page)).toBeFocused();
  await expect(row(page, 'database-01')).toBeVisible();
  await expect(row(page, 'web-server-01')).toBeHidden();
  await expect(page).toHaveURL(/\?q=status:stopped(%20)?$/);
});

test('conditions are combined; each is a chip of its own', async ({ page, open }) => {
  await open('/vms');
  await search(page).fill('tag:env-prod NOT (node:proxmox-02 OR status:stopped)');
  await expect(row(page, 'web-server-01')).toBeVisible();
  await expect(row(page, 'web-server-02')).toBeHidden();
  await expect(counted(page, /^\d+ of 44 VMs$/)).toBeVisible();
  await expect(page).toHaveURL(/q=tag/);
  await page.reload();
  await expect(row(page, 'web-server-01')).toBeVisible();
  await expect(row(page, 'web-server-02')).toBeHidden();
  await filters(page).getByRole('button', { name: 'Remove filter search NOT (node:proxmox-02 OR status:stopped)' }).click();
  await expect(search(page)).toHaveValue('tag:env-prod');
  await expect(row(page, 'web-server-02')).toBeVisible();
});

test('figures are compared, also after a poll', async ({ page, open, sim }) => {
  await open('/vms?q=mem:%3E95%25');
  await expect(search(page)).toHaveValue('mem:>95%');
  await expect(row(page, 'web-server-01')).toBeHidden();
  // Its own ups and downs go on meanwhile.
  await expect(async () => {
    await sim.vm(101, { mem: 4_290_000_000 });
    await expect(row(page, 'web-server-01')).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
});

test('a mistake is explained, nothing typed is lost, and the rows stay', async ({ page, open }) => {
  await open('/vms');
  await search(page).fill('name:web');
  await expect(row(page, 'database-01')).toBeHidden();
  const before = await names(page);
  await search(page).pressSequentially(' AND (');
  const note = page.getByRole('status').filter({ hasText: /parenthesis|condition|missing|close/i });
  await expect(note).toBeVisible();
  await expect(search(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(search(page)).toHaveValue('name:web AND (');
  expect(await names(page)).toEqual(before);
  await search(page).pressSequentially('tag:env-prod)');
  await expect(note).toBeHidden();
  await expect(search(page)).not.toHaveAttribute('aria-invalid', 'true');
});

test('an operator in small letters is a word, and the box says so', async ({ page, open }) => {
  await open('/vms');
  await search(page).fill('web and prod');
  await expect(page.getByRole('status').filter({ hasText: 'write AND to join' })).toBeVisible();
  await expect(search(page)).not.toHaveAttribute('aria-invalid', 'true');
});

test('Enter opens the only hit, and nothing where there are more', async ({ page, open }) => {
  await open('/vms');
  await search(page).fill('web-server');
  await page.keyboard.press('Escape');
  await search(page).fill('web-server');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/vms(\?.*)?$/);
  await search(page).fill('web-server-02');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/vms\/104$/);
  await page.goBack();
  await expect(search(page)).toHaveValue('web-server-02');
});

test('Escape closes the list, then clears, then leaves', async ({ page, open }) => {
  await open('/vms');
  await search(page).fill('tag:');
  await expect(option(page, /^env-prod/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(option(page, /^env-prod/)).toBeHidden();
  await expect(search(page)).toHaveValue('tag:');
  await page.keyboard.press('Escape');
  await expect(search(page)).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(search(page)).not.toBeFocused();
});

test('has nothing for axe with its list open or with a mistake', async ({ page, open }) => {
  await open('/vms');
  await search(page).fill('tag:');
  await expect(option(page, /^env-prod/)).toBeVisible();
  await expectNoAxeViolations(page);
  await search(page).fill('status:running AND (');
  await expect(search(page)).toHaveAttribute('aria-invalid', 'true');
  await expectNoAxeViolations(page);
});
