import { taintLabels, type NewEvent, type TaintLabel, type TaintSource } from '@batuta/contract';

/** A label of a context and what kind of thing brought it. */
export interface TaintMark {
  label: TaintLabel;
  source: TaintSource;
}

/** A label about to be put on a context, with what is known of where it came from. */
export interface NewTaint extends TaintMark {
  callId?: string;
  tool?: string;
  origin?: string;
}

/** The labels of a context, each once, always in the same order. */
export function labelsOf(marks: readonly TaintMark[]): TaintLabel[] {
  return taintLabels.filter((label) => marks.some((mark) => mark.label === label));
}

/** Adds marks, each once. */
export function addMarks(known: readonly TaintMark[], marks: readonly TaintMark[]): readonly TaintMark[] {
  const fresh = marks.filter(
    ({ label, source }, index) =>
      !known.some((mark) => mark.label === label && mark.source === source) &&
      marks.findIndex((mark) => mark.label === label && mark.source === source) === index,
  );
  if (fresh.length === 0) return known;
  return [...known, ...fresh.map(({ label, source }) => ({ label, source }))];
}

const longestOrigin = 200;

/** The events that say which labels something brings; a label that the same kind of thing has brought before is not said again. */
export function taintEvents(known: readonly TaintMark[], brought: readonly NewTaint[]): NewEvent[] {
  let marks = known;
  return brought.flatMap((taint): NewEvent[] => {
    const after = addMarks(marks, [taint]);
    if (after === marks) return [];
    marks = after;
    const { label, source, callId, tool, origin } = taint;
    return [
      {
        kind: 'context-tainted',
        data: {
          label,
          source,
          ...(callId === undefined ? {} : { call_id: callId }),
          ...(tool === undefined ? {} : { tool }),
          ...(origin === undefined ? {} : { origin: origin.slice(0, longestOrigin).toWellFormed() }),
        },
      },
    ];
  });
}
