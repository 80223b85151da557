import type { PageView, StepReport } from '../../../port/browser.ts';
import { toolOutput, type MarkedOutput } from '../../../port/tool-definition.ts';

/** A page as the answer of a tool. */
export function renderView({ page, address, title, text, notes }: PageView): string {
  const head = [`page ${page}: ${address}`, ...(title === '' ? [] : [`title: ${title}`])];
  const beside = notes.map((note) => `note: ${note}`);
  return [...head, ...beside, '', text === '' ? '(nothing to be seen)' : text].join('\n');
}

/** What became of steps, and the page afterwards. A step that was not done fails the call and says how far it came. */
export function renderReport({ done, fault, view }: StepReport, total: number): MarkedOutput {
  if (fault === undefined) {
    return toolOutput({ text: `${done} of ${total} steps done.\n${renderView(view)}` });
  }
  const text = `${done} of ${total} steps done; step ${done + 1} was not: ${fault}. The page as it is now:\n${renderView(view)}`;
  return toolOutput({ text, failed: true });
}
