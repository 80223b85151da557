import type { Command } from 'commander';
import type { ChatOptions } from '../command/chat.ts';
import type { RunOptions } from '../command/run.ts';
import { addCommand, type ProgramParts } from './parts.ts';

/** chat, run, terminal. */
export function addTalkCommands(program: Command, { say, perform }: ProgramParts): void {
  addCommand(program, { name: 'chat', description: say('help.chat') }, say)
    .argument('[agent]', say('help.chat.agent'))
    .option('--session <id>', say('help.session'))
    .action((agent: string | undefined, options: ChatOptions, command: Command) =>
      perform(command, async (context) => (await import('../command/chat.ts')).chat(context, agent, options)),
    );
  addCommand(program, { name: 'run', description: say('help.run') }, say)
    .argument('<agent>', say('help.run.agent'))
    .argument('<text>', say('help.run.input'))
    .option('--session <id>', say('help.session'))
    .option('--wait <seconds>', say('help.run.wait'))
    .option('--no-wait', say('help.run.noWait'))
    .action((...[agent, text, options, command]: [string, string, RunOptions, Command]) =>
      perform(command, async (context) =>
        (await import('../command/run.ts')).runAgent(context, { agent, text }, options),
      ),
    );
  addCommand(program, { name: 'terminal', description: say('help.terminal') }, say)
    .argument('<session>', say('help.terminal.session'))
    .action((session: string, _options: unknown, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/terminal.ts')).sitAtTerminal(context, session),
      ),
    );
}
