import type { Command } from 'commander';
import { addCommand, type ProgramParts } from './parts.ts';

/** authorizations. */
export function addAuthorizationCommands(program: Command, { say, perform }: ProgramParts): void {
  const load = () => import('../command/authorizations.ts');
  const description = say('help.authorizations');
  const authorizations = addCommand(program, { name: 'authorizations', description }, say);
  const list = { name: 'list', description: say('help.authorizations.list'), isDefault: true };
  addCommand(authorizations, list, say)
    .option('--limit <number>', say('help.limit'), '50')
    .action((options: { limit: string }, command: Command) =>
      perform(command, async (context) => (await load()).listAuthorizations(context, options)),
    );
  addCommand(authorizations, { name: 'begin', description: say('help.authorizations.begin') }, say)
    .argument('<service>', say('help.authorizations.service'))
    .action((service: string, _options: unknown, command: Command) =>
      perform(command, async (context) => (await load()).beginAuthorization(context, service)),
    );
  addCommand(authorizations, { name: 'revoke', description: say('help.authorizations.revoke') }, say)
    .argument('<id>', say('help.authorizations.id'))
    .action((id: string, _options: unknown, command: Command) =>
      perform(command, async (context) => (await load()).revokeAuthorization(context, id)),
    );
}
