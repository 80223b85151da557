import type { Belongings } from './belongings.ts';
import type { Expectation, Probe } from './probe.ts';

type Given = (ids: Belongings) => Record<string, unknown>;

const headers = { accept: 'application/json, text/event-stream' };

function ask(method: string, params: Given, expected: Expectation): Probe {
  return {
    expected,
    ask: (ids) => ({ path: '/mcp', headers, json: { jsonrpc: '2.0', id: 1, method, params: params(ids) } }),
  };
}

/** A tool called with an id of the owner's: the error of an unknown one. */
function unknownTo(code: string, name: string, given: Given): Probe {
  const params: Given = (ids) => ({ name, arguments: given(ids) });
  return ask('tools/call', params, { kind: 'told', words: `(${code})` });
}

/** A tool that lists, maybe narrowed by an id of the owner's: nothing. */
function emptyFor(name: string, given: Given = () => ({})): Probe {
  const params: Given = (ids) => ({ name, arguments: given(ids) });
  return ask('tools/call', params, { kind: 'told', words: '"items":[]' });
}

/** Tools about schedules and costs are not for members at all. */
function notForMembers(probe: Probe): Probe {
  return { ...probe, forMembers: { kind: 'told', words: '(permission-missing)' } };
}

/** What is about the asker alone. */
function aboutAsker(name: string, given: Given = () => ({})): Probe {
  return ask('tools/call', (ids) => ({ name, arguments: given(ids) }), { kind: 'own' });
}

const run: Given = (ids) => ({ run_id: ids.run });
const session: Given = (ids) => ({ session_id: ids.session });
const input = { agent: 'assistant', input: 'Hello' };

/** How each tool of the MCP endpoint is tried by somebody who has no business with the owner's things. */
export const toolProbes: Readonly<Record<string, readonly Probe[]>> = {
  list_agents: [aboutAsker('list_agents')],
  list_tools: [aboutAsker('list_tools')],
  policy_explain: [aboutAsker('policy_explain', () => ({ agent: 'assistant', tool: 'read' }))],
  run_agent: [unknownTo('session-unknown', 'run_agent', (ids) => ({ ...input, ...session(ids) }))],
  call_tool: [aboutAsker('call_tool', () => ({ agent: 'assistant', tool: 'read' }))],
  web_search: [aboutAsker('web_search', () => ({ query: 'x' }))],
  web_fetch: [aboutAsker('web_fetch', () => ({ url: 'https://example.com/' }))],
  run_code: [aboutAsker('run_code', (ids) => ({ language: 'python', code: '1', ...session(ids) }))],
  browse_page: [aboutAsker('browse_page', (ids) => ({ url: 'https://example.com/', ...session(ids) }))],
  get_run: [unknownTo('run-unknown', 'get_run', run)],
  list_runs: [emptyFor('list_runs'), emptyFor('list_runs', session)],
  cancel_run: [unknownTo('run-unknown', 'cancel_run', run)],
  send_message: [unknownTo('run-unknown', 'send_message', (ids) => ({ ...run(ids), text: 'Hello' }))],
  list_sessions: [emptyFor('list_sessions')],
  get_session_events: [unknownTo('session-unknown', 'get_session_events', session)],
  list_approvals: [emptyFor('list_approvals'), emptyFor('list_approvals', run)],
  decide_approval: [
    unknownTo('mcp-decision-unconfirmed', 'decide_approval', ({ approval }) => ({
      approval_id: approval,
      decision: 'approve',
    })),
  ],
  list_artifacts: [
    emptyFor('list_artifacts'),
    emptyFor('list_artifacts', session),
    emptyFor('list_artifacts', run),
  ],
  read_artifact: [
    unknownTo('artifact-unknown', 'read_artifact', ({ artifact }) => ({ artifact_id: artifact })),
  ],
  create_schedule: [
    notForMembers(
      unknownTo('session-unknown', 'create_schedule', (ids) => ({
        ...input,
        ...session(ids),
        name: 'mine',
        cron: '@daily',
      })),
    ),
  ],
  list_schedules: [notForMembers(emptyFor('list_schedules'))],
  usage_report: [aboutAsker('usage_report')],
};

const resource: Given = ({ artifact }) => ({ uri: `batuta://artifacts/${artifact}` });
const completion: Given = () => ({
  ref: { type: 'ref/resource', uri: 'batuta://artifacts/{artifact_id}' },
  argument: { name: 'artifact_id', value: '' },
});

/** The MCP endpoint, tool by tool, and its resources. */
export const mcpProbes: readonly Probe[] = [
  ...Object.values(toolProbes).flat(),
  ask('resources/list', () => ({}), { kind: 'told', words: '"resources":[]' }),
  ask('resources/read', resource, { kind: 'told', words: 'not found' }),
  ask('completion/complete', completion, { kind: 'told', words: '"values":[]' }),
];
