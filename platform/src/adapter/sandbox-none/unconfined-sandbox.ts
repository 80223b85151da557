import type { Sandbox, SandboxOptions, SandboxProvider } from '../../port/sandbox.ts';
import { checkCommand } from '../sandbox/check-command.ts';
import { inheritedDescriptors } from '../sandbox/inherited-descriptors.ts';
import { RunningCommands } from '../sandbox/running-commands.ts';
import { spawnCommand, type Started } from '../sandbox/spawned-command.ts';
import { workspaceParts } from '../sandbox/workspace-path.ts';
import { workspaceSandbox } from '../sandbox/workspace-sandbox.ts';

/**
 * Commands on the machine itself, as the user of the platform: nothing keeps them in. They get no variable of the platform, no descriptor,
 * and limits of time, output and disk; that is order, not safety.
 */
export function makeUnconfinedProvider(): SandboxProvider {
  const running = new RunningCommands();
  return {
    kind: 'none',
    confines: false,
    check: async () => [],
    open: (options) => openUnconfined(running, options),
    close: () => running.stopAll(),
  };
}

function openUnconfined(running: RunningCommands, { folder, limits }: SandboxOptions): Sandbox {
  return workspaceSandbox({
    workspace: { folder, limits, owner: null },
    start: async (command, follower): Promise<Started> => {
      const seconds = checkCommand(command, limits);
      const started = spawnCommand(
        {
          kind: 'none',
          program: command.program,
          arguments: command.arguments,
          environment: { ...environment(folder), ...command.environment },
          directory: [folder, ...workspaceParts(command.directory ?? '')].join('/'),
          hand: [],
          ownGroup: true,
          inherited: inheritedDescriptors(),
          isInteractive: command.isInteractive === true,
        },
        { folder, limits, seconds, follower },
        { command },
      );
      return await running.add(started);
    },
  });
}

function environment(folder: string): Record<string, string> {
  const { PATH = '/usr/bin:/bin' } = process.env;
  return { PATH, HOME: folder, LANG: 'C.UTF-8', PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' };
}
