/**
 * CPU milliseconds of one model call, against the emulator in a process of its own. Run: node bench/model-call.ts [calls]
 *
 * - bare: `doStream` of the provider package with Node's own `fetch`, read to its end
 * - adapter: our LanguageModel: translation, transport, merged deltas, normalised answer
 * - caller: the adapter through retries, breaker, time limits and price
 *
 * `text` is a stream of 200 tokens, `tool` an answer with one tool call; both arrive at once, which is where CPU counts.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { systemClock } from '../platform/src/adapter/clock-system/system-clock.ts';
import { unlimitedMoney } from '../platform/src/application/model/call-money.ts';
import { createModelCaller, type ModelCaller } from '../platform/src/application/model/call-model.ts';
import { defaultModelCallLimits } from '../platform/src/application/model/model-call-limits.ts';
import type { ModelSettings } from '../platform/src/application/model/model-settings.ts';
import { composeModels, type ComposedModels } from '../platform/src/composition/compose-models.ts';
import type { ModelRequest } from '../platform/src/port/model.ts';
import { bareModels } from './bare-models.ts';

const emulatorProgram = new URL('../testkit/src/emulator/main.ts', import.meta.url).pathname;
const calls = Number(process.argv[2] ?? 800);
const concurrency = 8;
const rounds = 3;
const providers = ['anthropic', 'openai', 'openai-responses', 'house'] as const;
const kinds = { text: 'text-200', tool: 'tools-10' } as const;

const request: ModelRequest = {
  instructions: 'You are a helper.',
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello there.' }] }],
  tools: [
    {
      name: 'add',
      description: 'Adds two numbers.',
      inputSchema: {
        type: 'object',
        properties: { a: { type: 'number' }, b: { type: 'number' } },
        required: ['a', 'b'],
      },
    },
  ],
  settings: {},
};

const sink = { text: (): void => undefined, reset: (): void => undefined };
const { signal } = new AbortController();

function settingsFor(url: string, protocol: 'chat' | 'responses'): ModelSettings {
  const access = { apiKey: 'none', baseUrl: `${url}/v1` };
  return {
    preferred: [],
    anthropic: access,
    openai: { ...access, protocol },
    google: access,
    openrouter: access,
    ollama: { baseUrl: url, timeoutMs: 1000 },
    endpoints: [{ name: 'house', ...access }],
    contextTokens: {},
    prices: { 'openai/text-200': { input: 1, output: 1 } },
    useProxy: false,
  };
}

/** Median of a few rounds of CPU milliseconds a call, after one round to warm up. */
async function measure(one: () => Promise<unknown>): Promise<number> {
  const round = async (): Promise<number> => {
    const before = process.cpuUsage();
    const lane = async (): Promise<void> => {
      for (let done = 0; done < calls / concurrency; done += 1) await one();
    };
    await Promise.all(Array.from({ length: concurrency }, lane));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / calls;
  };
  await round();
  const results: number[] = [];
  for (let done = 0; done < rounds; done += 1) results.push(await round());
  return results.toSorted((one_, other) => one_ - other)[Math.floor(rounds / 2)] ?? 0;
}

function callerOf(models: ComposedModels): ModelCaller {
  const nothing = (): void => undefined;
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  return createModelCaller({ ...models, clock: systemClock, log, limits: defaultModelCallLimits });
}

async function run(url: string): Promise<void> {
  const chat = await composeModels(settingsFor(url, 'chat'), systemClock);
  const responses = await composeModels(settingsFor(url, 'responses'), systemClock);
  const bare = bareModels(`${url}/v1`);
  console.log('provider'.padEnd(18), 'kind'.padEnd(6), 'bare  adapter  caller  (CPU ms a call)');
  for (const provider of providers) {
    const models = provider === 'openai-responses' ? responses : chat;
    const callModel = callerOf(models);
    for (const [kind, name] of Object.entries(kinds)) {
      const reference = `${provider.replace('-responses', '')}/${name}`;
      const model = models.registry.find(reference);
      const figures = [
        await measure(() => bare(provider, name, request)),
        await measure(() => model?.call(request, sink, signal) ?? Promise.resolve()),
        await measure(() =>
          callModel({ tenantId: 'bench', models: [reference], request, sink, signal, money: unlimitedMoney }),
        ),
      ];
      console.log(
        provider.padEnd(18),
        kind.padEnd(6),
        figures.map((figure) => figure.toFixed(3)).join('   '),
      );
    }
  }
}

const emulator = spawn(process.execPath, [emulatorProgram, '--port', '0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = await once(createInterface({ input: emulator.stdout }), 'line');
try {
  await run(String(line).replace('Emulator at ', ''));
} finally {
  emulator.kill();
}
process.exit(0);
