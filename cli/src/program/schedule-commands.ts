import type { Command } from 'commander';
import type { AddScheduleOptions } from '../command/schedules.ts';
import { addCommand, choiceOption, type ProgramParts } from './parts.ts';
import { missedPolicies, overlapPolicies } from './words.ts';

interface PreviewOptions {
  zone: string;
  count: string;
}

/** schedules. */
export function addScheduleCommands(program: Command, parts: ProgramParts): void {
  const { say, perform } = parts;
  const schedules = addCommand(program, { name: 'schedules', description: say('help.schedules') }, say);
  addCommand(schedules, { name: 'list', description: say('help.schedules.list'), isDefault: true }, say)
    .option('--limit <number>', say('help.limit'), '50')
    .action((options: { limit: string }, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/schedules.ts')).listSchedules(context, options),
      ),
    );
  addAdd(schedules, parts);
  addOnes(schedules, parts);
  addPreview(schedules, parts);
}

function addAdd(schedules: Command, { say, perform }: ProgramParts): void {
  addCommand(schedules, { name: 'add', description: say('help.schedules.add') }, say)
    .argument('<agent>', say('help.schedules.agent'))
    .argument('<input>', say('help.schedules.input'))
    .requiredOption('--name <text>', say('help.schedules.name'))
    .option('--cron <fields>', say('help.schedules.cron'))
    .option('--at <time>', say('help.schedules.at'))
    .option('--zone <name>', say('help.schedules.zone'))
    .addOption(choiceOption('--missed <what>', say('help.schedules.missed'), missedPolicies))
    .addOption(choiceOption('--overlap <what>', say('help.schedules.overlap'), overlapPolicies))
    .option('--session <id>', say('help.schedules.session'))
    .option('--disabled', say('help.schedules.disabled'))
    .action((...[agent, input, options, command]: [string, string, AddScheduleOptions, Command]) =>
      perform(command, async (context) =>
        (await import('../command/schedules.ts')).addSchedule(context, { agent, input }, options),
      ),
    );
}

/** Commands that take the id of one schedule and nothing else. */
function addOnes(schedules: Command, { say, perform }: ProgramParts): void {
  const ones = {
    show: 'showSchedule',
    enable: 'enableSchedule',
    disable: 'disableSchedule',
    run: 'runSchedule',
    delete: 'deleteSchedule',
  } as const;
  for (const name of ['show', 'enable', 'disable', 'run', 'delete'] as const) {
    addCommand(schedules, { name, description: say(`help.schedules.${name}`) }, say)
      .argument('<id>', say('help.id'))
      .action((id: string, _options: unknown, command: Command) =>
        perform(command, async (context) =>
          (await import('../command/schedules.ts'))[ones[name]](context, id),
        ),
      );
  }
}

function addPreview(schedules: Command, { say, perform }: ProgramParts): void {
  addCommand(schedules, { name: 'preview', description: say('help.schedules.preview') }, say)
    .argument('<cron>', say('help.schedules.cron'))
    .option('--zone <name>', say('help.schedules.zone'), 'UTC')
    .option('--count <number>', say('help.schedules.count'), '10')
    .action((cron: string, options: PreviewOptions, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/schedules.ts')).previewSchedule(context, cron, options),
      ),
    );
}
