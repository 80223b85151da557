/** How long a command in a sandbox takes: `node bench/sandbox.ts`, as root or as another user. Run it alone. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBubblewrapProvider } from '../platform/src/adapter/sandbox-bubblewrap/bubblewrap-sandbox.ts';
import { makeUnconfinedProvider } from '../platform/src/adapter/sandbox-none/unconfined-sandbox.ts';
import type { SandboxLimits, SandboxProvider } from '../platform/src/port/sandbox.ts';

const limits: SandboxLimits = {
  seconds: 30,
  memoryBytes: 512_000_000,
  processes: 128,
  cpus: 1,
  outputBytes: 1_000_000,
  workspaceBytes: 512_000_000,
  workspaceFiles: 20_000,
  temporaryBytes: 64_000_000,
};
const commands = {
  true: { program: 'true', arguments: [] },
  'sh -c': { program: 'sh', arguments: ['-c', 'echo hello'] },
  python3: { program: 'python3', arguments: ['-c', 'print(1)'] },
  node: { program: 'node', arguments: ['-e', 'console.log(1)'] },
};
const rounds = 100;

function percentiles(times: number[]): string {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}

async function measure(name: string, provider: SandboxProvider): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'batuta-bench-'));
  const sandbox = provider.open({ folder, template: 'general', limits, network: { allowedHosts: [] } });
  for (const [title, command] of Object.entries(commands)) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const began = performance.now();
      const { exitCode, problem } = await sandbox.run(command);
      if (exitCode !== 0) console.error(`${title} ended with ${exitCode}`, problem);
      times.push(performance.now() - began);
    }
    console.log(`${name} | ${title} | ${percentiles(times.slice(10))}`);
  }
  const began = performance.now();
  await Promise.all(Array.from({ length: 40 }, () => sandbox.run(commands.python3)));
  console.log(`${name} | 40 python3 side by side | ${(performance.now() - began).toFixed(0)} ms in all`);
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
}

const bare = Array.from({ length: rounds }, () => {
  const began = performance.now();
  spawnSync('/bin/true');
  return performance.now() - began;
});
console.log(`spawnSync | true | ${percentiles(bare.slice(10))}`);
await measure('none', makeUnconfinedProvider());
await measure('bubblewrap', makeBubblewrapProvider({ user: 2000, folders: [] }));
