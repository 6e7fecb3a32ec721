// The form for a new VM: what is typed is checked, kept and sent once.
import { expect, expectNoAxeViolations, FAILED_REQUESTS, refusal, test } from './fixtures.ts';
import { begin, button, field, fillIso, next, sent } from './make.page.ts';

test.setTimeout(90_000);

test('from an ISO image: each step, the review, the very requests, a VM that runs', async ({ page, open, sim }) => {
  await open('/vms');
  await page.getByRole('link', { name: 'Create VM' }).click();
  await fillIso(page, 'web-server-09');
  await expect(page).toHaveURL(/step=review/);
  await expect(page.getByRole('row', { name: /^Source ISO image debian-12\.5/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^scsi0 32\s?GiB on local-zfs, discard/ })).toBeVisible();
  await page.getByText('Show API calls').click();
  const calls = page.getByLabel('API calls', { exact: true });
  await expect(calls).toContainText(/curl -X POST '.*\/api\/v1\/vms'.*"name":"web-server-09"/s);
  await expect(calls).toContainText('local:iso/debian-12.5.0-amd64-netinst.iso,media=cdrom');
  await expect(calls).not.toContainText('X-API-Key');
  await field(page, 'Start it when it is ready').check();
  await expect(calls).toContainText(/POST '.*\/start'/);
  await expectNoAxeViolations(page);
  const id = (await calls.textContent())?.match(/"vmId":(\d+)/)?.[1];
  expect(await sent(sim)).toEqual([]);

  await button(page, 'Create VM').click();
  await expect(page.getByText('web-server-09 is ready.')).toBeVisible({ timeout: 30_000 });
  await expectNoAxeViolations(page);
  expect(await sent(sim)).toEqual(['POST /vms', `PUT /vms/${id}/config`, `POST /vms/${id}/start`]);
  await page.getByRole('link', { name: 'Open web-server-09' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'web-server-09' })).toBeVisible();
  await expect(page.getByText('Running').first()).toBeVisible();
  // What was carried out is not offered again.
  await page.goto(`${sim.url}/vms/new`);
  await begin(page);
  await expect(field(page, 'Name')).toHaveValue('');
});

test('from a cloud image: user, keys and addresses arrive', async ({ page, open, sim }) => {
  await open('/vms/new');
  await begin(page);
  await field(page, 'Name').fill('cloud-01');
  await field(page, 'VM ID').fill('777');
  await next(page, 'Source');
  await button(page, 'Cloud image').click();
  await field(page, 'Image').selectOption({ value: 'local:iso/debian-12-genericcloud-amd64.img' });
  await next(page, 'System');
  await next(page, 'Disks');
  await button(page, 'Add disk').click();
  await next(page, 'Networks');
  await button(page, 'Add network').click();
  await field(page, 'Bridge').nth(1).selectOption('vmbr1');
  await field(page, 'VLAN').nth(1).fill('20');
  await next(page, 'Cloud-init');
  await field(page, 'User').fill('debian');
  await field(page, 'SSH keys').fill('ssh-ed25519 AAAA');
  await button(page, 'Next').click();
  await expect(page.getByText('Line 1 is cut off: the key behind its kind is not whole')).toBeVisible();
  await expect(field(page, 'SSH keys')).toBeFocused();
  await field(page, 'SSH keys').fill('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGLmQqfp8X5DUVxLruBsCmJ7m4mDGcr5V7e2BXMkNPDp me');
  await field(page, 'IPv4 of net1').selectOption('Static');
  await field(page, 'IPv4 address of net1').fill('10.0.0.5/24');
  await field(page, 'IPv4 gateway of net1').fill('10.0.1.1');
  await expect(page.getByText('Not in the network of 10.0.0.5/24')).toBeVisible();
  await field(page, 'IPv4 gateway of net1').fill('10.0.0.1');
  await expectNoAxeViolations(page);
  await next(page, 'Review');
  await button(page, 'Create VM').click();
  await expect(page.getByText('cloud-01 is ready.')).toBeVisible({ timeout: 30_000 });
  const config = await (await page.request.get(`${sim.url}/api/v1/vms/777/config`)).json();
  expect(config.ipconfig1).toBe('ip=10.0.0.5/24,gw=10.0.0.1');
  expect(config.ciuser).toBe('debian');
  expect(config.net1).toMatch(/bridge=vmbr1,tag=20/);
  expect(config.scsi1).toMatch(/^local-zfs:vm-777-disk-\d+,.*size=32G/);
});

test('mistakes are told as they are typed, and where nothing is typed when the step is left', async ({ page, open }) => {
  await open('/vms/new');
  await begin(page);
  await expect(page.getByText('A name is needed')).toBeHidden();
  await field(page, 'Name').fill('web_1');
  await expect(page.getByText(/as DNS has them: not “_”/)).toBeVisible();
  await field(page, 'Name').fill('');
  await button(page, 'Next').click();
  await expect(page.getByText('A name is needed')).toBeVisible();
  await expect(field(page, 'Name')).toBeFocused();
  const proposed = await field(page, 'VM ID').inputValue();
  await field(page, 'VM ID').fill('101');
  await expect(page.getByText('101 is taken by web-server-01')).toBeVisible();
  await button(page, `Use ${proposed}, the next free one`).click();
  await expect(field(page, 'VM ID')).toHaveValue(proposed);
  // The review names what is wrong anywhere, and leads back.
  await page.goto(page.url().replace(/\/vms\/new.*/, '/vms/new?step=review'));
  await expect(button(page, 'Create VM')).toHaveAccessibleDescription(/^General: A name is needed/);
  await expect(page.getByText('Choose an ISO image')).toBeVisible();
  await button(page, 'Change source').click();
  await expect(page).toHaveURL(/step=source/);
});

test('a small node and a full storage are told before anything is sent', async ({ page, open, sim }) => {
  await sim.storage('local-zfs', { used: 480 * 2 ** 30 });
  await open('/vms/new');
  await begin(page);
  await page.goto(`${sim.url}/vms/new?step=disks`);
  await expect(field(page, 'Storage')).toHaveValue('local-zfs');
  await expect(page.getByRole('listitem').filter({ hasText: 'local-zfs has 20 GiB free, the disks want 32 GiB' })).toBeVisible();
  await page.goto(`${sim.url}/vms/new?step=system`);
  await field(page, 'Memory').fill('1048576');
  await expect(page.getByRole('listitem').filter({ hasText: "of memory: the VM can't start there" })).toBeVisible();
});

test('Enter goes on and never reloads; back and forth costs nothing; keyboard alone', async ({ page, open }) => {
  await open('/vms');
  await page.evaluate(() => Object.assign(window, { stayed: true }));
  await page.getByRole('link', { name: 'Create VM' }).waitFor();
  await page.keyboard.press('c');
  await begin(page);
  await field(page, 'Name').focus();
  await page.keyboard.type('keyboard-01');
  await page.keyboard.press('Enter');
  const heading = (name: string) => page.getByRole('heading', { level: 2, name, exact: true });
  await expect(heading('Source')).toBeFocused();
  await page.goBack();
  await expect(heading('General')).toBeVisible();
  await expect(field(page, 'Name')).toHaveValue('keyboard-01');
  await page.goForward();
  await expect(heading('Source')).toBeVisible();
  await page.getByRole('navigation', { name: 'Steps of the new VM' }).getByRole('button', { name: /System/ }).focus();
  await page.keyboard.press('Enter');
  await expect(heading('System')).toBeFocused();
  await field(page, 'Cores').focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(heading('Disks')).toBeFocused();
  await button(page, 'Back').click();
  await expect(field(page, 'Cores')).toHaveValue('3');
  // The step that was passed over is marked.
  await expect(page.getByRole('navigation', { name: 'Steps of the new VM' }).getByRole('button', { name: /Source.*to be corrected/ })).toBeVisible();
  expect(await page.evaluate(() => 'stayed' in window)).toBe(true);
});

test('parked and resumed, or begun anew; a reload keeps what is typed', async ({ page, open }) => {
  await open('/vms/new');
  await begin(page);
  await field(page, 'Name').fill('parked-01');
  await next(page, 'Source');
  await page.reload();
  await expect(page.getByRole('heading', { level: 2, name: 'Source', exact: true })).toBeVisible();
  await button(page, 'Back').click();
  await expect(field(page, 'Name')).toHaveValue('parked-01');
  await button(page, 'Park for later').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Virtual machines' })).toBeVisible();
  await page.getByRole('link', { name: 'Create VM' }).click();
  await expect(page.getByText(/^parked-01 was begun and not sent/)).toBeVisible();
  await expectNoAxeViolations(page);
  await button(page, 'Resume draft').click();
  await expect(field(page, 'Name')).toHaveValue('parked-01');
  await button(page, 'Start over').click();
  await page.getByRole('alertdialog', { name: 'Start over?' }).getByRole('button', { name: 'Start over' }).click();
  await begin(page);
  await expect(field(page, 'Name')).toHaveValue('');
});

test('up to eight networks, all of them sent', async ({ page, open, sim }) => {
  await open('/vms/new');
  await begin(page);
  await field(page, 'Name').fill('nets-01');
  await field(page, 'VM ID').fill('778');
  await next(page, 'Source');
  await button(page, 'None').click();
  const go = (step: RegExp) => page.getByRole('navigation', { name: 'Steps of the new VM' }).getByRole('button', { name: step }).click();
  await go(/Networks/);
  await expect(field(page, 'Bridge')).toHaveValue('vmbr0');
  for (let count = 1; count < 8; count += 1) await button(page, 'Add network').click();
  await expect(field(page, 'Bridge')).toHaveCount(8);
  await expect(button(page, 'Add network')).toHaveAccessibleDescription('At most 8 networks');
  await button(page, 'Remove network net3').click();
  await expect(field(page, 'Bridge')).toHaveCount(7);
  await button(page, 'Add network').click();
  await field(page, 'VLAN').nth(7).fill('77');
  await go(/Review/);
  await button(page, 'Create VM').click();
  await expect(page.getByText('nets-01 is ready.')).toBeVisible({ timeout: 30_000 });
  const config = (await (await page.request.get(`${sim.url}/api/v1/vms/778/config`)).json()) as Record<string, string>;
  expect(Object.keys(config).filter((key) => /^net\d$/.test(key))).toHaveLength(8);
  expect(config.net7).toMatch(/bridge=vmbr0,tag=77/);
});

test.describe('when something fails', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('an ID that is taken meanwhile: refused at its field, everything typed is there', async ({ page, open, sim }) => {
    await open('/vms/new');
    await fillIso(page, 'late-01');
    await sim.faults(refusal('/api/v1/vms', 409, 'unable to create VM 100 - it exists', {
      method: 'POST', body: { error: 'VM_EXISTS', message: 'unable to create VM - it exists', status: 409, details: { vmId: 'taken by somebody-else' } },
    }));
    await button(page, 'Create VM').click();
    await expect(page.getByText('The VM was not made')).toBeVisible();
    await sim.clearFaults();
    await button(page, 'Back to the form').click();
    await page.getByRole('navigation', { name: 'Steps of the new VM' }).getByRole('button', { name: /General/ }).click();
    await expect(page.getByText('taken by somebody-else')).toBeVisible();
    await expect(field(page, 'Name')).toHaveValue('late-01');
    await field(page, 'VM ID').fill('888');
    await expect(page.getByText('taken by somebody-else')).toBeHidden();
    await page.getByRole('navigation', { name: 'Steps of the new VM' }).getByRole('button', { name: /Review/ }).click();
    await button(page, 'Create VM').click();
    await expect(page.getByText('late-01 is ready.')).toBeVisible({ timeout: 30_000 });
  });

  test('a storage that fills up in between is refused in words', async ({ page, open, sim }) => {
    await open('/vms/new');
    await fillIso(page, 'full-01');
    await sim.storage('local-zfs', { used: 499 * 2 ** 30 });
    await button(page, 'Create VM').click();
    await expect(page.getByText(/not enough space on storage 'local-zfs'/)).toBeVisible();
    await sim.storage('local-zfs', { used: 300 * 2 ** 30 });
    await button(page, 'Try again').click();
    await expect(page.getByText('full-01 is ready.')).toBeVisible({ timeout: 30_000 });
  });

  test('an answer that is lost is looked for: the VM is made once', async ({ page, open, sim }) => {
    await open('/vms/new');
    await fillIso(page, 'lost-01');
    await sim.faults({ path: '/api/v1/vms', method: 'POST', kind: 'cut', after: true });
    await button(page, 'Create VM').click();
    await expect(page.getByText('lost-01 is ready.')).toBeVisible({ timeout: 40_000 });
    expect((await sent(sim)).filter((call) => call === 'POST /vms')).toHaveLength(1);
  });

  test('a server that goes away in the middle: nothing is lost, nothing is sent twice', async ({ page, open, sim }) => {
    await open('/vms/new');
    await fillIso(page, 'gone-01');
    // Nothing arrives: the request is not carried out.
    await sim.faults({ path: '/api/v1/*', kind: 'reset' });
    await button(page, 'Create VM').click();
    await expect(page.getByText(/The server is asked whether it was carried out/)).toBeVisible();
    // Also over a reload, which finds the server back.
    await sim.clearFaults();
    await sim.forgetRequests();
    await page.reload();
    await expect(page.getByText(/the server has not carried it out/)).toBeVisible({ timeout: 30_000 });
    expect(await sent(sim)).toEqual([]);
    await button(page, 'Try again').click();
    await expect(page.getByText('gone-01 is ready.')).toBeVisible({ timeout: 30_000 });
    expect((await sent(sim)).filter((call) => call === 'POST /vms')).toHaveLength(1);
    const list = (await (await page.request.get(`${sim.url}/api/v1/vms?namePattern=gone-01`)).json()) as unknown[];
    expect(list).toHaveLength(1);
  });

  test('cut off in the middle, and carried out all the same: it is found, and goes on', async ({ page, open, sim }) => {
    await open('/vms/new');
    await fillIso(page, 'cut-01');
    await sim.faults({ path: '/api/v1/*', kind: 'cut' });
    await button(page, 'Create VM').click();
    await expect(page.getByText(/The server is asked whether it was carried out/)).toBeVisible();
    await sim.clearFaults();
    await expect(page.getByText('cut-01 is ready.')).toBeVisible({ timeout: 30_000 });
    expect((await sent(sim)).filter((call) => call === 'POST /vms')).toHaveLength(1);
  });

  test('loaded anew while it is made, it goes on', async ({ page, open, sim }) => {
    await open('/vms/new');
    await fillIso(page, 'again-01');
    await field(page, 'Start it when it is ready').check();
    await button(page, 'Create VM').click();
    await expect.poll(async () => (await sent(sim)).length).toBeGreaterThan(0);
    await page.reload();
    await expect(page.getByText('again-01 is ready.')).toBeVisible({ timeout: 40_000 });
    expect((await sent(sim)).filter((call) => call === 'POST /vms')).toHaveLength(1);
    expect((await sent(sim)).filter((call) => call.endsWith('/start'))).toHaveLength(1);
  });

  test('a configuration that is refused can be tried again or left out; the VM is there', async ({ page, open, sim }) => {
    await open('/vms/new');
    await fillIso(page, 'half-01');
    await sim.faults(refusal('/api/v1/vms/*/config', 500, 'unable to write the configuration', { method: 'PUT' }));
    await button(page, 'Create VM').click();
    await expect(page.getByText('unable to write the configuration')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('link', { name: 'Open half-01' })).toBeVisible();
    await button(page, 'Leave it out').click();
    await expect(page.getByText('half-01 is ready.')).toBeVisible();
  });

  test('storages and bridges that do not answer leave the form usable', async ({ page, open, sim }) => {
    await sim.faults(
      refusal('/api/v1/networks', 500, 'no bridges today'),
      refusal('/api/v1/storage/local/content', 500, 'storage is busy'),
    );
    await open('/vms/new?step=source');
    await expect(page.getByText('local: storage is busy').first()).toBeVisible();
    await page.getByRole('navigation', { name: 'Steps of the new VM' }).getByRole('button', { name: /Networks/ }).click();
    await field(page, 'Bridge').fill('vmbr7');
    await expect(field(page, 'Bridge')).toHaveValue('vmbr7');
  });
});
