// A console on a phone: the keyboard on the glass reaches the guest.
import { expect, expectNoSidewaysScroll, test } from './fixtures.ts';

test('letters from the keyboard on the glass reach the guest', async ({ page, open, sim }) => {
  await open('/vms/101/console');
  await expect(page.getByRole('application', { name: 'Screen of web-server-01' })).toBeVisible();
  await page.getByRole('button', { name: 'Keyboard', exact: true }).tap();
  await expect(page.getByLabel('Letters for the guest')).toBeFocused();
  await page.keyboard.insertText('echo touc');
  await page.keyboard.insertText('hx');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await sim.guest('101')).screen).toMatch(/\ntouch\n/);
  await page.getByRole('button', { name: 'Type text', exact: true }).tap();
  await expect(page.getByLabel('Text to type')).toBeVisible();
  await expectNoSidewaysScroll(page);
});
