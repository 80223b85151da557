import type { Command } from 'commander';
import { addCommand, type ProgramParts } from './parts.ts';

/** secrets. */
export function addSecretCommands(program: Command, { say, perform }: ProgramParts): void {
  const secrets = addCommand(program, { name: 'secrets', description: say('help.secrets') }, say);
  addCommand(secrets, { name: 'list', description: say('help.secrets.list'), isDefault: true }, say).action(
    (_options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/secrets.ts')).listSecrets(context)),
  );
  addCommand(secrets, { name: 'set', description: say('help.secrets.set') }, say)
    .argument('<name>', say('help.secrets.name'))
    .action((name: string, _options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/secrets.ts')).setSecret(context, name)),
    );
  addCommand(secrets, { name: 'delete', description: say('help.secrets.delete') }, say)
    .argument('<name>', say('help.secrets.name'))
    .action((name: string, _options: unknown, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/secrets.ts')).deleteSecret(context, name),
      ),
    );
  addCommand(secrets, { name: 'rotate-key', description: say('help.secrets.rotateKey') }, say).action(
    (_options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/secrets.ts')).rotateSecretKey(context)),
  );
}
