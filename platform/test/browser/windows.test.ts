import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeAll, afterAll, expect, it } from 'vitest';
import { makeTestBrowser, useBrowser } from './browser-kit.ts';
import { listenLocally, type LocalServer } from './egress-kit.ts';

let site: LocalServer;
let made: ReturnType<typeof makeTestBrowser> | undefined;

beforeAll(async () => {
  site = await listenLocally((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<h1>Welcome</h1>');
  });
});
afterEach(() => made?.close());
afterAll(() => site.close());

function start(settings: Parameters<typeof makeTestBrowser>[1] = {}) {
  made = makeTestBrowser({ limits: { allowPrivate: [`127.0.0.1:${site.port}`] } }, settings);
  return useBrowser(made.browser);
}

/** Processes of Chromium that a test of this process has started. */
function chromiumProcesses(): { id: number; name: string; user: string | undefined; environment: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        const isOurs = readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(`batuta-browser-${process.pid}-`);
        const name = readFileSync(`/proc/${id}/comm`, 'utf8').trim();
        const user = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1];
        return isOurs
          ? [{ id: Number(id), name, user, environment: readFileSync(`/proc/${id}/environ`, 'utf8') }]
          : [];
      } catch {
        return [];
      }
    });
}

/** Kills all of them; some are gone as soon as the one that started them is. */
function killChromium(): void {
  for (const { id } of chromiumProcesses()) {
    try {
      process.kill(id, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

it('starts again after the browser has died', { timeout: 60_000 }, async () => {
  const user = start();
  const open = () => user.call('browser_open', { url: site.url });
  expect((await open()).text).toContain('Welcome');
  killChromium();
  await expect.poll(() => chromiumProcesses().length).toBe(0);
  expect((await open()).text).toContain('Welcome');
});

it('runs without the rights and the environment of the platform', async () => {
  const user = start();
  await user.call('browser_open', { url: site.url });
  const running = chromiumProcesses();
  expect(running.length).toBeGreaterThan(1);
  // What makes the jail is root outside of it.
  expect(running.filter((each) => each.user === '0' && each.name !== 'bwrap')).toEqual([]);
  expect(running.filter(({ environment }) => environment.includes('VITEST'))).toEqual([]);
});

it('gives the place of a window that nobody uses to another session', async () => {
  const user = start({ maxWindows: 1 });
  const open = (sessionId: string) => user.call('browser_open', { url: site.url }, { sessionId });
  expect((await open('ses_1')).text).toContain('Welcome');
  expect((await open('ses_2')).text).toContain('Welcome');
});

it('says that all windows are in use', async () => {
  const user = start({ maxWindows: 1 });
  const open = (sessionId: string) => user.call('browser_open', { url: site.url }, { sessionId });
  const answers = await Promise.all([open('ses_1'), open('ses_2')]);
  expect(answers.map(({ text }) => text).join()).toContain('All 1 browser windows are in use');
});

it('opens no more pages than it may', async () => {
  const user = start({ maxPages: 2 });
  for (let count = 0; count < 3; count += 1)
    await user.call('browser_open', { url: site.url, new_page: true });
  expect((await user.call('browser_observe', {})).text).not.toContain('page 3');
});

it('says how to install a browser where there is none', async () => {
  const user = start({ executable: '/nowhere/chromium' });
  const { text } = await user.call('browser_open', { url: site.url });
  expect(text).toMatch(
    /There is no Chromium on this machine at "\/nowhere\/chromium"\. Install it, for example: .*install/,
  );
});
