import type { BudgetPeriod, BudgetScope } from '@batuta/contract';
import type { Command } from 'commander';
import type { BudgetSubject, RuleOptions } from '../command/budgets.ts';
import { addCommand, choiceArgument, choiceOption, type ProgramParts } from './parts.ts';

const budgetScopes: readonly BudgetScope[] = ['run', 'session', 'agent', 'user', 'team', 'tenant'];
const budgetPeriods: readonly BudgetPeriod[] = ['run', 'session', 'day', 'month', 'total'];

type SetOptions = RuleOptions & Pick<BudgetSubject, 'per'>;

/** budgets. */
export function addBudgetCommands(program: Command, parts: ProgramParts): void {
  const { say, perform } = parts;
  const budgets = addCommand(program, { name: 'budgets', description: say('help.budgets') }, say);
  addCommand(budgets, { name: 'list', description: say('help.budgets.list'), isDefault: true }, say)
    .option('--limit <number>', say('help.limit'), '50')
    .action((options: { limit: string }, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/budgets.ts')).listBudgets(context, options),
      ),
    );
  addSet(budgets, parts);
  addChange(budgets, parts);
  addCommand(budgets, { name: 'delete', description: say('help.budgets.delete') }, say)
    .argument('<id>', say('help.id'))
    .action((id: string, _options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/budgets.ts')).deleteBudget(context, id)),
    );
}

function addSet(budgets: Command, { say, perform }: ProgramParts): void {
  const set = addCommand(budgets, { name: 'set', description: say('help.budgets.set') }, say)
    .addArgument(choiceArgument('<scope>', say('help.budgets.scope'), budgetScopes))
    .argument('[subject]', say('help.budgets.subject'))
    .addOption(choiceOption('--per <period>', say('help.budgets.per'), budgetPeriods).makeOptionMandatory())
    .requiredOption('--usd <amount>', say('help.budgets.usd'));
  addRule(set, say).action(
    (
      ...[scope, subject, options, command]: [BudgetSubject['scope'], string | undefined, SetOptions, Command]
    ) =>
      perform(command, async (context) => {
        const about = { scope, subject, per: options.per };
        return (await import('../command/budgets.ts')).setBudget(context, about, options);
      }),
  );
}

function addChange(budgets: Command, { say, perform }: ProgramParts): void {
  const change = addCommand(budgets, { name: 'change', description: say('help.budgets.change') }, say)
    .argument('<id>', say('help.id'))
    .option('--usd <amount>', say('help.budgets.usd'))
    .option('--hard', say('help.budgets.hard'));
  addRule(change, say).action((id: string, options: RuleOptions, command: Command) =>
    perform(command, async (context) =>
      (await import('../command/budgets.ts')).changeBudget(context, id, options),
    ),
  );
}

function addRule(command: Command, say: ProgramParts['say']): Command {
  return command
    .option('--soft', say('help.budgets.soft'))
    .addOption(choiceOption('--on-limit <what>', say('help.budgets.onLimit'), ['wait', 'fail']))
    .option('--alerts <percentages>', say('help.budgets.alerts'))
    .option('--name <text>', say('help.budgets.name'));
}
