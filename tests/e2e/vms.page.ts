// The list of VMs as a person finds their way in it.
import { expect, type Locator, type Page } from './fixtures.ts';

export const grid = (page: Page): Locator => page.getByRole('grid', { name: 'Virtual machines' });
export const row = (page: Page, name: string): Locator =>
  grid(page).getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
export const search = (page: Page): Locator => page.getByRole('combobox', { name: 'Search VMs' });
export const filters = (page: Page): Locator => page.getByRole('list', { name: 'Filters' });
/** "11 of 44 VMs" */
export const counted = (page: Page, words: string | RegExp): Locator => page.getByRole('status').filter({ hasText: words });
export const select = (page: Page, name: string): Locator => page.getByRole('checkbox', { name: `Select ${name}`, exact: true });

/** Names of the rows that are mounted, as they stand. */
export async function names(page: Page): Promise<string[]> {
  const rows = grid(page).getByRole('rowheader');
  const found = await rows.evaluateAll((cells) =>
    cells
      .map((cell) => ({ top: cell.getBoundingClientRect().top, name: cell.querySelector('a')?.textContent ?? '' }))
      .sort((a, b) => a.top - b.top)
      .map(({ name }) => name.trim()),
  );
  return found;
}

/** Chooses in one of the boxes above the table. */
export async function choose(page: Page, box: string, option: RegExp): Promise<void> {
  await page.getByRole('combobox', { name: box }).click();
  await page.getByRole('option', { name: option }).click();
}

export async function openMenu(page: Page, name: string): Promise<Locator> {
  await row(page, name).getByRole('button', { name: `Actions of ${name}` }).click();
  const menu = page.getByRole('menu', { name: `Actions of ${name}` });
  await expect(menu).toBeVisible();
  return menu;
}

export const item = (menu: Locator, name: string): Locator => menu.getByRole('menuitem', { name, exact: true });

/** How many rows of the whole list the server has been asked for. */
export const LIST = /^(\/[^?]*)?\/api\/v1\/vms(\?|$)/;
