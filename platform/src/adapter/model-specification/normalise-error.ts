import { BatutaError, type ErrorData } from '@batuta/contract';
import { readFailure, type Failure } from './read-failure.ts';
import { redactSecrets } from './redact-secrets.ts';

type FailureKind = ErrorData<'model-call-failed'>['kind'];

/** Whose failure it is. */
export interface FailedCall {
  reference: string;
  /** Keys that the call was made with: they never appear in a reason. */
  secrets: readonly string[];
  /** Milliseconds since the epoch, for a `retry-after` that is a date. */
  now: number;
}

const contextWords =
  /context[ _](?:length|window|limit)|maximum context|prompt is too long|input is too long|too many (?:input )?tokens|(?:token|input).{0,40}exceeds?|exceeds? .{0,40}(?:tokens|context)|reduce the length/i;

type WordRule = readonly [kind: FailureKind, matches: (failure: Failure) => boolean];

/** Kinds by what the codes and the message say. These words know better than the HTTP status. */
const strongWords: readonly WordRule[] = [
  ['context', ({ codes, message }) => codes.includes('context_length') || contextWords.test(message)],
  ['content-filter', ({ codes }) => /content_filter|content_policy|safety/.test(codes)],
  ['access', ({ codes }) => /insufficient_quota|billing|authentication|permission|loadapikey/.test(codes)],
];

/** These words help where there is no telling status, as in the middle of a stream. */
const weakWords: readonly WordRule[] = [
  ['overloaded', ({ codes }) => /overloaded|unavailable/.test(codes)],
  ['rate-limited', ({ codes }) => /rate_limit|resource_exhausted/.test(codes)],
];

const statusKinds: Readonly<Record<number, FailureKind>> = {
  401: 'access',
  402: 'access',
  403: 'access',
  408: 'timeout',
  409: 'server',
  413: 'context',
  425: 'server',
  429: 'rate-limited',
  503: 'overloaded',
  529: 'overloaded',
};

const retryableKinds: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'rate-limited',
  'overloaded',
  'server',
  'network',
  'timeout',
  'malformed',
]);

/** The error `model-call-failed` for anything that a provider package threw. */
export function normaliseError(error: unknown, call: FailedCall): BatutaError<'model-call-failed'> {
  if (BatutaError.has(error, 'model-call-failed')) return modelCallFailed(call, error.data);
  const failure = readFailure(error);
  const kind = kindOf(failure);
  return modelCallFailed(call, {
    kind,
    reason: failure.message,
    retry_after_ms: retryAfter(failure.headers, call.now),
    provider_status: failure.status ?? null,
    sent: failure.status !== undefined || !unconnected.test(failure.codes),
  });
}

/** What the network layer says when there was no connection to send anything over. */
const unconnected =
  /\b(?:econnrefused|enotfound|eai_again|ehostunreach|enetunreach|und_err_connect_timeout|ai_loadapikeyerror)\b/;

/** The error `model-call-failed` of a kind that is known. */
export function modelCallFailed(
  call: FailedCall,
  failure: Pick<ErrorData<'model-call-failed'>, 'kind' | 'reason'> & Partial<ErrorData<'model-call-failed'>>,
): BatutaError<'model-call-failed'> {
  return new BatutaError('model-call-failed', {
    retry_after_ms: null,
    provider_status: null,
    sent: true,
    ...failure,
    model: call.reference,
    reason: redactSecrets(failure.reason, call.secrets),
    retryable: retryableKinds.has(failure.kind),
  });
}

function kindOf(failure: Failure): FailureKind {
  const { status } = failure;
  const known =
    kindByWords(strongWords, failure) ?? statusKinds[status ?? 0] ?? kindByWords(weakWords, failure);
  if (known !== undefined) return known;
  if (status !== undefined) return status < 500 ? 'request' : 'server';
  return kindByNames(failure.codes);
}

function kindByWords(rules: readonly WordRule[], failure: Failure): FailureKind | undefined {
  return rules.find(([, matches]) => matches(failure))?.[0];
}

/** Kinds of errors that never reached a provider or came without a status, by their names. */
function kindByNames(names: string): FailureKind {
  if (/jsonparse|typevalidation|invalidresponse|syntaxerror|emptyresponse/.test(names)) return 'malformed';
  if (/unsupportedfunctionality|invalidargument|invalidprompt|nosuchmodel|invalid_request/.test(names))
    return 'request';
  if (/timeout/.test(names)) return 'timeout';
  return /server_error|api_error|internal/.test(names) ? 'server' : 'network';
}

/** Milliseconds that the provider asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date. */
function retryAfter(headers: Readonly<Record<string, string>>, now: number): number | null {
  const inMs = Number.parseFloat(headers['retry-after-ms'] ?? '');
  if (Number.isFinite(inMs) && inMs >= 0) return Math.ceil(inMs);
  const header = headers['retry-after'];
  if (header === undefined) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds) && seconds >= 0) return Math.ceil(seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
