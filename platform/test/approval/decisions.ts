import type { Approval, DecideApproval, EventData, EventKind, Run } from '@batuta/contract';
import type { TestPlatform } from '@batuta/testkit/platform';
import { ended } from '../scenario/processes.ts';

/** What waits for a person, oldest first. */
export async function pending(platform: TestPlatform): Promise<Approval[]> {
  const page = await platform.application.approvals.list(platform.identity, { pending: true, limit: 50 });
  return page.items.toReversed();
}

/** Decides what has waited longest. */
export async function decide(platform: TestPlatform, body: DecideApproval): Promise<Approval> {
  const [oldest] = await pending(platform);
  return platform.application.approvals.decide(platform.identity, oldest?.id ?? '', body);
}

/** Decides what has waited longest, and gives its run when that has ended or waits again. */
export async function decideAndWait(platform: TestPlatform, body: DecideApproval): Promise<Run> {
  const { run_id: runId } = await decide(platform, body);
  return ended(platform, runId);
}

/** The data of all events of one kind. */
export async function dataOf<K extends EventKind>(
  platform: TestPlatform,
  run: Run,
  kind: K,
): Promise<EventData<K>[]> {
  const log = await platform.events(run.session_id);
  return log.filter((event) => event.kind === kind).map(({ data }) => data as EventData<K>);
}
