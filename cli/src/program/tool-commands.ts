import type { Command } from 'commander';
import type { ToolListOptions } from '../command/tools.ts';
import { addCommand, type ProgramParts } from './parts.ts';

/** tools. */
export function addToolCommands(program: Command, { say, perform }: ProgramParts): void {
  addCommand(program, { name: 'tools', description: say('help.tools') }, say)
    .option('--source <name>', say('help.tools.source'))
    .option('--limit <number>', say('help.limit'), '50')
    .action((options: ToolListOptions, command: Command) =>
      perform(command, async (context) => (await import('../command/tools.ts')).listTools(context, options)),
    );
}
