// What is typed and not saved is not lost by a slip.
import { expect, expectNoAxeViolations, test, type Page } from './fixtures.ts';

const question = (page: Page) => page.getByRole('alertdialog', { name: 'Leave without saving?' });
const address = (page: Page) => page.getByLabel(/^Server address/);

async function typed(page: Page, open: (path?: string) => Promise<void>): Promise<void> {
  await open('/vms');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Settings' }).click();
  await address(page).fill('https://elsewhere.example');
}

test('a link asks first, names what would be lost, and begins at Stay', async ({ page, open }) => {
  await typed(page, open);
  await page.getByRole('link', { name: 'Dashboard' }).first().click();
  await expect(question(page)).toContainText('the server address');
  await expect(question(page).getByRole('button', { name: 'Stay' })).toBeFocused();
  await expectNoAxeViolations(page);
  await page.keyboard.press('Enter');
  await expect(question(page)).toBeHidden();
  await expect(address(page)).toHaveValue('https://elsewhere.example');
  await expect(page).toHaveURL(/\/settings$/);
  await page.getByRole('link', { name: 'Dashboard' }).first().click();
  await question(page).getByRole('button', { name: 'Leave' }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole('button', { name: 'Arrange' })).toBeVisible();
});

test('the back button asks; Stay keeps the page and its address, Leave goes back', async ({ page, open }) => {
  await typed(page, open);
  await page.evaluate(() => history.back());
  await expect(question(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(question(page)).toBeHidden();
  await expect(page).toHaveURL(/\/settings$/);
  await expect(address(page)).toHaveValue('https://elsewhere.example');
  await page.evaluate(() => history.back());
  await question(page).getByRole('button', { name: 'Leave' }).click();
  await expect(page).toHaveURL(/\/vms$/);
  await expect(page.getByRole('grid')).toBeVisible();
});

test('keys and the palette ask, too', async ({ page, open }) => {
  await typed(page, open);
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('g');
  await page.keyboard.press('v');
  await expect(question(page)).toBeVisible();
  await question(page).getByRole('button', { name: 'Stay' }).click();
  await expect(address(page)).toHaveValue('https://elsewhere.example');
});

test('closing the tab asks while something is typed, and not once it is taken back', async ({ page, open }) => {
  await typed(page, open);
  const asked = page.waitForEvent('dialog');
  const reload = page.evaluate(() => location.reload());
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await reload.catch(() => {});
  await expect(address(page)).toHaveValue('https://elsewhere.example');
  await address(page).fill('');
  let again = false;
  page.on('dialog', (other) => {
    again = true;
    void other.accept();
  });
  await page.reload();
  await expect(address(page)).toHaveValue('');
  expect(again).toBe(false);
});

test('nothing typed, nothing asked', async ({ page, open }) => {
  await open('/settings');
  await expect(address(page)).toBeVisible();
  await page.getByRole('link', { name: 'Virtual machines' }).first().click();
  await expect(page).toHaveURL(/\/vms$/);
  await expect(question(page)).toHaveCount(0);
});

test('the name of a view and a new tag outlive a closed surface', async ({ page, open }) => {
  await open('/vms');
  await page.getByRole('button', { name: 'Views' }).click();
  const name = page.getByLabel('Save the present list as');
  await name.fill('My favourites');
  await page.keyboard.press('Escape');
  await expect(name).toBeHidden();
  await page.getByRole('link', { name: 'Dashboard' }).first().click();
  await expect(question(page)).toContainText('the name of a view');
  await question(page).getByRole('button', { name: 'Stay' }).click();
  await page.getByRole('button', { name: 'Views' }).click();
  await expect(name).toHaveValue('My favourites');
  await page.getByRole('button', { name: 'Save view' }).click();
  await expect(name).toHaveValue('');

  await open('/vms/101');
  await page.getByRole('button', { name: 'tag', exact: true }).click();
  const tag = page.getByLabel('New tag');
  await tag.fill('half-typed');
  await page.keyboard.press('Escape');
  await expect(tag).toBeHidden();
  // Another tab of the same page loses nothing.
  await page.getByRole('link', { name: 'Hardware' }).click();
  await expect(page).toHaveURL(/\/vms\/101\/hardware/);
  await page.getByRole('link', { name: 'Dashboard' }).first().click();
  await expect(question(page)).toContainText('a new tag');
  await question(page).getByRole('button', { name: 'Leave' }).click();
  await expect(page.getByRole('button', { name: 'Arrange' })).toBeVisible();
});

test('the form of a VM keeps its draft when the page is left, and asks before it is discarded', async ({ page, open }) => {
  await open('/vms/101');
  await page.getByRole('button', { name: /^Edit/ }).first().click();
  const form = page.getByRole('dialog', { name: /^Edit/ });
  await form.getByRole('spinbutton', { name: 'Cores' }).fill('7');
  await page.keyboard.press('Escape');
  await expect(form.getByText('Discard what you have typed?')).toBeVisible();
  await form.getByRole('button', { name: 'Keep editing' }).click();
  const asked = page.waitForEvent('dialog');
  const reload = page.evaluate(() => location.reload());
  await (await asked).dismiss();
  await reload.catch(() => {});
  await expect(form.getByRole('spinbutton', { name: 'Cores' })).toHaveValue('7');
});
