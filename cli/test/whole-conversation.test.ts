import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as platform from '@batuta/platform';
import {
  failAfter,
  failure,
  hangAfter,
  startEmulator,
  text,
  toolCalls,
  type Emulator,
} from '@batuta/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runProgram } from '../src/run-program.ts';
import { makeClient } from '../src/connection/sdk-client.ts';
import { shown } from './kit/shown.ts';
import { testTerminal, type TestTerminal } from './kit/terminal.ts';

const agent = `---
name: assistant
description: Answers questions.
model: [anthropic/first, anthropic/second]
tools: [calculator, ask_user]
---
You answer questions.
`;

let folder: string;
let emulator: Emulator;
let terminal: TestTerminal;
let ended: Promise<number> | undefined;
beforeEach(async () => {
  emulator = await startEmulator();
  folder = mkdtempSync(join(tmpdir(), 'batuta-conversation-'));
  mkdirSync(join(folder, 'agents'));
  writeFileSync(join(folder, 'agents', 'assistant.md'), agent);
  writeFileSync(join(folder, 'batuta.yaml'), 'model:\n  attempts: 1\n');
});
afterEach(async () => {
  terminal.endInput();
  await ended;
  await emulator.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a conversation on a real platform with an embedded database and an emulated provider. */
async function converse(): Promise<void> {
  const environment = {
    NO_COLOR: '1',
    ANTHROPIC_API_KEY: 'test',
    ANTHROPIC_BASE_URL: emulator.addresses.anthropic,
    // Nothing listens there.
    BATUTA_PORT: '1',
  };
  terminal = testTerminal({ terminal: true, folder, environment });
  ended = runProgram(['chat', 'assistant'], {
    io: terminal.io,
    loadPlatform: async () => platform,
    inspectConfiguration: platform.inspectConfiguration,
    makeClient: async (target) => makeClient(target),
  });
  await terminal.outputHas('› ');
}

const screen = () => shown(terminal.output(), 80);

test(
  'a model that fails in the middle of its answer leaves no doubled text on the screen',
  { timeout: 60_000 },
  async () => {
    emulator.script(failAfter(2, text('Half an answer that is given up.'), failure(500)), { model: 'first' });
    emulator.script(text('The whole answer.'), { model: 'second' });
    await converse();
    terminal.type('hello\r');
    await terminal.outputHas('event');
    expect(screen()).toContain('The whole answer.');
    expect(screen()).not.toContain('Half an');
    expect(screen()).toMatch(/anthropic\/first failed \(.*\); anthropic\/second is next/);
  },
);

test('tools, a question and its answer are one conversation', { timeout: 60_000 }, async () => {
  emulator.script(
    [
      toolCalls([{ name: 'calculator', arguments: { expression: '6 * 7' } }]),
      toolCalls([{ name: 'ask_user', arguments: { question: 'In which language?' } }]),
      text('Cuarenta y dos.'),
    ],
    { model: 'first' },
  );
  await converse();
  terminal.type('what is 6 * 7?\r');
  await terminal.outputHas('The agent asks: In which language?');
  terminal.type('Spanish\r');
  await terminal.outputHas('Cuarenta y dos.');
  await terminal.outputHas('event');
  expect(screen()).toMatch(/✓ calculator expression=6 \* 7 · done · [\d.]+ m?s/);
});

test('Ctrl-C cancels the call of the model that is under way', { timeout: 60_000 }, async () => {
  emulator.script([hangAfter(3, text('One two three four five.')), text('Hello again.')], { model: 'first' });
  await converse();
  terminal.type('count\r');
  await terminal.outputHas('One two three');
  terminal.type('\u0003');
  await terminal.outputHas('Cancelled.');
  terminal.type('hello\r');
  await terminal.outputHas('Hello again.');
  expect(screen()).not.toContain('four');
});
