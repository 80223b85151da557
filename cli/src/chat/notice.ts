import type { Event } from '@batuta/contract';
import { formatMoment } from '../terminal/quantity.ts';
import { safeLine } from '../terminal/safe-text.ts';
import type { Translate } from '../text/language.ts';

/** What an event tells a person beside the answer; undefined when it tells nothing. */
export function noticeOf(event: Event, say: Translate): string | undefined {
  switch (event.kind) {
    case 'model-call-failed': {
      const { model, code, next_model: next } = event.data;
      const values = { model: safeLine(model), code: safeLine(code) };
      if (next === null) return say('chat.modelFailedLast', values);
      return say('chat.modelFailed', { ...values, next: safeLine(next) });
    }
    case 'history-compacted':
      return say('chat.compacted');
    case 'run-recovered':
      return say('chat.recovered');
    case 'progress-warned':
      return say('chat.noProgress', { tool: safeLine(event.data.tool) });
    case 'timer-set':
      return say('chat.timer', { time: formatMoment(event.data.wake_at, Date.parse(event.at)) });
    case 'child-run-started':
      return say('chat.child', { agent: event.data.agent, run: event.data.child_run_id });
    case 'run-suspended':
      return event.data.waiting_for === 'budget' ? say('chat.budget') : undefined;
    default:
      return undefined;
  }
}
