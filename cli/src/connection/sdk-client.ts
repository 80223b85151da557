import { BatutaClient } from '@batuta/sdk';
import type { Client, ClientTarget } from './client.ts';

/** The commands' view of the SDK's client. */
export function makeClient({ url, key, maxTries }: ClientTarget): Client {
  const { runs, sessions, agents, approvals, backups, policies, usage, audit, secrets, budgets } =
    new BatutaClient({
      baseUrl: url,
      key,
      ...(maxTries === undefined ? {} : { maxTries }),
    });
  return {
    createRun: (body) => runs.create(body),
    getRun: (id) => runs.get(id),
    listRuns: (filter) => runs.list(filter),
    cancelRun: (id, reason) => runs.cancel(id, reason),
    steerRun: (id, text) => runs.addMessage(id, text),
    retryRun: (id) => runs.retry(id),
    followRun: (id, signal) => runs.events(id, { signal }),
    getSession: (id) => sessions.get(id),
    forkSession: (id, at) => sessions.fork(id, at),
    listAgents: async () => (await agents.list({ limit: 200 })).items,
    listApprovals: (filter) => approvals.list(filter),
    listPolicies: (filter) => policies.list(filter),
    explainPolicy: (call) => policies.explain(call),
    listBudgets: (filter) => budgets.list(filter),
    createBudget: (budget) => budgets.create(budget),
    changeBudget: (id, change) => budgets.change(id, change),
    deleteBudget: (id) => budgets.delete(id),
    usage: (filter) => usage.report(filter),
    projectCosts: (query) => usage.project(query),
    listAudit: (filter) => audit.list(filter),
    verifyAudit: (request) => audit.verify(request),
    exportAudit: async (filter) => (await audit.export(filter)).body ?? new ReadableStream(),
    listSecrets: () => secrets.list({ limit: 200 }),
    setSecret: (name, value) => secrets.set(name, value),
    deleteSecret: (name) => secrets.delete(name),
    rotateSecretKey: () => secrets.rotateKey(),
    createBackup: async () => {
      const { body, headers } = await backups.create();
      return {
        content: body ?? new ReadableStream(),
        bytes: Number(headers.get('content-length')),
        createdAt: headers.get('batuta-backup-created-at') ?? '',
      };
    },
    getApproval: (id) => approvals.get(id),
    decideApproval: (id, decision) => approvals.decide(id, decision),
    createApprovalLink: (id, link) => approvals.createLink(id, link),
  };
}
