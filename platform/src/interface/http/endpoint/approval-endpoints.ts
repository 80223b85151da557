import {
  approvalPageSchema,
  approvalSchema,
  decideApprovalSchema,
  listApprovalsSchema,
} from '@batuta/contract';
import { answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { approvalParams } from '../request/path-params.ts';
import { jsonAnswer } from './answer-description.ts';

const group = 'Approvals';

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/approvals',
  summary: 'List what waits, or waited, for a person: approvals, unknown outcomes, questions. Newest first.',
  group,
  scope: 'approvals:read',
  query: listApprovalsSchema,
  answers: [jsonAnswer(200, 'One page of approvals.', approvalPageSchema)],
  errors: ['cursor-invalid'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.approvals.list(exchange.identity, exchange.query)),
});

const get = defineEndpoint({
  method: 'GET',
  path: '/v1/approvals/{id}',
  summary: 'Get an approval.',
  group,
  scope: 'approvals:read',
  params: approvalParams,
  answers: [jsonAnswer(200, 'The approval.', approvalSchema)],
  handle: async (exchange) =>
    answerJson(
      exchange,
      await exchange.door.application.approvals.get(exchange.identity, exchange.params.id),
    ),
});

const decide = defineEndpoint({
  method: 'POST',
  path: '/v1/approvals/{id}',
  summary: 'Decide an approval, once.',
  group,
  scope: 'approvals:write',
  params: approvalParams,
  body: decideApprovalSchema,
  answers: [jsonAnswer(200, 'The approval with its decision.', approvalSchema)],
  errors: [
    'approval-decided-already',
    'approval-expired',
    'approval-withdrawn',
    'decision-not-offered',
    'approval-role-missing',
    'approval-edit-invalid',
    'approval-edit-denied',
    'approval-pattern-mismatch',
    'run-state-conflict',
  ],
  async handle(exchange) {
    const { door, identity, params, body } = exchange;
    return answerJson(exchange, await door.application.approvals.decide(identity, params.id, body));
  },
});

export const approvalEndpoints: readonly Endpoint[] = [list, get, decide];
