import { expect, test } from 'vitest';

import { AnswerBuffer, type TakenBuffer } from '../../src/emulator/answer-buffer.ts';
import { post } from './raw-client.ts';
import { runningEmulator } from './running-emulator.ts';

const running = runningEmulator();

const sent = { writableFinished: true };
const leftEarly = { writableFinished: false };

function textOf({ bytes }: TakenBuffer): string {
  return Buffer.from(bytes).toString();
}

test('a buffer is filled with the id, the opening and the closing of each answer', () => {
  const buffer = new AnswerBuffer(['<', '|é|', '>']);
  const first = buffer.take('id-1', 'open ', ' close');
  expect(textOf(first)).toBe('open <id-1|é|id-1> close');
  first.release(sent);
  expect(textOf(buffer.take('id-2', 'a longer opening ', '.'))).toBe('a longer opening <id-2|é|id-2>.');
});

test('a buffer belongs to one response until that is sent', () => {
  const buffer = new AnswerBuffer(['<', '>']);
  const first = buffer.take('id-1', '', '');
  const second = buffer.take('id-2', '', '');
  first.release(sent);
  const third = buffer.take('id-3', '', '');
  const fourth = buffer.take('id-4', '', '');
  expect([second, third, fourth].map(textOf)).toEqual(['<id-2>', '<id-3>', '<id-4>']);
});

test('a buffer whose client left early is not used again', () => {
  const buffer = new AnswerBuffer(['<', '>']);
  const first = buffer.take('id-1', '', '');
  first.release(leftEarly);
  buffer.take('id-2', '', '');
  expect(textOf(first)).toBe('<id-1>');
});

test('an id of another length, and an opening beyond the room, are sent as well', () => {
  const buffer = new AnswerBuffer(['<', '>']);
  buffer.take('id-1', '', '').release(sent);
  expect(textOf(buffer.take('id-1000', '', ''))).toBe('<id-1000>');
  expect(textOf(buffer.take('id-2', 'o'.repeat(3000), '.'))).toBe(`${'o'.repeat(3000)}<id-2>.`);
});

test('answers that are sent at the same time and one after the other do not mix', async () => {
  const ask = async (): Promise<string> => {
    const body = { model: 'text-200', stream: true, messages: [] };
    return (await post(`${running().url}/v1/chat/completions`, body).answer).body.toString();
  };
  const answers: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    answers.push(...(await Promise.all(Array.from({ length: 20 }, ask))));
  }
  const ids = answers.map((answer) => new Set(answer.match(/chatcmpl-\w+/g)));
  expect(ids.every((ofOne) => ofOne.size === 1)).toBe(true);
  expect(new Set(ids.flatMap((ofOne) => [...ofOne])).size).toBe(60);
  expect(new Set(answers.map((answer) => answer.replaceAll(/chatcmpl-\w+/g, ''))).size).toBe(1);
});
