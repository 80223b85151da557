import { release } from 'node:os';
import { BatutaError } from '@batuta/contract';
import type { SandboxCommand } from '../../port/sandbox.ts';
import { startContainer } from './container-command.ts';
import type { ContainerEngine } from './container-engine.ts';
import type { ContainerPlan } from './container-options.ts';

/** Says which kernel commands see: gVisor has one of its own. */
export const whichKernel: SandboxCommand = { program: 'cat', arguments: ['/proc/sys/kernel/osrelease'] };

const known = new WeakMap<ContainerEngine, Promise<void>>();

/**
 * Makes sure, once for an engine, that containers really run under the runtime that was asked for: Podman takes no notice of one that is
 * asked for over its socket. Errors: `sandbox-unavailable`.
 */
export function verified(engine: ContainerEngine, runtime: string, plan: () => ContainerPlan): Promise<void> {
  const verifying = known.get(engine) ?? verify(engine, runtime, plan);
  known.set(engine, verifying);
  verifying.catch(() => known.delete(engine));
  return verifying;
}

async function verify(engine: ContainerEngine, runtime: string, plan: () => ContainerPlan): Promise<void> {
  if (runtime !== 'runsc') {
    // Docker refuses a runtime that it does not know.
    if (engine.isPodman) throw unsure(runtime, 'Podman takes no notice of a runtime that is asked for');
    return;
  }
  let kernel = '';
  const output = (piece: Uint8Array): void => void (kernel += Buffer.from(piece).toString());
  const started = await startContainer(plan(), { seconds: 30, follower: { output } });
  const { exitCode } = await started.ended;
  if (exitCode === 0 && kernel.trim() !== '' && kernel.trim() !== release()) return;
  throw unsure(runtime, 'containers run on the kernel of this machine');
}

function unsure(runtime: string, reason: string): BatutaError<'sandbox-unavailable'> {
  const mend = `Make it the engine's own: for Podman, start its service with --runtime ${runtime}, and set sandbox.container_runtime to runsc or leave it empty.`;
  return new BatutaError('sandbox-unavailable', {
    kind: 'container',
    reason: `the runtime ${runtime} (sandbox.container_runtime) is not in use: ${reason}`,
    mend,
  });
}
