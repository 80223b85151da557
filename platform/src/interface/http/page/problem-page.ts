import type { Problem } from '@batuta/contract';
import { escapeHtml, makePage, type Page } from './page.ts';

/** A problem for a person who followed a link: the same as the JSON says. */
export function makeProblemPage({ title, detail, code, status }: Problem): Page {
  return makePage(
    title,
    `<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(detail)}</p>
<p class="muted">${status} <a href="/errors/${escapeHtml(code)}">${escapeHtml(code)}</a></p>
<p><a href="/">What runs here</a></p>`,
  );
}

/** Whether a browser asks for a page to show. Programs ask for JSON or for anything. */
export function wantsPage(accept: string | undefined): boolean {
  return /(?:^|,)\s*text\/html\b/.test(accept ?? '');
}
