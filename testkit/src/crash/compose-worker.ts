import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentDefinitionSchema, type AgentDefinition } from '@batuta/contract';
import {
  composePlatform,
  createModelCaller,
  defaultModelCallLimits,
  definitionHash,
  makeAgentCatalogue,
  makeBackupSpool,
  makeLonelyBus,
  makeToolCatalogue,
  makeUuidIds,
  noLimits,
  makeWebhookSender,
  scopesOf,
  noProjectPolicies,
  systemClock,
  type ComposedPlatform,
  type Identity,
} from '@batuta/platform/composition';
import { makeTestVault } from '../platform/make-test-vault.ts';
import { testPrices, testSettings } from '../platform/test-settings.ts';
import type { OpenDatabase } from '@batuta/platform/database';
import type { Log, Probe } from '@batuta/platform/ports';
import { scriptedRegistry, ScriptedModel } from '../model/scripted-model.ts';
import type { WorkerSetup } from './worker-protocol.ts';
import type { WorkerScenario } from './worker-scenario.ts';

/** The tenant of a worker process. */
export const tenant = 'alpha';

const tester: Identity = {
  tenantId: tenant,
  keyId: `key_${tenant}`,
  userId: null,
  name: 'tester',
  role: 'administrator',
  scopes: scopesOf('administrator'),
  address: null,
};

/** A platform in a worker process, and who asks it. */
export interface ComposedWorker {
  composed: ComposedPlatform;
  identity: Identity;
}

/** What a worker's platform is made of. */
export interface WorkerParts {
  setup: WorkerSetup;
  stores: OpenDatabase;
  scenario: WorkerScenario;
  probe: Probe;
}

function modelParts(scenario: WorkerScenario) {
  const registry = scriptedRegistry([new ScriptedModel(scenario.model)]);
  const prices = testPrices;
  const limits = { ...defaultModelCallLimits, attempts: 1 };
  return {
    models: registry,
    embedder: null,
    prices,
    retentionDays: {
      sessionDays: 0,
      ledgerDays: 0,
      budgetDays: 0,
      definitionDays: 0,
      accessDays: 0,
      auditDays: 0,
    },
    timeZone: 'UTC',
    callModel: createModelCaller({ registry, prices, clock: systemClock, log: standardErrorLog, limits }),
  };
}

/** Puts a platform together as a server does, without a door. Nothing is claimed before its `start`. */
export async function composeWorker({
  setup,
  stores,
  scenario,
  probe,
}: WorkerParts): Promise<ComposedWorker> {
  const ids = makeUuidIds(systemClock);
  const workerId = ids.create('worker');
  await stores.access.ensureTenant(tenant, tenant);
  if (stores.database.kind === 'embedded') await stores.runs.retireAllBut(workerId);
  const agents = makeAgentCatalogue(scenario.agents.map(definitionOf));
  const sources = scenario.toolSources ?? [];
  await Promise.all(sources.map((source) => source.settled));
  const composed = composePlatform({
    ...stores,
    limitSettings: noLimits,
    agents,
    tools: makeToolCatalogue({ tools: scenario.tools, agents: () => agents, sources }),
    projectPolicies: noProjectPolicies,
    resolver: { resolvePath: async () => null, resolveHost: async () => null },
    ...modelParts(scenario),
    backupSpool: makeBackupSpool(join(tmpdir(), 'batuta-test-backups')),
    platformTenant: tenant,
    anchorMs: 0,
    auditArchive: null,
    consentPlaces: [],
    ...background(),
    sessionLimits: { idleMs: 3_600_000, longestMs: 86_400_000 },
    clock: systemClock,
    ids,
    log: standardErrorLog,
    ...makeTestVault(stores, { clock: systemClock, log: standardErrorLog }),
    probe,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    engineSettings: engineSettings(setup),
    workerSettings: {
      id: workerId,
      // More than one look at the queue reserves, so that an accepted run always finds a place and starts at once.
      concurrency: 32,
      leaseMs: setup.leaseMs ?? 1_000,
      pollMs: setup.pollMs ?? 50,
    },
    queueLimit: 1_000,
    version: '0.0.0-test',
  });
  return { composed, identity: tester };
}

/** A worker of a test does nothing in the background, and its models cost what they do in test platforms. */
function background() {
  const sender = makeWebhookSender({ allowPrivate: [] });
  const webhookDelivery = { sender, settings: { timeoutMs: 1_000 } };
  return { bus: makeLonelyBus(), jobs: null, webhookDelivery, teams: [] };
}

function definitionOf(agent: Partial<AgentDefinition>) {
  const definition = agentDefinitionSchema.parse({
    description: 'An agent of a test.',
    instructions: 'Be brief.',
    permissions: [{ allow: '*' }],
    ...agent,
  });
  return { hash: definitionHash(definition), definition };
}

function engineSettings({ coalesceMs = 50, approvalHours = testSettings.approvalHours }: WorkerSetup) {
  return { ...testSettings, coalesceMs, approvalHours };
}

/** What goes wrong is kept by the test that started the process; the rest would only be noise. */
const standardErrorLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message, fields) => complain(message, fields),
  error: (message, fields) => complain(message, fields),
};

function complain(message: string, fields?: object): void {
  const shown = Object.entries(fields ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  process.stderr.write(`${message} ${shown.join(' ')}\n`);
}
