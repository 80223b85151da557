import { startEmulator, text, toolCalls, type Emulator } from '@batuta/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientOf, TestProject } from '../project/test-project.ts';
import { listenLocally, type LocalServer } from './egress-kit.ts';

const model = 'openai/gpt-5.6';
let emulator: Emulator;
let site: LocalServer;
let project: TestProject;

beforeAll(async () => {
  emulator = await startEmulator();
  site = await listenLocally((request, response) => {
    response
      .setHeader('set-cookie', 'member=ann; Max-Age=999; Path=/')
      .setHeader('content-type', 'text/html');
    response.end(`<p>${request.headers.cookie ?? 'nobody'}</p>`);
  });
  project = new TestProject({
    environment: { OPENAI_API_KEY: 'test', OPENAI_BASE_URL: emulator.addresses.openai },
    overrides: { 'model.default': model, 'browser.allow_private': new URL(site.url).host },
    agents: {
      surfer:
        '---\nname: surfer\ndescription: Browses.\ntools: [browser_open, browser_observe]\n---\nYou browse.\n',
    },
  });
});
afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await emulator.stop();
  await site.close();
});

it('goes on with the window of a session after a restart of the platform', { timeout: 60_000 }, async () => {
  const turns = [
    toolCalls([{ name: 'browser_open', arguments: { url: site.url } }]),
    text('Opened.'),
    toolCalls([{ name: 'browser_observe', arguments: {} }]),
    text('Seen.'),
  ];
  emulator.script(() => turns[emulator.requests.length - 1] ?? text('no more'));
  const before = await project.start();
  const first = clientOf(before);
  const opened = await first.runs.create({ agent: 'surfer', input: 'Open it.' });
  expect(await first.runs.wait(opened.id)).toMatchObject({ status: 'succeeded' });
  await before.stop();
  const second = clientOf(await project.start());
  const seen = await second.runs.create({ agent: 'surfer', input: 'Look.', session_id: opened.session_id });
  expect(await second.runs.wait(seen.id)).toMatchObject({ status: 'succeeded' });
  expect(JSON.stringify(emulator.requests.at(-1)?.messages.at(-1))).toContain('member=ann');
});
