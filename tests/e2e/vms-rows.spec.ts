// Rows of a long list pass from one VM to the next while one scrolls and searches: each says what
// the server says of its VM, and a press stays with the VM it began on.
import { expect, test, type Page, type Sim } from './fixtures.ts';
import { counted, grid, search } from './vms.page.ts';

test.use({ simArgs: ['--scenario', 'fleet', '--vms', '400', '--seed', '11'] });

interface Shown {
  place: number;
  id: string;
  name: string;
  node: string;
  link: string;
  check: string;
  menu: string;
  tint: string | null;
}

/** The rows in the order of the document. */
function shown(page: Page): Promise<Shown[]> {
  return grid(page).evaluate((table) =>
    [...table.querySelectorAll('tbody [role="row"]')].map((row) => {
      const name = row.querySelector('[role="rowheader"] a');
      const cells = [...row.querySelectorAll('[role="gridcell"]')];
      return {
        place: Number(row.getAttribute('aria-rowindex')) - 2,
        id: row.querySelector('.vm-id')?.textContent ?? '',
        name: name?.textContent ?? '',
        node: cells[3]?.textContent ?? '',
        link: name?.getAttribute('href') ?? '',
        check: row.querySelector('input')?.getAttribute('aria-label') ?? '',
        menu: row.querySelector('[aria-haspopup="menu"]')?.getAttribute('aria-label') ?? '',
        tint: row.querySelector('[data-tint]')?.getAttribute('data-tint') ?? null,
      };
    }),
  );
}

async function fleet(page: Page, sim: Sim): Promise<{ vmid: number; name: string; node: string }[]> {
  const vms = (await (await page.request.get(`${sim.url}/api/v1/vms`)).json()) as { vmid: number; name: string; node: string }[];
  return vms.sort((a, b) => a.vmid - b.vmid);
}

/** Every row in sight says what the server says of the VM in its place, in the order of the page. */
async function expectTrue(page: Page, of: { vmid: number; name: string; node: string }[]): Promise<void> {
  await expect
    .poll(async () => {
      const places = (await shown(page)).map(({ place }) => place);
      return places.length > 0 && places.every((place, at) => at === 0 || place === places[at - 1]! + 1);
    })
    .toBe(true);
  for (const { place, tint, ...said } of await shown(page)) {
    const vm = of[place]!;
    expect(said).toEqual({
      id: `${vm.vmid}`,
      name: vm.name,
      node: vm.node,
      link: `/vms/${vm.vmid}`,
      check: `Select ${vm.name}`,
      menu: `Actions of ${vm.name}`,
    });
    // That another VM stands here is no change of a VM.
    expect(tint).toBeNull();
  }
}

test('scrolled and searched, each row is of one VM', async ({ page, open, sim }) => {
  await open('/vms?per=all');
  await expect(grid(page).getByRole('rowheader').nth(10)).toBeVisible();
  const all = await fleet(page, sim);
  await expectTrue(page, all);
  await grid(page).hover();
  for (const way of [700, 5_000, -300, 9_000, -2_000]) {
    await page.mouse.wheel(0, way);
    await expectTrue(page, all);
  }
  const word = all[200]!.name.replace(/\d+$/, '');
  await search(page).fill(word);
  const found = all.filter(({ name }) => name.includes(word));
  await expect(counted(page, `${found.length} of 400 VMs`)).toBeVisible();
  await expect(grid(page).getByRole('rowheader').first()).toContainText(found[0]!.name);
  await expectTrue(page, found);
  await search(page).fill('');
  await expect(counted(page, '400 VMs')).toBeVisible();
  await expectTrue(page, all);
});

test('a press that began on one VM does nothing to another that takes its place', async ({ page, open }) => {
  await open('/vms?per=all&sort=name');
  const first = grid(page).getByRole('checkbox', { name: /^Select / }).nth(1);
  await expect(first).toBeVisible();
  const was = await first.getAttribute('aria-label');
  await first.hover();
  await page.mouse.down();
  // Meanwhile the list is turned round.
  const head = grid(page).getByRole('columnheader', { name: 'Name' }).getByRole('button').first();
  await head.evaluate((button: HTMLElement) => button.click());
  await expect(first).not.toHaveAttribute('aria-label', was ?? '');
  await page.mouse.up();
  await expect(page.getByText(/\d+ selected/)).toHaveCount(0);
});
