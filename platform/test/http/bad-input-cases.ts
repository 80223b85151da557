import { identityBadInputs } from './bad-input-identity.ts';
import { badBodies, badIds, badPages, invalid, post, type BadInput } from './bad-input-kit.ts';
import { fakeId, fakeIds, fakeKeys } from './fake-application.ts';
import { budgetBadInputs } from './bad-budgets.ts';
import { authorizationBadInputs } from './bad-authorizations.ts';
import { scheduleBadInputs } from './bad-schedules.ts';
import { webhookBadInputs } from './bad-webhooks.ts';

const id = fakeId('run', '7');
const good = { agent: 'assistant', input: 'Hello' };

const run = { thing: 'run', foreign: fakeIds.foreignRun };
const session = { thing: 'session', foreign: fakeIds.foreignSession };
const approval = { thing: 'approval', foreign: fakeIds.foreignApproval };

function conflict(path: string, json: unknown, code = 'run-state-conflict'): BadInput {
  return { what: 'wrong state', path, request: post(json), status: 409, code };
}

function badStream(path: string): BadInput[] {
  const headers = { 'last-event-id': 'nonsense' };
  return [
    { what: 'bad cursor', path: `${path}?after=nonsense`, status: 400, code: 'cursor-invalid' },
    { what: 'bad Last-Event-ID', path, request: { headers }, status: 400, code: 'cursor-invalid' },
    invalid('unknown query', `${path}?surprise=1`),
  ];
}

/** Bodies of decisions whose parts do not belong together. */
/** An id of a link that is none is not shown again: it may be a token in the wrong place. */
function badLinks(path: string): BadInput[] {
  const request = { method: 'DELETE' };
  const foreign = `/v1/approvals/${fakeIds.foreignApproval}/links/${fakeId('apl', '1')}`;
  return [
    {
      what: 'malformed link',
      path: `${path}/bta_token`,
      request,
      status: 404,
      code: 'approval-link-unknown',
    },
    { what: "another tenant's approval", path: foreign, request, status: 404, code: 'approval-unknown' },
  ];
}

const badDecisions: readonly [string, object][] = [
  ['an answer to no question', { decision: 'approve', answer: 'yes' }],
  ['no answer', { decision: 'answer' }],
  ['an empty answer', { decision: 'answer', answer: ' ' }],
  ['a denial with arguments', { decision: 'deny', arguments: {} }],
  ['arguments that are a list', { decision: 'approve', arguments: [1] }],
  ['a denial for the session', { decision: 'deny', for_session: { pattern: {} } }],
  ['a pattern of an unknown kind', { decision: 'approve', for_session: { pattern: { a: { like: '*' } } } }],
];

const explained = { agent: 'assistant', tool: 'read' };

/** The bad inputs of each endpoint, by method and path as the OpenAPI document names them. */
export const badInputs: Readonly<Record<string, readonly BadInput[]>> = {
  'GET /v1/policies': [
    ...badPages('/v1/policies'),
    invalid('agent that is no name', '/v1/policies?agent=a%0Ab'),
    { what: 'unknown agent', path: '/v1/policies?agent=nobody', status: 404, code: 'agent-unknown' },
  ],
  'POST /v1/policies/explain': [
    ...badBodies('/v1/policies/explain', explained),
    invalid('missing tool', '/v1/policies/explain', post({ agent: 'assistant' })),
    invalid('arguments that are a list', '/v1/policies/explain', post({ ...explained, arguments: [1] })),
    invalid('unknown role', '/v1/policies/explain', post({ ...explained, role: 'king' })),
    invalid('unknown label', '/v1/policies/explain', post({ ...explained, taint: ['secret'] })),
    invalid('time without a zone', '/v1/policies/explain', post({ ...explained, at: '2026-01-01T10:00:00' })),
    {
      ...invalid('unknown agent', '/v1/policies/explain', post({ ...explained, agent: 'nobody' })),
      status: 404,
      code: 'agent-unknown',
    },
    {
      ...invalid('unknown tool', '/v1/policies/explain', post({ ...explained, tool: 'rm' })),
      status: 422,
      code: 'tool-unknown',
    },
  ],
  'POST /v1/runs': [
    ...badBodies('/v1/runs', good),
    invalid('missing field', '/v1/runs', post({ agent: 'assistant' })),
    invalid('empty body', '/v1/runs', { method: 'POST' }),
    invalid('wrong type', '/v1/runs', post({ ...good, input: 7 })),
    invalid('agent with control characters', '/v1/runs', post({ ...good, agent: 'a\nb' })),
    invalid('wait too long', '/v1/runs', post({ ...good, wait: 301 })),
    invalid('wait and stream', '/v1/runs', post({ ...good, wait: 1, stream: true })),
    invalid('file that is not base64', '/v1/runs', post({ ...good, input: [{ type: 'file', data: '?' }] })),
    invalid('idempotency key with spaces', '/v1/runs', {
      ...post(good),
      headers: { 'idempotency-key': 'a b' },
    }),
    {
      ...invalid('unknown agent', '/v1/runs', post({ ...good, agent: 'nobody' })),
      status: 404,
      code: 'agent-unknown',
    },
    {
      ...invalid(
        "another tenant's session",
        '/v1/runs',
        post({ ...good, session_id: fakeIds.foreignSession }),
      ),
      status: 404,
      code: 'session-unknown',
    },
  ],
  'GET /v1/runs': [...badPages('/v1/runs'), invalid('unknown status', '/v1/runs?status=asleep')],
  'GET /v1/runs/{id}': badIds((x) => `/v1/runs/${x}`, run),
  'GET /v1/runs/{id}/events': [
    ...badIds((x) => `/v1/runs/${x}/events`, run),
    ...badStream(`/v1/runs/${fakeIds.run}/events`),
  ],
  'POST /v1/runs/{id}/cancel': [
    ...badBodies(`/v1/runs/${fakeIds.run}/cancel`, {}),
    ...badIds((x) => `/v1/runs/${x}/cancel`, run, {}),
    invalid('wrong type', `/v1/runs/${fakeIds.run}/cancel`, post({ reason: 1 })),
    conflict(`/v1/runs/${fakeIds.endedRun}/cancel`, {}),
  ],
  'POST /v1/runs/{id}/messages': [
    ...badBodies(`/v1/runs/${fakeIds.run}/messages`, { input: 'Hello' }),
    ...badIds((x) => `/v1/runs/${x}/messages`, run, { input: 'Hello' }),
    invalid('wrong type', `/v1/runs/${fakeIds.run}/messages`, post({ input: {} })),
    conflict(`/v1/runs/${fakeIds.endedRun}/messages`, { input: 'Hello' }),
  ],
  'POST /v1/runs/{id}/retry': [
    ...badBodies(`/v1/runs/${fakeIds.run}/retry`, {}),
    ...badIds((x) => `/v1/runs/${x}/retry`, run, {}),
    conflict(`/v1/runs/${fakeIds.endedRun}/retry`, {}),
  ],
  'GET /v1/sessions': badPages('/v1/sessions'),
  'GET /v1/sessions/{id}': badIds((x) => `/v1/sessions/${x}`, session),
  'DELETE /v1/sessions/{id}': [
    ...badIds((x) => `/v1/sessions/${x}`, session).map((bad) => ({ ...bad, request: { method: 'DELETE' } })),
    { ...conflict(`/v1/sessions/${fakeIds.session}`, {}, 'session-busy'), request: { method: 'DELETE' } },
  ],
  'GET /v1/sessions/{id}/events': [
    ...badIds((x) => `/v1/sessions/${x}/events`, session),
    ...badStream(`/v1/sessions/${fakeIds.session}/events`),
  ],
  'GET /v1/sessions/{id}/log': [
    ...badIds((x) => `/v1/sessions/${x}/log`, session),
    invalid('after that is no number', `/v1/sessions/${fakeIds.session}/log?after=yesterday`),
    invalid('limit too large', `/v1/sessions/${fakeIds.session}/log?limit=1000`),
    invalid('unknown query', `/v1/sessions/${fakeIds.session}/log?surprise=1`),
  ],
  'GET /v1/sessions/{id}/browser/live': [
    ...badIds((x) => `/v1/sessions/${x}/browser/live`, session),
    invalid('unknown query', `/v1/sessions/${fakeIds.session}/browser/live?surprise=1`),
    {
      what: 'no WebSocket',
      path: `/v1/sessions/${fakeIds.session}/browser/live`,
      status: 426,
      code: 'upgrade-required',
    },
  ],
  'GET /v1/sessions/{id}/terminal': [
    ...badIds((x) => `/v1/sessions/${x}/terminal`, session),
    invalid('no columns', `/v1/sessions/${fakeIds.session}/terminal?columns=0`),
    invalid('rows that are no number', `/v1/sessions/${fakeIds.session}/terminal?rows=many`),
    invalid('no id of a terminal', `/v1/sessions/${fakeIds.session}/terminal?terminal=first`),
    invalid('unknown query', `/v1/sessions/${fakeIds.session}/terminal?shell=zsh`),
  ],
  'POST /v1/sessions/{id}/fork': [
    ...badBodies(`/v1/sessions/${fakeIds.session}/fork`, {}),
    ...badIds((x) => `/v1/sessions/${x}/fork`, session, {}),
    invalid('event 0', `/v1/sessions/${fakeIds.session}/fork`, post({ at: 0 })),
    {
      ...invalid('unknown event', `/v1/sessions/${fakeIds.session}/fork`, post({ at: 99 })),
      status: 404,
      code: 'event-unknown',
    },
  ],
  'GET /v1/tools': [...badPages('/v1/tools'), invalid('empty source', '/v1/tools?source=')],
  'GET /v1/tools/{reference}': [
    { what: 'unknown tool', path: '/v1/tools/mcp%3Atickets%2Fnone', status: 422, code: 'tool-unknown' },
    { what: 'malformed reference', path: '/v1/tools/a%00b', status: 422, code: 'tool-unknown' },
  ],
  'GET /v1/agents': badPages('/v1/agents'),
  'GET /v1/agents/{name}': [
    { what: 'unknown name', path: '/v1/agents/nobody', status: 404, code: 'agent-unknown' },
    { what: 'malformed name', path: '/v1/agents/No%00Body', status: 404, code: 'agent-unknown' },
  ],
  'GET /v1/approvals': [
    ...badPages('/v1/approvals'),
    invalid('pending', '/v1/approvals?pending=perhaps'),
    invalid('run id', '/v1/approvals?run_id=7'),
  ],
  'GET /v1/approvals/{id}': badIds((x) => `/v1/approvals/${x}`, approval),
  'POST /v1/approvals/{id}': [
    ...badBodies(`/v1/approvals/${fakeIds.approval}`, { decision: 'approve' }),
    ...badIds((x) => `/v1/approvals/${x}`, approval, { decision: 'approve' }),
    invalid('unknown decision', `/v1/approvals/${fakeIds.approval}`, post({ decision: 'perhaps' })),
    conflict(`/v1/approvals/${fakeIds.approval}`, { decision: 'repeat' }, 'decision-not-offered'),
    ...badDecisions.map(([what, body]) => invalid(what, `/v1/approvals/${fakeIds.approval}`, post(body))),
  ],
  'POST /v1/approvals/{id}/links': [
    ...badBodies(`/v1/approvals/${fakeIds.approval}/links`, { recipient: 'Bea' }),
    ...badIds((x) => `/v1/approvals/${x}/links`, approval, { recipient: 'Bea' }),
    invalid('no recipient', `/v1/approvals/${fakeIds.approval}/links`, post({ recipient: ' ' })),
    invalid(
      'too long a life',
      `/v1/approvals/${fakeIds.approval}/links`,
      post({ recipient: 'Bea', expires_in_hours: 169 }),
    ),
    conflict(
      `/v1/approvals/${fakeIds.approval}/links`,
      { recipient: 'Bea', decisions: ['repeat'] },
      'decision-not-offered',
    ),
  ],
  'GET /v1/approvals/{id}/links': badIds((x) => `/v1/approvals/${x}/links`, approval),
  'DELETE /v1/approvals/{id}/links/{link_id}': badLinks(`/v1/approvals/${fakeIds.approval}/links`),
  'GET /v1/artifacts': [
    ...badPages('/v1/artifacts'),
    invalid('run id', '/v1/artifacts?run_id=7'),
    invalid('session id', '/v1/artifacts?session_id=7'),
  ],
  'GET /v1/artifacts/{id}': badIds((x) => `/v1/artifacts/${x}`, {
    thing: 'artifact',
    foreign: fakeIds.foreignArtifact,
  }),
  'GET /v1/audit': [
    ...badPages('/v1/audit'),
    invalid('a day that is no time', '/v1/audit?since=yesterday'),
    invalid('unknown kind', '/v1/audit?kind=gossip'),
  ],
  'GET /v1/audit/export': [
    invalid('unknown query', '/v1/audit/export?surprise=1'),
    invalid('a time that is none', '/v1/audit/export?until=7'),
  ],
  'GET /v1/audit/verification': [
    invalid('a time that is none', '/v1/audit/verification?since=7'),
    invalid('an anchor without a hash', '/v1/audit/verification?anchors=7:abc'),
  ],
  'GET /v1/usage': [
    invalid('a day that is none', '/v1/usage?from=2026-02-30'),
    invalid('a group that is none', '/v1/usage?group_by=day,moon'),
    invalid('a group twice', '/v1/usage?group_by=day,day'),
    invalid('unknown query', '/v1/usage?surprise=1'),
  ],
  'GET /v1/usage/projection': [
    invalid('no number of requests', '/v1/usage/projection'),
    invalid('no requests at all', '/v1/usage/projection?requests_per_day=0'),
    invalid('unknown query', '/v1/usage/projection?requests_per_day=1&surprise=1'),
    {
      what: 'nothing to project from',
      path: '/v1/usage/projection?requests_per_day=1&agent=nobody',
      status: 409,
      code: 'projection-without-basis',
    },
  ],
  'GET /v1/secrets': badPages('/v1/secrets'),
  'PUT /v1/secrets/{name}': [
    ...badBodies('/v1/secrets/weather', { value: 'long enough' }, 'PUT'),
    invalid('too short', '/v1/secrets/weather', post({ value: '1234567' }, 'PUT')),
    invalid('no text', '/v1/secrets/weather', post({ value: 12_345_678 }, 'PUT')),
    {
      what: 'name in capitals',
      path: '/v1/secrets/WEATHER',
      request: post({ value: 'long enough' }, 'PUT'),
      status: 404,
      code: 'secret-unknown',
    },
  ],
  'DELETE /v1/secrets/{name}': [
    {
      what: 'unknown name',
      path: '/v1/secrets/nothing',
      request: { method: 'DELETE' },
      status: 404,
      code: 'secret-unknown',
    },
  ],
  'POST /v1/secret-key/rotation': [
    invalid('unknown query', '/v1/secret-key/rotation?surprise=1', { method: 'POST' }),
  ],
  'POST /v1/backups': [invalid('unknown query', '/v1/backups?surprise=1', { method: 'POST' })],
  'GET /v1/limits': [invalid('unknown query', '/v1/limits?surprise=1')],
  ...identityBadInputs,
  'GET /v1/tenant': [invalid('unknown query', '/v1/tenant?surprise=1')],
  'PATCH /v1/tenant': [
    ...badBodies('/v1/tenant', { name: 'Acme' }, 'PATCH'),
    invalid('unknown setting', '/v1/tenant', post({ settings: { surprise: 1 } }, 'PATCH')),
    invalid('empty name', '/v1/tenant', post({ name: ' ' }, 'PATCH')),
  ],
  ...webhookBadInputs,
  ...budgetBadInputs,
  ...authorizationBadInputs,
  ...scheduleBadInputs,
  'GET /health': [
    { what: 'wrong method', path: '/health', request: post({}), status: 405, code: 'method-not-allowed' },
  ],
  'GET /ready': [
    { what: 'wrong method', path: '/ready', request: post({}), status: 405, code: 'method-not-allowed' },
  ],
};

/** A place of each path, so that what is refused before an endpoint is reached can be tried on all. */
export function examplePath(path: string): string {
  return path.replace('{name}', 'assistant').replace(/\{\w+\}/g, id);
}

/** What every endpoint that needs a key refuses, before it looks at anything else. */
export const badAccess: readonly Omit<BadInput, 'path'>[] = [
  { what: 'no key', request: { key: null }, status: 401, code: 'key-missing' },
  { what: 'a wrong key', request: { key: 'btk_wrong' }, status: 401, code: 'key-invalid' },
  {
    what: 'a malformed Authorization',
    request: { headers: { authorization: 'Basic x' } },
    status: 401,
    code: 'key-invalid',
  },
  {
    what: 'a bad Host',
    request: { headers: { host: 'evil.example' } },
    status: 403,
    code: 'host-not-allowed',
  },
  {
    what: 'a bad Origin',
    request: { headers: { origin: 'https://evil.example' } },
    status: 403,
    code: 'origin-not-allowed',
  },
  {
    what: 'the login cookie and the Origin of another port',
    request: {
      key: null,
      headers: { cookie: `batuta_session=${fakeKeys.login}`, origin: 'http://127.0.0.1:5173' },
    },
    status: 403,
    code: 'origin-not-allowed',
  },
];
