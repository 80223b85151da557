import { BatutaError, type JsonObject } from '@batuta/contract';
import type { ConsentService } from '../../../port/consent-service.ts';
import type { Clock } from '../../../port/clock.ts';
import type { ToolContext, ToolOutput } from '../../../port/tool.ts';
import { exchange, NoAnswer, type ExchangeAnswer, type ExchangeRules } from '../../pinned-http/exchange.ts';
import type { Resolve } from '../../pinned-http/resolve-host.ts';
import { renderAnswer } from '../answer/render-answer.ts';
import { retryAfterSeconds } from '../answer/retry-after.ts';
import type { CachedRequest, ResponseCache } from '../answer/response-cache.ts';
import type { ApiLimits, ApiSettings } from '../api-settings.ts';
import { fingerprintOf, type AppliedCredentials } from '../auth/applied-credentials.ts';
import { applyCredentials, type ReadyCredential } from '../auth/credentials.ts';
import type { TokenStore } from '../auth/token-store.ts';
import type { Operation } from '../document/operation.ts';
import { callAddress } from './base-address.ts';
import { encodeBody, type EncodedBody } from './encode-body.ts';
import { encodeParameters } from './encode-parameters.ts';
import { exchangeFollowing } from './follow-redirects.ts';
import { readWholeArtifact } from './read-artifact.ts';
import type { RateGate } from './rate-gate.ts';
import { RequestFault } from './request-fault.ts';

/** What all calls of an API share. */
export interface ApiRuntime {
  settings: ApiSettings;
  limits: ApiLimits;
  clock: Clock;
  tokens: TokenStore;
  cache: ResponseCache;
  gate: RateGate;
  /** Where people consent to calls in their name; null: nowhere. */
  consents: ConsentService | null;
  resolve?: Resolve;
}

/** An operation that is ready to be called. */
export interface ReadyOperation {
  name: string;
  operation: Operation;
  base: URL;
  readOnly: boolean;
  credentials: readonly ReadyCredential[];
  missingCredentials: readonly string[];
  idempotencyHeader: string | null;
}

/** The request of a call, without credentials: it is the same when it is sent again. */
interface Prepared {
  path: string;
  query: readonly string[];
  headers: Readonly<Record<string, string>>;
  cookies: readonly string[];
  body: EncodedBody | null;
  deadline: number;
}

const tokenMs = 15_000;
const mostTries = 4;
const userAgent = 'Batuta/0.1 (openapi)';

/** Calls an operation. Errors: `tool-outcome-unknown`, `tool-failed`, `address-refused`, `address-forbidden`. */
export async function callOperation(
  ready: ReadyOperation,
  input: JsonObject,
  { context, api }: { context: ToolContext; api: ApiRuntime },
): Promise<ToolOutput> {
  try {
    const prepared = await prepare(ready, input, { context, api });
    const { answer, credentials } = await answerOf(ready, prepared, { context, api });
    return renderAnswer(answer, {
      ...ready,
      api: api.settings.name,
      secrets: credentials.secrets,
      now: api.clock.now(),
    });
  } catch (error) {
    if (error instanceof RequestFault) return { text: `It was not called: ${error.message}.`, failed: true };
    if (error instanceof NoAnswer) throw unanswered(ready, error);
    throw error;
  }
}

async function prepare(
  { operation, idempotencyHeader }: ReadyOperation,
  input: JsonObject,
  { context, api }: { context: ToolContext; api: ApiRuntime },
): Promise<Prepared> {
  const encoded = encodeParameters(operation, input);
  const { maxBytes } = api.limits;
  const readFile = (id: string) => readWholeArtifact(id, { context, maxBytes });
  const value = input['body'];
  const body =
    operation.body && value !== undefined
      ? await encodeBody(operation.body, value, { readFile, maxBytes })
      : null;
  const key = idempotencyHeader === null ? {} : { [idempotencyHeader.toLowerCase()]: context.idempotencyKey };
  return {
    ...encoded,
    headers: {
      accept: acceptOf(operation),
      'user-agent': userAgent,
      ...lowerCase(api.settings.headers),
      ...lowerCase(encoded.headers),
      ...key,
      ...(body ? { 'content-type': body.mediaType } : {}),
    },
    body,
    deadline: api.clock.now() + api.settings.timeoutMs,
  };
}

function acceptOf({ accepts }: Operation): string {
  const json = accepts.filter((type) => type.includes('json'));
  const others = accepts.filter((type) => !type.includes('json') && type !== '*/*');
  const wanted = [...json, ...others].slice(0, 6);
  return wanted.length === 0 ? 'application/json, */*;q=0.8' : `${wanted.join(', ')}, */*;q=0.1`;
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The answer that the model is told of: sent again where the API asks for it and that is safe. */
async function answerOf(
  ready: ReadyOperation,
  prepared: Prepared,
  parts: { context: ToolContext; api: ApiRuntime },
): Promise<{ answer: ExchangeAnswer; credentials: AppliedCredentials }> {
  let renewed = false;
  for (let tries = 1; ; tries += 1) {
    const credentials = await credentialsOf(ready, parts);
    const answer = await sendOnce({ ready, prepared, credentials }, parts);
    const isLast = tries >= mostTries;
    if (answer.status === 401 && !renewed && !isLast && (await credentials.renew())) {
      renewed = true;
      continue;
    }
    const waitMs = isLast ? null : waitOf(answer, ready, parts.api);
    if (waitMs === null || parts.api.clock.now() + waitMs >= prepared.deadline)
      return { answer, credentials };
    await parts.api.clock.sleep(waitMs, parts.context.signal);
    parts.context.signal.throwIfAborted();
  }
}

/** How long an API asks to wait: after 429 nothing has happened; after 503 that is sure only of what changes nothing. */
function waitOf(
  { status, headers }: ExchangeAnswer,
  { readOnly }: ReadyOperation,
  { clock }: ApiRuntime,
): number | null {
  if (status !== 429 && !(status === 503 && readOnly)) return null;
  const seconds = retryAfterSeconds(headers['retry-after'], clock.now());
  return seconds === null ? null : seconds * 1000;
}

function credentialsOf(
  { credentials }: ReadyOperation,
  { context, api }: { context: ToolContext; api: ApiRuntime },
): Promise<AppliedCredentials> {
  return applyCredentials(credentials, {
    api: api.settings.name,
    tenantId: context.tenantId,
    userId: context.userId,
    consents: api.consents,
    secret: (name) => context.secret(name),
    tokens: api.tokens,
    now: () => api.clock.now(),
    // A token serves all calls that wait for it: it does not end with the call that asked first.
    post: (request) =>
      exchange(
        { ...request, method: 'POST', signal: AbortSignal.timeout(tokenMs) },
        { ...rulesOf(api), maxBytes: 1_000_000 },
      ),
  });
}

async function sendOnce(
  {
    ready,
    prepared,
    credentials,
  }: { ready: ReadyOperation; prepared: Prepared; credentials: AppliedCredentials },
  { context, api }: { context: ToolContext; api: ApiRuntime },
): Promise<ExchangeAnswer> {
  const { operation, readOnly, base } = ready;
  const url = callAddress(base, { path: prepared.path, query: [...prepared.query, ...credentials.query] });
  const cookies = [...prepared.cookies, ...credentials.cookies];
  const headers: Record<string, string> = {
    ...prepared.headers,
    ...credentials.headers,
    ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}),
  };
  const partition = JSON.stringify([api.settings.name, context.tenantId, fingerprintOf(credentials)]);
  const cached: CachedRequest = { partition, url, method: operation.method, headers };
  const isCacheable = api.settings.cache && operation.method === 'get';
  const found = isCacheable ? api.cache.find(cached) : { kind: 'none' as const };
  if (found.kind === 'fresh') return found.answer;
  await api.gate({ tenantId: context.tenantId, deadline: prepared.deadline, signal: context.signal });
  const sent = { ...headers, ...(found.kind === 'stale' ? found.headers : {}) };
  const request = {
    url,
    method: operation.method.toUpperCase(),
    headers: sent,
    body: prepared.body?.content ?? null,
    signal: context.signal,
  };
  const rules = { ...rulesOf(api), mayReach: context.mayReach };
  const answer = await exchangeFollowing(request, rules, ['get', 'head'].includes(operation.method));
  if (!readOnly) api.cache.forget(partition);
  return isCacheable ? api.cache.keep(cached, answer) : answer;
}

function rulesOf({ limits, resolve }: ApiRuntime): ExchangeRules {
  const { allowPrivate, maxBytes } = limits;
  return { allowPrivate, maxBytes, ...(resolve ? { resolve } : {}) };
}

/** A request that may have arrived and has no answer: of one that changes something nobody knows whether it did. */
function unanswered({ name, readOnly }: ReadyOperation, error: NoAnswer): BatutaError {
  const reason = `no answer came (${error.message})`;
  return error.sent && !readOnly
    ? new BatutaError('tool-outcome-unknown', { tool: name, reason }, { cause: error })
    : new BatutaError('tool-failed', { tool: name, reason }, { cause: error });
}
