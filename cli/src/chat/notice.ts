import type { Event, EventData } from '@batuta/contract';
import { formatCost, formatMoment } from '../terminal/quantity.ts';
import { safeLine } from '../terminal/safe-text.ts';
import type { Translate } from '../text/language.ts';

/** What an event tells a person beside the answer; undefined when it tells nothing. */
export function noticeOf(event: Event, say: Translate): string | undefined {
  switch (event.kind) {
    case 'model-call-failed':
      return modelFailed(event.data, say);
    case 'history-compacted':
      return say('chat.compacted');
    case 'run-recovered':
      return say('chat.recovered');
    case 'progress-warned':
      return say('chat.noProgress', { tool: safeLine(event.data.tool) });
    case 'limit-reached':
      return limitNotice(event, say);
    case 'child-run-started':
      return say('chat.child', { agent: event.data.agent, run: event.data.child_run_id });
    case 'budget-reached':
      return budgetReached(event.data, say);
    case 'budget-alerted': {
      const { budget, threshold, limit_micros: limit } = event.data;
      return say('chat.budgetAlert', { budget, threshold, limit: formatCost(limit / 1_000_000) });
    }
    default:
      return waitNotice(event, say);
  }
}

/** What the run waits for besides decisions and answers. */
function waitNotice(event: Event, say: Translate): string | undefined {
  switch (event.kind) {
    case 'timer-set':
      return say('chat.timer', { time: formatMoment(event.data.wake_at, Date.parse(event.at)) });
    case 'authorization-requested': {
      const { server, url } = event.data;
      return say('chat.authorize', { server: safeLine(server), url: safeLine(url) });
    }
    default:
      return undefined;
  }
}

/** How a run that fails of it fails is told by its end. */
function budgetReached(data: EventData<'budget-reached'>, say: Translate): string | undefined {
  if (data.on_limit === 'fail') return undefined;
  const { budget, limit_micros: limit, spent_micros: spent, resumes_at: until } = data;
  const values = { budget, limit: formatCost(limit / 1_000_000), spent: formatCost(spent / 1_000_000) };
  return until === undefined
    ? say('chat.budget', values)
    : say('chat.budgetUntil', { ...values, time: formatMoment(until) });
}

/** A run that fails at a limit says so at its end. */
function limitNotice(
  { data, at }: Extract<Event, { kind: 'limit-reached' }>,
  say: Translate,
): string | undefined {
  if (data.resumes_at === undefined) return undefined;
  const time = formatMoment(data.resumes_at, Date.parse(at));
  const limit = say(`limits.${data.per}`, { limit: String(data.limit) });
  return say('chat.limitWait', { limit, resource: say(`limits.${data.resource}`), time });
}

function modelFailed(
  { model, code, next_model: next }: Extract<Event, { kind: 'model-call-failed' }>['data'],
  say: Translate,
): string {
  const values = { model: safeLine(model), code: safeLine(code) };
  if (next === null) return say('chat.modelFailedLast', values);
  return say('chat.modelFailed', { ...values, next: safeLine(next) });
}
