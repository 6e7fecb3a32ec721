// The dashboard (guide: "Dashboard"): what it shows, that it keeps up by itself, and that each card fails alone.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, FAILED_REQUESTS, refusal, test, type Locator, type Page, type Sim } from './fixtures.ts';

const card = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

interface VmRow {
  vmid: number;
  status: string;
  template?: boolean;
}

/** What the API itself says, so that no test repeats the scenario's numbers. */
async function countVms(sim: Sim, status: string): Promise<number> {
  const rows = (await (await fetch(`${sim.url}/api/v1/vms`)).json()) as VmRow[];
  return rows.filter((vm) => vm.status === status && vm.template !== true).length;
}

async function power(sim: Sim, vm: number, action: string): Promise<void> {
  const answer = await fetch(`${sim.url}/api/v1/vms/${vm}/${action}`, { method: 'POST' });
  expect(answer.ok, `${action} of VM ${vm}: ${answer.status}`).toBe(true);
}

/** A row of "Virtual machines": its name is the state and how many VMs are in it. */
const state = (page: Page, word: string, number?: number): Locator =>
  card(page, 'Virtual machines').getByRole('link', { name: new RegExp(`^${word}\\s*${number ?? '\\d+'}$`) });

test('shows the cluster: name, quorum, nodes, figures', async ({ page, open }) => {
  await open();
  await expect(page.getByRole('heading', { level: 1, name: 'production-cluster' })).toBeVisible();
  await expect(page).toHaveTitle('production-cluster · Moxxie');
  const main = page.getByRole('main');
  await expect(main.getByText('Quorate', { exact: true })).toBeVisible();
  await expect(main.getByText('3 of 3 nodes online')).toBeVisible();
  await expect(main.getByText(/^Updated /)).toBeVisible();
  for (const name of ['CPU', 'Memory', 'Storage']) {
    const meter = page.getByRole('meter', { name, exact: true });
    await expect(meter).toBeVisible();
    await expect(meter).toHaveAttribute('aria-valuenow', /^\d+\.\d$/);
  }
  // 100 GiB, 500 GiB and 10 TiB, of which 60 % are used; the disabled one does not count.
  await expect(page.getByRole('meter', { name: 'Storage', exact: true })).toHaveAttribute('aria-valuenow', '60.0');
  await expect(card(page, 'Storage').getByText('3 storages')).toBeVisible();
  await expect(card(page, 'Cluster load').getByRole('figure', { name: 'Cluster load' })).toBeVisible();
  await expect(card(page, 'Backups').getByText('with a recent backup')).toBeVisible();
});

test('counts of VMs lead to the filtered list', async ({ page, open, sim }) => {
  await open();
  for (const [word, status] of [['Running', 'running'], ['Stopped', 'stopped'], ['Paused', 'paused'], ['Error', 'error']] as const) {
    const row = state(page, word, await countVms(sim, status));
    await expect(row).toBeVisible();
    await expect(row).toHaveAttribute('href', new RegExp(`/vms\\?status=${status}$`));
  }
  await expect(card(page, 'Virtual machines').getByRole('link', { name: /template/ })).toHaveAttribute('href', /\/vms\?status=template$/);
  await state(page, 'Paused').click();
  await expect(page).toHaveURL(/\/vms\?status=paused$/);
});

test('quick actions lead to where many are chosen, and to the form for a new VM', async ({ page, open }) => {
  await open();
  await expect(page.getByRole('link', { name: 'Bulk stop' })).toHaveAttribute('href', /\/vms\?status=running$/);
  await expect(page.getByRole('link', { name: 'Bulk start' })).toHaveAttribute('href', /\/vms\?status=stopped$/);
  await expect(page.getByRole('link', { name: 'Create VM', exact: true })).toHaveAttribute('href', /\/vms\/new$/);
});

test('a VM started elsewhere shows as activity, and the counts follow', async ({ page, open, sim }) => {
  await open();
  const running = await countVms(sim, 'running');
  await expect(state(page, 'Running', running)).toBeVisible();
  await power(sim, 118, 'start');
  const task = card(page, 'Recent activity').getByRole('listitem').filter({ hasText: 'erp-db-01' });
  await expect(task.getByText(/^Start VM/)).toBeVisible();
  await expect(state(page, 'Running', running + 1)).toBeVisible();
  await expect(task.getByText('Done')).toBeAttached();
  await task.getByRole('link').click();
  await expect(page).toHaveURL(/\/tasks\/UPID/);
  await expect(page.getByRole('heading', { level: 1, name: /erp-db-01/ })).toBeVisible();
});

test('a failed task asks for attention and leads to its log', async ({ page, open, sim }) => {
  await open();
  await expect(card(page, 'Needs attention').getByRole('listitem').first()).toBeVisible();
  await power(sim, 122, 'start');
  const alert = card(page, 'Needs attention').getByRole('link', { name: 'Start VM report-server-01 failed' });
  await expect(alert).toBeVisible();
  await expect(card(page, 'Needs attention').getByText('QEMU exited with code 1')).toBeVisible();
  await alert.click();
  await expect(page).toHaveURL(/\/tasks\/UPID/);
});

test('nodes, quorum, storages and VMs in trouble ask for attention', async ({ page, open, sim }) => {
  await open();
  const attention = card(page, 'Needs attention');
  await expect(attention.getByRole('link', { name: 'ci-runner-03 is in error' })).toHaveAttribute('href', /\/vms\/311$/);
  await expect(attention.getByText('proxmox-02 is offline')).toHaveCount(0);
  await sim.node('proxmox-02', { status: 'offline' });
  await expect(attention.getByText('proxmox-02 is offline')).toBeVisible();
  await expect(page.getByText('2 of 3 nodes online')).toBeVisible();
  await sim.node('proxmox-01', { status: 'offline' });
  await expect(attention.getByText('Quorum lost')).toBeVisible();
  await expect(page.getByText('No quorum', { exact: true })).toBeVisible();
});

test('a storage that is full is seen', async ({ page, open, sim }) => {
  await sim.storage('local-zfs', { used: Math.round(500 * 2 ** 30 * 0.96) });
  await open();
  const alert = card(page, 'Needs attention').getByRole('listitem').filter({ hasText: 'local-zfs is 96' });
  await expect(alert).toBeVisible();
  await expect(alert).toContainText('left');
  await expect(alert.getByText('Critical:')).toBeAttached();
  // Its cause is one press away: what fills it, largest first.
  await alert.getByRole('link', { name: /local-zfs is 96/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'local-zfs' })).toBeVisible();
  await expect(page.getByRole('meter', { name: 'Used' })).toHaveAttribute('aria-valuenow', '96.0');
});

test('a VM that stays locked asks for attention after an hour', async ({ page, open, sim }) => {
  await open();
  const attention = card(page, 'Needs attention');
  await expect(attention.getByRole('listitem').first()).toBeVisible();
  const locked = card(page, 'Virtual machines').getByText(/^\d+ locked$/);
  const before = Number.parseInt((await locked.textContent()) ?? '', 10);
  await sim.vm(104, { lock: 'migrate' });
  await expect(locked).toHaveText(`${before + 1} locked`);
  await expect(attention.getByText(/^web-server-02 is locked/)).toHaveCount(0);
  await sim.advance(2 * 3600);
  await expect(attention.getByRole('link', { name: 'web-server-02 is locked (migrate)' })).toHaveAttribute('href', /\/vms\/104$/, { timeout: 30_000 });
  await sim.vm(104, { lock: null });
  await expect(attention.getByText(/^web-server-02 is locked/)).toHaveCount(0);
});

test('an older failure is not pushed out by many newer tasks', async ({ page, open, sim }) => {
  await power(sim, 122, 'start');
  await sim.advance(60);
  for (let round = 0; round < 30; round += 1) {
    await power(sim, 118, 'start');
    await sim.advance(30);
    await power(sim, 118, 'stop');
    await sim.advance(30);
  }
  await open();
  await expect(card(page, 'Needs attention').getByRole('link', { name: 'Start VM report-server-01 failed' })).toBeVisible();
});

test('load averages of the nodes stand below the load; an overloaded node is marked', async ({ page, open, sim }) => {
  await open();
  const loads = card(page, 'Cluster load').getByRole('table', { name: 'Load averages of the nodes' });
  await expect(loads.getByRole('row')).toHaveCount(4);
  const first = (await (await fetch(`${sim.url}/api/v1/nodes/proxmox-01/status`)).json()) as { load_average: number[] };
  expect(first.load_average).toHaveLength(3);
  await expect(loads.getByRole('row', { name: /^proxmox-01/ }).getByRole('cell')).toHaveText([/^\d+\.\d\d$/, /^\d+\.\d\d$/, /^\d+\.\d\d$/]);
  await expect(loads.getByText('overloaded')).toHaveCount(0);
  await sim.faults({ path: '/api/v1/nodes/proxmox-02/status', status: 200, body: { node_name: 'proxmox-02', load_average: [90, 80, 70], cpu_info: { cpus: 32 } } });
  await page.reload();
  await expect(loads.getByRole('row').nth(1)).toContainText(/proxmox-02 of 32 CPUs overloaded/);
  await expect(loads.getByRole('row').nth(1).getByRole('cell').first()).toHaveText('90.00');
});

test.describe('a node with a long name', () => {
  // There is no node of that name to ask for its history.
  test.use({ allowErrors: FAILED_REQUESTS });

  test('gives way in the gauge, its share does not', async ({ page, open, sim }) => {
    const name = 'hypervisor-frankfurt-rack-17-unit-42-production';
    const rows = (await (await fetch(`${sim.url}/api/v1/cluster/resources?type=node`)).json()) as { node: string; cpu: number }[];
    await sim.faults({ path: '/api/v1/cluster/resources*', status: 200, body: rows.map((row, at) => (at === 0 ? { ...row, node: name, cpu: 0.87 } : row)) });
    await open();
    const gauge = card(page, 'CPU');
    const share = gauge.getByText(/^busiest 87/);
    await expect(share).toBeVisible();
    const inside = await gauge.evaluate((element) => element.scrollWidth <= element.clientWidth);
    expect(inside).toBe(true);
    const [outer, end] = await Promise.all([gauge.boundingBox(), share.boundingBox()]);
    expect((end?.x ?? 0) + (end?.width ?? 0)).toBeLessThanOrEqual((outer?.x ?? 0) + (outer?.width ?? 0) - 12);
    await share.hover();
    await expect(page.getByRole('tooltip')).toContainText(`${name}, 87`);
  });
});

test.describe('snoozing', () => {
  const attention = (page: Page): Locator => card(page, 'Needs attention');
  const snooze = async (page: Page, title: string, span: string): Promise<void> => {
    await attention(page).getByRole('button', { name: `Snooze: ${title}` }).click();
    await page.getByRole('menuitem', { name: span }).click();
  };
  const fold = (page: Page): Locator => attention(page).getByText(/^\d+ snoozed$/);

  test('an alert is put aside, kept over a reload, and woken', async ({ page, open }) => {
    await open();
    const alert = attention(page).getByRole('link', { name: 'ci-runner-03 is in error' });
    await expect(alert).toBeVisible();
    await snooze(page, 'ci-runner-03 is in error', 'For 8 hours');
    await expect(alert).toHaveCount(0);
    await expect(fold(page)).toHaveText('1 snoozed');
    await expect(fold(page)).toBeFocused();
    await expect(attention(page).getByRole('button', { name: 'Wake: ci-runner-03 is in error' })).toBeHidden();
    await page.reload();
    await expect(fold(page)).toHaveText('1 snoozed');
    await expect(alert).toHaveCount(0);
    await fold(page).click();
    await expect(attention(page).getByText(/^until /)).toBeVisible();
    await expectNoAxeViolations(page);
    await attention(page).getByRole('button', { name: 'Wake: ci-runner-03 is in error' }).click();
    await expect(alert).toBeVisible();
    await expect(fold(page)).toHaveCount(0);
  });

  test('it returns when its time is over', async ({ page, open, sim }) => {
    await open();
    const alert = attention(page).getByRole('link', { name: 'ci-runner-03 is in error' });
    await snooze(page, 'ci-runner-03 is in error', 'For 1 hour');
    await expect(alert).toHaveCount(0);
    await sim.advance(3700);
    await expect(alert).toBeVisible({ timeout: 30_000 });
  });

  test('it returns when it gets worse', async ({ page, open, sim }) => {
    const fill = (share: number): Promise<unknown> => sim.storage('local-zfs', { used: Math.round(500 * 2 ** 30 * share) });
    await fill(0.8);
    await open();
    const warning = attention(page).getByText(/^local-zfs is 80/);
    await expect(warning).toBeVisible();
    await attention(page).getByRole('button', { name: /^Snooze: local-zfs/ }).click();
    await page.getByRole('menuitem', { name: 'For a week' }).click();
    await expect(warning).toBeHidden();
    await fill(0.97);
    await page.reload();
    await expect(attention(page).getByText(/^local-zfs is 97/)).toBeVisible();
    await expect(fold(page)).toHaveCount(0);
  });

  test('it returns when its cause ends and comes back', async ({ page, open, sim }) => {
    await sim.node('proxmox-02', { status: 'offline' });
    await open();
    const alert = attention(page).getByRole('link', { name: 'proxmox-02 is offline' });
    await snooze(page, 'proxmox-02 is offline', 'For a week');
    await expect(alert).toHaveCount(0);
    await sim.node('proxmox-02', { status: 'online' });
    await expect(fold(page)).toHaveCount(0);
    await sim.node('proxmox-02', { status: 'offline' });
    await expect(alert).toBeVisible();
  });
});

test('quorum that the server does not tell is unknown, not lost', async ({ page, open, sim }) => {
  const status = (await (await fetch(`${sim.url}/api/v1/cluster/status`)).json()) as { cluster: Record<string, unknown> };
  delete status.cluster.quorate;
  await sim.faults({ path: '/api/v1/cluster/status', status: 200, body: status });
  await open();
  await expect(page.getByText('Quorum unknown')).toBeVisible();
  await expect(page.getByText('Quorum lost')).toHaveCount(0);
});

test('consumers are ranked by what is asked for', async ({ page, open }) => {
  await open();
  const top = page.getByRole('region', { name: /^Top / });
  await expect(top.getByRole('heading', { name: 'Top memory' })).toBeVisible();
  await expect(top.getByRole('listitem')).toHaveCount(5);
  await top.getByRole('button', { name: 'CPU' }).click();
  await expect(top.getByRole('heading', { name: 'Top CPU' })).toBeVisible();
  await expect(top.getByRole('button', { name: 'CPU' })).toHaveAttribute('aria-pressed', 'true');
  await top.getByRole('listitem').filter({ hasText: 'analytics-02' }).getByRole('link').click();
  await expect(page).toHaveURL(/\/vms\/107$/);
});

test('a refresh leaves the focus where it is', async ({ page, open, sim }) => {
  await open();
  const link = card(page, 'Recent activity').getByRole('link').nth(2);
  await link.focus();
  const name = await link.textContent();
  await power(sim, 118, 'start');
  await expect(card(page, 'Recent activity').getByText(/\d newer/)).toBeVisible();
  await expect(link).toBeFocused();
  expect(await link.textContent()).toBe(name);
  await page.getByRole('heading', { level: 1 }).focus();
  await expect(card(page, 'Recent activity').getByRole('listitem').filter({ hasText: 'erp-db-01' })).toBeVisible();
});

test.describe('when the server refuses', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  const cards = [
    { name: 'Storage', path: '/api/v1/storage', heals: (page: Page) => page.getByRole('meter', { name: 'Storage', exact: true }) },
    { name: 'Virtual machines', path: '/api/v1/vms', heals: (page: Page) => state(page, 'Running') },
    { name: 'Recent activity', path: '/api/v1/tasks', heals: (page: Page) => card(page, 'Recent activity').getByRole('listitem').first() },
    { name: 'Backups', path: '/api/v1/backups/health', heals: (page: Page) => card(page, 'Backups').getByText('with a recent backup') },
    { name: 'CPU', path: '/api/v1/cluster/resources*', heals: (page: Page) => page.getByRole('meter', { name: 'CPU', exact: true }) },
  ];
  for (const { name, path, heals } of cards) {
    test(`${name} fails alone, says why, and comes back`, async ({ page, open, sim }) => {
      await sim.faults(refusal(path, 500, 'the database is locked'));
      await open();
      const failed = card(page, name);
      await expect(failed.getByRole('alert')).toContainText('the database is locked');
      const other = name === 'Storage' ? 'Memory' : 'Storage';
      await expect(page.getByRole('meter', { name: other, exact: true })).toBeVisible();
      await expect(page.getByText(/Could not be checked: /)).toBeVisible();
      await expect(page.getByText('Nothing needs attention')).toHaveCount(0);
      await failed.getByRole('button', { name: 'Try again' }).click();
      await expect(failed.getByRole('alert')).toContainText('the database is locked');
      await sim.clearFaults();
      // It asks again by itself, too, and may be faster than the press.
      await expect(async () => {
        const again = failed.getByRole('button', { name: 'Try again' });
        if (await again.isVisible()) await again.click({ timeout: 500 });
        await expect(heals(page)).toBeVisible({ timeout: 2000 });
      }).toPass();
      await expect(failed.getByRole('alert')).toHaveCount(0);
    });
  }

  test('the cluster itself: the head says so, the cards stand', async ({ page, open, sim }) => {
    await sim.faults(refusal('/api/v1/cluster/status', 500, 'no quorum service'));
    await open();
    await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
    await expect(page.getByText('The state of the cluster could not be loaded: no quorum service')).toBeVisible();
    await expect(page.getByText('Quorum unknown')).toBeVisible();
    await expect(page.getByRole('meter', { name: 'CPU', exact: true })).toBeVisible();
    await sim.clearFaults();
    await page.getByRole('main').getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'production-cluster' })).toBeVisible();
  });

  test('a server that does not answer at all: nothing is counted that could not be checked', async ({ page, open, sim }) => {
    await sim.faults(refusal('/api/v1/*', 503, 'pveproxy does not answer'));
    await open();
    const attention = card(page, 'Needs attention');
    await expect(attention.getByText('Nothing found in what could be checked')).toBeVisible();
    await expect(attention.getByText(/^Could not be checked: /)).toBeVisible();
    await expect(attention.getByText('0', { exact: true })).toHaveCount(0);
    await sim.clearFaults();
    await expect(attention.getByRole('link', { name: 'ci-runner-03 is in error' })).toBeVisible({ timeout: 30_000 });
    await expect(attention.getByText('3', { exact: true })).toBeVisible();
  });
});

test('axe finds nothing, in either theme', async ({ page, open }) => {
  await open();
  await expect(page.getByRole('meter', { name: 'CPU', exact: true })).toBeVisible();
  await expect(card(page, 'Needs attention').getByRole('listitem').first()).toBeVisible();
  await expect(card(page, 'Recent activity').getByRole('listitem').first()).toBeVisible();
  await expect(card(page, 'Backups').getByText('with a recent backup')).toBeVisible();
  await expectNoAxeViolations(page);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('one column, nothing wider than the screen', async ({ page, open }) => {
    await open();
    await expect(page.getByRole('meter', { name: 'CPU', exact: true })).toBeVisible();
    await expect(card(page, 'Recent activity').getByRole('listitem').first()).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectNoAxeViolations(page);
  });
});

test.describe('under another path', () => {
  test.use({ simArgs: ['--scenario', 'guide', '--base-path', '/portal/moxxie'] });

  test('links stay below it', async ({ page, open }) => {
    await open();
    await expect(state(page, 'Running')).toHaveAttribute('href', /^\/portal\/moxxie\/vms\?status=running$/);
  });
});
