import { BatutaError, noUsage, parseCursor, type Approval, type Run, type Session } from '@batuta/contract';
import type { OpenedLink } from '../../src/application/approval/approval-links.ts';
import type { AgentView, Application, Page } from '../../src/application/application.ts';
import type { Identity } from '../../src/application/access/identity.ts';
import { fakePolicies } from './fake-policies.ts';
import { refuseCursor } from './refuse-cursor.ts';
import { makeFakeBudgets } from './fake-budgets.ts';
import { fakeAuthorizations } from './fake-authorizations.ts';
import { makeFakeSchedules } from './fake-schedules.ts';
import { makeFakeWebhooks } from './fake-webhooks.ts';
import { fakeAccess, fakeApiKeys, fakeTenant, fakeTenants, fakeUsers } from './fake-access.ts';
import type { Standing } from '../../src/application/limit/permit-desk.ts';
import type { AccessRecord } from '../../src/application/audit/record-access.ts';
import { fakeBackups, fakeUsage } from './fake-reports.ts';
import type { Frame, FrameSink } from '../../src/application/stream/frame.ts';
import { makeFakeTerminals } from './fake-terminals.ts';
import { makeFakeAudit } from './fake-audit.ts';
import { fakeSecrets } from './fake-secrets.ts';

const at = '2026-11-21T00:00:00.000Z';

/** A valid id whose last characters tell things apart. */
export function fakeId(prefix: string, end: string): string {
  return `${prefix}_${end.padStart(26, '0')}`;
}

/** Keys of the fake: two tenants, and two keys that may do only a little. */
export const fakeKeys = {
  admin: 'btk_admin',
  other: 'btk_other',
  agentsOnly: 'btk_agents',
  runsOnly: 'btk_runs',
  login: 'btk_browser',
};
/** Ids of the fake: all of the first tenant but `foreign...`. */
export const fakeIds = {
  run: fakeId('run', '1'),
  endedRun: fakeId('run', '2'),
  foreignRun: fakeId('run', '9'),
  session: fakeId('ses', '1'),
  foreignSession: fakeId('ses', '9'),
  approval: fakeId('apr', '1'),
  foreignApproval: fakeId('apr', '9'),
  artifact: fakeId('art', '1'),
  foreignArtifact: fakeId('art', '9'),
};

/** A run for tests. */
export function makeRun(change: Partial<Run> = {}): Run {
  return {
    id: fakeIds.run,
    session_id: fakeIds.session,
    agent: 'assistant',
    status: 'running',
    output: null,
    usage: noUsage,
    cost_usd: 0,
    turns: 0,
    metadata: {},
    created_at: at,
    ...change,
  };
}

function makeSession(id: string): Session {
  return { id, agent: 'assistant', title: 'Hello', metadata: {}, created_at: at, updated_at: at };
}

function makeApproval(id: string): Approval {
  return {
    id,
    status: 'pending',
    run_id: fakeIds.run,
    session_id: fakeIds.session,
    call_id: 'call_1',
    tool: 'delete_ticket',
    arguments: '{}',
    arguments_hash: 'h',
    reason: 'policy',
    policy_version: '1',
    rule: null,
    why: null,
    requested_by: 'ana',
    needed_role: 'operator',
    labels: [],
    question: null,
    options: null,
    decisions: ['approve', 'deny'],
    decision: null,
    decided_by: null,
    decision_reason: null,
    edited_arguments: null,
    pattern: null,
    answer: null,
    created_at: at,
    expires_at: at,
    decided_at: null,
  };
}

const agent: AgentView = {
  name: 'assistant',
  description: 'Helps.',
  models: ['offline/extractive'],
  tools: [],
  definition_hash: 'abc',
  definition: {
    name: 'assistant',
    description: 'Helps.',
    tools: [],
    permissions: [],
    limits: { turns: 40, minutes: 10, parallel_tools: 8 },
    settings: {},
    instructions: 'Help.',
  },
};

/** One stream that the application was asked to follow. */
export interface FakeFollower {
  sink: FrameSink;
  after: string | undefined;
  isStopped: boolean;
}

/** An application of a few things in memory, so that the door can be tested by itself. */
export class FakeApplication implements Application {
  readonly runsById = new Map([
    [fakeIds.run, { tenantId: 'one', run: makeRun() }],
    [fakeIds.endedRun, { tenantId: 'one', run: makeRun({ id: fakeIds.endedRun, status: 'succeeded' }) }],
    [fakeIds.foreignRun, { tenantId: 'two', run: makeRun({ id: fakeIds.foreignRun }) }],
  ]);
  readonly sessionOwners = new Map([
    [fakeIds.session, 'one'],
    [fakeIds.foreignSession, 'two'],
  ]);
  readonly approvalOwners = new Map([
    [fakeIds.approval, 'one'],
    [fakeIds.foreignApproval, 'two'],
  ]);
  readonly decided = new Set<string>();
  /** What the link with the token `bta_link` opens. */
  link: Omit<OpenedLink, 'approval'> & { approval: Partial<Approval> } = {
    recipient: 'Bea',
    decisions: ['approve', 'deny'],
    expiresAt: Date.parse(at),
    state: 'open',
    usedDecision: null,
    approval: {},
  };
  readonly linkDecisions: unknown[] = [];
  linkFailure: BatutaError | undefined;
  readonly accepted: { body: unknown; key: string | undefined }[] = [];
  readonly followers: FakeFollower[] = [];
  /** Called by `waitForEnd`; the status that the run then has. */
  waitedStatus: Run['status'] = 'succeeded';
  /** Frames that a follower gets at once. */
  replay: Frame[] = [];
  endsAfterReplay = false;
  isReady = true;
  failure: unknown;
  readonly #followed: ((follower: FakeFollower) => void)[] = [];

  readonly recorded: AccessRecord[] = [];
  readonly audit = makeFakeAudit(this.recorded);
  readonly secrets = fakeSecrets;
  readonly redactProblem: Application['redactProblem'] = (_, problem) => problem;

  readonly access = fakeAccess(fakeKeys);
  readonly tenant = fakeTenant;
  readonly tenants = fakeTenants;
  readonly keys = fakeApiKeys;
  readonly users = fakeUsers;

  readonly runs: Application['runs'] = {
    accept: async (identity, body, key) => {
      if (this.failure !== undefined) throw this.failure;
      if (body.agent !== 'assistant') throw new BatutaError('agent-unknown', { agent: body.agent, hint: '' });
      if (body.session_id !== undefined) this.#ownSession(identity, body.session_id);
      this.accepted.push({ body, key });
      return { id: fakeIds.run, session_id: fakeIds.session, status: 'queued' };
    },
    get: async (identity, id) => this.#ownRun(identity, id),
    list: async (identity, filter) => {
      refuseCursor(filter.cursor);
      const all = [...this.runsById.values()].filter(({ tenantId }) => tenantId === identity.tenantId);
      return page(all.map(({ run }) => run).slice(0, filter.limit));
    },
    waitForEnd: async (identity, id) => ({ ...this.#ownRun(identity, id), status: this.waitedStatus }),
    cancel: async (identity, id) => this.#ownRunIn(identity, id, { needed: 'running', action: 'cancel' }),
    addMessage: async (identity, id) =>
      this.#ownRunIn(identity, id, { needed: 'running', action: 'message' }),
    retry: async (identity, id) => this.#ownRunIn(identity, id, { needed: 'failed', action: 'retry' }),
  };

  readonly terminals = makeFakeTerminals((identity, id) => this.#ownSession(identity, id));

  readonly sessions: Application['sessions'] = {
    get: async (identity, id) => this.#ownSession(identity, id),
    list: async (identity, { cursor }) => {
      refuseCursor(cursor);
      const own = [...this.sessionOwners].filter(([, tenantId]) => tenantId === identity.tenantId);
      return page(own.map(([id]) => makeSession(id)));
    },
    delete: async (identity, id) => {
      this.#ownSession(identity, id);
      throw new BatutaError('session-busy', { id, run_id: fakeIds.run });
    },
    fork: async (identity, id, seq) => {
      this.#ownSession(identity, id);
      if (seq !== undefined && seq > 5) throw new BatutaError('event-unknown', { id, seq });
      return makeSession(fakeId('ses', '2'));
    },
    log: async (identity, id) => {
      this.#ownSession(identity, id);
      return { items: [], next_after: null };
    },
  };

  /** Standings that the next requests are told, or the error that they meet. */
  standings: readonly Standing[] | BatutaError = [];

  readonly browsers: Application['browsers'] = {
    watch: async (identity, sessionId) => {
      await this.sessions.get(identity, sessionId);
      return () => {
        throw new BatutaError('browser-elsewhere', {});
      };
    },
  };

  readonly limits: Application['limits'] = {
    enter: async () => undefined,
    watch: (_, work) => work(),
    admit: () => {
      if (BatutaError.is(this.standings)) throw this.standings;
      return this.standings;
    },
    report: async () => ({ plan: 'unlimited', limits: [] }),
  };

  readonly tools: Application['tools'] = {
    list: async (_, { cursor }) => {
      refuseCursor(cursor);
      return { sources: [], ...page([]) };
    },
    get: async (_, tool) => {
      throw new BatutaError('tool-unknown', { tool, hint: '' });
    },
    single: async () => [],
  };

  readonly agents: Application['agents'] = {
    get: (_, name) => {
      if (name !== agent.name) throw new BatutaError('agent-unknown', { agent: name, hint: '' });
      return agent;
    },
    list: (_, { cursor }) => {
      refuseCursor(cursor);
      return page([agent]);
    },
  };

  readonly approvals: Application['approvals'] = {
    get: async (identity, id) => this.#ownApproval(identity, id),
    list: async (_, { cursor }) => {
      refuseCursor(cursor);
      return page([makeApproval(fakeIds.approval)]);
    },
    decide: async (identity, id, { decision }) => {
      const approval = this.#ownApproval(identity, id);
      if (!approval.decisions.includes(decision)) {
        throw new BatutaError('decision-not-offered', {
          id,
          decision,
          offered: approval.decisions.join(', '),
        });
      }
      if (this.decided.has(id)) {
        const made = { decision, decided_by: identity.name, decided_at: at, reason: null };
        throw new BatutaError('approval-decided-already', { id, ...made });
      }
      this.decided.add(id);
      return { ...approval, decision, decided_by: identity.name, decided_at: at };
    },
    createLink: async (identity, id, { recipient, decisions = ['approve', 'deny'] }) => {
      const { id: approvalId } = this.#ownApproval(identity, id);
      if (decisions.includes('repeat')) {
        throw new BatutaError('decision-not-offered', { id, decision: 'repeat', offered: 'approve or deny' });
      }
      const link = { id: fakeId('apl', '1'), approvalId, recipient, decisions };
      return { ...link, token: 'bta_link', expiresAt: Date.parse(at) };
    },
    links: async (identity, id) => {
      this.#ownApproval(identity, id);
      return { items: [] };
    },
    revokeLink: async (identity, id, linkId) => {
      this.#ownApproval(identity, id);
      if (linkId !== fakeId('apl', '1')) throw new BatutaError('approval-link-unknown', {});
    },
    openLink: async (token) => {
      if (token !== 'bta_link') throw new BatutaError('approval-link-unknown', {});
      return { ...this.link, approval: { ...makeApproval(fakeIds.approval), ...this.link.approval } };
    },
    decideByLink: async (_, made) => {
      this.linkDecisions.push(made);
      if (this.linkFailure) {
        this.link.state = 'closed';
        throw this.linkFailure;
      }
      return makeApproval(fakeIds.approval);
    },
  };

  readonly policies = fakePolicies;

  readonly skills: Application['skills'] = {
    get: (_, name) => {
      throw new BatutaError('skill-unknown', { skill: name, hint: '' });
    },
    list: () => page([]),
  };

  readonly artifacts: Application['artifacts'] = {
    list: async (_, { cursor }) => {
      refuseCursor(cursor);
      return page([]);
    },
    read: async (identity, id) => {
      if (id !== fakeIds.artifact || identity.tenantId !== 'one')
        throw new BatutaError('artifact-unknown', { id });
      return { name: 'añ"o\n.html', mediaType: 'text/html', content: new TextEncoder().encode('<script>') };
    },
  };

  readonly usage = fakeUsage;
  readonly backups = fakeBackups;

  readonly webhooks: Application['webhooks'] = makeFakeWebhooks();
  readonly budgets: Application['budgets'] = makeFakeBudgets();

  readonly schedules: Application['schedules'] = makeFakeSchedules();
  readonly authorizations = fakeAuthorizations;

  readonly streams: Application['streams'] = {
    follow: async (identity, { runId, sessionId, after }, sink) => {
      if (runId !== undefined) this.#ownRun(identity, runId);
      if (sessionId !== undefined) this.#ownSession(identity, sessionId);
      if (after !== undefined && parseCursor(after) === undefined) {
        throw new BatutaError('cursor-invalid', { cursor: after });
      }
      const follower: FakeFollower = { sink, after, isStopped: false };
      this.followers.push(follower);
      for (const frame of this.replay) sink.write(frame);
      if (this.endsAfterReplay) setImmediate(() => sink.end({ retry: false }));
      this.#followed.shift()?.(follower);
      return () => void (follower.isStopped = true);
    },
  };

  readonly health: Application['health'] = {
    version: '1.2.3',
    readiness: async () => ({
      ready: this.isReady,
      checks: { database: 'ok', migrations: 'ok', worker: this.isReady ? 'ok' : 'stopped', jobs: 'ok' },
    }),
  };

  /** The next stream that is followed. */
  nextFollower(): Promise<FakeFollower> {
    return new Promise((resolve) => this.#followed.push(resolve));
  }

  #ownRun({ tenantId }: Identity, id: string): Run {
    const found = this.runsById.get(id);
    if (found?.tenantId !== tenantId) throw new BatutaError('run-unknown', { id });
    return found.run;
  }

  #ownRunIn(identity: Identity, id: string, rule: { needed: Run['status']; action: string }): Run {
    const run = this.#ownRun(identity, id);
    if (run.status !== rule.needed)
      throw new BatutaError('run-state-conflict', { id, status: run.status, ...rule });
    return run;
  }

  #ownSession({ tenantId }: Identity, id: string): Session {
    if (this.sessionOwners.get(id) !== tenantId) throw new BatutaError('session-unknown', { id });
    return makeSession(id);
  }

  #ownApproval({ tenantId }: Identity, id: string): Approval {
    if (this.approvalOwners.get(id) !== tenantId) throw new BatutaError('approval-unknown', { id });
    return makeApproval(id);
  }
}

function page<T>(items: T[]): Page<T> {
  return { items, next_cursor: null };
}
