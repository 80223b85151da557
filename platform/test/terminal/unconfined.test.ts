import { describe, expect, test } from 'vitest';
import { TerminalHouse } from './terminal-kit.ts';

describe('a terminal where nothing keeps commands in', () => {
  test('is refused, and told why', { timeout: 30_000 }, async () => {
    await using house = await TerminalHouse.open({ 'sandbox.kind': 'none' });
    const session = await house.session();
    await expect(house.sit(session)).rejects.toMatchObject({ status: 403, code: 'terminal-unconfined' });
    expect(await house.recorded(session)).toEqual([]);
  });

  test('is given where that is allowed by name', { timeout: 30_000 }, async () => {
    const allowed = { 'sandbox.kind': 'none', 'terminal.unconfined': 'allowed' };
    await using house = await TerminalHouse.open(allowed);
    const { client, type, shows } = await house.sit(await house.session());
    expect(client.messages[0]).toMatchObject({ sandbox: 'none' });
    type('echo $((6*7))\r');
    await shows(/\r42\r\n/);
    type('exit\r');
    await client.closed;
  });
});

test('there are none where commands are switched off', { timeout: 30_000 }, async () => {
  await using house = await TerminalHouse.open({ 'sandbox.kind': 'off' });
  await expect(house.sit(await house.session())).rejects.toMatchObject({ code: 'sandbox-off' });
});

test('a server that stops ends its terminals', { timeout: 30_000 }, async () => {
  await using house = await TerminalHouse.open();
  const { client } = await house.sit(await house.session());
  await house.platform.stop();
  await client.closed;
  const told = client.messages.map(({ type, reason }) => reason ?? type);
  expect(['stopping', 'error']).toContain(told.at(-1));
});
