/**
 * What the worker processes of this suite do: a scribe whose effects are commands in a sandbox. The world outside is a folder: each command
 * adds a line to a file there, so that the lines count how often it ran, whatever the platform believes.
 *
 * | turn | the scribe asks for                                                             |
 * | ---- | ------------------------------------------------------------------------------- |
 * | 1    | `shell` (`first`), `write_file` (`note`; may be repeated), one after the other   |
 * | 2    | `shell` (`slow`: counts, then goes on for as long as there is a file `slowly`)   |
 * | 3    | nothing: the answer                                                             |
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelRequest } from '@batuta/platform/ports';
import type { ScenarioSurroundings, WorkerScenario } from '@batuta/testkit/crash/scenario';
import { makeBubblewrapProvider } from '../../src/adapter/sandbox-bubblewrap/bubblewrap-sandbox.ts';
import { makeSandboxTools } from '../../src/adapter/tool-sandbox/sandbox-tools.ts';
import { makeExecutableTool } from '../../src/domain/tool/executable-tool.ts';
import { testLimits } from '../sandbox/open-sandbox.ts';

/** How long the slow command would go on; stands in its command line. */
export const slowSeconds = 613;

const calls = {
  first: { tool: 'shell', callId: 'first', arguments: { script: 'echo first >> ledger' } },
  note: { tool: 'write_file', callId: 'note', arguments: { path: 'note', content: 'as it was meant' } },
  slow: {
    tool: 'shell',
    callId: 'slow',
    arguments: { script: `echo slow >> ledger; [ ! -e slowly ] || sleep ${slowSeconds}` },
  },
} as const;

export function makeScenario({ outside: root }: ScenarioSurroundings): WorkerScenario {
  const provider = makeBubblewrapProvider({ user: 2000, folders: [] });
  const limits = { ...testLimits, seconds: 60 };
  const network = { allowedHosts: [] };
  const tools = makeSandboxTools({
    open: async ({ sessionId }, template) => {
      const folder = join(root, sessionId);
      mkdirSync(folder, { recursive: true });
      return provider.open({ folder, template, limits, network });
    },
    limits,
    confines: true,
    reachesOut: false,
  }).map((definition) => makeExecutableTool(definition, 60));
  const agent = { name: 'scribe', instructions: 'You are the scribe.', tools: ['shell', 'write_file'] };
  return { agents: [agent], tools, model: answerOf };
}

function answerOf({ messages }: ModelRequest) {
  const turns = [[calls.first, calls.note], [calls.slow]];
  const asked = turns[messages.filter((message) => message.role === 'assistant').length];
  return asked ? { calls: asked } : { text: 'All is written.' };
}
