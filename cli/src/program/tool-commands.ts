import type { Command } from 'commander';
import type { ToolListOptions } from '../command/tools.ts';
import { addCommand, type ProgramParts } from './parts.ts';

/** tools list, show. */
export function addToolCommands(program: Command, { say, perform }: ProgramParts): void {
  const tools = addCommand(program, { name: 'tools', description: say('help.tools') }, say);
  addCommand(tools, { name: 'list', description: say('help.tools.list'), isDefault: true }, say)
    .option('--source <name>', say('help.tools.source'))
    .option('--limit <number>', say('help.limit'), '50')
    .action((options: ToolListOptions, command: Command) =>
      perform(command, async (context) => (await import('../command/tools.ts')).listTools(context, options)),
    );
  addCommand(tools, { name: 'show', description: say('help.tools.show') }, say)
    .argument('<name>', say('help.tools.name'))
    .action((name: string, _options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/show-tool.ts')).showTool(context, name)),
    );
}
