import type {
  CommandFollower,
  Sandbox,
  SandboxCommand,
  SandboxLimits,
  SandboxOptions,
  SandboxProvider,
} from '../../port/sandbox.ts';
import { checkCommand } from '../sandbox/check-command.ts';
import { inheritedDescriptors } from '../sandbox/inherited-descriptors.ts';
import { findRelay, relayCommand, relayedTerminal, terminalLimits } from '../sandbox/relayed-terminal.ts';
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

function openUnconfined(running: RunningCommands, { folder, limits: most }: SandboxOptions): Sandbox {
  const start = async ({ command, follower, limits, hasTerminal = false }: Start): Promise<Started> => {
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
        endsWithInput: hasTerminal,
        inherited: inheritedDescriptors(),
        isInteractive: command.isInteractive === true,
      },
      { folder, limits, seconds, follower },
      { command },
    );
    return await running.add(started);
  };
  return workspaceSandbox({
    workspace: { folder, limits: most, owner: null },
    start: (command, follower) => start({ command, follower, limits: most }),
    terminal: async (command, size, follower = {}) => {
      const relayed = relayCommand(command, size, { ...findRelay('none'), node: process.execPath });
      const limits = terminalLimits(most, command);
      return relayedTerminal(await start({ command: relayed, follower, limits, hasTerminal: true }));
    },
  });
}

interface Start {
  command: SandboxCommand;
  follower: CommandFollower;
  limits: SandboxLimits;
  hasTerminal?: boolean;
}

function environment(folder: string): Record<string, string> {
  const { PATH = '/usr/bin:/bin' } = process.env;
  return { PATH, HOME: folder, LANG: 'C.UTF-8', PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' };
}
