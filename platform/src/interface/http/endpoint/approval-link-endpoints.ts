import {
  approvalDecisionSchema,
  approvalLinkListSchema,
  approvalLinkSchema,
  BatutaError,
  createApprovalLinkSchema,
  type ApprovalLink,
} from '@batuta/contract';
import { z } from 'zod';
import type { LinkDecision } from '../../../application/approval/approval-links.ts';
import { answerEmpty, answerJson } from '../answer.ts';
import { defineEndpoint, definePage, type Endpoint } from '../endpoint.ts';
import type { Exchange } from '../exchange.ts';
import { approvalPageTexts, type PageLanguage } from '../page/approval-page-text.ts';
import { makeApprovalPage, makeDecidedPage, makeNotice, offeredDecisions } from '../page/approval-page.ts';
import { answerPage, type Page } from '../page/page.ts';
import { preferredLanguage } from '../request/accept-language.ts';
import { approvalLinkParams, approvalParams } from '../request/path-params.ts';
import { readForm } from '../request/read-form.ts';
import { addressOf } from '../security/login-cookie.ts';
import { jsonAnswer } from './answer-description.ts';

const createLink = defineEndpoint({
  method: 'POST',
  path: '/v1/approvals/{id}/links',
  summary: 'Make a link by which somebody without a key decides this approval, once.',
  group: 'Approvals',
  scope: 'approvals:write',
  params: approvalParams,
  body: createApprovalLinkSchema,
  answers: [jsonAnswer(201, 'The link. Its address is shown only here.', approvalLinkSchema)],
  errors: [
    'approval-role-missing',
    'approval-decided-already',
    'approval-expired',
    'approval-withdrawn',
    'approval-links-exhausted',
    'decision-not-offered',
  ],
  async handle(exchange) {
    const { door, identity, params, body } = exchange;
    const made = await door.application.approvals.createLink(identity, params.id, body);
    const link: ApprovalLink = {
      id: made.id,
      approval_id: made.approvalId,
      recipient: made.recipient,
      decisions: made.decisions,
      url: `${addressOf(exchange)}/approve?token=${made.token}`,
      expires_at: new Date(made.expiresAt).toISOString(),
    };
    return answerJson(exchange, link, { status: 201 });
  },
});

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/approvals/{id}/links',
  summary:
    'List the links of an approval: for whom, whether they were used or taken back. Never their addresses.',
  group: 'Approvals',
  scope: 'approvals:read',
  params: approvalParams,
  answers: [jsonAnswer(200, 'Every link of the approval, oldest first.', approvalLinkListSchema)],
  async handle(exchange) {
    const { door, identity, params } = exchange;
    return answerJson(exchange, await door.application.approvals.links(identity, params.id));
  },
});

const revoke = defineEndpoint({
  method: 'DELETE',
  path: '/v1/approvals/{id}/links/{link_id}',
  summary: 'Take a link to an approval back before it is used. Doing so again changes nothing.',
  group: 'Approvals',
  scope: 'approvals:write',
  params: approvalLinkParams,
  answers: [{ status: 204, description: 'The link decides nothing any more.', mediaType: null }],
  errors: ['approval-role-missing', 'approval-unknown', 'approval-link-used'],
  async handle(exchange) {
    const { door, identity, params } = exchange;
    await door.application.approvals.revokeLink(identity, params.id, params.link_id);
    return answerEmpty(exchange, 204);
  },
});

/** A GET shows and changes nothing, however often mail scanners follow it. */
const show = definePage(
  { path: '/approve', summary: 'What a link asks.', recorded: 'security' },
  (exchange) =>
    answerInLanguage(exchange, async (language) => {
      const opened = await exchange.door.application.approvals.openLink(tokenOf(exchange));
      return { page: makeApprovalPage(opened, language), status: opened.state === 'open' ? 200 : 410 };
    }),
);

const longestForm = 64 * 1024;

const formSchema = z.object({
  decision: approvalDecisionSchema,
  reason: z.string().max(500).optional(),
  answer: z.string().trim().min(1).max(20_000).optional(),
});

/**
 * Only a POST decides. The token is the one credential, and no browser sends it by itself: a page of another site that does not know it
 * can do nothing, and the origin of the request is checked before as for every other.
 */
const decide = definePage(
  { method: 'POST', path: '/approve', summary: 'Decide by a link.', recorded: 'security' },
  (exchange) =>
    answerInLanguage(exchange, async (language) => {
      const { approvals } = exchange.door.application;
      const fields = await readForm(exchange, longestForm);
      const opened = await approvals.openLink(tokenOf(exchange));
      if (opened.state !== 'open') return { page: makeApprovalPage(opened, language), status: 410 };
      const made = readDecision(fields, opened.approval.reason === 'question');
      if (!made || !offeredDecisions(opened).includes(made.decision)) {
        const text = approvalPageTexts[language];
        return { page: makeNotice(text.title, text.incomplete, language), status: 400 };
      }
      await approvals.decideByLink(tokenOf(exchange), { ...made, address: exchange.address });
      return { page: makeDecidedPage(made.decision, language), status: 200 };
    }),
);

export const approvalLinkEndpoints: readonly Endpoint[] = [createLink, list, revoke, show, decide];

function tokenOf({ context }: Exchange): string {
  return context.req.query('token') ?? '';
}

/** An empty reason is none; an answer is needed for a question and meaningless elsewhere. */
function readDecision(fields: Record<string, string>, isQuestion: boolean): LinkDecision | undefined {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim() !== ''));
  const parsed = formSchema.safeParse(given);
  if (!parsed.success || (parsed.data.decision === 'answer') !== isQuestion) return undefined;
  const { decision, reason, answer } = parsed.data;
  if (isQuestion) return answer === undefined ? undefined : { decision, answer };
  return { decision, reason };
}

/** Whoever lost the race, or has no right link, is told in a page of their language. */
async function answerInLanguage(
  exchange: Exchange,
  work: (language: PageLanguage) => Promise<{ page: Page; status: number }>,
): Promise<Response> {
  const language = preferredLanguage(exchange.context.req.header('accept-language'), ['en', 'es', 'pt']);
  const { page, status } = await work(language).catch((error: unknown) =>
    explain(exchange, { error, language }),
  );
  const shown = answerPage(exchange, page, status);
  shown.headers.set('cache-control', 'no-store');
  shown.headers.set('vary', 'Accept-Language');
  shown.headers.set('x-robots-tag', 'noindex');
  // The address is a secret; but without any referrer a browser calls the origin of its own form "null".
  shown.headers.set('referrer-policy', 'same-origin');
  return shown;
}

const raceErrors = new Set([
  'approval-decided-already',
  'approval-expired',
  'approval-withdrawn',
  'approval-link-used',
  'approval-link-revoked',
  'approval-link-expired',
]);

async function explain(
  exchange: Exchange,
  { error, language }: { error: unknown; language: PageLanguage },
): Promise<{ page: Page; status: number }> {
  const text = approvalPageTexts[language];
  if (BatutaError.has(error, 'approval-link-unknown')) {
    return { page: makeNotice(text.unknownTitle, text.unknown, language), status: 404 };
  }
  if (!BatutaError.is(error) || !raceErrors.has(error.code)) throw error;
  const opened = await exchange.door.application.approvals.openLink(tokenOf(exchange));
  return { page: makeApprovalPage(opened, language), status: 409 };
}
