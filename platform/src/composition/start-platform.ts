import { randomBytes } from 'node:crypto';
import { makeArgumentResolver } from '../adapter/argument-resolver/argument-resolver.ts';
import { systemClock } from '../adapter/clock-system/system-clock.ts';
import { makeBackupSpool } from '../adapter/backup-file/backup-spool.ts';
import type { OpenDatabase } from './open-database.ts';
import { makeUuidIds } from '../adapter/ids-uuid/uuid-ids.ts';
import type { Identity } from '../application/access/identity.ts';
import { createLoginToken } from '../application/access/login.ts';
import type { Redactor } from '../application/redaction/redactor.ts';
import type { SecretVault } from '../application/secret/secret-vault.ts';
import type { PlatformOptions, RunningPlatform, StartReport } from '../platform.ts';
import type { Bus } from '../port/bus.ts';
import type { JobQueue } from '../port/job-queue.ts';
import type { Log } from '../port/log.ts';
import type { ModelRegistry } from '../port/model.ts';
import { defaultTenant, provideAdministratorKey } from './administrator-key.ts';
import { composePlatform, type ComposedPlatform } from './compose-platform.ts';
import { engineSettings, workerSettings } from './engine-settings.ts';
import { webhookDelivery } from './webhook-delivery.ts';
import { sessionLimits, signInParts } from './auth-parts.ts';
import { liveParts, windowStatesOf } from './make-browser.ts';
import { makeLog } from './make-log.ts';
import { makeModels } from './make-models.ts';
import { loadProject, type ProjectDefinitions } from './make-tools.ts';
import { limitSettings } from './make-rate-limiter.ts';
import { openerOf, openWorkspaces, workspaceParts } from './make-sandbox.ts';
import { modelParts } from './model-parts.ts';
import { noProbe } from './no-probe.ts';
import { firstOf, openProject, type OpenProject } from './open-project.ts';
import { keptParts } from './kept-parts.ts';
import { addressFileOf, backupFolder, keyFileOf } from './data-folder.ts';
import { leaveAddress } from './leave-address.ts';
import { openBackground } from './open-background.ts';
import { openStores } from './open-stores.ts';
import { openDoor, type OpenDoor } from './open-door.ts';
import { openVault } from './open-vault.ts';
import { platformVersion } from './platform-version.ts';
import { unheededSettings } from './unheeded-settings.ts';
import { maintainDatabase } from './maintain-database.ts';

interface Starting {
  options: PlatformOptions;
  project: OpenProject;
  log: Log;
  stores: OpenDatabase;
  bus: Bus;
  jobs: JobQueue;
  models: ModelRegistry;
  definitions: ProjectDefinitions;
  platform: ComposedPlatform;
}

/**
 * Starts what the role asks for. Whatever was opened is closed again when a later step fails. Errors: those of the configuration, the
 * definitions, the database and the port.
 */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const began = performance.now();
  const project = await openProject(options);
  const { log, redactor } = makeLog(project, options);
  for (const warning of project.warnings) log.warn(warning);
  await using opened = new AsyncDisposableStack();
  opened.defer(() => log.flush());
  const starting = await openParts({ options, project, log, redactor, opened });
  const { platform, stores } = starting;
  opened.defer(() => platform.flushAudit());
  const keyFile = await provideKey(starting);
  platform.start();
  opened.defer(() => platform.stop(0));
  if (options.role === 'worker')
    log.info('working', { concurrency: project.configuration.worker.concurrency });
  const door = options.role === 'worker' ? null : await openDoor({ platform, project, log });
  if (door) opened.defer(await leaveAddress(addressFileOf(project.configuration), door.url, log));
  opened.defer(maintainDatabase({ database: stores.database, platform, clock: systemClock, log }));
  const migrated = (await stores.database.migrationStatus()).found;
  const report = await makeReport(starting, {
    door,
    keyFile,
    migrated,
    startedInMs: performance.now() - began,
  });
  // Loaded when everything else is ready: nobody waits for it.
  starting.jobs.start();
  const resources = opened.move();
  return { url: door?.url ?? null, report, stop: makeStop(starting, { door, resources }) };
}

/** Processes without a door have no use for a key, and would leave one behind on each machine. */
function provideKey({ options, platform, project }: Starting): Promise<string | null> {
  if (options.role === 'worker') return Promise.resolve(null);
  const { configuration } = project;
  const place = { file: keyFileOf(configuration), configured: configuration.server.adminKey };
  return provideAdministratorKey(platform.accessDependencies, place);
}

/** Leases given back, streams ended with a hint, open requests answered, all within the configured time; then everything is closed. */
function makeStop(
  { platform, project }: Starting,
  { door, resources }: { door: OpenDoor | null; resources: AsyncDisposableStack },
): RunningPlatform['stop'] {
  let stopping: Promise<void> | undefined;
  const letGo = (graceMs: number) => Promise.all([platform.stop(graceMs), door?.stop(graceMs)]);
  const stop = async (graceMs: number) => {
    await letGo(graceMs);
    await resources.disposeAsync();
  };
  return ({ now = false } = {}) => {
    // A stop that is under way is hurried: what it waits for ends.
    if (now && stopping) letGo(0).catch(() => undefined);
    stopping ??= stop(now ? 0 : project.configuration.server.shutdownSeconds * 1000);
    return stopping;
  };
}

async function openParts(context: {
  options: PlatformOptions;
  project: OpenProject;
  log: Log;
  redactor: Redactor;
  opened: AsyncDisposableStack;
}): Promise<Starting> {
  const { options, project, log, redactor, opened } = context;
  const { configuration } = project;
  const { stores, vault, found } = await openStorage(context);
  const { registry: models } = found;
  const providers = models.describe().map(({ provider }) => provider);
  const works = options.role !== 'api';
  const background = await openBackground({ ...stores, configuration, works, log, opened });
  const limiter = background.rateLimiter;
  const workspaces = openWorkspaces(configuration, { ...stores, log, opened, works });
  const kept = { grants: stores.grants, windowStates: windowStatesOf(stores.windowStates, vault) };
  const outside = { ...kept, secrets: vault, limiter, log, openWorkspace: openerOf(workspaces) };
  const definitions = await loadProject(project, providers, outside);
  opened.defer(() => definitions.close());
  if (definitions.problems.length > 0) throw firstOf(definitions.problems);
  for (const warning of unheeded(definitions)) log.warn(warning);
  const ids = makeUuidIds(systemClock);
  const workerId = ids.create('worker');
  if (stores.database.kind === 'embedded') await stores.runs.retireAllBut(workerId);
  const platform = composePlatform({
    ...stores,
    ...background,
    limitSettings: limitSettings(configuration),
    backupSpool: makeBackupSpool(backupFolder(configuration)),
    platformTenant: defaultTenant,
    ...keptParts(configuration),
    sessionLimits: sessionLimits(configuration),
    signIn: signInParts(configuration, { clock: systemClock, log }),
    ...definedParts(definitions, project, works),
    ...workspaceParts(configuration, stores.sessions, workspaces),
    webhookDelivery: webhookDelivery(configuration),
    ...modelParts(configuration, found, log),
    ...surroundingParts,
    ids,
    log,
    redactor,
    vault,
    engineSettings: engineSettings(configuration),
    workerSettings: works ? workerSettings(configuration, workerId) : null,
    queueLimit: configuration.worker.queueLimit,
    version: platformVersion,
  });
  return { options, project, log, stores, ...background, models, definitions, platform };
}

/** The database with its secrets, and the models, which are looked for meanwhile. */
async function openStorage(context: {
  options: PlatformOptions;
  project: OpenProject;
  log: Log;
  redactor: Redactor;
  opened: AsyncDisposableStack;
}) {
  const { configuration } = context.project;
  const { promise: opening, resolve: give } = Promise.withResolvers<SecretVault>();
  const finding = makeModels({
    configuration,
    environment: context.options.environment,
    clock: systemClock,
    secretOf: async (name) => (await opening).value(defaultTenant, name),
  });
  // Whatever becomes of the models, the database that is being opened must be in the list of what to close.
  finding.catch(() => undefined);
  const stores = await openMigrated(context);
  const vault = await openVault({ ...context, stores, configuration });
  give(vault);
  return { stores, vault, found: await finding };
}

/** Time and chance. */
const surroundingParts = {
  clock: systemClock,
  probe: noProbe,
  randomBytes: (count: number) => randomBytes(count),
};

/** What the files of the project give the platform. */
function definedParts(defined: ProjectDefinitions, { folder, configuration }: OpenProject, works: boolean) {
  const { agents, tools, skills, definitions, consentPlaces, browserSessions } = defined;
  const live = works ? liveParts(configuration, browserSessions) : null;
  const { teams, policies: projectPolicies } = definitions;
  const resolver = makeArgumentResolver({ projectFolder: folder.path });
  return { agents, tools, skills, teams, projectPolicies, consentPlaces, resolver, live };
}

function unheeded({ agents }: ProjectDefinitions): string[] {
  return unheededSettings(agents.list().map(({ definition }) => definition));
}

async function openMigrated(context: {
  project: OpenProject;
  log: Log;
  opened: AsyncDisposableStack;
}): Promise<OpenDatabase> {
  const stores = await openStores(context.project.configuration, context.log);
  context.opened.defer(() => stores.database.close());
  const { applied, copy } = await stores.database.migrate();
  if (applied.length > 0) {
    context.log.info('database migrated', { migrations: applied.map((each) => each.name), copy });
  }
  return stores;
}

async function makeReport(
  starting: Starting,
  found: { door: OpenDoor | null; keyFile: string | null; migrated: number; startedInMs: number },
): Promise<StartReport> {
  const { models, definitions, platform, project, stores, options } = starting;
  const { door, keyFile, migrated } = found;
  const available = models.defaults();
  const token = door ? await createLoginToken(platform.accessDependencies, defaultTenant) : null;
  const { items } = platform.application.agents.list(nobody, { limit: 200 });
  return {
    version: platformVersion,
    startedInMs: Math.round(found.startedInMs),
    processId: process.pid,
    url: door?.url ?? null,
    loginUrl: door && token ? `${door.url}/login?token=${token}` : null,
    keyFile,
    database: { description: stores.database.description, migrated, state: 'ready' },
    models: available,
    chosenModel: available[0]?.reference ?? 'offline/extractive',
    agents: items.map(({ name, models: used }) => ({ name, models: used })),
    problems: [...project.warnings, ...unheeded(definitions)],
    worker: options.role === 'api' ? null : { concurrency: project.configuration.worker.concurrency },
  };
}

/** Agents are the same for everybody; the report asks on nobody's behalf. */
const nobody: Identity = {
  tenantId: defaultTenant,
  keyId: null,
  userId: null,
  name: 'start',
  role: 'viewer',
  scopes: new Set(),
  address: null,
};
