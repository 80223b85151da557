import { afterEach, describe, expect, test, vi } from 'vitest';
import { KeptLog } from './kept-log.ts';
import { call, callIn, closeSources, openSource, own } from './open-source.ts';

afterEach(closeSources);

describe.each(['2025', '2026'])('a task of the era of %s', (era) => {
  const server = own('task-server.ts', era);

  test('is followed until it has ended, its id told as progress', async () => {
    const source = await openSource(server);
    const steps: string[] = [];
    const progress = ({ message }: { message: string }) => void steps.push(message);
    const ask = async () => ({ action: 'accept' as const, content: { depth: 3 } });
    const { text } = await callIn({ progress, ask }, source)('dig');
    expect(steps[0]).toBe('task task-7 of tickets is working');
    expect(text).toBe(
      era === '2025' ? 'found it' : 'found {"depth":{"action":"accept","content":{"depth":3}}}',
    );
  });

  test('that fails is a failed call that says why', async () => {
    const source = await openSource(server);
    const ended = await call(source, 'dig_in_vain').then(
      ({ failed, text }) => (failed === true ? text : ''),
      (error: Error) => error.message,
    );
    expect(ended).toContain('only stones');
  });

  test('is cancelled with its call', async () => {
    const log = new KeptLog();
    const source = await openSource(server, { log });
    const signal = AbortSignal.timeout(300);
    await expect(callIn({ signal }, source)('dig_for_ever')).rejects.toThrow('dig_for_ever');
    const cancelled = expect.objectContaining({
      fields: { server: 'tickets', line: 'the task was cancelled' },
    });
    await vi.waitFor(() => expect(log.lines).toContainEqual(cancelled));
  });
});
