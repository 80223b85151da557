import type { DatabaseReport, PlatformModule, ProjectOptions } from '@batuta/platform';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { writeText } from '../terminal/io.ts';
import { formatBytes } from '../terminal/quantity.ts';

/** `batuta migrate [--check]`. Exit code 0: up to date; 2: `--check` found pending migrations. */
export async function migrate(context: CommandContext, options: { check?: boolean }): Promise<number> {
  const platform = await context.loadPlatform();
  const project = { projectFolder: context.projectFolder, environment: context.io.environment };
  return options.check ? check(context, platform, project) : apply(context, platform, project);
}

async function check(
  context: CommandContext,
  platform: PlatformModule,
  project: ProjectOptions,
): Promise<number> {
  const report = await platform.inspectDatabase(project);
  const text = context.options.json ? `${JSON.stringify(report)}\n` : checkText(context, report);
  await writeText(context.io.output, text);
  return report.pending.length === 0 ? exitCodes.done : exitCodes.pending;
}

function checkText({ say, style }: CommandContext, report: DatabaseReport): string {
  const { description: database, found, known } = report;
  if (report.pending.length === 0) return `${say('migrate.upToDate', { database, number: found })}\n`;
  const lines = [say('migrate.pending', { database, found, known })];
  for (const migration of report.pending) {
    const effect = say(migration.additive ? 'migrate.additive' : 'migrate.breaking');
    lines.push(`  ${migration.number}  ${migration.name}  ${style.dim(`(${effect})`)}`);
  }
  const size = formatBytes(report.databaseBytes);
  const free = report.freeBytes;
  lines.push(
    free === null
      ? say('migrate.sizeOnly', { size })
      : say('migrate.size', { size, free: formatBytes(free) }),
  );
  if (free !== null && free < report.databaseBytes)
    lines.push(style.yellow(say('migrate.room', { needed: size, free: formatBytes(free) })));
  return `${lines.join('\n')}\n`;
}

async function apply(
  context: CommandContext,
  platform: PlatformModule,
  project: ProjectOptions,
): Promise<number> {
  const { say, style } = context;
  const before = await platform.inspectDatabase(project);
  if (before.pending.length === 0 && !context.options.json) {
    const values = { database: before.description, number: before.found };
    await writeText(context.io.output, `${say('migrate.upToDate', values)}\n`);
    return exitCodes.done;
  }
  const report = await platform.migrateDatabase(project);
  const lines = [
    say('migrate.applied', { database: report.description, count: report.applied.length }),
    ...report.applied.map((migration) => `  ${migration.number}  ${migration.name}`),
    ...(report.copy === null ? [] : [style.dim(say('migrate.copy', { folder: report.copy }))]),
  ];
  const text = context.options.json ? JSON.stringify(report) : lines.join('\n');
  await writeText(context.io.output, `${text}\n`);
  return exitCodes.done;
}
