import type { Command } from 'commander';
import type { AuditExportOptions, AuditListOptions, AuditVerifyOptions } from '../command/audit.ts';
import { addCommand, choiceOption, type ProgramParts } from './parts.ts';

const kinds = ['access', 'change', 'decision', 'security'];

/** audit. */
export function addAuditCommands(program: Command, parts: ProgramParts): void {
  const { say, perform } = parts;
  const audit = addCommand(program, { name: 'audit', description: say('help.audit') }, say);
  const list = { name: 'list', description: say('help.audit.list'), isDefault: true };
  withFilter(addCommand(audit, list, say), parts)
    .option('--limit <number>', say('help.limit'), '20')
    .action((options: AuditListOptions, command: Command) =>
      perform(command, async (context) => (await import('../command/audit.ts')).listAudit(context, options)),
    );
  withFilter(addCommand(audit, { name: 'export', description: say('help.audit.export') }, say), parts)
    .option('--output <file>', say('help.audit.output'))
    .action((options: AuditExportOptions, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/audit.ts')).exportAudit(context, options),
      ),
    );
  addCommand(audit, { name: 'verify', description: say('help.audit.verify') }, say)
    .option('--since <time>', say('help.audit.since'))
    .option('--anchor <anchor...>', say('help.audit.anchor'))
    .action((options: AuditVerifyOptions, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/audit.ts')).verifyAudit(context, options),
      ),
    );
}

function withFilter(command: Command, { say }: ProgramParts): Command {
  return command
    .option('--since <time>', say('help.audit.since'))
    .option('--until <time>', say('help.audit.until'))
    .option('--actor <id>', say('help.audit.actor'))
    .option('--action <action>', say('help.audit.action'))
    .option('--target <id>', say('help.audit.target'))
    .addOption(choiceOption('--kind <kind>', say('help.audit.kind'), kinds));
}
