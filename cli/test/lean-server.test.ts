import { expect, it } from 'vitest';
import { startLean, type NodeProgram } from '../src/lean-server.ts';

/** What a process is replaced by; undefined when it goes on as it is. */
function replacement(args: readonly string[], given: Partial<NodeProgram> = {}): string[] | undefined {
  let started: string[] | undefined;
  const execve = (_: string, wanted?: readonly string[]): never => {
    started = [...(wanted ?? [])];
    return undefined as never;
  };
  const argv = ['/bin/node', '/cli/main.ts', ...args];
  startLean({ argv, env: {}, execArgv: [], execPath: '/bin/node', execve, ...given });
  return started;
}

it('starts servers with a limit, and with all that they were given', () => {
  const small = ['/bin/node', '--max-semi-space-size=8', '--expose-gc'];
  expect(replacement(['start', '--port', '1'])).toEqual([...small, '/cli/main.ts', 'start', '--port', '1']);
  expect(replacement(['serve'], { execArgv: ['--trace-gc'] })).toEqual([
    ...small,
    '--trace-gc',
    '/cli/main.ts',
    'serve',
  ]);
});

it('leaves other commands alone', () => {
  expect(replacement(['runs'])).toBeUndefined();
  expect(replacement([])).toBeUndefined();
});

it('keeps a limit that somebody has given', () => {
  expect(replacement(['start'], { execArgv: ['--max-semi-space-size=32'] })).toBeUndefined();
  expect(replacement(['start'], { env: { NODE_OPTIONS: '--max_semi_space_size=32' } })).toBeUndefined();
});
