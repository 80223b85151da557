import type { Command, Option } from 'commander';
import type { CreateKeyOptions } from '../command/keys.ts';
import type { UserOptions } from '../command/users.ts';
import { addCommand, choiceOption, type ProgramParts } from './parts.ts';
import { roles } from './words.ts';

/** whoami, keys, users, tenants. */
export function addAccessCommands(program: Command, parts: ProgramParts): void {
  const { say, perform } = parts;
  addCommand(program, { name: 'whoami', description: say('help.whoami') }, say).action(
    (_options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/users.ts')).whoAmI(context)),
  );
  addKeys(program, parts);
  addUsers(program, parts);
  addTenants(program, parts);
}

function roleOption({ say }: ProgramParts): Option {
  return choiceOption('--role <role>', say('help.role'), roles);
}

function addKeys(program: Command, parts: ProgramParts): void {
  const { say, perform } = parts;
  const keys = addCommand(program, { name: 'keys', description: say('help.keys') }, say);
  addCommand(keys, { name: 'list', description: say('help.keys.list'), isDefault: true }, say)
    .option('--limit <number>', say('help.limit'), '50')
    .action((options: { limit: string }, command: Command) =>
      perform(command, async (context) => (await import('../command/keys.ts')).listKeys(context, options)),
    );
  addCommand(keys, { name: 'create', description: say('help.keys.create') }, say)
    .argument('<name>', say('help.keys.name'))
    .addOption(roleOption(parts).makeOptionMandatory())
    .option('--scope <scopes...>', say('help.keys.scope'))
    .option('--user <id>', say('help.keys.user'))
    .option('--nobody', say('help.keys.nobody'))
    .option('--expires <days>', say('help.keys.expires'))
    .action((name: string, options: CreateKeyOptions, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/keys.ts')).createKey(context, name, options),
      ),
    );
  addCommand(keys, { name: 'rotate', description: say('help.keys.rotate') }, say)
    .argument('<id>', say('help.id'))
    .option('--overlap <hours>', say('help.keys.overlap'), '24')
    .action((id: string, options: { overlap: string }, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/keys.ts')).rotateKey(context, id, options),
      ),
    );
  addCommand(keys, { name: 'revoke', description: say('help.keys.revoke') }, say)
    .argument('<id>', say('help.id'))
    .action((id: string, _options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/keys.ts')).revokeKey(context, id)),
    );
}

function addUsers(program: Command, parts: ProgramParts): void {
  const { say, perform } = parts;
  const users = addCommand(program, { name: 'users', description: say('help.users') }, say);
  addCommand(users, { name: 'list', description: say('help.users.list'), isDefault: true }, say)
    .option('--limit <number>', say('help.limit'), '50')
    .action((options: { limit: string }, command: Command) =>
      perform(command, async (context) => (await import('../command/users.ts')).listUsers(context, options)),
    );
  const create = addCommand(users, { name: 'create', description: say('help.users.create') }, say)
    .argument('<name>', say('help.users.name'))
    .addOption(roleOption(parts).makeOptionMandatory());
  withFields(create, parts).action(
    (name: string, options: UserOptions & Pick<CreateKeyOptions, 'role'>, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/users.ts')).createUser(context, name, options),
      ),
  );
  const change = addCommand(users, { name: 'change', description: say('help.users.change') }, say)
    .argument('<id>', say('help.id'))
    .option('--name <name>', say('help.users.name'))
    .addOption(roleOption(parts));
  withFields(change, parts).action((id: string, options: UserOptions, command: Command) =>
    perform(command, async (context) =>
      (await import('../command/users.ts')).changeUser(context, id, options),
    ),
  );
  addUserSwitches(users, parts);
}

function withFields(command: Command, { say }: ProgramParts): Command {
  return command
    .option('--email <address>', say('help.users.email'))
    .option('--issuer <issuer>', say('help.users.issuer'))
    .option('--subject <subject>', say('help.users.subject'));
}

function addUserSwitches(users: Command, { say, perform }: ProgramParts): void {
  for (const name of ['disable', 'enable'] as const) {
    addCommand(users, { name, description: say(`help.users.${name}`) }, say)
      .argument('<id>', say('help.id'))
      .action((id: string, _options: unknown, command: Command) =>
        perform(command, async (context) =>
          (await import('../command/users.ts')).changeUser(context, id, { disabled: name === 'disable' }),
        ),
      );
  }
  addCommand(users, { name: 'delete', description: say('help.users.delete') }, say)
    .argument('<id>', say('help.id'))
    .action((id: string, _options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/users.ts')).deleteUser(context, id)),
    );
}

function addTenants(program: Command, { say, perform }: ProgramParts): void {
  const tenants = addCommand(program, { name: 'tenants', description: say('help.tenants') }, say);
  addCommand(tenants, { name: 'list', description: say('help.tenants.list'), isDefault: true }, say)
    .option('--limit <number>', say('help.limit'), '50')
    .action((options: { limit: string }, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/tenants.ts')).listTenants(context, options),
      ),
    );
  addCommand(tenants, { name: 'create', description: say('help.tenants.create') }, say)
    .argument('<id>', say('help.tenants.id'))
    .argument('<name>', say('help.tenants.name'))
    .action((...[id, name, , command]: [string, string, unknown, Command]) =>
      perform(command, async (context) =>
        (await import('../command/tenants.ts')).createTenant(context, id, name),
      ),
    );
  for (const name of ['disable', 'enable'] as const) {
    addCommand(tenants, { name, description: say(`help.tenants.${name}`) }, say)
      .argument('<id>', say('help.tenants.id'))
      .action((id: string, _options: unknown, command: Command) =>
        perform(command, async (context) =>
          (await import('../command/tenants.ts')).changeTenant(context, id, { disabled: name === 'disable' }),
        ),
      );
  }
  addCommand(tenants, { name: 'plan', description: say('help.tenants.plan') }, say)
    .argument('<id>', say('help.tenants.id'))
    .argument('[plan]', say('help.tenants.planName'))
    .action((...[id, plan, , command]: [string, string | undefined, unknown, Command]) =>
      perform(command, async (context) =>
        (await import('../command/tenants.ts')).changeTenant(context, id, { plan: plan ?? null }),
      ),
    );
}
