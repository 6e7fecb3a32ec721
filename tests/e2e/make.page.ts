// What the tests of the wizards share.
import { expect, type Locator, type Page, type Sim } from './fixtures.ts';

export const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });
/** By its label, which says "optional" behind some names. */
export const field = (page: Page, name: string): Locator => page.getByLabel(new RegExp(`^${name}(\\s*optional)?$`));

/** Goes on, and waits for the step. */
export async function next(page: Page, to: string): Promise<void> {
  await button(page, 'Next').click();
  await expect(page.getByRole('heading', { level: 2, name: to, exact: true })).toBeFocused();
}

/** Waits until what is proposed has come. */
export async function begin(page: Page): Promise<void> {
  await expect(field(page, 'VM ID')).not.toHaveValue('');
  await expect(field(page, 'Node')).not.toHaveValue('');
}

/** Fills in a VM from an ISO image, up to the review. */
export async function fillIso(page: Page, name: string): Promise<void> {
  await begin(page);
  await field(page, 'Name').fill(name);
  await next(page, 'Source');
  await expect(field(page, 'ISO image').getByRole('option', { name: /debian-12\.5/ })).toBeAttached();
  await field(page, 'ISO image').selectOption('local:iso/debian-12.5.0-amd64-netinst.iso');
  await next(page, 'System');
  await next(page, 'Disks');
  await expect(field(page, 'Storage')).toHaveValue('local-zfs');
  await next(page, 'Networks');
  await expect(field(page, 'Bridge')).toHaveValue('vmbr0');
  await next(page, 'Review');
}

/** The requests that made something. */
export async function sent(sim: Sim): Promise<string[]> {
  return (await sim.requests(/./)).filter(({ method, path }) => method !== 'GET' && /\/api\/v1\/vms/.test(path)).map(({ method, path }) => `${method} ${path.replace('/api/v1', '')}`);
}
