import type { ModelRequest } from '@batuta/platform/ports';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeExecutableTool } from '../../src/domain/tool/executable-tool.ts';
import { dataOf, decideAndWait, pending } from '../approval/decisions.ts';
import { makeTestBrowser, useBrowser, type BrowserUser } from '../browser/browser-kit.ts';
import { listenLocally, type LocalServer } from '../browser/egress-kit.ts';
import { serveSite, type Received } from '../browser/site-pages.ts';

const received: Received[] = [];
let site: LocalServer;
let made: ReturnType<typeof makeTestBrowser>;
let user: BrowserUser;

beforeAll(async () => {
  site = await listenLocally(serveSite(received));
  const resolve = async () => [{ address: '127.0.0.1', family: 4 as const }];
  made = makeTestBrowser({ resolve, limits: { allowPrivate: [`site.test:${site.port}`] } });
  user = useBrowser(made.browser);
});
beforeEach(() => void received.splice(0));
afterAll(async () => {
  await user.sessions.close();
  await made.close();
  await site.close();
});

/** Opens the form, fills it in, submits it, and says what the page is. */
function clerk({ messages }: ModelRequest) {
  const turn = messages.filter((message) => message.role === 'assistant').length;
  const seen = JSON.stringify(messages.at(-1));
  const ref = (words: string) => new RegExp(`${words}[^[]*\\[ref=(\\w+)\\]`).exec(seen)?.[1] ?? 'aa1';
  const url = `http://site.test:${site.port}/form`;
  const name = { action: 'type', ref: ref('textbox .{1,3}Name'), text: 'Ann' };
  const send = { action: 'click', ref: ref('button .{1,3}Send'), element: 'Send' };
  const calls = [
    { tool: 'browser_open', arguments: { url } },
    { tool: 'browser_act', arguments: { steps: [name] } },
    { tool: 'browser_submit', arguments: { url, steps: [send] } },
  ];
  const call = calls[turn];
  return call ? { calls: [call] } : { text: 'Done.' };
}

type Rules = readonly ({ allow: string; arguments?: object } | { deny: string })[];

/** A platform whose agent browses under rules. */
async function browsing(
  permissions: Rules,
  examine: (platform: TestPlatform) => Promise<void>,
): Promise<void> {
  const tools = user.tools.map((definition) => makeExecutableTool(definition, 60));
  const agents = [{ permissions: [...permissions] as never }];
  await withPlatform({ model: clerk, tools, agents }, examine);
}

describe('a run that browses', () => {
  it('reads unasked, and submits once when a person has allowed it', async () => {
    await browsing([], async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ status: 'waiting', waiting_for: 'approval' });
      expect(received).toEqual([]);
      const [approval] = await pending(platform);
      expect(approval).toMatchObject({
        tool: 'browser_submit',
        arguments: expect.stringContaining('"element":"Send"'),
      });
      const run = await decideAndWait(platform, { decision: 'approve' });
      expect(run).toMatchObject({ status: 'succeeded', output: { text: 'Done.' } });
      expect(received).toEqual([{ method: 'POST', path: '/form', body: 'name=Ann&mail=' }]);
      expect(await dataOf(platform, run, 'tool-call-claimed')).toMatchObject([{ tool: 'browser_submit' }]);
    });
  });

  it('brings the label of untrusted text', async () => {
    await browsing([{ deny: 'browser_submit' }], async (platform) => {
      const run = await platform.run('Go');
      expect(await dataOf(platform, run, 'context-tainted')).toMatchObject([
        { label: 'untrusted', tool: 'browser_open' },
      ]);
      expect(received).toEqual([]);
    });
  });

  it('is kept to the hosts that its rules allow', async () => {
    const hosts = (...patterns: string[]) => ({ arguments: { url: { hosts: patterns } } });
    const own = [
      { allow: 'browser_act' },
      { allow: 'browser_open', ...hosts('site.test') },
      { allow: 'browser_submit', ...hosts('site.test') },
    ];
    await browsing(own, async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ status: 'succeeded' });
      expect(received).toHaveLength(1);
    });
    await browsing([{ allow: 'browser_open', ...hosts('example.com') }], async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ status: 'waiting', waiting_for: 'approval' });
    });
  });
});
