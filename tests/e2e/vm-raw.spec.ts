// The configuration as Proxmox has it, beside the words.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, FAILED_REQUESTS, refusal, test, type Page } from './fixtures.ts';

const view = (page: Page) => page.getByRole('group', { name: 'How the configuration is shown' });
const raw = (page: Page) => page.getByRole('region', { name: 'Raw configuration' });
const tab = (page: Page, name: string) => page.getByRole('navigation', { name: /^Parts of/ }).getByRole('link', { name });
const lines = async (page: Page) => (await raw(page).getByLabel('Configuration, a line a setting').innerText()).trim().split('\n');

test('every key in its line, sorted, on each tab of the configuration', async ({ page, open, sim }) => {
  await sim.vm(101, { config: { net10: 'virtio=AA:BB:CC:DD:EE:10,bridge=vmbr0', description: 'one\ntwo' } });
  await open('/vms/101');
  await expect(view(page).getByRole('button', { name: 'Words' })).toHaveAttribute('aria-pressed', 'true');
  await view(page).getByRole('button', { name: 'Raw' }).click();
  await expect(page).toHaveURL(/as=raw/);
  // The switch stays where it is, and so does the focus.
  await expect(view(page).getByRole('button', { name: 'Raw' })).toBeFocused();
  await expect(page.getByRole('region', { name: 'System' })).toHaveCount(0);
  const all = await lines(page);
  expect(all).toContain('boot: order=scsi0;ide2;net0');
  expect(all).toContain('memory: 4096');
  expect(all).toContain('description: one%0Atwo');
  const keys = all.map((line) => line.split(':')[0]);
  expect(keys.indexOf('net1')).toBeLessThan(keys.indexOf('net10'));
  const plain = keys.filter((key) => !/^net\d/.test(key!));
  expect(plain.length).toBeGreaterThan(10);
  expect(plain).toEqual([...plain].sort());
  expect(keys).not.toContain('digest');
  await expectNoAxeViolations(page);

  // It holds on the tabs that have it, over a reload, and beside the range of the charts.
  await page.getByRole('button', { name: 'Day', exact: true }).click();
  await expect(page).toHaveURL(/range=day&as=raw/);
  await tab(page, 'Hardware').click();
  await expect(page).toHaveURL(/\/hardware\?as=raw$/);
  await expect(raw(page)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Disks and drives' })).toHaveCount(0);
  await page.reload();
  await expect(raw(page)).toContainText('scsi0: local-zfs:vm-101-disk-0,size=50G');
  await tab(page, 'Options').click();
  await expect(raw(page)).toBeVisible();
  await view(page).getByRole('button', { name: 'Words' }).click();
  await expect(page).toHaveURL(/\/options$/);
  await expect(page.getByRole('region', { name: 'Options' })).toContainText('Start at boot');
});

test('all of it is copied at once, as it is read', async ({ page, open, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open('/vms/101/options?as=raw');
  const shown = await lines(page);
  await raw(page).getByRole('button', { name: 'Copy the whole configuration' }).click();
  await expect(raw(page).getByRole('button', { name: 'Copied' })).toBeVisible();
  expect((await page.evaluate(() => navigator.clipboard.readText())).split('\n')).toEqual(shown);
});

test('what waits for a start stands behind what holds', async ({ page, open }) => {
  await open('/vms/101/options?as=raw');
  await expect(raw(page)).toContainText('memory: 4096');
  await raw(page).getByRole('button', { name: 'Edit: Options' }).click();
  const dialog = page.getByRole('dialog', { name: /web-server-01$/ });
  await dialog.getByLabel('Memory', { exact: true }).fill('8192');
  await dialog.getByLabel('CPU type').selectOption('host');
  await dialog.getByRole('button', { name: 'Review changes' }).click();
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(dialog).toBeHidden();
  await expect(raw(page)).toContainText('2 wait for the next start');
  const all = await lines(page);
  expect(all).toContain('memory: 4096 -> 8192');
  expect(all).toContain('cpu: x86-64-v2-AES -> host');
  await expectNoAxeViolations(page);
});

test('a password is told nowhere', async ({ page, open, sim }) => {
  await sim.vm(101, { config: { cipassword: 'open-sesame', ciuser: 'admin' } });
  await open('/vms/101/options');
  const options = page.getByRole('region', { name: 'Options' });
  await expect(options).toContainText('Set, not shown');
  await expect(options).toContainText('admin');
  expect(await page.content()).not.toContain('open-sesame');
  await view(page).getByRole('button', { name: 'Raw' }).click();
  await expect(raw(page)).toContainText('cipassword: (hidden)');
  expect(await page.content()).not.toContain('open-sesame');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('long lines are broken', async ({ page, open, sim }) => {
    await sim.vm(101, { config: { args: `-device ${'x'.repeat(300)}` } });
    await open('/vms/101/hardware?as=raw');
    await expect(raw(page)).toContainText('args: -device');
    await expectNoSidewaysScroll(page);
  });
});

test.describe('failures', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('where it is not known what waits, the lines say so and can be asked again', async ({ page, open, sim }) => {
    await sim.faults(refusal('/api/v1/vms/101/pending', 500, 'cannot open /etc/pve'));
    await open('/vms/101/options?as=raw');
    await expect(raw(page)).toContainText('memory: 4096');
    await expect(raw(page).getByText(/not known whether anything waits.*cannot open \/etc\/pve/)).toBeVisible();
    await sim.clearFaults();
    await raw(page).getByRole('button', { name: 'Try again' }).click();
    await expect(raw(page).getByText(/not known whether anything waits/)).toHaveCount(0);
  });

  test('without a configuration there is the reason, and the switch stays', async ({ page, open, sim }) => {
    await sim.faults(refusal('/api/v1/vms/101/detail', 500, 'proxmox-01 does not answer'));
    await open('/vms/101/options?as=raw');
    await expect(raw(page).getByText('The configuration could not be loaded')).toBeVisible();
    await expect(raw(page).getByText('proxmox-01 does not answer')).toBeVisible();
    await expect(view(page).getByRole('button', { name: 'Raw' })).toHaveAttribute('aria-pressed', 'true');
    await sim.clearFaults();
    // The page tries again by itself.
    await expect(raw(page)).toContainText('memory: 4096', { timeout: 20_000 });
  });
});

test.describe('the server as shipped', () => {
  test.use({ simArgs: ['--scenario', 'guide', '--contract', 'server'] });

  test('says that it does not tell what waits', async ({ page, open }) => {
    await open('/vms/101/options?as=raw');
    await expect(raw(page)).toContainText('memory: 4096');
    await expect(raw(page)).toContainText('This server does not tell what waits for the next start');
  });
});
