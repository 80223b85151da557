import type { Command } from 'commander';
import type { ListenOptions } from '../command/start.ts';
import type { ServeOptions } from '../command/serve.ts';
import { addCommand, choiceOption, type ProgramParts } from './parts.ts';

/** start, serve, migrate, backup, restore, config, doctor. */
export function addServerCommands(program: Command, { say, perform }: ProgramParts): void {
  addCommand(program, { name: 'start', description: say('help.start') }, say)
    .option('--host <address>', say('help.host'))
    .option('--port <number>', say('help.port'))
    .action((options: ListenOptions, command: Command) =>
      perform(command, async (context) => (await import('../command/start.ts')).start(context, options)),
    );
  addCommand(program, { name: 'serve', description: say('help.serve') }, say)
    .addOption(choiceOption('--role <role>', say('help.serve.role'), ['all', 'api', 'worker']).default('all'))
    .option('--host <address>', say('help.host'))
    .option('--port <number>', say('help.port'))
    .action((options: ServeOptions, command: Command) =>
      perform(command, async (context) => (await import('../command/serve.ts')).serve(context, options)),
    );
  addCommand(program, { name: 'migrate', description: say('help.migrate') }, say)
    .option('--check', say('help.migrate.check'))
    .action((options: { check?: boolean }, command: Command) =>
      perform(command, async (context) => (await import('../command/migrate.ts')).migrate(context, options)),
    );
  addCommand(program, { name: 'backup', description: say('help.backup') }, say)
    .argument('[file]', say('help.backup.file'))
    .action((file: string | undefined, _options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/backup.ts')).backup(context, file)),
    );
  addCommand(program, { name: 'restore', description: say('help.restore') }, say)
    .argument('<file>', say('help.restore.file'))
    .option('--resume', say('help.restore.resume'))
    .action((file: string, options: { resume?: boolean }, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/backup.ts')).restore(context, file, options),
      ),
    );
  addCommand(program, { name: 'config', description: say('help.config') }, say).action(
    (_options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/config.ts')).config(context)),
  );
  addCommand(program, { name: 'doctor', description: say('help.doctor') }, say).action(
    (_options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/doctor.ts')).doctor(context)),
  );
}
