import type { ApprovalDecision } from '@batuta/contract';
import type { ModelRequest } from '@batuta/platform/ports';
import type { ScriptedAnswer } from '@batuta/testkit/model';
import { startTestPlatform, type TestPlatform, type TestPlatformOptions } from '@batuta/testkit/platform';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { checkRules } from './check-rules.ts';
import { CrashingRuns } from './crashing-runs.ts';
import { expectSendable } from './model-fixtures.ts';
import { accept, ended } from './processes.ts';
import { countingTool, type CountingTool } from './tool-fixtures.ts';

const toolNames = ['read', 'write', 'repeatable', 'danger', 'failing', 'ask_user', 'agent_helper'] as const;

const arbitraryStory = fc.record({
  /** The calls of each answer; after them the model says that it is done. */
  turns: fc.array(fc.array(fc.constantFrom(...toolNames), { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
  /** Each process but the last dies at a commit. */
  crashes: fc.array(
    fc.record({
      commit: fc.integer({ min: 1, max: 5 }),
      point: fc.constantFrom('before' as const, 'after' as const),
    }),
    { maxLength: 4 },
  ),
  /** Said to the run, or the wish to cancel it, when so many commits were made. */
  signals: fc.array(
    fc.record({
      commit: fc.integer({ min: 1, max: 8 }),
      kind: fc.constantFrom('message', 'message', 'cancel'),
    }),
    { maxLength: 3 },
  ),
  /** What the agents may spend; a call costs 7 micro-dollars, and 10 are reserved for it. */
  budget: fc.constantFrom(
    undefined,
    { run_usd: 1, session_usd: 1, day_usd: 1 },
    { run_usd: 0.000_03, day_usd: 1, on_limit: 'fail' as const },
    { month_usd: 0.000_03, soft: true },
  ),
  decisions: fc.array(fc.constantFrom<ApprovalDecision>('repeat', 'done', 'failed'), { minLength: 1 }),
});

type Story = typeof arbitraryStory extends fc.Arbitrary<infer Value> ? Value : never;

function makeTools(): CountingTool[] {
  const execute = () => Promise.reject(new Error('it does not work'));
  return [
    countingTool('read', { readOnly: true }),
    countingTool('write'),
    countingTool('repeatable', { idempotent: true }),
    countingTool('danger', { destructive: true }),
    countingTool('failing', { execute }),
  ];
}

function argumentsOf(tool: string, n: number): object {
  if (tool === 'ask_user') return { question: `Number ${n}?` };
  return tool === 'agent_helper' ? { task: `Number ${n}.` } : { n };
}

/** What the model says depends on the history alone, so that it says the same to whichever process asks. */
function tell(story: Story, request: ModelRequest): ScriptedAnswer {
  const turn = request.messages.filter(({ role }) => role === 'assistant').length;
  const isHelper = request.instructions === 'Help.';
  const calls = isHelper ? (['write'] as const).slice(turn) : story.turns[turn];
  if (!calls || calls.length === 0) return { text: 'Done.' };
  return { calls: calls.map((tool, index) => ({ tool, arguments: argumentsOf(tool, turn * 10 + index) })) };
}

/** One story on one database: processes come and die, people answer, until the run has ended. */
class Telling {
  readonly #story: Story;
  readonly #tools = makeTools();
  readonly #platforms: TestPlatform[] = [];
  #run = { id: '' };
  #commits = 0;
  #decided = 0;

  constructor(story: Story) {
    this.#story = story;
  }

  async tell(options: TestPlatformOptions): Promise<void> {
    try {
      for (const crash of [...this.#story.crashes, undefined]) {
        const died = Promise.withResolvers<void>();
        const crashing = new CrashingRuns((commit) => {
          this.#signal();
          if (commit !== crash?.commit) return undefined;
          died.resolve();
          return crash.point;
        });
        const platform = await this.#start({ ...options, runs: crashing.wrap });
        if (await Promise.race([this.#untilEnded(platform), died.promise])) break;
      }
      await this.#check();
    } finally {
      for (const platform of this.#platforms) await platform.stop(0);
      this.#platforms[0]?.stores.release();
    }
  }

  async #start(options: TestPlatformOptions): Promise<TestPlatform> {
    const share = this.#platforms[0] ? { share: this.#platforms[0] } : {};
    const budget = this.#story.budget && { budget: this.#story.budget };
    const platform = await startTestPlatform({
      ...options,
      ...share,
      pollMs: 5,
      tools: this.#tools.map(({ tool }) => tool),
      agents: [
        { tools: ['ask_user', 'agent:helper', ...this.#tools.map(({ tool }) => tool.name)], ...budget },
        { name: 'helper', instructions: 'Help.', tools: ['write'], ...budget },
      ],
      settings: { progress: { repeatedCalls: 16, repeatedErrors: 60 } },
      model: (request) => {
        expectSendable(request.messages);
        return tell(this.#story, request);
      },
    });
    this.#platforms.push(platform);
    if (this.#platforms.length === 1) this.#run = await accept(platform);
    return platform;
  }

  /** Answers its questions until the run has ended. */
  async #untilEnded(platform: TestPlatform): Promise<true> {
    for (;;) {
      const run = await ended(platform, this.#run.id);
      if (run.status === 'succeeded' || run.status === 'failed' || run.status === 'cancelled') break;
      if (run.waiting_for === 'input') await this.#say(platform, 'An answer.');
      if (run.waiting_for === 'approval') await this.#decide(platform);
    }
    await this.#untilChildrenEnded(platform);
    return true;
  }

  async #untilChildrenEnded(platform: TestPlatform): Promise<void> {
    const { items } = await platform.application.runs.list(platform.identity, { limit: 200 });
    for (const { id } of items) await ended(platform, id);
  }

  async #decide({ application, identity }: TestPlatform): Promise<void> {
    const { items } = await application.approvals.list(identity, { pending: true, limit: 10 });
    for (const { id } of items) {
      const decision = this.#story.decisions[(this.#decided += 1) % this.#story.decisions.length] ?? 'done';
      await application.approvals.decide(identity, id, { decision }).catch(() => undefined);
    }
  }

  async #say({ application, identity }: TestPlatform, text: string): Promise<void> {
    await application.runs.addMessage(identity, this.#run.id, text).catch(() => undefined);
  }

  #signal(): void {
    this.#commits += 1;
    const platform = this.#platforms.at(-1);
    if (!platform) return;
    for (const { kind } of this.#story.signals.filter(({ commit }) => commit === this.#commits)) {
      if (kind === 'message') void this.#say(platform, 'By the way.');
      else void platform.application.runs.cancel(platform.identity, this.#run.id).catch(() => undefined);
    }
  }

  async #check(): Promise<void> {
    const platform = this.#platforms.at(-1);
    const effects = this.#tools.filter(({ tool }) => !tool.annotations.readOnly);
    const keys = effects.flatMap(({ executions }) => executions.map(({ idempotencyKey }) => idempotencyKey));
    const outside = new Map([...Map.groupBy(keys, (key) => key)].map(([key, all]) => [key, all.length]));
    if (platform) await checkRules(platform, outside);
  }
}

describe.each([
  { database: 'pglite' as const, stories: 40 },
  { database: 'postgres' as const, stories: 20 },
])('whatever happens to a run, on $database', ({ database, stories }) => {
  it('the rules hold', { timeout: 120_000 }, async () => {
    const options = { database, postgresUrl: inject('postgresUrl') };
    const property = fc.asyncProperty(arbitraryStory, (story) => new Telling(story).tell(options));
    await expect(fc.assert(property, { numRuns: stories })).resolves.toBeUndefined();
  });
});
