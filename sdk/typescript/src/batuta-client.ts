import type { Health, Ready } from '@batuta/contract';
import { AgentCalls } from './agent-calls.ts';
import { ArtifactCalls } from './artifact-calls.ts';
import { ToolCalls } from './tool-calls.ts';
import { ApprovalCalls } from './approval-calls.ts';
import { AuditCalls } from './audit-calls.ts';
import { BackupCalls } from './backup-calls.ts';
import { BudgetCalls } from './budget-calls.ts';
import type { BatutaClientOptions, CallOptions } from './client-options.ts';
import { KeyCalls } from './key-calls.ts';
import { TenantCalls } from './tenant-calls.ts';
import { UserCalls } from './user-calls.ts';
import { LimitCalls } from './limit-calls.ts';
import { PolicyCalls } from './policy-calls.ts';
import { RunCalls } from './run-calls.ts';
import { AuthorizationCalls } from './authorization-calls.ts';
import { SecretCalls } from './secret-calls.ts';
import { ScheduleCalls } from './schedule-calls.ts';
import { SessionCalls } from './session-calls.ts';
import { Transport } from './transport.ts';
import { WebhookCalls } from './webhook-calls.ts';
import { UsageCalls } from './usage-calls.ts';

/** A client of one platform. Every failure is a `BatutaError`. */
export class BatutaClient {
  readonly runs: RunCalls;
  readonly sessions: SessionCalls;
  readonly agents: AgentCalls;
  readonly tools: ToolCalls;
  readonly approvals: ApprovalCalls;
  readonly policies: PolicyCalls;
  readonly audit: AuditCalls;
  readonly secrets: SecretCalls;
  readonly authorizations: AuthorizationCalls;
  readonly backups: BackupCalls;
  readonly webhooks: WebhookCalls;
  readonly budgets: BudgetCalls;
  readonly limits: LimitCalls;
  readonly keys: KeyCalls;
  readonly users: UserCalls;
  readonly tenants: TenantCalls;
  readonly usage: UsageCalls;
  readonly schedules: ScheduleCalls;
  readonly artifacts: ArtifactCalls;
  readonly #transport: Transport;

  constructor(options: BatutaClientOptions) {
    this.#transport = new Transport(options);
    this.runs = new RunCalls(this.#transport);
    this.sessions = new SessionCalls(this.#transport);
    this.agents = new AgentCalls(this.#transport);
    this.tools = new ToolCalls(this.#transport);
    this.audit = new AuditCalls(this.#transport);
    this.secrets = new SecretCalls(this.#transport);
    this.authorizations = new AuthorizationCalls(this.#transport);
    this.backups = new BackupCalls(this.#transport);
    this.policies = new PolicyCalls(this.#transport);
    this.limits = new LimitCalls(this.#transport);
    this.keys = new KeyCalls(this.#transport);
    this.users = new UserCalls(this.#transport);
    this.tenants = new TenantCalls(this.#transport);
    this.usage = new UsageCalls(this.#transport);
    this.approvals = new ApprovalCalls(this.#transport);
    this.webhooks = new WebhookCalls(this.#transport);
    this.budgets = new BudgetCalls(this.#transport);
    this.schedules = new ScheduleCalls(this.#transport);
    this.artifacts = new ArtifactCalls(this.#transport);
  }

  /** Whether the process lives. Not repeated: the answer is about now. */
  health(options: CallOptions = {}): Promise<Health> {
    return this.#transport.send({ path: '/health', ...options });
  }

  /** Whether the platform works, and which part does not. */
  ready(options: CallOptions = {}): Promise<Ready> {
    return this.#transport.send({ path: '/ready', alsoAnswers: [503], ...options });
  }
}
