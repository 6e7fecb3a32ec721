// Notes are Markdown that anybody may have written: shown well, and never run.
import { expect, expectNoAxeViolations, test, type Page } from './fixtures.ts';

const card = (page: Page) => page.getByRole('region', { name: 'Notes', exact: true });

const notes = [
  '# Web shop',
  'Owned by *operations*, ask **Ada**',
  'before a restart.',
  '',
  '### Steps',
  '- [x] renew `tls`',
  '- [ ] move to <b>zfs</b>',
  '',
  '[Runbook](https://wiki.example/run?a=1&b=2) and [a trap](javascript:window.ran=1)',
  '',
  '![Rack plan](https://pictures.example/rack.png)',
  '',
  '<img src=x onerror="window.ran=2">',
  '',
  '<script>window.ran = 3</script>',
  '',
  '| Port | Use |',
  '|-----:|-----|',
  '| 443 | shop |',
  '',
  '> quoted',
].join('\n');

test('notes are shown formatted, and nothing in them runs', async ({ page, open, sim }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await sim.vm(101, { config: { description: notes } });
  await open('/vms/101');
  const box = card(page);
  await expect(box.getByRole('heading', { level: 3, name: 'Web shop' })).toBeVisible();
  await expect(box.getByRole('heading', { level: 4, name: 'Steps' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(box.getByRole('listitem')).toHaveText(['☑ renew tls', '☐ move to <b>zfs</b>']);
  await expect(box.getByRole('img', { name: 'Done', exact: true })).toBeVisible();
  await expect(box.getByRole('cell', { name: '443' })).toBeVisible();
  await expect(box.locator('blockquote')).toHaveText('quoted');
  await expect(box.locator('em')).toHaveText('operations');
  await expect(box.getByText('Owned by')).toHaveJSProperty('innerText', 'Owned by operations, ask Ada\nbefore a restart.');

  const links = box.getByRole('link');
  await expect(links).toHaveText(['Runbook', 'Rack plan']);
  await expect(links.first()).toHaveAttribute('href', 'https://wiki.example/run?a=1&b=2');
  await expect(links.last()).toHaveAttribute('href', 'https://pictures.example/rack.png');
  for (const link of await links.all()) {
    await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow');
    await expect(link).toHaveAttribute('target', '_blank');
  }
  await expect(box).toContainText('and a trap');
  await box.getByText('a trap').click();
  await expect(box.getByText('<script>window.ran = 3</script>')).toBeVisible();
  await expect(box.getByText('<img src=x onerror="window.ran=2">')).toBeVisible();
  await expect(box.locator('script, img, b')).toHaveCount(0);
  expect(await page.evaluate(() => (window as unknown as { ran?: number }).ran)).toBeUndefined();
  expect(asked.filter((url) => !url.startsWith(sim.url))).toEqual([]);
  await expectNoAxeViolations(page);
});

test('notes can be read as they were written, and follow what is saved', async ({ page, open, sim }) => {
  await sim.vm(101, { config: { description: '# Shop\n* one' } });
  await open('/vms/101');
  const box = card(page);
  await expect(box.getByRole('heading', { name: 'Shop' })).toBeVisible();
  await box.getByRole('button', { name: 'Show as text' }).click();
  await expect(box.getByText('# Shop')).toHaveText('# Shop\n* one', { useInnerText: true });
  await expect(box.getByRole('heading', { name: 'Shop' })).toHaveCount(0);
  const back = box.getByRole('button', { name: 'Show formatted' });
  await expect(back).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(box.getByRole('listitem')).toHaveText('one');
  await sim.vm(101, { config: { description: `${'> '.repeat(40)}deep\n\nafter` } });
  await page.reload();
  await expect(box.getByText('after')).toBeVisible();
  await expect(box.getByText(/^The rest is left out/)).toBeVisible();
  await sim.vm(101, { config: { description: null } });
  await page.reload();
  await expect(box.getByText(/^No notes/)).toBeVisible();
  await expect(box.getByRole('button', { name: /^Show/ })).toHaveCount(0);
});
