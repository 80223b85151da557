import type { Page } from 'playwright-core';
import type { CoveredTexts } from './covered-texts.ts';
import type { ProducedFile } from '../../port/tool.ts';

const pictureMs = 10_000;

/** A picture of what is seen, of the whole page or of one element. Fields that hold secrets are covered. */
export async function takePicture(
  page: Page,
  { ref, whole, covered }: { ref: string | undefined; whole: boolean; covered: CoveredTexts },
): Promise<ProducedFile> {
  const fields = page.locator('input, textarea');
  const values = covered.isEmpty
    ? []
    : await fields.evaluateAll((all) => all.map((each) => ('value' in each ? String(each.value) : '')));
  const holding = values.flatMap((value, place) => (covered.covers(value) ? [fields.nth(place)] : []));
  const options = {
    type: 'png' as const,
    timeout: pictureMs,
    mask: [page.locator('input[type=password]'), ...holding],
  };
  const content =
    ref === undefined
      ? await page.screenshot({ ...options, fullPage: whole })
      : await page.getByRef(ref).screenshot(options);
  return { name: 'screenshot.png', mediaType: 'image/png', content };
}
