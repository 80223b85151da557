import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
} from '@modelcontextprotocol/client';
import { liftTask } from './task-handle.ts';

/** A line as a message; null when it is none. */
export function readMessage(line: string): JSONRPCMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (isJSONRPCResponse(value) || isJSONRPCNotification(value) || isJSONRPCRequest(value))
    return liftTask(value);
  return null;
}
