import { BatutaError } from '@batuta/contract';

/** SQLSTATE of an error that the server reported; undefined for one of the connection. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Name of the constraint that a write violated. */
export function violatedConstraint(error: unknown): string | undefined {
  const cause = error instanceof BatutaError ? error.cause : error;
  if (sqlState(cause) !== uniqueViolation) return undefined;
  return cause instanceof Error && 'constraint' in cause ? String(cause.constraint) : undefined;
}

const uniqueViolation = '23505';

/** SQLSTATE that `refuse_write` of the migrations raises. */
const refused = 'BT001';

/** The reason that a statement gave to `refuse_write`. */
export function refusalReason(error: unknown): string | undefined {
  return sqlState(error) === refused && error instanceof Error ? error.message : undefined;
}

/** Server errors that mean "try another connection, or later": shutting down, starting up, too many connections, lost. */
const passing = /^(?:08...|57P0[1-4]|53300|25P03)$/;

/** Whether an error says nothing about the statement, only about the way to the database. */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error) || BatutaError.is(error)) return false;
  const state = sqlState(error);
  return state === undefined ? isFromConnection(error) : passing.test(state);
}

/** Server errors that will pass when somebody helps the server: disk full, out of memory, read errors, a standby without writes. */
const exhausted = /^(?:53100|53200|58030|25006)$/;

/** Whether the server could not do its work for now: nothing was written, and the same statement may succeed later. */
export function isServerExhausted(error: unknown): boolean {
  return exhausted.test(sqlState(error) ?? '');
}

/** Server errors of a transaction that was rolled back because of others: a deadlock, or a conflict of serialisation. */
const inTheWay = /^(?:40001|40P01)$/;

/** Whether others were in the way of a transaction: nothing was written, and the same one may succeed at once. */
export function isInTheWay(error: unknown): boolean {
  return inTheWay.test(sqlState(error) ?? '');
}

/** Server errors in answer to a connection: user or password, no such database, no right to connect. */
const refusing = /^(?:28...|3D000|42501)$/;

/** Whether an error of connecting means that this process cannot use the database: no way to it, or no entry. */
export function isConnectFailure(error: unknown): boolean {
  return isConnectionError(error) || refusing.test(sqlState(error) ?? '');
}

const connectionCodes =
  /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT|EACCES)$/;
const connectionMessages = /connection|connect|not queryable|timeout|socket|stream/i;

function isFromConnection(error: Error): boolean {
  if ('code' in error && typeof error.code === 'string' && connectionCodes.test(error.code)) return true;
  return !(error instanceof TypeError) && connectionMessages.test(error.message);
}

/** The error `database-unreachable` with its cause. */
export function unreachable(address: string, error: unknown): BatutaError<'database-unreachable'> {
  const reason = error instanceof Error && error.message !== '' ? error.message : String(error);
  return new BatutaError('database-unreachable', { address, reason }, { cause: error });
}
