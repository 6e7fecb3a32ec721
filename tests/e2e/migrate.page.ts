// What tests of the migration wizard do again and again.
import { expect, type Locator, type Page, type Sim } from './fixtures.ts';

export const button = (page: Page | Locator, name: string | RegExp): Locator =>
  page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });

/** Goes on, and waits until the step of that name is there. */
export async function next(page: Page, step: string): Promise<void> {
  await button(page, 'Next').click();
  await expect(page.getByRole('heading', { level: 2, name: step, exact: true })).toBeVisible();
}

/** One VM of a run. */
export const moving = (page: Page, name: string): Locator => page.getByRole('listitem', { name, exact: true });

/** The migrations that were begun, by their address. */
export const begun = async (sim: Sim): Promise<string[]> =>
  (await sim.requests(/\/migrate$/, 'POST')).map((request) => request.path.replace(/^.*\/vms\//, '/vms/'));

/** Presses a button that asks first, and says yes. */
export async function confirmed(page: Page, press: Locator, yes: string): Promise<void> {
  await press.click();
  await button(page.getByRole('alertdialog').or(page.getByRole('dialog')), yes).click();
}
