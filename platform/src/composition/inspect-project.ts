import { existsSync } from 'node:fs';
import { BatutaError } from '@batuta/contract';
import { systemClock } from '../adapter/clock-system/system-clock.ts';
import { readMigrations } from '../adapter/sql/migration.ts';
import { modelsOf } from '../application/economy/models-of-run.ts';
import type { AgentFileReport, DatabaseReport, MigrationReport, ProjectOptions } from '../platform.ts';
import type { AvailableModel } from '../port/model.ts';
import { embeddedFolder } from './data-folder.ts';
import { makeModels } from './make-models.ts';
import { loadProject } from './make-tools.ts';
import { openProject } from './open-project.ts';
import { withStores } from './with-stores.ts';

/** The models that were found, and why. */
export async function inspectModels(options: ProjectOptions): Promise<AvailableModel[]> {
  const { configuration } = await openProject(options);
  const { environment } = options;
  const { registry } = await makeModels({ configuration, environment, clock: systemClock });
  return registry.defaults();
}

/** What is wrong with agent files; those without problems are there, too. */
export async function inspectAgentFiles(options: ProjectOptions): Promise<AgentFileReport[]> {
  const project = await openProject(options);
  const { configuration } = project;
  const { environment } = options;
  const { registry } = await makeModels({ configuration, environment, clock: systemClock });
  const loaded = await loadProject(
    project,
    registry.describe().map(({ provider }) => provider),
  );
  await loaded.close();
  const reports = new Map<string, AgentFileReport>();
  for (const { file } of await project.folder.agentFiles())
    reports.set(file, { file, agent: null, problems: [] });
  for (const problem of loaded.problems) addProblem(reports, problem);
  for (const { definition } of loaded.agents.list()) {
    const report = [...reports.values()].find(({ file }) => isFileOf(file, definition.name));
    if (!report) continue;
    const { name, description, tools } = definition;
    report.agent = {
      name,
      description,
      models: [...modelsOf({ models: registry, settings: configuration.model }, definition)],
      tools,
    };
  }
  return [...reports.values()];
}

function isFileOf(file: string, agent: string): boolean {
  return file === `agents/${agent}.md` || file === `agents/${agent}/agent.md`;
}

function addProblem(reports: Map<string, AgentFileReport>, problem: BatutaError): void {
  const { file, line, reason, hint } = placeOf(problem);
  const report = reports.get(file) ?? { file, agent: null, problems: [] };
  reports.set(file, report);
  report.problems.push({ line, reason, hint });
}

function placeOf(problem: BatutaError): { file: string; line: number; reason: string; hint: string } {
  if (BatutaError.has(problem, 'agent-file-invalid')) return problem.data;
  if (BatutaError.has(problem, 'tool-file-invalid')) return { ...problem.data, line: 1 };
  return { file: 'tools', line: 1, reason: problem.message.replace(/\.$/, ''), hint: '' };
}

/** What a migration would do. Changes nothing, also where there is no database yet. */
export async function inspectDatabase(options: ProjectOptions): Promise<DatabaseReport> {
  const { configuration } = await openProject(options);
  const folder = embeddedFolder(configuration);
  if (configuration.database.url === undefined && !existsSync(folder)) return describeAbsent(folder);
  return withStores(options, async ({ database }) => ({
    description: database.description,
    ...(await database.migrationStatus()),
  }));
}

async function describeAbsent(folder: string): Promise<DatabaseReport> {
  const pending = readMigrations().map(({ number, name, additive }) => ({ number, name, additive }));
  return {
    description: `embedded PostgreSQL in ${folder}`,
    found: 0,
    known: pending.at(-1)?.number ?? 0,
    pending,
    databaseBytes: 0,
    freeBytes: null,
  };
}

/** Brings the database to this program's schema. */
export function migrateDatabase(options: ProjectOptions): Promise<MigrationReport> {
  return withStores(options, async ({ database }) => ({
    description: database.description,
    ...(await database.migrate()),
  }));
}
