// Every page in both themes, as wide as a screen and as narrow as a phone: axe finds nothing, and nothing is wider than the window.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, test } from './fixtures.ts';

const PAGES = [
  '/', '/?board', '/wall', '/vms', '/vms?group=node', '/snapshots', '/storage/local-zfs', '/settings', '/nowhere', '/vms/new', '/vms/9000/clone',
  '/backups', '/backups/coverage', '/backups/retention', '/backups/retention?by=count&n=1', '/backups/restore', '/vms/101/backups?new=backup',
  '/migrate', '/migrate?vm=101,102&to=proxmox-02&step=target', '/migrate?vm=101,102&to=proxmox-02&step=review',
  '/vms/102/console', '/vms/101/console?window', '/nodes/proxmox-01/console',
  ...['', '/hardware', '/options', '/snapshots', '/backups', '/tasks', '/console'].map((tab) => `/vms/101${tab}`),
  ...['source', 'system', 'disks', 'networks', 'review'].map((step) => `/vms/new?step=${step}`),
];

for (const path of PAGES) {
  test(`${path} in both themes and widths`, async ({ page, open }) => {
    await open(path);
    for (const size of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
      await page.setViewportSize(size);
      await page.getByRole('main').waitFor();
      await expect(page.locator('main [aria-busy=true]')).toHaveCount(0);
      await expectNoAxeViolations(page);
      await expectNoSidewaysScroll(page);
    }
  });
}
