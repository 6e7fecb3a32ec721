// The form for a new VM on a phone.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, test } from './fixtures.ts';
import { button, field, fillIso } from './make.page.ts';

test.setTimeout(60_000);

test('step by step with a thumb: nothing is wider than the screen', async ({ page, open }) => {
  await open('/vms/new');
  await fillIso(page, 'phone-01');
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  await button(page, 'Back').click();
  await expect(field(page, 'Bridge')).toBeVisible();
  await expectNoSidewaysScroll(page);
  await button(page, 'Next').click();
  await button(page, 'Create VM').click();
  await expect(page.getByText('phone-01 is ready.')).toBeVisible({ timeout: 30_000 });
  await expectNoSidewaysScroll(page);
});
