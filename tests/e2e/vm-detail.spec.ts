// The page of one VM: head, cards, tabs, editing, tags, power, removal; each with its failures.
import { expect, expectNoAxeViolations, FAILED_REQUESTS, refusal, test, type Page } from './fixtures.ts';

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const bar = (page: Page) => page.getByRole('navigation', { name: /^Parts of/ });
const menu = async (page: Page, button: RegExp, item: string) => {
  await page.getByRole('button', { name: button }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
};

test('opens from its address with head, cards and configuration in words', async ({ page, open }) => {
  await open('/vms/101');
  await expect(heading(page, 'web-server-01')).toBeVisible();
  await expect(page).toHaveTitle(/web-server-01/);
  const main = page.getByRole('main');
  await expect(main.getByText('Running', { exact: true })).toBeVisible();
  await expect(main.getByText('192.168.1.101').first()).toBeVisible();
  await expect(main.getByText('proxmox-01').first()).toBeVisible();
  await expect(card(page, 'CPU')).toContainText(/of 4 cores/);
  await expect(card(page, 'Memory')).toContainText(/Balloon down to 2\s*GiB/);
  await expect(card(page, 'Disk')).toContainText('scsi1');
  await expect(card(page, 'Network')).toContainText('net1');
  await expect(card(page, 'System')).toContainText('scsi0 → ide2 → net0');
  await expect(card(page, 'System')).toContainText('x86-64-v2-AES');
  const crumbs = page.getByRole('navigation', { name: 'Breadcrumb' });
  await expect(crumbs.getByRole('link', { name: 'Virtual machines' })).toHaveAttribute('href', /\/vms$/);
});

test('tabs are addresses: deep link, reload, back; the head stays', async ({ page, open }) => {
  await open('/vms/101/hardware');
  await expect(card(page, 'Disks and drives')).toContainText('local-zfs:vm-101-disk-0,size=50G');
  await heading(page, 'web-server-01').evaluate((element) => element.setAttribute('data-kept', 'yes'));
  await bar(page).getByRole('link', { name: /^Snapshots/ }).click();
  await expect(page).toHaveURL(/\/vms\/101\/snapshots$/);
  await expect(page.getByText('before-upgrade-20240621').first()).toBeVisible();
  await expect(page.getByText('You are here')).toBeVisible();
  await expect(heading(page, 'web-server-01')).toHaveAttribute('data-kept', 'yes');
  await page.reload();
  await expect(bar(page).getByRole('link', { name: /^Snapshots/ })).toHaveAttribute('aria-current', 'page');
  await page.goBack();
  await expect(bar(page).getByRole('link', { name: 'Hardware' })).toHaveAttribute('aria-current', 'page');
  await expect(card(page, 'Network interfaces')).toContainText('AA:BB:CC:DD:EE:FF');
});

test('tabs are reached by keys', async ({ page, open }) => {
  await open('/vms/101');
  await bar(page).getByRole('link', { name: 'General' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/vms\/101\/hardware$/);
});

test('each tab shows what the guide asks for', async ({ page, open }) => {
  await open('/vms/101/options');
  await expect(card(page, 'Options')).toContainText('Start at boot');
  await expect(card(page, 'Options')).toContainText('QEMU guest agent');
  await expect(card(page, 'Options')).toContainText('Balloon device');
  await bar(page).getByRole('link', { name: /^Backups/ }).click();
  await expect(page.getByText('Verified').first()).toBeVisible();
  await expect(page.getByText('vma.zst').first()).toBeVisible();
  await bar(page).getByRole('link', { name: 'Tasks' }).click();
  await expect(page.getByRole('link', { name: 'Back up VM' }).first()).toHaveAttribute('href', /\/tasks\/UPID:/);
  await bar(page).getByRole('link', { name: 'Console' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Console of web-server-01' })).toBeVisible();
});

test('an unknown tab, an unknown VM and a wrong number say so', async ({ page, open }) => {
  await open('/vms/101/nonsense');
  await expect(page.getByText('This page has no such tab')).toBeVisible();
  await page.getByRole('link', { name: 'Show the VM' }).click();
  await expect(card(page, 'System')).toBeVisible();
  await open('/vms/abc');
  await expect(page.getByText('This address names no VM')).toBeVisible();
});

test.describe('what is not there', () => {
  test.use({ allowErrors: FAILED_REQUESTS });
  test('is said with a way to the list', async ({ page, open }) => {
    await open('/vms/99999');
    await expect(page.getByText('There is no VM 99999')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Show all VMs' })).toHaveAttribute('href', /\/vms$/);
  });
});

test.describe('gone', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('a VM that is deleted while one looks says so', async ({ page, open, sim }) => {
    await open('/vms/102');
    await expect(heading(page, 'database-01')).toBeVisible();
    await expect(page.getByRole('status').filter({ hasText: 'Live' })).toBeVisible();
    const answer = await page.request.delete(`${sim.url}/api/v1/vms/102`);
    expect(answer.ok()).toBe(true);
    await sim.advance(120);
    await expect(page.getByText('database-01 is no longer there')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Show all VMs' })).toBeVisible();
  });
});

test('a stopped VM is started; task, state and tab follow', async ({ page, open, sim }) => {
  await open('/vms/102');
  const main = page.getByRole('main');
  await expect(main.getByText('Stopped', { exact: true })).toBeVisible();
  await expect(card(page, 'CPU')).toContainText('VM is stopped');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByText('Start database-01: started').first()).toBeVisible();
  await sim.advance(60);
  await expect(main.getByText('Running', { exact: true })).toBeVisible();
  await expect(page.getByText('Start database-01: done').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Shut down', exact: true })).toBeVisible();
  await bar(page).getByRole('link', { name: 'Tasks' }).click();
  const row = page.getByRole('row').filter({ hasText: 'Start VM' });
  await expect(row.first()).toContainText('Done');
});

test.describe('stopping', () => {
  // The guest agent stops answering before the VM has stopped.
  test.use({ allowErrors: FAILED_REQUESTS });

  test('stopping asks first, names the VM, and follows', async ({ page, open, sim }) => {
    await open('/vms/104');
    await menu(page, /^Power actions of/, 'Stop');
    const dialog = page.getByRole('alertdialog', { name: 'Stop web-server-02?' });
    await expect(dialog).toContainText(/lost/);
    await dialog.getByRole('button', { name: 'Keep running' }).click();
    await expect(dialog).toBeHidden();
    await menu(page, /^Power actions of/, 'Stop');
    await dialog.getByRole('button', { name: 'Stop VM' }).click();
    await expect(dialog).toBeHidden();
    await sim.advance(60);
    await expect(page.getByRole('main').getByText('Stopped', { exact: true })).toBeVisible();
  });
});

test('a lock is shown, and what it forbids says why', async ({ page, open, sim }) => {
  await open('/vms/104');
  await sim.vm(104, { lock: 'backup' });
  await expect(page.getByText('Locked: backup')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Shut down' })).toHaveAccessibleDescription('VM is locked (backup)');
  await page.getByRole('button', { name: /^Power actions of/ }).click();
  await expect(page.getByRole('menuitem', { name: 'Stop' })).toHaveAttribute('aria-disabled', 'true');
});

test.describe('refusals', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test("stay in the dialog in the server's words, and can be tried again", async ({ page, open, sim }) => {
    await open('/vms/104');
    await sim.faults(refusal('/api/v1/vms/104/stop', 409, 'VM is locked (snapshot-delete)', { method: 'POST' }));
    await menu(page, /^Power actions of/, 'Stop');
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: 'Stop VM' }).click();
    await expect(dialog.getByText('VM is locked (snapshot-delete)')).toBeVisible();
    await sim.clearFaults();
    await dialog.getByRole('button', { name: 'Stop VM' }).click();
    await expect(dialog).toBeHidden();
  });

  test('one panel fails alone and is tried again', async ({ page, open, sim }) => {
    await sim.faults(refusal('/api/v1/vms/101/snapshots', 500, 'storage is not online'));
    await open('/vms/101/snapshots');
    await expect(page.getByText('The snapshots could not be loaded')).toBeVisible();
    await expect(page.getByText('storage is not online')).toBeVisible();
    await expect(heading(page, 'web-server-01')).toBeVisible();
    await expect(card(page, 'CPU')).toContainText(/of 4 cores/);
    await sim.clearFaults();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByText('before-upgrade-20240621').first()).toBeVisible();
  });

  test('configuration that cannot be read leaves head and figures standing', async ({ page, open, sim }) => {
    await sim.faults(refusal('/api/v1/vms/101/detail', 500, 'no such file or directory'));
    await open('/vms/101');
    await expect(heading(page, 'web-server-01')).toBeVisible();
    await expect(page).toHaveTitle(/web-server-01/);
    await expect(card(page, 'CPU')).toContainText('%');
    await expect(card(page, 'System').getByText('The configuration could not be loaded')).toBeVisible();
    await expect(card(page, 'System').getByText('no such file or directory')).toBeVisible();
  });

  test('figures that cannot be refreshed are marked as old, and recover', async ({ page, open, sim }) => {
    await open('/vms/101');
    await expect(card(page, 'CPU')).toContainText(/of 4 cores/);
    await sim.refuseSocket();
    await sim.dropSocket();
    await sim.faults(refusal('/api/v1/vms/101/status', 500, 'got timeout'));
    await expect(card(page, 'CPU').getByText(/What you see is old/)).toBeVisible({ timeout: 20_000 });
    await expect(card(page, 'CPU')).toContainText(/of 4 cores/);
    await sim.clearFaults();
    await card(page, 'CPU').getByRole('button', { name: 'Try again' }).click();
    await expect(card(page, 'CPU').getByText(/What you see is old/)).toBeHidden();
  });

  test('a refused field is marked, what was typed stays, and another change meanwhile is settled', async ({ page, open, sim }) => {
    await open('/vms/101');
    await page.getByRole('button', { name: 'Edit: System' }).click();
    const dialog = page.getByRole('dialog', { name: /web-server-01$/ });
    await dialog.getByLabel('Cores', { exact: true }).fill('6');
    await dialog.getByLabel('Memory', { exact: true }).fill('4100');
    await dialog.getByRole('button', { name: 'Review changes' }).click();
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await expect(dialog.getByLabel('Memory', { exact: true })).toHaveAccessibleDescription(/Must be multiple of 1024/);
    await expect(dialog.getByLabel('Cores', { exact: true })).toHaveValue('6');
    await dialog.getByLabel('Memory', { exact: true }).fill('8192');
    await sim.vm(101, { config: { cores: 2, onboot: 0 } });
    const other = dialog.getByRole('group', { name: 'Changed meanwhile' });
    await expect(other.getByRole('group', { name: 'Cores' }).getByRole('radio', { name: /^Mine\s*6/ })).toBeChecked({ timeout: 20_000 });
    await expect(dialog.getByRole('button', { name: 'Review changes' })).toHaveAttribute('aria-disabled', 'true');
    await other.getByRole('button', { name: 'Go on with these values' }).click();
    await expect(other).toBeHidden();
    await expect(dialog.getByLabel('Cores', { exact: true })).toHaveValue('6');
    await expect(dialog.getByRole('switch', { name: 'Starts with its node' })).not.toBeChecked();
    await dialog.getByRole('button', { name: 'Review changes' }).click();
    await expect(dialog.getByRole('row').filter({ hasText: 'Cores' })).toContainText('2');
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await expect(dialog).toBeHidden();
  });

  test('a digest that no longer fits is said, and saving again works', async ({ page, open, sim }) => {
    await open('/vms/101');
    await page.getByRole('button', { name: 'Edit: System' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Notes').fill('Front of the shop');
    await sim.faults({
      path: '/api/v1/vms/101/config', method: 'PUT', status: 409, times: 1,
      body: { error: 'CONFIG_CHANGED', message: 'detected modified configuration - file changed by other user? Try again.', status: 409 },
    });
    await dialog.getByRole('button', { name: 'Review changes' }).click();
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await expect(dialog.getByText(/detected modified configuration/)).toBeVisible();
    await expect(dialog.getByLabel('Notes')).toHaveValue('Front of the shop');
    await dialog.getByRole('button', { name: 'Review changes' }).click();
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await expect(dialog).toBeHidden();
    await expect(card(page, 'Notes')).toContainText('Front of the shop');
  });

  test('a tag that cannot be added keeps what was typed', async ({ page, open, sim }) => {
    await open('/vms/101');
    await sim.faults(refusal('/api/v1/vms/101/tags', 500, 'cluster not ready - no quorum?', { method: 'POST' }));
    await page.getByRole('button', { name: 'tag', exact: true }).click();
    const form = page.getByRole('dialog', { name: 'Add a tag' });
    await form.getByLabel('New tag').fill('env-test');
    await form.getByRole('button', { name: 'Add tag', exact: true }).click();
    await expect(form.getByText(/no quorum/)).toBeVisible();
    await expect(form.getByLabel('New tag')).toHaveValue('env-test');
  });
});

test('editing shows the differences first, and what waits for a start', async ({ page, open, sim }) => {
  await open('/vms/101');
  await page.getByRole('button', { name: 'Edit: System' }).click();
  const dialog = page.getByRole('dialog', { name: /web-server-01$/ });
  const save = dialog.getByRole('button', { name: 'Review changes' });
  await expect(save).toHaveAccessibleDescription('Nothing has changed');
  await dialog.getByLabel('Cores', { exact: true }).fill('0');
  await expect(dialog.getByText('A whole number from 1 to 8192')).toBeVisible();
  await expect(save).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByLabel('Cores', { exact: true }).fill('8');
  await dialog.getByRole('button', { name: 'Move ide2 up' }).click();
  await dialog.getByRole('switch', { name: 'Protection' }).click();
  await dialog.getByLabel('Notes').fill('First line\n<b>second</b> line');
  await save.click();
  const cores = dialog.getByRole('row').filter({ hasText: 'Cores' });
  await expect(cores).toContainText('4');
  await expect(cores).toContainText('8');
  await expect(cores).toContainText('at the next start');
  await expect(dialog.getByRole('row').filter({ hasText: 'Boot order' })).toContainText('ide2 → scsi0 → net0');
  await expect(dialog.getByRole('row').filter({ hasText: 'Protection' })).not.toContainText('at the next start');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(dialog).toBeHidden();
  await expect(card(page, 'System')).toContainText('8 at the next start');
  await expect(card(page, 'Notes')).toContainText('<b>second</b> line');
  const sent = await sim.requests(/\/vms\/101\/config$/, 'PUT');
  expect(sent).toHaveLength(1);
});

test('typed input is not lost by a slip, nor by going back', async ({ page, open }) => {
  await open('/vms/101/options');
  await expect(card(page, 'Options')).toContainText('Start at boot');
  await bar(page).getByRole('link', { name: 'General' }).click();
  await page.getByRole('button', { name: 'Edit: System' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Cores', { exact: true }).fill('7');
  await page.keyboard.press('Escape');
  await expect(dialog.getByText('Discard what you have typed?')).toBeVisible();
  await dialog.getByRole('button', { name: 'Keep editing' }).click();
  await expect(dialog.getByLabel('Cores', { exact: true })).toHaveValue('7');
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Discard changes' }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Edit: System' }).click();
  await expect(dialog.getByLabel('Cores', { exact: true })).toHaveValue('4');
});

test('tags are added and taken off', async ({ page, open }) => {
  await open('/vms/101');
  const group = page.getByRole('group', { name: 'Tags', exact: true });
  await page.getByRole('button', { name: 'tag', exact: true }).click();
  const form = page.getByRole('dialog', { name: 'Add a tag' });
  await form.getByLabel('New tag').fill('no spaces');
  await expect(form.getByText('No spaces in a tag').first()).toBeVisible();
  await form.getByLabel('New tag').fill('env-test');
  await page.keyboard.press('Enter');
  await expect(group.getByRole('link', { name: 'env-test' })).toBeVisible();
  await group.getByRole('button', { name: 'Remove tag env-test' }).click();
  await expect(group.getByRole('link', { name: 'env-test' })).toBeHidden();
});

test('removing asks to type the name, says what is lost, and ends on the list', async ({ page, open }) => {
  await open('/vms/101');
  await page.getByRole('button', { name: /^More actions of/ }).click();
  const refused = page.getByRole('menuitem', { name: /^Remove/ });
  await expect(refused).toHaveAttribute('aria-disabled', 'true');
  await expect(refused).toHaveAccessibleDescription(/stop it first/);
  await page.keyboard.press('Escape');
  await open('/vms/102');
  await menu(page, /^More actions of/, 'Remove');
  const dialog = page.getByRole('alertdialog', { name: 'Delete database-01?' });
  await expect(dialog).toContainText(/1 disk on local-zfs/);
  await expect(dialog).toContainText(/100\s*GiB/);
  await expect(dialog).toContainText(/backup stays/);
  const go = dialog.getByRole('button', { name: 'Delete VM' });
  await expect(go).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByRole('textbox').fill('database-01');
  await go.click();
  await expect(page).toHaveURL(/\/vms$/);
  await expect(page.getByText('Delete database-01: started').first()).toBeVisible();
});

test.describe('safety rules', () => {
  test.use({ simArgs: ['--scenario', 'guide', '--safe-mode', 'strict'], allowErrors: FAILED_REQUESTS });
  test('offer force as a choice of its own', async ({ page, open, sim }) => {
    await open('/vms/104');
    await menu(page, /^Power actions of/, 'Stop');
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: 'Stop VM' }).click();
    await expect(dialog.getByText(/safe mode/i).first()).toBeVisible();
    await dialog.getByLabel(/^Force/).check();
    await dialog.getByRole('button', { name: 'Stop VM' }).click();
    await expect(dialog).toBeHidden();
    expect(await sim.requests(/\/vms\/104\/stop/, 'POST')).toHaveLength(2);
  });
});

test.describe('by polls', () => {
  test.use({ allowErrors: FAILED_REQUESTS });

  test('a refresh disturbs nothing: an open menu and its focus stay', async ({ page, open, sim }) => {
    await open('/vms/101');
    await page.getByRole('button', { name: /^Power actions of/ }).click();
    await expect(page.getByRole('menuitem').first()).toBeFocused();
    await page.keyboard.press('ArrowDown');
    const item = page.getByRole('menuitem', { name: 'Shut down' });
    await expect(item).toBeFocused();
    await sim.refuseSocket();
    await sim.dropSocket();
    await sim.forgetRequests();
    await expect.poll(async () => (await sim.requests(/\/vms\/101\/status$/)).length, { timeout: 20_000 }).toBeGreaterThan(2);
    await expect(item).toBeFocused();
  });
});

test('the reach of the charts stands in the address', async ({ page, open }) => {
  await open('/vms/101');
  const reach = page.getByRole('group', { name: 'What the charts reach over' });
  await expect(reach.getByRole('button', { name: 'Hour' })).toHaveAttribute('aria-pressed', 'true');
  await reach.getByRole('button', { name: 'Day' }).click();
  await expect(page).toHaveURL(/\?range=day$/);
  await page.reload();
  await expect(reach.getByRole('button', { name: 'Day' })).toHaveAttribute('aria-pressed', 'true');
  await reach.getByRole('button', { name: 'Live' }).click();
  await expect(page.getByRole('heading', { name: /since this page was opened/ })).toBeVisible();
});

test('a Talos node is marked and warned about', async ({ page, open }) => {
  await open('/vms/201');
  await expect(page.getByText('Talos node of talos-prod-01')).toBeVisible();
  await menu(page, /^Power actions of/, 'Stop');
  await expect(page.getByRole('alertdialog')).toContainText(/quorum/);
});

test('markup in names and notes stays text', async ({ page, open, sim }) => {
  const name = '<img src=x onerror="window.hacked=1">';
  await sim.vm(105, { name, config: { description: '<script>window.hacked=1</script>' }, tags: ['<b>x</b>'] });
  await open('/vms/105');
  await expect(heading(page, name)).toBeVisible();
  await expect(card(page, 'Notes')).toContainText('<script>window.hacked=1</script>');
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
});

test('axe finds nothing: the form and its differences', async ({ page, open }) => {
  await open('/vms/101');
  await page.getByRole('button', { name: 'Edit: System' }).click();
  await page.getByRole('dialog').getByLabel('Cores', { exact: true }).fill('8');
  await expectNoAxeViolations(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Review changes' }).click();
  await expectNoAxeViolations(page);
});
