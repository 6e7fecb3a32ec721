// The kit in the gallery of the development build: dialogs and fields as keyboards and screen readers have them.
import { expect, expectNoAxeViolations, test, type Page } from './fixtures.ts';

test.use({ served: 'gallery' });

const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test.describe('dialogs', () => {
  test('the focus goes in, stays in, and comes back', async ({ page, open }) => {
    await open('/dev/components');
    const opener = page.getByRole('button', { name: 'Edit a name' });
    await opener.click();
    const dialog = page.getByRole('dialog', { name: 'Edit a name' });
    const inside = () => dialog.evaluate((element) => element.contains(document.activeElement));
    await expect(dialog).toBeVisible();
    await expect.poll(inside).toBe(true);
    const reached = new Set<string>();
    for (let step = 0; step < 8; step += 1) {
      await page.keyboard.press('Tab');
      // Between last and first control the browser's own bar has its turn: then the body has it.
      expect(await dialog.evaluate((element) => element.contains(document.activeElement) || document.activeElement === document.body)).toBe(true);
      reached.add(await page.evaluate(() => document.activeElement?.textContent?.trim() ?? ''));
    }
    expect([...reached]).toEqual(expect.arrayContaining(['Cancel', 'Save']));
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(opener).toBeFocused();
  });

  test('a question begins at the way back; Escape takes it', async ({ page, open }) => {
    await open('/dev/components');
    const opener = page.getByRole('button', { name: 'Ask whether to stop' });
    await opener.click();
    const dialog = page.getByRole('alertdialog', { name: 'Stop web-server-01?' });
    await expect(dialog.getByRole('button', { name: 'Keep running' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(opener).toBeFocused();
  });

  test('a refusal keeps it open with the words; the next try closes it', async ({ page, open }) => {
    await open('/dev/components');
    await page.getByRole('button', { name: 'Ask whether to stop' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Stop web-server-01?' });
    const verb = dialog.getByRole('button', { name: 'Stop VM' });
    await verb.click();
    await expect(dialog.getByRole('alert').first()).toContainText('VM is locked (backup)');
    await expect(dialog).toBeVisible();
    await verb.click();
    await expect(dialog).toBeHidden();
  });

  test('the worst asks for the name, exactly', async ({ page, open }) => {
    await open('/dev/components');
    await page.getByRole('button', { name: 'Ask whether to delete' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Delete web-server-01?' });
    const field = dialog.getByLabel(/^Type web-server-01/);
    const verb = dialog.getByRole('button', { name: 'Delete VM' });
    await expect(field).toBeFocused();
    await field.fill('Web-Server-01');
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(/upper and lower case/);
    await page.keyboard.press('Enter');
    await expect(dialog).toBeVisible();
    await expect(verb).toHaveAttribute('aria-disabled', 'true');
    await field.fill('web-server-01');
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
  });
});

test.describe('fields', () => {
  test('an error stands in the place of the help, and is told with the field', async ({ page, open }) => {
    await open('/dev/components');
    const form = part(page, 'A form that checks');
    const name = form.getByLabel('Name');
    await expect(name).toHaveAccessibleDescription('Letters, digits and hyphens');
    await expect(name).not.toHaveAttribute('aria-invalid', 'true');
    const before = await form.boundingBox();
    await form.getByRole('button', { name: 'Check' }).click();
    await expect(name).toHaveAttribute('aria-invalid', 'true');
    await expect(name).toHaveAccessibleDescription('A VM needs a name');
    await expect(form.getByText('Letters, digits and hyphens')).toHaveCount(0);
    // The line is there already: nothing moves.
    expect((await form.boundingBox())?.height).toBe(before?.height);
    await name.fill('web-server-01');
    await expect(name).toHaveAccessibleDescription('Letters, digits and hyphens');
    await expect(name).not.toHaveAttribute('aria-invalid', 'true');
    const memory = form.getByRole('spinbutton', { name: 'Memory' });
    await memory.fill('1000');
    await expect(memory).toHaveAccessibleDescription('Must be a multiple of 1024');
    await memory.fill('2048');
    await memory.press('ArrowUp');
    await expect(memory).toHaveValue('3072');
    await expect(form.getByRole('status')).toHaveText('Everything can be taken');
  });

  test('every kind of field tells its error', async ({ page, open }) => {
    await open('/dev/components');
    const wrong = part(page, 'Wrong');
    const told: [string, RegExp][] = [
      ['Wrong name', /^No spaces$/],
      ['Wrong cores', /^At most 32$/],
      ['Wrong guest type', /^Choose one$/],
      ['Wrong notes', /12 characters too many/],
      ['Wrong switch', /does not allow it/],
      ['Wrong box', /Must be agreed to/],
    ];
    for (const [name, why] of told) {
      const field = wrong.getByLabel(name, { exact: true });
      await expect(field, name).toHaveAttribute('aria-invalid', 'true');
      await expect(field, name).toHaveAccessibleDescription(why);
    }
  });

  test('what is locked keeps its value', async ({ page, open }) => {
    await open('/dev/components');
    const locked = part(page, 'Locked');
    await expect(locked.getByLabel('Locked name')).not.toBeEditable();
    await expect(locked.getByLabel('Locked guest type')).toBeDisabled();
    await expect(locked.getByLabel('Locked guest type')).toHaveValue('win11');
    await locked.getByLabel('Locked switch').click({ force: true });
    await expect(locked.getByLabel('Locked switch')).toBeChecked();
  });
});

test('charts say in words what they draw, also where there is little', async ({ page, open }) => {
  await open('/dev/components');
  const charts = part(page, 'Charts');
  await expect(charts.getByRole('figure', { name: 'Two lines' })).toContainText(/CPU: now [\d.]+\s%/);
  await expect(charts.getByRole('figure', { name: 'Zero' })).toContainText(/now 0(\.0)?\s%/);
  await expect(charts.getByRole('figure', { name: 'No data' })).toContainText('The second sample comes in a few seconds');
});

test('axe finds nothing in the whole kit', async ({ page, open }) => {
  await open('/dev/components');
  await expect(part(page, 'Forms')).toBeVisible();
  await expectNoAxeViolations(page);
});
