import { afterAll, beforeAll, expect, it } from 'vitest';
import { LiveKit } from './live-kit.ts';

const timeout = 90_000;
let kit: LiveKit;

beforeAll(async () => {
  kit = await LiveKit.start({ 'browser.idle_seconds': '5' });
}, 90_000);
afterAll(() => kit[Symbol.asyncDispose]());

it('stays open for a person who was asked to act and has not come yet', { timeout }, async () => {
  const asked = await kit.open('/');
  const run = await kit.begin([['browser_handover', { request: 'Please press the button.' }]], asked);
  const pending = async () => (await kit.client.approvals.list({ pending: true })).items.length;
  await expect.poll(pending, { timeout: 30_000 }).toBe(1);
  // A window that is used later is closed for not being used before anybody comes.
  const other = await kit.open('/');
  const watcher = await kit.watch(other);
  await watcher.until(({ frames }) => frames > 0);
  await watcher.until(({ state }) => state?.window === null);
  const viewer = await kit.watch(asked);
  await viewer.takeOver();
  viewer.send({ type: 'give_back' });
  expect((await kit.end(run.id)).status).toBe('succeeded');
});
