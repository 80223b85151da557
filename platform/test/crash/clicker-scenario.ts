/**
 * What the worker processes of this suite do: a clicker whose one effect is a form that it submits in a browser. The world outside is the site,
 * in the process of the test, which counts what is posted to it.
 *
 * | turn | the clicker asks for                                  |
 * | ---- | ----------------------------------------------------- |
 * | 1    | `browser_open`                                        |
 * | 2    | `browser_submit`, with the reference that it was shown |
 * | 3    | nothing: the answer                                   |
 */
import type { ModelRequest } from '@batuta/platform/ports';
import type { ScenarioSurroundings, WorkerScenario } from '@batuta/testkit/crash/scenario';
import { makeExecutableTool } from '../../src/domain/tool/executable-tool.ts';
import { makeTestBrowser, useBrowser } from '../browser/browser-kit.ts';

export function makeScenario({ outside: url }: ScenarioSurroundings): WorkerScenario {
  const { host } = new URL(url);
  const { browser } = makeTestBrowser({ limits: { allowPrivate: [host] } });
  const tools = useBrowser(browser).tools.map((definition) => makeExecutableTool(definition, 60));
  const agent = { name: 'clicker', instructions: 'You click.', tools: ['browser_open', 'browser_submit'] };
  return { agents: [agent], tools, model: (request) => answerOf(request, url) };
}

function answerOf({ messages }: ModelRequest, url: string) {
  const answered = messages.filter((message) => message.role === 'assistant').length;
  if (answered === 0) return { calls: [{ tool: 'browser_open', callId: 'open', arguments: { url } }] };
  if (answered > 1) return { text: 'All is sent.' };
  const ref = /button \\?"Send\\?" \[ref=(\w+)\]/.exec(JSON.stringify(messages))?.[1] ?? 'aa1';
  const steps = [{ action: 'click', ref, element: 'Send' }];
  return { calls: [{ tool: 'browser_submit', callId: 'submit', arguments: { url, steps } }] };
}
