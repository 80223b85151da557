import { exactText, type Approval, type ApprovalDecision } from '@batuta/contract';
import type { OpenedLink } from '../../../application/approval/approval-links.ts';
import { approvalPageTexts, type ApprovalPageText, type PageLanguage } from './approval-page-text.ts';
import { escapeHtml, makePage, type Page } from './page.ts';

/** Longer arguments are not shown, and what is not shown cannot be approved here. */
const mostShown = 50_000;

/** The page that a link opens: what would run, who asks, what is known of it, and a form. No script, nothing of it changes anything. */
export function makeApprovalPage(opened: OpenedLink, language: PageLanguage): Page {
  const text = approvalPageTexts[language];
  if (opened.state !== 'open') return makeNotice(text.closedTitle, closedSentence(opened, text), language);
  const { approval } = opened;
  const body = [
    `<h1>${escapeHtml(text.title)}</h1>`,
    paragraph(whoAsks(opened, text)),
    ...labelLines(approval, text),
    approval.reason === 'question' ? questionPart(approval, text) : callPart(approval, text),
    formPart(opened, text),
    `<p class="muted">${fill(text.until, { time: new Date(opened.expiresAt).toISOString() })}</p>`,
  ];
  return makePage(text.title, body.join('\n'), { language, hasForm: true });
}

/** What a decision by a link is answered. */
export function makeDecidedPage(decision: string, language: PageLanguage): Page {
  const text = approvalPageTexts[language];
  return makeNotice(text.decidedTitle, fill(text.decided, { decision: word(decision, text) }), language);
}

/** Says one sentence (already HTML). */
export function makeNotice(title: string, sentence: string, language: PageLanguage): Page {
  return makePage(title, `<h1>${escapeHtml(title)}</h1>\n<p>${sentence}</p>`, { language });
}

/** Whether all that would be approved is shown. */
export function isShownWhole({ arguments: text }: Approval): boolean {
  return text.length <= mostShown;
}

/** The decisions that the page of a link offers. */
export function offeredDecisions({ decisions, approval }: OpenedLink): ApprovalDecision[] {
  const mayRun = isShownWhole(approval);
  return decisions.filter((decision) => mayRun || (decision !== 'approve' && decision !== 'repeat'));
}

function closedSentence({ state, usedDecision, approval }: OpenedLink, text: ApprovalPageText): string {
  if (state === 'used') return fill(text.used, { decision: word(usedDecision ?? '', text) });
  if (state === 'revoked') return text.revoked;
  if (state === 'expired') return text.expired;
  if (approval.status === 'expired') return text.closedExpired;
  if (approval.status === 'withdrawn') return text.closedWithdrawn;
  const decision = word(approval.decision ?? '', text);
  return fill(text.closedDecided, { decision, decider: approval.decided_by ?? '' });
}

function whoAsks({ recipient, approval }: OpenedLink, text: ApprovalPageText): string {
  const requester = approval.requested_by;
  return requester === null
    ? fill(text.asksUnknown, { recipient })
    : fill(text.asks, { requester, recipient });
}

function labelLines({ labels }: Approval, text: ApprovalPageText): string[] {
  const sentences: Readonly<Record<string, string>> = { untrusted: text.untrusted, private: text.private };
  return labels.map((label) => `<p class="label">${escapeHtml(sentences[label] ?? label)}</p>`);
}

function callPart(approval: Approval, text: ApprovalPageText): string {
  const isAsked = approval.reason === 'policy';
  const shown = isShownWhole(approval)
    ? `<pre class="exact">${escapeHtml(exactText(approval.arguments, 2))}</pre>` +
      `<p class="muted">${escapeHtml(text.hidden)}</p>`
    : `<p class="label">${fill(text.tooLong, { count: String(approval.arguments.length) })}</p>`;
  return [
    paragraph(escapeHtml(isAsked ? text.policy : text.unknownOutcome)),
    `<p>${escapeHtml(text.tool)}: <code>${escapeHtml(approval.tool)}</code></p>`,
    `<h2>${escapeHtml(isAsked ? text.exactly : text.exactlyRan)}</h2>`,
    shown,
  ].join('\n');
}

function questionPart({ question, options }: Approval, text: ApprovalPageText): string {
  const items = (options ?? []).map((option) => `<li>${escapeHtml(option)}</li>`).join('');
  const choices = items === '' ? '' : `<p>${escapeHtml(text.options)}</p><ul>${items}</ul>`;
  return `<p>${escapeHtml(text.question)}</p><pre class="exact">${escapeHtml(question ?? '')}</pre>${choices}`;
}

function formPart(opened: OpenedLink, text: ApprovalPageText): string {
  const field =
    opened.approval.reason === 'question'
      ? `<label>${escapeHtml(text.answer)}<textarea name="answer" rows="4" maxlength="20000" required></textarea></label>`
      : `<label>${escapeHtml(text.reason)}<textarea name="reason" rows="2" maxlength="500"></textarea></label>`;
  const buttons = offeredDecisions(opened).map(
    (decision) => `<button name="decision" value="${decision}">${escapeHtml(word(decision, text))}</button>`,
  );
  return `<form method="post" autocomplete="off">${field}${buttons.join('')}</form>`;
}

function word(decision: string, text: ApprovalPageText): string {
  const words: Readonly<Record<string, string>> = {
    approve: text.approve,
    deny: text.deny,
    repeat: text.repeat,
    done: text.done,
    failed: text.failed,
    answer: text.send,
  };
  return words[decision] ?? decision;
}

function paragraph(html: string): string {
  return `<p>${html}</p>`;
}

/** Fills in values, which become harmless HTML. */
function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => escapeHtml(values[name] ?? ''));
}
