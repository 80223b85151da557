import type { PageLanguage } from './approval-page-text.ts';
import { livePageTexts, type LivePageText } from './live-page-text.ts';
import { escapeHtml, type Page } from './page.ts';

/** Languages of the page, the usual one first. */
export const livePageLanguages: readonly [PageLanguage, ...PageLanguage[]] = ['en', 'es', 'pt'];

/** Only its own script and style sheet run, and they speak to this server alone. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** The page that shows the browser of a session. What it shows comes over the WebSocket, to those who may see it. */
export function makeLivePage(session: string, language: PageLanguage): Page {
  const text: LivePageText = livePageTexts[language];
  const of = (key: keyof LivePageText) => escapeHtml(text[key]);
  const html = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${of('title')}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/browser/assets/live.css"><script type="module" src="/browser/assets/live.js"></script></head>
<body data-session="${escapeHtml(session)}" data-texts="${escapeHtml(JSON.stringify(text))}">
<main>
<h1>${of('title')}</h1>
<div class="bar">
<label class="address">${of('address')}<input id="address" type="text" readonly></label>
<label class="pages" id="pages-label" hidden>${of('pages')}<select id="pages" disabled></select></label>
</div>
<div class="bar"><p id="status" role="status">${of('connecting')}</p>
<button id="take" type="button" disabled>${of('takeOver')}</button>
<button id="give" type="button" hidden>${of('giveBack')}</button></div>
<canvas id="picture" role="img" aria-label="${of('picture')}" tabindex="0" width="1280" height="900"></canvas>
<div class="bar" id="typing-bar" hidden>
<label class="address">${of('typing')}<input id="typing" type="text" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="hint"></label></div>
<p class="muted" id="hint" hidden>${of('typingHint')}</p>
</main></body></html>`;
  return { html, policy };
}
