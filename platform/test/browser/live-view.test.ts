import { afterAll, beforeAll, expect, it } from 'vitest';
import { LiveKit } from './live-kit.ts';

const timeout = 90_000;
let kit: LiveKit;

beforeAll(async () => {
  kit = await LiveKit.start({ 'browser.take_over_grace_seconds': '1' });
}, 60_000);
afterAll(() => kit[Symbol.asyncDispose]());

/** Waits until the log of a session speaks of something. */
async function untilTold(session: string, words: string): Promise<void> {
  for await (const frame of kit.client.sessions.events(session))
    if (JSON.stringify(frame).includes(words)) return;
}

it('shows the page, and another picture when it changes', { timeout }, async () => {
  const session = await kit.open('/');
  const viewer = await kit.watch(session);
  await viewer.until(({ frames, state }) => frames > 0 && state?.window?.pages[0]?.title === 'Counter');
  const before = viewer.latest;
  expect(before.subarray(0, 3).toString('hex')).toBe('ffd8ff');
  await kit.run([['browser_open', { url: `${kit.site.url}/other` }]], session);
  await viewer.until(({ state }) => state?.window?.pages[0]?.title === 'Other');
  await viewer.until(({ latest }) => !latest.equals(before));
});

it('shows a page that is opened later, and the same one to several people', { timeout }, async () => {
  const { session } = await kit.run([]);
  const [first, second] = [await kit.watch(session), await kit.watch(session)];
  await first.until(({ state }) => state !== undefined);
  expect(first.state).toMatchObject({ window: null, control: { state: 'agent-acts' }, may_take_over: true });
  await kit.run([['browser_open', { url: `${kit.site.url}/other` }]], session);
  for (const viewer of [first, second]) await viewer.until(({ frames }) => frames > 0);
});

it('lets a call of the agent wait while a person acts, and tells it of that', { timeout }, async () => {
  const session = await kit.open('/');
  const viewer = await kit.watch(session);
  await viewer.takeOver();
  const run = await kit.begin([['browser_observe', {}]], session);
  await untilTold(session, 'acts in the browser');
  viewer.click(500, 350);
  viewer.click(500, 350);
  viewer.send({ type: 'give_back' });
  const { status, read } = await kit.end(run.id);
  expect(status).toBe('succeeded');
  expect(read).toContain('a person has acted in this browser');
  expect(read).toContain('button \\"2\\"');
});

it('does nothing with references from before a person acted', { timeout }, async () => {
  const { session, read } = await kit.run([['browser_open', { url: `${kit.site.url}/` }]]);
  const ref = /button \\"0\\" \[ref=(\w+)\]/.exec(read)?.[1] ?? '';
  const viewer = await kit.watch(session);
  await viewer.takeOver();
  viewer.send({ type: 'give_back' });
  await viewer.control('agent-acts');
  const after = await kit.run([['browser_act', { steps: [{ action: 'click', ref }] }]], session);
  expect(after.read).toMatch(/is stale.*button [\\"]+0/);
});

it('keeps what a person types to the page alone', { timeout }, async () => {
  const session = await kit.open('/login');
  const viewer = await kit.watch(session);
  await viewer.takeOver();
  viewer.click(200, 125);
  for (const text of ['hunter', '2-secret']) viewer.send({ type: 'text', text });
  viewer.send({ type: 'key', key: 'Tab' });
  for (const text of ['1', '2', '3']) viewer.send({ type: 'text', text });
  viewer.send({ type: 'give_back' });
  await viewer.control('agent-acts');
  const seen = await kit.run(
    [
      ['browser_observe', {}],
      ['browser_extract', { schema: { type: 'object', properties: { code: {}, rest: {} } } }],
    ],
    session,
  );
  expect(seen.read).toContain('••••');
  const told = JSON.stringify([kit.emulator.requests, await logOf(session), await auditText()]);
  expect(told).not.toMatch(/hunter|"123"|\\"123/);
  expect(await auditText()).toMatch(/browser-taken-over.*|browser-given-back/);
});

it('lets a person send, and never shows the agent what it was', { timeout }, async () => {
  const session = await kit.open('/login');
  const viewer = await kit.watch(session);
  await viewer.takeOver();
  viewer.click(200, 125);
  viewer.send({ type: 'text', text: 'my one-time code' });
  viewer.send({ type: 'key', key: 'Enter' });
  await expect.poll(() => kit.sent.length, { timeout: 30_000 }).toBe(1);
  expect(kit.sent[0]).toMatchObject({ method: 'POST', body: 'code=my+one-time+code&rest=' });
  await viewer.until(({ state }) => state?.window?.pages[0]?.url.endsWith('/login') === true);
  viewer.send({ type: 'give_back' });
  await viewer.control('agent-acts');
  const { read } = await kit.run([['browser_observe', {}]], session);
  expect(read).toContain('Welcome');
  expect(read).not.toContain('one-time');
});

it('gives control back when the connection is lost, and to nobody else meanwhile', { timeout }, async () => {
  const session = await kit.open('/');
  const other = await kit.client.keys.create({ name: 'other', role: 'operator' });
  const [viewer, watcher] = [await kit.watch(session), await kit.watch(session, other.key)];
  await viewer.takeOver();
  watcher.send({ type: 'take_over' });
  watcher.click(500, 350);
  viewer.socket.socket.terminate();
  await watcher.control('person-away');
  await watcher.control('agent-acts');
  expect(watcher.state?.control).toMatchObject({ returned: 'connection-lost', person: null });
  expect((await kit.run([['browser_observe', {}]], session)).read).toContain('button \\"0\\"');
});

it('goes on where it was when the person comes back in time', { timeout }, async () => {
  const session = await kit.open('/');
  const viewer = await kit.watch(session);
  await viewer.takeOver();
  const again = await kit.watch(session);
  viewer.socket.socket.terminate();
  await viewer.socket.closed;
  again.click(500, 350);
  again.send({ type: 'give_back' });
  await again.control('agent-acts');
  expect((await kit.run([['browser_observe', {}]], session)).read).toContain('button \\"1\\"');
});

it('can be cancelled while it waits for a person', { timeout }, async () => {
  const session = await kit.open('/');
  const viewer = await kit.watch(session);
  await viewer.takeOver();
  const run = await kit.begin([['browser_observe', {}]], session);
  await untilTold(session, 'acts in the browser');
  await kit.client.runs.cancel(run.id);
  expect((await kit.end(run.id)).status).toBe('cancelled');
  expect(viewer.state?.control.state).toBe('person-acts');
});

it('asks a person to act, and goes on when they have given the browser back', { timeout }, async () => {
  const session = await kit.open('/');
  const run = await kit.begin([['browser_handover', { request: 'Please press the button.' }]], session);
  const question = async () => (await kit.client.approvals.list({ pending: true })).items[0]?.question;
  await expect.poll(question, { timeout: 30_000 }).toContain(`/browser/${session}`);
  const viewer = await kit.watch(session);
  await viewer.takeOver();
  viewer.click(500, 350);
  viewer.send({ type: 'give_back' });
  const { status, read } = await kit.end(run.id);
  expect(status).toBe('succeeded');
  expect(read).toMatch(/A person has acted in the browser and given it back.*button \\"1\\"/);
  expect((await kit.client.approvals.list({ pending: true })).items).toEqual([]);
});

it('shows somebody who is slow fewer pictures', { timeout }, async () => {
  const session = await kit.open('/moving');
  const [slow, quick] = [await kit.watch(session), await kit.watch(session)];
  await slow.until(({ frames }) => frames > 0);
  slow.socket.socket.pause();
  const before = slow.frames;
  await quick.until(({ frames }) => frames > 100);
  slow.socket.socket.resume();
  await slow.until(({ frames }) => frames > before);
  expect(slow.frames).toBeLessThan(quick.frames);
});

async function logOf(session: string): Promise<unknown> {
  return (await kit.client.sessions.log(session, { limit: 200 })).items;
}

async function auditText(): Promise<string> {
  const { items } = await kit.client.audit.list({ limit: 200 });
  return JSON.stringify(items);
}
