import { agentNameSchema, modelReferenceSchema, usageGroups, usageReportSchema } from '@batuta/contract';
import { z } from 'zod';
import { defineMcpTool, reads, type McpTool } from '../mcp-tool.ts';

const usageReport = defineMcpTool({
  name: 'usage_report',
  title: 'Report usage',
  description:
    'What was used and what it cost, by day, model, agent or user; by default in the present month, by day. With a projection of the month.',
  scope: 'usage:read',
  annotations: reads,
  input: z.strictObject({
    from: z.iso.date().optional().describe('First day.'),
    to: z.iso.date().optional().describe('Last day.'),
    group_by: z.array(z.enum(usageGroups)).min(1).max(usageGroups.length).default(['day']),
    agent: agentNameSchema.optional(),
    model: modelReferenceSchema.optional(),
    user: z.string().min(1).max(128).optional(),
  }),
  output: usageReportSchema,
  run: async ({ group_by, ...filter }, { application, identity }) => ({
    ...(await application.usage.report(identity, { ...filter, group_by: [...new Set(group_by)] })),
  }),
});

export const usageTools: readonly McpTool[] = [usageReport];
