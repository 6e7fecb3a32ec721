// Two people change the same VM: for each setting theirs, mine, or the value before both.
import { expect, expectNoAxeViolations, FAILED_REQUESTS, test, type Page, type Sim } from './fixtures.ts';

const dialogOf = (page: Page) => page.getByRole('dialog', { name: /web-server-01$/ });
const found = (page: Page) => dialogOf(page).getByRole('group', { name: 'Changed meanwhile' });
const setting = (page: Page, name: string) => found(page).getByRole('group', { name, exact: true });

async function edit(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Edit: System' }).click();
  await expect(dialogOf(page).getByLabel('Name', { exact: true })).toHaveValue('web-server-01');
}

async function save(page: Page): Promise<void> {
  await dialogOf(page).getByRole('button', { name: 'Review changes' }).click();
  await dialogOf(page).getByRole('button', { name: 'Save changes' }).click();
}

/** Somebody else saves between the last poll and this form's own request. */
async function overtaken(page: Page, sim: Sim, config: Record<string, unknown>): Promise<void> {
  await dialogOf(page).getByRole('button', { name: 'Review changes' }).click();
  await sim.vm(101, { config });
  await dialogOf(page).getByRole('button', { name: 'Save changes' }).click();
  await expect(found(page)).toBeVisible();
}

test.describe('a digest that no longer fits', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('each setting is chosen on its own, and nothing typed is lost', async ({ page, open, sim }) => {
    await open('/vms/101');
    await edit(page);
    const dialog = dialogOf(page);
    await dialog.getByLabel('Memory', { exact: true }).fill('8192');
    await dialog.getByRole('spinbutton', { name: /^Balloon/ }).fill('1024');
    await dialog.getByLabel('Notes').fill('Front of the shop');
    await overtaken(page, sim, { memory: 6144, balloon: 3072, onboot: 0, ide2: 'none,media=cdrom,x=1' });

    // What was typed is what is gone on with unless something else is chosen; untouched: theirs.
    const memory = setting(page, 'Memory');
    await expect(memory.getByRole('radio', { name: /^Theirs\s*6/ })).not.toBeChecked();
    await expect(memory.getByRole('radio', { name: /^Mine\s*8/ })).toBeChecked();
    await expect(memory.getByRole('radio', { name: /^Before\s*4/ })).not.toBeChecked();
    await expect(setting(page, 'Starts with node').getByRole('radio', { name: /^Theirs\s*No/ })).toBeChecked();
    await expect(found(page)).toContainText(/ide2.*stays as they saved it/);
    await expectNoAxeViolations(page);

    await setting(page, 'Balloon').getByRole('radio', { name: /^Theirs/ }).check();
    await setting(page, 'Starts with node').getByRole('radio', { name: /^Before/ }).check();
    await found(page).getByRole('button', { name: 'Go on with these values' }).click();
    await expect(found(page)).toBeHidden();
    await expect(dialog.getByLabel('Memory', { exact: true })).toHaveValue('8192');
    await expect(dialog.getByRole('spinbutton', { name: /^Balloon/ })).toHaveValue('3072');
    await expect(dialog.getByLabel('Notes')).toHaveValue('Front of the shop');
    await expect(dialog.getByRole('switch', { name: 'Starts with its node' })).toBeChecked();

    await dialog.getByRole('button', { name: 'Review changes' }).click();
    const row = (name: string) => dialog.getByRole('row').filter({ hasText: name });
    await expect(row('Memory')).toContainText('6');
    await expect(row('Starts with node')).toContainText('Yes');
    await expect(row('Balloon')).toHaveCount(0);
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('region', { name: 'Notes' })).toContainText('Front of the shop');
  });

  test('the value before both can be taken, by keys', async ({ page, open, sim }) => {
    await open('/vms/101');
    await edit(page);
    const dialog = dialogOf(page);
    await dialog.getByLabel('Cores', { exact: true }).fill('8');
    await overtaken(page, sim, { cores: 2 });
    const cores = setting(page, 'Cores');
    await cores.getByRole('radio', { name: /^Mine/ }).focus();
    await page.keyboard.press('ArrowDown');
    await expect(cores.getByRole('radio', { name: /^Before\s*4/ })).toBeChecked();
    await expect(cores.getByRole('radio', { name: /^Before/ })).toBeFocused();
    await found(page).getByRole('button', { name: 'Go on with these values' }).click();
    await expect(dialog.getByLabel('Cores', { exact: true })).toHaveValue('4');
    await save(page);
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('region', { name: 'System' })).toContainText('4 at the next start');
  });
});

test('what was typed wrongly is shown as typed, not as unchanged', async ({ page, open, sim }) => {
  await open('/vms/101');
  await edit(page);
  await dialogOf(page).getByLabel('Cores', { exact: true }).fill('0');
  await sim.vm(101, { config: { cores: 2 } });
  await expect(setting(page, 'Cores').getByRole('radio', { name: /^Mine\s*0/ })).toBeChecked({ timeout: 20_000 });
});

test('name, guest and CPU type are edited, with a diff and what waits for a start', async ({ page, open }) => {
  await open('/vms/101');
  await edit(page);
  const dialog = dialogOf(page);
  await dialog.getByLabel('Name', { exact: true }).fill('web_server');
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveAccessibleDescription(/hyphens and dots/);
  await expect(dialog.getByRole('button', { name: 'Review changes' })).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByLabel('Name', { exact: true }).fill('web-front');
  await dialog.getByLabel('Guest', { exact: true }).selectOption({ label: 'Windows 11, 2022, 2025' });
  await dialog.getByLabel('CPU type').selectOption('host');
  await expectNoAxeViolations(page);
  await dialog.getByRole('button', { name: 'Review changes' }).click();
  const row = (name: string) => dialog.getByRole('row').filter({ hasText: name });
  await expect(row('Name')).toContainText('web-front');
  await expect(row('Name')).not.toContainText('at the next start');
  await expect(row('Guest')).toContainText('Windows 11, 2022, 2025');
  await expect(row('Guest')).toContainText('at the next start');
  await expect(row('CPU type')).toContainText('at the next start');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('web-front');
  await expect(page.getByRole('region', { name: 'System' })).toContainText('host at the next start');
});
