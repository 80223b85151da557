import { BatutaError } from '@batuta/contract';

/** A value of a statement as it is sent: text that the server reads by the parameter's type, bytes, or null. */
export function encodeValue(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (Array.isArray(value)) return `{${value.map(encodeElement).join(',')}}`;
  throw unknownType(value);
}

const special = /["\\]/g;

function encodeElement(element: unknown): string {
  if (element === null) return 'NULL';
  if (typeof element === 'number' || typeof element === 'boolean') return String(element);
  if (typeof element === 'string') return `"${element.replace(special, '\\$&')}"`;
  throw unknownType(element);
}

function unknownType(value: unknown): BatutaError<'internal'> {
  return new BatutaError('internal', { incident: `a value of type ${typeof value} cannot be sent` });
}
