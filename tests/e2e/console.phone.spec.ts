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
  // A keyboard that works on a word says it again and again, and changes it: the guest has it once.
  const keyboard = await page.context().newCDPSession(page);
  const make = (text: string) => keyboard.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  for (const text of ['e', 'ec', 'ech', 'echi']) await make(text);
  await keyboard.send('Input.insertText', { text: 'echo' });
  await page.keyboard.insertText(' wo');
  await make('rt');
  await make('rd');
  await keyboard.send('Input.insertText', { text: 'rd' });
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await sim.guest('101')).screen).toMatch(/# echo word\nword\n/);
  await page.getByRole('button', { name: 'Type text', exact: true }).tap();
  await expect(page.getByLabel('Text to type')).toBeVisible();
  await expectNoSidewaysScroll(page);

  // At its actual size a finger moves the picture.
  await page.getByRole('button', { name: 'Type text', exact: true }).tap();
  const display = async (item: string) => {
    await page.getByRole('button', { name: 'Display', exact: true }).tap();
    await page.getByRole('menuitemcheckbox', { name: item }).or(page.getByRole('menuitemradio', { name: item })).tap();
    await page.keyboard.press('Escape');
  };
  await display('Actual size');
  await display('Drag moves the picture');
  const screen = page.getByRole('application', { name: 'Screen of web-server-01' });
  const picture = () => screen.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const before = await picture();
  const { x, y } = (await screen.boundingBox())!;
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: number) =>
    keyboard.send('Input.dispatchTouchEvent', { type, touchPoints: at === undefined ? [] : [{ x: x + at, y: y + 60 }] });
  await touch('touchStart', 300);
  for (const at of [280, 240, 200, 120, 60]) await touch('touchMove', at);
  await touch('touchEnd');
  await expect.poll(picture).not.toBe(before);
});
