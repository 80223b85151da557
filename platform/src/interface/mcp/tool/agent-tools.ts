import {
  agentPageSchema,
  explainPolicySchema,
  policyExplanationSchema,
  toolPageSchema,
} from '@batuta/contract';
import { z } from 'zod';
import { defineMcpTool, pageFields, reads, type McpTool } from '../mcp-tool.ts';

const listAgents = defineMcpTool({
  name: 'list_agents',
  title: 'List agents',
  description: 'Lists the agents of this platform by name: what each is for, its models and its tools.',
  scope: 'agents:read',
  annotations: reads,
  input: z.strictObject(pageFields),
  output: agentPageSchema,
  async run(page, { application, identity }) {
    const { items, next_cursor } = application.agents.list(identity, page);
    const shown = items.map(({ name, description, models, tools }) => ({ name, description, models, tools }));
    return { items: shown, next_cursor };
  },
});

const listTools = defineMcpTool({
  name: 'list_tools',
  title: 'List tools',
  description:
    'Lists the tools that agents of this platform can be given, and what each may do. Agents call them: see run_agent and call_tool.',
  scope: 'tools:read',
  annotations: reads,
  input: z.strictObject({
    source: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe('Only the tools of this source: `openapi:billing`.'),
    ...pageFields,
  }),
  output: toolPageSchema,
  run: async (filter, { application, identity }) => ({
    ...(await application.tools.list(identity, filter)),
  }),
});

const policyExplain = defineMcpTool({
  name: 'policy_explain',
  title: 'Explain a policy decision',
  description:
    'Says whether a call that an agent could make would be allowed, denied or put before a person, which rule decides, and why. Nothing runs.',
  scope: 'policies:read',
  annotations: reads,
  input: explainPolicySchema,
  output: policyExplanationSchema,
  run: async (call, { application, identity }) => ({
    ...(await application.policies.explain(identity, call)),
  }),
});

export const agentTools: readonly McpTool[] = [listAgents, listTools, policyExplain];
