import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { makeTestBrowser, useBrowser } from './browser-kit.ts';
import { listenLocally, type LocalServer } from './egress-kit.ts';

let site: LocalServer;
let made: ReturnType<typeof makeTestBrowser> | undefined;

beforeAll(async () => {
  site = await listenLocally((request, response) => {
    response.setHeader('content-type', 'text/html');
    if (request.url !== '/late') {
      response.end(
        '<a href="/late" target="_blank">By link</a> <button onclick="window.open(\'/late\')">By script</button>',
      );
      return;
    }
    setTimeout(() => response.end('<h1>Late</h1>'), 700);
  });
});
afterEach(() => made?.close());
afterAll(() => site.close());

it.each(['By link', 'By script'])('a page that comes late is waited for: %s', async (name) => {
  made = makeTestBrowser({ limits: { allowPrivate: [`127.0.0.1:${site.port}`] } });
  const user = useBrowser(made.browser);
  const { text } = await user.call('browser_open', { url: site.url });
  const ref = new RegExp(`"${name}" \\[ref=(\\w+)\\]`).exec(text)?.[1];
  const acted = await user.call('browser_act', { steps: [{ action: 'click', ref }] });
  expect(acted.text).toMatch(/a new page was opened: page 2[\s\S]*also open: page 2 at .*\/late/);
});
