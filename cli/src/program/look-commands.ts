import type { Command } from 'commander';
import type { RunListOptions } from '../command/runs.ts';
import { addApprovals } from './approval-commands.ts';
import { addCommand, choiceOption, type ProgramParts } from './parts.ts';

const statuses = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled'];

/** runs, agents, approvals. */
export function addLookCommands(program: Command, parts: ProgramParts): void {
  addRuns(program, parts);
  addAgents(program, parts);
  addApprovals(program, parts);
}

function addRuns(program: Command, { say, perform }: ProgramParts): void {
  const runs = addCommand(program, { name: 'runs', description: say('help.runs') }, say);
  addCommand(runs, { name: 'list', description: say('help.runs.list'), isDefault: true }, say)
    .addOption(choiceOption('--status <state>', say('help.runs.status'), statuses))
    .option('--session <id>', say('help.runs.session'))
    .option('--limit <number>', say('help.limit'), '20')
    .action((options: RunListOptions, command: Command) =>
      perform(command, async (context) => (await import('../command/runs.ts')).listRuns(context, options)),
    );
  addCommand(runs, { name: 'show', description: say('help.runs.show') }, say)
    .argument('<id>', say('help.id'))
    .action((id: string, _options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/runs.ts')).showRun(context, id)),
    );
  addCommand(runs, { name: 'cancel', description: say('help.runs.cancel') }, say)
    .argument('<id>', say('help.id'))
    .option('--reason <text>', say('help.runs.reason'))
    .action((id: string, options: { reason?: string }, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/runs.ts')).cancelRun(context, id, options.reason),
      ),
    );
  addCommand(runs, { name: 'retry', description: say('help.runs.retry') }, say)
    .argument('<id>', say('help.id'))
    .action((id: string, _options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/runs.ts')).retryRun(context, id)),
    );
}

function addAgents(program: Command, { say, perform }: ProgramParts): void {
  const agents = addCommand(program, { name: 'agents', description: say('help.agents') }, say);
  addCommand(agents, { name: 'list', description: say('help.agents.list'), isDefault: true }, say).action(
    (_options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/agents.ts')).listAgents(context)),
  );
  addCommand(agents, { name: 'validate', description: say('help.agents.validate') }, say)
    .argument('[files...]', say('help.agents.files'))
    .action((files: string[], _options: unknown, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/validate-agents.ts')).validateAgents(context, files),
      ),
    );
}
