import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { searchPath } from './handed-on.ts';

export interface ProcessToStart {
  command: string;
  args: readonly string[];
  /** All that the process sees, besides a path to find programs by. */
  env: Readonly<Record<string, string>>;
  cwd: string;
}

const setpriv = '/usr/bin/setpriv';

/**
 * Stands between the platform and the server. The kernel signals it when the platform dies, however that happens; it then kills the whole
 * group, the children of the server included. Otherwise it only waits: its exit code is the server's.
 */
const guard = `
trap 'kill -KILL 0' USR1
trap : TERM
exec 3<&0
"$@" <&3 3<&- &
server=$!
exec 3<&- </dev/null >/dev/null
while :; do
  wait $server
  code=$?
  kill -0 $server 2>/dev/null || exit $code
done`;

/** Starts a server as the leader of a process group, so that all of it can be ended. Its standard streams are pipes. */
export function startProcess({ command, args, env, cwd }: ProcessToStart): ChildProcess {
  const guarded = process.platform === 'linux' && existsSync(setpriv);
  const [program, ...rest] = guarded
    ? [setpriv, '--pdeathsig', 'USR1', '/bin/sh', '-c', guard, 'tool-server', command, ...args]
    : [command, ...args];
  return spawn(program ?? command, rest, {
    cwd,
    env: { PATH: searchPath(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    windowsHide: true,
  });
}

/** Signals the whole group of a process that `startProcess` has started. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in it.
  }
}
