import { describe, expect, it } from 'vitest';
import { pauseMs, StreamPace } from '../../src/adapter/model-specification/pace.ts';

describe('the pace of model streams', () => {
  it('does not slow a process with few streams', () => {
    expect([1, 32].map(pauseMs)).toEqual([0, 0]);
  });

  it('grows with the number of streams, up to what nobody sees', () => {
    expect([100, 400, 5_000].map(pauseMs)).toEqual([20, 80, 100]);
  });

  it('counts the streams that are open', () => {
    const pace = new StreamPace();
    for (let opened = 0; opened < 100; opened += 1) pace.enter();
    expect([pace.open, pace.pauseMs]).toEqual([100, 20]);
    for (let left = 0; left < 90; left += 1) pace.leave();
    expect([pace.open, pace.pauseMs]).toEqual([10, 0]);
  });
});
