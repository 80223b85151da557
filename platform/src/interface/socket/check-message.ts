import { BatutaError, type JsonObject } from '@batuta/contract';
import { z } from 'zod';

const longestReason = 300;

/** A control message as its schema has it. Errors: `socket-message-invalid`. */
export function checkMessage<T>(schema: z.ZodType<T>, message: JsonObject): T {
  const result = schema.safeParse(message);
  if (result.success) return result.data;
  const reason = z.prettifyError(result.error).replaceAll(/\s+/g, ' ').slice(0, longestReason);
  throw new BatutaError('socket-message-invalid', { reason });
}
