import { describe, expect, it } from 'vitest';
import { formatCrashOrder, parseCrashOrder } from '../../src/crash/crash-order.ts';

describe('a crash order', () => {
  it.each([
    'commit-before:3:kill',
    'tool-after:1:stop:run=2,name=send',
    'commit-after:2:kill:event=run-suspended,linger=20',
  ])('is read and written alike: %s', (text) => {
    expect(formatCrashOrder(parseCrashOrder(text))).toBe(text);
  });

  it('counts as numbers what is a number', () => {
    expect(parseCrashOrder('claim-after:2:kill:run=1')).toEqual({
      point: 'claim-after',
      nth: 2,
      action: 'kill',
      run: 1,
    });
  });

  it.each([
    '',
    'commit-before',
    'commit-before:0:kill',
    'nowhere:1:kill',
    'claim-after:1:burn',
    'claim-after:1:kill:pid=1',
    'claim-after:1:kill:run=1:x',
  ])('that cannot be carried out names itself and the form: "%s"', (text) => {
    expect(() => parseCrashOrder(text)).toThrow(/BATUTA_CRASH .*point:nth:kill\|stop.*not "/);
  });
});
