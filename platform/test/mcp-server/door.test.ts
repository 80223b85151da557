import { describe, expect, test } from 'vitest';
import { fakeIds, fakeKeys } from '../http/fake-application.ts';
import { openDoor, type TestRequest } from '../http/open-door.ts';

const accept = { accept: 'application/json, text/event-stream' };

function message(method: string, params: object = {}): TestRequest {
  return { json: { jsonrpc: '2.0', id: 1, method, params }, headers: accept };
}

function call(name: string, input: unknown = {}): TestRequest {
  return message('tools/call', { name, arguments: input });
}

async function ask(request: TestRequest, door = openDoor()) {
  const answer = await door.request('/mcp', request);
  return { status: answer.status, text: await answer.text(), headers: answer.headers, door };
}

describe('the MCP endpoint', () => {
  test.each([
    ['no key', { key: null }, 401, 'key-missing'],
    ['a wrong key', { key: 'btk_wrong' }, 401, 'key-invalid'],
    [
      'only the cookie of a browser',
      {
        key: null,
        headers: { ...accept, cookie: `batuta_session=${fakeKeys.login}`, origin: 'http://127.0.0.1:3000' },
      },
      401,
      'key-missing',
    ],
    [
      'a foreign origin',
      { headers: { ...accept, origin: 'https://evil.example' } },
      403,
      'origin-not-allowed',
    ],
    ['a foreign host', { headers: { ...accept, host: 'evil.example' } }, 403, 'host-not-allowed'],
  ])('keeps out %s', async (...[, change, status, code]) => {
    const { json } = message('tools/list');
    expect(await ask({ json, headers: accept, ...change })).toMatchObject({
      status,
      text: expect.stringContaining(code),
    });
  });

  test.each<[string, TestRequest, number, string]>([
    [
      'several messages at once',
      { json: [message('ping').json, message('ping').json], headers: accept },
      400,
      'mcp-batch-refused',
    ],
    ['a large body', call('list_agents', { cursor: 'x'.repeat(5000) }), 413, 'request-too-large'],
    ['a body that is no JSON', { raw: '{"jsonrpc":', headers: accept }, 400, '-32700'],
    [
      'another media type',
      { ...message('ping'), headers: { ...accept, 'content-type': 'text/plain' } },
      415,
      'Content-Type',
    ],
    ['an unknown method', message('tools/destroy'), 200, '-32601'],
    ['an unknown tool', call('shell', { script: 'id' }), 200, '-32602'],
    ['an unknown prompt', message('prompts/get', { name: 'nothing' }), 200, 'prompt-unknown'],
    ['an unknown resource', message('resources/read', { uri: 'file:///etc/passwd' }), 200, '-32602'],
    [
      'an artifact that is a path',
      message('resources/read', { uri: 'batuta://artifacts/../../keys' }),
      200,
      '-32602',
    ],
  ])('refuses %s', async (...[, request, status, said]) => {
    expect(await ask(request)).toMatchObject({ status, text: expect.stringContaining(said) });
  });

  test.each<[string, unknown, string]>([
    ['get_run', {}, 'arguments.run_id'],
    ['get_run', { run_id: 'nonsense' }, 'must be a run id'],
    ['get_run', { run_id: fakeIds.foreignRun }, '(run-unknown)'],
    ['get_run', { run_id: fakeIds.run, wait_seconds: 1e9 }, 'arguments.wait_seconds'],
    ['list_runs', { limit: 0 }, 'arguments.limit'],
    ['list_runs', { surprise: 1 }, 'surprise'],
    ['list_runs', { cursor: 'nonsense' }, '(cursor-invalid)'],
    ['run_agent', { agent: 'assistant', input: 'a\u0000b' }, 'U+0000'],
    ['run_agent', { agent: 'nobody', input: 'Hi' }, '(agent-unknown)'],
    ['cancel_run', { run_id: fakeIds.endedRun }, '(run-state-conflict)'],
    ['read_artifact', { artifact_id: fakeIds.foreignArtifact }, '(artifact-unknown)'],
    ['read_artifact', { artifact_id: fakeIds.artifact, offset: -1 }, 'arguments.offset'],
    ['create_schedule', { name: 'x', agent: 'assistant', input: 'Go' }, 'must have either cron or at'],
    ['usage_report', { from: 'yesterday' }, 'arguments.from'],
    ['decide_approval', { approval_id: fakeIds.approval, decision: 'yes' }, 'arguments.decision'],
  ])('%s says what is wrong with %j', async (name, input, said) => {
    const { text } = await ask(call(name, input));
    expect(text).toContain('"isError":true');
    expect(text).toContain(said);
  });
});

describe('a client with a key for agents only', () => {
  test('sees the tools that it may use, and no others answer', async () => {
    const { text } = await ask({ ...message('tools/list'), key: fakeKeys.agentsOnly });
    expect(text).toContain('"list_agents"');
    expect(text).not.toContain('"run_agent"');
    const refused = await ask({
      ...call('run_agent', { agent: 'assistant', input: 'Hi' }),
      key: fakeKeys.agentsOnly,
    });
    expect(refused.text).toContain('(permission-missing)');
    expect(refused.door.application.accepted).toEqual([]);
  });
});

describe('the audit log', () => {
  test('is told of each call by its tool, what it was about and how it ended, and of nothing twice', async () => {
    const { door } = await ask(call('get_run', { run_id: fakeIds.run }));
    await ask(call('cancel_run', { run_id: fakeIds.endedRun }), door);
    await ask({ ...call('run_agent'), key: fakeKeys.agentsOnly }, door);
    await ask({ ...message('tools/list'), key: null }, door);
    const { recorded } = door.application;
    expect(recorded.map(({ action, target, outcome, reason }) => [action, target, outcome, reason])).toEqual([
      ['MCP tools/call get_run', fakeIds.run, 'succeeded', null],
      ['MCP tools/call cancel_run', null, 'failed', 'run-state-conflict'],
      ['MCP tools/call run_agent', null, 'refused', 'permission-missing'],
      ['POST /mcp', null, 'refused', 'key-missing'],
    ]);
  });
});

describe('metadata of the protected resource', () => {
  const issuers = ['https://login.example.com'];

  test('names the issuers, and who has no key is shown the way to it', async () => {
    const door = openDoor({ issuers });
    const answer = await door.request('/.well-known/oauth-protected-resource/mcp', { key: null });
    expect(await answer.json()).toMatchObject({
      resource: 'http://127.0.0.1:3000/mcp',
      authorization_servers: issuers,
      bearer_methods_supported: ['header'],
    });
    const { headers } = await ask({ ...message('ping'), key: null }, door);
    expect(headers.get('www-authenticate')).toBe(
      'Bearer resource_metadata="http://127.0.0.1:3000/.well-known/oauth-protected-resource/mcp"',
    );
  });

  test('is not there without an issuer', async () => {
    const door = openDoor();
    expect((await door.request('/.well-known/oauth-protected-resource')).status).toBe(404);
    expect((await ask({ ...message('ping'), key: null }, door)).headers.get('www-authenticate')).toBe(
      'Bearer',
    );
  });
});

describe('subscriptions', () => {
  const modern = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'foreign', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const listen: TestRequest = {
    ...message('subscriptions/listen', { notifications: { toolsListChanged: true }, _meta: modern }),
    headers: { ...accept, 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' },
  };

  test('are counted like other streams, and end with the server', async () => {
    const door = openDoor({ maxStreams: 1 });
    const open = await door.request('/mcp', listen);
    expect(open.headers.get('content-type')).toContain('text/event-stream');
    expect(await ask(listen, door)).toMatchObject({
      status: 503,
      text: expect.stringContaining('streams-full'),
    });
    door.app.stop();
    expect(await open.text()).toContain('acknowledged');
  });
});
