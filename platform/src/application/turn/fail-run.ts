import { mapTexts } from '../../domain/redaction/map-texts.ts';
import { renderMessage, type ErrorCode, type ErrorData } from '@batuta/contract';
import type { EngineContext } from './engine-context.ts';
import { finishRun } from './finish-run.ts';
import type { HeldRun, RunEnd } from './held-run.ts';

/** Ends the run with an error of the catalogue. */
export function failRun<C extends ErrorCode>(
  context: EngineContext,
  held: HeldRun,
  error: { code: C; data: ErrorData<C> },
): Promise<RunEnd | undefined> {
  const { code, data } = error;
  const redact = (text: string): string => context.redactor.error(text, held.lease.tenantId);
  const message = redact(renderMessage(code, data));
  return finishRun(context, held, {
    status: 'failed',
    error: { code, message, data: mapTexts({ ...data }, redact) },
  });
}
