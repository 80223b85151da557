import { createHash } from 'node:crypto';
import type { Exchange } from '../exchange.ts';

/** A page without scripts: its one style sheet is allowed by its hash, so that nothing else can be slipped in. */
export interface Page {
  html: string;
  policy: string;
}

const style = `
  :root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; --accent: light-dark(#0b5cad, #7db8f5); }
  body { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
  h1, h2, h4 { line-height: 1.2; } h1 { border-bottom: 3px solid var(--accent); padding-bottom: 0.5rem; }
  h2 { margin-top: 2.5rem; } h4 { margin: 1rem 0 0.25rem; }
  a { color: var(--accent); text-underline-offset: 0.15em; }
  code, pre { font: 0.9em/1.45 ui-monospace, monospace; }
  pre { overflow-x: auto; padding: 0.75rem; border: 1px solid #8886; border-radius: 6px; }
  details { border: 1px solid #8886; border-radius: 6px; margin: 0.5rem 0; padding: 0.5rem 0.75rem; }
  summary { cursor: pointer; } details[open] > summary { margin-bottom: 0.5rem; }
  .method { display: inline-block; min-width: 4.5rem; font-weight: 700; color: var(--accent); } .muted { opacity: 0.75; }
  form { margin-top: 1.5rem; } label { display: block; margin: 0.75rem 0; } textarea { width: 100%; font: inherit; }
  button { font: inherit; padding: 0.5rem 1.25rem; margin: 0 0.5rem 0.5rem 0; } .label { font-weight: 700; color: #b45309; }
  pre.exact { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; direction: ltr; }
  table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: 0.25rem 0.5rem; border-top: 1px solid #8886; }
`;

const hash = createHash('sha256').update(style).digest('base64');

/** What differs from a page in English that only shows something. */
export interface PageOptions {
  language?: string;
  /** The page has a form that is sent to this server. */
  hasForm?: boolean;
}

/** Makes a page of a title and the HTML of its body. */
export function makePage(title: string, body: string, options: PageOptions = {}): Page {
  const { language = 'en', hasForm = false } = options;
  const formAction = hasForm ? `'self'` : `'none'`;
  return {
    html:
      `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>` +
      `<meta name="viewport" content="width=device-width"><style>${style}</style></head><body>${body}</body></html>`,
    policy: `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'; form-action ${formAction}`,
  };
}

/** Answers with a page. */
export function answerPage(
  exchange: Pick<Exchange, 'headers'>,
  { html, policy }: Page,
  status = 200,
): Response {
  return new Response(html, {
    status,
    headers: {
      ...exchange.headers,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'no-cache',
    },
  });
}

/** Text that stands for itself in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
