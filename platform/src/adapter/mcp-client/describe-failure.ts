import { BatutaError } from '@batuta/contract';
import {
  InsufficientScopeError,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
} from '@modelcontextprotocol/client';
import { streamEndedCode } from './http-transport.ts';

/** What a failed call tells about the connection and about what the call may have done. */
export interface CallFailure {
  /** `refused`: the server did not take the call up. `lost`: nobody knows. `answered`: the server said no, or something that cannot be read. */
  kind: 'refused' | 'lost' | 'answered';
  reason: string;
  /** The connection is of no more use. */
  isOver: boolean;
  /** What must be granted besides; empty where the server does not say. */
  missingScope?: string;
}

const longestReason = 500;
const deepestCause = 6;

/** Before a byte has reached the server. */
const unreached = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Reads the errors of the library. `why`: what the connection says about its end. */
export function describeFailure(error: unknown, why: string | undefined): CallFailure {
  if (error instanceof InsufficientScopeError) {
    const missingScope = error.requiredScope ?? '';
    return { kind: 'refused', reason: 'it wants more than was granted', isOver: false, missingScope };
  }
  if (error instanceof ProtocolError) return protocolFailure(error);
  if (error instanceof SdkHttpError) return httpFailure(error);
  if (error instanceof SdkError) return libraryFailure(error, why);
  if (BatutaError.has(error, 'tool-server-unavailable'))
    return { kind: 'lost', reason: error.data.reason, isOver: true };
  const code = networkCode(error);
  if (code !== undefined && unreached.has(code))
    return { kind: 'refused', reason: `it cannot be reached (${code})`, isOver: true };
  return { kind: 'lost', reason: why ?? reasonOf(error), isOver: true };
}

function protocolFailure(error: ProtocolError): CallFailure {
  if (error.code === streamEndedCode) return { kind: 'lost', reason: 'its answer broke off', isOver: false };
  return { kind: 'answered', reason: reasonOf(error), isOver: false };
}

function httpFailure(error: SdkHttpError): CallFailure {
  const { status } = error;
  // The session is unknown, or who asks is: the call was not taken up.
  if (status === 404 || status === 401 || status === 403)
    return { kind: 'refused', reason: `it answered ${status}`, isOver: status === 404 };
  if (status >= 500) return { kind: 'lost', reason: `it answered ${status}`, isOver: false };
  return { kind: 'answered', reason: `it answered ${status}: ${reasonOf(error)}`, isOver: false };
}

function libraryFailure(error: SdkError, why: string | undefined): CallFailure {
  if (error.code === SdkErrorCode.NotConnected)
    return { kind: 'refused', reason: why ?? 'the connection was closed', isOver: true };
  if (error.code === SdkErrorCode.InvalidResult || error.code === SdkErrorCode.UnsupportedResultType)
    return { kind: 'answered', reason: 'it answered something that is no result of a tool', isOver: false };
  const isOver = error.code !== SdkErrorCode.RequestTimeout;
  return { kind: 'lost', reason: why ?? reasonOf(error), isOver };
}

/** The code of the system under an error of the library, however deep it is. */
export function networkCode(error: unknown): string | undefined {
  let cause = error;
  for (let depth = 0; depth < deepestCause && cause instanceof Error; depth += 1) {
    if ('code' in cause && /^(?:E[A-Z]{3,}|EAI_[A-Z]+|UND_ERR_[A-Z_]+)$/.test(String(cause.code)))
      return String(cause.code);
    cause = cause.cause;
  }
  return undefined;
}

/** The message of an error, bounded: it may hold what a server wrote. */
export function reasonOf(error: unknown): string {
  const network = networkCode(error);
  const message = error instanceof Error ? error.message : String(error);
  const known = network === undefined || message.includes(network) ? message : `${message} (${network})`;
  return known.replaceAll(/\s+/g, ' ').slice(0, longestReason);
}

/** What made the library give up a connection, without its own words about where it was. */
export function rootReason(error: unknown): string {
  let root = error;
  for (let depth = 0; depth < deepestCause; depth += 1) {
    if (BatutaError.has(root, 'tool-server-unavailable')) return root.data.reason;
    if (!(root instanceof Error) || !(root.cause instanceof Error)) break;
    root = root.cause;
  }
  return isMisread(root) ? 'it answered something that is no message of the protocol' : reasonOf(root);
}

/** What schemas say about an answer is of no use to people. */
function isMisread(error: unknown): boolean {
  return error instanceof Error && ('issues' in error || error instanceof SyntaxError);
}
