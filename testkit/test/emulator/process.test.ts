import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { startEmulator } from '../../src/emulator/emulator.ts';
import { words } from '../../src/emulator/reply-builders.ts';
import { ManualClock } from './manual-clock.ts';
import { post } from './raw-client.ts';

const main = fileURLToPath(new URL('../../src/emulator/main.ts', import.meta.url));

test('the emulator runs as a process of its own and ends at a signal', async () => {
  const child = spawn(process.execPath, [main, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [greeting] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /http:\S+/.exec(greeting.toString())?.[0] ?? '';
  const answer = await post(`${url}/v1/messages`, { model: 'text-3', messages: [] }).answer;
  expect(JSON.parse(answer.body.toString())).toMatchObject({ content: [{ text: 'a durable agent ' }] });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a bad port ends the process with a sentence', async () => {
  const run = promisify(execFile)(process.execPath, [main, '--port', 'abc']);
  await expect(run).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      'port (from the emulator) must be a whole number from 0 to 65535, not NaN.',
    ),
  });
});

test('a thousand slow streams are open at once and all end', async () => {
  const clock = new ManualClock();
  await using emulator = await startEmulator({ clock, remember: 1000 });
  emulator.script(words(3, { firstTokenMs: 500, betweenTokensMs: 20 }));
  const body = { model: 'm', stream: true, messages: [] };
  const calls = Array.from({ length: 1000 }, () => post(`${emulator.url}/v1/messages`, body).answer);
  await emulator.received(1000);
  expect(emulator.counts.open).toBe(1000);
  while (clock.pending > 0) await clock.next();
  const answers = await Promise.all(calls);
  expect(answers.filter((answer) => answer.complete)).toHaveLength(1000);
});
