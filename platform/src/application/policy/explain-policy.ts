import { BatutaError, type ExplainedCall, type PolicyExplanation, type Role } from '@batuta/contract';
import { hintFor } from '../../domain/definition/nearest-word.ts';
import { nothingResolved, type CallFacts } from '../../domain/policy/call-facts.ts';
import type { CompiledPolicy } from '../../domain/policy/compile-policy.ts';
import { judgeCall } from '../../domain/policy/judge-call.ts';
import { resolveArguments } from '../../domain/policy/resolve-arguments.ts';
import { canonicalAddress } from '../../domain/policy/typed-addresses.ts';
import type { AgentCatalogue } from '../../port/agent-catalogue.ts';
import type { ArgumentResolver } from '../../port/argument-resolver.ts';
import type { Clock } from '../../port/clock.ts';
import type { DefinitionRecord } from '../../port/run-record.ts';
import type { Tool, ToolCatalogue } from '../../port/tool.ts';
import type { PolicyBook } from './policy-book.ts';

/** What explaining needs. */
export interface ExplainContext {
  agents: AgentCatalogue;
  tools: ToolCatalogue;
  policies: Pick<PolicyBook, 'inForce'>;
  resolver: ArgumentResolver;
  clock: Pick<Clock, 'now'>;
}

/**
 * What the rules would say about a call, and why. Nothing runs. Errors: `agent-unknown`, `tool-unknown` (also a tool that the agent
 * does not have), `tool-arguments-invalid`.
 */
export async function explainPolicy(
  context: ExplainContext,
  asker: { tenantId: string; role: Role },
  asked: ExplainedCall,
): Promise<PolicyExplanation> {
  const agent = findAgent(context.agents, asked.agent);
  const tool = findTool(context, agent, asked.tool);
  const parsed = tool.parse(asked.arguments);
  if (!parsed.ok)
    throw new BatutaError('tool-arguments-invalid', { tool: tool.name, summary: parsed.summary });
  const policy = await context.policies.inForce(asker.tenantId, agent);
  const call = { tool, input: parsed.value };
  const resolved = (await resolveArguments(policy, call, context.resolver)) ?? nothingResolved;
  return explain(policy, {
    ...call,
    resolved,
    role: asked.role ?? asker.role,
    now: asked.at === undefined ? context.clock.now() : Date.parse(asked.at),
    taint: asked.taint,
    typedAddresses: asked.typed_addresses.flatMap((address) => canonicalAddress(address) ?? []),
  });
}

function explain(policy: CompiledPolicy, facts: CallFacts): PolicyExplanation {
  const { verdict, holding } = judgeCall(policy, facts);
  const { rules } = policy.of(facts.tool);
  return {
    ...verdict,
    also: holding.map(({ reference }) => reference).filter((reference) => reference !== verdict.rule),
    not_holding: rules.filter((rule) => !holding.includes(rule)).map(({ reference }) => reference),
    policy_version: policy.version,
  };
}

function findAgent(agents: AgentCatalogue, name: string): DefinitionRecord {
  const found = agents.find(name);
  if (found) return found;
  const names = agents.list().map(({ definition }) => definition.name);
  throw new BatutaError('agent-unknown', { agent: name, hint: hintFor(name, names) });
}

function findTool(context: ExplainContext, { definition }: DefinitionRecord, name: string): Tool {
  const { tools } = context.tools.resolve(definition.tools);
  const found = tools.find((tool) => tool.name === name || tool.reference === name);
  if (found) return found;
  const names = tools.flatMap((tool) => [tool.name, tool.reference]);
  const hint = hintFor(name, names) || ` The agent "${definition.name}" has: ${names.join(', ') || 'none'}.`;
  throw new BatutaError('tool-unknown', { tool: name, hint });
}
