import { randomBytes } from 'node:crypto';
import { escapeHtml, type Page } from '../page.ts';
import { terminalPageTexts, type TerminalLanguage } from './terminal-page-text.ts';

/** Which terminal the page is for. */
interface TerminalVisit {
  sessionId: string;
  /** Address of this server as the browser knows it. */
  address: string;
  language: TerminalLanguage;
}

/**
 * A page with a terminal. All that it loads is from this server and named by a number that is used once: nothing that anybody slips into it
 * runs. What the terminal shows is text in it, never HTML.
 */
export function makeTerminalPage({ sessionId, address, language }: TerminalVisit): Page {
  const text = terminalPageTexts[language];
  const once = randomBytes(18).toString('base64');
  const button = (id: string, label: string): string => `<button id="${id}">${escapeHtml(label)}</button>`;
  const link = (name: string): string =>
    `<link rel="stylesheet" nonce="${once}" href="/terminal/assets/${name}">`;
  return {
    html:
      `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(text.title)}</title>` +
      `<meta name="viewport" content="width=device-width">${link('xterm.css')}${link('terminal-page.css')}</head>` +
      `<body data-session="${escapeHtml(sessionId)}" data-texts="${escapeHtml(JSON.stringify(text))}">` +
      `<header><h1>${escapeHtml(text.title)}</h1><code>${escapeHtml(sessionId)}</code>` +
      `<p id="state" role="status" aria-live="polite">${escapeHtml(text.connecting)}</p>` +
      `<nav>${button('copy', text.copy)}${button('paste', text.paste)}${button('close', text.close)}</nav></header>` +
      `<noscript>${escapeHtml(text.needsScript)}</noscript><main id="terminal"></main>` +
      `<script type="module" nonce="${once}" src="/terminal/assets/terminal-page.mjs"></script></body></html>`,
    policy: [
      "default-src 'none'",
      `script-src 'nonce-${once}'`,
      `style-src 'nonce-${once}'`,
      `connect-src 'self' ${socketAddress(address)}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; '),
  };
}

/** Some browsers do not count WebSockets of this server as `'self'`. */
function socketAddress(address: string): string {
  const { protocol, host } = new URL(address);
  return /^[\w.:[\]-]+$/.test(host) ? `${protocol === 'https:' ? 'wss' : 'ws'}://${host}` : '';
}
