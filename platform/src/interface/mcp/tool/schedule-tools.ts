import { createScheduleSchema, schedulePageSchema, scheduleSchema } from '@batuta/contract';
import { z } from 'zod';
import { acts, defineMcpTool, pageFields, reads, type McpTool } from '../mcp-tool.ts';

const createSchedule = defineMcpTool({
  name: 'create_schedule',
  title: 'Create a schedule',
  description:
    'Lets an agent work at given times: by a cron expression, or once. Its runs are started in your name.',
  scope: 'schedules:write',
  annotations: acts,
  input: createScheduleSchema,
  output: scheduleSchema,
  target: (_, { id }) => id,
  run: async (body, { application, identity }) => ({
    ...(await application.schedules.create(identity, body)),
  }),
});

const listSchedules = defineMcpTool({
  name: 'list_schedules',
  title: 'List schedules',
  description: 'Lists schedules, newest first, with their next times and what came of the last one.',
  scope: 'schedules:read',
  annotations: reads,
  input: z.strictObject(pageFields),
  output: schedulePageSchema,
  run: async (page, { application, identity }) => ({ ...(await application.schedules.list(identity, page)) }),
});

export const scheduleTools: readonly McpTool[] = [createSchedule, listSchedules];
