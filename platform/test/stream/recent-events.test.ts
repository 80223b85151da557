import { describe, expect, it } from 'vitest';
import { RecentEvents } from '../../src/application/stream/recent-events.ts';
import { placed } from '../domain/arbitrary-event.ts';

const note = { kind: 'note-added' as const, data: { topic: 't', data: {} } };
const events = (from: number, count: number) =>
  placed(
    Array.from({ length: count }, () => note),
    from,
  );

function seqs(recent: RecentEvents, after: number): number[] | undefined {
  return recent.after('ses_1', after)?.map((event) => event.seq);
}

describe('the recent events of a session', () => {
  it('are known from the first that was written here', () => {
    const recent = new RecentEvents();
    recent.add('ses_1', events(5, 2));
    recent.add('ses_1', events(7, 1));
    expect([seqs(recent, 4), seqs(recent, 6), seqs(recent, 7)]).toEqual([[5, 6, 7], [7], []]);
    expect(seqs(recent, 3)).toBeUndefined();
  });

  it('are not known of other sessions, nor after the run was let go', () => {
    const recent = new RecentEvents();
    recent.add('ses_2', events(1, 1));
    expect(seqs(recent, 0)).toBeUndefined();
    recent.add('ses_1', events(1, 1));
    recent.forget('ses_1');
    expect(seqs(recent, 0)).toBeUndefined();
  });

  it('begin anew where others have written meanwhile', () => {
    const recent = new RecentEvents();
    recent.add('ses_1', events(1, 2));
    recent.add('ses_1', events(9, 1));
    expect([seqs(recent, 1), seqs(recent, 8)]).toEqual([undefined, [9]]);
  });

  it('are bounded', () => {
    const recent = new RecentEvents();
    recent.add('ses_1', events(1, 1_000));
    expect([seqs(recent, 0), seqs(recent, 999)]).toEqual([undefined, [1_000]]);
  });
});
