import { BatutaError } from '@batuta/contract';
import type { SessionStore } from '../../port/session-store.ts';
import type { Identity } from '../access/identity.ts';
import type { StandingWatch } from '../access/standing-watch.ts';
import { isVisible } from '../access/visibility.ts';
import { readCursor, StreamFollower, type CheckedTarget, type FollowContext } from './follow-stream.ts';
import type { FrameSink, StreamTarget } from './frame.ts';

type StreamsContext = FollowContext & { sessions: SessionStore; standings: Pick<StandingWatch, 'watch'> };

/** Streams of this process: opens them, and ends them all when the server stops. */
export class Streams {
  readonly #context: StreamsContext;
  readonly #open = new Set<StreamFollower>();
  #isInterrupted = false;

  constructor(context: StreamsContext) {
    this.#context = context;
  }

  /** How many clients follow something. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Begins to write the target's frames to the sink. When the one who follows may no longer, the last frame is `access-ended`. Errors: `run-unknown`, `session-unknown`, `cursor-invalid`.
   */
  async follow(identity: Identity, target: StreamTarget, sink: FrameSink): Promise<() => void> {
    const checked = await this.#check(identity, target);
    const follower: StreamFollower = new StreamFollower(this.#context, checked, {
      write: (frame) => sink.write(frame),
      drained: () => sink.drained?.(),
      end: (end) => {
        this.#open.delete(follower);
        unwatch();
        sink.end(end);
      },
    });
    const unwatch = this.#context.standings.watch(identity, (reason) => follower.refuse(reason));
    this.#open.add(follower);
    if (this.#isInterrupted) follower.interrupt();
    else follower.start();
    return () => {
      this.#open.delete(follower);
      unwatch();
      follower.stop();
    };
  }

  /** Ends all streams, and those that are opened from now on, with the hint to connect again. */
  interruptAll(): void {
    this.#isInterrupted = true;
    for (const follower of this.#open) follower.interrupt();
  }

  async #check(identity: Identity, target: StreamTarget): Promise<CheckedTarget> {
    const { tenantId } = identity;
    const after = readCursor(target.after);
    if (target.isNew && target.runId !== undefined && target.sessionId !== undefined) {
      const { runId, sessionId } = target;
      return { tenantId, sessionId, runId, after: { seq: 0 }, isInRun: false };
    }
    if (target.runId !== undefined) return this.#checkRun(identity, target.runId, after);
    const id = target.sessionId ?? '';
    const session = await this.#context.sessions.get(tenantId, id);
    if (!session || !isVisible(identity, session.ownerId)) throw new BatutaError('session-unknown', { id });
    return { tenantId, sessionId: id, runId: null, after: after ?? { seq: 0 }, isInRun: true };
  }

  async #checkRun(
    identity: Identity,
    runId: string,
    after: CheckedTarget['after'] | undefined,
  ): Promise<CheckedTarget> {
    const { tenantId } = identity;
    const run = await this.#context.runs.get(tenantId, runId);
    if (!run || !isVisible(identity, run.ownerId)) throw new BatutaError('run-unknown', { id: runId });
    const { sessionId, startedSeq } = run;
    const begin =
      startedSeq === null ? await this.#context.events.foldStart(tenantId, sessionId) : startedSeq - 1;
    const from = after ?? { seq: begin };
    return {
      tenantId,
      sessionId,
      runId,
      after: from,
      isInRun: startedSeq !== null && from.seq >= startedSeq,
    };
  }
}
