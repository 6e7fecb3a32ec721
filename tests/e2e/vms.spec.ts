// The list of VMs: what it shows, filters, order, pages, columns, export; each with its failures.
import { readFile } from 'node:fs/promises';
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, FAILED_REQUESTS, refusal, test } from './fixtures.ts';
import { choose, counted, filters, grid, item, names, openMenu, row, search, select } from './vms.page.ts';

test('shows every column of the guide', async ({ page, open }) => {
  await open('/vms');
  await expect(page.getByRole('heading', { level: 1, name: 'Virtual machines' })).toBeVisible();
  await expect(page).toHaveTitle(/^Virtual machines/);
  const web = row(page, 'web-server-01');
  await expect(web).toContainText('Running');
  await expect(web).toContainText('101');
  await expect(web).toContainText('proxmox-01');
  await expect(web.getByRole('link', { name: 'web-server-01' })).toHaveAttribute('href', /\/vms\/101$/);
  await expect(web).toContainText(/\d\s*%/);
  await expect(web.getByRole('meter', { name: 'Memory' })).toHaveAttribute('aria-valuetext', /bytes of 4,294,967,296 bytes/);
  await expect(web.getByRole('meter', { name: 'Disk' })).toHaveAttribute('aria-valuetext', /bytes of 53,687,091,200 bytes/);
  await expect(web).toContainText(/5\s*d/);
  await expect(web.getByRole('button', { name: 'env-prod' })).toBeVisible();
  for (const head of ['Status', 'ID', 'Name', 'Node', 'CPU', 'Memory', 'Disk', 'Network', 'Uptime', 'Tags']) {
    await expect(grid(page).getByRole('columnheader', { name: head })).toBeVisible();
  }
});

test.describe('a server whose list has no figures', () => {
  test.use({ simArgs: ['--scenario', 'guide', '--contract', 'server'] });

  test('those of the rows in sight are asked for one by one, slowly when idle', async ({ page, open, sim }) => {
    await open('/vms');
    const web = row(page, 'web-server-01');
    await expect(web).toContainText(/\d\s*%/);
    await expect(web.getByRole('meter', { name: 'Memory' })).toHaveAttribute('aria-valuetext', /bytes of 4,294,967,296 bytes/);
    await expect(row(page, 'web-server-02')).toContainText(/\d\s*%/);
    // Those that are off are not asked.
    expect(await sim.requests(/\/vms\/102\/status/)).toHaveLength(0);
    // Once all have answered, one at a time.
    await expect.poll(async () => (await sim.requests(/\/vms\/101\/status/)).length, { timeout: 30_000 }).toBeGreaterThan(1);
    await sim.forgetRequests();
    const from = Date.now();
    await expect.poll(async () => (await sim.requests(/\/vms\/\d+\/status/)).length, { timeout: 20_000 }).toBeGreaterThan(2);
    const seen = (await sim.requests(/\/vms\/\d+\/status/)).length;
    expect(seen).toBeLessThanOrEqual((Date.now() - from) / 1000 + 2);
  });
});

test('tags that have no room are counted, none is cut off', async ({ page, open }) => {
  await open('/vms');
  await expect(row(page, 'web-server-02')).toBeVisible();
  await expect(grid(page).getByText(/^All tags: /).first()).toBeAttached();
  const cut = await grid(page).getByRole('button', { name: /^(env|client|web|always|k8s)/ }).evaluateAll((chips) =>
    chips
      .filter((chip) => {
        const line = chip.closest('[role="gridcell"]')?.getBoundingClientRect();
        const name = chip.querySelector('span') ?? chip;
        const isFirst = chip.parentElement?.previousElementSibling === null;
        const hidden = line !== undefined && chip.getBoundingClientRect().right > line.right + 0.5;
        return hidden || (!isFirst && name.scrollWidth > name.clientWidth + 1);
      })
      .map((chip) => chip.textContent),
  );
  expect(cut, 'chips that are cut off').toEqual([]);
});

test('says what is not known instead of zero', async ({ page, open }) => {
  await open('/vms');
  const off = row(page, 'database-01');
  await expect(off).toContainText('Stopped');
  await expect(off).toContainText('– / 16');
  await expect(off).not.toContainText(/\b0(\.0)?\s*%/);
  await expect(row(page, 'test-server-01')).toContainText('– / 50');
});

test('network rates come from two samples', async ({ page, open, sim }) => {
  await open('/vms');
  const web = row(page, 'web-server-01');
  await expect(web).toBeVisible();
  await expect(async () => {
    await sim.advance(10);
    await expect(web).toContainText(/\d.*↓.*\d.*↑.*B\/s/, { timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
});

test('lock, high availability and Talos are marked', async ({ page, open, sim }) => {
  await open('/vms');
  await sim.vm(104, { lock: 'backup', tags: ['talos-cluster', 'cluster-talos-prod-01'] });
  const web = row(page, 'web-server-02');
  await expect(web).toContainText('Locked (backup)');
  await expect(web).toContainText('Node of the Talos cluster talos-prod-01');
  await expect(row(page, 'cache-01')).toContainText('High availability:');
});

test('filters are in the address: reload and back keep them, clearing takes them out', async ({ page, open }) => {
  await open('/vms');
  await choose(page, 'Filter by status', /^Running/);
  await expect(page).toHaveURL(/\/vms\?status=running$/);
  await choose(page, 'Filter by node', /^proxmox-02/);
  await expect(page).toHaveURL(/status=running&node=proxmox-02$/);
  await expect(counted(page, /^\d+ of 44 VMs$/)).toBeVisible();
  await expect(row(page, 'web-server-02')).toBeVisible();
  await expect(row(page, 'web-server-01')).toBeHidden();
  await expect(row(page, 'database-01')).toBeHidden();
  await page.reload();
  await expect(row(page, 'web-server-02')).toBeVisible();
  await expect(row(page, 'web-server-01')).toBeHidden();
  await row(page, 'web-server-02').getByRole('link', { name: 'web-server-02' }).click();
  await expect(page).toHaveURL(/\/vms\/104$/);
  await page.goBack();
  await expect(page).toHaveURL(/status=running&node=proxmox-02$/);
  await expect(row(page, 'web-server-01')).toBeHidden();
  await filters(page).getByRole('button', { name: 'Remove filter node proxmox-02' }).click();
  await expect(page).toHaveURL(/\/vms\?status=running$/);
  await expect(row(page, 'web-server-01')).toBeVisible();
  await choose(page, 'Filter by node', /^proxmox-03/);
  await filters(page).getByRole('button', { name: 'Clear all' }).click();
  await expect(page).toHaveURL(/\/vms$/);
  await expect(counted(page, /^44 VMs$/)).toBeVisible();
});

test('a VM must carry all tags; they are completed while one types', async ({ page, open }) => {
  await open('/vms?status=running');
  const box = page.getByRole('combobox', { name: 'Filter by tag' });
  await box.fill('env-pr');
  await expect(page.getByRole('option').first()).toContainText('env-prod');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/tags=env-prod$/);
  await choose(page, 'Filter by tag', /^client-acme/);
  await expect(page).toHaveURL(/tags=env-prod,client-acme$/);
  await expect(row(page, 'web-server-01')).toBeVisible();
  await expect(row(page, 'app-server-01')).toBeHidden();
  await filters(page).getByRole('button', { name: 'Remove filter tag env-prod' }).click();
  await expect(page).toHaveURL(/tags=client-acme$/);
  // A chip in a row does the same.
  await row(page, 'web-server-01').getByRole('button', { name: 'env-prod' }).click();
  await expect(page).toHaveURL(/tags=client-acme,env-prod$/);
});

test('the search finds while one types, and its odd letters survive a reload', async ({ page, open }) => {
  await open('/vms');
  await search(page).fill('database proxmox-01');
  await expect(counted(page, /^\d+ of 44 VMs$/)).toBeVisible();
  await expect(row(page, 'database-01')).toBeVisible();
  await expect(row(page, 'web-server-01')).toBeHidden();
  await search(page).fill('100% & a+b #%41');
  await expect(page.getByText('No VMs match')).toBeVisible();
  await expect(page).toHaveURL(/q=100%25%20%26%20a%2Bb%20%23%2541$/);
  await page.reload();
  await expect(search(page)).toHaveValue('100% & a+b #%41');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(search(page)).toHaveValue('');
  await expect(page).toHaveURL(/\/vms$/);
  await expect(row(page, 'web-server-01')).toBeVisible();
});

test('leaving at once after typing keeps the words', async ({ page, open }) => {
  await open('/vms');
  await search(page).fill('web-server-02');
  await row(page, 'web-server-02').getByRole('link', { name: 'web-server-02' }).click();
  await expect(page).toHaveURL(/\/vms\/104$/);
  await page.goBack();
  await expect(search(page)).toHaveValue('web-server-02');
  await expect(row(page, 'web-server-01')).toBeHidden();
});

test('a search by address says that the list has none', async ({ page, open }) => {
  await open('/vms');
  await search(page).fill('ip:10.0.*');
  await expect(page.getByText(/^The server's list has no addresses/)).toBeVisible();
  await search(page).fill('web');
  await expect(page.getByText(/^The server's list has no addresses/)).toBeHidden();
});

test('a link with other filters takes over, and the box follows', async ({ page, open }) => {
  await open('/vms?q=web');
  await expect(row(page, 'web-server-01')).toBeVisible();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Virtual machines/ }).click();
  await expect(search(page)).toHaveValue('');
  await expect(row(page, 'database-01')).toBeVisible();
});

test('order is by the head that is pressed, unknown values last both ways', async ({ page, open }) => {
  await open('/vms');
  await expect(row(page, 'web-server-01')).toBeVisible();
  const head = (name: string) => grid(page).getByRole('columnheader', { name });
  await head('Name').getByRole('button', { name: 'Name' }).click();
  await expect(page).toHaveURL(/sort=name$/);
  await expect(head('Name')).toHaveAttribute('aria-sort', 'ascending');
  await expect.poll(async () => (await names(page))[0]).toBe('acme-dev-01');
  await head('Name').getByRole('button', { name: 'Name' }).click();
  await expect(page).toHaveURL(/sort=-name$/);
  await head('Uptime').getByRole('button', { name: 'Uptime' }).click();
  await head('Uptime').getByRole('button', { name: 'Uptime' }).click();
  await expect(page).toHaveURL(/sort=-uptime$/);
  const first = grid(page).getByRole('row').filter({ has: page.getByRole('link', { name: (await names(page))[0] ?? '' }) });
  await expect(first).toContainText(/\d\s*d/);
  await page.reload();
  await expect(head('Uptime')).toHaveAttribute('aria-sort', 'descending');
});

test('pages: how many, which one, from the address and back', async ({ page, open }) => {
  await open('/vms?per=25');
  await expect(page.getByText('Rows 1–25 of 44')).toBeVisible();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page).toHaveURL(/page=2&per=25$/);
  await expect(page.getByText('Rows 26–44 of 44')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Rows 26–44 of 44')).toBeVisible();
  await page.getByLabel('Rows per page').selectOption('all');
  await expect(page).toHaveURL(/\/vms\?per=all$/);
  await expect(page.getByText('Rows 1–44 of 44')).toBeVisible();
  // A page past the end shows the last one.
  await open('/vms?per=25&page=99');
  await expect(page.getByText('Rows 26–44 of 44')).toBeVisible();
});

test('columns are hidden, shown and resized, and stay so', async ({ page, open }) => {
  await open('/vms');
  await expect(row(page, 'web-server-01')).toBeVisible();
  const head = (name: string) => grid(page).getByRole('columnheader', { name });
  await expect(head('Pool')).toHaveCount(0);
  await page.getByRole('button', { name: 'Columns' }).click();
  const panel = page.getByRole('dialog', { name: 'Columns' });
  await panel.getByRole('checkbox', { name: 'Pool' }).check();
  await panel.getByRole('checkbox', { name: 'Uptime' }).uncheck();
  await expect(panel.getByRole('checkbox', { name: 'Name' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(head('Pool')).toBeVisible();
  await expect(head('Uptime')).toHaveCount(0);
  const box = async () => (await head('Node').boundingBox())!;
  const before = await box();
  await page.mouse.move(before.x + before.width - 2, before.y + before.height / 2);
  await page.mouse.down();
  await page.mouse.move(before.x + before.width + 58, before.y + before.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => Math.round((await box()).width - before.width)).toBe(60);
  await page.reload();
  await expect(head('Pool')).toBeVisible();
  await expect(head('Uptime')).toHaveCount(0);
  expect(Math.round((await box()).width - before.width)).toBe(60);
  await page.getByRole('button', { name: 'Columns' }).click();
  await panel.getByRole('button', { name: 'Reset layout' }).click();
  await page.keyboard.press('Escape');
  await expect(head('Uptime')).toBeVisible();
});

test('exports what is filtered, as CSV and as JSON', async ({ page, open, sim }) => {
  await sim.vm(104, { name: '=web,"2"' });
  await open('/vms?status=running&node=proxmox-02');
  await expect(counted(page, / of 44 VMs$/)).toBeVisible();
  const save = async (name: RegExp) => {
    await page.getByRole('button', { name: 'Export' }).click();
    const saving = page.waitForEvent('download');
    await page.getByRole('menuitem', { name }).click();
    const file = await saving;
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
  };
  const csv = await save(/^CSV,/);
  expect(csv.name).toMatch(/^virtual-machines-\d{4}-\d{2}-\d{2}\.csv$/);
  expect(csv.text).toContain('Status,ID,Name,Node');
  expect(csv.text).toContain('running,104,"\'=web,""2""",proxmox-02');
  expect(csv.text).not.toContain('database-01');
  const json = await save(/^JSON,/);
  const rows = JSON.parse(json.text) as { id: number; name: string; node: string; mem: { total: number } }[];
  expect(rows.every((vm) => vm.node === 'proxmox-02')).toBe(true);
  const web = rows.find((vm) => vm.id === 104);
  expect(web?.name).toBe('=web,"2"');
  expect(web?.mem.total).toBe(4294967296);
  // With a selection there is a choice.
  await select(page, 'app-server-01').click();
  const picked = await save(/^JSON of the selection, 1 VM/);
  expect((JSON.parse(picked.text) as { id: number }[]).map((vm) => vm.id)).toEqual([105]);
});

test.describe('an empty cluster', () => {
  test('says what would be here', async ({ page, open, sim }) => {
    await sim.faults({ path: '/api/v1/vms', status: 200, body: [] });
    await open('/vms');
    await expect(page.getByText('No virtual machines yet')).toBeVisible();
    await expectNoAxeViolations(page);
  });
});

test.describe('when the list cannot be loaded', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('the first time: why, and another try', async ({ page, open, sim }) => {
    await sim.faults(refusal('/api/v1/vms', 500, 'cluster not ready - no quorum?'));
    await open('/vms');
    const face = page.getByRole('alert').filter({ hasText: 'The list of VMs could not be loaded' });
    await expect(face).toContainText('cluster not ready - no quorum?');
    await expectNoAxeViolations(page);
    await sim.clearFaults();
    await face.getByRole('button', { name: 'Try again' }).click();
    await expect(row(page, 'web-server-01')).toBeVisible();
  });

  test('later: rows stay, marked as old, and recover', async ({ page, open, sim }) => {
    await open('/vms');
    await expect(row(page, 'web-server-01')).toBeVisible();
    await sim.faults(refusal('/api/v1/vms', 500, 'got timeout'));
    const refresh = page.getByRole('button', { name: 'Refresh the list' });
    await refresh.click();
    const old = page.getByText(/^Not up to date/);
    await expect(old).toBeVisible({ timeout: 20_000 });
    await expect(page.getByText(/got timeout/).first()).toBeAttached();
    await expect(row(page, 'web-server-01')).toBeVisible();
    await sim.clearFaults();
    await refresh.click();
    await expect(old).toBeHidden();
    await expect(page.getByText(/^Updated /)).toBeVisible();
  });

  test('an answer that breaks off costs nothing but the refresh', async ({ page, open, sim }) => {
    await open('/vms');
    await expect(row(page, 'web-server-01')).toBeVisible();
    for (const kind of ['truncated', 'html', 'empty'] as const) {
      await sim.faults({ path: '/api/v1/vms', kind });
      await page.getByRole('button', { name: 'Refresh the list' }).click();
      await expect(page.getByText(/^Not up to date/)).toBeVisible({ timeout: 20_000 });
      await expect(row(page, 'web-server-01')).toBeVisible();
      await sim.clearFaults();
      await page.getByRole('button', { name: 'Refresh the list' }).click();
      await expect(page.getByText(/^Not up to date/)).toBeHidden();
    }
  });
});

test('refreshing says that it was done', async ({ page, open }) => {
  await open('/vms');
  await expect(row(page, 'web-server-01')).toBeVisible();
  await page.getByRole('button', { name: 'Refresh the list' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The list is up to date' })).toBeAttached();
});

test('one bad row costs one row', async ({ page, open, sim }) => {
  const good = { vmid: 101, name: 'good', node: 'n', status: 'dreaming', cpu: '0.5', mem: '12', maxmem: 0, tags: null };
  await sim.faults({ path: '/api/v1/vms', status: 200, body: [good, { vmid: 'x' }, 7, null] });
  await open('/vms');
  await expect(row(page, 'good')).toContainText('Dreaming');
  await expect(counted(page, /^1 VM$/)).toBeVisible();
});

test('markup in names and tags runs nothing', async ({ page, open, sim }) => {
  const markup = '<img src=x onerror="window.ran=1">';
  await sim.vm(101, { name: markup, tags: ['<script>window.ran=1</script>', 'env-prod'] });
  await open('/vms');
  await expect(row(page, markup)).toBeVisible();
  await row(page, markup).hover();
  await openMenu(page, markup);
  await page.keyboard.press('Escape');
  await search(page).fill('<img');
  await expect(counted(page, /^1 of 44 VMs$/)).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { ran?: number }).ran)).toBeUndefined();
});

test.describe('a server with a key', () => {
  test.use({ simArgs: ['--scenario', 'guide', '--api-key', 'secret-key'], allowErrors: FAILED_REQUESTS });
  test('asks for it and comes back to the same address', async ({ page, open }) => {
    await open('/vms?status=stopped');
    await page.getByLabel('API key').fill('secret-key');
    await page.keyboard.press('Enter');
    await expect(row(page, 'database-01')).toBeVisible();
    await expect(page).toHaveURL(/\/vms\?status=stopped$/);
    expect(page.url()).not.toContain('secret');
  });
});

test.describe('under another path', () => {
  test.use({ simArgs: ['--scenario', 'guide', '--base-path', '/portal/moxxie'] });
  test('filters and links stay below it', async ({ page, open }) => {
    await open('/vms');
    await choose(page, 'Filter by status', /^Running/);
    await expect(page).toHaveURL(/\/portal\/moxxie\/vms\?status=running$/);
    await row(page, 'web-server-01').getByRole('link', { name: 'web-server-01' }).click();
    await expect(page).toHaveURL(/\/portal\/moxxie\/vms\/101$/);
    await page.goBack();
    await expect(row(page, 'database-01')).toBeHidden();
  });
});

test('no rule of axe is broken, with rows selected, a menu and a question open', async ({ page, open }) => {
  await open('/vms?status=running');
  await expect(row(page, 'web-server-01')).toBeVisible();
  await expectNoAxeViolations(page);
  await select(page, 'web-server-01').click();
  await expectNoAxeViolations(page);
  const menu = await openMenu(page, 'web-server-01');
  await expectNoAxeViolations(page);
  await item(menu, 'Stop').click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await expectNoAxeViolations(page);
});

test('nothing is wider than the window', async ({ page, open }) => {
  for (const width of [1440, 1024, 700]) {
    await page.setViewportSize({ width, height: 800 });
    await open('/vms');
    await expect(row(page, 'web-server-01')).toBeVisible();
    await expectNoSidewaysScroll(page);
  }
});
