import type { JSONRPCMessage } from '@modelcontextprotocol/client';

/** Where a lifted task is found in a result. */
export const liftedTask = 'batuta/task';

/**
 * A server of the stateless era may answer a call with a task instead of a result. The library knows results only, so the task is carried
 * in the metadata of an empty one.
 */
export function liftTask(message: JSONRPCMessage): JSONRPCMessage {
  if (!('result' in message) || message.result['resultType'] !== 'task') return message;
  const { resultType: _, _meta: metadata, ...task } = message.result;
  const result = { resultType: 'complete', content: [], _meta: { ...metadata, [liftedTask]: task } };
  return { ...message, result };
}
