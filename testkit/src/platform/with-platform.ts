import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  agentDefinitionSchema,
  type AgentDefinition,
  type Event,
  type Run,
  type TeamFrontMatter,
} from '@batuta/contract';
import {
  askUserTool,
  composePlatform,
  definitionHash,
  makeAgentCatalogue,
  makeBackupSpool,
  makeLonelyBus,
  makeToolCatalogue,
  makeUuidIds,
  noLimits,
  makeWebhookSender,
  PgBossQueue,
  scopesOf,
  noProjectPolicies,
  systemClock,
  upgradeEvent,
  waitUntilTool,
  type ComposedPlatform,
  type ConsentPlace,
  type EngineSettings,
  type Identity,
  type LimitSettings,
  type ProjectPolicies,
  type SignInParts,
} from '@batuta/platform/composition';
import type {
  ArgumentResolver,
  Bus,
  Clock,
  Embedder,
  LanguageModel,
  Log,
  RateLimiter,
  PriceList,
  RunStore,
  Tool,
  ToolSource,
} from '@batuta/platform/ports';
import { freshDatabase, type DatabaseKind, type FreshDatabase } from '../database/fresh-database.ts';
import { ScriptedModel, type ModelScript, type ScriptedAnswer } from '../model/scripted-model.ts';
import { makeTestVault } from './make-test-vault.ts';
import { modelParts, modelsOf } from './model-parts.ts';
import { silentLog } from './silent-log.ts';
import { SignalProbe } from './signal-probe.ts';
import { testSettings } from './test-settings.ts';

/** What a test platform is made of; everything has a default. */
export interface TestPlatformOptions {
  /** Answers of the one model, in order, or a function; or models of your own. */
  model?: readonly ScriptedAnswer[] | ModelScript | LanguageModel | readonly LanguageModel[];
  /** Agents by what differs from `{ name: 'assistant' }` with all tools, all of them allowed. */
  agents?: readonly Partial<AgentDefinition>[];
  tools?: readonly Tool[];
  /** Tools that come and go, named by agents as `<source>/<tool>`. */
  toolSources?: readonly ToolSource[];
  /** Services at which people consent, and what is told of their consents. */
  consentPlaces?: readonly ConsentPlace[];
  /** Tells how alike questions are, for agents with `cache.semantic`. */
  embedder?: Embedder;
  clock?: Clock;
  /** `pglite` (in memory), or `postgres` with the server's address. */
  database?: DatabaseKind;
  postgresUrl?: string;
  /** Shares the database of another platform, as a second process would. */
  share?: TestPlatform;
  /** Puts something between the platform and its store of runs: delays, failures. */
  runs?: (store: RunStore) => RunStore;
  bus?: Bus;
  /** False: this process accepts runs and follows streams but executes nothing. */
  worker?: boolean;
  workerId?: string;
  leaseMs?: number;
  pollMs?: number;
  concurrency?: number;
  /** Rules of the project besides those of the agents. */
  projectPolicies?: ProjectPolicies;
  resolver?: ArgumentResolver;
  /** Runs of one tenant that may wait (1000). */
  queueLimit?: number;
  settings?: Partial<EngineSettings>;
  /** True: background jobs are done, too; a process that executes nothing only enqueues them. */
  jobs?: boolean;
  /** Hosts that webhooks may be sent to although their addresses are not public: `127.0.0.1`, unless others are named. */
  webhookHosts?: readonly string[];
  /** What models cost; by default each call costs 7 micro-dollars, and 10 are reserved for it. */
  prices?: PriceList;
  teams?: readonly TeamFrontMatter[];
  log?: Log;
  /** Limits; without them nothing is limited. */
  limits?: Partial<LimitSettings>;
  rateLimiter?: RateLimiter;
  /** Whose tokens are accepted; without it only keys are. */
  signIn?: SignInParts;
}

/** A whole platform without a network door, in the process of the test. */
export interface TestPlatform extends ComposedPlatform {
  identity: Identity;
  /** Somebody of another tenant, who must see nothing. */
  stranger: Identity;
  signals: SignalProbe;
  /** The scripted model, when the platform was given a script. */
  model: ScriptedModel;
  stores: FreshDatabase;
  /** Starts a run of the agent `assistant` (or another) and waits for its end, at most 10 s. */
  run(input: string, options?: { agent?: string; sessionId?: string }): Promise<Run>;
  /** All events of a session's log. */
  events(sessionId: string): Promise<Event[]>;
}

/** Finds out nothing: paths and hosts of tests do not exist. */
const unresolved: ArgumentResolver = { resolvePath: async () => null, resolveHost: async () => null };

const defaultParts = { clock: systemClock, log: silentLog, teams: [] };

/** Runs a test on a whole platform on a fresh database, and takes it down afterwards. */
export async function withPlatform<T>(
  options: TestPlatformOptions,
  test: (platform: TestPlatform) => Promise<T>,
): Promise<T> {
  const platform = await startTestPlatform(options);
  try {
    return await test(platform);
  } finally {
    await platform.stop(0);
    if (!options.share) platform.stores.release();
  }
}

/** A test platform that the caller stops (and whose database it releases). */
export async function startTestPlatform(options: TestPlatformOptions): Promise<TestPlatform> {
  const { clock, log, teams } = { ...defaultParts, ...options };
  const stores = options.share?.stores ?? (await openStores(options));
  const ids = makeUuidIds(clock);
  const signals = new SignalProbe();
  const models = modelsOf(options);
  const background = backgroundOf(options, { stores, clock, log });
  const composed = composePlatform({
    ...stores,
    runs: options.runs?.(stores.runs) ?? stores.runs,
    ...catalogues(options),
    ...policiesOf(options),
    ...modelParts(options, models),
    teams,
    backupSpool: makeBackupSpool(join(tmpdir(), 'batuta-test-backups')),
    platformTenant: 'alpha',
    anchorMs: 0,
    auditArchive: null,
    ...background,
    sessionLimits: { idleMs: 3_600_000, longestMs: 86_400_000 },
    ...(options.signIn && { signIn: options.signIn }),
    clock,
    ids,
    log,
    ...makeTestVault(stores, { clock, log }),
    probe: signals,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    engineSettings: { ...testSettings, ...options.settings },
    workerSettings: workerSettings(options, ids.create('worker')),
    ...limitsOf(options, stores),
    version: '0.0.0-test',
  });
  const [identity, stranger] = await Promise.all([addTenant(stores, 'alpha'), addTenant(stores, 'beta')]);
  composed.start();
  background.jobs?.start();
  const model = models.find((each) => each instanceof ScriptedModel) ?? new ScriptedModel([]);
  return {
    ...composed,
    identity,
    stranger,
    signals,
    model,
    stores,
    ...conveniences(composed, stores, identity),
  };
}

function policiesOf({ projectPolicies, resolver, consentPlaces }: TestPlatformOptions) {
  return {
    projectPolicies: projectPolicies ?? noProjectPolicies,
    consentPlaces: consentPlaces ?? [],
    resolver: resolver ?? unresolved,
  };
}

function limitsOf({ limits, rateLimiter, queueLimit = 1_000 }: TestPlatformOptions, stores: FreshDatabase) {
  return {
    queueLimit,
    limitSettings: { ...noLimits, ...limits },
    rateLimiter: rateLimiter ?? stores.rateLimiter,
  };
}

function openStores(options: TestPlatformOptions): Promise<FreshDatabase> {
  return options.database === 'postgres'
    ? freshDatabase('postgres', options.postgresUrl ?? '')
    : freshDatabase('pglite');
}

/** The bus, and what is done in the background. */
function backgroundOf(
  { bus = makeLonelyBus(), jobs, worker: works = true, webhookHosts = ['127.0.0.1'] }: TestPlatformOptions,
  { stores, clock, log }: { stores: FreshDatabase; clock: Clock; log: Log },
) {
  const timing = { heartbeatSeconds: 10, superviseSeconds: 1, backstopSeconds: 0.5 };
  const { database } = stores;
  return {
    bus,
    jobs: jobs ? new PgBossQueue({ database, bus, clock, log, works, timing }) : null,
    webhookDelivery: {
      sender: makeWebhookSender({ allowPrivate: webhookHosts }),
      settings: { timeoutMs: 2_000 },
    },
  };
}

function catalogues(options: TestPlatformOptions) {
  const tools = [...(options.tools ?? []), askUserTool, waitUntilTool];
  const records = (options.agents ?? [{}]).map((agent) => {
    const names = tools.map((tool) => tool.name);
    const definition = agentDefinitionSchema.parse({
      name: 'assistant',
      description: 'An agent of a test.',
      instructions: 'Be brief.',
      tools: names,
      permissions: [{ allow: '*' }],
      ...agent,
    });
    return { hash: definitionHash(definition), definition };
  });
  const agents = makeAgentCatalogue(records);
  return {
    agents,
    tools: makeToolCatalogue({ tools, agents: () => agents, sources: options.toolSources ?? [] }),
  };
}

function workerSettings(options: TestPlatformOptions, id: string) {
  if (options.worker === false) return null;
  return {
    id: options.workerId ?? id,
    concurrency: options.concurrency ?? 64,
    leaseMs: options.leaseMs ?? 3_000,
    pollMs: options.pollMs ?? 200,
  };
}

async function addTenant(stores: FreshDatabase, tenantId: string): Promise<Identity> {
  await stores.access.ensureTenant(tenantId, tenantId);
  return {
    tenantId,
    keyId: `key_${tenantId}`,
    userId: null,
    name: `admin of ${tenantId}`,
    role: 'administrator',
    scopes: scopesOf('administrator'),
    address: null,
  };
}

function conveniences(
  { application }: ComposedPlatform,
  stores: FreshDatabase,
  identity: Identity,
): Pick<TestPlatform, 'run' | 'events'> {
  return {
    run: async (input, { agent = 'assistant', sessionId } = {}) => {
      const session = sessionId === undefined ? {} : { session_id: sessionId };
      const { id } = await application.runs.accept(identity, { agent, input, ...session });
      const signal = new AbortController().signal;
      return application.runs.waitForEnd(identity, id, { seconds: 10, signal });
    },
    events: async (sessionId) => {
      const range = { afterSeq: 0, limit: 10_000 };
      const stored = await stores.events.read(identity.tenantId, sessionId, range);
      return stored.map(upgradeEvent);
    },
  };
}
