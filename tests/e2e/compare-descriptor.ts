import type { Page } from 'playwright';
import { expect } from 'vitest';

/** On the comparison screen: compares the descriptor, frozen and fine-tuned for a few epochs, and waits for both rows. */
export async function compareDescriptor(page: Page, epochs: number): Promise<void> {
  await page.getByRole('checkbox', { name: /Colour and gradient.*frozen/i }).check();
  await page.getByRole('checkbox', { name: /Colour and gradient.*fine-tuned/i }).check();
  await page.locator('summary', { hasText: 'Recipe' }).click();
  const field = page.getByRole('textbox', { name: 'Epochs', exact: true });
  await field.fill(String(epochs));
  await field.press('Enter');
  await page.getByRole('button', { name: /^Run comparison/ }).click();
  const table = page.getByRole('table', { name: /results/i });
  await expect.poll(() => table.getByRole('row').count()).toBe(3);
}
