/**
 * What 200 registered tools cost a turn: `node bench/many-tools.ts`. Runs of ten tool turns on the whole platform with a scripted model (embedded
 * database), with the tools of a source that has 200 and with none, in turn; and the tokens that they take of a request.
 */
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { ScriptedModel } from '@batuta/testkit/model';
import { estimateText } from '../platform/src/domain/context/estimate-tokens.ts';
import { nameOfSourceTool } from '../platform/src/domain/tool/tool-name.ts';
import type { ToolSource } from '../platform/src/port/tool-source.ts';
import type { ExecutableTool } from '../platform/src/port/tool.ts';
import { median, spread } from './measure/figures.ts';

const count = 200;
const turns = 10;
const runsARound = 20;
const rounds = 15;
const annotations = { readOnly: true, destructive: false, idempotent: true, openWorld: false };

/** As long as those of real documents: a sentence and four arguments. */
function toolNumber(index: number): ExecutableTool {
  const field = (what: string) => ({
    type: 'string',
    description: `The ${what} of the thing, as the service has it.`,
  });
  return {
    kind: 'execute',
    name: nameOfSourceTool('shop', `operation_${index}`),
    reference: `openapi:shop/operation_${index}`,
    description: `Does operation number ${index} on a thing of the shop and answers with what became of it.`,
    inputSchema: {
      type: 'object',
      properties: { id: field('id'), name: field('name'), state: field('state'), note: field('note') },
      required: ['id'],
    },
    annotations,
    timeoutMs: 1_000,
    parse: (value) => ({ ok: true, value }),
    execute: async () => 'done',
  };
}

const read: ExecutableTool = { ...toolNumber(0), name: 'read', reference: 'read' };

function sourceOf(tools: readonly ExecutableTool[]): ToolSource {
  const status = () => ({ state: 'ready' as const, tools: tools.length, problems: [] });
  return {
    name: 'openapi:shop',
    revision: 1,
    tools: () => tools,
    status,
    settled: Promise.resolve(),
    close: async () => {},
  };
}

function contestant(tools: readonly ExecutableTool[]) {
  const model = new ScriptedModel(({ messages }) => {
    const done = messages.filter(({ role }) => role === 'tool').length;
    return done < turns ? { calls: [{ tool: 'read', arguments: { id: `${done}` } }] } : { text: 'Done.' };
  });
  const agents = [{ tools: ['read', 'openapi:shop/*'] }];
  return {
    model,
    agents,
    tools: [read],
    toolSources: [sourceOf(tools)],
    settings: { progress: { repeatedCalls: 99, repeatedErrors: 99 } },
  };
}

/** CPU of a turn in milliseconds. */
async function measure(platform: TestPlatform): Promise<number> {
  const before = process.cpuUsage();
  for (let run = 0; run < runsARound; run += 1) await platform.run('Go');
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / (runsARound * (turns + 1));
}

const many = contestant(Array.from({ length: count }, (_, index) => toolNumber(index)));
const none = contestant([]);
await withPlatform(none, async (without) => {
  await withPlatform(many, async (withMany) => {
    const found = { without: new Array<number>(), withMany: new Array<number>(), added: new Array<number>() };
    await measure(without);
    await measure(withMany);
    for (let round = 0; round < rounds; round += 1) {
      const [base, more] = [await measure(without), await measure(withMany)];
      found.without.push(base);
      found.withMany.push(more);
      found.added.push(more - base);
    }
    const specs = many.model.requests.at(-1)?.tools ?? [];
    const tokens = estimateText(JSON.stringify(specs.filter(({ name }) => name !== 'read')));
    console.log(`| tools | CPU of a turn, ms |\n| --- | --- |`);
    console.log(`| none | ${spread(found.without, 2)} |\n| ${count} | ${spread(found.withMany, 2)} |`);
    console.log(
      `Added, median of pairs: ${median(found.added).toFixed(3)} ms. In the request: ${specs.length - 1} of them, ${tokens} tokens.`,
    );
  });
});
