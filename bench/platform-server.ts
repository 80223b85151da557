/**
 * The platform as a process for benchmarks: configured by the environment like any other, it prints its address when it is
 * ready. `node bench/platform-server.ts <project folder> <role>`
 */
import { collectOnceIdle, thisProcess } from '../cli/src/collect-once-idle.ts';
import type { RunningPlatform } from '@batuta/platform';

const { startPlatform } = await import('@batuta/platform');
const [projectFolder = '.', role = 'all'] = process.argv.slice(2);
const platform: RunningPlatform = await startPlatform({
  projectFolder,
  environment: process.env,
  role: role === 'worker' || role === 'api' ? role : 'all',
  log: process.env['BENCH_LOG'] === undefined ? 'silent' : 'json',
});
collectOnceIdle(thisProcess());
process.stdout.write(`ready ${platform.url ?? 'no-door'} ${platform.report.startedInMs}\n`);
process.once('SIGTERM', () => void platform.stop());
