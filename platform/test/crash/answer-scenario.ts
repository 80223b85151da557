import type { ModelRequest } from '@batuta/platform/ports';
import type { WorkerScenario } from '@batuta/testkit/crash/scenario';

/** An assistant that answers with the result of its last tool call. */
export function makeScenario(): WorkerScenario {
  return { agents: [{ name: 'assistant' }], tools: [], model: (request) => ({ text: lastResult(request) }) };
}

function lastResult({ messages }: ModelRequest): string {
  const results = messages.flatMap((message) => (message.role === 'tool' ? message.results : []));
  return `The result is ${results.at(-1)?.content ?? 'unknown'}.`;
}
