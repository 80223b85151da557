/**
 * What the worker processes of this suite do: a courier whose effects are tools of a server in another process, which dies with them.
 *
 * | turn | the courier asks for                                                                      |
 * | ---- | ----------------------------------------------------------------------------------------- |
 * | 1    | `deliver_letter` (which nobody may repeat), `deliver_parcel` (safe to repeat with its key) |
 * | 2    | nothing: the answer                                                                       |
 */
import { join } from 'node:path';
import type { ModelRequest } from '@batuta/platform/ports';
import type { ScenarioSurroundings, WorkerScenario } from '@batuta/testkit/crash/scenario';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { connectServer } from '../../src/adapter/mcp-client/connect-server.ts';
import { McpSource } from '../../src/adapter/mcp-client/mcp-source.ts';
import type { ToolServerOptions } from '../../src/adapter/mcp-client/server-options.ts';
import { nameOfSourceTool } from '../../src/domain/tool/tool-name.ts';
import { KeptLog } from '../tool-server/kept-log.ts';

/** Calls of one run, with the tool of each. */
export const tools = { letter: 'deliver_letter', parcel: 'deliver_parcel' } as const;

function serverOf(outside: string): ToolServerOptions {
  const args = [join(import.meta.dirname, 'courier-server.ts'), outside];
  return {
    name: 'courier',
    place: { kind: 'stdio', command: process.execPath, args, env: {}, cwd: import.meta.dirname },
    shared: true,
    untrusted: false,
    privateData: false,
    overrides: [],
    timeoutMs: 60_000,
    refreshMs: 300_000,
    limits: { startMs: 20_000, tools: 10, messageBytes: 100_000, connections: 2, idleMs: 600_000 },
  };
}

export function makeScenario({ outside }: ScenarioSurroundings): WorkerScenario {
  const server = serverOf(outside);
  const log = new KeptLog();
  const common = { server, log, version: '0.0.0', consents: undefined, now: () => systemClock.now() };
  const source = new McpSource({
    server,
    log,
    clock: systemClock,
    random: () => 0,
    nameOf: nameOfSourceTool,
    home: () => Promise.resolve({ tenantId: 'main', userId: null }),
    connect: (caller, how) =>
      connectServer({ ...common, caller, ...how, readSecret: () => Promise.resolve('') }),
  });
  const agent = { name: 'courier', instructions: 'You are the courier.', tools: ['mcp:courier/*'] };
  return { agents: [agent], tools: [], toolSources: [source], model: answerOf };
}

function answerOf({ messages }: ModelRequest) {
  const name = JSON.stringify(messages[0]).match(/case-\d+/)?.[0] ?? 'case';
  const call = (callId: keyof typeof tools) => ({
    tool: `courier_${tools[callId]}`,
    callId,
    arguments: { case: name, call: callId },
  });
  const isFirst = messages.every((message) => message.role !== 'assistant');
  return isFirst ? { calls: [call('letter'), call('parcel')] } : { text: 'All is delivered.' };
}
