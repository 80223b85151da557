import type { Command } from 'commander';
import { addCommand, type ProgramParts } from './parts.ts';

/** limits. */
export function addLimitCommands(program: Command, { say, perform }: ProgramParts): void {
  addCommand(program, { name: 'limits', description: say('help.limits') }, say).action(
    (_options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/limits.ts')).showLimits(context)),
  );
}
