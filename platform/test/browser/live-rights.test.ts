import { afterAll, beforeAll, expect, it } from 'vitest';
import { administratorKey, clientOf, TestProject } from '../project/test-project.ts';
import { SocketClient } from '../socket/socket-client.ts';
import { LiveKit } from './live-kit.ts';

const timeout = 90_000;
let kit: LiveKit;
let session: string;

beforeAll(async () => {
  kit = await LiveKit.start({ 'browser.take_over_idle_seconds': '5' });
  session = await kit.open('/');
}, 90_000);
afterAll(() => kit[Symbol.asyncDispose]());

it('is watched by viewers, who cannot take it over', { timeout }, async () => {
  const { key } = await kit.client.keys.create({ name: 'viewer', role: 'viewer' });
  const viewer = await kit.watch(session, key);
  await viewer.until(({ frames }) => frames > 0);
  expect(viewer.state).toMatchObject({ may_take_over: false });
  viewer.send({ type: 'take_over' });
  expect(await viewer.socket.closed).toMatchObject({ code: 1008, reason: 'permission-missing' });
});

it('is unknown to another member, and to another tenant', { timeout }, async () => {
  const member = await kit.client.users.create({ name: 'Bob', role: 'member' });
  const bob = await kit.client.keys.create({ name: 'bob', role: 'member', user_id: member.id });
  await expect(kit.watch(session, bob.key)).rejects.toMatchObject({ status: 404, code: 'session-unknown' });
  const { key } = await kit.client.tenants.create({ id: 'beta', name: 'Beta' });
  await expect(kit.watch(session, key.key)).rejects.toMatchObject({ status: 404, code: 'session-unknown' });
});

it('is not where only the API is served, and that is said', { timeout }, async () => {
  await using project = new TestProject({ overrides: { 'model.default': 'offline/extractive' } });
  const platform = await project.start('api');
  const { session_id: waiting } = await clientOf(platform).runs.create({ agent: 'assistant', input: 'Hi.' });
  const headers = { authorization: `Bearer ${administratorKey}` };
  const socket = await SocketClient.open(`${platform.url}/v1/sessions/${waiting}/browser/live`, { headers });
  expect(await socket.closed).toEqual({ code: 1008, reason: 'browser-elsewhere' });
});

it('is shown to no page elsewhere', { timeout }, async () => {
  const cookie = `batuta_session=${await kit.signIn()}`;
  const address = `${kit.platform.url}/v1/sessions/${session}/browser/live`;
  const headers = { cookie, origin: 'https://evil.example' };
  await expect(SocketClient.open(address, { headers })).rejects.toMatchObject({
    status: 403,
    code: 'origin-not-allowed',
  });
});

it.each([
  { type: 'text', text: 'x'.repeat(4_001) },
  { type: 'mouse', action: 'down', x: 2, y: 0 },
  { type: 'key', key: '' },
  { type: 'shout' },
])('ends with who sends what means nothing, and repeats none of it: %j', { timeout }, async (message) => {
  const viewer = await kit.watch(session);
  viewer.send(message);
  expect(await viewer.socket.closed).toMatchObject({ reason: 'socket-message-invalid' });
  expect(JSON.stringify(viewer.socket.messages.at(-1))).not.toContain('xxx');
});

it('goes back to the agent when the person does nothing', { timeout }, async () => {
  const viewer = await kit.watch(session);
  await viewer.takeOver();
  await viewer.control('agent-acts');
  expect(viewer.state?.control.returned).toBe('idle');
});

it('ends with its session', { timeout }, async () => {
  const doomed = await kit.open('/');
  const viewer = await kit.watch(doomed);
  await viewer.takeOver();
  await kit.client.sessions.delete(doomed);
  await viewer.until(({ state }) => state?.window === null);
  expect(viewer.state?.control).toMatchObject({ state: 'agent-acts', returned: 'window-closed' });
});

it('holds a person to the walls of the agent', { timeout }, async () => {
  const viewer = await kit.watch(session);
  await viewer.takeOver();
  viewer.send({ type: 'key', key: 'l', held: ['Control'] });
  viewer.send({ type: 'text', text: 'file:///etc/passwd' });
  viewer.send({ type: 'key', key: 'Enter', held: [] });
  viewer.send({ type: 'give_back' });
  await viewer.control('agent-acts');
  expect(viewer.state?.window?.pages.map(({ url }) => url)).toEqual([`${kit.site.url}/`]);
});
