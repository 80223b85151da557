import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Clock ticks of /proc/<pid>/stat in a second; 100 on every Linux that Node.js runs on. */
const ticksPerSecond = 100;

const compileCache = new URL('compile-cache.mjs', import.meta.url).href;

/** A server under test in a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  readonly url: string;
  /** Milliseconds from the start of the process to its word that it is ready. */
  readonly readyMs: number;
  /** CPU time so far, in milliseconds. */
  cpuMs(): number;
  /** Memory in use now, in megabytes. */
  residentMb(): number;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts a program that prints `ready <url>`, and waits for that word. */
export async function startServer(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', compileCache, ...command], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await firstReadyLine(child, command.join(' '));
  const pid = child.pid ?? 0;
  return {
    pid,
    url: line.split(' ')[1] ?? '',
    readyMs: performance.now() - began,
    cpuMs: () => readCpuMs(pid),
    residentMb: () => readResidentMb(pid),
    kill: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    },
  };
}

async function firstReadyLine(child: ChildProcess, name: string): Promise<string> {
  if (!child.stdout) throw new Error('the standard output is piped');
  for await (const line of createInterface({ input: child.stdout })) {
    if (process.env['BENCH_LOG'] !== undefined) process.stderr.write(`${line}\n`);
    if (line.startsWith('ready ')) return line;
  }
  throw new Error(`${name} ended before it was ready`);
}

function readCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name stands in parentheses and may hold spaces; user and system time are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

function readResidentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
