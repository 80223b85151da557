import { BatutaClient } from '@batuta/sdk';
import type { AccessClient } from './access-client.ts';
import type { Client, ClientTarget } from './client.ts';

/** The commands' view of the SDK's client. */
export function makeClient({ url, key, maxTries }: ClientTarget): Client {
  const client = new BatutaClient({
    baseUrl: url,
    key,
    ...(maxTries === undefined ? {} : { maxTries }),
  });
  const { runs, agents, backups, policies, usage, audit, secrets, budgets } = client;
  return {
    createRun: (body) => runs.create(body),
    getRun: (id) => runs.get(id),
    listRuns: (filter) => runs.list(filter),
    cancelRun: (id, reason) => runs.cancel(id, reason),
    steerRun: (id, text) => runs.addMessage(id, text),
    retryRun: (id) => runs.retry(id),
    followRun: (id, signal) => runs.events(id, { signal }),
    limits: () => client.limits.get(),
    listAgents: async () => (await agents.list({ limit: 200 })).items,
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
    ...sessionCalls(client),
    ...toolCalls(client),
    ...approvalCalls(client),
    ...accessCalls(client),
    ...webhookCalls(client),
    ...scheduleCalls(client),
    ...authorizationCalls(client),
  };
}

function sessionCalls({ sessions }: BatutaClient) {
  return {
    getSession: (id) => sessions.get(id),
    browserPage: (id) => sessions.browserPage(id),
    openTerminal: (session, options) => sessions.terminal(session, options),
    forkSession: (id, at) => sessions.fork(id, at),
  } satisfies Partial<Client>;
}

function toolCalls({ tools }: BatutaClient) {
  return {
    listTools: (filter) => tools.list(filter),
    getTool: (name) => tools.get(name),
  } satisfies Partial<Client>;
}

function authorizationCalls({ authorizations }: BatutaClient) {
  return {
    listAuthorizations: (filter) => authorizations.list(filter),
    beginAuthorization: (service) => authorizations.begin(service),
    revokeAuthorization: (id) => authorizations.revoke(id),
  } satisfies Partial<Client>;
}

function approvalCalls({ approvals }: BatutaClient) {
  return {
    listApprovals: (filter) => approvals.list(filter),
    getApproval: (id) => approvals.get(id),
    decideApproval: (id, decision) => approvals.decide(id, decision),
    createApprovalLink: (id, link) => approvals.createLink(id, link),
    listApprovalLinks: (id) => approvals.links(id),
    revokeApprovalLink: (id, linkId) => approvals.revokeLink(id, linkId),
  } satisfies Partial<Client>;
}

function accessCalls({ keys, users, tenants }: BatutaClient) {
  return {
    whoAmI: () => users.me(),
    listKeys: (filter) => keys.list(filter),
    createKey: (key) => keys.create(key),
    rotateKey: (id, hours) => keys.rotate(id, { overlap_hours: hours }),
    revokeKey: (id) => keys.revoke(id),
    listUsers: (filter) => users.list(filter),
    createUser: (user) => users.create(user),
    changeUser: (id, change) => users.change(id, change),
    deleteUser: (id) => users.delete(id),
    listTenants: (filter) => tenants.list(filter),
    createTenant: (tenant) => tenants.create(tenant),
    changeTenant: (id, change) => tenants.change(id, change),
  } satisfies AccessClient;
}

function webhookCalls({ webhooks }: BatutaClient) {
  return {
    listWebhooks: (filter) => webhooks.list(filter),
    createWebhook: (webhook) => webhooks.create(webhook),
    getWebhook: (id) => webhooks.get(id),
    changeWebhook: (id, change) => webhooks.change(id, change),
    rotateWebhook: (id, rotation) => webhooks.rotate(id, rotation),
    testWebhook: (id) => webhooks.test(id),
    deleteWebhook: (id) => webhooks.delete(id),
    listDeliveries: (id, filter) => webhooks.deliveries(id, filter),
    replayDelivery: (id, messageId) => webhooks.replay(id, messageId),
    replayDeadDeliveries: (id) => webhooks.replayDead(id),
  } satisfies Partial<Client>;
}

function scheduleCalls({ schedules }: BatutaClient) {
  return {
    listSchedules: (filter) => schedules.list(filter),
    createSchedule: (schedule) => schedules.create(schedule),
    getSchedule: (id) => schedules.get(id),
    changeSchedule: (id, change) => schedules.change(id, change),
    runSchedule: (id) => schedules.run(id),
    deleteSchedule: (id) => schedules.delete(id),
    previewSchedule: (asked) => schedules.preview(asked),
  } satisfies Partial<Client>;
}
