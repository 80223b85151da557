import { BatutaError } from '@batuta/contract';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { toProblem } from '../http/problem.ts';
import type { McpCaller } from './mcp-caller.ts';

const longestTarget = 200;
/** Statuses that say that somebody was kept out. */
const refusals: ReadonlySet<number> = new Set([401, 403, 429]);

/** What the audit log is told of an operation. */
interface Operation {
  /** `MCP tools/call run_agent`: never longer than the names that the server itself knows. */
  action: string;
  target: string | null;
}

/** Tells the audit log how an operation ended. */
export function recordAs(caller: McpCaller, { action, target }: Operation, error: BatutaError | null): void {
  const { application, identity, userAgent } = caller;
  const isRefusal = error !== null && refusals.has(error.status);
  application.audit.record({
    identity,
    kind: isRefusal ? 'security' : 'access',
    action: `MCP ${action}`,
    target: target?.slice(0, longestTarget) ?? null,
    outcome: error === null ? 'succeeded' : isRefusal ? 'refused' : 'failed',
    reason: error?.code ?? null,
    address: identity.address,
    userAgent,
  });
}

/** Carries out operations that answer an error of the protocol when they fail, and tells the audit log of each. */
export function guard(
  caller: McpCaller,
): <T>(method: string, work: () => Promise<T>, target?: string) => Promise<T> {
  return async (method, work, target) => {
    const operation = { action: method, target: target ?? null };
    try {
      const result = await work();
      recordAs(caller, operation, null);
      return result;
    } catch (error) {
      const known = BatutaError.is(error) ? error : null;
      recordAs(caller, operation, known ?? new BatutaError('internal', { incident: 'mcp' }));
      throw toProtocolError(error, caller);
    }
  };
}

/** An error as the protocol carries it: what the client got wrong, or something inside. */
function toProtocolError(error: unknown, { application, identity, log }: McpCaller): Error {
  if (error instanceof ProtocolError) return error;
  const problem = application.redactProblem(identity, toProblem(error, log).problem);
  const code = problem.status >= 500 ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams;
  return new ProtocolError(code, `${problem.detail} (${problem.code})`, {
    code: problem.code,
    ...problem.data,
  });
}
