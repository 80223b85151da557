import { BatutaError, errorCatalogue, type Problem } from '@batuta/contract';
import type { Log } from '../../port/log.ts';
import { reachedHeaders } from './security/count-request.ts';

/** The problem that an error is told as. An error of no known kind becomes `internal`, and its cause goes to the log. */
export function toProblem(error: unknown, log: Log): { problem: Problem; headers: Record<string, string> } {
  const known = BatutaError.is(error) ? error : concealCause(error, log);
  if (known !== error) return { problem: renderProblem(known), headers: {} };
  if (known.status >= 500) log.warn('request failed', { code: known.code, error: known.message });
  return { problem: renderProblem(known), headers: problemHeaders(known) };
}

/** The body of an error's answer (RFC 9457). */
export function renderProblem(error: BatutaError): Problem {
  return {
    type: `/errors/${error.code}`,
    title: errorCatalogue[error.code].title,
    status: error.status,
    detail: error.message,
    code: error.code,
    data: { ...error.data },
  };
}

function concealCause(error: unknown, log: Log): BatutaError {
  const incident = globalThis.crypto.randomUUID();
  log.error('request failed for an unknown reason', { incident, error });
  return new BatutaError('internal', { incident });
}

function problemHeaders(error: BatutaError): Record<string, string> {
  const headers: Record<string, string> = {};
  if ('retry_after_seconds' in error.data) headers['retry-after'] = String(error.data.retry_after_seconds);
  if (BatutaError.has(error, 'rate-limited')) Object.assign(headers, reachedHeaders(error.data));
  if (BatutaError.has(error, 'method-not-allowed')) headers['allow'] = error.data.allowed;
  return headers;
}
