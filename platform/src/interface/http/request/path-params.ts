import {
  agentNameSchema,
  approvalIdSchema,
  approvalLinkIdSchema,
  artifactIdSchema,
  BatutaError,
  budgetIdSchema,
  runIdSchema,
  grantIdSchema,
  keyIdSchema,
  secretNameSchema,
  sessionIdSchema,
  scheduleIdSchema,
  webhookIdSchema,
  webhookMessageIdSchema,
  tenantIdSchema,
  userIdSchema,
} from '@batuta/contract';
import { z } from 'zod';
import type { PathParams } from '../endpoint.ts';

type UnknownCode =
  | 'run-unknown'
  | 'session-unknown'
  | 'artifact-unknown'
  | 'approval-unknown'
  | 'budget-unknown'
  | 'webhook-unknown'
  | 'key-unknown'
  | 'user-unknown'
  | 'tenant-unknown'
  | 'schedule-unknown'
  | 'authorization-unknown';

const longestShown = 128;

function idParams(unknown: UnknownCode, id: z.ZodType<string>): PathParams<{ id: string }> {
  return {
    schema: z.strictObject({ id }),
    unknown,
    refuse: (raw) => new BatutaError(unknown, { id: (raw['id'] ?? '').slice(0, longestShown) }),
  };
}

export const runParams = idParams('run-unknown', runIdSchema);
export const sessionParams = idParams('session-unknown', sessionIdSchema);
export const artifactParams = idParams('artifact-unknown', artifactIdSchema);
export const approvalParams = idParams('approval-unknown', approvalIdSchema);

/** Malformed ids of links are told as unknown links, without the text: it may be a token that somebody put in the wrong place. */
export const approvalLinkParams: PathParams<{ id: string; link_id: string }> = {
  schema: z.strictObject({ id: approvalIdSchema, link_id: approvalLinkIdSchema }),
  unknown: 'approval-link-unknown',
  refuse: () => new BatutaError('approval-link-unknown', {}),
};

export const authorizationParams = idParams('authorization-unknown', grantIdSchema);
export const keyParams = idParams('key-unknown', keyIdSchema);
export const userParams = idParams('user-unknown', userIdSchema);
export const tenantParams = idParams('tenant-unknown', tenantIdSchema);
export const secretParams: PathParams<{ name: string }> = {
  schema: z.strictObject({ name: secretNameSchema }),
  unknown: 'secret-unknown',
  refuse: (raw) => new BatutaError('secret-unknown', { name: (raw['name'] ?? '').slice(0, longestShown) }),
};

export const agentParams: PathParams<{ name: string }> = {
  schema: z.strictObject({ name: agentNameSchema }),
  unknown: 'agent-unknown',
  refuse: (raw) =>
    new BatutaError('agent-unknown', { agent: (raw['name'] ?? '').slice(0, longestShown), hint: '' }),
};

export const toolParams: PathParams<{ reference: string }> = {
  schema: z.strictObject({ reference: z.string().regex(/^[\w:/.-]{1,256}$/) }),
  unknown: 'tool-unknown',
  refuse: (raw) =>
    new BatutaError('tool-unknown', { tool: (raw['reference'] ?? '').slice(0, longestShown), hint: '' }),
};

export const budgetParams = idParams('budget-unknown', budgetIdSchema);
export const webhookParams = idParams('webhook-unknown', webhookIdSchema);

export const deliveryParams: PathParams<{ id: string; message_id: string }> = {
  schema: z.strictObject({ id: webhookIdSchema, message_id: webhookMessageIdSchema }),
  unknown: 'delivery-unknown',
  refuse: (raw) =>
    new BatutaError('delivery-unknown', {
      id: (raw['id'] ?? '').slice(0, longestShown),
      message_id: (raw['message_id'] ?? '').slice(0, longestShown),
    }),
};

export const scheduleParams = idParams('schedule-unknown', scheduleIdSchema);
