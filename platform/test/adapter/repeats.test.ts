import { expect, it } from 'vitest';
import { Repeats } from '../../src/adapter/log-pino/repeats.ts';
import { makePinoLog } from '../../src/adapter/log-pino/pino-log.ts';

function setUp() {
  const time = { now: 1_000_000 };
  return { time, repeats: new Repeats(() => time.now) };
}

it('writes what is said again once in ten seconds, with the number of those between', () => {
  const { time, repeats } = setUp();
  const say = () => repeats.judge('a heartbeat failed', { error: new TypeError('gone') });
  expect([say(), say(), say()]).toEqual([
    { isWritten: true, keptBack: 0 },
    { isWritten: false },
    { isWritten: false },
  ]);
  time.now += 10_000;
  expect([say(), say()]).toEqual([{ isWritten: true, keptBack: 2 }, { isWritten: false }]);
});

it('keeps nothing back that says anything else', () => {
  const { repeats } = setUp();
  const lines = ['run_1', 'run_2'].map((id) => repeats.judge('a run was let go', { run_id: id }));
  lines.push(repeats.judge('a run was let go', { run_id: 'run_1', error: new TypeError('gone') }));
  expect(lines.map(({ isWritten }) => isWritten)).toEqual([true, true, true]);
});

it('remembers only so many lines', () => {
  const { repeats } = setUp();
  for (let index = 0; index <= 64; index += 1) repeats.judge(`line ${index}`, {});
  expect(repeats.judge('line 64', {})).toEqual({ isWritten: false });
  expect(repeats.judge('line 0', {})).toEqual({ isWritten: true, keptBack: 0 });
});

it('holds for warnings and errors of the log, not for what is told at other levels', () => {
  const written: string[] = [];
  const write = (line: string) => void written.push(line);
  const log = makePinoLog({ level: 'info', format: 'json', redactText: (text) => text, write });
  for (let index = 0; index < 3; index += 1) log.warn('the queue cannot be read', { error: 'gone' });
  for (let index = 0; index < 3; index += 1) log.info('working', { concurrency: 1 });
  expect(written.filter((line) => line.includes('queue'))).toHaveLength(1);
  expect(written.filter((line) => line.includes('working'))).toHaveLength(3);
});
