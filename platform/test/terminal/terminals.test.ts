import { terminalEndedSchema, terminalOpenedSchema } from '@batuta/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processesWith } from '../sandbox/host.ts';
import { TerminalHouse } from './terminal-kit.ts';

/** A busy machine takes its time. */
const soon = { timeout: 10_000 };

let house: TerminalHouse;
let session: string;

beforeAll(async () => {
  house = await TerminalHouse.open({ 'terminal.grace_seconds': '2', 'terminal.max_per_session': '3' });
  session = await house.session();
}, 60_000);

afterAll(() => house[Symbol.asyncDispose]());

describe('a terminal', () => {
  test('answers what is typed, with the size that it was given and the next', async () => {
    const { client, type, shows } = await house.sit(session, { query: '?columns=100&rows=30' });
    expect(terminalOpenedSchema.parse(client.messages[0])).toMatchObject({
      session_id: session,
      sandbox: 'bubblewrap',
      resumed: false,
      grace_seconds: 2,
    });
    type('echo $((6*7)); stty size\r');
    await shows(/\r42\r\n30 100\r\n/);
    client.send({ type: 'resize', columns: 70, rows: 20 });
    type('stty size\r');
    await shows(/\r20 70\r\n/);
    type('exit 3\r');
    await client.closed;
    const ended = { type: 'ended', reason: 'exited', exit_code: 3, limit: null };
    expect(terminalEndedSchema.parse(client.messages.at(-1))).toEqual(ended);
  });

  test('is recorded when it is opened and when it has ended, without what was typed', async () => {
    const own = await house.session();
    const { client, id, type, shows } = await house.sit(own);
    expect(await house.recorded(own)).toMatchObject([
      { action: 'terminal-opened', outcome: 'succeeded', address: '127.0.0.1' },
    ]);
    type('echo hunter$((1+1))\r');
    await shows(/\rhunter2\r\n/);
    client.send({ type: 'close' });
    expect(await client.closed).toMatchObject({ code: 1000 });
    await expect.poll(() => house.recorded(own), soon).toHaveLength(2);
    const [opened, closed] = await house.recorded(own);
    expect(opened).toMatchObject({ after: { terminal: id, sandbox: 'bubblewrap' } });
    expect(closed).toMatchObject({
      action: 'terminal-closed',
      after: { terminal: id, ended_by: 'closed', exit_code: null, typed_bytes: 20 },
    });
    expect(JSON.stringify([opened, closed])).not.toContain('hunter');
  });

  test('is in the workspace of its session, and of no other', async () => {
    const other = await house.session();
    const [here, there] = [await house.sit(session), await house.sit(other)];
    here.type('echo mine > only-here; pwd\r');
    await here.shows(/\r\/workspace\r\n/);
    there.type('ls; echo seen-$((1+1))\r');
    await there.shows(/seen-2/);
    expect(there.client.text).not.toContain('only-here');
    for (const { client } of [here, there]) client.send({ type: 'close' });
  });

  test('ends with its session, with all that it has started', async () => {
    const own = await house.session();
    const { client, type } = await house.sit(own);
    const marker = `603${process.pid}`;
    type(`sleep ${marker} & setsid sleep ${marker} &\r`);
    const count = (): number => processesWith(`sleep\0${marker}`).length;
    await expect.poll(count, soon).toBe(2);
    await house.client.sessions.delete(own);
    expect(count()).toBe(0);
    await client.closed;
    expect(client.messages.at(-1)).toMatchObject({ type: 'ended', reason: 'session-deleted' });
  });

  test('ends when the key that opened it is revoked', async () => {
    const { id, key } = await house.keyOf('operator');
    const { client } = await house.sit(session, { key });
    await house.client.keys.revoke(id);
    await client.closed;
    const told = JSON.stringify(client.messages.at(-1));
    expect(told).toMatch(/access-ended/);
    await expect
      .poll(() => house.recorded(session), soon)
      .toContainEqual(
        expect.objectContaining({ after: expect.objectContaining({ ended_by: 'access-ended' }) }),
      );
  });

  test('does not take in what is no message', async () => {
    const { client } = await house.sit(session);
    client.send({ type: 'resize', columns: 0, rows: 5 });
    expect(await client.closed).toEqual({ code: 1007, reason: 'socket-message-invalid' });
  });

  test('goes on under a flood that nobody reads, and takes no memory for it', async () => {
    const own = await house.session();
    const { client, type } = await house.sit(own);
    type('yes 0123456789012345678901234567890123456789\r');
    await client.until(({ received }) => received.byteLength > 100_000);
    client.socket.pause();
    const before = process.memoryUsage.rss();
    // The buffers of both ends fill up, then nothing moves.
    let used = 0;
    const spent = (): number => -used + (used = process.cpuUsage().user);
    await expect.poll(spent, { interval: 300, timeout: 10_000 }).toBeLessThan(20_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(60_000_000);
    client.forget();
    client.socket.resume();
    type('\x03');
    type('echo after-$((4+4))\r');
    await client.until(({ received }) => received.subarray(-200).includes('after-8'));
    client.send({ type: 'close' });
    expect(await client.closed).toMatchObject({ code: 1000 });
  });
});

describe('a connection that breaks off', () => {
  test('can be taken up again: the screen is there, and what runs has gone on', async () => {
    const first = await house.sit(session);
    first.type('echo screen-$((1+1)); sleep 0.3; echo later-$((2+2))\r');
    await first.shows(/screen-2/);
    first.client.socket.terminate();
    const again = await house.sit(session, { query: `?terminal=${first.id}` });
    expect(again.client.messages[0]).toMatchObject({ terminal: first.id, resumed: true });
    await again.shows(/screen-2[^]*later-4/);
    again.client.send({ type: 'close' });
  });

  test('gives way to the one that takes the terminal up', async () => {
    const first = await house.sit(session);
    const second = await house.sit(session, { query: `?terminal=${first.id}` });
    expect(await first.client.closed).toEqual({ code: 1008, reason: 'terminal-taken' });
    second.type('echo still-$((3+3))\r');
    await second.shows(/still-6/);
    second.client.send({ type: 'close' });
  });

  test('is not waited for for ever', async () => {
    const own = await house.session();
    const { client, id } = await house.sit(own);
    client.socket.terminate();
    await expect
      .poll(() => house.recorded(own), { timeout: 8000 })
      .toMatchObject([{}, { after: { ended_by: 'abandoned' } }]);
    await expect(house.sit(own, { query: `?terminal=${id}` })).rejects.toMatchObject({
      status: 404,
      code: 'terminal-unknown',
    });
  });

  test('can be taken up by nobody else, nor in another session', async () => {
    const other = await house.session();
    const { key } = await house.keyOf('administrator');
    const { client, id } = await house.sit(session);
    const query = `?terminal=${id}`;
    await expect(house.sit(session, { key, query })).rejects.toMatchObject({ code: 'terminal-unknown' });
    await expect(house.sit(other, { query })).rejects.toMatchObject({ code: 'terminal-unknown' });
    client.send({ type: 'close' });
  });
});

describe('at the door', () => {
  test.each(['member', 'viewer'] as const)('a %s is refused', async (role) => {
    const { key } = await house.keyOf(role);
    await expect(house.sit(session, { key })).rejects.toMatchObject({
      status: 403,
      code: 'permission-missing',
    });
  });

  test('there are so many in a session', async () => {
    const own = await house.session();
    const sat = [await house.sit(own), await house.sit(own), await house.sit(own)];
    await expect(house.sit(own)).rejects.toMatchObject({ status: 429, code: 'terminals-full' });
    sat[0]?.client.send({ type: 'close' });
    await sat[0]?.client.closed;
    await expect.poll(async () => (await house.recorded(own)).length, soon).toBe(4);
    const next = await house.sit(own);
    for (const { client } of [...sat.slice(1), next]) client.send({ type: 'close' });
  });

  test.each(['?columns=0', '?rows=many', '?terminal=x', '?shell=zsh'])('%s is refused', async (query) => {
    await expect(house.sit(session, { query })).rejects.toMatchObject({ status: 400 });
  });
});
