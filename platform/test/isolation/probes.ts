import { mcpProbes } from './mcp-probes.ts';
import { empty, own, platformOnly, refused, unknown, unknownInBody, type Probe } from './probe.ts';

const post = { method: 'POST', json: {} };

function patch(json: unknown) {
  return { method: 'PATCH', json };
}

const remove = { method: 'DELETE' };
const input = { agent: 'assistant', input: 'Hello' };
const daily = { name: 'mine', agent: 'assistant', input: 'Go', cron: '@daily' };
const hook = 'webhook-unknown';

/**
 * How each endpoint is tried by somebody of another tenant, and by another member of the same one, with the ids of the owner. A new
 * endpoint needs a line here, or the suite fails: `unknown` with the code of its error for a path with an id, `unknownInBody` for a body
 * with one, `empty` for a list, `own` for what is about the asker alone, `platformOnly` for what no tenant may do.
 */
export const probes: Readonly<Record<string, Probe | readonly Probe[]>> = {
  'POST /v1/runs': [
    unknownInBody('session-unknown', '/v1/runs', ({ session }) => ({ ...input, session_id: session })),
    unknownInBody('session-unknown', '/v1/runs', ({ session }) => ({
      ...input,
      session_id: session,
      wait: 1,
    })),
    unknownInBody('session-unknown', '/v1/runs', ({ session }) => ({
      ...input,
      session_id: session,
      stream: true,
    })),
  ],
  'GET /v1/runs': [
    empty(() => '/v1/runs'),
    empty(({ session }) => `/v1/runs?session_id=${session}`),
    empty(({ run }) => `/v1/runs?cursor=${Buffer.from(run.replace(/.$/, 'z')).toString('base64url')}`),
  ],
  'GET /v1/runs/{id}': unknown('run-unknown', ({ run }) => `/v1/runs/${run}`),
  'GET /v1/runs/{id}/events': [
    unknown('run-unknown', ({ run }) => `/v1/runs/${run}/events`),
    unknown('run-unknown', ({ run }) => `/v1/runs/${run}/events?after=1`),
  ],
  'POST /v1/runs/{id}/cancel': unknown('run-unknown', ({ run }) => `/v1/runs/${run}/cancel`, post),
  'POST /v1/runs/{id}/messages': unknown('run-unknown', ({ run }) => `/v1/runs/${run}/messages`, {
    json: { input: 'Hello' },
  }),
  'POST /v1/runs/{id}/retry': unknown('run-unknown', ({ run }) => `/v1/runs/${run}/retry`, post),
  'GET /v1/sessions': empty(() => '/v1/sessions'),
  'GET /v1/sessions/{id}': unknown('session-unknown', ({ session }) => `/v1/sessions/${session}`),
  'DELETE /v1/sessions/{id}': unknown('session-unknown', ({ session }) => `/v1/sessions/${session}`, remove),
  'GET /v1/sessions/{id}/events': [
    unknown('session-unknown', ({ session }) => `/v1/sessions/${session}/events`),
    unknown('session-unknown', ({ session }) => `/v1/sessions/${session}/events`, {
      headers: { 'last-event-id': '1' },
    }),
  ],
  'GET /v1/sessions/{id}/log': unknown('session-unknown', ({ session }) => `/v1/sessions/${session}/log`),
  'GET /v1/sessions/{id}/terminal': {
    ...unknown('session-unknown', ({ session }) => `/v1/sessions/${session}/terminal`),
    forMembers: refused,
  },
  'GET /terminal/{id}': {
    ...unknown('session-unknown', ({ session }) => `/terminal/${session}`),
    forMembers: refused,
  },
  'GET /terminal/assets/{name}': own('/terminal/assets/terminal-page.mjs'),
  'POST /v1/sessions/{id}/fork': unknown(
    'session-unknown',
    ({ session }) => `/v1/sessions/${session}/fork`,
    post,
  ),
  'GET /v1/sessions/{id}/browser/live': unknown(
    'session-unknown',
    ({ session }) => `/v1/sessions/${session}/browser/live`,
  ),
  'GET /browser/{session}': own('/browser/ses_0'),
  'GET /browser/assets/live.js': own('/browser/assets/live.js'),
  'GET /browser/assets/live.css': own('/browser/assets/live.css'),
  'GET /v1/tools': own('/v1/tools'),
  'GET /v1/tools/{reference}': own('/v1/tools/read'),
  'GET /v1/agents': own('/v1/agents'),
  'GET /v1/agents/{name}': own('/v1/agents/assistant'),
  'GET /v1/approvals': [
    empty(() => '/v1/approvals'),
    empty(({ session }) => `/v1/approvals?session_id=${session}`),
    empty(({ run }) => `/v1/approvals?run_id=${run}&pending=true`),
  ],
  'GET /v1/approvals/{id}': unknown('approval-unknown', ({ approval }) => `/v1/approvals/${approval}`),
  'POST /v1/approvals/{id}': unknown('approval-unknown', ({ approval }) => `/v1/approvals/${approval}`, {
    json: { decision: 'done' },
  }),
  'POST /v1/approvals/{id}/links': unknown(
    'approval-unknown',
    ({ approval }) => `/v1/approvals/${approval}/links`,
    { json: { recipient: 'me' } },
  ),
  'GET /v1/approvals/{id}/links': unknown(
    'approval-unknown',
    ({ approval }) => `/v1/approvals/${approval}/links`,
  ),
  'DELETE /v1/approvals/{id}/links/{link_id}': unknown(
    'approval-unknown',
    ({ approval, approvalLink }) => `/v1/approvals/${approval}/links/${approvalLink}`,
    remove,
  ),
  'GET /v1/policies': own('/v1/policies'),
  'POST /v1/policies/explain': own('/v1/policies/explain', { json: { agent: 'assistant', tool: 'read' } }),
  'GET /v1/artifacts': [
    empty(() => '/v1/artifacts'),
    empty(({ session }) => `/v1/artifacts?session_id=${session}`),
    empty(({ run }) => `/v1/artifacts?run_id=${run}`),
  ],
  'GET /v1/artifacts/{id}': unknown('artifact-unknown', ({ artifact }) => `/v1/artifacts/${artifact}`),
  'GET /v1/audit': { ...own('/v1/audit'), isEcho: true },
  'GET /v1/audit/export': { ...own('/v1/audit/export'), isEcho: true },
  'GET /v1/audit/verification': own('/v1/audit/verification'),
  'GET /v1/usage': own('/v1/usage'),
  'GET /v1/usage/projection': own('/v1/usage/projection?agent=assistant&requests_per_day=1'),
  'POST /v1/backups': platformOnly(() => '/v1/backups', { method: 'POST' }),
  'GET /v1/me': own('/v1/me'),
  'GET /v1/users': empty(() => '/v1/users'),
  'POST /v1/users': own('/v1/users', { json: { name: 'New', role: 'viewer' } }),
  'GET /v1/users/{id}': unknown('user-unknown', ({ user }) => `/v1/users/${user}`),
  'PATCH /v1/users/{id}': unknown('user-unknown', ({ user }) => `/v1/users/${user}`, patch({ name: 'x' })),
  'DELETE /v1/users/{id}': unknown('user-unknown', ({ user }) => `/v1/users/${user}`, remove),
  'GET /v1/keys': own('/v1/keys'),
  'POST /v1/keys': {
    ...unknownInBody('user-unknown', '/v1/keys', ({ user }) => ({
      name: 'x',
      role: 'member',
      user_id: user,
    })),
    forMembers: { kind: 'refused', code: 'grant-too-wide' },
  },
  'GET /v1/keys/{id}': unknown('key-unknown', ({ apiKey }) => `/v1/keys/${apiKey}`),
  'DELETE /v1/keys/{id}': unknown('key-unknown', ({ apiKey }) => `/v1/keys/${apiKey}`, remove),
  'POST /v1/keys/{id}/rotate': unknown('key-unknown', ({ apiKey }) => `/v1/keys/${apiKey}/rotate`, post),
  'GET /v1/tenant': own('/v1/tenant'),
  'PATCH /v1/tenant': own('/v1/tenant', patch({ name: 'Mine' })),
  'GET /v1/tenants': platformOnly(() => '/v1/tenants'),
  'POST /v1/tenants': platformOnly(() => '/v1/tenants', { json: { id: 'mine', name: 'Mine' } }),
  'PATCH /v1/tenants/{id}': platformOnly(({ tenant }) => `/v1/tenants/${tenant}`, patch({ disabled: true })),
  'GET /v1/limits': own('/v1/limits'),
  'GET /v1/webhooks': empty(() => '/v1/webhooks'),
  'POST /v1/webhooks': own('/v1/webhooks', {
    json: { url: 'https://hooks.example.com/mine', kinds: ['run-failed'] },
  }),
  'GET /v1/webhooks/{id}': unknown(hook, ({ webhook }) => `/v1/webhooks/${webhook}`),
  'PATCH /v1/webhooks/{id}': unknown(
    hook,
    ({ webhook }) => `/v1/webhooks/${webhook}`,
    patch({ enabled: false }),
  ),
  'DELETE /v1/webhooks/{id}': unknown(hook, ({ webhook }) => `/v1/webhooks/${webhook}`, remove),
  'POST /v1/webhooks/{id}/rotate': unknown(hook, ({ webhook }) => `/v1/webhooks/${webhook}/rotate`, post),
  'POST /v1/webhooks/{id}/test': unknown(hook, ({ webhook }) => `/v1/webhooks/${webhook}/test`, post),
  'GET /v1/webhooks/{id}/deliveries': unknown(hook, ({ webhook }) => `/v1/webhooks/${webhook}/deliveries`),
  'POST /v1/webhooks/{id}/replay': unknown(hook, ({ webhook }) => `/v1/webhooks/${webhook}/replay`, post),
  'POST /v1/webhooks/{id}/deliveries/{message_id}/replay': unknown(
    hook,
    ({ webhook, message }) => `/v1/webhooks/${webhook}/deliveries/${message}/replay`,
    post,
  ),
  'GET /v1/budgets': empty(() => '/v1/budgets'),
  'POST /v1/budgets': own('/v1/budgets', { json: { scope: 'tenant', per: 'day', limit_usd: 1 } }),
  'GET /v1/budgets/{id}': unknown('budget-unknown', ({ budget }) => `/v1/budgets/${budget}`),
  'PATCH /v1/budgets/{id}': unknown(
    'budget-unknown',
    ({ budget }) => `/v1/budgets/${budget}`,
    patch({ limit_usd: 1 }),
  ),
  'DELETE /v1/budgets/{id}': unknown('budget-unknown', ({ budget }) => `/v1/budgets/${budget}`, remove),
  'GET /v1/schedules': empty(() => '/v1/schedules'),
  'POST /v1/schedules': unknownInBody('session-unknown', '/v1/schedules', ({ session }) => ({
    ...daily,
    session_id: session,
  })),
  'GET /v1/schedules/preview': own('/v1/schedules/preview?cron=@daily'),
  'GET /v1/schedules/{id}': unknown('schedule-unknown', ({ schedule }) => `/v1/schedules/${schedule}`),
  'PATCH /v1/schedules/{id}': unknown(
    'schedule-unknown',
    ({ schedule }) => `/v1/schedules/${schedule}`,
    patch({ enabled: false }),
  ),
  'DELETE /v1/schedules/{id}': unknown(
    'schedule-unknown',
    ({ schedule }) => `/v1/schedules/${schedule}`,
    remove,
  ),
  'POST /v1/schedules/{id}/run': unknown(
    'schedule-unknown',
    ({ schedule }) => `/v1/schedules/${schedule}/run`,
    { method: 'POST' },
  ),
  'GET /v1/secrets': empty(() => '/v1/secrets'),
  'PUT /v1/secrets/{name}': own('/v1/secrets/mine', { method: 'PUT', json: { value: 'long enough' } }),
  'DELETE /v1/secrets/{name}': unknown('secret-unknown', ({ secret }) => `/v1/secrets/${secret}`, remove),
  'POST /v1/secret-key/rotation': platformOnly(() => '/v1/secret-key/rotation', { method: 'POST' }),
  'POST /mcp': mcpProbes,
  'GET /.well-known/oauth-protected-resource': own('/.well-known/oauth-protected-resource'),
  'GET /.well-known/oauth-protected-resource/mcp': own('/.well-known/oauth-protected-resource/mcp'),
  'GET /v1/authorizations': empty(() => '/v1/authorizations'),
  'POST /v1/authorizations': own('/v1/authorizations', {
    method: 'POST',
    json: { service: 'mcp:tickets' },
  }),
  'DELETE /v1/authorizations/{id}': unknown(
    'authorization-unknown',
    ({ authorization }) => `/v1/authorizations/${authorization}`,
    remove,
  ),
  'GET /authorizations/callback': own('/authorizations/callback?state=guess'),
  'GET /authorizations/client.json': own('/authorizations/client.json'),
  'POST /authorizations/callback': own('/authorizations/callback?state=guess', { method: 'POST' }),
  'GET /login': own('/login?token=btl_guess'),
  'GET /login/oidc': own('/login/oidc'),
  'GET /login/oidc/callback': own('/login/oidc/callback?code=guess&state=guess'),
  'POST /logout': own('/logout', { method: 'POST' }),
  'GET /approve': own('/approve?token=bta_guess'),
  'POST /approve': own('/approve', { method: 'POST' }),
  'GET /errors/{code}': own('/errors/run-unknown'),
  'GET /': own('/'),
  'GET /openapi.json': own('/openapi.json'),
  'GET /reference': own('/reference'),
  'GET /health': own('/health'),
  'GET /ready': own('/ready'),
};
