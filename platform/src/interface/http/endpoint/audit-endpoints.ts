import {
  auditFilterSchema,
  auditPageSchema,
  auditVerificationSchema,
  listAuditSchema,
  verifyAuditSchema,
} from '@batuta/contract';
import { answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { textStream } from '../stream/text-stream.ts';
import { jsonAnswer } from './answer-description.ts';

const group = 'Audit';
const scope = 'audit:read';

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/audit',
  summary: 'List who did what, newest first.',
  group,
  scope,
  query: listAuditSchema,
  answers: [jsonAnswer(200, 'One page of the audit log.', auditPageSchema)],
  errors: ['cursor-invalid'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.audit.list(exchange.identity, exchange.query)),
});

const exportLines = defineEndpoint({
  method: 'GET',
  path: '/v1/audit/export',
  summary:
    'Download the audit log, oldest first, one JSON object a line, without secrets and configured personal data.',
  group,
  scope,
  query: auditFilterSchema,
  answers: [{ status: 200, description: 'The entries.', mediaType: 'application/x-ndjson' }],
  async handle({ door, identity, query, headers }) {
    const lines = door.application.audit.export(identity, query);
    return new Response(textStream(lines), {
      headers: {
        ...headers,
        'content-type': 'application/x-ndjson',
        'content-disposition': 'attachment; filename="audit.jsonl"',
      },
    });
  },
});

const verify = defineEndpoint({
  method: 'GET',
  path: '/v1/audit/verification',
  summary: 'Find out whether the audit log is as it was written.',
  group,
  scope,
  query: verifyAuditSchema,
  answers: [jsonAnswer(200, 'What was found.', auditVerificationSchema)],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.audit.verify(exchange.identity, exchange.query)),
});

export const auditEndpoints: readonly Endpoint[] = [list, exportLines, verify];
