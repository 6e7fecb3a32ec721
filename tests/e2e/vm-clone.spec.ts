// Copies of VMs, templates and snapshots.
import { expect, expectNoAxeViolations, FAILED_REQUESTS, refusal, test } from './fixtures.ts';
import { button, field, next, sent } from './make.page.ts';
import { item, openMenu } from './vms.page.ts';

test.setTimeout(90_000);

test('a template from its row: linked, set up by cloud-init, seen in the list', async ({ page, open, sim }) => {
  await open('/vms?q=debian-12-template');
  const menu = await openMenu(page, 'debian-12-template');
  await item(menu, 'Clone').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Clone debian-12-template' })).toBeVisible();
  await expect(field(page, 'VM ID')).not.toHaveValue('');
  await field(page, 'Name').fill('copy-01');
  await field(page, 'VM ID').fill('654');
  await next(page, 'Disks');
  await expect(button(page, 'Linked')).toHaveAttribute('aria-pressed', 'true');
  await expect(field(page, 'Storage')).toHaveCount(0);
  await field(page, 'Disk that grows').selectOption({ index: 1 });
  await field(page, 'New size').fill('1');
  await expect(page.getByText(/^It has \d+\s?GiB, and can only grow/)).toBeVisible();
  await field(page, 'New size').fill('64');
  await next(page, 'System');
  await field(page, 'Memory').fill('3072');
  await next(page, 'Networks');
  await field(page, 'Bridge of net0').selectOption('vmbr1');
  await field(page, 'VLAN of net0').fill('30');
  await next(page, 'Cloud-init');
  await field(page, 'User').fill('ops');
  await next(page, 'Review');
  await expect(page.getByRole('row', { name: /^Copy of template 9000 debian-12-template/ })).toBeVisible();
  await page.getByText('Show API calls').click();
  await expect(page.getByLabel('API calls', { exact: true })).toContainText(/POST '.*\/vms\/9000\/clone'.*"fullClone":false/s);
  await expectNoAxeViolations(page);
  await button(page, 'Clone VM').click();
  await expect(page.getByText('copy-01 is ready.')).toBeVisible({ timeout: 30_000 });
  expect(await sent(sim)).toEqual(['POST /vms/9000/clone', 'PUT /vms/654/config']);
  const config = await (await page.request.get(`${sim.url}/api/v1/vms/654/config`)).json();
  expect(config.ciuser).toBe('ops');
  expect(config.memory).toBe(3072);
  expect(config.net0).toMatch(/bridge=vmbr1,tag=30/);
  expect(JSON.stringify(config)).toContain('size=64G');
  await page.getByRole('link', { name: 'Open copy-01' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'copy-01' })).toBeVisible();
});

test('a VM from its page: full alone, with the reason; elsewhere only where its disks are shared', async ({ page, open }) => {
  await open('/vms/102');
  await page.getByRole('link', { name: 'Clone' }).click();
  await expect(field(page, 'Target node')).not.toHaveValue('');
  await expect(field(page, 'Target node').getByRole('option', { name: /its disks are on local-zfs, which proxmox-03 does not share/ })).toBeAttached();
  await field(page, 'Name').fill('copy-02');
  await next(page, 'Disks');
  await expect(page.getByText('Not linked: Only templates and snapshots can be linked to: a VM goes on changing.')).toBeVisible();
  await expect(button(page, 'Linked')).toHaveAttribute('aria-disabled', 'true');
  await expectNoAxeViolations(page);
});

test('a snapshot by its address', async ({ page, open, sim }) => {
  const list = (await (await page.request.get(`${sim.url}/api/v1/vms/101/snapshots`)).json()) as { name: string }[];
  const name = list.find((snapshot) => snapshot.name !== 'current')?.name ?? '';
  await open(`/vms/101/clone?snapshot=${name}`);
  await expect(page.getByRole('heading', { level: 1, name: `Clone web-server-01 at ${name}` })).toBeVisible();
  await expect(field(page, 'VM ID')).not.toHaveValue('');
  await field(page, 'Name').fill('from-snapshot');
  await next(page, 'Disks');
  await expect(page).toHaveURL(new RegExp(`snapshot=${name}&step=disks`));
  await expect(page.getByText(/links to templates, not to snapshots/).first()).toBeVisible();
  await page.getByRole('navigation', { name: 'Steps of the copy' }).getByRole('button', { name: /Review/ }).click();
  await page.getByText('Show API calls').click();
  await expect(page.getByLabel('API calls', { exact: true })).toContainText(`"snapshot":"${name}"`);
});

test.describe('when what is to be copied cannot be read', () => {
  test.use({ allowErrors: FAILED_REQUESTS });
  test('it says why, and tries again', async ({ page, open, sim }) => {
    await sim.faults(refusal('/api/v1/vms/101/detail', 500, 'got timeout'));
    await open('/vms/101/clone');
    const face = page.getByRole('alert').filter({ hasText: 'What is to be copied could not be read' });
    await expect(face).toContainText('got timeout');
    await sim.clearFaults();
    // It asks again by itself, too, and may be faster than the press.
    await expect(async () => {
      const again = face.getByRole('button', { name: 'Try again' });
      if (await again.isVisible()) await again.click({ timeout: 500 });
      await expect(field(page, 'Name')).toBeVisible({ timeout: 2_000 });
    }).toPass();
  });
});

test.describe('on shared storage', () => {
  test.use({ simArgs: ['--scenario', 'fleet', '--vms', '200'] });
  test('to another node and another storage, started afterwards', async ({ page, open, sim }) => {
    await open('/vms/90000/clone');
    await expect(field(page, 'VM ID')).not.toHaveValue('');
    await field(page, 'Name').fill('moved-01');
    const target = field(page, 'Target node');
    const here = await target.inputValue();
    const other = (await target.getByRole('option').evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value))).find((node) => node !== here && node !== '') ?? '';
    await target.selectOption(other);
    await next(page, 'Disks');
    await button(page, 'Full').click();
    await field(page, 'Storage').selectOption({ value: 'ceph-hdd' });
    await page.getByRole('navigation', { name: 'Steps of the copy' }).getByRole('button', { name: /Review/ }).click();
    await field(page, 'Start it when it is ready').check();
    await button(page, 'Clone VM').click();
    await expect(page.getByText('moved-01 is ready.')).toBeVisible({ timeout: 40_000 });
    expect(await sent(sim)).toHaveLength(2);
    const made = ((await (await page.request.get(`${sim.url}/api/v1/vms?namePattern=moved-01`)).json()) as { node: string; status: string }[])[0];
    expect(made).toMatchObject({ node: other, status: 'running' });
  });
});

test.describe('when something fails', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('a source that is locked can not be copied; what is typed waits', async ({ page, open, sim }) => {
    await sim.vm(102, { lock: null });
    await open('/vms/102/clone');
    await expect(field(page, 'VM ID')).not.toHaveValue('');
    await field(page, 'Name').fill('locked-01');
    await page.getByRole('navigation', { name: 'Steps of the copy' }).getByRole('button', { name: /Review/ }).click();
    await sim.vm(102, { lock: 'backup' });
    await expect(button(page, 'Clone VM')).toHaveAccessibleDescription(/^VM is locked \(backup\)/);
    await sim.vm(102, { lock: null });
    await expect(button(page, 'Clone VM')).not.toHaveAttribute('aria-disabled', 'true');
    // The lock comes in between: the server refuses, the form is still there.
    await sim.faults({ path: '/api/v1/vms/102/clone', method: 'POST', status: 409, body: { error: 'VM_LOCKED', message: 'VM is locked (backup)', status: 409 } });
    await button(page, 'Clone VM').click();
    await expect(page.getByText('VM is locked (backup)')).toBeVisible();
    await sim.clearFaults();
    await button(page, 'Back to the form').click();
    await expect(page.getByRole('row', { name: 'Name locked-01' })).toBeVisible();
  });

  test('a copy whose answer is lost is followed, not made again', async ({ page, open, sim }) => {
    await open('/vms/9000/clone');
    await expect(field(page, 'VM ID')).not.toHaveValue('');
    await field(page, 'Name').fill('lost-02');
    await page.getByRole('navigation', { name: 'Steps of the copy' }).getByRole('button', { name: /Review/ }).click();
    await sim.faults({ path: '/api/v1/vms/9000/clone', method: 'POST', kind: 'cut', after: true });
    await button(page, 'Clone VM').click();
    await expect(page.getByText('lost-02 is ready.')).toBeVisible({ timeout: 40_000 });
    expect(await sent(sim)).toHaveLength(1);
  });
});

test('the form for a new VM leads to the templates', async ({ page, open }) => {
  await open('/vms/new?step=source');
  await button(page, 'Template').click();
  await page.getByRole('link', { name: 'Clone debian-12-template' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Clone debian-12-template' })).toBeVisible();
});
