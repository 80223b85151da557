import { problemSchema, type Problem } from '@batuta/contract';
import { describe, expect, test } from 'vitest';
import { allEndpoints } from '../../src/interface/http/endpoint/all-endpoints.ts';
import { describeApi } from '../../src/interface/http/open-api/open-api-document.ts';
import { badAccess, badInputs, examplePath } from './bad-input-cases.ts';
import { fakeKeys } from './fake-application.ts';
import { openDoor, type TestRequest } from './open-door.ts';

const document = describeApi(allEndpoints, '0.0.0');
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    needsKey: Array.isArray(operation['security']) && operation['security'].length > 0,
    needsScope: String(operation['description']).includes('with the scope'),
  })),
);

/** The problem of an answer, checked against all that holds for every problem. */
async function problemOf(answer: Response): Promise<Problem> {
  const text = await answer.text();
  expect({ type: answer.headers.get('content-type'), text }).toMatchObject({
    type: 'application/problem+json',
  });
  const problem = problemSchema.parse(JSON.parse(text));
  expect(problem).toMatchObject({ status: answer.status, type: `/errors/${problem.code}` });
  expect(problem.detail).not.toContain('{');
  return problem;
}

function withMethod(method: string, request: TestRequest = {}): TestRequest {
  return method === 'POST' || method === 'PATCH' ? { method, json: {}, ...request } : { method, ...request };
}

test('every endpoint of the OpenAPI document has bad inputs, and no others do', () => {
  expect(Object.keys(badInputs).toSorted()).toEqual(operations.map(({ name }) => name).toSorted());
  expect(Object.values(badInputs).every((cases) => cases.length > 0)).toBe(true);
});

describe.each(operations)('$name', ({ name, method, path }) => {
  test.each(badInputs[name] ?? [])('refuses $what: $path', async ({ path: at, request, status, code }) => {
    const answer = await openDoor().request(at, request);
    expect(await problemOf(answer)).toMatchObject({ status, code });
  });

  test('refuses another method and names those that are possible', async () => {
    const answer = await openDoor().request(examplePath(path), { method: 'PROPFIND' });
    expect(await problemOf(answer)).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect(answer.headers.get('allow')?.split(', ')).toContain(method);
  });
});

describe.each(operations.filter(({ needsKey }) => needsKey))('$name', ({ method, path }) => {
  test.each(badAccess)('refuses $what', async ({ request, status, code }) => {
    const answer = await openDoor().request(examplePath(path), withMethod(method, request));
    expect(await problemOf(answer)).toMatchObject({ status, code });
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
  });
});

describe.each(operations.filter(({ needsScope }) => needsScope))('$name', ({ method, path }) => {
  test('refuses a key without the scope', async () => {
    const key = path.startsWith('/v1/agents') ? fakeKeys.runsOnly : fakeKeys.agentsOnly;
    const answer = await openDoor().request(examplePath(path), withMethod(method, { key }));
    const problem = await problemOf(answer);
    expect(problem).toMatchObject({ status: 403, code: 'permission-missing' });
    expect(problem.data['scope']).toMatch(/^[a-z]+:(read|write)$/);
  });
});

test('an error names the place of each issue, and which alternative came nearest', async () => {
  const input = [{ type: 'text', text: 7 }];
  const answer = await openDoor().request('/v1/runs', { json: { agent: 'Bad Name', input } });
  const problem = await problemOf(answer);
  expect(problem).toMatchObject({ status: 400, code: 'request-invalid' });
  expect(problem.detail).toContain('body.agent: must be lower-case letters');
  expect(problem.detail).toContain('body.input.0.text');
});

test('nesting that would overflow the stack of later steps is refused', async () => {
  const nested = `${'['.repeat(1500)}${']'.repeat(1500)}`;
  const raw = `{"agent":"assistant","input":"Hello","metadata":{"a":${nested}}}`;
  const problem = await problemOf(await openDoor().request('/v1/runs', { method: 'POST', raw }));
  expect(problem.detail).toContain('nested more than 64 levels deep');
});

test('a body that is larger than its limit is refused without a content-length too', async () => {
  const raw = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1000)),
  });
  const answer = await openDoor().request('/v1/runs', { method: 'POST', raw });
  expect(await problemOf(answer)).toMatchObject({ status: 413, code: 'request-too-large' });
});

test('an unknown address is a problem too', async () => {
  expect(await problemOf(await openDoor().request('/v1/nonsense'))).toMatchObject({
    status: 404,
    code: 'route-unknown',
  });
});

test('a failure of no known kind tells the client an incident, and the log its cause', async () => {
  const door = openDoor();
  door.application.failure = new TypeError('secret detail');
  const answer = await door.request('/v1/runs', { json: { agent: 'assistant', input: 'Hello' } });
  const problem = await problemOf(answer);
  expect(problem).toMatchObject({ status: 500, code: 'internal' });
  expect(JSON.stringify(problem)).not.toContain('secret detail');
  expect(door.log.lines).toContainEqual(
    expect.objectContaining({ level: 'error', fields: expect.objectContaining(problem.data) }),
  );
});
