import {
  projectionQuerySchema,
  projectionSchema,
  usageQuerySchema,
  usageReportSchema,
} from '@batuta/contract';
import { answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { jsonAnswer } from './answer-description.ts';

const group = 'Usage';

const report = defineEndpoint({
  method: 'GET',
  path: '/v1/usage',
  summary: 'What was used and what it cost, by day, model, agent or user, and what the month comes to.',
  group,
  scope: 'usage:read',
  query: usageQuerySchema,
  answers: [jsonAnswer(200, 'The usage of the tenant.', usageReportSchema)],
  async handle({ door, identity, query, ...exchange }) {
    const found = await door.application.usage.report(identity, query);
    return answerJson({ door, ...exchange }, found);
  },
});

const projection = defineEndpoint({
  method: 'GET',
  path: '/v1/usage/projection',
  summary: 'What so many requests would cost, from past runs or from the price of a model.',
  group,
  scope: 'usage:read',
  query: projectionQuerySchema,
  answers: [jsonAnswer(200, 'The projection.', projectionSchema)],
  errors: ['projection-without-basis'],
  async handle({ door, identity, query, ...exchange }) {
    return answerJson({ door, ...exchange }, await door.application.usage.project(identity, query));
  },
});

export const usageEndpoints: readonly Endpoint[] = [report, projection];
