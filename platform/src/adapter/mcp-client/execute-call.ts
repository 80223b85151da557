import { BatutaError, jsonObjectSchema, type JsonObject } from '@batuta/contract';
import type { Tool } from '@modelcontextprotocol/client';
import type { Clock } from '../../port/clock.ts';
import type { ConsentService } from '../../port/consent-service.ts';
import type { ExecutableTool, ToolContext, ToolOutput } from '../../port/tool.ts';
import type { Connection } from './connection.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { Caller, ToolServerOptions } from './server-options.ts';

export interface ExecuteOn {
  pool: ConnectionPool;
  server: ToolServerOptions;
  clock: Clock;
  tool: Tool;
  timeoutMs: number;
  /** Whether the server still has the tool. */
  isListed: () => boolean;
  consents: ConsentService | undefined;
}

/** What is loaded when a server is first connected to, and not before: the library is large. */
const loadCalls = async () => {
  const [{ callTool }, { describeFailure }, { renderResult }] = await Promise.all([
    import('./call-tool.ts'),
    import('./describe-failure.ts'),
    import('./render-result.ts'),
  ]);
  return { callTool, describeFailure, renderResult };
};

/** A call that the server did not take up is sent once more, on a new connection. */
const mostAttempts = 2;

/**
 * Makes the function that calls a tool. Errors: `tool-server-unavailable` (nothing was done), `tool-outcome-unknown` (it was under way),
 * `tool-server-problem` (the server refused, or answered nonsense), `tool-gone`.
 */
export function executeOn(made: ExecuteOn): ExecutableTool['execute'] {
  const { pool, server, tool, isListed } = made;
  return async (value, context) => {
    const input = jsonObjectSchema.parse(value);
    if (!isListed()) throw new BatutaError('tool-gone', { server: server.name, tool: tool.name });
    for (let attempt = 1; ; attempt += 1) {
      const connection = await pool.acquire(context, context.signal);
      const result = await attemptCall(made, { connection, input, context });
      if (!('refused' in result)) return result;
      if (!result.isOver || attempt === mostAttempts)
        throw new BatutaError('tool-server-unavailable', { server: server.name, reason: result.refused });
    }
  };
}

interface Attempt {
  connection: Connection;
  input: JsonObject;
  context: ToolContext;
}

async function attemptCall(
  made: ExecuteOn,
  { connection, input, context }: Attempt,
): Promise<ToolOutput | { refused: string; isOver: boolean }> {
  const { pool, server, tool, clock, timeoutMs } = made;
  const { callTool, describeFailure, renderResult } = await loadCalls();
  try {
    const call = { connection, server: server.name, tool, input, context, clock, timeoutMs };
    return renderResult(await connection.use(() => callTool(call)));
  } catch (error) {
    if (context.signal.aborted) void giveUp(pool, connection);
    if (BatutaError.has(error, 'tool-server-problem') || BatutaError.has(error, 'authorization-needed'))
      throw error;
    const failure = describeFailure(error, connection.reason);
    if (failure.isOver) await pool.discard(connection);
    const { reason, missingScope } = failure;
    if (missingScope !== undefined) throw await askForMore(made, context, missingScope);
    if (failure.kind === 'refused') return { refused: reason, isOver: failure.isOver };
    if (failure.kind === 'answered')
      throw new BatutaError('tool-server-problem', { server: server.name, reason }, { cause: error });
    throw new BatutaError('tool-outcome-unknown', { tool: tool.name, reason }, { cause: error });
  }
}

/** The next call asks the person for what was missing. */
async function askForMore(
  { consents, server }: ExecuteOn,
  caller: Caller,
  scope: string,
): Promise<BatutaError> {
  await consents?.widen(caller, scope);
  const reason = `it wants more than was granted (${scope}); call it again to be asked for that`;
  return new BatutaError('authorization-needed', { server: `mcp:${server.name}`, reason });
}

/** After a call that took too long, the server may be stuck: then the next call gets a new one. */
async function giveUp(pool: ConnectionPool, connection: Connection): Promise<void> {
  if (!connection.isOver && !(await connection.answers())) await pool.discard(connection);
}
