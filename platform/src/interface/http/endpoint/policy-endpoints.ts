import {
  explainPolicySchema,
  listPoliciesSchema,
  policyExplanationSchema,
  policyPageSchema,
} from '@batuta/contract';
import { answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { jsonAnswer } from './answer-description.ts';

const group = 'Policies';

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/policies',
  summary: 'List the rules in force, of all agents or of one, and what holds without a rule.',
  group,
  scope: 'policies:read',
  query: listPoliciesSchema,
  answers: [jsonAnswer(200, 'One page of rules.', policyPageSchema)],
  errors: ['agent-unknown', 'cursor-invalid'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.policies.list(exchange.identity, exchange.query)),
});

const explain = defineEndpoint({
  method: 'POST',
  path: '/v1/policies/explain',
  summary: 'Say what the rules say about a call, which of them decides, and why. Nothing runs.',
  group,
  scope: 'policies:read',
  body: explainPolicySchema,
  answers: [jsonAnswer(200, 'What would happen, and why.', policyExplanationSchema)],
  errors: ['agent-unknown', 'tool-unknown', 'tool-arguments-invalid'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.policies.explain(exchange.identity, exchange.body)),
});

export const policyEndpoints: readonly Endpoint[] = [list, explain];
