import type { Command } from 'commander';
import type { ProjectOptions, UsageOptions } from '../command/usage.ts';
import { addCommand, type ProgramParts } from './parts.ts';

/** usage, costs. */
export function addCostCommands(program: Command, { say, perform }: ProgramParts): void {
  addCommand(program, { name: 'usage', description: say('help.usageReport') }, say)
    .option('--from <day>', say('help.usageReport.from'))
    .option('--to <day>', say('help.usageReport.to'))
    .option('--by <groups>', say('help.usageReport.by'), 'day')
    .action((options: UsageOptions, command: Command) =>
      perform(command, async (context) => (await import('../command/usage.ts')).usage(context, options)),
    );
  const costs = addCommand(program, { name: 'costs', description: say('help.costs') }, say);
  addCommand(costs, { name: 'project', description: say('help.costs.project') }, say)
    .requiredOption('--requests-per-day <number>', say('help.costs.requests'))
    .option('--agent <name>', say('help.costs.agent'))
    .option('--model <reference>', say('help.costs.model'))
    .option('--input-tokens <number>', say('help.costs.input'))
    .option('--output-tokens <number>', say('help.costs.output'))
    .action((options: ProjectOptions, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/usage.ts')).projectCosts(context, options),
      ),
    );
}
