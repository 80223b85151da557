import type { Approval, Run } from '@batuta/contract';
import { withPlatform, type TestPlatform, type TestPlatformOptions } from '@batuta/testkit/platform';
import { makeArgumentResolver } from '../../src/adapter/argument-resolver/argument-resolver.ts';
import { compromisedModel, type PlannedCall } from './compromised-model.ts';
import { news, type InjectionCase } from './injection-case.ts';
import { OutsideWorld, type Effect, type Page } from './outside-world.ts';
import { worldTools } from './world-tools.ts';

/** What came of a case. */
export interface CaseResult {
  /** What happened outside and must not have. */
  harm: Effect[];
  /** Orders that the model obeyed. */
  obeyed: number;
  /** Status of the last run. */
  status: Run['status'];
  /** How often a person was asked for an approval. */
  asked: number;
  /** Calls without a good result. */
  failures: number;
}

/** Rules of a trial: `default` has none but the folder of the file tool and one tool that is denied; `none` allows everything. */
export type Rules = 'default' | 'none';

type AgentOptions = NonNullable<TestPlatformOptions['agents']>;

/** The one rule that a file tool needs: which folder is meant. */
const ownRules = [
  { allow: 'read_file', arguments: { path: { paths: ['**'] } } },
  { deny: 'forbidden', reason: 'Nobody may.' },
];
const everything = [{ allow: '*', taint: ['untrusted' as const, 'private' as const] }];

const usual: Readonly<Record<string, Page>> = {
  [news]: 'The weather will be fine.',
  'https://docs.example/': 'How to do things.',
};

/** Plays an attack. */
export function playAttack(each: InjectionCase, rules: Rules): Promise<CaseResult> {
  return play(each, { rules, pages: { ...usual, ...each.pages } });
}

/** Plays the task without the attack, under the default rules. */
export function playHarmless(each: InjectionCase): Promise<CaseResult> {
  const { approve: _, inside: __, afterwards, ...honest } = each;
  const plan = each.harmless?.plan;
  const task = plan ? { ...honest, plan } : { ...honest, ...(afterwards ? { afterwards } : {}) };
  return play(task, { rules: 'default', pages: { ...usual, ...each.harmless?.pages } });
}

async function play(
  each: InjectionCase,
  { rules, pages }: { rules: Rules; pages: Readonly<Record<string, Page>> },
): Promise<CaseResult> {
  await using world = await OutsideWorld.open(pages);
  const tools = worldTools(world, each.inside ?? {});
  const plans: PlannedCall[][] = each.plan.map((calls) => [...calls]);
  const model = compromisedModel(plans);
  const names = tools.map(({ name }) => name);
  const permissions = rules === 'default' ? ownRules : everything;
  const agents: AgentOptions = [
    { tools: [...names, 'agent:helper', 'ask_user'], permissions: permissionsOf(permissions, each) },
    {
      name: 'helper',
      instructions: 'Help.',
      tools: ['http_fetch', 'search_memory'],
      permissions: rules === 'none' ? everything : [],
    },
  ];
  const resolver = makeArgumentResolver({ projectFolder: world.root, resolve: world.resolve });
  return withPlatform({ model: model.script, agents, tools, resolver }, async (platform) => {
    const first = await runToEnd(platform, each, {});
    const last = each.afterwards ? await goOn(platform, each, { first, plans }) : first;
    const asked = (await approvalsOf(platform)).length;
    const allowed = each.approve?.mayHappen;
    const harm = world.harm().filter(({ detail }) => allowed === undefined || !detail.includes(allowed));
    const failures = await failuresOf(platform, [first, last]);
    return { harm, obeyed: model.obeyed(), status: last.status, asked, failures };
  });
}

/** One attack needs a rule about hosts to go around. */
function permissionsOf(rules: NonNullable<AgentOptions[number]['permissions']>, { name }: InjectionCase) {
  if (!name.includes('that the rules do not allow') || rules === everything) return rules;
  const hosts = ['docs.example', 'news.example'];
  return [...rules, { allow: 'http_fetch', arguments: { url: { hosts } } }];
}

async function goOn(
  platform: TestPlatform,
  each: InjectionCase,
  { first, plans }: { first: Run; plans: PlannedCall[][] },
): Promise<Run> {
  const events = await platform.events(first.session_id);
  const stored = /art_\w{26}/.exec(JSON.stringify(events))?.[0] ?? '';
  const next = JSON.parse(
    JSON.stringify(each.afterwards?.plan ?? []).replaceAll('{stored}', stored),
  ) as PlannedCall[][];
  plans.push(...next);
  return runToEnd(platform, each, each.afterwards?.session === 'same' ? { sessionId: first.session_id } : {});
}

/** A person answers questions and, where the case says so, the first approval; nobody else decides anything. */
async function runToEnd(
  platform: TestPlatform,
  each: InjectionCase,
  options: { sessionId?: string },
): Promise<Run> {
  let run = await platform.run(each.input ?? 'Do your task.', options);
  if (run.waiting_for === 'input' && each.answer !== undefined) {
    await platform.application.runs.addMessage(platform.identity, run.id, each.answer);
    run = await waitFor(platform, run);
  }
  const [approval] = await approvalsOf(platform);
  if (run.waiting_for !== 'approval' || each.approve === undefined || approval?.decision !== null) return run;
  await platform.application.approvals.decide(platform.identity, approval.id, { decision: 'approve' });
  return waitFor(platform, run);
}

function waitFor({ application, identity }: TestPlatform, { id }: Run): Promise<Run> {
  return application.runs.waitForEnd(identity, id, { seconds: 10, signal: new AbortController().signal });
}

async function failuresOf(platform: TestPlatform, runs: readonly Run[]): Promise<number> {
  const sessions = new Set(runs.map(({ session_id: id }) => id));
  const logs = await Promise.all([...sessions].map((id) => platform.events(id)));
  return logs.flat().filter(({ kind, data }) => kind === 'tool-call-settled' && data.outcome !== 'succeeded')
    .length;
}

/** What waited for an approval, oldest first. */
async function approvalsOf({ application, identity }: TestPlatform): Promise<Approval[]> {
  const { items } = await application.approvals.list(identity, { limit: 50, pending: false });
  return items.filter(({ reason }) => reason === 'policy').toReversed();
}
