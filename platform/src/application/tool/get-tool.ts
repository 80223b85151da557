import { BatutaError, type ToolDetail } from '@batuta/contract';
import { hintFor } from '../../domain/definition/nearest-word.ts';
import { standingOf, type Standing } from '../../domain/policy/standing.ts';
import { kindOf, matchesReference } from '../../domain/tool/tool-reference.ts';
import type { DefinitionRecord } from '../../port/run-record.ts';
import type { Tool } from '../../port/tool.ts';
import { renderTool, type ToolAsker } from './list-tools.ts';
import type { ToolListContext } from './tool-context.ts';

type StandingView = ToolDetail['standing'];

/** One tool by its reference or by the name that models see, and what becomes of calls of it. Errors: `tool-unknown`. */
export async function getTool(
  context: ToolListContext,
  { tenantId, role }: ToolAsker,
  named: string,
): Promise<ToolDetail> {
  const tool = findTool(context, named);
  const asker = { role, now: context.clock.now() };
  const standing = standingOf(await context.policies.forAll(tenantId), tool, asker);
  const agents = context.agents.list().filter((agent) => hasTool(agent, tool));
  const ofAgents = await Promise.all(
    agents.map(async (agent) => {
      const policy = await context.policies.inForce(tenantId, agent);
      return { agent: agent.definition.name, ...renderStanding(standingOf(policy, tool, asker)) };
    }),
  );
  return {
    ...renderTool(tool, standing),
    ...renderDetails(tool),
    missing: tool.kind === 'execute' ? ((await tool.missing?.()) ?? null) : null,
    standing: renderStanding(standing),
    agents: ofAgents,
  };
}

function findTool({ tools }: ToolListContext, named: string): Tool {
  const all = tools.describe().tools;
  const found =
    all.find(({ reference }) => reference === named) ??
    all.find(({ name }) => name === named) ??
    tools.resolve([named]).tools.find(({ reference }) => reference === named);
  if (found) return found;
  throw new BatutaError('tool-unknown', { tool: named, hint: hintFor(named, tools.names()) });
}

function hasTool({ definition }: DefinitionRecord, { reference }: Tool): boolean {
  return definition.tools.some((wanted) =>
    wanted === '*' ? kindOf(reference) === '' : matchesReference(wanted, reference),
  );
}

function renderDetails(tool: Tool) {
  const { annotations, inputSchema, undeclared = false } = tool;
  return {
    input_schema: inputSchema,
    undeclared,
    confined: annotations.confined ?? false,
    private_data: annotations.privateData ?? false,
    untrusted: annotations.untrusted ?? false,
    timeout_seconds: tool.kind === 'execute' ? tool.timeoutMs / 1000 : null,
    secrets: tool.kind === 'execute' ? [...(tool.secrets ?? [])] : [],
  };
}

function renderStanding({ effect, rule, reason, isConditional }: Standing): StandingView {
  return { effect, rule, reason, conditional: isConditional };
}
