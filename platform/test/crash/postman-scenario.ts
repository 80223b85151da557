/**
 * What the worker processes of this suite do: a postman whose effects are operations of an API.
 *
 * | turn | the postman asks for                                                                  |
 * | ---- | ------------------------------------------------------------------------------------- |
 * | 1    | `postLetter` (a POST that nobody may repeat), `postParcel` (with an idempotency key)  |
 * | 2    | `shredLetter` (a DELETE)                                                              |
 * | 3    | nothing: the answer                                                                   |
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelRequest } from '@batuta/platform/ports';
import type { ScenarioSurroundings, WorkerScenario } from '@batuta/testkit/crash/scenario';
import { MemoryRateLimiter } from '../../src/adapter/rate-limiter-memory/memory-rate-limiter.ts';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { makeOpenapiSources } from '../../src/adapter/openapi/openapi-source.ts';
import { nameOfSourceTool } from '../../src/domain/tool/tool-name.ts';
import { apiSettings, recordingLog } from '../openapi/api-kit.ts';

/** Calls of one run, with the operation of each. */
export const operations = { letter: 'postLetter', parcel: 'postParcel', shred: 'shredLetter' } as const;

const variables = ['case', 'call'].map((name) => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string' },
}));
const key = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } };

function operation(operationId: string, more: readonly object[] = []) {
  return { operationId, parameters: [...variables, ...more], responses: { 200: { description: 'Done.' } } };
}

const document = {
  openapi: '3.1.0',
  info: { title: 'Post office', version: '1' },
  paths: {
    '/postLetter/{case}/{call}': { post: operation('postLetter') },
    '/postParcel/{case}/{call}': { post: operation('postParcel', [key]) },
    '/shredLetter/{case}/{call}': { delete: operation('shredLetter') },
  },
};

export function makeScenario({ outside }: ScenarioSurroundings): WorkerScenario {
  const projectFolder = mkdtempSync(join(tmpdir(), 'batuta-post-'));
  writeFileSync(join(projectFolder, 'post.json'), JSON.stringify(document));
  const api = apiSettings({ name: 'post', document: 'post.json', server: outside, timeoutMs: 60_000 });
  const toolSources = makeOpenapiSources([api], {
    projectFolder,
    limits: { allowPrivate: ['127.0.0.1'], maxBytes: 100_000, documentMaxBytes: 100_000, cacheBytes: 0 },
    clock: systemClock,
    log: recordingLog(),
    limiter: new MemoryRateLimiter(systemClock),
    nameOf: nameOfSourceTool,
  });
  const agent = { name: 'postman', instructions: 'You are the postman.', tools: ['openapi:post/*'] };
  return { agents: [agent], tools: [], toolSources, model: answerOf };
}

function answerOf({ messages }: ModelRequest) {
  const name = JSON.stringify(messages[0]).match(/case-\d+/)?.[0] ?? 'case';
  const call = (callId: keyof typeof operations) => ({
    tool: `post_${operations[callId]}`,
    callId,
    arguments: { case: name, call: callId },
  });
  const turns = [[call('letter'), call('parcel')], [call('shred')]];
  const calls = turns[messages.filter((message) => message.role === 'assistant').length];
  return calls ? { calls } : { text: 'All is delivered.' };
}
