import type { ThriftLimits } from '../../domain/economy/choose-tier.ts';
import type { TierModels } from '../../domain/economy/model-tiers.ts';
import type { ArgumentResolver } from '../../port/argument-resolver.ts';
import type { AgentCatalogue } from '../../port/agent-catalogue.ts';
import type { ApprovalStore } from '../../port/approval-store.ts';
import type { AnswerCache } from '../../port/answer-cache.ts';
import type { ArtifactStore } from '../../port/artifact.ts';
import type { AuditLog } from '../../port/audit-log.ts';
import type { Clock } from '../../port/clock.ts';
import type { Embedder } from '../../port/embedder.ts';
import type { EventLog } from '../../port/event-log.ts';
import type { Ids } from '../../port/ids.ts';
import type { Log } from '../../port/log.ts';
import type { ModelRegistry } from '../../port/model.ts';
import type { Probe } from '../../port/probe.ts';
import type { RunStore } from '../../port/run-store.ts';
import type { ToolSearch } from '../../port/tool-search.ts';
import type { ToolCatalogue } from '../../port/tool.ts';
import type { TenantSettingsReader } from '../access/tenant-settings.ts';
import type { LimitKeeper } from '../limit/limits.ts';
import type { ModelCallInput, ModelCallOutcome } from '../model/call-model.ts';
import type { PolicyBook } from '../policy/policy-book.ts';
import type { LiveFeed } from '../stream/live-feed.ts';
import type { Redactor } from '../redaction/redactor.ts';
import type { SecretVault } from '../secret/secret-vault.ts';
import type { RunNotifier } from '../worker/run-notifier.ts';
import type { MoneyContext, MoneySettings } from './money-context.ts';

/** Settings of the engine, from the configuration. */
export interface EngineSettings {
  /** Milliseconds to wait for quick tool results before the answer is committed without them. */
  coalesceMs: number;
  /** UTF-8 bytes of a tool result that stay in the history; larger ones become artifacts. */
  toolResultMaxBytes: number;
  /** Estimated tokens that the tools of tool servers and APIs may take of a request; the others are found by searching. */
  toolContextTokens: number;
  progress: { repeatedCalls: number; repeatedErrors: number };
  /** Share of the model's context that the history may fill before it is compacted. */
  contextShare: number;
  /** Hours after which an undecided approval is treated as not given. */
  approvalHours: number;
  /** Milliseconds that a call under way waits for the answer of a person. */
  questionMs: number;
  /** The project's models of each tier, for agents with `model: auto` or a tier. */
  tiers: TierModels;
  /** Shares of a budget from which on agents move down their tiers. */
  thrift: ThriftLimits;
  /** How many times longer answers are kept then. */
  thriftyCacheFactor: number;
  /** How deep agents may delegate to agents. */
  delegationDepth: number;
  budget: MoneySettings;
}

/** What the engine needs from the outside: made once by the composition root. */
export interface EngineContext {
  runs: RunStore;
  events: EventLog;
  artifacts: ArtifactStore;
  approvals: ApprovalStore;
  audit: AuditLog;
  agents: AgentCatalogue;
  tools: ToolCatalogue;
  toolSearch: ToolSearch;
  policies: PolicyBook;
  resolver: ArgumentResolver;
  models: ModelRegistry;
  answers: AnswerCache;
  /** Tells how alike questions are; null where none is configured. */
  embedder: Embedder | null;
  callModel: (call: ModelCallInput) => Promise<ModelCallOutcome>;
  limits: LimitKeeper;
  feed: LiveFeed;
  notify: RunNotifier;
  clock: Clock;
  ids: Ids;
  log: Log;
  redactor: Redactor;
  vault: Pick<SecretVault, 'value' | 'know'>;
  probe: Probe;
  settings: EngineSettings;
  money: MoneyContext;
  /** What tenants have set for themselves. */
  tenantSettings: TenantSettingsReader;
}
