/**
 * A process of a test that executes runs and does background jobs: `node background-process.ts '<setup as JSON>'`. It kills itself where the
 * setup says, in the moment in which it gets there.
 */
import { writeSync } from 'node:fs';
import { openDatabase } from '@batuta/platform/database';
import type { ProbePoint } from '@batuta/platform/ports';
import { startTestPlatform, type TestPlatform } from '@batuta/testkit/platform';

interface Setup {
  url: string;
  /** Point of the engine, and a kind of event that must be in the commit there; null: nowhere. */
  killAt: { point: ProbePoint; event?: string } | null;
}

const { url, killAt } = JSON.parse(process.argv[2] ?? '{}') as Setup;
const opened = await openDatabase({ url });
const stores = { ...opened, url, release: () => undefined };
const share = { stores } as TestPlatform;
const platform = await startTestPlatform({ model: () => ({ text: 'Done.' }), share, jobs: true });
if (killAt) {
  const { point, event } = killAt;
  const here = platform.signals.hold(point, (detail) => !event || (detail.events?.includes(event) ?? false));
  void here.arrived.then(() => {
    writeSync(1, '{"killed":true}\n');
    process.kill(process.pid, 'SIGKILL');
  });
}
writeSync(1, '{"ready":true}\n');
process.stdin.on('end', () => process.exit(0)).resume();
