import { once } from 'node:events';
import type { SandboxTerminal } from '../../port/sandbox.ts';
import { startCommand, type Following } from './container-command.ts';
import type { ContainerPlan } from './container-options.ts';
import { SizeSender } from './terminal-sizes.ts';

/** How long a container may be there without its connection, over which alone it is seen and typed at. */
const lostMs = 2_000;

/** Makes a container whose command sits at a terminal, which the engine makes. Errors: `sandbox-unavailable`. */
export async function startTerminal(plan: ContainerPlan, following: Following): Promise<SandboxTerminal> {
  const { container, ended, kill, read, stop, stream } = await startCommand(plan, following);
  const sizes = new SizeSender(container);
  void read.then(() => {
    const timer = setTimeout(kill, lostMs);
    void ended.then(() => clearTimeout(timer));
  });
  return {
    ended,
    stop,
    resize: (size) => sizes.send(size),
    // Whoever types after a new size types into that size, as far as the engine has handed it on.
    type: async (input) => {
      await sizes.sent;
      if (!stream.write(input)) await Promise.race([once(stream, 'drain').catch(() => undefined), ended]);
    },
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
  };
}
