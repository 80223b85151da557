import type { Page } from 'playwright-core';
import type { ProducedFile } from '../../port/tool.ts';

const pictureMs = 10_000;

/** A picture of what is seen, of the whole page or of one element. Fields that hold secrets are covered. */
export async function takePicture(
  page: Page,
  { ref, whole, secrets }: { ref: string | undefined; whole: boolean; secrets: ReadonlySet<string> },
): Promise<ProducedFile> {
  const fields = page.locator('input, textarea');
  const values =
    secrets.size === 0
      ? []
      : await fields.evaluateAll((all) => all.map((each) => ('value' in each ? String(each.value) : '')));
  const holding = values.flatMap((value, place) =>
    [...secrets].some((secret) => value.includes(secret)) ? [fields.nth(place)] : [],
  );
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
