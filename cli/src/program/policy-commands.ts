import type { Command } from 'commander';
import type { ExplainOptions, PolicyListOptions } from '../command/policy.ts';
import { addCommand, choiceOption, type ProgramParts } from './parts.ts';
import { roles } from './words.ts';

/** policy list, explain, test. */
export function addPolicyCommands(program: Command, { say, perform }: ProgramParts): void {
  const policy = addCommand(program, { name: 'policy', description: say('help.policy') }, say);
  addCommand(policy, { name: 'list', description: say('help.policy.list'), isDefault: true }, say)
    .option('--agent <name>', say('help.policy.agent'))
    .option('--limit <number>', say('help.limit'), '200')
    .action((options: PolicyListOptions, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/policy.ts')).listPolicies(context, options),
      ),
    );
  addCommand(policy, { name: 'explain', description: say('help.policy.explain') }, say)
    .requiredOption('--agent <name>', say('help.policy.agent'))
    .requiredOption('--tool <name>', say('help.policy.tool'))
    .option('--args <json>', say('help.policy.args'))
    .addOption(choiceOption('--role <role>', say('help.policy.role'), roles))
    .option('--taint <labels>', say('help.policy.taint'))
    .option('--at <time>', say('help.policy.at'))
    .action((options: ExplainOptions, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/policy.ts')).explainPolicy(context, options),
      ),
    );
  addCommand(policy, { name: 'test', description: say('help.policy.test') }, say)
    .argument('[file]', say('help.policy.file'))
    .action((file: string | undefined, _options: unknown, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/test-policies.ts')).testPolicies(context, file),
      ),
    );
}
