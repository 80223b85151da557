import type { BatutaError, ErrorCode, ErrorData } from '@batuta/contract';

/** An error of the catalogue, to be thrown. Loads the contract only now, because most commands never fail. */
export async function failure<C extends ErrorCode>(
  code: C,
  data: ErrorData<C>,
  cause?: unknown,
): Promise<BatutaError<C>> {
  const contract = await import('@batuta/contract');
  return new contract.BatutaError(code, data, cause === undefined ? undefined : { cause });
}

/** The catalogue's code of an error, without loading the catalogue; undefined for other errors. */
export function codeOf(error: unknown): ErrorCode | undefined {
  if (typeof error !== 'object' || error === null || !(Symbol.for('batuta.error') in error)) return undefined;
  return 'code' in error ? (error.code as ErrorCode) : undefined;
}

/** What an error says, on one line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The errors that came together: the one that was thrown, and those that it carries. */
export function allOf(error: unknown): readonly unknown[] {
  const cause = error instanceof Error ? error.cause : undefined;
  return Array.isArray(cause) && cause.includes(error) ? cause : [error];
}

/** The texts that an error of the catalogue carries in its data. */
export function dataOf(error: unknown): Readonly<Record<string, string>> {
  const data = typeof error === 'object' && error !== null && 'data' in error ? error.data : undefined;
  if (typeof data !== 'object' || data === null) return {};
  return Object.fromEntries(Object.entries(data).filter((entry) => typeof entry[1] === 'string'));
}
